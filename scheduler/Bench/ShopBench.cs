using System.Diagnostics;
using DigitalTwin.Scheduler.Shops;

namespace DigitalTwin.Scheduler.Bench;

/// <summary>A job shop as a bench problem.</summary>
internal sealed class ShopBench(ShopProblem problem) : IBenchProblem
{
    public ShopProblem Problem => problem;

    public BenchOutcome Solve(BenchLimits limits, CancellationToken stop)
    {
        var steps = new List<BenchStep>();
        var result = ShopSearch.Solve(problem, new ShopLimits(limits.Seconds, limits.Workers, limits.Seed), p =>
        {
            if (p is { Schedule: not null, Makespan: { } makespan })
            {
                steps.Add(new BenchStep(p.Elapsed.TotalSeconds, makespan));
            }
        }, stop);
        return new BenchOutcome(result.Schedule.Makespan, result.Bound, result.Elapsed.TotalSeconds, steps);
    }

    public BenchOutcome SolveWithCpSat(BenchLimits limits, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        var (steps, bound) = (new List<BenchStep>(), 0);
        var model = new ShopCpSat(problem, Horizon());
        model.Run(limits.Seconds, limits.Workers, limits.Seed, found =>
        {
            if (ShopChecker.FirstViolation(problem, found) is { } violation)
            {
                throw new InvalidOperationException($"The textbook model is wrong: {violation}");
            }

            steps.Add(new BenchStep(watch.Elapsed.TotalSeconds, found.Makespan));
        }, b => bound = Math.Max(bound, b), stop);
        return new BenchOutcome(steps.Count > 0 ? steps.Min(s => s.Value) : null, bound, watch.Elapsed.TotalSeconds, steps);
    }

    /// <summary>Everything one after the other.</summary>
    private int Horizon()
    {
        var sum = 0;
        for (var v = 0; v < problem.Count; v++)
        {
            var longest = 0;
            for (var o = problem.OptionFirst[v]; o < problem.OptionFirst[v + 1]; o++)
            {
                longest = Math.Max(longest, problem.OptionTime[o]);
            }

            sum += longest + problem.Wait[v] + (problem.Setups?.Longest ?? 0);
        }

        return sum + problem.Ready.Max() + problem.MachineReady.Max();
    }
}
