using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Search;

/// <summary>Machines whose work cannot be decided apart: they share tasks or auxiliary resources. The rest of the plant is its surroundings.</summary>
/// <param name="Machines">Their indices.</param>
/// <param name="SharesAuxiliaries">Whether an auxiliary ties their timing together.</param>
internal sealed record Cluster(int[] Machines, bool SharesAuxiliaries)
{
    /// <summary>All clusters of a problem that leave something to decide, largest first.</summary>
    public static List<Cluster> Of(SchedulingProblem problem)
    {
        var machines = problem.Machines.Length;
        var parent = Enumerable.Range(0, machines + problem.Plant.Plant.Auxiliaries.Length).ToArray();
        var tasks = new int[machines];
        foreach (var task in problem.Tasks)
        {
            foreach (var option in task.Options)
            {
                parent[Root(option.Equipment)] = Root(task.Options[0].Equipment);
                tasks[option.Equipment]++;
            }

            foreach (var need in task.Auxiliaries)
            {
                parent[Root(machines + need.Auxiliary)] = Root(task.Options[0].Equipment);
            }
        }

        var tied = Enumerable.Range(machines, parent.Length - machines).Select(Root).ToHashSet();
        return [.. Enumerable.Range(0, machines)
            .Where(e => tasks[e] > 1)
            .GroupBy(Root)
            .Select(g => new Cluster([.. g], tied.Contains(g.Key)))
            .OrderByDescending(c => c.Machines.Sum(e => tasks[e])).ThenBy(c => c.Machines[0])];

        int Root(int i)
        {
            while (parent[i] != i)
            {
                i = parent[i] = parent[parent[i]];
            }

            return i;
        }
    }
}

/// <summary>What the surroundings of a cluster say about each of its tasks, read from a laid-out plan.</summary>
internal sealed class Surroundings
{
    private readonly SchedulingProblem _problem;
    private readonly long[] _taskEnd;
    private readonly int[] _taskSite;

    public Surroundings(SchedulingProblem problem, IReadOnlyList<PlanBatch> plan)
    {
        _problem = problem;
        var tasks = problem.Tasks.Length;
        (_taskEnd, _taskSite) = (new long[tasks], new int[tasks]);
        var lotEnd = new long[problem.Plant.Jobs.LotCount];
        foreach (var batch in plan)
        {
            foreach (var t in batch.Tasks)
            {
                _taskEnd[t] = batch.End;
                _taskSite[t] = problem.Machines[batch.Equipment].Site;
                ref var end = ref lotEnd[problem.Plant.Jobs.JobLot[problem.Tasks[t].Job]];
                end = Math.Max(end, batch.End);
            }
        }

        (Ready, Tail, Due, Weight) = (new long[tasks], new long[tasks], new long[tasks], new double[tasks]);
        foreach (var task in problem.Tasks)
        {
            var t = task.Index;
            var order = problem.Orders[task.Order];
            var lot = problem.Plant.Jobs.JobLot[task.Job];
            Ready[t] = task.Ready;
            foreach (var p in task.Predecessors)
            {
                Ready[t] = Math.Max(Ready[t], _taskEnd[p] + problem.Tasks[p].MinWait);
            }

            Tail[t] = lotEnd[lot] - _taskEnd[t];
            Due[t] = order.Due ?? long.MaxValue;
            Weight[t] = order is { Counts: true, Due: not null } ? order.Weight / LotsOf(task.Order) : 0;
        }
    }

    /// <summary>When all predecessors have ended and waited.</summary>
    public long[] Ready { get; }

    /// <summary>From the end of a task to the end of its lot, queues of the present plan included.</summary>
    public long[] Tail { get; }

    /// <summary>Due date of the order; never, where it has none.</summary>
    public long[] Due { get; }

    /// <summary>Share of the order's weight that hangs on the task's lot.</summary>
    public double[] Weight { get; }

    /// <summary>When the goods of a task are at a site.</summary>
    public long Arrival(int t, int site)
    {
        var task = _problem.Tasks[t];
        var arrival = Ready[t];
        if (_problem.SiteCount > 1)
        {
            foreach (var p in task.Predecessors)
            {
                arrival = Math.Max(arrival, _taskEnd[p] + _problem.Tasks[p].MinWait + _problem.TravelTime(_taskSite[p], site));
            }

            foreach (var before in task.CommittedPredecessors)
            {
                arrival = Math.Max(arrival, before.End + before.MinWait + (before.Site >= 0 ? _problem.TravelTime(before.Site, site) : 0));
            }
        }

        return arrival;
    }

    private int LotsOf(int order)
    {
        var first = _problem.Plant.Jobs.OrderFirstLot;
        return first[order + 1] - first[order];
    }
}
