using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>What no launch order can beat, term by term; cheap and often tight for options and levelling.</summary>
public static class LineBound
{
    /// <summary>A lower limit of <see cref="LineCost.Total"/>.</summary>
    public static double Of(LineProblem problem) => new LineCost(
        problem.Rules.Sum(rule => Violations(problem, rule)),
        Enumerable.Range(0, problem.Levelled).Sum(option => Deviation(problem, option)),
        Enumerable.Range(0, problem.StationCount).Sum(station => UtilityMs(problem, station)),
        TardyMs(problem),
        0,
        0).Total(problem);

    /// <summary>
    /// Every carrier is seen by q windows but for the ends, every window sees at most h without violation and q with one; and more carriers
    /// than fit at all cost at least one.
    /// </summary>
    private static long Violations(LineProblem problem, in LineRule rule)
    {
        long n = problem.Units.Length;
        long carriers = problem.OptionTotals[rule.Option];
        if (n < rule.Window || rule.Max >= rule.Window)
        {
            return 0;
        }

        var seen = rule.Window * carriers - (long)rule.Window * (rule.Window - 1) - rule.Max * (n - rule.Window + 1);
        var crowded = seen <= 0 ? 0 : (seen + rule.Window - rule.Max - 1) / (rule.Window - rule.Max);
        var fitting = n / rule.Window * rule.Max + Math.Min(n % rule.Window, rule.Max);
        return Math.Max(crowded, carriers > fitting ? 1 : 0);
    }

    /// <summary>Each count is at best the whole number next to the ideal.</summary>
    private static long Deviation(LineProblem problem, int option)
    {
        long n = problem.Units.Length;
        long total = problem.OptionTotals[option];
        var sum = 0L;
        for (var k = 1L; k <= n; k++)
        {
            var below = total * k % n;
            var nearest = Math.Min(below, n - below);
            sum += nearest * nearest;
        }

        return sum;
    }

    /// <summary>Work that exceeds all takts and the window together.</summary>
    private static long UtilityMs(LineProblem problem, int station)
    {
        var work = problem.Units.Sum(u => (problem.Models[u.Model].Work[station] - problem.Takt).Milliseconds);
        return Math.Max(0, work - problem.Window.Milliseconds);
    }

    /// <summary>Due dates in their order, everybody with the shortest lead time and the lowest weight, and the line never resting: for equal
    /// intervals no sequence has less total lateness than that of the due dates. An order is as late as its last unit, so at least as its
    /// units are on average.</summary>
    private static long TardyMs(LineProblem problem)
    {
        var sizes = problem.Units.Skip(problem.Launched).CountBy(u => u.Order).ToDictionary();
        var dated = problem.Units.Skip(problem.Fixed).Where(u => u.Due != SimTime.Never && u.Weight > 0).OrderBy(u => u.Due).ToList();
        if (dated.Count == 0)
        {
            return 0;
        }

        var earliest = problem.Start + problem.Models.Min(m => m.Lead);
        var weight = dated.Min(u => u.Weight / sizes[u.Order]);
        return dated.Select((u, i) => (earliest + problem.Takt * (problem.Fixed - problem.Launched + i) - u.Due).Milliseconds).Sum(late => Math.Max(0, late)) * weight;
    }
}
