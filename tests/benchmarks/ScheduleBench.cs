using System.Diagnostics;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>The solver bench: <c>schedule dyehouse [seconds]</c> or <c>schedule file… [seconds]</c>.</summary>
internal static class ScheduleBench
{
    public static int Run(string[] args, TextWriter output)
    {
        var seconds = args.Length > 0 && int.TryParse(args[^1], out var s) ? s : 30;
        foreach (var what in args.Where(a => !int.TryParse(a, out _)).DefaultIfEmpty("dyehouse"))
        {
            Bench(what, Open(what), seconds, output);
        }

        return 0;
    }

    private static CompiledScenario Open(string what) => CompiledScenario.Compile(
        what == "dyehouse" ? DyehouseGenerator.Create()
        : what == "small-dyehouse" ? DyehouseGenerator.Create(130)
        : what == "shared-factory" ? SharedFactoryGenerator.Create()
        : what.EndsWith(".txt", StringComparison.Ordinal) && what.Contains("fjsp", StringComparison.Ordinal) ? FlexibleJobShopFile.Read(what)
        : JobShopFile.Read(what));

    private static void Bench(string what, CompiledScenario plant, int seconds, TextWriter output)
    {
        output.WriteLine($"{what}: {plant.Jobs.JobCount} jobs, {plant.Plant.Equipment.Length} machines, {seconds} s");
        var weights = plant.Scenario.Objective;
        foreach (var rule in Enum.GetValues<DispatchRule>())
        {
            var watch = Stopwatch.StartNew();
            var schedule = DispatchSchedule.Build(plant, rule);
            Print(output, $"dispatch {rule}", ObjectiveEvaluator.Evaluate(plant, schedule, weights), watch.Elapsed.TotalSeconds);
        }

        Improve(plant, seconds, output);
    }

    private static void Improve(CompiledScenario plant, int seconds, TextWriter output)
    {
        var result = new Planner().Plan(new PlanningRequest { Plant = plant, TimeLimit = Duration.FromSeconds(seconds) }, p =>
        {
            if (p.Schedule is not null)
            {
                output.WriteLine($"  {p.Elapsed.Seconds,6:0.0} s  {p.Incumbent,12:0.000}  bound {p.Bound,12:0.000}  gap {p.Gap:P1}  {p.Phase}");
            }
        });
        Print(output, $"planner, {result.Outcome}", result.Objective, result.Elapsed.Seconds);
        if (plant.Scenario.Orders.Any(o => o.Due is not null))
        {
            Execute(plant, result.Schedule, output);
        }
    }

    /// <summary>The same luck for both: dispatching by due date, and following the plan, in the simulator.</summary>
    private static void Execute(CompiledScenario plant, Schedule schedule, TextWriter output)
    {
        const int Replications = 10;
        var (dispatched, followed) = (new double[Replications], new double[Replications]);
        for (var r = 0; r < Replications; r++)
        {
            dispatched[r] = Tardiness(plant, new DispatchPolicy { Rule = DispatchRule.Edd }, r);
            followed[r] = Tardiness(plant, new DispatchPolicy { Rule = DispatchRule.Edd, Schedule = schedule }, r);
        }

        var bound = plant.Scenario.Orders.Sum(o => o.Due is { } due ? o.Priority * Math.Max(0, (o.Release - due).Hours) : 0);
        output.WriteLine($"  executed {Replications} times with luck: weighted tardiness {dispatched.Average():0} h under EDD, {followed.Average():0} h with the plan; {bound:0} h were lost before release");
    }

    private static double Tardiness(CompiledScenario plant, DispatchPolicy policy, int replication)
    {
        var simulator = new PlantSimulator(plant, policy, new RandomSource(plant.Scenario.Seed, replication));
        simulator.RunToCompletion(SimTime.FromHours(24 * 60));
        var sum = 0.0;
        for (var o = 0; o < plant.Scenario.Orders.Length; o++)
        {
            var order = plant.Scenario.Orders[o];
            sum += order.Due is { } due ? order.Priority * Math.Max(0, (new SimTime(simulator.State.Orders[o].CompletedAt) - due).Hours) : 0;
        }

        return sum;
    }

    private static void Print(TextWriter output, string name, ObjectiveReport report, double seconds) => output.WriteLine(
        $"  {name,-24} {seconds,6:0.00} s  total {report.Total,12:0.0}  " + string.Join("  ", report.Terms.Select(t => $"{t.Name} {t.Amount:0.0}")));
}
