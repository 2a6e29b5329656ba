using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>One failure mode of one machine, as the event path reads it. Ages are ms of its clock, or a count.</summary>
internal struct CompiledMode
{
    public int Equipment;

    /// <summary>Index in the plant's failure modes.</summary>
    public int Mode;
    public UsageClock Clock;
    public bool Minimal;

    /// <summary>Index among the modes with a signal; −1 none.</summary>
    public int Signal;

    /// <summary>Time between readings, ms; 0 for a continuous monitor.</summary>
    public long InspectionMs;
    public ulong Key;
}

/// <summary>One maintenance plan of one machine, as the event path reads it.</summary>
internal struct CompiledPlan
{
    public int Equipment;

    /// <summary>Index in the plant's plans.</summary>
    public int Plan;
    public UsageClock Clock;

    /// <summary>Infinite where there is no interval.</summary>
    public double Every;

    /// <summary>Mode (of the book) whose readings order it; −1 none.</summary>
    public int Watches;

    /// <summary>Infinite where no reading orders it.</summary>
    public double AtLevel;
    public long LeadMs;
    public long DeferMs;

    /// <summary>Negative where it is done by itself.</summary>
    public double TogetherWithin;

    /// <summary>The one mode (of the book) by whose renewal its interval begins again; −1 none.</summary>
    public int StartsAtRenewalOf;
    public ulong Key;
}

/// <summary>The failure modes and maintenance plans of every machine, laid out by index: those of one machine stand side by side.</summary>
/// <remarks>Immutable. A scenario without any has <see cref="Any"/> false and pays nothing for it.</remarks>
public sealed class UpkeepBook
{
    private const ulong PfPurpose = 0x9F1A7;
    private const ulong RepairPurpose = 0x4E9A14;
    private const ulong NoisePurpose = 0x4015E;
    private static readonly Distribution s_unit = Distribution.Exponential(1);
    private readonly PlantModel _plant;
    private readonly CompiledMode[] _modes;
    private readonly CompiledPlan[] _plans;
    private readonly int[][] _renews; // per plan
    private readonly SkillNeed[] _repairNeeds; // per mode
    private readonly SkillNeed[] _planNeeds;
    private readonly CalendarTimeline?[] _windows; // per plan
    private readonly int[] _firstMode; // per machine, one more
    private readonly int[] _firstPlan;

    internal UpkeepBook(PlantModel plant, CrewBook crews, CalendarTimeline[] calendars)
    {
        _plant = plant;
        var (modes, plans, signals) = (new List<CompiledMode>(), new List<CompiledPlan>(), 0);
        _firstMode = new int[plant.Equipment.Length + 1];
        _firstPlan = new int[plant.Equipment.Length + 1];
        for (var e = 0; e < plant.Equipment.Length; e++)
        {
            modes.AddRange(Modes(e));
            _firstMode[e + 1] = modes.Count;
        }

        _modes = [.. modes];
        for (var e = 0; e < plant.Equipment.Length; e++)
        {
            plans.AddRange(Plans(e));
            _firstPlan[e + 1] = plans.Count;
        }

        _plans = [.. plans];
        _renews = [.. plans.Select(p => plant.MaintenancePlans[p.Plan].Renews.Select(m => ModeOf(p.Equipment, m)).Where(m => m >= 0).ToArray())];
        _repairNeeds = [.. modes.Select(m => crews.Need(plant.FailureModes[m.Mode].RepairCrew ?? plant.Equipment[m.Equipment].RepairCrew))];
        _planNeeds = [.. plans.Select(p => crews.Need(plant.MaintenancePlans[p.Plan].Crew))];
        _windows = [.. plans.Select(p => plant.MaintenancePlans[p.Plan].Window is { } c ? calendars[c] : null)];
        SignalCount = signals;
        Any = modes.Count + plans.Count > 0;

        IEnumerable<CompiledMode> Modes(int e)
        {
            for (var m = 0; m < plant.FailureModes.Length; m++)
            {
                var mode = plant.FailureModes[m];
                if (mode.Equipment?.Index == e || mode.Class == plant.Equipment[e].Class)
                {
                    yield return new CompiledMode
                    {
                        Equipment = e, Mode = m, Clock = mode.Clock, Minimal = mode.Restores == Restoration.Minimal,
                        Signal = mode.Signal is null ? -1 : signals++, InspectionMs = mode.Signal?.InspectionEvery?.Milliseconds ?? 0,
                        Key = RandomSource.Key(mode.Id, RandomSource.Key(plant.Equipment[e].Id)),
                    };
                }
            }
        }

        IEnumerable<CompiledPlan> Plans(int e)
        {
            for (var p = 0; p < plant.MaintenancePlans.Length; p++)
            {
                var plan = plant.MaintenancePlans[p];
                if (plan.Equipment?.Index == e || plan.Class == plant.Equipment[e].Class)
                {
                    yield return new CompiledPlan
                    {
                        Equipment = e, Plan = p, Clock = plan.Clock, Every = plan.Every ?? double.PositiveInfinity,
                        Watches = plan.Watches is { } w ? ModeOf(e, w) : -1, AtLevel = plan.AtLevel ?? double.PositiveInfinity,
                        LeadMs = plan.LeadTime.Milliseconds, DeferMs = plan.Defer.Milliseconds, TogetherWithin = plan.TogetherWithin ?? -1,
                        StartsAtRenewalOf = plan.CountedFrom == IntervalStart.Renewal && plan.Renews.Length == 1 ? ModeOf(e, plan.Renews[0]) : -1,
                        Key = RandomSource.Key(plan.Id, RandomSource.Key(plant.Equipment[e].Id)),
                    };
                }
            }
        }
    }

