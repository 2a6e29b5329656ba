using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler.Lines;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Bench;

/// <summary>Car sequencing: option ratios on a mixed-model line, violated windows counted (CSPLib prob001, Gravel).</summary>
internal sealed class CarSequencingSet : IBenchSet
{
    public string Name => "car_sequencing";

    public string About => "option ratios on a mixed-model line";

    public IReadOnlyList<BenchInstance> Read(string folder) =>
        [.. BenchTable.Read(Path.Combine(folder, "best_known.csv")).Select(row => new BenchInstance
        {
            Name = row["instance"],
            Family = row["set"],
            Size = SizeOf(row["instance"]),
            BestKnown = row.Number("upper_bound"),
            LowerBound = row.Number("lower_bound"),
            Open = () => new CarSequencingBench(CarSequencingFile.Read(Path.Combine(folder, row["file"]) + (row["set"] == "csplib" ? $"#{row["instance"]}" : ""))),
        })];

    /// <summary>Cars: 200 in problems of 1997 (<c>60-03</c>) and in the classical ones 100 (<c>4/72</c>); newer ones say it (<c>pb_300_01</c>).</summary>
    private static int SizeOf(string name) =>
        name.Split('_') is [_, var cars, _] ? int.Parse(cars, CultureInfo.InvariantCulture) : name.Contains('/', StringComparison.Ordinal) ? 100 : 200;
}

/// <summary>A car sequencing problem as a bench problem.</summary>
internal sealed class CarSequencingBench(Plant.Model.Scenario scenario) : IBenchProblem
{
    public LineProblem Problem { get; } = LineProblemBuilder.Build(CompiledScenario.Compile(scenario), 0);

    public BenchOutcome Solve(BenchLimits limits, CancellationToken stop)
    {
        var steps = new List<BenchStep>();
        var options = new LineSequencerOptions { TimeLimit = Duration.FromSeconds(limits.Seconds), Workers = limits.Workers, Seed = limits.Seed };
        var solution = LineSequencer.Solve(Problem, options, p =>
        {
            if (p.Sequence is { } sequence)
            {
                steps.Add(new BenchStep(p.Elapsed.Seconds, Violations(sequence)));
            }
        }, stop);
        return new BenchOutcome(Violations(solution.Sequence), solution.Proven ? solution.Cost.Violations : 0, solution.Elapsed.Seconds, steps);
    }

    public BenchOutcome? SolveWithCpSat(BenchLimits limits, CancellationToken stop) => null;

    /// <summary>Windows that hold too many, counted anew from the sequence.</summary>
    private double Violations(IReadOnlyList<int> sequence)
    {
        if (sequence.Count != Problem.Units.Length || sequence.Distinct().Count() != sequence.Count)
        {
            throw new InvalidOperationException("The sequence does not launch every car once.");
        }

        return Problem.Rules.Sum(rule => Enumerable.Range(0, Math.Max(0, sequence.Count - rule.Window + 1))
            .Count(first => Enumerable.Range(first, rule.Window).Count(k => Problem.Models[Problem.Units[sequence[k]].Model].Carries(rule.Option)) > rule.Max));
    }
}
