using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Explanation;

/// <summary>A scheduling problem reduced to some orders and some of its constraints, with hard deadlines.</summary>
/// <param name="Problem">The reduced problem: no objective, no minimum loads.</param>
/// <param name="Deadlines">Latest end per order, <see cref="long.MaxValue"/> where it has none.</param>
internal sealed record RelaxedProblem(SchedulingProblem Problem, long[] Deadlines)
{
    private static readonly ObjectiveWeights s_nothing = new() { Tardiness = 0, Makespan = 0, ChangeoverTime = 0, ChangeoverCost = 0, EnergyCost = 0 };

    /// <summary>Reduces a problem.</summary>
    /// <param name="whole">The problem.</param>
    /// <param name="orders">The orders that count; of these only such are left whose deadline or lock is kept.</param>
    /// <param name="kept">The constraints kept.</param>
    /// <param name="given">A constraint that is kept but gives by so much; <c>null</c> for none.</param>
    public static RelaxedProblem Of(SchedulingProblem whole, IReadOnlyCollection<int> orders, HashSet<ConstraintGroup> kept, Relaxation? given = null)
    {
        var locks = Enumerable.Range(0, whole.LockedBatches.Length).Where(k => kept.Contains(new ConstraintGroup(ConstraintKind.Lock, k))).ToArray();
        var needed = orders.Where(o => kept.Contains(new ConstraintGroup(ConstraintKind.Deadline, o)))
            .Concat(locks.SelectMany(k => whole.LockedBatches[k].Tasks).Select(t => whole.Tasks[t].Order)).ToHashSet();
        var index = new int[whole.Tasks.Length];
        Array.Fill(index, -1);
        var old = whole.Tasks.Where(t => needed.Contains(t.Order)).ToArray();
        for (var i = 0; i < old.Length; i++)
        {
            index[old[i].Index] = i;
        }

        var tasks = old.Select(t => Task(whole, t, index, kept, given)).ToImmutableArray();
        var locked = locks.Select(k => whole.LockedBatches[k]).Where(l => l.Tasks.All(t => index[t] >= 0))
            .Select(l => l with { Tasks = [.. l.Tasks.Select(t => index[t])], Before = [.. l.Before.Where(t => index[t] >= 0).Select(t => index[t])] }).ToImmutableArray();
        var largest = old.Where(t => !kept.Contains(new ConstraintGroup(ConstraintKind.Eligibility, t.Order))).Select(t => t.Load).DefaultIfEmpty(0).Max();
        var machines = whole.Machines.Select(m => Machine(whole, m, tasks.Length, largest, kept, given)).ToImmutableArray();
        for (var k = 0; k < locked.Length; k++)
        {
            machines[locked[k].Equipment].Locks = machines[locked[k].Equipment].Locks.Add(k);
            foreach (var t in locked[k].Tasks)
            {
                tasks[t].Lock = k;
            }
        }

        var problem = new SchedulingProblem(whole.Plant, s_nothing, whole.Now)
        {
            Tasks = tasks, TaskOfJob = [.. whole.TaskOfJob.Select(t => t >= 0 ? index[t] : -1)], Machines = machines,
            Orders = [.. whole.Orders.Select(o => o with { Tasks = [.. o.Tasks.Where(t => index[t] >= 0).Select(t => index[t])] })],
            CommittedUses = whole.CommittedUses, Changeovers = whole.Changeovers, Placed = [.. tasks.Select(_ => (-1, 0L))], LockedBatches = locked,
            Travel = whole.Travel, SiteCount = whole.SiteCount, HasAuxiliaries = tasks.Any(t => !t.Auxiliaries.IsEmpty),
        };
        return new RelaxedProblem(problem, [.. whole.Orders.Select((o, i) => needed.Contains(i) && kept.Contains(new ConstraintGroup(ConstraintKind.Deadline, i))
            ? o.Due!.Value + By(given, ConstraintKind.Deadline, i)
            : long.MaxValue)]);
    }

