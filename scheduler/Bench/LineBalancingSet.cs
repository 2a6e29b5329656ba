using System.Globalization;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler.Balancing;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Bench;

/// <summary>Assembly line balancing: fewest stations (SALBP-1) or shortest cycle time (SALBP-2) on Scholl's precedence graphs.</summary>
/// <remarks>No values of SALBP-2 are known for these files, only a bound; then the gap is to that bound.</remarks>
internal sealed class LineBalancingSet : IBenchSet
{
    public string Name => "salbp";

    public string About => "assembly line balancing";

    public IReadOnlyList<BenchInstance> Read(string folder) =>
        [.. BenchTable.Read(Path.Combine(folder, "best_known.csv")).Select(row => new BenchInstance
        {
            Name = row["instance"],
            Family = row["problem"],
            Size = (int)row.Number("tasks")!.Value,
            BestKnown = row.Number("upper_bound"),
            LowerBound = row.Number("lower_bound"),
            Open = () => new LineBalancingBench(
                AssemblyLineText.Parse(SourceText.Read(Path.Combine(folder, row["file"]))), (long?)row.Number("cycle_time"), (int?)row.Number("stations")),
        })];
}

/// <summary>A balancing problem as a bench problem: with a cycle time, or with a number of stations.</summary>
internal sealed class LineBalancingBench(BalancingProblem problem, long? cycle, int? stations) : IBenchProblem
{
    public BenchOutcome Solve(BenchLimits limits, CancellationToken stop)
    {
        var options = new BalancingOptions { TimeLimit = Duration.FromSeconds(limits.Seconds), Stop = stop };
        var balance = cycle is { } time ? LineBalancer.FewestStations(problem, time, options) : LineBalancer.ShortestCycle(problem, stations!.Value, options);
        if (BalanceChecker.Check(problem, balance.StationOf, stations ?? balance.Stations, balance.Cycle) is [var wrong, ..])
        {
            throw new InvalidOperationException($"The balance does not hold: {wrong}.");
        }

        var value = cycle is null ? balance.Cycle : balance.Stations;
        return new BenchOutcome(value, balance.Bound, balance.Elapsed.Seconds, [new BenchStep(balance.Elapsed.Seconds, value)]);
    }

    public BenchOutcome? SolveWithCpSat(BenchLimits limits, CancellationToken stop) => null;
}
