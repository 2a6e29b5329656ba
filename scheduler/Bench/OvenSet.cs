using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler.Ovens;

namespace DigitalTwin.Scheduler.Bench;

/// <summary>Oven scheduling: the public problem nearest to dye vats. Two use cases that weigh the goals differently, grouped by size.</summary>
internal sealed class OvenSet : IBenchSet
{
    /// <summary>Columns of the published results, in units of the normalisation.</summary>
    private static readonly (string Column, string Name)[] Methods =
        [("ilp_1h", "ILP (1 h)"), ("cpoptimizer_1h", "CP Optimizer (1 h)"), ("lns", "LNS"), ("sa_5M_min", "annealing, best of its runs")];

    public string Name => "osp";

    public string About => "ovens and vats: parallel batches of incompatible families";

    public IReadOnlyList<BenchInstance> Read(string folder)
    {
        var published = BenchTable.Read(Path.Combine(folder, "method_results.csv")).ToDictionary(r => $"uc{r["use_case"]}-{(int)r.Number("instance_number")!.Value:000}");
        return [.. BenchTable.Read(Path.Combine(folder, "best_known.csv")).Select(row => new BenchInstance
        {
            Name = row["instance"],
            Family = $"{row["instance"].Split('-')[0]} {row["jobs"]} jobs",
            Size = (int)row.Number("jobs")!.Value,
            BestKnown = row.Number("upper_bound"),
            LowerBound = row.Number("lower_bound"),
            Published = Published(published.GetValueOrDefault(row["instance"])),
            Open = () => new OvenBench(OvenText.Parse(SourceText.Read(Path.Combine(folder, row["file"])))),
        })];
    }

    private static Dictionary<string, double> Published(Dictionary<string, string>? row) => row?.Number("normalization") is not { } unit ? []
        : Methods.Where(m => row.Number(m.Column) is not null).ToDictionary(m => m.Name, m => Math.Round(row.Number(m.Column)!.Value * unit));
}

/// <summary>An oven scheduling problem as a bench problem.</summary>
internal sealed class OvenBench(OvenProblem problem) : IBenchProblem
{
    public OvenProblem Problem => problem;

    public BenchOutcome Solve(BenchLimits limits, CancellationToken stop)
    {
        var steps = new List<BenchStep>();
        var solution = OvenSearch.Solve(problem, new OvenLimits(limits.Seconds, limits.Workers, limits.Seed),
            (schedule, at) => steps.Add(new BenchStep(at.TotalSeconds, schedule.Cost)), stop);
        return new BenchOutcome(solution.Schedule.Cost, 0, solution.Elapsed.TotalSeconds, steps);
    }

    public BenchOutcome? SolveWithCpSat(BenchLimits limits, CancellationToken stop) => null;
}