    /// <summary>Whether any machine has a failure mode or a plan.</summary>
    public bool Any { get; }

    /// <summary>Failure modes of all machines.</summary>
    public int ModeCount => _modes.Length;

    /// <summary>Those of them that can be felt.</summary>
    public int SignalCount { get; }

    /// <summary>Plans of all machines.</summary>
    public int PlanCount => _plans.Length;

    /// <summary>Failure modes of a machine: first, and first of the next machine.</summary>
    public (int First, int End) ModesOf(int equipment) => (_firstMode[equipment], _firstMode[equipment + 1]);

    /// <summary>Plans of a machine: first, and first of the next machine.</summary>
    public (int First, int End) PlansOf(int equipment) => (_firstPlan[equipment], _firstPlan[equipment + 1]);

    /// <summary>What the mode is.</summary>
    public FailureMode Mode(int mode) => _plant.FailureModes[_modes[mode].Mode];

    /// <summary>What the plan is.</summary>
    public MaintenancePlan Plan(int plan) => _plant.MaintenancePlans[_plans[plan].Plan];

    /// <summary>Machine of a mode.</summary>
    public int EquipmentOfMode(int mode) => _modes[mode].Equipment;

    /// <summary>Machine of a plan.</summary>
    public int EquipmentOfPlan(int plan) => _plans[plan].Equipment;

    /// <summary>The mode of a machine by its place in the plant's failure modes; −1 when the machine has it not.</summary>
    public int ModeOf(int equipment, int failureMode)
    {
        for (var m = _firstMode[equipment]; m < _firstMode[equipment + 1]; m++)
        {
            if (_modes[m].Mode == failureMode)
            {
                return m;
            }
        }

        return -1;
    }

    /// <summary>The mode of a machine with an id; −1 when it has none.</summary>
    public int FindMode(int equipment, string id)
    {
        var (first, end) = ModesOf(equipment);
        while (first < end && Mode(first).Id != id)
        {
            first++;
        }

        return first < end ? first : -1;
    }

    /// <summary>The plan of a machine with an id; −1 when it has none.</summary>
    public int FindPlan(int equipment, string id)
    {
        var (first, end) = PlansOf(equipment);
        while (first < end && Plan(first).Id != id)
        {
            first++;
        }

        return first < end ? first : -1;
    }

    /// <summary>Modes whose life a plan begins anew.</summary>
    public ReadOnlySpan<int> RenewedBy(int plan) => _renews[plan];

    /// <summary>Whom the repair of a mode needs.</summary>
    public SkillNeed RepairOf(int mode) => _repairNeeds[mode];

    /// <summary>Whom a plan needs.</summary>
    public SkillNeed CrewOf(int plan) => _planNeeds[plan];

    /// <summary>The first moment from a given one at which maintenance of the plan may begin.</summary>
    public SimTime NextOpening(int plan, SimTime from) => _windows[plan] is { } window ? window.NextWorking(from) : from;

    internal ref readonly CompiledMode CompiledModeOf(int mode) => ref _modes[mode];

    internal ref readonly CompiledPlan CompiledPlanOf(int plan) => ref _plans[plan];

    /// <summary>Age at the next failure of a component, given that it has reached an age; drawn at the address of its n-th draw.</summary>
    /// <remarks>A component of age a has survived the cumulative hazard H(a); its life ends at H(a) + E, E a unit exponential. A life that is
    /// sure to be over already is a tenth longer than the age.</remarks>
    public double DrawLife(int mode, double age, int draw, in RandomSource random)
    {
        var law = Mode(mode).Life;
        var life = Lifetimes.AgeAt(law, Lifetimes.HazardAt(law, age) + s_unit.Sample(random, _modes[mode].Key, draw));
        life = Math.Max(1, life);
        return life > age ? life : age + Math.Max(1, age / 10);
    }

    /// <summary>P–F interval of a component's life, by the draw of the life.</summary>
    public double DrawPfInterval(int mode, int draw, in RandomSource random) =>
        Math.Max(1, Mode(mode).Signal!.PfInterval.Sample(random, _modes[mode].Key ^ PfPurpose, draw));

    /// <summary>Repair time of a mode's n-th failure.</summary>
    public Duration DrawRepair(int mode, int failures, in RandomSource random) =>
        Duration.FromMilliseconds(Math.Max(1, Mode(mode).TimeToRepair.Sample(random, _modes[mode].Key ^ RepairPurpose, failures)));

    /// <summary>Error of a reading, a factor around 1.</summary>
    public double DrawNoise(int mode, int reading, in RandomSource random) =>
        Mode(mode).Signal!.Noise is > 0 and var sigma ? Math.Exp(sigma * NormalDistribution.Inverse(random.Uniform(_modes[mode].Key ^ NoisePurpose, reading))) : 1;

    /// <summary>Length of a plan's n-th maintenance.</summary>
    public Duration DrawMaintenance(int plan, int done, in RandomSource random) =>
        Duration.FromMilliseconds(Math.Max(1, Plan(plan).Duration.Sample(random, _plans[plan].Key, done)));
}
