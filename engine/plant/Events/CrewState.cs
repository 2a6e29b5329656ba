namespace DigitalTwin.Plant.Events;

/// <summary>What people are called for.</summary>
public enum CrewTask : byte
{
    /// <summary>Nothing: nobody is waited for.</summary>
    None,

    /// <summary>To repair a broken machine.</summary>
    Repair,

    /// <summary>To set up or clean a machine.</summary>
    Setup,

    /// <summary>To start the prepared batch.</summary>
    Start,

    /// <summary>To go on with a batch: its next phase, or after a standstill.</summary>
    Work,

    /// <summary>To do planned maintenance.</summary>
    Maintenance,
}

/// <summary>Who is at work at a machine or on a batch, and for whom it waits. All zero: nobody.</summary>
public struct CrewCall
{
    /// <summary>What people are waited for; <see cref="CrewTask.None"/> when they are not.</summary>
    public CrewTask Awaits;

    /// <summary>Heads at work; 0 when nobody is.</summary>
    public int Count;

    /// <summary>Pool (auxiliary index) of those at work; meaningful where <see cref="Count"/> > 0.</summary>
    public int Pool;

    /// <summary>Since when it waits, ms.</summary>
    public long Since;
}

/// <summary>A job that a pool does beside its calls; see <c>AuxiliaryResource.SideJobs</c>.</summary>
public struct SideJobState
{
    /// <summary>Work left when it last began or was interrupted, ms; 0 when the next has not been begun.</summary>
    public long LeftMs;

    /// <summary>Since when somebody works on it, ms; −1 when nobody does.</summary>
    public long Since;

    /// <summary>Side jobs done in this place: also the index of the next draw.</summary>
    public int Done;

    /// <summary>How often a call interrupted it.</summary>
    public int Interruptions;
}

/// <summary>Running totals of one pool since the statistics were reset.</summary>
public struct CrewMeters
{
    /// <summary>∫ heads on duty, head-ms.</summary>
    public long OnDutyMs;

    /// <summary>∫ heads at work, side jobs left out, head-ms.</summary>
    public long BusyMs;

    /// <summary>∫ heads on side jobs, head-ms.</summary>
    public long SideMs;

    /// <summary>Side jobs done.</summary>
    public int SideJobsDone;

    /// <summary>Side jobs interrupted.</summary>
    public int Interruptions;

    /// <summary>Up to when all this is booked, ms.</summary>
    public long MeteredUntil;
}
