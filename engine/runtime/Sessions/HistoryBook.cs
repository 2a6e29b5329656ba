using System.Collections.Immutable;
using System.Runtime.InteropServices;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>What has run and what runs, as bars per equipment: a second fold of the events, beside the state.</summary>
/// <remarks>Not thread-safe: the session guards it.</remarks>
internal sealed class HistoryBook
{
    private readonly List<Bar>[] _closed;
    private readonly List<Bar>[] _open;

    /// <summary>Setup that ended and waits for its batch; −1 none.</summary>
    private readonly long[] _setupStart;
    private List<Bar> _recent = [];

    /// <summary>Where bars are that closed before the ones in here, by a range of times; <c>null</c> when all are here.</summary>
    public Func<SimTime, SimTime, IEnumerable<Bar>>? Older { get; set; }

    public HistoryBook(int equipmentCount)
    {
        _closed = [.. Enumerable.Range(0, equipmentCount).Select(_ => new List<Bar>())];
        _open = [.. Enumerable.Range(0, equipmentCount).Select(_ => new List<Bar>(1))];
        _setupStart = [.. Enumerable.Repeat(-1L, equipmentCount)];
    }

    private HistoryBook(HistoryBook other, List<Bar>[] closed)
    {
        _closed = closed;
        _open = [.. other._open.Select(bars => new List<Bar>(bars))];
        _setupStart = [.. other._setupStart];
    }

    /// <summary>An independent copy; nothing in it counts as recent.</summary>
    public HistoryBook Fork() => new(this, [.. _closed.Select(bars => new List<Bar>(bars))]) { Older = Older };

    /// <summary>A copy with bars that closed before the ones in here.</summary>
    private HistoryBook WithOlder(IEnumerable<Bar> older)
    {
        var book = new HistoryBook(this, [.. _closed.Select(_ => new List<Bar>())]);
        book.AddClosed(older);
        foreach (var bars in _closed)
        {
            book.AddClosed(bars);
        }

        return book;
    }

    /// <summary>Adds bars that closed; fastest when by their ends.</summary>
    public void AddClosed(IEnumerable<Bar> bars)
    {
        foreach (var bar in bars)
        {
            Insert(bar);
        }
    }

    /// <summary>Bars that closed since this was asked last, in the order they did.</summary>
    public List<Bar> TakeRecent()
    {
        var recent = _recent;
        _recent = [];
        return recent;
    }

    /// <summary>Writes what runs, without what has closed.</summary>
    public void WriteOpen(BinaryWriter to)
    {
        foreach (var start in _setupStart)
        {
            to.Write(start);
        }

        BarCodec.Write(to, [.. _open.SelectMany(bars => bars)]);
    }

    /// <summary>Reads what <see cref="WriteOpen"/> wrote into an empty book.</summary>
    public void ReadOpen(BinaryReader from)
    {
        for (var e = 0; e < _setupStart.Length; e++)
        {
            _setupStart[e] = from.ReadInt64();
        }

        foreach (var bar in BarCodec.Read(from))
        {
            _open[bar.Equipment].Add(bar);
        }
    }

    /// <summary>Takes up one event that has just been folded into <paramref name="state"/>.</summary>
    public void On(in PlantEvent e, PlantState state)
    {
        var t = e.Time.Milliseconds;
        switch (e.Kind)
        {
            case PlantEventKind.SetupStarted:
                _setupStart[e.Equipment] = t;
                Open(e, BarKind.Setup, t, e.Job >= 0 ? [e.Job] : [], e.Arg);
                break;
            case PlantEventKind.SetupEnded: Drop(e.Equipment, BarKind.Setup); break;
            case PlantEventKind.CleaningStarted: Open(e, BarKind.Cleaning, t, [], -1); break;
            case PlantEventKind.CleaningEnded: Close(e.Equipment, BarKind.Cleaning, -1, t, BarOutcome.Done); break;
            case PlantEventKind.BatchStarted:
                Open(e, BarKind.Batch, _setupStart[e.Equipment] is >= 0 and var s ? s : t, Members(e.Job, state), e.Arg);
                _setupStart[e.Equipment] = -1;
                break;
            case PlantEventKind.BatchEnded: Close(e.Equipment, BarKind.Batch, e.Job, t, BarOutcome.Done); break;
            case PlantEventKind.BatchRework: Close(e.Equipment, BarKind.Batch, e.Job, t, BarOutcome.Rework); break;
            case PlantEventKind.EquipmentDown:
                Close(e.Equipment, BarKind.Setup, -1, t, BarOutcome.Interrupted);
                Close(e.Equipment, BarKind.Cleaning, -1, t, BarOutcome.Interrupted);
                Close(e.Equipment, BarKind.Maintenance, -1, t, BarOutcome.Interrupted);
                _setupStart[e.Equipment] = -1;
                Open(e, BarKind.Down, t, [], -1);
                break;
            case PlantEventKind.RepairEnded: Close(e.Equipment, BarKind.Down, -1, t, BarOutcome.Done); break;
            case PlantEventKind.MaintenanceStarted: Open(e, BarKind.Maintenance, t, [], -1); break;
            case PlantEventKind.MaintenanceEnded: Close(e.Equipment, BarKind.Maintenance, -1, t, BarOutcome.Done); break;
        }
    }

