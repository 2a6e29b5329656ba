using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using Google.OrTools.Sat;

namespace DigitalTwin.Scheduler.CpSat;

/// <summary>The decisions of a model: possible batches, their members, equipment and times.</summary>
/// <remarks>
/// Every task leads one possible batch; a task that may share a batch joins its own or that of an earlier task with its key, so each
/// batch has one name only. Times are in ticks since the planning moment; a tick is the greatest common divisor of all times.
/// </remarks>
internal sealed class Variables
{
    public Variables(CpModel model, Scope scope, long horizon)
    {
        Scope = scope;
        Horizon = horizon;
        var problem = scope.Problem;
        Batches = new BatchVariables[problem.Tasks.Length];
        Joins = new Dictionary<(int, int), BoolVar>();
        foreach (var t in scope.Tasks)
        {
            Batches[t] = new BatchVariables(model, problem, problem.Tasks[t], horizon);
        }

        foreach (var group in scope.Tasks.Where(t => problem.Tasks[t].BatchKey >= 0).GroupBy(t => problem.Tasks[t].BatchKey))
        {
            int[] members = [.. group];
            for (var i = 0; i < members.Length; i++)
            {
                for (var j = i; j < members.Length; j++)
                {
                    if (scope.Follows(members[i]) != scope.Follows(members[j]))
                    {
                        continue; // followers keep their company
                    }

                    Joins.Add((members[j], members[i]), model.NewBoolVar($"join {members[j]} {members[i]}"));
                }
            }
        }
    }

    public Scope Scope { get; }

    public long Horizon { get; }

    /// <summary>The possible batch that each task leads.</summary>
    public BatchVariables[] Batches { get; }

    /// <summary>(task, leader) → whether the task is in the leader's batch; only for tasks that may share one.</summary>
    public Dictionary<(int Task, int Leader), BoolVar> Joins { get; }

    /// <summary>Leaders whose batch a task may be in, itself first among equals.</summary>
    public IEnumerable<(int Leader, BoolVar Join)> LeadersOf(int task)
    {
        foreach (var leader in Scope.Tasks)
        {
            if (leader > task)
            {
                yield break;
            }

            if (Scope.Problem.Tasks[leader].BatchKey == Scope.Problem.Tasks[task].BatchKey && Joins.TryGetValue((task, leader), out var join))
            {
                yield return (leader, join);
            }
        }
    }
}

/// <summary>Variables of the batch that one task leads.</summary>
internal sealed class BatchVariables
{
    public BatchVariables(CpModel model, SchedulingProblem problem, ProblemTask task, long horizon)
    {
        Task = task;
        Start = model.NewIntVar(0, horizon, $"start {task.Index}");
        HasSetup = task.Setup > 0 || task.Options.Any(o => problem.Machines[o.Equipment].Rule >= 0);
        SetupStart = HasSetup ? model.NewIntVar(0, horizon, $"setup {task.Index}") : Start;
        End = model.NewIntVar(0, horizon, $"end {task.Index}");
        var shares = task.BatchKey >= 0;
        Open = shares ? model.NewBoolVar($"open {task.Index}") : model.TrueLiteral();
        JobStart = shares ? model.NewIntVar(0, horizon, $"job start {task.Index}") : Start;
        JobEnd = shares ? model.NewIntVar(0, horizon, $"job end {task.Index}") : End;
        Uses = [.. task.Options.Select(o => model.NewBoolVar($"task {task.Index} on {o.Equipment}"))];
    }

    public ProblemTask Task { get; }

    /// <summary>Whether the batch exists.</summary>
    public ILiteral Open { get; }

    /// <summary>Whether a setup may precede it anywhere.</summary>
    public bool HasSetup { get; }

    /// <summary>Begin of its setup; the start itself where there is never one.</summary>
    public IntVar SetupStart { get; }

    public IntVar Start { get; }

    public IntVar End { get; }

    /// <summary>Start of the task itself, in whichever batch it is.</summary>
    public IntVar JobStart { get; }

    public IntVar JobEnd { get; }

    /// <summary>Whether it runs on each of the task's options.</summary>
    public BoolVar[] Uses { get; }
}
