using System.Globalization;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Scheduler.Shops;

/// <summary>One machine an operation can run on.</summary>
/// <param name="Machine">Machine number, from 0.</param>
/// <param name="Time">Processing time there, ≥ 0, in the problem's own ticks.</param>
public readonly record struct ShopOption(int Machine, int Time);

/// <summary>A job shop, flat and immutable: jobs are chains of operations, each on one of several machines, one at a time.</summary>
/// <remarks>
/// The vocabulary of the disjunctive-graph searches, with nothing in it but numbers: operations of a job are neighbours, a job's first
/// operation is <see cref="JobFirst"/>. Times are ticks that a caller chooses; every path through the problem fits an <see cref="int"/>.
/// </remarks>
public sealed class ShopProblem
{
    /// <summary>The longest schedule that is accepted, ticks: room for the sum of a head and a tail.</summary>
    public const int LongestSchedule = int.MaxValue / 3;

    private ShopProblem(IReadOnlyList<IReadOnlyList<IReadOnlyList<ShopOption>>> jobs, int machines)
    {
        Machines = machines;
        JobFirst = new int[jobs.Count + 1];
        for (var j = 0; j < jobs.Count; j++)
        {
            JobFirst[j + 1] = JobFirst[j] + jobs[j].Count;
        }

        var count = JobFirst[^1];
        JobOf = new int[count];
        OptionFirst = new int[count + 1];
        var options = new List<ShopOption>();
        var v = 0;
        for (var j = 0; j < jobs.Count; j++)
        {
            foreach (var operation in jobs[j])
            {
                JobOf[v] = j;
                options.AddRange(operation);
                OptionFirst[++v] = options.Count;
            }
        }

        OptionMachine = [.. options.Select(o => o.Machine)];
        OptionTime = [.. options.Select(o => o.Time)];
        Ready = new int[count];
        Wait = new int[count];
        MachineReady = new int[machines];
    }

    /// <summary>Number of operations.</summary>
    public int Count => JobOf.Length;

    public int Jobs => JobFirst.Length - 1;

    public int Machines { get; }

    /// <summary>First operation of each job, and the number of operations at the end.</summary>
    public int[] JobFirst { get; }

    public int[] JobOf { get; }

    /// <summary>First option of each operation, and the number of options at the end.</summary>
    public int[] OptionFirst { get; }

    public int[] OptionMachine { get; }

    public int[] OptionTime { get; }

    /// <summary>Earliest start of each operation.</summary>
    public int[] Ready { get; init; }

    /// <summary>Shortest wait between the end of an operation and the start of the next of its job.</summary>
    public int[] Wait { get; init; }

    /// <summary>When each machine is free.</summary>
    public int[] MachineReady { get; init; }

    /// <summary>Setups that depend on what ran before; <c>null</c> when there are none.</summary>
    public ShopSetups? Setups { get; init; }

    /// <summary>Whether an operation may run on more than one machine.</summary>
    public bool IsFlexible => OptionMachine.Length > Count;

    /// <summary>Builds and validates: <paramref name="jobs"/>[j][k] holds the machines of operation k of job j.</summary>
    /// <exception cref="PlanningException">The shop is empty, names machines it does not have, or is too long for its ticks.</exception>
    public static ShopProblem Create(
        IReadOnlyList<IReadOnlyList<IReadOnlyList<ShopOption>>> jobs, int machines,
        int[]? ready = null, int[]? wait = null, int[]? machineReady = null, ShopSetups? setups = null)
    {
        CheckOperations(jobs, machines);
        var problem = new ShopProblem(jobs, machines);
        problem = new ShopProblem(jobs, machines)
        {
            Ready = Checked(ready ?? problem.Ready, problem.Count, "ready times"),
            Wait = Checked(wait ?? problem.Wait, problem.Count, "waits"),
            MachineReady = Checked(machineReady ?? problem.MachineReady, machines, "machine ready times"),
            Setups = setups,
        };
        problem.CheckLength();
        return problem;
    }

    /// <summary>Shortest time of an operation over its machines.</summary>
    public int Shortest(int operation)
    {
        var best = int.MaxValue;
        for (var o = OptionFirst[operation]; o < OptionFirst[operation + 1]; o++)
        {
            best = Math.Min(best, OptionTime[o]);
        }

        return best;
    }

    /// <summary>The option of an operation on a machine; −1 when it cannot run there.</summary>
    public int OptionOn(int operation, int machine)
    {
        for (var o = OptionFirst[operation]; o < OptionFirst[operation + 1]; o++)
        {
            if (OptionMachine[o] == machine)
            {
                return o;
            }
        }

        return -1;
    }

