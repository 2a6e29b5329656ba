using System.Diagnostics;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>Saves folds beside the journal and finds them again: a restart and a look back begin at the nearest one instead of at the epoch.</summary>
/// <remarks>Everything here is derived from the journal's rows. Safe for concurrent callers, but <see cref="Restore"/> and <see cref="Take"/>, which are the writer's.</remarks>
internal sealed class FoldKeeper(CompiledScenario plant, IJournal journal, TwinSessionOptions options)
{
    /// <summary>Bytes of a saved fold that are worth an event folded again: keeps saved folds from outgrowing the journal.</summary>
    private const int BytesPerEvent = 100;

    private readonly FoldCodec _codec = new(plant);
    private Task<JournalSnapshot>? _pending;
    private long _events; // folded since the latest saved fold
    private long _interval = Math.Max(1, options.SnapshotEvery);
    private long _since; // row of the latest saved fold
    private long _began;
    private TimeSpan _lastTook;

    /// <summary>The fold at the latest saved one, to go back to without the database; <c>null</c> before the first.</summary>
    public (SessionFold Fold, long Row)? Anchor { get; private set; }

    /// <summary>The fold of the whole journal.</summary>
    public SessionFold Restore()
    {
        var fold = Latest(out var row);
        fold.IsWatched = true;
        foreach (var entry in journal.Read(row))
        {
            fold.Step(entry);
            row = entry.Sequence;
            _events += EntryCodec.Count(entry);
            if (_events >= _interval && _pending is null)
            {
                Save(Begin(fold, row)());
            }
        }

        fold.MissUpTo(journal.Count);
        return fold;
    }

    /// <summary>The fold of the whole journal, from the anchor.</summary>
    /// <param name="torn">The fold that went too far; its ids go over.</param>
    public SessionFold Mend(SessionFold torn, IReadOnlyCollection<UInt128> tornIds)
    {
        if (Anchor is not { } anchor)
        {
            return Restore();
        }

        torn.Ids.Forget(tornIds);
        var fold = anchor.Fold.ForkFor(torn.Ids);
        fold.IsWatched = true;
        foreach (var entry in journal.Read(anchor.Row))
        {
            fold.Step(entry);
        }

        fold.MissUpTo(journal.Count);
        return fold;
    }

    /// <summary>After a commit: begins to save the fold when it is time. Returns one that is ready to go to the disk with the next commit.</summary>
    public void Take(SessionFold fold, long row, int events)
    {
        _events += events;
        if (_events >= _interval && _pending is null && Stopwatch.GetElapsedTime(_began) > 4 * _lastTook)
        {
            _pending = Task.Run(Begin(fold, row));
        }
    }

    /// <summary>A saved fold that is ready to be written, or <c>null</c>.</summary>
    public JournalSnapshot? Ready(bool wait = false)
    {
        if (_pending is not { } pending || (!wait && !pending.IsCompleted))
        {
            return null;
        }

        _pending = null;
        return pending.GetAwaiter().GetResult();
    }

    /// <summary>A saved fold could not be written: it goes with the next commit.</summary>
    public void Again(JournalSnapshot? snapshot) => _pending = snapshot is null ? _pending : Task.FromResult(snapshot);

    /// <summary>The last fold before the session closes, when it is worth it.</summary>
    public JournalSnapshot? Last(SessionFold fold, long row) => _events >= Math.Min(5000, _interval) ? Begin(fold, row)() : null;

    /// <summary>Begins at the epoch again.</summary>
    public void Clear()
    {
        Ready(wait: true);
        Anchor = null;
        _since = 0;
        _interval = Math.Max(1, options.SnapshotEvery);
        _events = 0;
    }

    /// <summary>The latest saved fold not beyond a moment; the epoch when there is none. Its closed bars are read when they are asked for.</summary>
    public SessionFold At(SimTime moment)
    {
        if (Nearest(s => s.ClockMs <= moment.Milliseconds, 0, out var row) is not { } fold)
        {
            return Epoch(0, out _);
        }

        fold.History.Older = (from, to) => journal.Snapshots.Where(s => s.Sequence <= row && s.BarsFrom <= to.Milliseconds && s.BarsTo >= from.Milliseconds).SelectMany(BarsOf);
        return fold;
    }

