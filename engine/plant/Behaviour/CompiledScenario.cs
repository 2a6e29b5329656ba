using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>A scenario made ready to run: jobs unrolled, calendars and tariffs laid out, eligibility grouped.</summary>
/// <remarks>Immutable and shared by every simulation, planner and session of the scenario. Thread-safe.</remarks>
public sealed partial class CompiledScenario
{
    private readonly int[] _lotFirstOperation; // flat operation index of each lot's first operation
    private readonly Operation[] _operations; // all operations of all routings, side by side
    private readonly int[] _operationGroup;
    private readonly CalendarTimeline?[] _calendars;
    private readonly TariffTimeline?[] _tariffs; // per site
    private readonly int[] _groupBuffers;
    private readonly int[] _launchLines;

    private CompiledScenario(Scenario scenario)
    {
        Scenario = scenario;
        Jobs = JobTable.Build(Plant, scenario.Orders);
        Materials = new MaterialPlan(scenario);
        var firstOperation = new int[Plant.WorkMasters.Length];
        var operations = new List<Operation>();
        for (var w = 0; w < firstOperation.Length; w++)
        {
            firstOperation[w] = operations.Count;
            operations.AddRange(Plant.WorkMasters[w].Operations);
        }

        _operations = [.. operations];
        _lotFirstOperation = [.. Jobs.LotOrder.Select(o => firstOperation[Plant.Products[scenario.Orders[o].Product].WorkMaster])];

        var until = SimTime.Zero + Duration.Max(scenario.Horizon * 3, Duration.FromDays(400));
        Capacity = new CapacityPlan(scenario, until, Jobs.JobCount);
        var calendars = Plant.Calendars.Select(c => CalendarTimeline.Unroll(c, scenario.Clock, until)).ToArray();
        Fleets = Plant.Fleets.IsEmpty ? null : new CompiledFleets(Plant, calendars);
        Crews = new CrewBook(Plant, _operations, calendars);
        Upkeep = new UpkeepBook(Plant, Crews, calendars);
        _calendars = [.. Plant.Equipment.Select(e => e.Calendar is { } c ? calendars[c] : null)];
        var tariffs = Plant.Tariffs.Select(t => TariffTimeline.Unroll(t, scenario.Clock, until)).ToArray();
        _tariffs = [.. Plant.Sites.Select(s => s.Tariff is { } t ? tariffs[t] : null)];
        Utilities = Plant.Utilities.IsEmpty ? null : new UtilityTable(Plant, scenario.Clock, _operations, until);
        (_operationGroup, Groups, EquipmentGroups) = GroupOperations();
        CompileOperations();
        CompileEquipment();
        CompileJobs();
        KeepForExpress();
        LayOutGroups();
        CompileWaits();
        LayOutQueueSets();
        Fixtures = Plant.FixtureLoops.IsEmpty ? null : new CompiledFixtures(Plant, this, _operations, _operationGroup);
        Lines = Plant.Lines.IsEmpty ? null : new CompiledLines(Plant, Jobs, OperationOf, lot => Scenario.Orders[Jobs.LotOrder[lot]].Product);
        _groupBuffers = [.. Groups.Select(BufferOfEquipment)];
        _launchLines = [.. Plant.Equipment.Select(e => Plant.Lines.ToList().FindIndex(l => l.Stations[0] == e.Class))];
    }

    public Scenario Scenario { get; private set; }

    public PlantModel Plant => Scenario.Plant;

    public JobTable Jobs { get; }

    /// <summary>Bills of materials and sources.</summary>
    public MaterialPlan Materials { get; }

    /// <summary>When the equipment of each firm is open to others.</summary>
    public CapacityPlan Capacity { get; }

    /// <summary>What a job uses up; empty where the plant counts no materials.</summary>
    public ReadOnlySpan<MaterialNeed> MaterialNeedsOf(int job) =>
        Materials.InUse ? Materials.NeedsOf(OrderOf(job).Product, Jobs.OperationIndexOf(job)) : [];

    /// <summary>Operations with the same eligible equipment form a group: the queue that this equipment serves. Equipment indices per group.</summary>
    public int[][] Groups { get; }

    /// <summary>Groups that each equipment serves.</summary>
    public int[][] EquipmentGroups { get; }

    public static CompiledScenario Compile(Scenario scenario) => new(scenario);

    /// <summary>The same plant with more orders at the end of the book; existing indices keep their meaning.</summary>
    public CompiledScenario WithOrders(IEnumerable<Order> added) =>
        new(Scenario with { Orders = Scenario.Orders.AddRange(added) });

    /// <summary>The utilities laid out, or <c>null</c> when there are none.</summary>
    public UtilityTable? Utilities { get; }

    /// <summary>Index of a job's operation among all operations of all routings.</summary>
    public int OperationIndexOf(int job) => _jobs[job].Operation;

    public Operation OperationOf(int job) => _operations[_jobs[job].Operation];

    /// <summary>Queue of a job.</summary>
    public int GroupOf(int job) => _compiledOperations[_jobs[job].Operation].Group;

    public Order OrderOf(int job) => Scenario.Orders[_jobs[job].Order];

    public Product ProductOf(int job) => Plant.Products[OrderOf(job).Product];

    /// <summary>Operation indices (within the routing) that wait for this job's operation.</summary>
    public ReadOnlySpan<int> SuccessorsOf(int job)
    {
        ref readonly var operation = ref CompiledOperationOf(job);
        return _successors.AsSpan(operation.FirstSuccessor, operation.SuccessorCount);
    }

