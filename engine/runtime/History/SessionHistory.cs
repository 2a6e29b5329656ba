using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.History;

/// <inheritdoc/>
/// <remarks>A moment is the nearest saved fold before it, or a fold that was looked at lately, and the events since.</remarks>
internal sealed class SessionHistory(IJournal journal, FoldKeeper keeper, Func<int> run, TimeProvider time) : ISessionHistory
{
    private const int StopsKept = 8;
    private readonly Lock _gate = new();
    private readonly LinkedList<Stop> _stops = new();

    public SimTime Start => journal.Forgotten == 0 ? SimTime.Zero : new SimTime(journal.Snapshots.FirstOrDefault(s => s.HasFold)?.ClockMs ?? 0);

    public SimTime End => new(Math.Max(0, journal.ClockMs));

    public Task<SessionMoment> AtAsync(SimTime moment, CancellationToken cancellation = default) =>
        Task.Run(() => At(SimTime.Max(Start, moment <= End ? moment : End), cancellation), cancellation);

    public IEnumerable<PlantEvent> Between(SimTime from, SimTime to)
    {
        var clock = new SimTime(-1);
        foreach (var entry in journal.Read(Math.Max(journal.Forgotten, journal.RowBefore(from.Milliseconds))))
        {
            for (var (i, count) = (0, EntryCodec.Count(entry)); i < count; i++)
            {
                var (e, _) = EntryCodec.EventAt(entry.Body.Span, i);
                clock = SimTime.Max(clock, e.Time);
                if (clock > to)
                {
                    yield break;
                }

                if (clock > from)
                {
                    yield return e;
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
        var saved = journal.Snapshots.LastOrDefault(s => s.HasFold && s.ClockMs <= moment.Milliseconds)?.Sequence ?? 0;
        var stop = Cached(moment, saved)?.Fork();
        if (stop is null)
        {
            stop = new Stop(keeper.At(moment));
        }

        Advance(stop, moment, cancellation);
        Keep(stop);
        return new SessionMoment(stop.Fold, stop.Offset, moment, run(), time.GetUtcNow());
    }

    private void Advance(Stop stop, SimTime moment, CancellationToken cancellation)
    {
        var fold = stop.Fold;
        foreach (var entry in journal.Read(fold.Row))
        {
            cancellation.ThrowIfCancellationRequested();
            if (EntryCodec.LatestMs(entry) <= moment.Milliseconds && stop.Offset == 0)
            {
                fold.Step(entry);
                continue;
            }

            fold.MissUpTo(entry.Sequence - 1);
            for (var count = EntryCodec.Count(entry); stop.Offset < count; stop.Offset++)
            {
                var (e, _) = EntryCodec.EventAt(entry.Body.Span, stop.Offset);
                if (e.Time > moment)
                {
                    return;
                }

                fold.Remember(e, default);
            }

            if (entry.Kind != JournalEntryKind.Events)
            {
                return; // a schedule of a later time
            }

            fold.Row = entry.Sequence;
            stop.Offset = 0;
        }
    }

    /// <summary>The furthest fold looked at lately that is not beyond the moment, when it is further than the saved one.</summary>
    private Stop? Cached(SimTime moment, long savedRow)
    {
        lock (_gate)
        {
            var best = _stops.Where(s => s.Fold.State.Now <= moment && s.Fold.Row >= savedRow).MaxBy(s => (s.Fold.Row, s.Offset));
            if (best is not null)
            {
                _stops.Remove(best);
                _stops.AddFirst(best);
            }

            return best;
        }
    }

    private void Keep(Stop stop)
    {
        lock (_gate)
        {
            _stops.AddFirst(stop);
            if (_stops.Count > StopsKept)
            {
                _stops.RemoveLast();
            }
        }
    }

    /// <summary>A fold that has come so far: its rows, and so many events of the next.</summary>
    private sealed record Stop(SessionFold Fold)
    {
        public int Offset { get; set; }

        public Stop Fork() => new(Fold.Fork()) { Offset = Offset };
    }
}