    private static long By(Relaxation? given, ConstraintKind kind, int index) => given?.Group == new ConstraintGroup(kind, index) ? given.By.Milliseconds : 0;

    private static ProblemTask Task(SchedulingProblem whole, ProblemTask task, int[] index, HashSet<ConstraintGroup> kept, Relaxation? given)
    {
        var release = whole.Plant.OrderOf(task.Job).Release.Milliseconds - By(given, ConstraintKind.Release, task.Order);
        var ready = Math.Max(whole.Now.Milliseconds, kept.Contains(new ConstraintGroup(ConstraintKind.Release, task.Order)) ? release : 0);
        foreach (var before in task.CommittedPredecessors.Where(p => !p.IsLock))
        {
            ready = Math.Max(ready, before.End + before.MinWait);
        }

        var open = kept.Contains(new ConstraintGroup(ConstraintKind.Eligibility, task.Order)) ? task.Options : Open(whole, task);
        return new ProblemTask
        {
            Index = index[task.Index], Job = task.Job, Order = task.Order, Family = task.Family, Load = task.Load, BatchKey = task.BatchKey, Ready = ready,
            Setup = task.Setup, Interruptible = task.Interruptible, MinWait = task.MinWait,
            MaxWait = kept.Contains(new ConstraintGroup(ConstraintKind.LongestWait, task.Order)) ? task.MaxWait : long.MaxValue,
            Predecessors = [.. task.Predecessors.Select(p => index[p])], Successors = [.. task.Successors.Select(s => index[s])],
            CommittedPredecessors = [.. task.CommittedPredecessors.Where(p => !p.IsLock || kept.Contains(new ConstraintGroup(ConstraintKind.Lock, task.Lock)))], Options = open,
            Auxiliaries = [.. task.Auxiliaries.Where(n => kept.Contains(new ConstraintGroup(ConstraintKind.Auxiliary, n.Auxiliary)))],
        };
    }

    /// <summary>All machines of the operation, whatever their size, families and owners.</summary>
    public static ImmutableArray<EquipmentOption> Open(SchedulingProblem whole, ProblemTask task) =>
    [
        .. whole.Plant.Groups[whole.Plant.GroupOf(task.Job)].Select(e => task.CanRunOn(e)
            ? task.OptionOn(e)
            : new EquipmentOption(e, whole.Plant.MeanProcessingTime(task.Job, e).Milliseconds, task.Options.Length > 0 && task.Options[0].ByLoad)),
    ];

    private static ProblemMachine Machine(SchedulingProblem whole, ProblemMachine machine, int tasks, double largest, HashSet<ConstraintGroup> kept, Relaxation? given)
    {
        var equipment = whole.Plant.Plant.Equipment[machine.Index];
        var limited = kept.Contains(new ConstraintGroup(ConstraintKind.Capacity, equipment.Class));
        var hours = new ConstraintGroup(ConstraintKind.WorkingHours, equipment.Calendar?.Index ?? -1);
        var longer = given?.Group == hours && (given.Machine < 0 || given.Machine == machine.Index) ? given.By.Milliseconds : 0;
        return new ProblemMachine
        {
            Index = machine.Index, Site = machine.Site, CapacityMin = 0, CapacityMax = Math.Max(largest, machine.CapacityMax), Unlimited = !limited,
            Slots = limited ? machine.Slots : Math.Max(1, tasks), Rule = limited ? machine.Rule : -1, CommittedEnds = limited ? machine.CommittedEnds : [],
            Calendar = kept.Contains(hours) ? Longer(machine.Calendar, longer) : null,
            FreeFrom = machine.FreeFrom, Condition = machine.Condition,
        };
    }

    private static CalendarTimeline? Longer(CalendarTimeline? calendar, long by) => calendar is null || by == 0
        ? calendar
        : CalendarTimeline.FromSpans(Enumerable.Range(0, calendar.Count).Select(calendar.Window).Select(w => (w.Start.Milliseconds, Math.Max(w.End.Milliseconds, w.End.Milliseconds + by))));
}
