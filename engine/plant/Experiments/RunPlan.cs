using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Experiments;

/// <summary>One variant of an experiment: what is simulated, under which policy, for how long.</summary>
/// <remarks>Two plans with the same <see cref="Seed"/> see the same luck in the same replication (common random numbers): breakdowns,
/// processing times and quality are drawn at addresses that depend on the equipment and the order, not on when or where the work is done.</remarks>
public sealed record RunPlan
{
    /// <summary>For tables: <c>EDD</c>, <c>night.csv</c>.</summary>
    public required string Name { get; init; }

    public required CompiledScenario Plant { get; init; }

    public required DispatchPolicy Policy { get; init; }

    /// <summary>The running plant that it goes on from (forked, not changed); <c>null</c> starts at the epoch.</summary>
    public PlantState? From { get; init; }

    /// <summary>The saved run that it goes on with (forked, not changed): with the same seed and replication bit-identically, with others under
    /// other luck from then on. Its policy is kept while <see cref="Policy"/> is the same object; <c>null</c> starts anew.</summary>
    /// <remarks>Events, hash and figures are those of the whole run, the part before it was saved included.</remarks>
    public RunInProgress? GoOnFrom { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Statistics of the first part are thrown away, counted from the start; zero keeps all.</summary>
    public Duration WarmUp { get; init; }

    /// <summary>Step between samples of <see cref="PlantSeries"/>; zero takes none. Sampling changes no event.</summary>
    public Duration SampleEvery { get; init; }

    /// <summary>No run goes beyond this moment.</summary>
    public required SimTime Until { get; init; }

    /// <summary>Whether a run ends as soon as all orders are complete. Otherwise every run lasts exactly to <see cref="Until"/>, which
    /// compares utilisation and energy over equal windows.</summary>
    public bool StopWhenComplete { get; init; } = true;

    /// <summary>The scenario as its files say: its rule, seed, warm-up and horizon.</summary>
    public static RunPlan Of(CompiledScenario plant) => new()
    {
        Name = plant.Scenario.Dispatch.ToString(),
        Plant = plant,
        Policy = new DispatchPolicy { Rule = plant.Scenario.Dispatch },
        Seed = plant.Scenario.Seed,
        WarmUp = plant.Scenario.WarmUp,
        Until = SimTime.Zero + plant.Scenario.Horizon,
    };
}
