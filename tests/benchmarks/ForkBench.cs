using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;

namespace DigitalTwin.Benchmarks;

/// <summary>How long it takes to copy a running plant, all of it, so that the copy goes on bit-identically.</summary>
internal static class ForkBench
{
    /// <param name="held">Whether the copy goes into the memory of a twin that is there already, as in a loop over many futures.</param>
    public static GoalRow Run(int firms, int machines, int orders, double limitMs, int rounds, bool held)
    {
        var plant = CompiledScenario.Compile(SharedFactoryGenerator.Create(firms, machines, orders));
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(12));
        var open = 0;
        foreach (ref readonly var job in simulator.State.Jobs)
            open += job.EndAt < 0 ? 1 : 0;

        var fork = simulator.Fork();
        var ms = Rounds.Alone(rounds, () =>
        {
            if (held)
                fork.CopyFrom(simulator);
            else
                fork = simulator.Fork();
            return fork;
        }) * 1000;
        simulator.RunUntil(SimTime.FromHours(36));
        fork.RunUntil(SimTime.FromHours(36));
        var isSame = fork.State.Version == simulator.State.Version && fork.State.Jobs.SequenceEqual(simulator.State.Jobs);
        return new GoalRow(
            GoalRow.Text($"fork of a running plant{(held ? ", into memory held already" : "")}: {machines:N0} machines, {open:N0} open jobs"), GoalRow.Text($"≤ {limitMs} ms, goes on bit-identically"),
            GoalRow.Text($"{ms:F3} ms, {(isSame ? "goes on the same" : "GOES ON DIFFERENTLY")}"), GoalRow.Text($"{limitMs / ms:F2} × faster than the limit"), ms <= limitMs && isSame);
    }
}
