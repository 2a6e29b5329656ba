using System.Diagnostics;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Explanation;

/// <summary>A question: can these due dates be kept, all locks, calendars and machines being what they are?</summary>
public sealed record ConflictRequest
{
    public required CompiledScenario Plant { get; init; }

    public PlantState? From { get; init; }

    /// <summary>The schedule in force: its locks count, and its queues show where a conflict is to be looked for in a large plant.</summary>
    public Schedule? Current { get; init; }

    /// <summary>Orders whose due dates are hard; empty means all that have one.</summary>
    public IReadOnlyCollection<OrderId> Hard { get; init; } = [];

    public RelaxationPrices Prices { get; init; } = new();

    /// <summary>Wall-clock seconds for one question to the solver, > 0.</summary>
    public double SecondsPerQuestion { get; init; } = 1;

    /// <summary>Wall-clock budget; when it is over, the conflict found so far is returned, minimal or not.</summary>
    public Duration TimeLimit { get; init; } = Duration.FromSeconds(30);
}

/// <summary>Finds a minimal set of constraints that contradict each other, by a deletion filter, and the cheapest way out.</summary>
/// <remarks>Orders are left out to make a question smaller: what some orders cannot keep among themselves, more cannot either.</remarks>
public sealed class Conflicts
{
    /// <summary>A question is asked about at most so many operations.</summary>
    public const int LargestQuestion = 120;

    /// <summary>Overtime is tried on single machines where at most so many could have it.</summary>
    private const int MachinesTried = 6;

    private readonly ConflictRequest _request;
    private readonly SchedulingProblem _problem;
    private readonly Feasibility _feasibility;
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private Conflicts(ConflictRequest request, CancellationToken stop)
    {
        _request = request;
        _problem = SchedulingProblem.Build(request.Plant, request.From, request.Current);
        _feasibility = new Feasibility(request.SecondsPerQuestion, stop);
    }

    private bool OutOfTime => _watch.Elapsed.TotalMilliseconds > _request.TimeLimit.Milliseconds;

    /// <exception cref="PlanningException">An order named hard has no due date, or the problem is contradictory in itself.</exception>
    public static ConflictResult Find(ConflictRequest request, CancellationToken stop = default)
    {
        if (request.Hard.FirstOrDefault(o => request.Plant.Scenario.Orders[o].Due is null, new OrderId(-1)) is { Index: >= 0 } undated)
        {
            throw new PlanningException($"Order {request.Plant.Scenario.Orders[undated].Id} has no due date that could be hard. Maybe give it one?");
        }

        if (!(request.SecondsPerQuestion > 0) || request.TimeLimit <= Duration.Zero)
        {
            throw new PlanningException("Looking for a conflict needs time. Maybe 30s, and a second for each question?");
        }

        return new Conflicts(request, stop).Find();
    }

    private ConflictResult Find()
    {
        var (status, orders) = Core();
        if (status != ConflictStatus.Conflict)
        {
            return Result(status, [], true, [], orders);
        }

        var kept = Groups(orders);
        var everything = new HashSet<ConstraintGroup>(kept);
        var minimal = Filter(kept, orders);
        return Result(ConflictStatus.Conflict, [.. kept], minimal, [.. Relaxations(kept, everything, orders).OrderBy(r => r.Cost).ThenBy(r => r.Group.Kind)], orders);
    }

    private ConflictResult Result(
        ConflictStatus status, List<ConstraintGroup> conflict, bool minimal, List<Relaxation> relaxations, IEnumerable<int> orders) =>
        new(status, [.. conflict.OrderBy(g => g.Kind).ThenBy(g => g.Index)], minimal, relaxations, [.. orders.Order().Select(o => new OrderId(o))])
        {
            Locks = [.. _problem.LockedBatches.Select(l => _problem.Current!.Batches.First(b => b.Jobs.Any(j => _problem.TaskOfJob[j] == l.Tasks[0])))],
        };

