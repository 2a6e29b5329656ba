using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>Waits that a log shows and that no machine explains: transfers, inspection papers, people who were elsewhere.</summary>
/// <remarks>
/// A queue takes a job as soon as its machine is free. So a job cannot have been in the queue before the last moment at which its machine
/// stood free in working hours: what lies between the end of its predecessors and that moment is an unexplained wait. Pauses inside an
/// operation beyond nights, weekends and breakdowns are another. Both are kept as the log has them (an empirical distribution per machine group).
/// </remarks>
internal sealed class MachiningWaits
{
    // Handovers between two pieces of work leave the machine free for a moment without anybody having missed a chance.
    private static readonly Duration Handover = Duration.FromMinutes(30);
    private const int EnoughOfAGroup = 10;
    private const ulong TransferPurpose = 0x7A17, PausePurpose = 0x9A05E;

    private readonly Dictionary<string, double[]> _transfers;
    private readonly Dictionary<string, double[]> _pauses;
    private readonly double[] _allTransfers;
    private readonly double[] _allPauses;

    /// <param name="orders">The orders to learn from.</param>
    /// <param name="all">All operations of the log and its breakdowns: they occupied the machines.</param>
    /// <param name="calendarOf">Working hours of a machine group.</param>
    public MachiningWaits(IEnumerable<LoggedOrder> orders, MachiningOperations all, Func<string, WorkCalendar> calendarOf, long epoch)
    {
        var clock = new PlantClock(new DateTime(epoch * TimeSpan.TicksPerMillisecond, DateTimeKind.Unspecified), "UTC");
        var end = all.Operations.Max(o => o.End);
        var hoursOf = all.Slots.Keys.Select(MachiningNames.MachineGroup).Distinct(StringComparer.Ordinal)
            .ToDictionary(g => g, g => CalendarTimeline.Unroll(calendarOf(g), clock, new SimTime(end - epoch) + Duration.FromDays(60)), StringComparer.Ordinal);
        var busy = all.Slots.Keys.ToDictionary(m => m, m => BusyOf(m, all), StringComparer.Ordinal);
        var (transfers, pauses) = (new List<(string Group, double Ms)>(), new List<(string Group, double Ms)>());
        foreach (var order in orders)
        {
            for (var k = 0; k < order.Operations.Count; k++)
            {
                var operation = order.Operations[k];
                var group = MachiningNames.MachineGroup(operation.Machine);
                var hours = hoursOf[group];
                var before = order.PredecessorsOf(k).Select(p => order.Operations[p].End).DefaultIfEmpty(-1).Max();
                if (before >= 0)
                {
                    transfers.Add((group, LastFree(busy[operation.Machine], hours, operation.Start, before, epoch) - before));
                }

                pauses.Add((group, PauseIn(operation, all.Breakdowns[operation.Machine], hours, epoch)));
            }
        }

        (_transfers, _allTransfers) = ByGroup(transfers);
        (_pauses, _allPauses) = ByGroup(pauses);
    }

    /// <summary>Mean unexplained wait before an operation, hours.</summary>
    public double MeanTransferHours => _allTransfers.DefaultIfEmpty(0).Average() / Duration.MillisecondsPerHour;

    /// <summary>Mean unexplained pause inside an operation, hours.</summary>
    public double MeanPauseHours => _allPauses.DefaultIfEmpty(0).Average() / Duration.MillisecondsPerHour;

    /// <summary>A wait after the n-th operation of an order: the transfer to what follows and its pauses; for a first operation its own pauses too.</summary>
    public Duration Draw(LoggedOrder order, int index, in RandomSource luck)
    {
        var next = Enumerable.Range(index + 1, order.Operations.Count - index - 1).FirstOrDefault(s => order.PredecessorsOf(s).Contains(index), -1);
        if (next < 0)
        {
            return Duration.Zero;
        }

        var wait = Pick(_transfers, _allTransfers, order, next, TransferPurpose, luck) + Pick(_pauses, _allPauses, order, next, PausePurpose, luck);
        return Duration.FromMilliseconds(index == 0 ? wait + Pick(_pauses, _allPauses, order, 0, PausePurpose, luck) : wait);
    }