    private SessionFold Latest(out long row)
    {
        var fold = Nearest(_ => true, options.KnownIds, out row);
        if (fold is null)
        {
            return Epoch(options.KnownIds, out row);
        }

        foreach (var head in journal.Snapshots)
        {
            if (head.Sequence <= row)
            {
                fold.History.AddClosed(BarsOf(head));
            }
        }

        foreach (var entry in journal.Read(journal.RowBeforeLastEvents(options.KnownIds)))
        {
            if (entry.Sequence > row)
            {
                break;
            }

            fold.Know(entry);
        }

        Anchor = (fold.Fork(), row);
        _since = row;
        return fold;
    }

    private void Save(JournalSnapshot snapshot)
    {
        try
        {
            journal.Append([], snapshot);
        }
        catch (JournalException)
        {
            Again(snapshot); // a disk that is full must not keep the session from reading
        }
    }

    private SessionFold? Nearest(Func<SnapshotHead, bool> fits, int knownIds, out long row)
    {
        var heads = journal.Snapshots;
        for (var i = heads.Count - 1; i >= 0; i--)
        {
            if (heads[i].HasFold && fits(heads[i]) && journal.ReadSnapshot(heads[i]) is { } saved && _codec.Read(saved.Fold, heads[i].Sequence, knownIds, anyScenario: heads[i].Sequence == journal.Forgotten) is { } fold)
            {
                row = heads[i].Sequence;
                return fold;
            }
        }

        row = 0;
        return null;
    }

    private SessionFold Epoch(int knownIds, out long row)
    {
        row = 0;
        return journal.Forgotten == 0
            ? new SessionFold(plant, knownIds)
            : throw new JournalException($"the journal of '{plant.Scenario.Id}' begins at a saved fold (row {journal.Forgotten}; what was before is forgotten by policy), and this version cannot read that one. "
                + "Maybe use the version that wrote it, or restore a backup.");
    }

    /// <summary>The bars kept with a saved fold; made anew from the rows when they are damaged.</summary>
    private IReadOnlyList<Bar> BarsOf(SnapshotHead head)
    {
        var before = journal.Snapshots.LastOrDefault(s => s.Sequence < head.Sequence)?.Sequence ?? 0;
        if (journal.ReadBars(head) is { } bytes && BarCodec.Read(bytes) is var kept && (kept.SinceRow <= before || head.Sequence == journal.Forgotten))
        {
            return kept.Bars;
        }

        var fold = Nearest(s => s.Sequence <= before, 0, out var row) ?? Epoch(0, out row);
        foreach (var entry in journal.Read(row))
        {
            if (entry.Sequence > head.Sequence)
            {
                break;
            }

            fold.Step(entry);
            if (entry.Sequence == before)
            {
                fold.History.TakeRecent();
            }
        }

        return fold.History.TakeRecent();
    }

    /// <summary>Copies the fold now; what it returns encodes the copy, on any thread.</summary>
    private Func<JournalSnapshot> Begin(SessionFold fold, long row)
    {
        var bars = fold.History.TakeRecent();
        var copy = fold.Fork();
        var since = _since;
        Anchor = (copy, row);
        _since = row;
        _events = 0;
        _began = Stopwatch.GetTimestamp();
        return () =>
        {
            var head = new SnapshotHead(row, copy.State.Now.Milliseconds, bars.Count > 0 ? bars.Min(b => b.End) : 0, bars.Count > 0 ? bars.Max(b => b.End) : -1);
            var snapshot = new JournalSnapshot(head, _codec.Write(copy), BarCodec.Bytes(since, bars));
            _interval = Math.Max(Math.Max(1, options.SnapshotEvery), snapshot.Fold.Length / BytesPerEvent);
            _lastTook = Stopwatch.GetElapsedTime(_began);
            return snapshot;
        };
    }
}
