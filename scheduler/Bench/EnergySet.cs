using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler.Energy;

namespace DigitalTwin.Scheduler.Bench;

/// <summary>One machine under hourly prices, with states of less power. Instances without a file are left out.</summary>
internal sealed class EnergySet : IBenchSet
{
    public string Name => "energy";

    public string About => "one machine under hourly energy prices";

    public IReadOnlyList<BenchInstance> Read(string folder) =>
        [.. BenchTable.Read(Path.Combine(folder, "best_known.csv")).Where(row => row["file"].Contains(".tar.gz:", StringComparison.Ordinal)).Select(row => new BenchInstance
        {
            Name = row["instance"],
            Family = row["instance"].Split('/')[0],
            Size = SizeOf(folder, row["file"]),
            BestKnown = row.Number("upper_bound"),
            LowerBound = Math.Floor(row.Number("lower_bound") + 1e-6 ?? 0),
            Open = () => new EnergyBench(Problem(folder, row["file"])),
        })];

    private static int SizeOf(string folder, string file) => Problem(folder, file).Jobs.Length;

    private static EnergyProblem Problem(string folder, string file) => EnergyText.Parse(SourceText.Read(Path.Combine(folder, file)));
}

/// <summary>One machine under hourly prices as a bench problem.</summary>
internal sealed class EnergyBench(EnergyProblem problem) : IBenchProblem
{
    public EnergyProblem Problem => problem;

    public BenchOutcome Solve(BenchLimits limits, CancellationToken stop) => Run(EnergySearch.Solve, limits, stop);

    public BenchOutcome SolveWithCpSat(BenchLimits limits, CancellationToken stop) => Run(EnergySearch.SolveWhole, limits, stop);

    private BenchOutcome Run(
        Func<EnergyProblem, EnergyLimits, Action<EnergySchedule, TimeSpan>?, CancellationToken, EnergySolution> solve, BenchLimits limits, CancellationToken stop)
    {
        var steps = new List<BenchStep>();
        var solution = solve(problem, new EnergyLimits(limits.Seconds, limits.Workers, limits.Seed),
            (schedule, at) => steps.Add(new BenchStep(at.TotalSeconds, schedule.Cost)), stop);
        return new BenchOutcome(solution.Schedule.Cost, solution.Bound, solution.Elapsed.TotalSeconds, steps);
    }
}
