using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>What a launch order costs, computed plainly from the definitions: the measure of everything faster.</summary>
public static class LineEvaluator
{
    /// <param name="problem">The line.</param>
    /// <param name="sequence">Every unit once, in launch order.</param>
    public static LineCost Evaluate(LineProblem problem, ReadOnlySpan<int> sequence) => new(
        Violations(problem, sequence),
        Deviation(problem, sequence),
        UtilityMs(problem, sequence),
        TardyMs(problem, sequence),
        EarlyMs(problem, sequence),
        Violations(problem, sequence, problem.Fixtures.Rules));

    /// <summary>Windows in which an option occurs too often.</summary>
    public static long Violations(LineProblem problem, ReadOnlySpan<int> sequence) => Violations(problem, sequence, problem.Rules);

    private static long Violations(LineProblem problem, ReadOnlySpan<int> sequence, IEnumerable<LineRule> rules)
    {
        var violations = 0L;
        foreach (var rule in rules)
        {
            for (var first = 0; first + rule.Window <= sequence.Length; first++)
            {
                if (CountCarriers(problem, sequence.Slice(first, rule.Window), rule.Option) > rule.Max)
                {
                    violations++;
                }
            }
        }

        return violations;
    }

    /// <summary>n² · Σ(actual − ideal)² over positions and options.</summary>
    public static long Deviation(LineProblem problem, ReadOnlySpan<int> sequence)
    {
        var sum = 0L;
        for (var option = 0; option < problem.Levelled; option++)
        {
            var actual = 0L;
            for (var k = 1; k <= sequence.Length; k++)
            {
                actual += ModelOf(problem, sequence[k - 1]).Carries(option) ? 1 : 0;
                var deviation = actual * sequence.Length - (long)problem.OptionTotals[option] * k;
                sum += deviation * deviation;
            }
        }

        return sum;
    }

    /// <summary>Utility work of all stations: w ← max(0, min(w + p − takt, window)), and what is cut off at the window is done by
    /// utility workers (Boysen, Fliedner and Scholl, "Sequencing mixed-model assembly lines", EJOR 192, 2009).</summary>
    public static long UtilityMs(LineProblem problem, ReadOnlySpan<int> sequence)
    {
        var sum = 0L;
        for (var station = 0; station < problem.StationCount; station++)
        {
            var position = Duration.Zero;
            foreach (var unit in sequence)
            {
                var reached = position + ModelOf(problem, unit).Work[station] - problem.Takt;
                sum += Duration.Max(Duration.Zero, reached - problem.Window).Milliseconds;
                position = Duration.Max(Duration.Zero, Duration.Min(reached, problem.Window));
            }
        }

        return sum;
    }

    private static long TardyMs(LineProblem problem, ReadOnlySpan<int> sequence)
    {
        var orders = new Dictionary<int, long>();
        for (var position = problem.Launched; position < sequence.Length; position++)
        {
            var unit = problem.Units[sequence[position]];
            var completion = problem.CompletionAt(position, unit.Model);
            var late = completion > unit.Due ? (completion - unit.Due).Milliseconds * unit.Weight : 0;
            orders[unit.Order] = Math.Max(late, orders.GetValueOrDefault(unit.Order));
        }

        return orders.Values.Sum();
    }

    private static long EarlyMs(LineProblem problem, ReadOnlySpan<int> sequence)
    {
        var sum = 0L;
        for (var position = problem.Fixed; position < sequence.Length; position++)
        {
            sum += Duration.Max(Duration.Zero, problem.Units[sequence[position]].Release - problem.LaunchAt(position)).Milliseconds;
        }

        return sum;
    }

    private static int CountCarriers(LineProblem problem, ReadOnlySpan<int> units, int option)
    {
        var count = 0;
        foreach (var unit in units)
        {
            count += ModelOf(problem, unit).Carries(option) ? 1 : 0;
        }

        return count;
    }

    private static LineModel ModelOf(LineProblem problem, int unit) => problem.Models[problem.Units[unit].Model];
}