    private static void CheckOperations(IReadOnlyList<IReadOnlyList<IReadOnlyList<ShopOption>>> jobs, int machines)
    {
        if (jobs.Count == 0 || machines < 1)
        {
            throw Problem($"A job shop with {jobs.Count} jobs and {machines} machines has nothing to plan. Maybe the file is empty?");
        }

        for (var j = 0; j < jobs.Count; j++)
        {
            if (jobs[j].Count == 0)
            {
                throw Problem($"Job {j} has no operation. Maybe a line of the file is blank?");
            }

            for (var k = 0; k < jobs[j].Count; k++)
            {
                CheckOperation(jobs[j][k], j, k, machines);
            }
        }
    }

    private static void CheckOperation(IReadOnlyList<ShopOption> options, int job, int operation, int machines)
    {
        if (options.Count == 0)
        {
            throw Problem($"Operation {operation} of job {job} has no machine. Maybe its number of alternatives is 0?");
        }

        var seen = new HashSet<int>();
        foreach (var (machine, time) in options)
        {
            if ((uint)machine >= (uint)machines)
            {
                throw Problem($"Operation {operation} of job {job} names machine {machine}, but there are {machines}, counted from 0. Maybe the file counts from 1?");
            }

            if (time is < 0 or > LongestSchedule)
            {
                throw Problem($"Operation {operation} of job {job} takes {time} on machine {machine}; it must lie between 0 and {LongestSchedule}. Maybe use coarser ticks?");
            }

            if (!seen.Add(machine))
            {
                throw Problem($"Operation {operation} of job {job} names machine {machine} twice. Maybe one of them is another machine?");
            }
        }
    }

    private static int[] Checked(int[] values, int count, string what)
    {
        if (values.Length != count || Array.Exists(values, v => v is < 0 or > LongestSchedule))
        {
            throw Problem($"The {what} must be {count} numbers between 0 and {LongestSchedule}. Maybe use coarser ticks?");
        }

        return values;
    }

    /// <summary>Everything one after the other must fit the ticks, so that no search can overflow.</summary>
    private void CheckLength()
    {
        long sum = 0, latest = 0;
        for (var v = 0; v < Count; v++)
        {
            var longest = 0;
            for (var o = OptionFirst[v]; o < OptionFirst[v + 1]; o++)
            {
                longest = Math.Max(longest, OptionTime[o]);
            }

            sum += longest + (long)Wait[v] + (Setups?.Longest ?? 0);
            latest = Math.Max(latest, Ready[v]);
        }

        sum += latest + MachineReady.Max();
        if (sum > LongestSchedule)
        {
            throw Problem($"One after the other the operations take {sum} ticks; at most {LongestSchedule} are possible. Maybe use coarser ticks?");
        }
    }

    private static PlanningException Problem(FormattableString text) => new(text.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Setup times by machine and class of operation.</summary>
public sealed class ShopSetups
{
    private readonly int _classes;
    private readonly int[] _classOf;
    private readonly int[]?[] _matrix;

    /// <param name="classOf">Class of each operation, from 0.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="matrix">For each machine, times [from × classes + to] and a last row for the first operation; <c>null</c> for no setups there.</param>
    /// <param name="beforeArrival">Whether a machine may be set up before the job has come; else setup begins when the job could.</param>
    public ShopSetups(int[] classOf, int classes, int[]?[] matrix, bool beforeArrival)
    {
        (_classOf, _classes, _matrix, BeforeArrival) = (classOf, classes, matrix, beforeArrival);
        foreach (var times in matrix)
        {
            if (times is not null && (times.Length != (classes + 1) * classes || Array.Exists(times, t => t < 0)))
            {
                throw new PlanningException($"A setup matrix must have {classes + 1} rows of {classes} times ≥ 0. Maybe the row for the first operation is missing?");
            }

            Longest = Math.Max(Longest, times is null ? 0 : times.Max());
        }
    }

    public bool BeforeArrival { get; }

    /// <summary>Longest setup.</summary>
    public int Longest { get; }

    /// <summary>Setup on a machine before an operation; <paramref name="from"/> is −1 for the first.</summary>
    public int Time(int machine, int from, int to) =>
        _matrix[machine] is { } times ? times[(from < 0 ? _classes : _classOf[from]) * _classes + _classOf[to]] : 0;
}
