using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>A scenario made ready to run: jobs unrolled, calendars and tariffs laid out, eligibility grouped.</summary>
/// <remarks>Immutable and shared by every simulation, planner and session of the scenario. Thread-safe.</remarks>
public sealed class CompiledScenario
{
    private readonly int[] _lotFirstOperation; // flat operation index of each lot's first operation
    private readonly Operation[] _operations; // all operations of all routings, side by side
    private readonly int[] _operationGroup;
    private readonly ulong[] _orderKeys;
    private readonly ulong[] _equipmentKeys;
    private readonly CalendarTimeline?[] _calendars;
    private readonly TariffTimeline?[] _tariffs; // per site
    private readonly int[][] _successors; // per flat operation: indices within the routing
    private readonly int[] _batchKeys;
    private readonly int[] _groupBuffers;
    private readonly int[] _launchLines;

    private CompiledScenario(Scenario scenario)
    {
        Scenario = scenario;
        Jobs = JobTable.Build(Plant, scenario.Orders);
        var firstOperation = new int[Plant.WorkMasters.Length];
        var operations = new List<Operation>();
        var successors = new List<int[]>();
        for (var w = 0; w < firstOperation.Length; w++)
        {
            firstOperation[w] = operations.Count;
            var routing = Plant.WorkMasters[w].Operations;
            operations.AddRange(routing);
            successors.AddRange(SuccessorsIn(routing));
        }

        _operations = [.. operations];
        _successors = [.. successors];
        _lotFirstOperation = [.. Jobs.LotOrder.Select(o => firstOperation[Plant.Products[scenario.Orders[o].Product].WorkMaster])];
        _equipmentKeys = [.. Plant.Equipment.Select(e => RandomSource.Key(e.Id))];
        _orderKeys = [.. scenario.Orders.Select(o => RandomSource.Key(o.Id))];

        var until = SimTime.Zero + Duration.Max(scenario.Horizon * 3, Duration.FromDays(400));
        var calendars = Plant.Calendars.Select(c => CalendarTimeline.Unroll(c, scenario.Clock, until)).ToArray();
        _calendars = [.. Plant.Equipment.Select(e => e.Calendar is { } c ? calendars[c] : null)];
        var tariffs = Plant.Tariffs.Select(t => TariffTimeline.Unroll(t, scenario.Clock, until)).ToArray();
        _tariffs = [.. Plant.Sites.Select(s => s.Tariff is { } t ? tariffs[t] : null)];
        (_operationGroup, Groups, EquipmentGroups) = GroupOperations();
        (_batchKeys, BatchKeyCount) = NumberBatchKeys();
        _groupBuffers = [.. Groups.Select(BufferOfEquipment)];
        _launchLines = [.. Plant.Equipment.Select(e => Plant.Lines.ToList().FindIndex(l => l.Stations[0] == e.Class))];
    }

    public Scenario Scenario { get; }

    public PlantModel Plant => Scenario.Plant;

    public JobTable Jobs { get; }

    /// <summary>Operations with the same eligible equipment form a group: the queue that this equipment serves. Equipment indices per group.</summary>
    public int[][] Groups { get; }

    /// <summary>Groups that each equipment serves.</summary>
    public int[][] EquipmentGroups { get; }

    private static IEnumerable<int[]> SuccessorsIn(ImmutableArray<Operation> routing)
    {
        var successors = routing.Select(_ => new List<int>()).ToArray();
        for (var j = 0; j < routing.Length; j++)
        {
            foreach (var i in routing[j].Predecessors)
            {
                successors[i].Add(j);
            }
        }

        return successors.Select(s => s.Distinct().ToArray());
    }

    public static CompiledScenario Compile(Scenario scenario) => new(scenario);

    /// <summary>The same plant with more orders at the end of the book; existing indices keep their meaning.</summary>
    public CompiledScenario WithOrders(IEnumerable<Order> added) =>
        new(Scenario with { Orders = Scenario.Orders.AddRange(added) });

    public Operation OperationOf(int job) => _operations[FlatOperationOf(job)];

    /// <summary>Queue of a job.</summary>
    public int GroupOf(int job) => _operationGroup[FlatOperationOf(job)];

    public Order OrderOf(int job) => Scenario.Orders[Jobs.OrderOf(job)];

    public Product ProductOf(int job) => Plant.Products[OrderOf(job).Product];

    /// <summary>Operation indices (within the routing) that wait for this job's operation.</summary>
    public ReadOnlySpan<int> SuccessorsOf(int job) => _successors[FlatOperationOf(job)];

