using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.CpSat;

/// <summary>What one CP-SAT model decides, and the borders it must respect: the whole problem, or a window of a plan.</summary>
internal sealed class Scope
{
    private Scope(SchedulingProblem problem, int[] tasks)
    {
        Problem = problem;
        Tasks = tasks;
        Ready = new long[problem.Tasks.Length];
        Latest = new long[problem.Tasks.Length];
        Array.Fill(Latest, long.MaxValue);
        Inside = new bool[problem.Tasks.Length];
        foreach (var t in tasks)
        {
            Inside[t] = true;
            Ready[t] = problem.Tasks[t].Ready;
        }

        Borders = [.. problem.Machines.Select(m => new MachineBorder(
            m.Slots == 1 ? Math.Max(m.FreeFrom, m.CommittedEnds.IsEmpty ? 0 : m.CommittedEnds[^1]) : m.FreeFrom, m.Condition, null))];
    }

    public SchedulingProblem Problem { get; }

    /// <summary>Tasks to decide.</summary>
    public int[] Tasks { get; }

    public bool[] Inside { get; }

    /// <summary>Earliest begin of each task, as far as tasks outside decide it.</summary>
    public long[] Ready { get; }

    /// <summary>Latest end of each task that leaves the tasks outside untouched.</summary>
    public long[] Latest { get; }

    /// <summary>Where each machine's part of the window begins and ends.</summary>
    public MachineBorder[] Borders { get; }

    /// <summary>Batches outside that overlap the window: they hold slots and auxiliaries.</summary>
    public List<PlanBatch> Fixed { get; } = [];

    /// <summary>Whether this is the whole problem, so that bounds of the model are bounds of the problem.</summary>
    public bool IsWhole { get; private init; }

    public static Scope Whole(SchedulingProblem problem) =>
        new(problem, [.. Enumerable.Range(0, problem.Tasks.Length)]) { IsWhole = true };

    /// <summary>Some batches of a laid-out plan are decided anew; all others keep equipment and time.</summary>
    /// <param name="plan">The plan, laid out.</param>
    /// <param name="free">Batches to decide anew: on each single-slot machine a contiguous piece of its sequence.</param>
    public static Scope Window(SchedulingProblem problem, IReadOnlyList<PlanBatch> plan, HashSet<PlanBatch> free)
    {
        var scope = new Scope(problem, [.. free.SelectMany(b => b.Tasks).Order()]);
        var (from, to) = (free.Min(b => b.SetupStart), free.Max(b => b.End));
        var batchOf = new PlanBatch[problem.Tasks.Length];
        var seen = new bool[problem.Machines.Length];
        var condition = problem.Machines.Select(m => m.Condition).ToArray();
        foreach (var batch in plan.OrderBy(b => b.Start).ThenBy(b => b.SetupStart))
        {
            Array.ForEach(batch.Tasks, t => batchOf[t] = batch);
            var e = batch.Equipment;
            if (free.Contains(batch))
            {
                seen[e] = true;
                continue;
            }

            var lead = problem.Tasks[batch.Tasks[0]];
            Timing.Prepare(problem, problem.Machines[e], ref condition[e], lead);
            condition[e] = Timing.After(problem, problem.Machines[e], condition[e], lead.Family);
            if (problem.Machines[e].Slots > 1)
            {
                scope.Fixed.Add(batch);
            }
            else if (!seen[e] && batch.Start < from)
            {
                scope.Borders[e] = new MachineBorder(batch.End, condition[e], null);
            }
            else
            {
                scope.Borders[e] = scope.Borders[e].Next is null ? scope.Borders[e] with { Next = batch } : scope.Borders[e];
            }

            if (problem.Machines[e].Slots == 1 && lead.Auxiliaries.Length > 0 && batch.End > from && batch.SetupStart < to)
            {
                scope.Fixed.Add(batch);
            }
        }

        scope.SetTimeBorders(batchOf);
        return scope;
    }

    private void SetTimeBorders(PlanBatch[] batchOf)
    {
        foreach (var t in Tasks)
        {
            var task = Problem.Tasks[t];
            foreach (var p in task.Predecessors)
            {
                if (!Inside[p])
                {
                    Ready[t] = Math.Max(Ready[t], batchOf[p].End + Problem.Tasks[p].MinWait);
                }
            }

            foreach (var s in task.Successors)
            {
                if (!Inside[s])
                {
                    // The slowest way there, so that any equipment the task moves to leaves the successor where it is.
                    var next = batchOf[s];
                    var travel = task.Options.Max(o => Problem.TravelTime(Problem.Machines[o.Equipment].Site, Problem.Machines[next.Equipment].Site));
                    Latest[t] = Math.Min(Latest[t], Math.Min(next.SetupStart, next.Start - travel) - task.MinWait);
                }
            }
        }
    }
}

/// <summary>The piece of a machine's time that a model may fill.</summary>
/// <param name="FreeFrom">When it begins.</param>
/// <param name="Condition">Condition of the machine then.</param>
/// <param name="Next">The batch that ends it, at its time; <c>null</c> when the piece is open.</param>
internal readonly record struct MachineBorder(long FreeFrom, MachineCondition Condition, PlanBatch? Next);
