using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Repair;

/// <summary>Compares two schedules of one plant, and says of every move what brought it about.</summary>
public sealed class PlanDiffer
{
    private readonly CompiledScenario _plant;
    private readonly PlantState? _from;
    private readonly SchedulingProblem _problem;
    private readonly Dictionary<int, PlannedBatch> _before;
    private readonly Dictionary<int, PlannedBatch> _after;
    private readonly ILookup<int, PlannedBatch> _newOnMachine;
    private readonly ILookup<int, int> _oldOnMachine; // jobs
    private readonly PlanView _view;
    private readonly PlanLinks _links;
    private readonly Dictionary<PlanBatch, MoveCause?> _causes = [];

    private PlanDiffer(CompiledScenario plant, Schedule before, Schedule after, PlantState? from)
    {
        (_plant, _from) = (plant, from);
        _problem = SchedulingProblem.Build(plant, from, after);
        _view = new PlanView(_problem, _problem.Current!);
        _links = new PlanLinks(_view, from, gains: false);
        _before = Places(before);
        _after = Places(after);
        _oldOnMachine = _before.ToLookup(b => b.Value.Equipment.Index, b => b.Key);
        _newOnMachine = _after.Values.Distinct().ToLookup(b => b.Equipment.Index);
    }

    /// <summary>The difference of two schedules.</summary>
    /// <param name="before">The schedule in force; work that has begun since is left out.</param>
    /// <param name="after">The schedule that would replace it.</param>
    /// <param name="from">The plant as it stands: what has begun, and what is down.</param>
    /// <exception cref="PlanningException">One of them is not a schedule of this plant.</exception>
    public static PlanDiff Of(CompiledScenario plant, Schedule before, Schedule after, PlantState? from = null)
    {
        ProblemRules.CheckCurrent(plant, before);
        return new PlanDiffer(plant, before, after, from).Compare();
    }

    private Dictionary<int, PlannedBatch> Places(Schedule schedule)
    {
        var places = new Dictionary<int, PlannedBatch>();
        foreach (var batch in schedule.Batches)
        {
            foreach (var job in batch.Jobs.Where(j => _problem.TaskOfJob[j] >= 0))
            {
                places[job] = batch;
            }
        }

        return places;
    }

    private PlanDiff Compare()
    {
        var moves = new List<OperationMove>();
        foreach (var (job, now) in _after)
        {
            if (!_before.TryGetValue(job, out var was))
            {
                moves.Add(new OperationMove(MoveKind.Added, new JobId(job), null, now.Equipment, null, now.Start, true, new MoveCause(MoveReason.NewOrder, null, new JobId(job))));
            }
            else if (Kind(was, now) is { } kind)
            {
                var counts = kind == MoveKind.Reassigned || Apart(was.Start, now.Start) > ObjectiveEvaluator.MovedBeyond;
                moves.Add(new OperationMove(kind, new JobId(job), was.Equipment, now.Equipment, was.Start, now.Start, counts, CauseOf(job, was, now)));
            }
        }

        foreach (var (job, was) in _before.Where(b => !_after.ContainsKey(b.Key)))
        {
            moves.Add(new OperationMove(MoveKind.Removed, new JobId(job), was.Equipment, null, was.Start, null, true, new MoveCause(MoveReason.Improvement)));
        }

        var causes = moves.ToDictionary(m => m.Job.Index, m => m.Cause);
        return new PlanDiff(
            [.. moves.OrderByDescending(m => Math.Abs(m.Shift.Milliseconds)).ThenBy(m => m.Job.Index)],
            [.. Orders(causes).OrderByDescending(o => o.Before is { } b && o.After is { } a ? (a - b).Milliseconds : long.MinValue).ThenBy(o => o.Order.Index)],
            _after.Count - moves.Count(m => m.Kind != MoveKind.Removed));
    }

    private IEnumerable<OrderShift> Orders(Dictionary<int, MoveCause> causes)
    {
        for (var o = 0; o < _problem.Orders.Length; o++)
        {
            var (before, after) = (EndIn(_before, o), EndIn(_after, o));
            if (before?.End != after?.End)
            {
                var cause = after is { } last && last.Jobs.FirstOrDefault(j => _plant.Jobs.OrderOf(j) == o && causes.ContainsKey(j), new JobId(-1)) is { Index: >= 0 } job
                    ? causes[job]
                    : new MoveCause(MoveReason.Improvement);
                yield return new OrderShift(new OrderId(o), _plant.Scenario.Orders[o].Due, before?.End, after?.End, cause);
            }
        }
    }

    private PlannedBatch? EndIn(Dictionary<int, PlannedBatch> places, int order)
    {
        PlannedBatch? last = null;
        foreach (var t in _problem.Orders[order].Tasks)
        {
            if (places.TryGetValue(_problem.Tasks[t].Job, out var batch) && (last is null || batch.End > last.End))
            {
                last = batch;
            }
        }

        return last;
    }

