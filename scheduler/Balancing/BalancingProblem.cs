using System.Collections.Immutable;
using System.Globalization;

namespace DigitalTwin.Scheduler.Balancing;

/// <summary>One task of an assembly line that cannot be divided between stations.</summary>
/// <param name="Id">Name, unique in the problem.</param>
/// <param name="Times">Time per model, ≥ 0, in whole units (ms, s or the file's); one entry per model, at least one of them > 0.</param>
/// <param name="Predecessors">Indices of the tasks that must be done at the same or an earlier station.</param>
public sealed record BalancingTask(string Id, ImmutableArray<long> Times, ImmutableArray<int> Predecessors);

/// <summary>Which task goes to which station: simple assembly line balancing (SALBP), and its mixed-model form with station windows.</summary>
/// <remarks>
/// A station may hold tasks whose time, averaged over the models by their demand, is at most the cycle time, and whose time for any one model
/// is at most the cycle time plus the station's window — how far a worker may drift beyond the takt. With one model both say the same
/// and the problem is SALBP (Scholl, Balancing and Sequencing of Assembly Lines, 1999). Immutable; validated when built.
/// </remarks>
public sealed class BalancingProblem
{
    private BalancingProblem(ImmutableArray<BalancingTask> tasks, ImmutableArray<long> demand, long window, int[] order)
    {
        Tasks = tasks;
        Demand = demand;
        Window = window;
        Order = order;
        Dimensions = demand.Length == 1 ? 1 : demand.Length + 1;
        TotalDemand = demand.Sum();
        Times = new long[tasks.Length * Dimensions];
        for (var i = 0; i < tasks.Length; i++)
        {
            for (var m = 0; m < demand.Length; m++)
            {
                Times[i * Dimensions] += demand[m] * tasks[i].Times[m];
                if (Dimensions > 1)
                {
                    Times[i * Dimensions + 1 + m] = tasks[i].Times[m];
                }
            }
        }
    }

    /// <summary>The tasks; indices of everything else refer to them.</summary>
    public ImmutableArray<BalancingTask> Tasks { get; }

    /// <summary>Units made of each model, ≥ 1: the weights of the average.</summary>
    public ImmutableArray<long> Demand { get; }

    /// <summary>How far one model may exceed the cycle time at a station, ≥ 0, in the unit of the times.</summary>
    public long Window { get; }

    /// <summary>What a station's capacity is counted in: the weighted sum over models, and, with several models, each model by itself.</summary>
    internal int Dimensions { get; }

    /// <summary>Sum of <see cref="Demand"/>: the weighted times are so many times the average.</summary>
    internal long TotalDemand { get; }

    /// <summary>[task × <see cref="Dimensions"/> + dimension].</summary>
    internal long[] Times { get; }

    /// <summary>Task indices in a topological order.</summary>
    internal int[] Order { get; }

    /// <summary>Checks and builds a problem.</summary>
    /// <param name="tasks">At least one.</param>
    /// <param name="demand">Units per model; <c>null</c> for one model.</param>
    /// <param name="window">Station window, ≥ 0.</param>
    /// <exception cref="BalancingException">Empty, cyclic, negative, overflowing or pointing nowhere; the message names the task.</exception>
    public static BalancingProblem Create(IEnumerable<BalancingTask> tasks, IEnumerable<long>? demand = null, long window = 0)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ImmutableArray<BalancingTask> all = [.. tasks];
        ImmutableArray<long> units = demand is null ? [1] : [.. demand];
        if (all.IsEmpty)
        {
            throw new BalancingException("There is no task to balance. Maybe the file has only a heading?");
        }

        if (units.IsEmpty || units.Any(u => u < 1))
        {
            throw new BalancingException("The demand of every model must be at least 1. Leave out a model that nobody makes.");
        }

        if (window < 0)
        {
            throw new BalancingException(string.Create(CultureInfo.InvariantCulture, $"The station window is {window}, but must be ≥ 0."));
        }

