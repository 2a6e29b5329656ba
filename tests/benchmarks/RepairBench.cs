using System.Diagnostics;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Promise;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>Living with a schedule at about 10 000 operations: repair within its limit, and what it leaves alone.</summary>
internal static class RepairBench
{
    private const int Repeats = 3;

    /// <param name="orders">Orders of a shared factory; 2000 make about 10 000 operations.</param>
    public static int Run(int orders, TextWriter output)
    {
        var plant = CompiledScenario.Compile(SharedFactoryGenerator.Create(orders: orders));
        var current = DispatchSchedule.Build(plant, DispatchRule.Edd);
        var now = SimTime.FromHours(30);
        var machine = current.Batches.Where(b => b.Start >= now).GroupBy(b => b.Equipment).MaxBy(g => g.Count())!.Key;
        output.WriteLine($"{plant.Jobs.JobCount} operations on {plant.Plant.Equipment.Length} machines; {plant.Plant.Equipment[machine].Id} fails at {now} for 8 h");
        var moment = DisruptedPlant.At(plant, current, now, [new MachineBreakdown(machine, now, Duration.FromHours(8))]);
        foreach (var stability in (double[])[0, 1, 10])
        {
            var runs = Enumerable.Range(0, Repeats).Select(_ => Once(moment, current, stability)).OrderBy(r => r.Seconds).ToArray();
            var (seconds, result) = runs[Repeats / 2];
            output.WriteLine($"  stability {stability,4}: {seconds,5:0.00} s with the difference (goal: repair ≤ 2 s; the search took {result.Elapsed.Seconds:0.00} s)  moved {result.Diff.Moved,5}  newly late {result.Diff.NewlyLate.Count(),4}  objective {result.Objective.Total:0} against {result.Shifted?.Total:0} by shifting alone");
        }

        Explain(plant, current, output);
        return 0;
    }

    private static (double Seconds, RepairResult Result) Once(DisruptedPlant moment, Schedule current, double stability)
    {
        var watch = Stopwatch.StartNew();
        var result = PlanRepair.Run(new RepairRequest { Plant = moment.Plant, From = moment.State, Current = current, Stability = stability });
        var seconds = watch.Elapsed.TotalSeconds;
        return ScheduleChecker.IsExecutable(moment.Plant, result.Schedule, moment.State, current)
            ? (seconds, result)
            : throw new InvalidOperationException("the repaired schedule does not pass the checker");
    }

    private static void Explain(CompiledScenario plant, Schedule current, TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        var why = WhyLate.Of(plant, current, plant.Scenario.Orders.Length / 2);
        output.WriteLine($"  why late: {watch.Elapsed.TotalSeconds:0.00} s for a chain of {why.Steps.Count} pieces");
        var order = plant.Scenario.Orders[^1] with { Id = "NEW", Release = SimTime.Zero };
        var seconds = Enumerable.Range(0, Repeats).Select(_ => Timed(() => OrderPromise.Of(plant, current, order))).Order().ToArray()[Repeats / 2];
        output.WriteLine($"  promise: {seconds:0.00} s (goal: ≤ 1 s)");
    }

    private static double Timed(Action what)
    {
        var watch = Stopwatch.StartNew();
        what();
        return watch.Elapsed.TotalSeconds;
    }
}
