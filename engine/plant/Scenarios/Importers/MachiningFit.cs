using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>What is estimated from the log as a whole: working hours, spread of touch times, failures and repairs.</summary>
internal sealed class MachiningFit
{
    /// <summary>Fewer degrees of freedom than this take the spread of all groups together.</summary>
    private const int EnoughFreedom = 10;

    private readonly double _pooledSigma;
    private readonly Dictionary<(string Group, string Part, string Step), double> _meanMs;
    private readonly Dictionary<(string Group, string Step), double> _meanSetupMs;

    public MachiningFit(MachiningOperations operations, MachiningOrderBook book, long from, long to)
    {
        Calendar = FitCalendar(operations, from, to, out var openHoursPerWeek);
        GroupHours = MachiningHours.Fit(operations, from, to);
        (Sigmas, _pooledSigma) = FitSigmas(book);
        _meanSetupMs = book.Orders.SelectMany(o => o.Operations).GroupBy(o => (MachiningNames.MachineGroup(o.Machine), MachiningNames.Step(o.Activity)))
            .ToDictionary(g => g.Key, g => g.Average(o => (double)o.SetupMs));
        _meanMs = Steps(book).ToDictionary(g => g.Key, g => g.Average(o => (double)o.ProcessMs));
        var repairs = operations.Breakdowns.Values.SelectMany(b => b).Select(b => Math.Log(b.End - b.Start)).ToList();
        if (repairs.Count > 0)
        {
            var mean = repairs.Average();
            MedianRepair = Duration.FromMilliseconds(Math.Exp(mean));
            Repair = Distribution.Lognormal(Math.Exp(mean), Math.Sqrt(repairs.Sum(r => (r - mean) * (r - mean)) / Math.Max(1, repairs.Count - 1)));
        }

        var openHours = (to - from) / (7.0 * Duration.MillisecondsPerDay) * openHoursPerWeek;
        MeanUpTimes = operations.Breakdowns.GroupBy(b => MachiningNames.MachineGroup(b.Key))
            .Where(g => g.Any(m => m.Value.Count > 0))
            .ToDictionary(g => g.Key, g => Duration.FromHours(openHours * g.Count() / g.Sum(m => m.Value.Count)));
    }

    /// <summary>Hours of the week in which somebody worked in at least half of the weeks.</summary>
    public WorkCalendar Calendar { get; }

    /// <summary>Working hours of each machine group that shows its own; the others work as the plant does.</summary>
    public ImmutableSortedDictionary<string, WorkCalendar> GroupHours { get; }

    /// <summary>Spread of ln(touch time) between orders of the same part and step, per machine group that has enough of them.</summary>
    public ImmutableSortedDictionary<string, double> Sigmas { get; }

    /// <summary>Repair times of all breakdowns; <c>null</c> when the log has none.</summary>
    public Distribution? Repair { get; }

    public Duration MedianRepair { get; }

    /// <summary>Mean working time between failures, per machine group that failed.</summary>
    public Dictionary<string, Duration> MeanUpTimes { get; }

    /// <summary>A factor with mean 1.</summary>
    public Distribution VariationOf(string group)
    {
        var sigma = Sigmas.GetValueOrDefault(group, _pooledSigma);
        return sigma > 0 ? Distribution.Lognormal(Math.Exp(-sigma * sigma / 2), sigma) : Distribution.Constant(1);
    }

    /// <summary>Mean processing time of the same step of the same part in the same machine group; the sum over all is the recorded sum.</summary>
    /// <remarks>The order quantity is not used: in the log it explains next to nothing of the touch time of an operation.</remarks>
    public double ExpectedMs(LoggedOperation operation) => operation.ProcessMs > 0 ? Math.Round(MeanOf(KeyOf(operation))) : 0;

    /// <summary>Mean setup of the same step in the same machine group, for orders that were not learned from.</summary>
    public double ExpectedSetupMs(LoggedOperation operation) =>
        Math.Round(_meanSetupMs.GetValueOrDefault((MachiningNames.MachineGroup(operation.Machine), MachiningNames.Step(operation.Activity))));

