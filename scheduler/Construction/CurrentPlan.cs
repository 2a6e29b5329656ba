using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>Carries a schedule on after things have happened: the same order of work, timed anew, with newcomers at the end.</summary>
internal static class CurrentPlan
{
    /// <summary>The plan; <c>null</c> when its order is no longer possible.</summary>
    public static List<PlanBatch>? Continue(SchedulingProblem problem, Schedule current)
    {
        var timetable = new Timetable(problem);
        var plan = PlanConversion.FromSchedule(problem, current);
        if (!IsComplete(problem, plan) || !timetable.Rebuild(plan))
        {
            return null;
        }

        var done = new bool[problem.Tasks.Length];
        plan.ForEach(b => Array.ForEach(b.Tasks, t => done[t] = true));
        var score = new DispatchScore(problem, new DispatchSettings(DigitalTwin.Plant.Model.DispatchRule.Edd));
        foreach (var lot in problem.Tasks.Where(t => !done[t.Index]).GroupBy(t => problem.Plant.Jobs.JobLot[t.Job]).OrderBy(l => l.Min(t => score.QueueKey(t.Index))))
        {
            foreach (var task in lot)
            {
                if (Best(timetable, task) is not { } batch || !timetable.Append(batch))
                {
                    return null;
                }

                plan.Add(batch);
            }
        }

        return !LongestWaits.Matter(problem) || LongestWaits.Repair(problem, timetable, plan) ? plan : null;
    }

    /// <summary>Whether every planned task comes after its predecessors in the list, and can run where it is planned.</summary>
    private static bool IsComplete(SchedulingProblem problem, List<PlanBatch> plan)
    {
        var seen = new bool[problem.Tasks.Length];
        foreach (var batch in plan)
        {
            foreach (var t in batch.Tasks)
            {
                if (!problem.Tasks[t].CanRunOn(batch.Equipment) || problem.Tasks[t].Predecessors.Any(p => !seen[p]))
                {
                    return false;
                }
            }

            Array.ForEach(batch.Tasks, t => seen[t] = true);
        }

        return true;
    }

    private static PlanBatch? Best(Timetable timetable, ProblemTask task)
    {
        var (best, end) = (-1, long.MaxValue);
        foreach (var option in task.Options)
        {
            if (timetable.Preview([task.Index], option.Equipment) is { Possible: true } there && there.End < end)
            {
                (best, end) = (option.Equipment, there.End);
            }
        }

        return best < 0 ? null : new PlanBatch([task.Index], best);
    }
}