    private static double Pick(
        Dictionary<string, double[]> byGroup, double[] all, LoggedOrder order, int index, ulong purpose, in RandomSource luck)
    {
        var values = byGroup.GetValueOrDefault(MachiningNames.MachineGroup(order.Operations[index].Machine), all);
        return values.Length == 0 ? 0 : values[(int)(luck.Uniform(RandomSource.Key(order.Case) ^ purpose, index) * values.Length)];
    }

    private static (Dictionary<string, double[]> ByGroup, double[] All) ByGroup(List<(string Group, double Ms)> values) =>
        (values.GroupBy(v => v.Group, StringComparer.Ordinal).Where(g => g.Count() >= EnoughOfAGroup)
            .ToDictionary(g => g.Key, g => g.Select(v => v.Ms).Order().ToArray(), StringComparer.Ordinal), [.. values.Select(v => v.Ms).Order()]);

    /// <summary>Stretches in which every place of a machine was taken, or it was broken.</summary>
    private static List<(long Start, long End)> BusyOf(string machine, MachiningOperations all)
    {
        var borders = all.Operations.Where(o => o.Machine == machine).SelectMany(o => o.Work).SelectMany(w => new[] { (At: w.Start, Step: 1), (At: w.End, Step: -1) })
            .Concat(all.Breakdowns[machine].SelectMany(b => new[] { (At: b.Start, Step: all.Slots[machine]), (At: b.End, Step: -all.Slots[machine]) }))
            .OrderBy(b => b.At).ThenBy(b => b.Step);
        var (taken, since) = (0, 0L);
        var busy = new List<(long Start, long End)>();
        foreach (var (at, step) in borders)
        {
            var full = taken >= all.Slots[machine];
            taken += step;
            if (!full && taken >= all.Slots[machine])
            {
                since = at;
            }
            else if (full && taken < all.Slots[machine])
            {
                busy.Add((since, at));
            }
        }

        return busy;
    }

    /// <summary>The last moment before <paramref name="start"/>, but not before <paramref name="earliest"/>, at which the machine stood free in working hours.</summary>
    private static long LastFree(List<(long Start, long End)> busy, CalendarTimeline hours, long start, long earliest, long epoch)
    {
        var until = start;
        for (var i = busy.FindLastIndex(b => b.Start < start); until > earliest; i--)
        {
            var from = Math.Max(earliest, i >= 0 ? Math.Min(busy[i].End, until) : earliest);
            if (hours.WorkBetween(new SimTime(from - epoch), new SimTime(until - epoch)) >= Duration.Min(Handover, new Duration(start - earliest)))
            {
                return LastWorking(hours, from, until, epoch);
            }

            until = i >= 0 ? Math.Min(until, busy[i].Start) : earliest;
        }

        return earliest;
    }

    private static long LastWorking(CalendarTimeline hours, long from, long until, long epoch)
    {
        var end = new SimTime(until - epoch);
        while (until - from > 1)
        {
            var middle = from + (until - from) / 2;
            (from, until) = hours.WorkBetween(new SimTime(middle - epoch), end) > Duration.Zero ? (middle, until) : (from, middle);
        }

        return until;
    }

    /// <summary>How much later an operation ended than its work, nights, weekends and breakdowns explain.</summary>
    private static double PauseIn(LoggedOperation operation, List<(long Start, long End)> breakdowns, CalendarTimeline hours, long epoch)
    {
        var work = operation.ProcessMs + operation.SetupMs;
        var explained = hours.EndOfInterruptible(new SimTime(operation.Start - epoch), new Duration(work)).Milliseconds - (operation.Start - epoch);
        var broken = breakdowns.Sum(b => Math.Max(0, Math.Min(b.End, operation.End) - Math.Max(b.Start, operation.Start)));
        return Math.Max(0, operation.End - operation.Start - Math.Max(explained, work) - broken);
    }
}
