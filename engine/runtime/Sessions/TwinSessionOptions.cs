using DigitalTwin.Runtime.Journal;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>How a session is kept.</summary>
public sealed record TwinSessionOptions
{
    /// <summary>Opens the session's journal, given what its rows depend on; by default one in memory.</summary>
    public Func<string, IJournal> OpenJournal { get; init; } = _ => new MemoryJournal();

    /// <summary>Deliveries and commands that may wait for the writer; a sender beyond that waits (back-pressure). ≥ 1.</summary>
    public int QueueLimit { get; init; } = 64;

    /// <summary>Observations in one delivery, at most. ≥ 1.</summary>
    public int DeliveryLimit { get; init; } = 10_000;

    /// <summary>Without any observation for so long the session is stale.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An observation may be so far ahead of the twin's clock; beyond that its own clock must be wrong.</summary>
    public TimeSpan MaxAhead { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Ids remembered to recognise repeats, ≥ 1 (about 60 bytes each).</summary>
    public int KnownIds { get; init; } = 1_000_000;

    /// <summary>Age up to which <see cref="TwinSession.View"/> gives the same fork again.</summary>
    public TimeSpan SnapshotAge { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Events between two saved folds, ≥ 1: fewer make looking back faster and the journal larger. Stretched where a fold is large.</summary>
    public int SnapshotEvery { get; init; } = 50_000;

    /// <summary>How long after opening the whole journal is read once in the background to find damage; <c>null</c> never.</summary>
    public TimeSpan? ScrubAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the session may be started over from its epoch: a demo may, a real plant must not.</summary>
    public bool MayStartOver { get; init; }

    /// <summary>The wall clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
