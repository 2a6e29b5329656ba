using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>A hundred stochastic futures of a running dyehouse, a day long, with all the figures of each: what a forecast does every time the plant moves.</summary>
internal static class FuturesBench
{
    private const int Threads = 2;
    private const double LimitSeconds = 1;

    public static GoalRow Run(int futures, int rounds)
    {
        var plant = CompiledScenario.Compile(DyehouseGenerator.Create());
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(7, 0));
        simulator.RunUntil(SimTime.FromHours(24)); // the house is full
        var plan = new RunPlan
        {
            Name = "future", Plant = plant, Policy = new DispatchPolicy { Rule = plant.Scenario.Dispatch }, From = simulator.State, Seed = 1,
            Until = simulator.Now + Duration.FromHours(24),
        };
        var events = 0L;
        var seconds = Rounds.Alone(rounds, () =>
        {
            var results = new RunResult[futures];
            Parallel.For(0, futures, new ParallelOptions { MaxDegreeOfParallelism = Threads }, r => results[r] = Experiment.Run(plan, r));
            events = results.Sum(r => r.Events);
            return results;
        });
        var vats = plant.Plant.Equipment.Count(e => plant.Plant.EquipmentClasses[e.Class].Id.StartsWith("vat", StringComparison.Ordinal));
        return new GoalRow(
            GoalRow.Text($"{futures} stochastic futures × 24 h of a dyehouse of {vats} vats, {Threads} threads"), "≤ 1 s",
            GoalRow.Text($"{seconds:F3} s, {events:N0} plant events"), GoalRow.Text($"{LimitSeconds / seconds:F1} × faster than the limit"), seconds <= LimitSeconds);
    }
}