    /// <summary>Orders that cannot keep everything among themselves, as few as grow easily.</summary>
    private (ConflictStatus Status, HashSet<int> Orders) Core()
    {
        HashSet<int> hard = _request.Hard.Count > 0 ? [.. _request.Hard.Select(o => o.Index)] : [.. Enumerable.Range(0, _problem.Orders.Length).Where(IsHard)];
        var all = hard.Concat(_problem.LockedBatches.SelectMany(l => l.Tasks).Select(t => _problem.Tasks[t].Order)).ToHashSet();
        if (all.Sum(o => _problem.Orders[o].Tasks.Length) <= LargestQuestion)
        {
            var answer = _feasibility.Of(RelaxedProblem.Of(_problem, all, Groups(all)), out _);
            return (answer switch { true => ConflictStatus.Feasible, false => ConflictStatus.Conflict, _ => ConflictStatus.Unknown }, all);
        }

        // Large: the plan says who is late and behind whom; those orders alone are asked about.
        var schedule = _request.Current ?? DispatchSchedule.Build(_request.Plant, DispatchRule.Edd, _request.From);
        var problem = _request.Current is null ? SchedulingProblem.Build(_request.Plant, _request.From, schedule) : _problem;
        var chains = new WhyChains(problem, problem.Current!, _request.From);
        var late = all.Where(o => hard.Contains(o) && _problem.Orders[o].Tasks.Length > 0).Select(o => chains.Of(o)).Where(w => w.Lateness > Duration.Zero)
            .OrderBy(w => w.Alone > w.Due ? 0 : 1).ThenByDescending(w => w.Lateness!.Value).ToArray();
        foreach (var why in late)
        {
            var set = new HashSet<int> { why.Order.Index };
            foreach (var order in why.Steps.Reverse().Select(s => _request.Plant.Jobs.OrderOf(s.Job)).Prepend(why.Order.Index).Where(o => hard.Contains(o)))
            {
                if (!set.Add(order) && order != why.Order.Index)
                {
                    continue;
                }

                if (OutOfTime || set.Sum(o => _problem.Orders[o].Tasks.Length) > LargestQuestion)
                {
                    break;
                }

                if (_feasibility.Of(RelaxedProblem.Of(_problem, set, Groups(set)), out _) == false)
                {
                    return (ConflictStatus.Conflict, set);
                }
            }

            if (OutOfTime)
            {
                break;
            }
        }

        return (late.Length == 0 ? ConflictStatus.Feasible : ConflictStatus.Unknown, all);
    }

    private bool IsHard(int order) => _problem.Orders[order] is { Counts: true, Due: not null };

    /// <summary>All constraints that could matter to some orders.</summary>
    private HashSet<ConstraintGroup> Groups(HashSet<int> orders)
    {
        var groups = new HashSet<ConstraintGroup>();
        var tasks = orders.SelectMany(o => _problem.Orders[o].Tasks).Select(t => _problem.Tasks[t]).ToArray();
        foreach (var o in orders.Where(o => IsHard(o) && (_request.Hard.Count == 0 || _request.Hard.Contains(new OrderId(o)))))
        {
            groups.Add(new ConstraintGroup(ConstraintKind.Deadline, o));
        }

        foreach (var task in tasks)
        {
            var limits = new (ConstraintKind Kind, bool Matters)[]
            {
                (ConstraintKind.Release, _request.Plant.OrderOf(task.Job).Release > _problem.Now),
                (ConstraintKind.LongestWait, task.MaxWait < long.MaxValue && !task.Successors.IsEmpty),
                (ConstraintKind.Eligibility, _request.Plant.Groups[_request.Plant.GroupOf(task.Job)].Length > task.Options.Length),
            };
            foreach (var (kind, _) in limits.Where(l => l.Matters))
            {
                groups.Add(new ConstraintGroup(kind, task.Order));
            }

            foreach (var need in task.Auxiliaries)
            {
                groups.Add(new ConstraintGroup(ConstraintKind.Auxiliary, need.Auxiliary));
            }

            foreach (var option in RelaxedProblem.Open(_problem, task))
            {
                var machine = _request.Plant.Plant.Equipment[option.Equipment];
                groups.Add(new ConstraintGroup(ConstraintKind.Capacity, machine.Class));
                if (machine.Calendar is { } calendar)
                {
                    groups.Add(new ConstraintGroup(ConstraintKind.WorkingHours, calendar));
                }
            }
        }

        for (var k = 0; k < _problem.LockedBatches.Length; k++)
        {
            if (_problem.LockedBatches[k].Tasks.Any(t => orders.Contains(_problem.Tasks[t].Order)))
            {
                groups.Add(new ConstraintGroup(ConstraintKind.Lock, k));
            }
        }

        return groups;
    }

