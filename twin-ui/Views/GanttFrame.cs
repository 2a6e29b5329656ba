using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Views;

/// <summary>What a bar of the Gantt is. The numbers are part of the frame (<c>wwwroot/js/gantt-model.js</c> reads them).</summary>
public enum GanttKind : byte
{
    /// <summary>Planned, not begun.</summary>
    Planned,

    /// <summary>How something that has begun had been planned.</summary>
    Past,
    Done,

    /// <summary>Runs; ends when it should by what is known.</summary>
    Running,
    Setup,
    Cleaning,
    Down,
    Maintenance,
}

/// <summary>All bars of the Gantt as bytes: 36 per bar, columns instead of rows, so that a page reads them without parsing.</summary>
/// <remarks>
/// Little-endian. Head: <c>GNT1</c>, count (uint32), now ms (double), schedule version (int32), 4 bytes 0. Then one column after
/// another, each of <c>count</c> values: row, setup start, start, end, lead job, order, tardiness (int32; times in seconds since the
/// epoch), mean power (float32, kW), family (int16), kind, flags (bytes). Sorted by row, then setup start.
/// </remarks>
public static class GanttFrame
{
    /// <summary>Tardiness of an order without due date.</summary>
    public const int NoDue = int.MinValue;

    private const uint Magic = 0x31544e47;
    private const int Head = 24;

    /// <summary>Bytes of a view and what has run.</summary>
    /// <param name="busyAhead">What others have planned, as busy time.</param>
    public static byte[] Encode(TwinView view, IReadOnlyList<Bar> history, IReadOnlyList<Bar>? busyAhead = null)
    {
        var bars = Collect(view, history);
        bars.AddRange((busyAhead ?? []).Select(b => new GanttBar(
            b.Equipment, Seconds(b.SetupStart), Seconds(b.Start), Seconds(b.End), -1, -1, NoDue, -1, GanttKind.Planned, 0)));
        bars.Sort((a, b) => a.Row != b.Row ? a.Row.CompareTo(b.Row) : a.Setup.CompareTo(b.Setup));
        var bytes = new byte[Head + bars.Count * 36];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bars.Count);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8), view.Now.Milliseconds);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), view.Schedule.Version);
        var at = Head;
        foreach (var column in (Func<GanttBar, int>[])[b => b.Row, b => b.Setup, b => b.Start, b => b.End, b => b.Job, b => b.Order, b => b.Late])
        {
            var values = MemoryMarshal.Cast<byte, int>(bytes.AsSpan(at, bars.Count * 4));
            for (var i = 0; i < bars.Count; i++)
            {
                values[i] = column(bars[i]);
            }

            at += bars.Count * 4;
        }

        var power = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(at, bars.Count * 4));
        for (var i = 0; i < bars.Count; i++)
        {
            power[i] = (float)bars[i].Kw;
        }

        at += bars.Count * 4;
        var families = MemoryMarshal.Cast<byte, short>(bytes.AsSpan(at, bars.Count * 2));
        at += bars.Count * 2;
        for (var i = 0; i < bars.Count; i++)
        {
            families[i] = (short)bars[i].Family;
            bytes[at + i] = (byte)bars[i].Kind;
            bytes[at + bars.Count + i] = bars[i].Flags;
        }

        return bytes;
    }

    /// <summary>The bars of a view: what has run, what runs, and the schedule in force.</summary>
    public static List<GanttBar> Collect(TwinView view, IReadOnlyList<Bar> history)
    {
        var lateness = new OrderLateness(view);
        var bars = new List<GanttBar>(history.Count + (view.Schedule.Schedule?.Batches.Length ?? 0));
        foreach (var bar in history)
        {
            bars.Add(Executed(bar, view, lateness));
        }

        foreach (var batch in view.Schedule.Schedule?.Batches ?? [])
        {
            var lead = batch.Jobs[0];
            var status = view.State.Jobs[lead].Status;
            if (status == JobStatus.Cancelled)
            {
                continue;
            }

            var begun = status is JobStatus.Running or JobStatus.Held or JobStatus.Blocked or JobStatus.Done;
            bars.Add(new GanttBar(
                batch.Equipment, Seconds(batch.SetupStart), Seconds(batch.Start), Seconds(batch.End), lead,
                view.State.Plant.Jobs.OrderOf(lead), lateness.Of(view.State.Plant.Jobs.OrderOf(lead)), batch.Family?.Index ?? -1,
                begun ? GanttKind.Past : GanttKind.Planned, Flags(batch.Jobs.Length, batch.Locked || view.State.Jobs[lead].Locked, false), LoadStrip.MeanKw(view.State.Plant, lead, batch.Equipment)));
        }

        return bars;
    }

    private static GanttBar Executed(Bar bar, TwinView view, OrderLateness lateness)
    {
        var open = bar.Outcome == BarOutcome.Open;
        var now = view.Now.Milliseconds;
        var end = !open ? bar.End : Math.Max(now, bar.ExpectedEnd);
        var lead = bar.Jobs.IsDefaultOrEmpty ? -1 : bar.Jobs[0];
        var order = lead >= 0 ? view.State.Plant.Jobs.OrderOf(lead) : -1;
        var kind = bar.Kind switch
        {
            BarKind.Batch => open ? GanttKind.Running : GanttKind.Done,
            BarKind.Setup => GanttKind.Setup,
            BarKind.Cleaning => GanttKind.Cleaning,
            BarKind.Down => GanttKind.Down,
            _ => GanttKind.Maintenance,
        };
        var held = lead >= 0 && open && view.State.Jobs[lead].Status == JobStatus.Held;
        return new GanttBar(
            bar.Equipment, Seconds(bar.SetupStart), Seconds(bar.Start), Seconds(end), lead, order, order >= 0 ? lateness.Of(order) : NoDue, bar.Family,
            kind, Flags(bar.Jobs.IsDefault ? 0 : bar.Jobs.Length, lead >= 0 && view.State.Jobs[lead].Locked, held), lead >= 0 && bar.Kind == BarKind.Batch ? LoadStrip.MeanKw(view.State.Plant, lead, bar.Equipment) : 0);
    }

    private static byte Flags(int jobs, bool locked, bool held) => (byte)((locked ? 1 : 0) | (jobs > 1 ? 2 : 0) | (held ? 4 : 0));

    private static int Seconds(SimTime time) => Seconds(time.Milliseconds);

    private static int Seconds(long milliseconds) => (int)Math.Clamp(milliseconds / 1000, int.MinValue + 1, int.MaxValue);
}

