using System.Text.Json.Serialization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Ingest;

namespace DigitalTwin.Runtime.Training;

/// <summary>Something that a trainee decides. Names are those of the plant; <see cref="Decision"/>s are what an attempt is kept as.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DispatchDecision), "dispatch")]
[JsonDerivedType(typeof(MoveDecision), "move")]
[JsonDerivedType(typeof(HoldDecision), "hold")]
[JsonDerivedType(typeof(FreeDecision), "free")]
[JsonDerivedType(typeof(ScheduleDecision), "schedule")]
[JsonDerivedType(typeof(RuleDecision), "rule")]
[JsonDerivedType(typeof(MaintainDecision), "maintain")]
[JsonDerivedType(typeof(AnswerDecision), "answer")]
public abstract record Decision
{
    /// <summary>For people: one line.</summary>
    public abstract string Text { get; }
}

/// <summary>The machine does this batch next, and waits for it if it is not there.</summary>
/// <param name="Jobs">Jobs as <c>order/lot/operation</c> that are processed together, lead first.</param>
public sealed record DispatchDecision(string Equipment, IReadOnlyList<string> Jobs) : Decision
{
    public override string Text => $"dispatch {string.Join(" + ", Jobs)} to {Equipment}";
}

/// <summary>A job goes to a machine's board, before another that is there, or behind all.</summary>
/// <param name="Before">Job that it goes before; <c>null</c> for the end.</param>
public sealed record MoveDecision(string Job, string Equipment, string? Before = null) : Decision
{
    public override string Text => $"move {Job} to {Equipment}{(Before is null ? "" : $" before {Before}")}";
}

/// <summary>A job goes to the end of a machine's board and does not begin before a moment; the machine does what is before it there, and is then kept for it.</summary>
/// <param name="UntilMs">Plant ms since the epoch.</param>
public sealed record HoldDecision(string Job, string Equipment, long UntilMs) : Decision
{
    public override string Text => $"hold {Job} on {Equipment} until {UntilMs / 60_000.0:0.#} min";
}

/// <summary>A job leaves the board: the rule decides about it.</summary>
public sealed record FreeDecision(string Job) : Decision
{
    public override string Text => $"free {Job}";
}

/// <summary>A whole schedule in place of the board; an empty one clears it.</summary>
public sealed record ScheduleDecision(ScheduleDocument Schedule) : Decision
{
    public override string Text => Schedule.Batches.Count == 0 ? "clear the board" : $"apply schedule {Schedule.Origin} of {Schedule.Batches.Count} batches";
}

/// <summary>Jobs that are on no board go by another dispatch rule.</summary>
public sealed record RuleDecision(DispatchRule Rule) : Decision
{
    public override string Text => $"rule {Rule}";
}

/// <summary>The machine is maintained as soon as it is empty.</summary>
public sealed record MaintainDecision(string Equipment, long LengthMs) : Decision
{
    public override string Text => $"maintain {Equipment} for {LengthMs / 60_000.0:0.#} min";
}

/// <summary>A rush order is accepted or refused.</summary>
public sealed record AnswerDecision(string Order, bool Accept) : Decision
{
    public override string Text => $"{(Accept ? "accept" : "refuse")} {Order}";
}
