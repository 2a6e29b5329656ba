using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Search;

/// <summary>Puts new decisions for a part of a plan back into the whole.</summary>
internal static class PlanMerge
{
    /// <summary>All decisions in an order to lay them out: the new ones by their times; the others wait for what they follow as long as before.</summary>
    /// <returns>The order; <c>null</c> when batches would wait for each other.</returns>
    /// <param name="plan">The plan, laid out.</param>
    /// <param name="changed">New batches for some of its tasks, with times.</param>
    public static List<PlanBatch>? Merge(SchedulingProblem problem, IReadOnlyList<PlanBatch> plan, IReadOnlyList<PlanBatch> changed)
    {
        var isNew = new bool[problem.Tasks.Length];
        foreach (var batch in changed)
        {
            Array.ForEach(batch.Tasks, t => isNew[t] = true);
        }

        var merged = new List<PlanBatch>(changed);
        merged.AddRange(plan.Where(b => !isNew[b.Tasks[0]]));
        var batchOf = new PlanBatch[problem.Tasks.Length];
        var oldEnd = new long[problem.Tasks.Length];
        foreach (var batch in plan)
        {
            Array.ForEach(batch.Tasks, t => oldEnd[t] = batch.End);
        }

        foreach (var batch in merged)
        {
            Array.ForEach(batch.Tasks, t => batchOf[t] = batch);
        }

        var keys = Keys(problem, batchOf, merged, isNew, oldEnd);
        return keys.Count == merged.Count ? [.. merged.OrderBy(b => keys[b]).ThenBy(b => b.Start).ThenBy(b => b.Tasks.Min())] : null;
    }

    /// <summary>When each batch is to begin, predecessors before successors; incomplete when batches wait for each other.</summary>
    private static Dictionary<PlanBatch, long> Keys(
        SchedulingProblem problem, PlanBatch[] batchOf, List<PlanBatch> merged, bool[] isNew, long[] oldEnd)
    {
        var newEnd = new long[problem.Tasks.Length];
        var keys = new Dictionary<PlanBatch, long>(merged.Count);
        var open = merged.ToDictionary(b => b, b => b.Tasks.Sum(t => problem.Tasks[t].Predecessors.Length));
        var next = new Queue<PlanBatch>(merged.Where(b => open[b] == 0));
        while (next.TryDequeue(out var batch))
        {
            var (ready, wasReady) = (0L, 0L);
            foreach (var t in batch.Tasks)
            {
                ready = Math.Max(ready, problem.Tasks[t].Ready);
                wasReady = Math.Max(wasReady, problem.Tasks[t].Ready);
                foreach (var p in problem.Tasks[t].Predecessors)
                {
                    ready = Math.Max(ready, newEnd[p] + problem.Tasks[p].MinWait);
                    wasReady = Math.Max(wasReady, oldEnd[p] + problem.Tasks[p].MinWait);
                }
            }

            var key = Math.Max(ready, isNew[batch.Tasks[0]] ? batch.SetupStart : batch.SetupStart - wasReady + ready);
            keys[batch] = key;
            foreach (var t in batch.Tasks)
            {
                newEnd[t] = key + batch.End - batch.SetupStart;
                foreach (var s in problem.Tasks[t].Successors)
                {
                    if (--open[batchOf[s]] == 0)
                    {
                        next.Enqueue(batchOf[s]);
                    }
                }
            }
        }

        return keys;
    }
}
