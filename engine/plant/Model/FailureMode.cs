using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>What wear and maintenance intervals are counted in.</summary>
public enum UsageClock
{
    /// <summary>Running hours: processing, loading, sampling and unloading.</summary>
    Running,

    /// <summary>Working hours, with work or without; stops for repair and maintenance left out.</summary>
    Working,

    /// <summary>The calendar: always.</summary>
    Calendar,

    /// <summary>Batches ended.</summary>
    Batches,

    /// <summary>Load ended, in the equipment's capacity unit.</summary>
    Quantity,
}

/// <summary>What a repair makes of the component that failed.</summary>
public enum Restoration
{
    /// <summary>As good as new: its life begins again.</summary>
    AsNew,

    /// <summary>Minimal repair, as bad as old: it works again at its age (a non-homogeneous Poisson process; Barlow and Hunter, 1960).</summary>
    Minimal,
}

/// <summary>One way in which equipment fails: a bearing, a pump, a control. The modes of one machine compete; each has its own life.</summary>
/// <remarks>Exactly one of <see cref="Class"/> and <see cref="Equipment"/> is set. They stand beside <c>Equipment.TimeToFailure</c>, the simple way.</remarks>
public sealed record FailureMode
{
    /// <summary>Unique in the plant.</summary>
    public required string Id { get; init; }

    /// <summary>Every machine of this class has it.</summary>
    public EquipmentClassId? Class { get; init; }

    /// <summary>This machine has it.</summary>
    public EquipmentId? Equipment { get; init; }

    /// <summary>What its age is counted in.</summary>
    public UsageClock Clock { get; init; }

    /// <summary>Age at the failure: ms of <see cref="Clock"/>, or a count where it counts batches or load.</summary>
    public required Distribution Life { get; init; }

    /// <summary>Repair time (ms).</summary>
    public required Distribution TimeToRepair { get; init; }

    /// <summary>What the repair restores.</summary>
    public Restoration Restores { get; init; }

    /// <summary>Who repairs it; <c>null</c> takes the equipment's.</summary>
    public CrewNeed? RepairCrew { get; init; }

    /// <summary>What becomes of the batches in the machine.</summary>
    public AfterBreakdown AfterBreakdown { get; init; }

    /// <summary>Cost of one failure, in the scenario's currency, ≥ 0.</summary>
    public double Cost { get; init; }

    /// <summary>How its wear can be felt before the failure; <c>null</c> when it cannot.</summary>
    public ConditionSignal? Signal { get; init; }
}

/// <summary>How a machine is set up: decides the zones of ISO 20816-3.</summary>
public enum MachineSupport
{
    Rigid,
    Flexible,
}

/// <summary>Zones of ISO 20816-3: new, fit for long operation, for limited operation, damage.</summary>
public enum VibrationZone
{
    A,
    B,
    C,
    D,
}

/// <summary>Root-mean-square vibration velocity over the life of a component (P–F curve), and how it is watched.</summary>
/// <remarks>Flat at <see cref="Baseline"/> until the potential failure P, then exponential to <see cref="Limit"/> at the functional failure F:
/// v(a) = baseline · (limit / baseline)^((a − P) / (F − P)), a the age on the mode's clock (Moubray, Reliability-centred Maintenance, 1997).</remarks>
public sealed record ConditionSignal
{
    /// <summary>Level of a sound component, mm/s, > 0.</summary>
    public required double Baseline { get; init; }

    /// <summary>Level at the failure, mm/s, more than <see cref="Baseline"/>.</summary>
    public required double Limit { get; init; }

    /// <summary>From P to F, ms of the mode's clock; a shorter life has it all.</summary>
    public required Distribution PfInterval { get; init; }

    /// <summary>Calendar time between readings, taken while the machine runs; <c>null</c> is a monitor that reports whenever the level has grown by
    /// <see cref="ReportStep"/> or reaches the level of a plan.</summary>
    public Duration? InspectionEvery { get; init; }

    /// <summary>Growth since the last report at which a continuous monitor reports again.</summary>
    public const double ReportStep = 1.1;

    /// <summary>σ of the logarithm of a reading's error, ≥ 0; a continuous monitor has none.</summary>
    public double Noise { get; init; }

    /// <summary>Cost of one reading, ≥ 0.</summary>
    public double ReadingCost { get; init; }

    public MachineSupport Support { get; init; }

    /// <summary>Level at an age, mm/s.</summary>
    /// <param name="age">Age of the component, ≥ 0.</param>
    /// <param name="risesAt">Age at P.</param>
    /// <param name="life">Age at F.</param>
    public double Level(double age, double risesAt, double life) =>
        age <= risesAt || life <= risesAt ? Baseline : Baseline * Math.Pow(Limit / Baseline, Math.Min(1, (age - risesAt) / (life - risesAt)));

    /// <summary>Age at which the curve reaches a level; infinite when it never does.</summary>
    public double AgeAt(double level, double risesAt, double life) =>
        level <= Baseline ? risesAt
        : level > Limit ? double.PositiveInfinity
        : risesAt + (life - risesAt) * Math.Log(level / Baseline) / Math.Log(Limit / Baseline);

    /// <summary>Boundaries A/B, B/C and C/D, mm/s: ISO 20816-3, medium and large machines.</summary>
    public static (double Ab, double Bc, double Cd) Boundaries(MachineSupport support) => support == MachineSupport.Rigid ? (2.3, 4.5, 7.1) : (3.5, 7.1, 11.2);

    /// <summary>Zone of a level.</summary>
    public VibrationZone ZoneOf(double level)
    {
        var (ab, bc, cd) = Boundaries(Support);
        return level < ab ? VibrationZone.A : level < bc ? VibrationZone.B : level < cd ? VibrationZone.C : VibrationZone.D;
    }
}
