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

    public HistoryBook(int equipmentCount)
    {
        _closed = [.. Enumerable.Range(0, equipmentCount).Select(_ => new List<Bar>())];
        _open = [.. Enumerable.Range(0, equipmentCount).Select(_ => new List<Bar>(1))];
        _setupStart = [.. Enumerable.Repeat(-1L, equipmentCount)];
    }

    private HistoryBook(HistoryBook other)
    {
        _closed = [.. other._closed.Select(bars => new List<Bar>(bars))];
        _open = [.. other._open.Select(bars => new List<Bar>(bars))];
        _setupStart = [.. other._setupStart];
    }

    public HistoryBook Fork() => new(this);

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
        var closed = _closed[equipment];
        closed.Insert(FirstEndingAfter(CollectionsMarshal.AsSpan(closed), time), bar); // at the end, unless an observation was late
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
