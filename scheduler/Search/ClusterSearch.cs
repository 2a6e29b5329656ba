using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Search.Neighbourhoods;

namespace DigitalTwin.Scheduler.Search;

/// <summary>Simulated annealing on one cluster while the rest of the plan stands still.</summary>
internal static class ClusterSearch
{
    private const int StopEvery = 512;

    /// <summary>The best decisions found for the cluster, with times as the cluster sees them; <c>null</c> when none beats the present ones.</summary>
    /// <param name="tries">Changes to try; with the seed they determine the result.</param>
    /// <param name="heat">Temperature at the start, as a share of the mean cost of a batch.</param>
    public static List<PlanBatch>? Improve(
        SchedulingProblem problem, Cluster cluster, IReadOnlyList<PlanBatch> plan, int tries, double heat, SearchRandom random, CancellationToken stop)
    {
        var state = new ClusterState(problem, cluster, plan);
        if (state.Tasks.Length < 2)
        {
            return null;
        }

        var kinds = Kinds(state);
        var first = state.Value;
        var best = first;
        state.Keep();
        var start = Math.Max(1e-9, heat * first / state.Tasks.Length);
        var temperature = start;
        var cooling = Math.Pow(1e-3, 1.0 / Math.Max(1, tries / StopEvery));
        for (var n = 0; n < tries; n++)
        {
            if (n % StopEvery == 0)
            {
                if (stop.IsCancellationRequested)
                {
                    break;
                }

                temperature *= cooling;
            }

            if (!kinds[random.Below(kinds.Length)].Propose(state, random))
            {
                state.Forget();
                continue;
            }

            if (state.Settle(state.Value - temperature * Math.Log(Math.Max(1e-12, random.Unit()))) && state.Value < best * (1 - 1e-9))
            {
                best = state.Value;
                state.Keep();
            }
        }

        return best < first * (1 - 1e-9) ? state.KeptPlan() : null;
    }

    /// <summary>Kinds of change, as often as they are tried.</summary>
    private static INeighbourhood[] Kinds(ClusterState state)
    {
        var (relocate, follow, swap) = (new Relocate(), new FollowFamily(), new Swap());
        return state.Batches
            ? [relocate, relocate, relocate, follow, follow, swap, swap, new Merge(), new Merge(), new Split()]
            : [relocate, relocate, relocate, follow, follow, swap, swap];
    }
}
