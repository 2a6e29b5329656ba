namespace DigitalTwin.Plant.Events;

/// <summary>How much a machine has been used, and what its upkeep is at. Counted from the epoch.</summary>
public struct UsageState
{
    /// <summary>Running time up to <see cref="EquipmentState.MeteredUntil"/>, ms.</summary>
    public long RunningMs;

    /// <summary>Working time, stops left out, up to <see cref="EquipmentState.MeteredUntil"/>, ms.</summary>
    public long WorkingMs;

    /// <summary>Batches ended.</summary>
    public int Batches;

    /// <summary>Load ended.</summary>
    public double Quantity;

    /// <summary>Failure mode (of the book) that broke it, plus 1; 0 when none did.</summary>
    public int BrokenBy;

    /// <summary>Plans ordered and not begun.</summary>
    public int Ordered;

    /// <summary>Plans that are part of the maintenance in hand (or cut short by a breakdown).</summary>
    public int InHand;
}

/// <summary>Where one failure mode of one machine stands. Ages are in the mode's clock.</summary>
public struct WearState
{
    /// <summary>Reading of the clock when its life began.</summary>
    public double Since;

    /// <summary>Age at which it fails; 0 while nobody knows (only a simulation does).</summary>
    public double Life;

    /// <summary>Age at P, plus 1; 0 while it has not been reached, or nobody knows.</summary>
    public double Rises;

    /// <summary>Lives drawn: also the index of the next draw.</summary>
    public int Draws;

    /// <summary>Failures so far: also the index of the next repair.</summary>
    public int Failures;

    /// <summary>Readings since its life began.</summary>
    public int Readings;

    /// <summary>Readings ever: also the index of the next error.</summary>
    public int AllReadings;

    /// <summary>When it was last measured, or its life began, ms.</summary>
    public long MeasuredAt;

    /// <summary>As last measured, mm/s; 0 before.</summary>
    public double Level;
}

/// <summary>One reading of a condition signal.</summary>
/// <param name="Age">Age of the component, in the mode's clock.</param>
/// <param name="Level">mm/s.</param>
/// <param name="At">When, ms.</param>
public readonly record struct ConditionReading(double Age, double Level, long At);

/// <summary>Where one maintenance plan of one machine stands.</summary>
public struct MaintenanceState
{
    /// <summary>Reading of the clock from which the interval is counted.</summary>
    public double Since;

    /// <summary>When it may begin, ms, plus 1; 0 when it is not ordered.</summary>
    public long Ordered;

    /// <summary>It is part of the maintenance in hand.</summary>
    public bool InHand;

    /// <summary>Times done: also the index of the next draw.</summary>
    public int Done;

    /// <summary>When it was last done, ms: only later readings order it again.</summary>
    public long DoneAt;
}
