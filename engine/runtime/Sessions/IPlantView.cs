using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>A plant that can be looked at, and whose changes can be waited for: the live one, a replay of its past, or an exercise.</summary>
/// <remarks>Whoever draws a floor, a Gantt or key figures needs no more than this, so the past is shown by the same code as the present.
/// All members are safe for concurrent callers.</remarks>
public interface IPlantView
{
    /// <summary>Name in the doors: the plant's id, followed by <c>/replays/…</c> or <c>/attempts/…</c> where it is not the live plant.</summary>
    string Id { get; }

    /// <summary>Rises whenever <see cref="View"/> shows something new.</summary>
    long Version { get; }

    /// <summary>Looks things up by name, as they were known then.</summary>
    PlantNames Names { get; }

    /// <summary>Why nothing new can come; <c>null</c> when all is well.</summary>
    string? Fault { get; }

    /// <summary>Whether the source of what is shown is silent.</summary>
    bool IsStale { get; }

    /// <summary>State, schedule in force and clock, all of one moment.</summary>
    TwinView View();

    /// <summary>Executed and running bars that touch a time range, by equipment.</summary>
    /// <param name="equipment">Only these; <c>null</c> for all.</param>
    /// <param name="limit">Bars at most, ≥ 1.</param>
    BarPage History(SimTime from, SimTime to, IReadOnlyList<int>? equipment = null, int limit = 50_000);

    /// <summary>Waits until the version is beyond <paramref name="sinceVersion"/>.</summary>
    /// <returns>The version then.</returns>
    Task<long> WaitForChangeAsync(long sinceVersion, CancellationToken cancellation = default);
}
