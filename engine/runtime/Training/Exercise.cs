using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Training;

/// <summary>Something to be practised: a plant at a moment, what will go wrong, what is to be reached, and by when.</summary>
/// <remarks>Kept as JSON beside a snapshot of the plant at the moment, so that every attempt begins bit-identically.</remarks>
public sealed record Exercise
{
    /// <summary>Short name for files and commands: letters, digits, hyphens.</summary>
    public required string Id { get; init; }

    public string Name { get; init; } = "";

    /// <summary>What the trainee is told before it begins.</summary>
    public string Brief { get; init; } = "";

    /// <summary>Plant it is of.</summary>
    public required string Plant { get; init; }

    /// <summary>Where it came from: a replay's id, or the scenario.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Plant time at which it begins, ms since the epoch.</summary>
    public required long StartMs { get; init; }

    /// <summary>How long it lasts, plant ms, > 0. What is unfinished then goes on as it was left and counts to its end.</summary>
    public required long LengthMs { get; init; }

    /// <summary>Luck of what is to come: the same for every attempt and for the best found.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Orders beyond the scenario's that were known at the moment.</summary>
    public ImmutableArray<OrderDocument> Added { get; init; } = [];

    /// <summary>What goes wrong, and what is asked, by time.</summary>
    public ImmutableArray<ScriptedFault> Faults { get; init; } = [];

    /// <inheritdoc cref="Faults"/>
    public ImmutableArray<RushOffer> Offers { get; init; } = [];

    /// <summary>What is to be reached; shown, not scored.</summary>
    public ImmutableArray<ExerciseTarget> Goals { get; init; } = [];

    /// <summary>What must not be exceeded; each costs its penalty.</summary>
    public ImmutableArray<ExerciseTarget> Limits { get; init; } = [];

    /// <summary>Hints that may be asked for; each costs <see cref="AttemptScore.HintPenalty"/>.</summary>
    public int HintsAllowed { get; init; } = 10;

    /// <summary>When it ends.</summary>
    internal SimTime End => new(StartMs + LengthMs);
}

/// <summary>A machine that breaks, or must be maintained, at a moment of the exercise.</summary>
/// <param name="AtMs">Plant ms since the beginning of the exercise, ≥ 0.</param>
/// <param name="LengthMs">How long it lasts, ms, > 0.</param>
public sealed record ScriptedFault(long AtMs, string Equipment, long LengthMs, DisturbanceKind Kind = DisturbanceKind.Breakdown);

/// <summary>A rush order that the trainee may accept or refuse.</summary>
/// <param name="AtMs">When it is asked for, plant ms since the beginning of the exercise.</param>
/// <param name="AnswerWithinMs">Without an answer by then it counts as accepted.</param>
/// <param name="RefusalCost">Points of the objective that refusing it costs.</param>
public sealed record RushOffer(long AtMs, OrderDocument Order, long AnswerWithinMs, double RefusalCost);

/// <summary>A key figure that should stay on one side of a value at the end.</summary>
/// <param name="Kpi">Key of the catalogue, e.g. <c>late</c>.</param>
/// <param name="AtMost">Upper bound, or <c>null</c>.</param>
/// <param name="AtLeast">Lower bound, or <c>null</c>.</param>
/// <param name="PenaltyPercent">What breaking it costs, where it is a limit.</param>
public sealed record ExerciseTarget(string Kpi, double? AtMost, double? AtLeast = null, double PenaltyPercent = 0);

/// <summary>An exercise or a decision cannot be as asked; the message names the thing and the way out.</summary>
public sealed class TrainingException : Exception
{
    public TrainingException()
    {
    }

    public TrainingException(string message)
        : base(message)
    {
    }

    public TrainingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
