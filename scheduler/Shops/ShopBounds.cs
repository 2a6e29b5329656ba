namespace DigitalTwin.Scheduler.Shops;

/// <summary>Lower bounds of the makespan that cost next to nothing.</summary>
internal static class ShopBounds
{
    /// <summary>The longest job, and each machine's preemptive one-machine problem with heads and tails (Jackson; Carlier 1982).</summary>
    public static int Of(ShopProblem problem)
    {
        var (head, tail) = (new int[problem.Count], new int[problem.Count]);
        for (var v = 0; v < problem.Count; v++)
        {
            head[v] = problem.Ready[v];
            if (v > problem.JobFirst[problem.JobOf[v]])
            {
                head[v] = Math.Max(head[v], head[v - 1] + problem.Shortest(v - 1) + problem.Wait[v - 1]);
            }
        }

        var bound = 0;
        for (var v = problem.Count - 1; v >= 0; v--)
        {
            tail[v] = v + 1 < problem.JobFirst[problem.JobOf[v] + 1] ? tail[v + 1] + problem.Shortest(v + 1) + problem.Wait[v] : 0;
            bound = Math.Max(bound, head[v] + problem.Shortest(v) + tail[v]);
        }

        return Math.Max(Math.Max(bound, SharedLoad(problem, head, tail)), problem.Setups is null ? Machines(problem, head, tail) : bound);
    }

    private static int Machines(ShopProblem problem, int[] head, int[] tail)
    {
        var on = Enumerable.Range(0, problem.Machines).Select(_ => new List<int>()).ToArray();
        for (var v = 0; v < problem.Count; v++)
        {
            if (problem.OptionFirst[v + 1] == problem.OptionFirst[v] + 1)
            {
                on[problem.OptionMachine[problem.OptionFirst[v]]].Add(v);
            }
        }

        var best = 0;
        for (var m = 0; m < on.Length; m++)
        {
            best = Math.Max(best, Preemptive(problem, on[m], problem.MachineReady[m], head, tail));
        }

        return best;
    }

    /// <summary>Jackson's preemptive schedule: of what has come, the longest tail goes first.</summary>
    private static int Preemptive(ShopProblem problem, List<int> operations, int ready, int[] head, int[] tail)
    {
        operations.Sort((a, b) => (head[a], a).CompareTo((head[b], b)));
        var waiting = new PriorityQueue<(int Operation, int Left), int>();
        var (next, now, end) = (0, ready, 0);
        while (next < operations.Count || waiting.Count > 0)
        {
            if (waiting.Count == 0)
            {
                now = Math.Max(now, head[operations[next]]);
            }

            for (; next < operations.Count && head[operations[next]] <= now; next++)
            {
                waiting.Enqueue((operations[next], problem.Shortest(operations[next])), -tail[operations[next]]);
            }

            var (v, left) = waiting.Dequeue();
            var until = next < operations.Count ? Math.Min(now + left, head[operations[next]]) : now + left;
            left -= until - now;
            now = until;
            if (left > 0)
            {
                waiting.Enqueue((v, left), -tail[v]);
            }
            else
            {
                end = Math.Max(end, now + tail[v]);
            }
        }

        return end;
    }

    /// <summary>All work spread evenly over all machines.</summary>
    private static int SharedLoad(ShopProblem problem, int[] head, int[] tail)
    {
        long work = 0;
        for (var v = 0; v < problem.Count; v++)
        {
            work += problem.Shortest(v);
        }

        var used = problem.OptionMachine.Distinct().Count();
        return (int)((work + used - 1) / used) + head.Min() + tail.Min();
    }
}