    /// <summary>Family of a job: of its operation, else of its order, else of its product; −1 when none.</summary>
    public int FamilyOf(int job)
    {
        var operation = OperationOf(job);
        if (operation.Family is { } own)
        {
            return own;
        }

        var order = OrderOf(job);
        return order.Family?.Index ?? Plant.Products[order.Product].Family?.Index ?? -1;
    }

    /// <summary>Jobs with the same key may share a batch: same operation of the same routing, same family, same dye lot.
    /// Meaningful only where <see cref="Operation.Batches"/>; keys are small integers.</summary>
    public int BatchKeyOf(int job) => _batchKeys[job];

    /// <summary>Number of different batch keys.</summary>
    public int BatchKeyCount { get; }

    /// <summary>Most lots that may wait for a group before upstream is blocked; <see cref="int.MaxValue"/> when unlimited.</summary>
    public int BufferOf(int group) => _groupBuffers[group];

    /// <summary>Line whose first station this equipment is, or −1: its launches keep the takt.</summary>
    public int LaunchLineOf(int equipment) => _launchLines[equipment];

    /// <summary>Working windows of equipment, or <c>null</c> round the clock.</summary>
    public CalendarTimeline? CalendarOf(int equipment) => _calendars[equipment];

    /// <summary>Prices at the equipment's site, or <c>null</c> when energy is not priced.</summary>
    public TariffTimeline? TariffOf(int equipment) => _tariffs[Plant.Equipment[equipment].Site];

    /// <summary>Whether this job may run on this equipment: class, capability, family, owner and load.</summary>
    public bool CanRun(int job, int equipment) =>
        Array.BinarySearch(Groups[GroupOf(job)], equipment) >= 0 && FitsEquipment(job, equipment);

    /// <summary>The part of <see cref="CanRun"/> that depends on the order rather than on the operation.</summary>
    public bool FitsEquipment(int job, int equipment)
    {
        var machine = Plant.Equipment[equipment];
        if (Jobs.QuantityOf(job) > machine.CapacityMax)
        {
            return false;
        }

        if (!machine.Shared && machine.Owner is { } owner && OrderOf(job).Tenant != owner)
        {
            return false;
        }

        return machine.AllowedFamilies.IsEmpty || FamilyOf(job) is var f && (f < 0 || machine.AllowedFamilies.Contains(new FamilyId(f)));
    }

    /// <summary>Equipment that may run a job, ascending.</summary>
    public IEnumerable<int> EligibleEquipment(int job) => Groups[GroupOf(job)].Where(e => FitsEquipment(job, e));

    /// <summary>How an operation is done on equipment: the alternative that names it, else the one that names its class.</summary>
    public Alternative AlternativeOn(Operation operation, int equipment)
    {
        Alternative? byClass = null;
        foreach (var alternative in operation.Alternatives)
        {
            if (alternative.Equipment is { } e && e.Index == equipment)
            {
                return alternative;
            }

            if (alternative.Class is { } c && c == Plant.Equipment[equipment].Class)
            {
                byClass = alternative;
            }
        }

        return byClass ?? operation.Alternatives[0];
    }

    /// <summary>Expected processing time of a batch led by <paramref name="lead"/> with total load <paramref name="load"/>.</summary>
    public Duration MeanProcessingTime(int lead, int equipment, double load)
    {
        var operation = OperationOf(lead);
        var alternative = AlternativeOn(operation, equipment);
        var work = (alternative.FixedTime ?? operation.FixedTime).Mean + (alternative.UnitTime ?? operation.UnitTime).Mean * load;
        return Duration.FromMilliseconds((work * WorkFactor(lead) / Plant.Equipment[equipment].SpeedFactor + PhaseTime(operation).Milliseconds)
            * operation.Variation.Mean);
    }

    /// <summary>Expected processing time of a job by itself.</summary>
    public Duration MeanProcessingTime(int job, int equipment) => MeanProcessingTime(job, equipment, Jobs.QuantityOf(job));

