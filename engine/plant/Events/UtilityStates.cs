namespace DigitalTwin.Plant.Events;

/// <summary>How utilities treat the batch that a job leads, or the changeover of a machine. Kept only in plants with utilities.</summary>
public struct UtilityJobState
{
    /// <summary>Progress per unit of time: 1 at full speed, less where a utility is at its cap.</summary>
    public double Speed;

    /// <summary>Time of this execution lost to slow progress, ms.</summary>
    public long StretchedMs;

    /// <summary>Since when it waits for a utility before its next phase; −1 when it does not.</summary>
    public long WaitSince;

    /// <summary>Utility that it waits for or is slowed down by; −1 when none.</summary>
    public int Binding;

    /// <summary>Up to when its draws are booked to its orders.</summary>
    public long BookedUntil;

    internal static readonly UtilityJobState None = new() { Speed = 1, WaitSince = -1, Binding = -1 };
}

/// <summary>The setup or cleaning under way on one piece of equipment, and what it draws. Kept only in plants whose changeovers use something.</summary>
public struct ChangeoverState
{
    /// <summary>What it uses from its beginning to its end, evenly; nothing between two changeovers.</summary>
    public ResourceUse Use;

    /// <summary>Its length at full speed, ms; 0 when it is not known.</summary>
    public long PlannedMs;

    /// <summary>Done before <see cref="RunningSince"/>, ms of <see cref="PlannedMs"/>.</summary>
    public long WorkedMs;

    /// <summary>When it began or last changed its speed.</summary>
    public long RunningSince;

    /// <summary>How utilities treat it; also while it waits for one to begin.</summary>
    public UtilityJobState Utility;
}

/// <summary>Running totals of one utility; all but the rates and counts are reset with the statistics.</summary>
public struct UtilityMeter
{
    /// <summary>Drawn now, unit/h.</summary>
    public double Rate;

    /// <summary>Up to when it is booked, ms.</summary>
    public long Since;

    /// <summary>Drawn since the statistics were reset.</summary>
    public double Amount;

    /// <summary>Highest rate that lasted, unit/h.</summary>
    public double PeakRate;

    /// <summary>Drawn since the last local midnight; not reset with the statistics.</summary>
    public double DayAmount;

    /// <summary>The next local midnight, ms.</summary>
    public long DayEnd;

    /// <summary>Batches whose running phase, and changeovers that draw from it.</summary>
    public int Drawing;

    /// <summary>Batches and changeovers that wait for it.</summary>
    public int Waiting;

    /// <summary>Batches and changeovers that it slows down.</summary>
    public int Stretched;

    /// <summary>Waits begun.</summary>
    public int Waits;

    /// <summary>Time in which somebody waited for it or was slowed down by it, ms.</summary>
    public long AtCapMs;

    /// <summary>Σ over batches of the time waited for it, ms.</summary>
    public long WaitMs;

    /// <summary>Σ over batches of the time lost to slow progress, ms.</summary>
    public long StretchMs;
}
