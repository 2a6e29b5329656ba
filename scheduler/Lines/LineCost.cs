using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>What a launch order costs, term by term, in whole numbers so that sums and differences are exact.</summary>
/// <param name="Violations">Windows of q consecutive positions, wholly inside the sequence, with more than h units of the option
/// (CSPLib prob001). One window is one violation however far it is exceeded.</param>
/// <param name="Deviation">Σ over positions k and options of (n·A(k) − T·k)², where A(k) counts the option among the first k of n units
/// and T among all: n² times the levelling term Σ(actual − ideal)².</param>
/// <param name="UtilityMs">Work beyond the station windows, ms: the utility workers' share.</param>
/// <param name="TardyMs">Σ over orders of the lateness of their last unit in ms × weight in thousandths.</param>
/// <param name="EarlyMs">Σ over units of the time by which they would be launched before their release, ms. The line waits for such a
/// unit, and what comes behind it is late by the longest of these waits rather than by their sum.</param>
/// <param name="Overflows">Windows of <see cref="FixtureLoop.Rules"/> that hold too many.</param>
public readonly record struct LineCost(long Violations, long Deviation, long UtilityMs, long TardyMs, long EarlyMs, long Overflows)
{
    public static LineCost operator +(LineCost a, LineCost b) => new(
        a.Violations + b.Violations, a.Deviation + b.Deviation, a.UtilityMs + b.UtilityMs, a.TardyMs + b.TardyMs, a.EarlyMs + b.EarlyMs,
        a.Overflows + b.Overflows);

    public static LineCost operator -(LineCost a, LineCost b) => new(
        a.Violations - b.Violations, a.Deviation - b.Deviation, a.UtilityMs - b.UtilityMs, a.TardyMs - b.TardyMs, a.EarlyMs - b.EarlyMs,
        a.Overflows - b.Overflows);

    /// <summary>Σ(actual − ideal)² over positions and options.</summary>
    public double Levelling(LineProblem problem) => Deviation / ((double)problem.Units.Length * problem.Units.Length);

    /// <summary>The weighted sum that is minimised.</summary>
    public double Total(LineProblem problem)
    {
        var weights = problem.Weights;
        return Violations * weights.OptionViolation
            + (problem.Units.Length == 0 ? 0 : Levelling(problem) * weights.Levelling)
            + UtilityMs * (weights.UtilityWork / Duration.MillisecondsPerMinute)
            + TardyMs * (weights.Tardiness / (1000.0 * Duration.MillisecondsPerHour))
            + EarlyMs * (problem.EarlyPrice / Duration.MillisecondsPerHour)
            + Overflows * problem.Fixtures.Price;
    }

    /// <summary>The terms that only a line has, for the objective of a schedule.</summary>
    public IEnumerable<ObjectiveTerm> Terms(LineProblem problem) =>
    [
        new ObjectiveTerm("option-violations", Violations, "windows", problem.Weights.OptionViolation),
        new ObjectiveTerm("utility-work", (double)UtilityMs / Duration.MillisecondsPerMinute, "min", problem.Weights.UtilityWork),
        new ObjectiveTerm("levelling", problem.Units.Length == 0 ? 0 : Levelling(problem), "units²", problem.Weights.Levelling),
    ];
}