    /// <summary>A step that was not seen with this part takes as long as with other parts, else as anything in its group, else as anything.</summary>
    private double MeanOf((string Group, string Part, string Step) key) =>
        _meanMs.TryGetValue(key, out var known) ? known
        : Mean(_meanMs.Where(m => m.Key.Group == key.Group && m.Key.Step == key.Step))
            ?? Mean(_meanMs.Where(m => m.Key.Group == key.Group))
            ?? Mean(_meanMs) ?? 0;

    private static double? Mean(IEnumerable<KeyValuePair<(string, string, string), double>> means) =>
        means.Select(m => (double?)m.Value).DefaultIfEmpty(null).Average();

    private static (string Group, string Part, string Step) KeyOf(LoggedOperation operation) =>
        (MachiningNames.MachineGroup(operation.Machine), operation.Part, MachiningNames.Step(operation.Activity));

    private static IEnumerable<IGrouping<(string Group, string Part, string Step), LoggedOperation>> Steps(MachiningOrderBook book) =>
        book.Orders.SelectMany(o => o.Operations).Where(o => o.ProcessMs > 0).GroupBy(KeyOf);

    private static (ImmutableSortedDictionary<string, double> Sigmas, double Pooled) FitSigmas(MachiningOrderBook book)
    {
        var squares = new Dictionary<string, (double Sum, int Freedom)>(StringComparer.Ordinal);
        foreach (var step in Steps(book).Where(s => s.Count() > 1))
        {
            var logs = step.Select(o => Math.Log(o.ProcessMs)).ToList();
            var mean = logs.Average();
            var (sum, freedom) = squares.GetValueOrDefault(step.Key.Group);
            squares[step.Key.Group] = (sum + logs.Sum(l => (l - mean) * (l - mean)), freedom + logs.Count - 1);
        }

        var total = squares.Values.Sum(s => s.Freedom);
        return (squares.Where(s => s.Value.Freedom >= EnoughFreedom).ToImmutableSortedDictionary(s => s.Key, s => Sigma(s.Value.Sum, s.Value.Freedom), StringComparer.Ordinal),
            total > 0 ? Sigma(squares.Values.Sum(s => s.Sum), total) : 0);

        static double Sigma(double sum, int freedom) => Math.Round(Math.Sqrt(sum / freedom), 3);
    }

    private static WorkCalendar FitCalendar(MachiningOperations operations, long from, long to, out double openHours)
    {
        var weeks = (int)Math.Ceiling((to - from) / (7.0 * Duration.MillisecondsPerDay));
        var worked = new HashSet<(long Week, int Day, int Hour)>();
        foreach (var work in operations.Operations.SelectMany(o => o.Work))
        {
            for (var t = work.Start / Duration.MillisecondsPerHour * Duration.MillisecondsPerHour; t < work.End; t += Duration.MillisecondsPerHour)
            {
                var moment = new DateTime(t * TimeSpan.TicksPerMillisecond, DateTimeKind.Unspecified);
                worked.Add(((t - from) / (7 * Duration.MillisecondsPerDay), ((int)moment.DayOfWeek + 6) % 7, moment.Hour));
            }
        }

        var open = Enumerable.Range(0, 7)
            .Select(day => Enumerable.Range(0, 24).Select(hour => Enumerable.Range(0, weeks).Count(w => worked.Contains((w, day, hour))) * 2 >= weeks).ToArray())
            .ToArray();
        openHours = open.Sum(day => day.Count(o => o));
        var windows = open.SelectMany((hours, day) => Runs(hours).Select(r => (Day: (Weekdays)(1 << day), r.Start, r.End)))
            .GroupBy(w => (w.Start, w.End))
            .Select(g => new WeeklyWindow(g.Aggregate(Weekdays.None, (days, w) => days | w.Day), g.Key.Start, g.Key.End));
        return new WorkCalendar { Id = "plant", Name = new Label("Working week", "工作周"), Windows = [.. windows] };
    }

    internal static IEnumerable<(TimeOnly Start, TimeOnly End)> Runs(bool[] hours)
    {
        for (var h = 0; h < 24; h++)
        {
            if (hours[h] && (h == 0 || !hours[h - 1]))
            {
                var end = h;
                while (end < 24 && hours[end])
                {
                    end++;
                }

                yield return (new TimeOnly(h, 0), new TimeOnly(end % 24, 0));
            }
        }
    }
}
