using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Promise;

/// <summary>Lets a new order go before planned work as far as no order becomes late by it.</summary>
internal sealed class SqueezedOrder(SchedulingProblem problem)
{
    /// <summary>Moments tried from which the order may go before others: halves of the way from now to the date in the gaps.</summary>
    private const int Tries = 6;

    private readonly Timetable _timetable = new(problem);

    /// <summary>A plan in which the order ends before a moment and nobody pays; <c>null</c> when none was found.</summary>
    public (long End, Schedule Schedule)? Before(long end)
    {
        var plan = PlanConversion.FromSchedule(problem, problem.Current!);
        var limits = Limits(plan);
        ((long End, Schedule Schedule)? best, var low, var high) = (null, problem.Now.Milliseconds, end);
        for (var n = 0; n < Tries; n++)
        {
            // The earlier it goes before others, the earlier it ends, until somebody pays: bisected.
            var key = n == 0 ? low : low + (high - low) / 2;
            if (With(plan, key) is { } candidate && Nobody(limits, candidate))
            {
                var mine = problem.Orders[^1].Tasks.ToHashSet();
                var there = candidate.Where(b => b.Tasks.Any(mine.Contains)).Max(b => b.End);
                if (there < (best?.End ?? end))
                {
                    best = (there, PlanConversion.ToSchedule(problem, candidate, problem.Current!.Origin));
                }

                if (n == 0)
                {
                    break; // nobody pays even when it goes before all
                }

                high = key;
            }
            else if (n > 0)
            {
                low = key;
            }
        }

        return best;
    }

    /// <summary>The latest end each order may have: its due date, or where it is planned when that is later.</summary>
    private long[] Limits(List<PlanBatch> plan)
    {
        var limits = problem.Orders.Select(o => o is { Counts: true, Due: { } due } ? due : long.MaxValue).ToArray();
        foreach (var batch in plan)
        {
            foreach (var t in batch.Tasks)
            {
                ref var limit = ref limits[problem.Tasks[t].Order];
                limit = Math.Max(limit, batch.End);
            }
        }

        return limits;
    }

    private bool Nobody(long[] limits, List<PlanBatch> plan) =>
        plan.TrueForAll(b => Array.TrueForAll(b.Tasks, t => b.End <= limits[problem.Tasks[t].Order]));

    /// <summary>The plan in its order, with each operation of the new order as soon as its turn has come.</summary>
    private List<PlanBatch>? With(List<PlanBatch> plan, long key)
    {
        _timetable.Clear();
        var (result, mine, next) = (new List<PlanBatch>(plan.Count + problem.Orders[^1].Tasks.Length), problem.Orders[^1].Tasks, 0);
        foreach (var batch in plan)
        {
            while (next < mine.Length && Turn(mine[next], key) <= batch.Start)
            {
                if (!Append(mine[next++]))
                {
                    return null;
                }
            }

            var copy = batch.Copy();
            if (!_timetable.Append(copy))
            {
                return null;
            }

            result.Add(copy);
        }

        for (; next < mine.Length; next++)
        {
            if (!Append(mine[next]))
            {
                return null;
            }
        }

        return LongestWaits.Matter(problem) && !LongestWaits.Repair(problem, _timetable, result) ? null : result;

        bool Append(int t)
        {
            var (best, equipment) = (Placement.Impossible, -1);
            foreach (var option in problem.Tasks[t].Options)
            {
                if (_timetable.LocksAllow([t], option.Equipment) && _timetable.Preview([t], option.Equipment) is { Possible: true } there && there.End < best.End)
                {
                    (best, equipment) = (there, option.Equipment);
                }
            }

            if (equipment < 0)
            {
                return false;
            }

            var batch = new PlanBatch([t], equipment);
            _timetable.Append(batch, best);
            result.Add(batch);
            return true;
        }
    }

    private long Turn(int task, long key)
    {
        var turn = Math.Max(key, problem.Tasks[task].Ready);
        foreach (var p in problem.Tasks[task].Predecessors)
        {
            turn = Math.Max(turn, _timetable.EndOf(p));
        }

        return turn;
    }
}
