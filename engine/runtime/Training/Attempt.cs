using System.Collections.Immutable;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Runtime.Training;

/// <summary>One thing that happened in an attempt by hand: a decision, a hint, or a fault that an instructor put in.</summary>
/// <param name="AtMs">Plant ms since the epoch.</param>
/// <param name="Decision">What was decided, or <c>null</c>.</param>
/// <param name="Hint">What was hinted at, or <c>null</c>.</param>
/// <param name="Fault">What an instructor broke, or <c>null</c>; its moment counts from the beginning of the exercise.</param>
public sealed record AttemptEntry(long AtMs, Decision? Decision = null, string? Hint = null, ScriptedFault? Fault = null);

/// <summary>A trainee's way through an exercise, as it is kept: replayed from these entries it is the same to the last event.</summary>
public sealed record Attempt
{
    /// <summary>Number within the plant.</summary>
    public required string Id { get; init; }

    public required string Exercise { get; init; }

    public required string Trainee { get; init; }

    /// <summary>When it was begun, by the wall clock.</summary>
    public required DateTimeOffset Begun { get; init; }

    /// <summary>In the order in which they came.</summary>
    public ImmutableArray<AttemptEntry> Entries { get; init; } = [];

    /// <summary>How far it has come, plant ms since the epoch.</summary>
    public required long NowMs { get; init; }

    /// <summary>Hash of all events up to <see cref="NowMs"/>, hexadecimal.</summary>
    public required string EventHash { get; init; }

    /// <summary>The attempt that it went back from; <c>null</c> for one from the beginning.</summary>
    public string? BackFrom { get; init; }

    /// <summary>Whether nothing can be decided any more.</summary>
    public bool Finished { get; init; }

    /// <summary>Its score; <c>null</c> before it is scored.</summary>
    public AttemptScore? Score { get; init; }

    /// <summary>Hints that were asked for.</summary>
    public int Hints => Entries.Count(e => e.Hint is not null);
}

/// <summary>What an attempt was worth against the best found.</summary>
/// <remarks>
/// The rule, in full. The <i>value</i> of a moment is the lowest objective that any known policy reaches from there: to go on as it stands, each
/// dispatch rule alone, the planner's schedule from the beginning, and (where asked for) a new one from that moment, all executed by the same
/// simulator with the same luck, faults and offers, to the end of the work. <see cref="Best"/> is the value of the beginning. At each decision
/// the exercise is branched: its part is the value just after it minus the value just before it; what the value changes between two decisions is
/// the part of going on under what had been decided (a rule chosen badly costs nothing at once, but while it stands). The parts sum to <see cref="Regret"/> = <see cref="Objective"/> − <see cref="Best"/>, exactly. They are differences
/// of estimates, so a part, or the whole, may be below 0: better than anything the policies know.
/// Points = 100 − regret / scale · 100 − 1 per hint − the penalty of each limit broken, at least 0; scale is the greater of <see cref="Best"/> and
/// <see cref="LeftAlone"/>.
/// </remarks>
public sealed record AttemptScore
{
    /// <summary>Points that a hint costs.</summary>
    public const double HintPenalty = 1;

    /// <summary>What the attempt was worth; lower is better.</summary>
    public required double Objective { get; init; }

    /// <summary>The same, term by term.</summary>
    public required ImmutableArray<ObjectiveTerm> Terms { get; init; }

    /// <summary>The best that was found from the beginning.</summary>
    public required double Best { get; init; }

    /// <summary>Which policy reached it.</summary>
    public required string BestBy { get; init; }

    /// <summary>What the plant's own rule reaches when nobody decides anything.</summary>
    public required double LeftAlone { get; init; }

    /// <summary>What the planner thought of its schedule from the beginning, and the limit that no schedule can beat by its reckoning.</summary>
    public SolverWord? Solver { get; init; }

    public required ImmutableArray<ScorePart> Parts { get; init; }

    public required int Hints { get; init; }

    /// <summary>Goals and limits at the end.</summary>
    public required ImmutableArray<TargetResult> Goals { get; init; }

    /// <inheritdoc cref="Goals"/>
    public required ImmutableArray<TargetResult> Limits { get; init; }

    /// <summary>0–100.</summary>
    public required double Points { get; init; }

    /// <summary>Objective minus the best found.</summary>
    public double Regret => Objective - Best;
}

/// <summary>A share of the regret.</summary>
/// <param name="AtMs">When it begins, plant ms since the epoch.</param>
/// <param name="What">The decision; or what went on until the next one.</param>
/// <param name="Before">Value just before.</param>
/// <param name="After">Value just after.</param>
/// <param name="BestNext">Policy that would have gone on best from just before.</param>
public sealed record ScorePart(long AtMs, string What, bool IsDecision, double Before, double After, string BestNext)
{
    /// <summary>What it cost.</summary>
    public double Regret => After - Before;
}

/// <summary>What a solver said of its own schedule, planned without luck.</summary>
/// <param name="Gap">(incumbent − bound) / incumbent; <c>null</c> where no bound is known.</param>
public sealed record SolverWord(double Incumbent, double? Bound, double? Gap, string Outcome);

/// <summary>Whether a goal was reached or a limit kept.</summary>
public sealed record TargetResult(ExerciseTarget Target, double? Value, bool Kept);
