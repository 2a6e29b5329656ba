using DigitalTwin.Runtime.Training;

namespace DigitalTwin.Ui.Exports;

/// <summary>Training results as tables.</summary>
internal static class TrainingExports
{
    /// <summary>One row per attempt that was scored.</summary>
    public static ExportTable Class(IEnumerable<Attempt> attempts) => new(
        "results",
        ["exercise", "trainee", "attempt", "begun", "points", "objective", "best_found", "best_by", "regret", "left_alone", "solver_gap", "hints", "limits_broken", "goals_reached", "decisions"],
        [
            .. attempts.Where(a => a.Score is not null).Select(a =>
            {
                var s = a.Score!;
                return new object?[]
                {
                    a.Exercise, a.Trainee, a.Id, a.Begun, s.Points, s.Objective, s.Best, s.BestBy, s.Regret, s.LeftAlone, s.Solver?.Gap, s.Hints, s.Limits.Count(l => !l.Kept),
                    s.Goals.Count(g => g.Kept), s.Parts.Count(p => p.IsDecision),
                };
            }),
        ]);

    /// <summary>One row per part of one attempt's regret; they sum to it.</summary>
    /// <param name="wall">Plant ms → moment in the plant's zone.</param>
    public static ExportTable Parts(Attempt attempt, Func<long, DateTimeOffset> wall) => new(
        "regret",
        ["attempt", "moment", "what", "decision", "value_before", "value_after", "regret", "best_next"],
        [.. attempt.Score!.Parts.Select(p => new object?[] { attempt.Id, wall(p.AtMs), p.What, p.IsDecision, p.Before, p.After, p.Regret, p.BestNext })]);
}