    /// <summary>Family of a job: of its operation, else of its order, else of its product; −1 when none.</summary>
    public int FamilyOf(int job) => _jobs[job].Family;

    /// <summary>Jobs with the same key may share a batch: same operation of the same routing, same family, same dye lot.
    /// Meaningful only where <see cref="Operation.Batches"/>; keys are small integers.</summary>
    public int BatchKeyOf(int job) => _jobs[job].BatchKey;

    /// <summary>Number of different batch keys.</summary>
    public int BatchKeyCount { get; private set; }

    /// <summary>Most lots that may wait for a group before upstream is blocked; <see cref="int.MaxValue"/> when unlimited.</summary>
    public int BufferOf(int group) => _groupBuffers[group];

    /// <summary>Line whose first station this equipment is, or −1: its launches keep the takt.</summary>
    public int LaunchLineOf(int equipment) => _launchLines[equipment];

    /// <summary>The vehicles laid out, or <c>null</c> when work travels by itself.</summary>
    internal CompiledFleets? Fleets { get; }

    /// <summary>The fixture loops laid out, or <c>null</c> when there are none.</summary>
    internal CompiledFixtures? Fixtures { get; }

    /// <summary>The lines laid out, or <c>null</c> when there are none.</summary>
    internal CompiledLines? Lines { get; }

    /// <summary>The people of the plant: who can do what, and when they are there.</summary>
    public CrewBook Crews { get; }

    /// <summary>Failure modes and maintenance plans of every machine.</summary>
    public UpkeepBook Upkeep { get; }

    /// <summary>Whom a batch needs in a phase (−1 where its operation has none), by its lead job.</summary>
    public SkillNeed CrewNeedOf(int lead, int phase) => Crews.BatchNeed(_jobs[lead].Operation, phase);

    /// <summary>Working windows of equipment, or <c>null</c> round the clock.</summary>
    public CalendarTimeline? CalendarOf(int equipment) => _calendars[equipment];

    /// <summary>Prices at the equipment's site, or <c>null</c> when energy is not priced.</summary>
    public TariffTimeline? TariffOf(int equipment) => _tariffs[_equipment[equipment].Site];

    /// <summary>Prices at a site, or <c>null</c> when energy is not priced.</summary>
    public TariffTimeline? TariffOfSite(SiteId site) => _tariffs[site];

    /// <summary>Whether this job may run on this equipment: class, capability, family, owner and load.</summary>
    public bool CanRun(int job, int equipment) =>
        Array.BinarySearch(Groups[GroupOf(job)], equipment) >= 0 && FitsEquipment(job, equipment);

    /// <summary>The part of <see cref="CanRun"/> that depends on the order rather than on the operation.</summary>
    public bool FitsEquipment(int job, int equipment)
    {
        ref readonly var work = ref _jobs[job];
        ref readonly var machine = ref _equipment[equipment];
        return work.Quantity <= machine.CapacityMax
            && (machine.OnlyTenant < 0 || work.Tenant == machine.OnlyTenant)
            && (machine.AllowedSet < 0 || work.Family < 0 || _familySets.Contains(machine.AllowedSet, work.Family));
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
        ref readonly var job = ref _jobs[lead];
        ref readonly var operation = ref _compiledOperations[job.Operation];
        ref readonly var alternative = ref CompiledAlternativeOn(operation, equipment);
        var work = alternative.FixedMean + alternative.UnitMean * load;
        return Duration.FromMilliseconds((work * job.WorkFactor / _equipment[equipment].SpeedFactor + operation.PhaseMs) * operation.VariationMean);
    }

    /// <summary>Expected processing time of a job by itself.</summary>
    public Duration MeanProcessingTime(int job, int equipment) => MeanProcessingTime(job, equipment, Jobs.QuantityOf(job));

    /// <summary>The processing time that this execution will have, drawn at the address of the batch's lead job.</summary>
    /// <param name="attempt">0 for the first execution, 1 after a rework, ….</param>
    public Duration DrawProcessingTime(int lead, int equipment, double load, int attempt, in RandomSource random)
    {
        ref readonly var job = ref _jobs[lead];
        ref readonly var operation = ref _compiledOperations[job.Operation];
        ref readonly var alternative = ref CompiledAlternativeOn(operation, equipment);
        var draw = attempt * 4L;
        var work = alternative.FixedTime.Sample(random, job.Key, draw);
        if (load > 0)
        {
            work += alternative.UnitTime.Sample(random, job.Key, draw + 1) * load;
        }

        var total = (work * job.WorkFactor / _equipment[equipment].SpeedFactor + operation.PhaseMs)
            * _operations[job.Operation].Variation.Sample(random, job.Key, draw + 2);
        if (attempt > 0)
        {
            total += _operations[job.Operation].ReworkTime.Sample(random, job.Key, draw + 3);
        }

        return Duration.FromMilliseconds(Math.Max(0, total));
    }

    /// <summary>Random stream of a job: the same in every scenario that has this order, lot and operation.</summary>
    public ulong JobKey(int job) => _jobs[job].Key;

    /// <summary>Name of a job for files and people: <c>order/lot/operation</c>, lots counted from 1.</summary>
    public string JobName(int job)
    {
        var order = Jobs.OrderOf(job);
        var lot = Jobs.JobLot[job] - Jobs.OrderFirstLot[order] + 1;
        return string.Create(CultureInfo.InvariantCulture, $"{Scenario.Orders[order].Id}/{lot}/{OperationOf(job).Id}");
    }

    /// <summary>Random stream of equipment: the same in every scenario that has it.</summary>
    public ulong EquipmentKey(int equipment) => _equipment[equipment].Key;

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