    /// <summary>Takes out what the contradiction does not need, incidental kinds first; true when each that is left is needed.</summary>
    private bool Filter(HashSet<ConstraintGroup> kept, HashSet<int> orders)
    {
        var candidates = kept.OrderByDescending(g => g.Kind).ThenBy(g => g.Index).ToList();
        var minimal = true;
        for (var size = Math.Max(1, candidates.Count / 4); size >= 1; size /= 2)
        {
            for (var i = 0; i < candidates.Count;)
            {
                if (OutOfTime)
                {
                    return false;
                }

                var chunk = candidates.Skip(i).Take(size).ToArray();
                var rest = new HashSet<ConstraintGroup>(kept);
                rest.ExceptWith(chunk);
                var answer = _feasibility.Of(RelaxedProblem.Of(_problem, orders, rest), out _);
                if (answer == false)
                {
                    kept.ExceptWith(chunk);
                    candidates.RemoveRange(i, chunk.Length);
                }
                else
                {
                    minimal &= size > 1 || answer == true;
                    i += chunk.Length;
                }
            }
        }

        return minimal;
    }

    private IEnumerable<Relaxation> Relaxations(HashSet<ConstraintGroup> conflict, HashSet<ConstraintGroup> everything, HashSet<int> orders)
    {
        foreach (var group in conflict.OrderBy(g => g.Kind).ThenBy(g => g.Index))
        {
            if (OutOfTime)
            {
                yield break;
            }

            foreach (var machine in group.Kind == ConstraintKind.WorkingHours ? MachinesOf(group, conflict) : [-1])
            {
                if (Least(group, machine, conflict, orders) is { } found)
                {
                    yield return found with { ResolvesAll = Resolves(found, everything, orders) };
                }
            }
        }
    }

    /// <summary>Machines of a calendar that the conflict's orders can use, one by one where they are few, and all together (−1) where they are several.</summary>
    private int[] MachinesOf(ConstraintGroup group, HashSet<ConstraintGroup> conflict)
    {
        var machines = Usable(conflict).Where(e => _request.Plant.Plant.Equipment[e].Calendar?.Index == group.Index).ToArray();
        return machines.Length == 1 ? machines : machines.Length <= MachinesTried ? [.. machines, -1] : [-1];
    }

    private IEnumerable<int> Usable(HashSet<ConstraintGroup> conflict) => conflict.Where(g => g.Kind == ConstraintKind.Deadline)
        .SelectMany(g => _problem.Orders[g.Index].Tasks).SelectMany(t => _problem.Tasks[t].Options).Select(o => o.Equipment).Distinct().Order();

