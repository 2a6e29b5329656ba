using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.History;

/// <inheritdoc/>
/// <param name="epoch">Makes the fold that nothing has happened to.</param>
/// <param name="read">Rows of the journal after so many, as far as they are on disk.</param>
/// <param name="end">The latest moment on disk.</param>
internal sealed class SessionHistory(Func<SessionFold> epoch, Func<long, IReadOnlyList<JournalEntry>> read, Func<SimTime> end, Func<int> run, TimeProvider time) : ISessionHistory
{
    private const int FoldsKept = 8;
    private readonly Lock _gate = new();
    private readonly LinkedList<Stop> _stops = new();

    public SimTime Start => SimTime.Zero;

    public SimTime End => end();

    public Task<SessionMoment> AtAsync(SimTime moment, CancellationToken cancellation = default) =>
        Task.Run(() => At(SimTime.Max(Start, moment <= End ? moment : End), cancellation), cancellation);

    public IEnumerable<PlantEvent> Between(SimTime from, SimTime to)
    {
        var clock = new SimTime(-1);
        foreach (var entry in read(0))
        {
            foreach (var e in entry.Kind == JournalEntryKind.Events ? EntryCodec.ReadEvents(entry.Body) : [])
            {
                clock = SimTime.Max(clock, e.Event.Time);
                if (clock > to)
                {
                    yield break;
                }

                if (clock > from)
                {
                    yield return e.Event;
                }
            }
        }
    }

    /// <summary>Forgets what it keeps: the session has started over.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _stops.Clear();
        }
    }

    private SessionMoment At(SimTime moment, CancellationToken cancellation)
    {
        var near = Nearest(moment);
        var fold = near?.Fold.Fork() ?? epoch();
        var stop = Advance(fold, near?.Row ?? 0, near?.Offset ?? 0, moment, cancellation);
        Keep(stop);
        return new SessionMoment(fold, stop.Row, stop.Offset, moment, run(), time.GetUtcNow());
    }

    private Stop Advance(SessionFold fold, long row, int offset, SimTime moment, CancellationToken cancellation)
    {
        foreach (var entry in read(row))
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry.Kind == JournalEntryKind.Events)
            {
                foreach (var (e, _) in EntryCodec.ReadEvents(entry.Body).Skip(offset))
                {
                    if (e.Time > moment)
                    {
                        return new Stop(fold, row, offset);
                    }

                    fold.Apply(e, default);
                    offset++;
                }
            }
            else if (entry.Kind == JournalEntryKind.ScheduleChanged && EntryCodec.ReadSchedule(entry.Body, fold.Names).Time > moment)
            {
                return new Stop(fold, row, offset);
            }
            else
            {
                fold.Apply(entry);
            }

            row++;
            offset = 0;
        }

        return new Stop(fold, row, offset);
    }

    private Stop? Nearest(SimTime moment)
    {
        lock (_gate)
        {
            return _stops.Where(s => s.Fold.State.Now <= moment).MaxBy(s => (s.Row, s.Offset));
        }
    }

    private void Keep(Stop stop)
    {
        lock (_gate)
        {
            _stops.AddFirst(stop);
            if (_stops.Count > FoldsKept)
            {
                _stops.RemoveLast();
            }
        }
    }

    /// <summary>A fold that has come so far: all rows before <paramref name="Row"/>, and so many events of that row.</summary>
    private sealed record Stop(SessionFold Fold, long Row, int Offset);
}
