using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>Makes a plan keep the longest waits between operations, by beginning the earlier operation later.</summary>
internal static class LongestWaits
{
    private const int MostRounds = 300;

    /// <summary>Whether any open task has a longest wait at all.</summary>
    public static bool Matter(SchedulingProblem problem)
    {
        foreach (var task in problem.Tasks)
        {
            if (task.MaxWait < long.MaxValue && !task.Successors.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Delays predecessors until no wait is too long; false when that does not settle.</summary>
    public static bool Repair(SchedulingProblem problem, Timetable timetable, List<PlanBatch> plan)
    {
        var batchOf = new PlanBatch[problem.Tasks.Length];
        foreach (var batch in plan)
        {
            foreach (var task in batch.Tasks)
            {
                batchOf[task] = batch;
            }
        }

        for (var round = 0; round < MostRounds; round++)
        {
            if (!DelayPredecessors(problem, plan, batchOf))
            {
                return true;
            }

            if (!timetable.Rebuild(plan))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>A plan that always keeps them: lot after lot, each wholly behind the ones before on every machine.</summary>
    public static List<PlanBatch>? LotByLot(SchedulingProblem problem, DispatchSettings settings)
    {
        var score = new DispatchScore(problem, settings);
        var timetable = new Timetable(problem);
        var plan = new List<PlanBatch>();
        var done = new bool[problem.Tasks.Length];
        var lots = problem.Tasks.GroupBy(t => problem.Plant.Jobs.JobLot[t.Job])
            .OrderBy(lot => lot.Min(t => t.Lock >= 0 ? 0 : 1)).ThenBy(lot => lot.Min(t => score.QueueKey(t.Index))).ThenBy(lot => lot.Key);
        foreach (var lot in lots)
        {
            var before = plan.Count;
            foreach (var task in lot.Where(t => !done[t.Index]))
            {
                int[] members = task.Lock >= 0 ? [.. problem.LockedBatches[task.Lock].Tasks] : [task.Index];
                var equipment = task.Lock >= 0 ? problem.LockedBatches[task.Lock].Equipment : Soonest(timetable, task);
                var batch = new PlanBatch(members, equipment);
                if (equipment < 0 || !timetable.Append(batch))
                {
                    return null;
                }

                plan.Add(batch);
                Array.ForEach(members, m => done[m] = true);
            }

            if (plan.Count > before && !Repair(problem, timetable, plan))
            {
                return null;
            }
        }

        return plan;
    }

    private static int Soonest(Timetable timetable, ProblemTask task)
    {
        var (best, end) = (-1, long.MaxValue);
        foreach (var option in task.Options)
        {
            if (timetable.LocksAllow([task.Index], option.Equipment) && timetable.Preview([task.Index], option.Equipment) is { Possible: true } p && p.End < end)
            {
                (best, end) = (option.Equipment, p.End);
            }
        }

        return best;
    }

    private static bool DelayPredecessors(SchedulingProblem problem, List<PlanBatch> plan, PlanBatch[] batchOf)
    {
        var any = false;
        foreach (var batch in plan)
        {
            foreach (var t in batch.Tasks)
            {
                foreach (var p in problem.Tasks[t].Predecessors)
                {
                    if (batchOf[p] is { } earlier && problem.Tasks[p].MaxWait is var longest and < long.MaxValue && batch.Start - earlier.End > longest)
                    {
                        earlier.NotBefore = Math.Max(earlier.NotBefore, earlier.SetupStart + batch.Start - earlier.End - longest);
                        any = true;
                    }
                }
            }
        }

        return any;
    }
}