    /// <summary>The smallest change of one constraint that lets the rest of the conflict be kept.</summary>
    private Relaxation? Least(ConstraintGroup group, int machine, HashSet<ConstraintGroup> conflict, HashSet<int> orders)
    {
        const long Step = 15 * Duration.MillisecondsPerMinute;
        var (most, priced) = Range(group, machine, conflict);
        if (most == 0)
        {
            var given = priced(0);
            return Resolves(given, conflict, orders) ? given : null;
        }

        // Doubled until it is enough, then halved to a quarter of an hour.
        var (low, high) = (0L, Math.Min(Step, most));
        while (!Resolves(priced(high), conflict, orders))
        {
            if (high >= most || OutOfTime)
            {
                return null;
            }

            (low, high) = (high, Math.Min(most, high * 2));
        }

        while (high - low > Step && !OutOfTime)
        {
            var middle = (low + (high - low) / 2) / Step * Step;
            if (middle <= low)
            {
                break;
            }

            (low, high) = Resolves(priced(middle), conflict, orders) ? (low, middle) : (middle, high);
        }

        return priced(high);
    }

    /// <summary>How far a constraint can give (0: only whole), and what that costs.</summary>
    private (long Most, Func<long, Relaxation> Priced) Range(ConstraintGroup group, int machine, HashSet<ConstraintGroup> conflict)
    {
        var prices = _request.Prices;
        var now = _problem.Now.Milliseconds;
        switch (group.Kind)
        {
            case ConstraintKind.Deadline:
                var perHour = Math.Max(1e-9, _problem.Weights.Tardiness) * _problem.Orders[group.Index].Weight;
                return (366 * Duration.MillisecondsPerDay, by => new Relaxation(group, new Duration(by), 0, perHour * Hours(by), false));
            case ConstraintKind.Release:
                return (Math.Max(1, _request.Plant.Scenario.Orders[group.Index].Release.Milliseconds - now), by => new Relaxation(group, new Duration(by), 0, prices.Expedite * Hours(by), false));
            case ConstraintKind.WorkingHours:
                int[] machines = machine >= 0 ? [machine] : [.. Usable(conflict).Where(e => _request.Plant.Plant.Equipment[e].Calendar?.Index == group.Index)];
                var windows = machines.Sum(e => Windows(e, conflict));
                return (Duration.MillisecondsPerDay, by => new Relaxation(group, new Duration(by), windows, prices.Overtime * Hours(by) * Math.Max(1, windows), false, machine));
            case ConstraintKind.Capacity:
                var work = conflict.Where(g => g.Kind == ConstraintKind.Deadline).SelectMany(g => _problem.Orders[g.Index].Tasks)
                    .Select(t => _problem.Tasks[t].Options.Where(o => _request.Plant.Plant.Equipment[o.Equipment].Class.Index == group.Index).Select(o => o.Time).DefaultIfEmpty(0).Min()).Sum();
                return (0, _ => new Relaxation(group, Duration.Zero, 0, prices.Machine * Hours(work), false));
            case ConstraintKind.Lock:
                return (0, _ => new Relaxation(group, Duration.Zero, 0, prices.Unlock, false));
            default:
                return (0, _ => new Relaxation(group, Duration.Zero, 0, prices.Exception, false));
        }
    }

    /// <summary>Windows of a machine between now and the last due date of the conflict.</summary>
    private int Windows(int equipment, HashSet<ConstraintGroup> conflict)
    {
        var last = conflict.Where(g => g.Kind == ConstraintKind.Deadline).Select(g => _problem.Orders[g.Index].Due!.Value).DefaultIfEmpty(_problem.Now.Milliseconds).Max();
        var calendar = _problem.Machines[equipment].Calendar!;
        return Enumerable.Range(0, calendar.Count).Select(calendar.Window).Count(w => w.End > _problem.Now && w.Start.Milliseconds < last && w.End.Milliseconds < long.MaxValue / 8);
    }

    private bool Resolves(Relaxation given, HashSet<ConstraintGroup> among, HashSet<int> orders)
    {
        var kept = new HashSet<ConstraintGroup>(among);
        if (given.By == Duration.Zero)
        {
            kept.Remove(given.Group);
        }

        return _feasibility.Of(RelaxedProblem.Of(_problem, orders, kept, given), out _) == true;
    }

    private static double Hours(long ms) => ms / (double)Duration.MillisecondsPerHour;
}
