using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>Translates between observations (by names) and plant events (by indices). Immutable; thread-safe.</summary>
/// <remarks>
/// What each kind needs: orders — <c>order</c>; <c>JobReady</c>, <c>JobWaits</c>, <c>Scrapped</c> — <c>job</c>; everything else — <c>equipment</c>, and
/// <c>job</c> too where a batch is meant. <c>value</c> is milliseconds for setups, cleanings, batches (planned processing; left out, the
/// model's mean), additions, breakdowns and maintenance (expected length), and the quantity for <c>Scrapped</c>. What materials, lots, crews and
/// quality results need is written in <c>ObservationTranslator.Supply.cs</c>, fixtures, vehicles and lines in <c>ObservationTranslator.Flow.cs</c>,
/// bookings in <c>ObservationTranslator.Market.cs</c>.
/// </remarks>
public sealed partial class ObservationTranslator(PlantNames names)
{
    /// <summary>Value of a <c>BatchStarted</c> that states no planned time: the twin puts the model's mean for the batch's load there.</summary>
    public const double UnknownTime = -1;

    private const int MaxIdLength = 200;

    private static readonly Dictionary<string, PlantEventKind> Kinds = Enum.GetValues<PlantEventKind>()
        .Where(k => k is not PlantEventKind.None)
        .ToDictionary(k => k.ToString(), StringComparer.OrdinalIgnoreCase);

    private readonly CompiledScenario _plant = names.Plant;

    /// <summary>Kinds that an observation may have.</summary>
    public static IEnumerable<string> KnownKinds =>
        Kinds.Where(k => !IsCommand(k.Value) && !IsHidden(k.Value)).Select(k => k.Key).Concat([Observation.ClockKind, Observation.QualityKind, Observation.AbsenceKind]);

