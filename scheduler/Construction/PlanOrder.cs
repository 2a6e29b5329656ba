using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>Orders in which a plan can be laid out.</summary>
internal static class PlanOrder
{
    /// <summary>The same list with every batch behind its predecessors; what was in order keeps its place.</summary>
    public static List<PlanBatch> Sorted(SchedulingProblem problem, IReadOnlyList<PlanBatch> list)
    {
        var batchOf = new PlanBatch?[problem.Tasks.Length];
        foreach (var batch in list)
        {
            Array.ForEach(batch.Tasks, t => batchOf[t] = batch);
        }

        var (placed, ordered) = (new HashSet<PlanBatch>(list.Count), new List<PlanBatch>(list.Count));
        foreach (var batch in list)
        {
            Place(batch);
        }

        return ordered;

        void Place(PlanBatch batch)
        {
            if (!placed.Add(batch))
            {
                return;
            }

            foreach (var t in batch.Tasks)
            {
                foreach (var p in problem.Tasks[t].Predecessors)
                {
                    if (batchOf[p] is { } before)
                    {
                        Place(before);
                    }
                }
            }

            ordered.Add(batch);
        }
    }
}
