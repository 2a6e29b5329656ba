using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.CpSat;

/// <summary>What one CP-SAT model decides: the whole problem, or a window of a plan with all that follows from it.</summary>
/// <remarks>
/// In a window the free batches are decided anew. Everything downstream of them keeps its equipment, company and order but moves in
/// time; everything else stands still. So a window is priced by the objective of the whole plan.
/// </remarks>
internal sealed class Scope
{
    private readonly int[] _followsOn; // machine of a task that keeps it, −1 where free
    private readonly bool[] _machineOpen;

    private Scope(SchedulingProblem problem, int[] tasks)
    {
        Problem = problem;
        Tasks = tasks;
        Ready = new long[problem.Tasks.Length];
        Inside = new bool[problem.Tasks.Length];
        _followsOn = new int[problem.Tasks.Length];
        Array.Fill(_followsOn, -1);
        _machineOpen = new bool[problem.Machines.Length];
        Array.Fill(_machineOpen, true);
        foreach (var t in tasks)
        {
            Inside[t] = true;
            Ready[t] = problem.Tasks[t].Ready;
        }

        Borders = [.. problem.Machines.Select(m => new MachineBorder(
            m.Slots == 1 ? Math.Max(m.FreeFrom, m.CommittedEnds.IsEmpty ? 0 : m.CommittedEnds[^1]) : m.FreeFrom, m.Condition))];
        Followers = [.. problem.Machines.Select(_ => new List<PlanBatch>())];
    }

    public SchedulingProblem Problem { get; }

    /// <summary>Tasks of the model: free ones and followers.</summary>
    public int[] Tasks { get; }

    public bool[] Inside { get; }

    /// <summary>Earliest begin of each task, as far as tasks outside decide it.</summary>
    public long[] Ready { get; }

    /// <summary>Journeys from predecessors outside: per task, when its goods can leave which site.</summary>
    public Dictionary<int, List<(long From, int Site)>> Departures { get; } = [];

    /// <summary>Where each machine's part of the model begins.</summary>
    public MachineBorder[] Borders { get; }

    /// <summary>Per machine, batches that keep their order behind the free ones.</summary>
    public List<PlanBatch>[] Followers { get; }

    /// <summary>Batches outside that may overlap the model: they hold slots and auxiliaries.</summary>
    public List<PlanBatch> Fixed { get; } = [];

    /// <summary>Latest end of anything outside.</summary>
    public long LastOutside { get; private set; }

    /// <summary>Whether this is the whole problem, so that bounds of the model are bounds of the problem.</summary>
    public bool IsWhole { get; private init; }

    public static Scope Whole(SchedulingProblem problem) =>
        new(problem, [.. Enumerable.Range(0, problem.Tasks.Length)]) { IsWhole = true };

    /// <summary>Some batches of a laid-out plan are decided anew.</summary>
    /// <param name="plan">The plan, laid out.</param>
    /// <param name="free">Batches to decide anew: on each machine a contiguous piece of its sequence. They stay on the machines of the window.</param>
    public static Scope Window(SchedulingProblem problem, IReadOnlyList<PlanBatch> plan, HashSet<PlanBatch> free)
    {
        var batchOf = new PlanBatch[problem.Tasks.Length];
        var sequences = problem.Machines.Select(_ => new List<PlanBatch>()).ToArray();
        foreach (var batch in plan.OrderBy(b => b.Start).ThenBy(b => b.SetupStart).ThenBy(b => b.End))
        {
            Array.ForEach(batch.Tasks, t => batchOf[t] = batch);
            sequences[batch.Equipment].Add(batch);
        }

        var followers = Downstream(problem, sequences, batchOf, free);
        var scope = new Scope(problem, [.. free.Concat(followers).SelectMany(b => b.Tasks).Order()]);
        Array.Clear(scope._machineOpen);
        foreach (var batch in free)
        {
            scope._machineOpen[batch.Equipment] = true;
        }

        foreach (var batch in followers)
        {
            Array.ForEach(batch.Tasks, t => scope._followsOn[t] = batch.Equipment);
        }

        for (var e = 0; e < sequences.Length; e++)
        {
            scope.SetBorder(e, sequences[e], free, followers);
        }

        scope.SetReadyTimes(batchOf);
        return scope;
    }

    /// <summary>Whether a task keeps its place behind the free ones.</summary>
    public bool Follows(int task) => _followsOn[task] >= 0;

    /// <summary>Whether a task may run on a machine in this model.</summary>
    public bool Allows(int task, int machine) => _followsOn[task] >= 0 ? _followsOn[task] == machine : _machineOpen[machine];

    private static HashSet<PlanBatch> Downstream(SchedulingProblem problem, List<PlanBatch>[] sequences, PlanBatch[] batchOf, HashSet<PlanBatch> free)
    {
        var after = new Dictionary<PlanBatch, PlanBatch>();
        foreach (var sequence in sequences)
        {
            for (var i = 1; i < sequence.Count; i++)
            {
                after.Add(sequence[i - 1], sequence[i]);
            }
        }

        var found = new HashSet<PlanBatch>();
        var next = new Stack<PlanBatch>(free);
        while (next.TryPop(out var batch))
        {
            var follow = batch.Tasks.SelectMany(t => problem.Tasks[t].Successors).Select(s => batchOf[s]);
            foreach (var follower in after.TryGetValue(batch, out var behind) ? follow.Append(behind) : follow)
            {
                if (!free.Contains(follower) && found.Add(follower))
                {
                    next.Push(follower);
                }
            }
        }

        return found;
    }

    private void SetBorder(int e, List<PlanBatch> sequence, HashSet<PlanBatch> free, HashSet<PlanBatch> followers)
    {
        var condition = Problem.Machines[e].Condition;
        foreach (var batch in sequence)
        {
            if (followers.Contains(batch))
            {
                Followers[e].Add(batch);
            }
            else if (!free.Contains(batch))
            {
                var lead = Problem.Tasks[batch.Tasks[0]];
                Timing.Prepare(Problem, Problem.Machines[e], ref condition, lead);
                condition = Timing.After(Problem, Problem.Machines[e], condition, lead.Family);
                LastOutside = Math.Max(LastOutside, batch.End);
                Borders[e] = new MachineBorder(Problem.Machines[e].Slots == 1 ? batch.End : Borders[e].FreeFrom, condition);
                if (Problem.Machines[e].Slots > 1 || lead.Auxiliaries.Length > 0)
                {
                    Fixed.Add(batch);
                }
            }
        }
    }

    private void SetReadyTimes(PlanBatch[] batchOf)
    {
        foreach (var t in Tasks)
        {
            foreach (var p in Problem.Tasks[t].Predecessors.Where(p => !Inside[p]))
            {
                var end = batchOf[p].End + Problem.Tasks[p].MinWait;
                Ready[t] = Math.Max(Ready[t], end);
                if (!Departures.TryGetValue(t, out var list))
                {
                    Departures.Add(t, list = []);
                }

                list.Add((end, Problem.Machines[batchOf[p].Equipment].Site));
            }
        }
    }
}

/// <summary>Where the piece of a machine's time that a model fills begins.</summary>
/// <param name="Condition">Condition of the machine then.</param>
internal readonly record struct MachineBorder(long FreeFrom, MachineCondition Condition);
