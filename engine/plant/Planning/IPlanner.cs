using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Planning;

/// <summary>Makes schedules. The runtime reaches a planner only through this.</summary>
public interface IPlanner
{
    /// <summary>Searches until optimal, out of time or stopped, reporting as it goes; blocks the caller meanwhile.</summary>
    /// <param name="request">What to plan.</param>
    /// <param name="report">Called from one thread at a time with every improvement and at least once a second.</param>
    /// <param name="stop">Honoured within a second; the best found so far is still returned.</param>
    /// <exception cref="PlanningException">The problem is contradictory; the message names the thing and the way out.</exception>
    PlanningResult Plan(PlanningRequest request, Action<PlanningProgress>? report = null, CancellationToken stop = default);
}

/// <summary>What to plan, from when, for how long.</summary>
public sealed record PlanningRequest
{
    public required CompiledScenario Plant { get; init; }

    /// <summary>The plant now; work that has started is fixed. <c>null</c> plans from the epoch with nothing started.</summary>
    public PlantState? From { get; init; }

    /// <summary>Schedule in force: the start of the search and the measure of instability.</summary>
    public Schedule? Current { get; init; }

    /// <summary>Overrides the scenario's weights.</summary>
    public ObjectiveWeights? Objective { get; init; }

    /// <summary>Wall-clock budget, > 0.</summary>
    public Duration TimeLimit { get; init; } = Duration.FromSeconds(30);

    /// <summary>Solver threads, ≥ 1; one makes a seeded search reproducible.</summary>
    public int Workers { get; init; } = 2;

    public int Seed { get; init; } = 1;
}

/// <summary>Where a search stands.</summary>
public sealed record PlanningProgress
{
    /// <summary>Since the search began.</summary>
    public required Duration Elapsed { get; init; }

    /// <summary>Best objective so far; <c>null</c> before the first schedule.</summary>
    public double? Incumbent { get; init; }

    /// <summary>No schedule can be better than this; <c>null</c> while unknown.</summary>
    public double? Bound { get; init; }

    /// <summary>(incumbent − bound) / incumbent, in [0, 1]; <c>null</c> while either is missing.</summary>
    public double? Gap => Incumbent is { } i && Bound is { } b ? i == 0 ? 0 : Math.Clamp((i - b) / Math.Abs(i), 0, 1) : null;

    /// <summary>What is being tried, for people: <c>dispatch EDD</c>, <c>window 12</c>.</summary>
    public string Phase { get; init; } = "";

    /// <summary>Set when the incumbent is new: the schedule itself, already checked.</summary>
    public Schedule? Schedule { get; init; }
}

/// <summary>How a search ended.</summary>
public enum PlanningOutcome
{
    Optimal,
    Feasible,
    Stopped,
}

/// <summary>The best schedule found and what it is worth.</summary>
public sealed record PlanningResult
{
    public required Schedule Schedule { get; init; }

    public required PlanningOutcome Outcome { get; init; }

    /// <summary>Objective term by term.</summary>
    public required ObjectiveReport Objective { get; init; }

    public double? Bound { get; init; }

    public required Duration Elapsed { get; init; }

    /// <summary>What the first (dispatch) schedule was worth.</summary>
    public ObjectiveReport? First { get; init; }

    /// <summary>What the plant does that the plan could not take into account; empty when there is nothing.</summary>
    public ImmutableArray<PlanBlindSpot> NotKnown { get; init; } = [];
}

/// <summary>Something that the plant does and a plan does not know: the execution may differ by it.</summary>
/// <param name="Key">Stable key for scripts: lower case, words joined by hyphens.</param>
/// <param name="Says">What it is, for people.</param>
public sealed record PlanBlindSpot(string Key, Label Says);

/// <summary>An objective term by term.</summary>
/// <param name="Terms">Each with its natural amount, its weight and their product.</param>
public sealed record ObjectiveReport(IReadOnlyList<ObjectiveTerm> Terms)
{
    public double Total => Terms.Sum(t => t.Weighted);
}

/// <summary>One term of the objective.</summary>
/// <param name="Name">Stable key: <c>tardiness</c>, <c>makespan</c>, <c>changeover-time</c>, <c>changeover-cost</c>, <c>energy-cost</c>, <c>option-violations</c>, <c>utility-work</c>, <c>levelling</c>, <c>instability</c>.</param>
/// <param name="Amount">In <paramref name="Unit"/>.</param>
public sealed record ObjectiveTerm(string Name, double Amount, string Unit, double Weight)
{
    public double Weighted => Amount * Weight;
}

/// <summary>The problem cannot be planned as it stands.</summary>
public sealed class PlanningException : Exception
{
    public PlanningException()
    {
    }

    public PlanningException(string message)
        : base(message)
    {
    }

    public PlanningException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
