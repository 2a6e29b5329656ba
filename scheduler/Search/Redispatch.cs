using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Search;

/// <summary>Puts new decisions for a part of a plan into the whole and lets everything behind them follow as on a shop floor.</summary>
/// <remarks>Work downstream of the change goes, first come first served, to whichever of its machines ends it first.</remarks>
internal sealed class Redispatch(SchedulingProblem problem)
{
    private readonly Timetable _timetable = new(problem);

    /// <summary>The plan laid out; <c>null</c> when the decisions are not possible together.</summary>
    /// <param name="plan">The plan, laid out.</param>
    /// <param name="changed">New batches for some of its tasks, with times.</param>
    public List<PlanBatch>? LayOut(IReadOnlyList<PlanBatch> plan, IReadOnlyList<PlanBatch> changed)
    {
        var isNew = new bool[problem.Tasks.Length];
        foreach (var batch in changed)
        {
            Array.ForEach(batch.Tasks, t => isNew[t] = true);
        }

        List<PlanBatch> all = [.. changed.Concat(plan.Where(b => !isNew[b.Tasks[0]])).Select(b => b.Copy())];
        var batchOf = new PlanBatch[problem.Tasks.Length];
        all.ForEach(b => Array.ForEach(b.Tasks, t => batchOf[t] = b));
        var behind = Behind(isNew, batchOf);
        var open = all.ToDictionary(b => b, b => b.Tasks.Sum(t => problem.Tasks[t].Predecessors.Length));
        var queue = new PriorityQueue<PlanBatch, (long Time, long Due, int Task)>();
        foreach (var batch in all)
        {
            batch.NotBefore = 0;
            if (!behind.Contains(batch))
            {
                queue.Enqueue(batch, (batch.SetupStart, 0, batch.Tasks[0]));
            }
        }

        _timetable.Clear();
        var result = new List<PlanBatch>(all.Count);
        while (queue.TryDequeue(out var batch, out _))
        {
            if (open[batch] > 0 || (behind.Contains(batch) && !ChooseMachine(batch)) || !_timetable.Append(batch))
            {
                return null;
            }

            result.Add(batch);
            foreach (var next in batch.Tasks.SelectMany(t => problem.Tasks[t].Successors).Select(s => batchOf[s]))
            {
                if (--open[next] == 0 && behind.Contains(next))
                {
                    queue.Enqueue(next, (ReadyTime(next), problem.Orders[problem.Tasks[next.Tasks[0]].Order].Due ?? long.MaxValue, next.Tasks[0]));
                }
            }
        }

        return result.Count == all.Count ? result : null;
    }

    private HashSet<PlanBatch> Behind(bool[] isNew, PlanBatch[] batchOf)
    {
        var behind = new HashSet<PlanBatch>();
        var next = new Stack<int>(Enumerable.Range(0, isNew.Length).Where(t => isNew[t]));
        while (next.TryPop(out var t))
        {
            foreach (var s in problem.Tasks[t].Successors)
            {
                if (!isNew[s] && behind.Add(batchOf[s]))
                {
                    Array.ForEach(batchOf[s].Tasks, next.Push);
                }
            }
        }

        return behind;
    }

    private bool ChooseMachine(PlanBatch batch)
    {
        if (batch.Tasks.Length > 1 || problem.Tasks[batch.Tasks[0]] is { BatchKey: >= 0 } or { Lock: >= 0 } || !problem.Machines[batch.Equipment].Locks.IsEmpty)
        {
            return true;
        }

        var (best, end) = (-1, long.MaxValue);
        foreach (var option in problem.Tasks[batch.Tasks[0]].Options)
        {
            var there = problem.Machines[option.Equipment].Locks.IsEmpty ? _timetable.Preview(batch.Tasks, option.Equipment) : Placement.Impossible;
            if (there.Possible && (there.End < end || (there.End == end && option.Equipment == batch.Equipment)))
            {
                (best, end) = (option.Equipment, there.End);
            }
        }

        batch.Equipment = best;
        return best >= 0;
    }

    private long ReadyTime(PlanBatch batch)
    {
        var ready = 0L;
        foreach (var t in batch.Tasks)
        {
            ready = Math.Max(ready, problem.Tasks[t].Ready);
            foreach (var p in problem.Tasks[t].Predecessors)
            {
                ready = Math.Max(ready, _timetable.EndOf(p) + problem.Tasks[p].MinWait);
            }
        }

        return ready;
    }
}
