using System.Collections.Immutable;

namespace DigitalTwin.Runtime.Training;

/// <summary>How one trainee fared in one exercise, over all attempts that were scored.</summary>
/// <param name="Attempts">How many were scored.</param>
/// <param name="Best">Most points.</param>
/// <param name="First">Points of the first attempt.</param>
/// <param name="Latest">Points of the latest attempt.</param>
/// <param name="LowestRegret">Least regret of all.</param>
/// <param name="CostliestDecision">The decision of the best attempt that cost most; empty where none cost anything.</param>
public sealed record TraineeResult(string Exercise, string Trainee, int Attempts, double Best, double First, double Latest, double LowestRegret, int Hints, string CostliestDecision)
{
    /// <summary>Results of a class, exercise by exercise, the best first.</summary>
    public static ImmutableArray<TraineeResult> Of(IEnumerable<Attempt> attempts) =>
    [
        .. attempts.Where(a => a.Score is not null)
            .GroupBy(a => (a.Exercise, a.Trainee))
            .Select(g =>
            {
                var inOrder = g.OrderBy(a => a.Begun).ThenBy(a => a.Id.Length).ThenBy(a => a.Id, StringComparer.Ordinal).ToList();
                var best = inOrder.MaxBy(a => a.Score!.Points)!;
                var costliest = best.Score!.Parts.Where(p => p.IsDecision && p.Regret > 0).MaxBy(p => p.Regret);
                return new TraineeResult(
                    g.Key.Exercise, g.Key.Trainee, inOrder.Count, best.Score.Points, inOrder[0].Score!.Points, inOrder[^1].Score!.Points, inOrder.Min(a => a.Score!.Regret),
                    best.Score.Hints, costliest?.What ?? "");
            })
            .OrderBy(r => r.Exercise, StringComparer.Ordinal).ThenByDescending(r => r.Best).ThenBy(r => r.Trainee, StringComparer.Ordinal),
    ];
}
