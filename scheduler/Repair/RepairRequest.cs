using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Repair;

/// <summary>A schedule that no longer fits, and how much of it should stay.</summary>
public sealed record RepairRequest
{
    /// <summary>The plant with its present order book: rush orders are in it, delayed orders carry their new release.</summary>
    public required CompiledScenario Plant { get; init; }

    /// <summary>The plant now: what runs, what is down and until when.</summary>
    public required PlantState From { get; init; }

    /// <summary>The schedule in force.</summary>
    public required Schedule Current { get; init; }

    /// <summary>Overrides the scenario's weights; its instability is replaced by <see cref="Stability"/>.</summary>
    public ObjectiveWeights? Objective { get; init; }

    /// <summary>Price of one moved operation in units of the objective (with weight 1 on tardiness: hours of an ordinary order), ≥ 0.</summary>
    public double Stability { get; init; } = 1;

    /// <summary>Work planned to begin so soon keeps equipment and place, ≥ 0; on equipment that is down nothing is frozen.</summary>
    public Duration Frozen { get; init; }

    /// <summary>Frozen horizons of single machines, by equipment index, in place of <see cref="Frozen"/>.</summary>
    public ImmutableDictionary<int, Duration> FrozenOn { get; init; } = ImmutableDictionary<int, Duration>.Empty;

    /// <summary>Wall-clock budget, > 0. A first repaired plan is always returned.</summary>
    public Duration TimeLimit { get; init; } = Duration.FromSeconds(2);

    /// <summary>Search threads, ≥ 1; one makes the search reproducible up to where the clock stops it.</summary>
    public int Workers { get; init; } = 2;

    public int Seed { get; init; } = 1;
}

/// <summary>A repaired schedule.</summary>
/// <param name="Schedule">It has passed the checker.</param>
/// <param name="Diff">Against the schedule in force.</param>
/// <param name="Objective">Its objective, instability included.</param>
/// <param name="Shifted">What simply going on in the planned order would be worth; <c>null</c> when that is not possible.</param>
/// <param name="Elapsed">Wall-clock time of the repair, the difference not included.</param>
public sealed record RepairResult(Schedule Schedule, PlanDiff Diff, ObjectiveReport Objective, ObjectiveReport? Shifted, Duration Elapsed);
