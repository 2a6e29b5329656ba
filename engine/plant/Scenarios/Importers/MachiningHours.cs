using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>Working hours of machine groups, read from when their machines worked: inspection by day, packing in the morning.</summary>
/// <remarks>An hour is worked when somebody worked in it on at least half as many days as in the group's busiest hour. Monday to Thursday count as
/// days alike; Friday, Saturday and Sunday are each of their own kind.</remarks>
internal static class MachiningHours
{
    // With fewer operations a group's hours cannot be told from chance.
    private const int EnoughOperations = 60;
    private static readonly Weekdays[] s_kinds = [Weekdays.Monday | Weekdays.Tuesday | Weekdays.Wednesday | Weekdays.Thursday, Weekdays.Friday, Weekdays.Saturday, Weekdays.Sunday];

    public static ImmutableSortedDictionary<string, WorkCalendar> Fit(MachiningOperations operations, long from, long to) =>
        operations.Operations.GroupBy(o => MachiningNames.MachineGroup(o.Machine), StringComparer.Ordinal)
            .Where(g => g.Count() >= EnoughOperations)
            .ToImmutableSortedDictionary(g => g.Key, g => Of(g.Key, g, from, to), StringComparer.Ordinal);

    private static WorkCalendar Of(string group, IEnumerable<LoggedOperation> operations, long from, long to)
    {
        var worked = new HashSet<(long Date, int Hour)>();
        foreach (var work in operations.SelectMany(o => o.Work))
        {
            for (var t = work.Start / Duration.MillisecondsPerHour * Duration.MillisecondsPerHour; t < work.End; t += Duration.MillisecondsPerHour)
            {
                worked.Add((t / Duration.MillisecondsPerDay, (int)(t % Duration.MillisecondsPerDay / Duration.MillisecondsPerHour)));
            }
        }

        var dates = Enumerable.Range(0, (int)((to - from) / Duration.MillisecondsPerDay) + 1).Select(d => from / Duration.MillisecondsPerDay + d).ToLookup(KindOf);
        var rates = s_kinds.Select((_, kind) => Enumerable.Range(0, 24)
            .Select(hour => dates[kind].Any() ? dates[kind].Count(d => worked.Contains((d, hour))) / (double)dates[kind].Count() : 0).ToArray()).ToArray();
        var busiest = rates.Max(r => r.Max());
        var windows = rates.SelectMany((r, kind) => MachiningFit.Runs([.. r.Select(rate => rate * 2 >= busiest)]).Select(run => new WeeklyWindow(s_kinds[kind], run.Start, run.End)));
        return new WorkCalendar { Id = "hours-" + MachiningNames.Slug(group), Name = new Label($"Hours of {group}", $"{MachiningNames.Name(group).In("zh-CN")}工时"), Windows = [.. windows] };
    }

    private static int KindOf(long date)
    {
        var day = new DateTime(date * Duration.MillisecondsPerDay * TimeSpan.TicksPerMillisecond, DateTimeKind.Unspecified).DayOfWeek;
        return Array.FindIndex(s_kinds, k => k.HasFlag((Weekdays)(1 << (((int)day + 6) % 7))));
    }
}
