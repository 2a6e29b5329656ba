using System.Numerics;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>First launch orders: the order book by due date, and a greedy one that watches options, work and dates at once.</summary>
public static class LineConstruction
{
    /// <summary>Launched units first, then by release where that lies ahead, then by due date: what a planner without a tool would do.</summary>
    public static int[] ByDueDate(LineProblem problem) =>
    [
        .. Enumerable.Range(0, problem.Fixed),
        .. Enumerable.Range(problem.Fixed, problem.Open)
            .OrderBy(u => Math.Max(problem.Units[u].Release.Milliseconds, problem.Start.Milliseconds))
            .ThenBy(u => problem.Units[u].Due)
            .ThenByDescending(u => problem.Units[u].Weight)
            .ThenBy(u => u),
    ];

    /// <summary>Position by position the model that adds the least cost now and relieves the scarcest options most.</summary>
    /// <param name="problem">The line.</param>
    /// <param name="datePressure">How much a day of urgency weighs against the rest; 0 ignores due dates beyond the order within a model.</param>
    /// <remarks>
    /// Pressure is the dynamic sum of utilisation rates Σ r·q/(h·n) over the options of a model, with r carriers among n units left
    /// (Gottlieb, Puchta and Solnon, "A study of greedy, local search, and ant colony optimization approaches for car sequencing
    /// problems", 2003).
    /// </remarks>
    public static int[] Greedy(LineProblem problem, double datePressure)
    {
        var sequence = new int[problem.Units.Length];
        var line = new PartialLine(problem);
        for (var position = 0; position < problem.Fixed; position++)
        {
            sequence[position] = position;
            line.Append(problem.Units[position].Model);
        }

        var waiting = problem.Models.Select(_ => new Queue<int>()).ToArray();
        foreach (var unit in ByDueDate(problem).Skip(problem.Fixed))
        {
            waiting[problem.Units[unit].Model].Enqueue(unit);
        }

        for (var position = problem.Fixed; position < sequence.Length; position++)
        {
            var now = problem.LaunchAt(position);
            var (best, bestScore) = (-1, double.PositiveInfinity);
            for (var model = 0; model < waiting.Length; model++)
            {
                if (waiting[model].TryPeek(out var unit))
                {
                    var score = line.CostOf(model) - line.PressureOf(model) + datePressure * DaysUntilTooLate(problem, unit, now);
                    if (score < bestScore)
                    {
                        (best, bestScore) = (model, score);
                    }
                }
            }

            sequence[position] = waiting[best].Dequeue();
            line.Append(best);
        }

        return sequence;
    }

    /// <summary>Slack in days, cut off at a month; a unit that is not released yet has more slack than any other.</summary>
    private static double DaysUntilTooLate(LineProblem problem, int unit, SimTime now)
    {
        var u = problem.Units[unit];
        if (u.Release > now)
        {
            return 1000 + (u.Release - now).Days;
        }

        const double month = 30;
        var slack = u.Due == SimTime.Never ? month : Math.Clamp((u.Due - now - problem.Models[u.Model].Lead).Days, -month, month);
        var weight = Math.Max(u.Weight, 1) / 1000.0;
        return slack > 0 ? slack / weight : slack * weight;
    }

    /// <summary>The beginning of a sequence: what one more unit would cost.</summary>
    private sealed class PartialLine(LineProblem problem)
    {
        private readonly List<ulong> _bits = [];
        private readonly int[] _count = new int[problem.Options.Length];
        private readonly long[] _worker = new long[problem.StationCount];

        /// <summary>Cost that appears with this unit: windows it fills too much, deviation, utility work.</summary>
        public double CostOf(int model)
        {
            var m = problem.Models[model];
            var cost = problem.Weights.OptionViolation * problem.Rules.Count(rule => m.Carries(rule.Option) && Recent(rule) >= rule.Max)
                + problem.Fixtures.Price * problem.Fixtures.Rules.Count(rule => m.Carries(rule.Option) && Recent(rule) >= rule.Max);
            var k = _bits.Count + 1;
            for (var option = 0; option < problem.Levelled && problem.Weights.Levelling > 0; option++)
            {
                var deviation = _count[option] + (m.Carries(option) ? 1 : 0) - (double)problem.OptionTotals[option] * k / problem.Units.Length;
                cost += problem.Weights.Levelling * deviation * deviation;
            }

            for (var s = 0; s < _worker.Length; s++)
            {
                var excess = _worker[s] + (m.Work[s] - problem.Takt - problem.Window).Milliseconds;
                cost += excess > 0 ? problem.Weights.UtilityWork * excess / Duration.MillisecondsPerMinute : 0;
            }

            return cost;
        }

        /// <summary>Dynamic sum of utilisation rates of the options it carries, through their rules.</summary>
        public double PressureOf(int model)
        {
            var left = Math.Max(1, problem.Units.Length - _bits.Count);
            var pressure = 0.0;
            foreach (var rule in problem.Rules)
            {
                if (problem.Models[model].Carries(rule.Option))
                {
                    pressure += (problem.OptionTotals[rule.Option] - _count[rule.Option]) * (double)rule.Window / ((double)rule.Max * left);
                }
            }

            return pressure;
        }

        public void Append(int model)
        {
            var m = problem.Models[model];
            _bits.Add(m.OptionBits);
            for (var bits = m.OptionBits; bits != 0; bits &= bits - 1)
            {
                _count[BitOperations.TrailingZeroCount(bits)]++;
            }

            for (var s = 0; s < _worker.Length; s++)
            {
                _worker[s] = Math.Clamp(_worker[s] + (m.Work[s] - problem.Takt).Milliseconds, 0, problem.Window.Milliseconds);
            }
        }

        private int Recent(in LineRule rule)
        {
            var count = 0;
            for (var k = Math.Max(0, _bits.Count - rule.Window + 1); k < _bits.Count; k++)
            {
                count += (int)(_bits[k] >> rule.Option & 1);
            }

            return count;
        }
    }
}
