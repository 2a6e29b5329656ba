namespace DigitalTwin.Plant.Events;

/// <summary>Where one line stands. Times are ms.</summary>
public struct LineState
{
    /// <summary>Units launched since the epoch.</summary>
    public int Launched;

    /// <summary>When the last unit was launched; on a paced line the line time at which it entered; −1 none yet.</summary>
    public long LaunchedAt;

    /// <summary>Stations that hold it up now.</summary>
    public int Overdue;

    /// <summary>Outside the working hours of its first station.</summary>
    public bool Paused;

    /// <summary>When it last began to stand or to move.</summary>
    public long Since;

    /// <summary>Line time at <see cref="Since"/>: for how long it had moved.</summary>
    public long MovedMs;

    /// <summary>Up to when its standing is booked in the totals.</summary>
    public long SettledAt;

    /// <summary>Whether it stands now.</summary>
    public readonly bool Stands => Overdue > 0 || Paused;
}

/// <summary>Running totals of one line since the statistics were reset.</summary>
public struct LineMeters
{
    /// <summary>Work that did not fit into takt and window and was done by utility workers, or would have had to be, ms.</summary>
    public long UtilityMs;

    /// <summary>Units at stations to which that happened.</summary>
    public int Overloads;

    /// <summary>Times it stopped for a station that was not done.</summary>
    public int Stops;

    /// <summary>Time it stood for them in working hours, ms.</summary>
    public long StoppedMs;

    /// <summary>Units that left the last station.</summary>
    public int Units;

    /// <summary>Units launched.</summary>
    public int Launches;

    /// <summary>Option windows, complete ones, in which an option occurred too often.</summary>
    public int Violations;

    /// <summary>Σ over launches and options of (units so far that carry it − their ideal number)².</summary>
    public double Deviation;
}
