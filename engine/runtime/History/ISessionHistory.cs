using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.History;

/// <summary>The past of a session: any moment of it, and what happened between two.</summary>
/// <remarks>
/// A moment is what the twin knew when its clock stood there: the fold of the journal up to the first event that is later. An observation
/// that came late is therefore part of the moments after it came, not of the moment it tells of. <c>At(a)</c> and then all of
/// <c>Between(a, b)</c> is <c>At(b)</c>. All members are safe for concurrent callers, and none holds up the session's writer.
/// </remarks>
public interface ISessionHistory
{
    /// <summary>The earliest moment that is still remembered event by event: the epoch, or later where retention has cut raw events.</summary>
    SimTime Start { get; }

    /// <summary>The latest moment: of the last event on disk.</summary>
    SimTime End { get; }

    /// <summary>The session as it stood at a moment. Moments outside <see cref="Start"/>..<see cref="End"/> give the nearer end.</summary>
    /// <exception cref="DigitalTwin.Runtime.Journal.JournalException">What leads to the moment cannot be read: damaged, or the database is away.</exception>
    Task<SessionMoment> AtAsync(SimTime moment, CancellationToken cancellation = default);

    /// <summary>Events in the order they were folded, after <paramref name="from"/> and up to and with <paramref name="to"/>.</summary>
    /// <remarks>Lazy; read as far as it is enumerated. Orders that were added in between are part of the moments, not of the events.</remarks>
    /// <exception cref="DigitalTwin.Runtime.Journal.JournalException">A part of it cannot be read.</exception>
    IEnumerable<PlantEvent> Between(SimTime from, SimTime to);
}
