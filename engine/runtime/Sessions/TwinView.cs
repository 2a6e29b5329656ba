using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>The session at one moment: everything in it belongs together and nobody changes it. Safe for concurrent readers.</summary>
/// <param name="State">A fork, with its meters brought up to <paramref name="Now"/>. Do not apply events to it; fork it first.</param>
/// <param name="Version">Version of the session it shows.</param>
/// <param name="Run">Which run of the session (a demo starts over).</param>
/// <param name="Now">Plant time.</param>
public sealed record TwinView(PlantState State, long Version, int Run, SimTime Now, ScheduleInForce Schedule, DateTimeOffset TakenAt)
{
    /// <summary>Drift alarms that stood then.</summary>
    public IReadOnlyList<Drift.DriftAlarm> Alarms { get; init; } = [];
}

/// <summary>The schedule that the plant is to follow.</summary>
/// <param name="Schedule"><c>null</c> when none is in force: the dispatch rule decides.</param>
/// <param name="Version">Rises with every schedule; 0 when none is in force.</param>
/// <param name="User">Who put it in force.</param>
public sealed record ScheduleInForce(Schedule? Schedule, int Version, string User)
{
    public static readonly ScheduleInForce None = new(null, 0, "");
}

/// <summary>What became of a decision about the schedule.</summary>
/// <param name="Done">Whether it took effect, and is on disk.</param>
/// <param name="InForce">What is in force now, whoever won.</param>
/// <param name="Problems">Why not; empty when done.</param>
public sealed record ScheduleOutcome(bool Done, ScheduleInForce InForce, IReadOnlyList<string> Problems)
{
    /// <summary>Whether somebody else was faster.</summary>
    public bool IsConflict { get; init; }
}

/// <summary>What became of orders that were to be added.</summary>
/// <param name="Added">How many entered the book: all or none.</param>
/// <param name="Problems">Per wrong order, why; empty when added.</param>
public sealed record OrdersOutcome(int Added, IReadOnlyList<string> Problems);

/// <summary>How a session fares, for health checks and people.</summary>
public sealed record SessionStatistics
{
    /// <summary>Observations accepted since this process opened the session.</summary>
    public long Accepted { get; init; }

    public long Duplicates { get; init; }

    /// <summary>Observations refused since the session's run began, also before this process.</summary>
    public long Refused { get; init; }

    /// <summary>Steps of the writer.</summary>
    public long Steps { get; init; }

    /// <summary>Commands waiting for the writer.</summary>
    public int Waiting { get; init; }

    /// <summary>Commands that may wait before senders are held back.</summary>
    public int QueueLimit { get; init; }

    /// <summary>Rows in the journal.</summary>
    public long JournalRows { get; init; }

    /// <summary>Saved folds: where a restart and a look back may begin.</summary>
    public int SavedFolds { get; init; }

    /// <summary>What the latest commit took.</summary>
    public TimeSpan LastCommit { get; init; }
}