    /// <summary>The processing time that this execution will have, drawn at the address of the batch's lead job.</summary>
    /// <param name="attempt">0 for the first execution, 1 after a rework, ….</param>
    public Duration DrawProcessingTime(int lead, int equipment, double load, int attempt, in RandomSource random)
    {
        var operation = OperationOf(lead);
        var alternative = AlternativeOn(operation, equipment);
        var stream = JobKey(lead);
        var draw = attempt * 4L;
        var work = (alternative.FixedTime ?? operation.FixedTime).Sample(random, stream, draw);
        if (load > 0)
        {
            work += (alternative.UnitTime ?? operation.UnitTime).Sample(random, stream, draw + 1) * load;
        }

        var total = (work * WorkFactor(lead) / Plant.Equipment[equipment].SpeedFactor + PhaseTime(operation).Milliseconds)
            * operation.Variation.Sample(random, stream, draw + 2);
        return Duration.FromMilliseconds(Math.Max(0, total));
    }

    /// <summary>Random stream of a job: the same in every scenario that has this order, lot and operation.</summary>
    public ulong JobKey(int job)
    {
        var order = Jobs.OrderOf(job);
        var lot = Jobs.JobLot[job] - Jobs.OrderFirstLot[order];
        return RandomSource.Key(RandomSource.Key(_orderKeys[order], lot), Jobs.OperationIndexOf(job));
    }

    /// <summary>Name of a job for files and people: <c>order/lot/operation</c>, lots counted from 1.</summary>
    public string JobName(int job)
    {
        var order = Jobs.OrderOf(job);
        var lot = Jobs.JobLot[job] - Jobs.OrderFirstLot[order] + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{Scenario.Orders[order].Id}/{lot}/{OperationOf(job).Id}");
    }

    /// <summary>Random stream of equipment: the same in every scenario that has it.</summary>
    public ulong EquipmentKey(int equipment) => _equipmentKeys[equipment];

    private static Duration PhaseTime(Operation operation)
    {
        var sum = Duration.Zero;
        foreach (var phase in operation.Phases)
        {
            sum += phase.Duration;
        }

        return sum;
    }

    private double WorkFactor(int job) => OperationOf(job).UsesWorkFactor ? ProductOf(job).WorkFactor : 1;

    private int FlatOperationOf(int job)
    {
        var lot = Jobs.JobLot[job];
        return _lotFirstOperation[lot] + job - Jobs.LotFirstJob[lot];
    }

    private (int[] Keys, int Count) NumberBatchKeys()
    {
        var known = new Dictionary<(int Operation, int Family, string DyeLot), int>();
        var keys = new int[Jobs.JobCount];
        for (var job = 0; job < keys.Length; job++)
        {
            var key = OperationOf(job).Batches ? (FlatOperationOf(job), FamilyOf(job), OrderOf(job).DyeLot) : (-1, -1, "");
            if (!known.TryGetValue(key, out keys[job]))
            {
                known.Add(key, keys[job] = known.Count);
            }
        }

        return (keys, known.Count);
    }

    private int BufferOfEquipment(int[] group)
    {
        var sum = 0L;
        foreach (var c in group.Select(e => Plant.Equipment[e].Class).Distinct())
        {
            sum += Plant.EquipmentClasses[c].InputBuffer ?? int.MaxValue;
        }

        return (int)Math.Min(sum, int.MaxValue);
    }

    private (int[] OperationGroup, int[][] Groups, int[][] EquipmentGroups) GroupOperations()
    {
        var byClass = Plant.Equipment.Select((e, i) => (e.Class, i)).ToLookup(x => x.Class.Index, x => x.i);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var groups = new List<int[]>();
        var operationGroup = new int[_operations.Length];
        for (var o = 0; o < _operations.Length; o++)
        {
            var operation = _operations[o];
            var key = string.Join(';', operation.Alternatives.Select(a => a.Equipment is { } e ? $"e{e.Index}" : $"c{a.Class!.Value.Index}").Order(StringComparer.Ordinal))
                + '|' + string.Join(';', operation.Requires.Order(StringComparer.Ordinal));
            if (!known.TryGetValue(key, out var group))
            {
                group = groups.Count;
                known.Add(key, group);
                groups.Add([.. operation.Alternatives
                    .SelectMany(a => a.Equipment is { } e ? [e.Index] : byClass[a.Class!.Value.Index])
                    .Distinct()
                    .Where(e => operation.Requires.All(r => Plant.Equipment[e].Capabilities.Contains(r, StringComparer.Ordinal)))
                    .Order()]);
            }

            operationGroup[o] = group;
        }

        var served = Enumerable.Range(0, Plant.Equipment.Length).Select(_ => new List<int>()).ToArray();
        for (var g = 0; g < groups.Count; g++)
        {
            foreach (var e in groups[g])
            {
                served[e].Add(g);
            }
        }

        return (operationGroup, [.. groups], [.. served.Select(s => s.ToArray())]);
    }
}