    private static MoveKind? Kind(PlannedBatch was, PlannedBatch now) =>
        was.Equipment != now.Equipment ? MoveKind.Reassigned
        : now.Start > was.Start ? MoveKind.Later
        : now.Start < was.Start ? MoveKind.Earlier
        : null;

    private MoveCause CauseOf(int job, PlannedBatch was, PlannedBatch now)
    {
        var batch = _view.BatchOf[_problem.TaskOfJob[job]]!;
        if (was.Equipment != now.Equipment)
        {
            return IsDown(was.Equipment) ? new MoveCause(MoveReason.Breakdown, was.Equipment)
                : Occupant(job, was) is { } other ? Taken(other, was.Equipment)
                : now.Start > was.Start && Root(batch) is { } root ? root
                : new MoveCause(MoveReason.Improvement);
        }

        return now.Start > was.Start
            ? Root(batch) ?? (Occupant(job, was) is { } taker ? Taken(taker, was.Equipment) : new MoveCause(MoveReason.Improvement))
            : new MoveCause(MoveReason.RoomMade, was.Equipment, Leaver(job, was));
    }

    /// <summary>Follows what a batch waits for in the new schedule back to what is new in it.</summary>
    private MoveCause? Root(PlanBatch start)
    {
        var (path, batch, cause) = (new List<PlanBatch>(), start, (MoveCause?)null);
        while (true)
        {
            if (_causes.TryGetValue(batch, out cause))
            {
                break;
            }

            path.Add(batch);
            _causes[batch] = null; // in case batches of no length wait for each other
            var steps = new List<WhyStep>();
            var (next, link, _) = _links.Before(batch, steps);
            if (next is null)
            {
                cause = AtRoot(batch, steps.Count > 0 ? steps[^1] : null);
                break;
            }

            cause = Direct(next, link);
            if (cause is not null)
            {
                break;
            }

            batch = next;
        }

        path.ForEach(b => _causes[b] = cause);
        return cause;
    }

    private static MoveCause? AtRoot(PlanBatch batch, WhyStep? root) => root?.Kind switch
    {
        WhyKind.Down => new MoveCause(MoveReason.Breakdown, new EquipmentId(batch.Equipment)),
        WhyKind.RunningWork or WhyKind.Release => new MoveCause(MoveReason.Delay, new EquipmentId(batch.Equipment), root.Job),
        _ => null,
    };

    /// <summary>Whether a batch that others wait for is itself what is new: of a new order, or come from another machine.</summary>
    private MoveCause? Direct(PlanBatch blocker, WhyLink link)
    {
        var job = _problem.Tasks[blocker.Tasks[0]].Job;
        return !_before.TryGetValue(job, out var was) ? new MoveCause(MoveReason.NewOrder, new EquipmentId(blocker.Equipment), new JobId(job))
            : link != WhyLink.Predecessor && was.Equipment.Index != blocker.Equipment ? Taken(_after[job], new EquipmentId(blocker.Equipment))
            : null;
    }

    private MoveCause Taken(PlannedBatch taker, EquipmentId equipment)
    {
        var job = taker.Jobs[0];
        return !_before.TryGetValue(job, out var was) ? new MoveCause(MoveReason.NewOrder, equipment, job)
            : was.Equipment != taker.Equipment && IsDown(was.Equipment) ? new MoveCause(MoveReason.Breakdown, was.Equipment, job)
            : new MoveCause(MoveReason.Displaced, equipment, job);
    }

    /// <summary>What now runs, at its old time, on the equipment that a job left.</summary>
    private PlannedBatch? Occupant(int job, PlannedBatch was) => _newOnMachine[was.Equipment.Index]
        .Where(b => b.SetupStart < was.End && b.End > was.SetupStart && !b.Jobs.Contains(new JobId(job))
            && !(_before.TryGetValue(b.Jobs[0], out var theirs) && theirs.Equipment == b.Equipment && theirs.Start == b.Start))
        .MinBy(b => b.SetupStart);

    /// <summary>The last job before it on its equipment that is gone from there now.</summary>
    private JobId? Leaver(int job, PlannedBatch was)
    {
        var task = _problem.TaskOfJob[job];
        foreach (var p in _problem.Tasks[task].Predecessors)
        {
            if (_before.TryGetValue(_problem.Tasks[p].Job, out var then) && _after[_problem.Tasks[p].Job].End < then.End)
            {
                return new JobId(_problem.Tasks[p].Job);
            }
        }

        return _oldOnMachine[was.Equipment.Index]
            .Where(j => j != job && _before[j].Start <= was.Start && _after.TryGetValue(j, out var now) && (now.Equipment != was.Equipment || now.Start > was.Start))
            .OrderByDescending(j => _before[j].Start).Select(j => (JobId?)new JobId(j)).FirstOrDefault();
    }

    private bool IsDown(EquipmentId equipment) =>
        _from is not null && _from.Equipment[equipment].Status is EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance;

    private static Duration Apart(SimTime a, SimTime b) => a > b ? a - b : b - a;
}