    /// <summary>Bars that touch a time range, by equipment and start.</summary>
    public BarPage Query(PlantState state, SimTime from, SimTime to, IReadOnlyList<int>? equipment, int limit)
    {
        if (Older is { } older)
        {
            return WithOlder(older(from, to)).Query(state, from, to, equipment, limit);
        }

        var found = new List<Bar>();
        foreach (var e in equipment ?? [.. Enumerable.Range(0, _closed.Length)])
        {
            var closed = CollectionsMarshal.AsSpan(_closed[e]);
            for (var i = FirstEndingAfter(closed, from.Milliseconds); i < closed.Length; i++)
            {
                // Bars of equipment with several slots overlap, so the starts are not sorted: look at all that end late enough.
                if (closed[i].SetupStart < to.Milliseconds && !Take(closed[i]))
                {
                    return new BarPage(found, More: true);
                }
            }

            foreach (var bar in _open[e])
            {
                if (bar.SetupStart < to.Milliseconds && !Take(bar with { ExpectedEnd = ExpectedEnd(bar, state) }))
                {
                    return new BarPage(found, More: true);
                }
            }
        }

        return new BarPage(found, More: false);

        bool Take(Bar bar)
        {
            if (found.Count >= limit)
            {
                return false;
            }

            found.Add(bar);
            return true;
        }
    }

    private static int FirstEndingAfter(ReadOnlySpan<Bar> closed, long time)
    {
        var (low, high) = (0, closed.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (closed[middle].End > time)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private static long ExpectedEnd(Bar bar, PlantState state)
    {
        if (bar.Kind != BarKind.Batch)
        {
            return state.Equipment[bar.Equipment].ExpectedEnd;
        }

        return state.ExpectedEndMs(bar.Jobs[0]);
    }

    private static ImmutableArray<int> Members(int lead, PlantState state)
    {
        var members = ImmutableArray.CreateBuilder<int>();
        for (var j = lead; j >= 0; j = state.Jobs[j].NextInBatch)
        {
            members.Add(j);
        }

        return members.ToImmutable();
    }

    private void Open(in PlantEvent e, BarKind kind, long setupStart, ImmutableArray<int> jobs, int family) => _open[e.Equipment].Add(new Bar
    {
        Kind = kind, Equipment = e.Equipment, Jobs = jobs, Family = family, SetupStart = setupStart, Start = e.Time.Milliseconds,
    });

    private void Close(int equipment, BarKind kind, int lead, long time, BarOutcome outcome)
    {
        var i = _open[equipment].FindIndex(b => b.Kind == kind && (lead < 0 || b.Jobs[0] == lead));
        if (i < 0)
        {
            return;
        }

        var bar = _open[equipment][i] with { End = time, Outcome = outcome };
        _open[equipment].RemoveAt(i);
        _recent.Add(bar);
        Insert(bar);
    }

    private void Insert(Bar bar)
    {
        var closed = _closed[bar.Equipment];
        closed.Insert(FirstEndingAfter(CollectionsMarshal.AsSpan(closed), bar.End), bar); // at the end, unless an observation was late
    }

    private void Drop(int equipment, BarKind kind)
    {
        var i = _open[equipment].FindIndex(b => b.Kind == kind);
        if (i >= 0)
        {
            _open[equipment].RemoveAt(i);
        }
    }
}