        CheckTasks(all, units);
        return new BalancingProblem(all, units, window, TopologicalOrder(all));
    }

    /// <summary>What fits into a station at a cycle time, per dimension.</summary>
    internal long[] Capacities(long cycle)
    {
        var capacities = new long[Dimensions];
        Array.Fill(capacities, cycle + Window);
        capacities[0] = cycle * TotalDemand;
        return capacities;
    }

    /// <summary>Sum of all times in a dimension.</summary>
    internal long Total(int dimension)
    {
        var sum = 0L;
        for (var i = dimension; i < Times.Length; i += Dimensions)
        {
            sum += Times[i];
        }

        return sum;
    }

    /// <summary>Shortest cycle time at which every single task fits into a station.</summary>
    internal long LongestTask()
    {
        var longest = 0L;
        for (var i = 0; i < Tasks.Length; i++)
        {
            longest = Math.Max(longest, DivideUp(Times[i * Dimensions], TotalDemand));
            for (var d = 1; d < Dimensions; d++)
            {
                longest = Math.Max(longest, Times[i * Dimensions + d] - Window);
            }
        }

        return longest;
    }

    /// <summary>Cycle time at which one station could do everything.</summary>
    internal long LongestLine()
    {
        var longest = Math.Max(1, DivideUp(Total(0), TotalDemand));
        for (var d = 1; d < Dimensions; d++)
        {
            longest = Math.Max(longest, Total(d));
        }

        return longest;
    }

    internal static long DivideUp(long amount, long by) => (amount + by - 1) / by;

    private static void CheckTasks(ImmutableArray<BalancingTask> tasks, ImmutableArray<long> demand)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var limit = long.MaxValue / 8 / Math.Max(1, tasks.Length) / demand.Sum();
        foreach (var task in tasks)
        {
            if (!seen.Add(task.Id))
            {
                throw new BalancingException($"Task '{task.Id}' is listed twice. Maybe a row was pasted again?");
            }

            if (task.Times.Length != demand.Length)
            {
                throw new BalancingException(string.Create(CultureInfo.InvariantCulture,
                    $"Task '{task.Id}' has {task.Times.Length} times for {demand.Length} models; give one time per model (0 where it is not needed)."));
            }

            if (task.Times.FirstOrDefault(t => t < 0 || t > limit) is var wrong && wrong != 0)
            {
                throw new BalancingException(string.Create(CultureInfo.InvariantCulture,
                    $"Task '{task.Id}' takes {wrong}, but a time must be from 0 to {limit}."));
            }

            if (task.Predecessors.Any(p => p < 0 || p >= tasks.Length))
            {
                throw new BalancingException($"A predecessor of task '{task.Id}' does not exist.");
            }
        }
    }

    private static int[] TopologicalOrder(ImmutableArray<BalancingTask> tasks)
    {
        var successors = tasks.Select(_ => new List<int>()).ToArray();
        var open = new int[tasks.Length];
        for (var i = 0; i < tasks.Length; i++)
        {
            foreach (var p in tasks[i].Predecessors.Distinct())
            {
                successors[p].Add(i);
                open[i]++;
            }
        }

        var order = new List<int>(Enumerable.Range(0, tasks.Length).Where(i => open[i] == 0));
        for (var next = 0; next < order.Count; next++)
        {
            order.AddRange(successors[order[next]].Where(s => --open[s] == 0));
        }

        return order.Count == tasks.Length
            ? [.. order]
            : throw new BalancingException($"Task '{tasks[Array.FindIndex(open, o => o > 0)].Id}' waits for itself through its predecessors. Remove one arrow of the circle.");
    }
}

/// <summary>A balancing problem that cannot be built or solved; the message says what is wrong and the way out.</summary>
public sealed class BalancingException : FormatException
{
    public BalancingException()
    {
    }

    public BalancingException(string message)
        : base(message)
    {
    }

    public BalancingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
