using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// The flat form of the model: what the event path reads instead of walking through records.
public sealed partial class CompiledScenario
{
    private CompiledOperation[] _compiledOperations;
    private CompiledAlternative[] _alternatives;
    private CompiledPhase[] _phases;
    private CompiledNeed[] _needs;
    private int[] _predecessors; // indices within the routing
    private int[] _successors; // indices within the routing
    private CompiledEquipment[] _equipment;
    private CompiledJob[] _jobs;
    private FamilySets _familySets;
    private long[] _travelMs; // site × site
    private int[] _auxiliaryCounts;
    private double[] _groupSpeed; // per group: of its fastest machine

    internal CompiledChangeovers Changeovers { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly CompiledJob CompiledJobOf(int job) => ref _jobs[job];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly CompiledOperation CompiledOperationOf(int job) => ref _compiledOperations[_jobs[job].Operation];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly CompiledEquipment CompiledEquipmentOf(int equipment) => ref _equipment[equipment];

    internal ReadOnlySpan<CompiledPhase> PhasesOf(int job)
    {
        ref readonly var operation = ref CompiledOperationOf(job);
        return _phases.AsSpan(operation.FirstPhase, operation.PhaseCount);
    }

    /// <summary>Auxiliaries that a job holds while it runs.</summary>
    internal ReadOnlySpan<CompiledNeed> NeedsOf(int job)
    {
        ref readonly var operation = ref CompiledOperationOf(job);
        return _needs.AsSpan(operation.FirstAuxiliary, operation.AuxiliaryCount);
    }

    /// <summary>Operation indices (within the routing) that a job's operation waits for; those that are done only when something fails included.</summary>
    public ReadOnlySpan<int> PredecessorsOf(int job)
    {
        ref readonly var operation = ref CompiledOperationOf(job);
        return _predecessors.AsSpan(operation.FirstPredecessor, operation.PredecessorCount);
    }

    /// <summary>Units of an auxiliary resource that there are.</summary>
    internal int AuxiliaryCount(int auxiliary) => _auxiliaryCounts[auxiliary];

    /// <summary>Whether equipment prefers a family; true where it prefers none.</summary>
    internal bool Prefers(int equipment, int family)
    {
        var set = _equipment[equipment].PreferredSet;
        return set < 0 || (family >= 0 && _familySets.Contains(set, family));
    }

    /// <summary>Travel between two pieces of equipment.</summary>
    internal Duration TravelBetween(int from, int to) =>
        new(_travelMs[_equipment[from].Site * Plant.Sites.Length + _equipment[to].Site]);

    /// <summary>The changeover of equipment, as it stands, for a job.</summary>
    internal ChangeoverPlan PlanChangeover(int job, int equipment, in EquipmentState state)
    {
        ref readonly var work = ref _jobs[job];
        return Changeovers.Plan(
            _equipment[equipment].Rule, state.Family, state.Residue, state.BatchesSinceCleaning, work.Family, _compiledOperations[work.Operation].SetupMs);
    }

    /// <summary>A time below which no machine of its group is expected to do a job.</summary>
    internal Duration LeastProcessingTime(int job)
    {
        ref readonly var work = ref _jobs[job];
        ref readonly var operation = ref _compiledOperations[work.Operation];
        var least = double.PositiveInfinity;
        for (var a = operation.FirstAlternative; a < operation.FirstAlternative + operation.AlternativeCount; a++)
        {
            least = Math.Min(least, _alternatives[a].FixedMean + _alternatives[a].UnitMean * work.Quantity);
        }

        return Duration.FromMilliseconds((least * work.WorkFactor / _groupSpeed[operation.Group] + operation.PhaseMs) * operation.VariationMean);
    }

    private ref readonly CompiledAlternative CompiledAlternativeOn(in CompiledOperation operation, int equipment) =>
        ref _alternatives[AlternativeIndexOn(operation, equipment)];

    private int AlternativeIndexOn(in CompiledOperation operation, int equipment)
    {
        var byClass = operation.FirstAlternative;
        for (var a = operation.FirstAlternative; a < operation.FirstAlternative + operation.AlternativeCount; a++)
        {
            if (_alternatives[a].Equipment == equipment)
            {
                return a;
            }

            if (_alternatives[a].Class == _equipment[equipment].Class)
            {
                byClass = a;
            }
        }

        return byClass;
    }

    [MemberNotNull(nameof(_compiledOperations), nameof(_alternatives), nameof(_phases), nameof(_needs), nameof(_predecessors), nameof(_successors), nameof(_reworks))]
    private void CompileOperations()
    {
        var (alternatives, phases, needs) = (new List<CompiledAlternative>(), new List<CompiledPhase>(), new List<CompiledNeed>());
        var (predecessors, successors) = (new List<int>(), new List<int>());
        _compiledOperations = new CompiledOperation[_operations.Length];
        var flat = 0;
        var reworks = new List<int>();
        foreach (var routing in Plant.WorkMasters)
        {
            var order = new ReworkOrder(routing);
            for (var k = 0; k < routing.Operations.Length; k++, flat++)
            {
                var operation = routing.Operations[k];
                _compiledOperations[flat] = new CompiledOperation
                {
                    Group = _operationGroup[flat], Family = operation.Family?.Index ?? -1,
                    FirstPhase = phases.Count, PhaseCount = operation.Phases.Length,
                    FirstPredecessor = predecessors.Count, PredecessorCount = order.Before[k].Count, RequiredPredecessors = order.Required[k],
                    FirstSuccessor = successors.Count, SuccessorCount = order.After[k].Count,
                    FirstRework = reworks.Count, ReworkCount = operation.ReworkBy.Length, ReworkOf = order.ReworkOf[k],
                    KitLeadMs = operation.KitLead?.Milliseconds ?? -1,
                    FirstAuxiliary = needs.Count, AuxiliaryCount = operation.Auxiliaries.Length,
                    FirstAlternative = alternatives.Count, AlternativeCount = operation.Alternatives.Length,
                    Batches = operation.Batches, Interruptible = operation.Interruptible,
                    SameEquipment = operation.SameEquipment,
                    CountsPieces = operation is { CountPieces: true, Batches: false, Phases.IsEmpty: true },
                    Sampled = operation.AdditionProbability > 0 || operation.ReworkProbability > 0 || operation.LossProbability > 0,
                    SetupMs = operation.Setup.Milliseconds, MinWaitMs = operation.MinWait.Milliseconds,
                    PhaseMs = operation.Phases.Sum(p => p.Duration.Milliseconds),
                    ScrapFraction = operation.ScrapFraction, VariationMean = operation.Variation.Mean,
                    Variation = operation.Variation is { Kind: DistributionKind.Constant, Mean: 1 } ? null : operation.Variation,
                };
                CountsPieces |= _compiledOperations[flat].CountsPieces;
                alternatives.AddRange(operation.Alternatives.Select(a => Compile(operation, a)));
                phases.AddRange(Compile(operation.Phases));
                needs.AddRange(operation.Auxiliaries.Select(n => new CompiledNeed(n.Auxiliary, n.Count)));
                predecessors.AddRange(order.Before[k]);
                successors.AddRange(order.After[k]);
                reworks.AddRange(operation.ReworkBy);
                HasDormantJobs |= order.ReworkOf[k] >= 0;
                HasKits |= operation.KitLead is not null;
            }
        }

        HasDormantJobs |= Scenario.Orders.Any(o => o.MakeUp != MakeUpPolicy.None);
        _reworks = [.. reworks];
        (_alternatives, _phases, _needs, _predecessors, _successors) = ([.. alternatives], [.. phases], [.. needs], [.. predecessors], [.. successors]);
    }

    private static CompiledAlternative Compile(Operation operation, Alternative alternative)
    {
        var (fixedTime, unitTime) = (alternative.FixedTime ?? operation.FixedTime, alternative.UnitTime ?? operation.UnitTime);
        return new CompiledAlternative
        {
            Equipment = alternative.Equipment?.Index ?? -1, Class = alternative.Class?.Index ?? -1,
            FixedTime = fixedTime, UnitTime = unitTime, FixedMean = fixedTime.Mean, UnitMean = unitTime.Mean,
        };
    }

    private static IEnumerable<CompiledPhase> Compile(IEnumerable<Phase> phases)
    {
        var until = 0L;
        foreach (var phase in phases)
        {
            until += phase.Duration.Milliseconds;
            yield return new CompiledPhase
            {
                Kind = phase.Kind, UntilMs = until, Kw = phase.Kw ?? double.NaN,
                SteamKgPerUnit = phase.SteamKgPerUnit, WaterLitresPerUnit = phase.WaterLitresPerUnit,
            };
        }
    }

    [MemberNotNull(nameof(_equipment), nameof(_familySets), nameof(_travelMs), nameof(_auxiliaryCounts), nameof(_groupSpeed), nameof(Changeovers))]
    private void CompileEquipment()
    {
        var sets = new FamilySets(Plant.Families.Length);
        _familySets = sets;
        Changeovers = new CompiledChangeovers(Plant);
        _auxiliaryCounts = [.. Plant.Auxiliaries.Select(a => a.Count)];
        _equipment =
        [
            .. Plant.Equipment.Select(e => new CompiledEquipment
            {
                Class = e.Class, Site = e.Site, Slots = e.Slots, Rule = e.Changeover?.Index ?? -1,
                OnlyTenant = !e.Shared && e.Owner is { } owner ? owner.Index : -1,
                AllowedSet = sets.Number(e.AllowedFamilies), PreferredSet = sets.Number(e.PreferredFamilies), Fails = e.TimeToFailure is not null,
                Ports = e.Ports, PortMin = e.PortMin, PortMax = e.PortMax,
                CapacityMin = e.CapacityMin, CapacityNominal = e.CapacityNominal, CapacityMax = e.CapacityMax,
                SpeedFactor = e.SpeedFactor, IdleKw = e.IdleKw, RunningKw = e.RunningKw, Key = RandomSource.Key(e.Id),
            }),
        ];
        _groupSpeed = [.. Groups.Select(g => g.Length == 0 ? 1 : g.Max(e => Plant.Equipment[e].SpeedFactor))];
        var sites = Plant.Sites.Length;
        _travelMs = new long[sites * sites];
        foreach (var ((from, to), time) in Plant.Travel)
        {
            // Looked up both ways; what a pair says itself goes before what the way back says.
            if (from != to)
            {
                _travelMs[from * sites + to] = time.Milliseconds;
                if (!Plant.Travel.ContainsKey((to, from)))
                {
                    _travelMs[to * sites + from] = time.Milliseconds;
                }
            }
        }
    }

    [MemberNotNull(nameof(_jobs))]
    private void CompileJobs()
    {
        var jobs = _jobs = new CompiledJob[Jobs.JobCount];
        var batchKeys = new Dictionary<(int Operation, int Family, string DyeLot), int>();
        for (var o = 0; o < Scenario.Orders.Length; o++)
        {
            var order = Scenario.Orders[o];
            var product = Plant.Products[order.Product];
            var orderKey = RandomSource.Key(order.Id);
            var family = order.Family?.Index ?? product.Family?.Index ?? -1;
            for (var lot = Jobs.OrderFirstLot[o]; lot < Jobs.OrderFirstLot[o + 1]; lot++)
            {
                var lotKey = RandomSource.Key(orderKey, lot - Jobs.OrderFirstLot[o]);
                var first = Jobs.LotFirstJob[lot];
                for (var job = first; job < Jobs.LotFirstJob[lot + 1]; job++)
                {
                    var operation = _lotFirstOperation[lot] + job - first;
                    ref readonly var compiled = ref _compiledOperations[operation];
                    var own = compiled.Family >= 0 ? compiled.Family : family;
                    jobs[job] = new CompiledJob
                    {
                        Operation = operation, Order = o, First = first, Family = own, Tenant = order.Tenant?.Index ?? -1,
                        BatchKey = NumberOf(compiled.Batches || (compiled.SameEquipment && order.DyeLot.Length > 0) ? (operation, own, order.DyeLot) : (-1, -1, "")),
                        Quantity = Jobs.LotQuantity[lot], WorkFactor = _operations[operation].UsesWorkFactor ? product.WorkFactor : 1,
                        Weight = order.Priority, DueMs = order.Due?.Milliseconds ?? long.MaxValue, Key = RandomSource.Key(lotKey, job - first),
                    };
                }
            }
        }

        BatchKeyCount = batchKeys.Count;

        int NumberOf((int, int, string) key)
        {
            if (!batchKeys.TryGetValue(key, out var number))
            {
                batchKeys.Add(key, number = batchKeys.Count);
            }

            return number;
        }
    }
}
