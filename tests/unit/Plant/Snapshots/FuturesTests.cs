using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Runtime.WhatIf;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Behaviour;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Snapshots;

public class FuturesTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Replications_from_the_start_and_from_a_snapshot_are_the_same_bit_for_bit_on_any_number_of_threads(int threads)
    {
        RunPlan[] plans = [.. Enumerable.Range(1, 3).Select(seed => Half(RandomPlants.Build((ulong)seed, 3, 2, 20, 65535))), Half(DeterminismTests.Lively())];
        plans = [.. plans, .. plans.Select(p => p with { GoOnFrom = null })];

        var one = Bits(ParallelExperiment.Run(plans, 5, 1, stop: TestContext.Current.CancellationToken));

        Assert.Equal(one, Bits(ParallelExperiment.Run(plans, 5, threads, stop: TestContext.Current.CancellationToken)));
        Assert.Equal(plans.Length * 5, one.Count);
        Assert.True(one.Distinct().Count() > one.Count / 2);
    }

    /// <summary>A plan that goes on from where the plant stood after six hours.</summary>
    private static RunPlan Half(CompiledScenario plant)
    {
        var hash = new EventHash();
        var policy = new DispatchPolicy { Rule = DispatchRule.Atc };
        var simulator = new PlantSimulator(plant, policy, new RandomSource(plant.Scenario.Seed, 0), sink: hash);
        simulator.RunUntil(SimTime.FromHours(6));
        var saved = PlantSnapshot.Load(PlantSnapshot.Save(new RunInProgress(simulator, hash)), plant);
        return RunPlan.Of(plant) with { GoOnFrom = saved, Policy = saved.Simulator.Policy, Until = SimTime.FromHours(24 * 30), SampleEvery = Duration.FromHours(2) };
    }

    private static List<string> Bits(IReadOnlyList<IReadOnlyList<RunResult>> results) =>
    [
        .. results.SelectMany((runs, plan) => runs.Select(r =>
            $"{plan} {r.Replication} {r.EventHash:x16} {r.Events} {string.Join(',', r.Completions)} "
            + string.Join(' ', KpiCatalogue.Plant.Select(k => BitConverter.DoubleToInt64Bits(k.Value(r.Kpis) ?? -1))))),
    ];
}