/// <summary>One bar; times in seconds since the epoch.</summary>
/// <param name="Late">Seconds by which the order is or will be late; <see cref="GanttFrame.NoDue"/> without due date.</param>
/// <param name="Flags">1 locked, 2 several jobs, 4 held.</param>
/// <param name="Kw">Mean electric power while it runs.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GanttBar(
    int Row, int Setup, int Start, int End, int Job, int Order, int Late, int Family, GanttKind Kind, byte Flags, double Kw = 0);

/// <summary>How late each order was, or is planned to be.</summary>
public sealed class OrderLateness
{
    private readonly PlantState _state;
    private readonly long _now;
    private readonly Dictionary<int, long> _plannedEnd = [];

    public OrderLateness(TwinView view)
    {
        _state = view.State;
        _now = view.Now.Milliseconds;
        foreach (var batch in view.Schedule.Schedule?.Batches ?? [])
        {
            foreach (var job in batch.Jobs)
            {
                var order = _state.Plant.Jobs.OrderOf(job);
                _plannedEnd[order] = Math.Max(_plannedEnd.GetValueOrDefault(order, long.MinValue), batch.End.Milliseconds);
            }
        }
    }

    /// <summary>Planned completion of an order; <c>null</c> when the schedule in force does not have it.</summary>
    public SimTime? PlannedEnd(int order) => _plannedEnd.TryGetValue(order, out var end) ? new SimTime(end) : null;

    /// <summary>Seconds late: of the completion, else of the plan, at least of now.</summary>
    public int Of(int order)
    {
        if (_state.Plant.Scenario.Orders[order].Due is not { } due)
        {
            return GanttFrame.NoDue;
        }

        var completed = _state.Orders[order].CompletedAt;
        var end = completed >= 0 ? completed : Math.Max(_now, _plannedEnd.GetValueOrDefault(order, _now));
        return (int)Math.Clamp((end - due.Milliseconds) / 1000, int.MinValue + 1, int.MaxValue);
    }
}
