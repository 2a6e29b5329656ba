using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Search;

/// <summary>A limit no schedule can beat, at any size: every order on its own shortest way, every machine group under its load.</summary>
internal static class LowerBound
{
    public static double Of(SchedulingProblem problem)
    {
        var head = Heads(problem);
        return problem.Weights.Tardiness * Tardiness(problem, head)
            + problem.Weights.Makespan * Hours(Makespan(problem, head) - problem.Now.Milliseconds)
            + problem.Weights.ChangeoverTime * Hours(Setups(problem));
    }

    /// <summary>Earliest end of each task if it had the plant to itself.</summary>
    internal static long[] Heads(SchedulingProblem problem)
    {
        var end = new long[problem.Tasks.Length];
        foreach (var task in problem.Tasks)
        {
            var ready = task.Ready;
            foreach (var p in task.Predecessors)
            {
                ready = Math.Max(ready, end[p] + problem.Tasks[p].MinWait);
            }

            var best = long.MaxValue;
            foreach (var option in task.Options)
            {
                var machine = problem.Machines[option.Equipment];
                var free = machine.Slots > machine.CommittedEnds.Length ? machine.FreeFrom : Math.Max(machine.FreeFrom, machine.CommittedEnds[0]);
                best = Math.Min(best, Timing.At(machine, Math.Max(ready, free), ready, SetupOf(problem, machine, task), option.Time, task.Interruptible).End);
            }

            end[task.Index] = best;
        }

        return end;
    }

    private static double Tardiness(SchedulingProblem problem, long[] head)
    {
        var sum = 0.0;
        foreach (var order in problem.Orders)
        {
            if (order is { Counts: true, Due: { } due })
            {
                var end = order.CommittedEnd;
                foreach (var t in order.Tasks)
                {
                    end = Math.Max(end, head[t]);
                }

                sum += order.Weight * Hours(Math.Max(0, end - due));
            }
        }

        return sum;
    }

    /// <summary>The longest way, or the work of a group of machines spread evenly over it between its earliest begin and its shortest tail.</summary>
    private static long Makespan(SchedulingProblem problem, long[] head)
    {
        var last = problem.Now.Milliseconds;
        foreach (var end in head)
        {
            last = Math.Max(last, end);
        }

        foreach (var machine in problem.Machines)
        {
            last = machine.CommittedEnds.IsEmpty ? last : Math.Max(last, machine.CommittedEnds[^1]);
        }

        var tail = DispatchScore.Tails(problem);
        foreach (var group in problem.Tasks.Where(t => t.BatchKey < 0).GroupBy(t => problem.Plant.GroupOf(t.Job)))
        {
            var slots = problem.Plant.Groups[group.Key].Sum(e => (long)problem.Machines[e].Slots);
            var (work, earliest, shortest) = (0L, long.MaxValue, long.MaxValue);
            foreach (var task in group)
            {
                var time = DispatchScore.Shortest(task);
                work += time;
                earliest = Math.Min(earliest, Math.Max(problem.Now.Milliseconds, head[task.Index] - time));
                shortest = Math.Min(shortest, tail[task.Index]);
            }

            if (problem.Plant.Groups[group.Key].All(e => problem.Machines[e].Calendar is null))
            {
                last = Math.Max(last, earliest + (work + slots - 1) / slots + shortest);
            }
        }

        return last;
    }

    /// <summary>Setup that every task needs whatever runs before it; tasks that may share a batch may share it too.</summary>
    private static long Setups(SchedulingProblem problem) =>
        problem.Tasks.Where(t => t.BatchKey < 0).Sum(t => t.Options.Min(o => SetupOf(problem, problem.Machines[o.Equipment], t)));

    private static long SetupOf(SchedulingProblem problem, ProblemMachine machine, ProblemTask task) =>
        task.Setup + (machine.Rule >= 0 ? problem.Changeovers[machine.Rule].EveryBatch : 0);

    private static double Hours(long ms) => ms / (double)Duration.MillisecondsPerHour;
}
