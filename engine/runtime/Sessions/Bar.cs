using System.Collections.Immutable;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>What a <see cref="Bar"/> of the executed Gantt shows.</summary>
public enum BarKind : byte
{
    /// <summary>A batch, with the setup before it.</summary>
    Batch,

    /// <summary>A setup that is running, before its batch starts.</summary>
    Setup,

    Cleaning,

    /// <summary>Broken or under repair.</summary>
    Down,

    Maintenance,
}

/// <summary>How a bar ended.</summary>
public enum BarOutcome : byte
{
    /// <summary>Not over yet.</summary>
    Open,

    Done,

    /// <summary>The batch must be done again.</summary>
    Rework,

    /// <summary>Cut short: a breakdown during setup or cleaning.</summary>
    Interrupted,
}

/// <summary>One executed or running occupation of equipment. Times in ms since the epoch.</summary>
public sealed record Bar
{
    public required BarKind Kind { get; init; }

    public required int Equipment { get; init; }

    /// <summary>Jobs of the batch, lead first; empty where the bar is no batch.</summary>
    public ImmutableArray<int> Jobs { get; init; } = [];

    /// <summary>Family it ran in, or is set up for; −1 none.</summary>
    public int Family { get; init; } = -1;

    /// <summary>Start of the setup before it; equals <see cref="Start"/> where there was none.</summary>
    public required long SetupStart { get; init; }

    public required long Start { get; init; }

    /// <summary>When it ended; −1 while open.</summary>
    public long End { get; init; } = -1;

    /// <summary>While open: when it should end by what is known; −1 unknown.</summary>
    public long ExpectedEnd { get; init; } = -1;

    public BarOutcome Outcome { get; init; }
}

/// <summary>One page of bars.</summary>
/// <param name="More">Whether there are more bars behind the limit; ask again with a narrower range or fewer equipment.</param>
public sealed record BarPage(IReadOnlyList<Bar> Bars, bool More);