    /// <summary>Whether an observation may be of that kind.</summary>
    public static bool Knows(string kind) => KnownKinds.Contains(kind, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the observation says only what time it is.</summary>
    public static bool IsClock(Observation observation) =>
        observation.Kind.Equals(Observation.ClockKind, StringComparison.OrdinalIgnoreCase);

    /// <summary>Names → indices.</summary>
    /// <returns>False when something in it does not exist or is missing; <paramref name="problem"/> says what, and the way out.</returns>
    public bool TryRead(Observation observation, out PlantEvent e, out string problem)
    {
        e = default;
        if (!TryKind(observation, out var kind, out problem))
        {
            return false;
        }

        if (kind == PlantEventKind.None)
        {
            problem = $"kind '{observation.Kind}' is unknown. Maybe one of {string.Join(", ", Kinds.Keys.Where(k => !IsCommand(Kinds[k])))}, {Observation.QualityKind}, {Observation.AbsenceKind}";
            return false;
        }

        if (IsCommand(kind))
        {
            problem = $"{kind} is a decision of people, not an observation. Maybe use the schedule or orders resource of the API";
            return false;
        }

        if (IsHidden(kind))
        {
            problem = $"{kind} is known to simulations only, nobody can observe it. Maybe ConditionMeasured with the vibration";
            return false;
        }

        if (observation.Id is "" or { Length: > MaxIdLength })
        {
            problem = $"its id must have 1 to {MaxIdLength} characters, so that a repeat can be recognised. Maybe number the messages of each source";
            return false;
        }

        if (!observation.Time.TryResolve(_plant.Scenario.Clock, out var time, out problem)
            || !TryEquipment(observation, kind, out var equipment, ref problem)
            || !TryOrder(observation, kind, out var order, ref problem)
            || !TryJob(observation.Job, "job", NeedsJob(kind), kind, out var job, ref problem)
            || !(IsSupply(kind)
                ? TrySupplyArgument(observation, kind, job, out var argument, ref problem)
                : IsFlow(kind) ? TryFlowArgument(observation, kind, equipment, out argument, ref problem)
                : IsMarket(kind) ? TryMarketArgument(observation, kind, job, out argument, ref problem)
                : TryArgument(observation, kind, equipment, job, out argument, ref problem))
            || !(IsFlow(kind) ? TryFlowValue(observation, kind, time, out var value, ref problem)
                : IsMarket(kind) ? TryMarketValue(observation, kind, out value, ref problem)
                : TryValue(observation, kind, time, equipment, job, out value, ref problem)))
        {
            return false;
        }

        order = kind == PlantEventKind.MakeUpReleased ? _plant.Jobs.OrderOf(job) : order;
        e = new PlantEvent(time, kind, equipment, kind == PlantEventKind.MakeUpReleased ? -1 : job, order, argument, value, EventSource.Observed);
        return true;
    }

    /// <summary>Indices → names. Reading the result gives the same event.</summary>
    public Observation Write(in PlantEvent e, string id)
    {
        var observation = new Observation
        {
            Id = id,
            Time = PlantMoment.At(e.Time),
            Kind = e.Kind.ToString(),
            Equipment = e.Equipment >= 0 ? _plant.Plant.Equipment[e.Equipment].Id : null,
            Order = e.Order >= 0 ? _plant.Scenario.Orders[e.Order].Id : null,
            Job = e.Job >= 0 ? _plant.JobName(e.Job) : null,
        };
        return e.Kind switch
        {
            PlantEventKind.JobAssigned => observation with { Lead = _plant.JobName(e.Arg), Arrives = PlantMoment.At(new SimTime((long)e.Value)) },
            PlantEventKind.SetupStarted or PlantEventKind.BatchStarted =>
                observation with { Family = e.Arg >= 0 ? _plant.Plant.Families[e.Arg].Id : "", Value = e.Value },
            PlantEventKind.PhaseStarted => observation with { Phase = e.Arg },
            PlantEventKind.EquipmentDown or PlantEventKind.ConditionMeasured or PlantEventKind.WearBegun or PlantEventKind.PotentialFailure =>
                observation with { FailureMode = e.Arg >= 0 ? _plant.Upkeep.Mode(e.Arg).Id : null, Value = e.Value == 0 ? null : e.Value },
            PlantEventKind.MaintenanceOrdered when e.Value < 0 => observation with { Plan = _plant.Upkeep.Plan(e.Arg).Id, Value = e.Value },
            PlantEventKind.MaintenanceOrdered => observation with { Plan = _plant.Upkeep.Plan(e.Arg).Id, Begins = PlantMoment.At(new SimTime((long)e.Value)) },
            PlantEventKind.MaintenanceTakenUp => observation with { Plan = _plant.Upkeep.Plan(e.Arg).Id },
            PlantEventKind.CleaningStarted => observation with { Cleaning = CleaningsOf(e.Equipment) is { } c && e.Arg >= 0 ? c[e.Arg].Id : null, Value = e.Value },
            PlantEventKind.BatchHeld => observation with { Reason = ((HoldReason)e.Arg).ToString(), Utility = HeldFor(e) },
            PlantEventKind.UtilityRate => observation with { Utility = e.Arg >= 0 ? _plant.Plant.Utilities[e.Arg].Id : null, Value = e.Value },
            PlantEventKind.JobWaits => observation with { Reason = ((WaitReason)e.Arg).ToString(), Utility = WaitedFor(e) },
            _ when IsFlow(e.Kind) => WriteFlow(observation, e),
            _ when IsMarket(e.Kind) => WriteMarket(observation, e),
            _ when IsSupply(e.Kind) => WriteSupply(observation, e),
            _ => e.Value == 0 ? observation : observation with { Value = e.Value },
        };
    }

    /// <summary>Whether an event is the luck of a simulation, which no observer sees.</summary>
    public static bool IsHidden(PlantEventKind kind) => kind is PlantEventKind.WearBegun or PlantEventKind.PotentialFailure;

    private static bool IsCommand(PlantEventKind kind) => kind
        is PlantEventKind.JobLocked or PlantEventKind.JobUnlocked or PlantEventKind.ScheduleApplied or PlantEventKind.ScheduleRevoked;

    private static bool NeedsOrder(PlantEventKind kind) => kind
        is PlantEventKind.OrderReleased or PlantEventKind.OrderCompleted or PlantEventKind.OrderCancelled;

    private static bool NeedsJob(PlantEventKind kind) => kind
        is PlantEventKind.JobReady or PlantEventKind.JobAssigned or PlantEventKind.BatchStarted or PlantEventKind.PhaseStarted
        or PlantEventKind.BatchHeld or PlantEventKind.BatchResumed or PlantEventKind.AdditionStarted or PlantEventKind.BatchBlocked
        or PlantEventKind.BatchEnded or PlantEventKind.BatchRework or PlantEventKind.Scrapped or PlantEventKind.JobWaits
        or PlantEventKind.PieceCompleted or PlantEventKind.WaitExceeded or PlantEventKind.MaterialRequested or PlantEventKind.MaterialShort or PlantEventKind.MaterialAllocated
        or PlantEventKind.MaterialConsumed or PlantEventKind.LotProduced or PlantEventKind.MakeUpReleased
        or PlantEventKind.TransportStarted or PlantEventKind.UtilityWorked or PlantEventKind.LineStopped or PlantEventKind.LineResumed;

    private string? HeldFor(in PlantEvent e) =>
        e.Arg == (int)HoldReason.Utility && (uint)e.Value < (uint)_plant.Plant.Utilities.Length ? _plant.Plant.Utilities[(int)e.Value].Id : null;

    private string? WaitedFor(in PlantEvent e) => e.Equipment >= 0 && e.Arg == (int)WaitReason.Utility && (uint)e.Value < (uint)_plant.Plant.Utilities.Length
        ? _plant.Plant.Utilities[(int)e.Value].Id : null;

    private int UtilityOf(Observation observation) => _plant.Plant.Utilities.Select((u, i) => u.Id == observation.Utility ? i : -1).DefaultIfEmpty(-1).Max();

    private bool TryEquipment(Observation observation, PlantEventKind kind, out int equipment, ref string problem)
    {
        equipment = -1;
        if (observation.Equipment is not { Length: > 0 } id)
        {
            problem = $"{kind} needs \"equipment\"";
            return NeedsOrder(kind) || NeedsNoEquipment(kind) || kind is PlantEventKind.JobReady or PlantEventKind.Scrapped or PlantEventKind.JobWaits or PlantEventKind.WaitExceeded
                or PlantEventKind.FixtureReady or PlantEventKind.FixtureChangeStarted or PlantEventKind.VehicleArrived;
        }

        equipment = names.Equipment(id);
        problem = $"equipment '{id}' is not in the scenario";
        return equipment >= 0;
    }

    private bool TryOrder(Observation observation, PlantEventKind kind, out int order, ref string problem)
    {
        order = -1;
        if (observation.Order is not { Length: > 0 } id)
        {
            problem = $"{kind} needs \"order\"";
            return !NeedsOrder(kind);
        }

        order = names.Order(id);
        problem = $"order '{id}' is not in the order book. Maybe import it first";
        return order >= 0;
    }

    private bool TryJob(string? name, string field, bool needed, PlantEventKind kind, out int job, ref string problem)
    {
        job = -1;
        if (name is not { Length: > 0 })
        {
            problem = $"{kind} needs \"{field}\" as order/lot/operation";
            return !needed;
        }

        job = names.Job(name);
        problem = $"{field} '{name}' does not exist. Maybe it is order/lot/operation with lots counted from 1, or its order must be imported first";
        return job >= 0;
    }

    private bool TryArgument(Observation observation, PlantEventKind kind, int equipment, int job, out int argument, ref string problem)
    {
        argument = -1;
        switch (kind)
        {
            case PlantEventKind.JobAssigned:
                argument = job;
                return observation.Lead is null || TryJob(observation.Lead, "lead", needed: true, kind, out argument, ref problem);
            case PlantEventKind.SetupStarted or PlantEventKind.BatchStarted:
                argument = observation.Family switch
                {
                    null => job >= 0 ? _plant.FamilyOf(job) : -1,
                    "" => -1,
                    var id => names.Family(id),
                };
                problem = $"family '{observation.Family}' is not in the scenario";
                return argument >= 0 || observation.Family is null or "";
            case PlantEventKind.PhaseStarted:
                var count = _plant.OperationOf(job).Phases.Length;
                argument = observation.Phase ?? -1;
                problem = $"phase {observation.Phase?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "(none)"} of {_plant.JobName(job)} does not exist; its operation has {count} phases counted from 0";
                return (uint)argument < (uint)count;
            case PlantEventKind.CleaningStarted when observation.Cleaning is { } id:
                var cleanings = CleaningsOf(equipment);
                argument = cleanings?.Select((c, i) => c.Id == id ? i : -1).Max() ?? -1;
                problem = $"cleaning '{id}' is not in the changeover rule of {observation.Equipment}";
                return argument >= 0;
            case PlantEventKind.BatchHeld:
                problem = $"reason '{observation.Reason}' is unknown. Maybe one of {string.Join(", ", Enum.GetNames<HoldReason>())}";
                var known = Enum.TryParse(observation.Reason ?? nameof(HoldReason.Operator), ignoreCase: true, out HoldReason reason)
                    && Enum.IsDefined(reason);
                argument = (int)reason;
                return known;
            case PlantEventKind.UtilityRate:
                argument = UtilityOf(observation);
                problem = $"utility '{observation.Utility}' is not in the scenario";
                return argument >= 0 || observation.Utility is null;
            case PlantEventKind.ConditionMeasured or PlantEventKind.EquipmentDown:
                argument = observation.FailureMode is { Length: > 0 } mode ? _plant.Upkeep.FindMode(equipment, mode) : -1;
                problem = $"failure mode '{observation.FailureMode}' is not one of {observation.Equipment}";
                return argument >= 0 || (kind == PlantEventKind.EquipmentDown && observation.FailureMode is not { Length: > 0 });
            case PlantEventKind.MaintenanceOrdered or PlantEventKind.MaintenanceTakenUp:
                argument = _plant.Upkeep.FindPlan(equipment, observation.Plan ?? "");
                problem = $"maintenance plan '{observation.Plan}' is not one of {observation.Equipment}";
                return argument >= 0;
            case PlantEventKind.JobWaits:
                problem = $"reason '{observation.Reason}' is unknown. Maybe one of {string.Join(", ", Enum.GetNames<WaitReason>())}";
                var named = Enum.TryParse(observation.Reason ?? nameof(WaitReason.None), ignoreCase: true, out WaitReason wait) && Enum.IsDefined(wait);
                argument = (int)wait;
                return named;
            default:
                return true;
        }
    }

    private bool TryValue(Observation observation, PlantEventKind kind, SimTime time, int equipment, int job, out double value, ref string problem)
    {
        value = observation.Value ?? 0;
        switch (kind)
        {
            case PlantEventKind.JobAssigned:
                var arrives = time;
                var readable = observation.Arrives.IsMissing || observation.Arrives.TryResolve(_plant.Scenario.Clock, out arrives, out problem);
                value = arrives.Milliseconds;
                return readable;
            case PlantEventKind.BatchStarted when observation.Value is null:
                value = UnknownTime;
                return true;
            case PlantEventKind.BatchHeld or PlantEventKind.JobWaits when observation.Utility is not null:
                value = UtilityOf(observation);
                problem = $"utility '{observation.Utility}' is not in the scenario";
                return value >= 0;
            case PlantEventKind.BatchHeld when names.Plant.Utilities is not null && nameof(HoldReason.Utility).Equals(observation.Reason, StringComparison.OrdinalIgnoreCase):
                problem = "BatchHeld for a utility needs \"utility\", its id";
                return false;
            case PlantEventKind.UtilityRate when observation.Value is null:
                problem = "UtilityRate needs \"value\", the progress per unit of time in (0, 1]";
                return false;
            case PlantEventKind.SupplyReceived or PlantEventKind.SupplyOrdered or PlantEventKind.MaterialConsumed or PlantEventKind.LotCounted
                or PlantEventKind.LotProduced or PlantEventKind.CrewShiftChanged or PlantEventKind.CrewAssigned when observation.Value is null:
                problem = $"{observation.Kind} needs \"value\", {(kind is PlantEventKind.CrewShiftChanged or PlantEventKind.CrewAssigned ? "a number of heads" : "a quantity in the material's unit")}";
                return false;
            case PlantEventKind.MaintenanceOrdered:
                var begins = time;
                var known = observation.Begins.IsMissing || observation.Begins.TryResolve(_plant.Scenario.Clock, out begins, out problem);
                value = observation.Value is < 0 ? -1 : begins.Milliseconds;
                return known;
            case PlantEventKind.ConditionMeasured when observation.Value is null:
                problem = "ConditionMeasured needs \"value\", the vibration in mm/s RMS";
                return false;
            case PlantEventKind.Scrapped when observation.Value is null:
                problem = "Scrapped needs \"value\", the quantity lost";
                return false;
        }

        problem = $"value {value:R} is out of range";
        return double.IsFinite(value) && value >= 0 && value < 1e15;
    }

    private System.Collections.Immutable.ImmutableArray<CleaningOperation>? CleaningsOf(int equipment) =>
        _plant.Plant.Equipment[equipment].Changeover is { } rule && _plant.Plant.ChangeoverRules[rule] is ResidueChangeover residue
            ? residue.Cleanings
            : null;
}
