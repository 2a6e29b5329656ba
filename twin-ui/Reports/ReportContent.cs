using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Explanation;

namespace DigitalTwin.Ui.Reports;

/// <summary>What a report shows.</summary>
/// <param name="Experiment">Replications of one or several alternatives, the baseline first.</param>
/// <param name="Watched">One replication of each alternative, looked at closely, in the same order; may be shorter or empty.</param>
public sealed record ReportContent(ExperimentReport Experiment, IReadOnlyList<WatchedRun> Watched)
{
    // Looking closely at many alternatives makes a long report and says little more.
    private const int MostWatched = 3;

    /// <summary>Looks closely at the first replication of the first alternatives.</summary>
    /// <param name="experiment">What the replications gave.</param>
    /// <param name="plans">Plans of the alternatives in the experiment's order.</param>
    public static ReportContent Of(ExperimentReport experiment, IEnumerable<RunPlan> plans) =>
        new(experiment, [.. plans.Take(MostWatched).Select(plan => WatchedRun.Of(plan, 0))]);
}
