using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.CpSat;
using DigitalTwin.Scheduler.Search;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Explanation;

/// <summary>Whether a reduced problem has a schedule: a quick look by dispatching, then CP-SAT, which also proves that there is none.</summary>
internal sealed class Feasibility(double secondsPerQuestion, CancellationToken stop)
{
    private static readonly DispatchSettings[] s_rules = [new(Plant.Model.DispatchRule.Edd), new(Plant.Model.DispatchRule.Atc, LookAhead: 2), new(Plant.Model.DispatchRule.Spt)];

    /// <summary>Questions asked so far.</summary>
    public int Asked { get; private set; }

    /// <summary>True with a plan, false when there is none (proved), <c>null</c> when neither was found in time.</summary>
    public bool? Of(RelaxedProblem relaxed, out List<PlanBatch>? plan)
    {
        Asked++;
        stop.ThrowIfCancellationRequested();
        plan = [];
        var problem = relaxed.Problem;
        for (var o = 0; o < relaxed.Deadlines.Length; o++)
        {
            if (problem.Orders[o].Counts && problem.Orders[o].CommittedEnd > relaxed.Deadlines[o])
            {
                return false;
            }
        }

        if (problem.Tasks.IsEmpty)
        {
            return true;
        }

        if (problem.Tasks.Any(t => t.Options.IsEmpty) || TooLateAlone(relaxed))
        {
            return false;
        }

        foreach (var rule in s_rules)
        {
            if (Constructor.Build(problem, rule) is { } built && Keeps(relaxed, built))
            {
                plan = built;
                return true;
            }
        }

        return Prove(relaxed, out plan);
    }

    /// <summary>Whether a task ends after its deadline even when every machine waits for it alone: the quick proof.</summary>
    private static bool TooLateAlone(RelaxedProblem relaxed)
    {
        var problem = relaxed.Problem;
        var ends = new long[problem.Tasks.Length];
        foreach (var task in problem.Tasks)
        {
            var ready = task.Ready;
            foreach (var p in task.Predecessors)
            {
                ready = Math.Max(ready, ends[p] + problem.Tasks[p].MinWait);
            }

            ends[task.Index] = long.MaxValue;
            foreach (var option in task.Options)
            {
                var machine = problem.Machines[option.Equipment];
                var (_, _, end) = Timing.At(machine, Math.Max(ready, machine.FreeFrom), ready, task.Setup, option.Time, task.Interruptible);
                ends[task.Index] = Math.Min(ends[task.Index], end);
            }

            if (ends[task.Index] > relaxed.Deadlines[task.Order])
            {
                return true;
            }
        }

        return false;
    }

    private bool? Prove(RelaxedProblem relaxed, out List<PlanBatch>? plan)
    {
        var problem = relaxed.Problem;
        var layout = new Layout(problem);
        List<PlanBatch>? found = null;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var model = new Model(Scope.Whole(problem), [], new HardDeadlines(relaxed.Deadlines, Horizon(relaxed)));
        var end = CpSatSearch.Run(model, new SolveLimits(secondsPerQuestion, null, 1, 1), decided =>
        {
            if (found is null && layout.LayOut(decided) is { } laid && Keeps(relaxed, laid))
            {
                found = laid;
                enough.Cancel();
            }
        }, null, enough.Token);
        plan = found;
        return found is not null ? true : end == SolveEnd.Infeasible ? false : null;
    }

    private static bool Keeps(RelaxedProblem relaxed, List<PlanBatch> plan)
    {
        var placed = new PlanBatch[relaxed.Problem.Tasks.Length];
        plan.ForEach(b => Array.ForEach(b.Tasks, t => placed[t] = b));
        return plan.TrueForAll(b => Array.TrueForAll(b.Tasks, t => b.End <= relaxed.Deadlines[relaxed.Problem.Tasks[t].Order]))
            && LocksKept(relaxed, plan, placed);
    }

    private static bool LocksKept(RelaxedProblem relaxed, List<PlanBatch> plan, PlanBatch[] placed)
    {
        foreach (var locked in relaxed.Problem.LockedBatches)
        {
            var batch = placed[locked.Tasks[0]];
            if (batch.Equipment != locked.Equipment || (locked.StartAt is { } moment && batch.Start != moment) || batch.Tasks.Length != locked.Tasks.Length || locked.Tasks.Any(t => placed[t] != batch)
                || plan.Exists(b => b.Equipment == batch.Equipment && b != batch && b.Start < batch.Start && b.Tasks.Any(t => !locked.Before.Contains(t))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Nothing sensible ends later: the deadlines, or all work one after the other behind every release, at the pace of the calendars.</summary>
    private static long Horizon(RelaxedProblem relaxed)
    {
        var problem = relaxed.Problem;
        var now = problem.Now.Milliseconds;
        if (problem.Tasks.All(t => relaxed.Deadlines[t.Order] < long.MaxValue))
        {
            return Math.Max(now, problem.Tasks.Max(t => relaxed.Deadlines[t.Order]));
        }

        var (work, start) = (0L, now);
        foreach (var task in problem.Tasks)
        {
            work += task.Options.Max(o => o.Time) + task.Setup + task.MinWait;
            start = Math.Max(start, Math.Max(task.Ready, relaxed.Deadlines[task.Order] < long.MaxValue ? relaxed.Deadlines[task.Order] : 0));
        }

        return start + 4 * work + 30 * Duration.MillisecondsPerDay;
    }
}
