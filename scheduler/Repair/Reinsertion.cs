using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Search;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Repair;

/// <summary>Puts disturbed work elsewhere, piece by piece, wherever the whole plan becomes better; the rest follows in its order.</summary>
internal sealed class Reinsertion
{
    /// <summary>Places tried on each machine: the wanted time, the ones just before, and the ones after.</summary>
    private const int PlacesBefore = 2, PlacesAfter = 4;

    /// <summary>Machines tried for one operation, those that end it first.</summary>
    private const int MachinesTried = 6;

    private readonly SchedulingProblem _problem;
    private readonly PlantState _from;
    private readonly Timetable _timetable;
    private readonly PlanObjective _objective;
    private readonly bool _longestWaits;

    public Reinsertion(SchedulingProblem problem, PlantState from)
    {
        (_problem, _from) = (problem, from);
        _timetable = new Timetable(problem);
        _objective = new PlanObjective(problem);
        _longestWaits = LongestWaits.Matter(problem);
    }

    /// <summary>A better plan, laid out; <c>null</c> when no re-insertion pays.</summary>
    /// <param name="plan">The plan, laid out.</param>
    public List<PlanBatch>? Improve(List<PlanBatch> plan, CancellationToken stop)
    {
        var (best, value, better) = (plan, double.PositiveInfinity, false);
        if (Lay(plan) is { } laid)
        {
            (best, value) = (laid, _objective.Of(laid));
        }

        foreach (var lot in NewLots())
        {
            if (stop.IsCancellationRequested)
            {
                return better ? best : null;
            }

            if (InsertLot(best, lot, stop) is { } inserted && Lay(inserted) is { } there && _objective.Of(there) < value * (1 - 1e-9))
            {
                (best, value, better) = (there, _objective.Of(there), true);
            }
        }

        foreach (var tasks in Disturbed(best))
        {
            if (stop.IsCancellationRequested)
            {
                break;
            }

            var batch = best.Find(b => b.Tasks[0] == tasks)!;
            foreach (var candidate in Elsewhere(best, batch))
            {
                if (Lay(candidate) is { } there && _objective.Of(there) is var worth && worth < value * (1 - 1e-9))
                {
                    (best, value, better) = (there, worth, true);
                }

                if (stop.IsCancellationRequested)
                {
                    break;
                }
            }
        }

        return better ? best : null;
    }

    private List<PlanBatch>? Lay(List<PlanBatch> plan)
    {
        var copy = plan.ConvertAll(b => b.Copy());
        return _timetable.Rebuild(copy) && (!_longestWaits || LongestWaits.Repair(_problem, _timetable, copy)) ? copy : null;
    }

    /// <summary>Lots that the schedule in force does not know, the most urgent first.</summary>
    private IEnumerable<int[]> NewLots() => _problem.Tasks
        .Where(t => _problem.Placed[t.Index].Equipment < 0 && t.Lock < 0)
        .GroupBy(t => _problem.Plant.Jobs.JobLot[t.Job])
        .OrderBy(g => _problem.Orders[_problem.Plant.Jobs.LotOrder[g.Key]].Due ?? long.MaxValue).ThenBy(g => g.Key)
        .Select(g => g.Select(t => t.Index).ToArray());

    /// <summary>Batches whose machine is down, or that start later than planned and make an order late: the farthest off first, by their first task.</summary>
    private List<int> Disturbed(List<PlanBatch> plan)
    {
        var end = new long[_problem.Orders.Length];
        plan.ForEach(b => Array.ForEach(b.Tasks, t => end[_problem.Tasks[t].Order] = Math.Max(end[_problem.Tasks[t].Order], b.End)));
        return [.. plan
            .Where(b => _problem.Tasks[b.Tasks[0]].Lock < 0 && _problem.Placed[b.Tasks[0]].Equipment >= 0)
            .Select(b => (Batch: b, Delay: b.Start - _problem.Placed[b.Tasks[0]].Start,
                Down: _from.Equipment[b.Equipment].Status is EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance))
            .Where(x => x.Delay > 0 && (x.Down || x.Batch.Tasks.Any(t => _problem.Orders[_problem.Tasks[t].Order] is { Counts: true, Due: { } due } && end[_problem.Tasks[t].Order] > due)))
            .OrderByDescending(x => x.Down).ThenByDescending(x => x.Delay).ThenBy(x => x.Batch.Tasks[0])
            .Select(x => x.Batch.Tasks[0])];
    }

    /// <summary>The plan with a batch at other places near its planned time.</summary>
    private IEnumerable<List<PlanBatch>> Elsewhere(List<PlanBatch> plan, PlanBatch batch)
    {
        var wanted = _problem.Placed[batch.Tasks[0]].Start;
        foreach (var e in Machines(batch.Tasks))
        {
            if (_problem.LoadOf(batch.Tasks) > _problem.Machines[e].CapacityMax * (1 + 1e-12) || !_problem.Machines[e].Locks.IsEmpty)
            {
                continue;
            }

            foreach (var index in Places(plan, batch, e, wanted))
            {
                if (index >= 0)
                {
                    yield return Moved(plan, batch, e, index);
                }
            }
        }
    }

    /// <summary>Machines that can run all members, the quickest first.</summary>
    private IEnumerable<int> Machines(int[] tasks) => _problem.Tasks[tasks[0]].Options
        .Where(o => Array.TrueForAll(tasks, t => _problem.Tasks[t].CanRunOn(o.Equipment)))
        .OrderBy(o => Math.Max(_problem.Machines[o.Equipment].FreeFrom, _problem.Now.Milliseconds) + o.Time).ThenBy(o => o.Equipment)
        .Select(o => o.Equipment).Take(MachinesTried);

    /// <summary>Places in the plan's order: before batches of a machine around a moment, and behind its last.</summary>
    private static List<int> Places(List<PlanBatch> plan, PlanBatch? moving, int equipment, long wanted)
    {
        var onMachine = new List<int>();
        for (var i = 0; i < plan.Count; i++)
        {
            if (plan[i].Equipment == equipment && plan[i] != moving)
            {
                onMachine.Add(i);
            }
        }

        var at = onMachine.FindIndex(i => plan[i].Start >= wanted);
        at = at < 0 ? onMachine.Count : at;
        var places = onMachine.Skip(Math.Max(0, at - PlacesBefore)).Take(PlacesBefore + PlacesAfter).ToList();
        if (at + PlacesAfter >= onMachine.Count)
        {
            places.Add(plan.Count);
        }

        return places;
    }

    private List<PlanBatch> Moved(List<PlanBatch> plan, PlanBatch batch, int equipment, int index)
    {
        var moved = new PlanBatch(batch.Tasks, equipment);
        var list = new List<PlanBatch>(plan);
        list.Insert(index, moved);
        list.Remove(batch);
        return PlanOrder.Sorted(_problem, list);
    }

    /// <summary>Takes a new lot out of the plan and puts its operations in one by one, each where the plan so far is worth most.</summary>
    private List<PlanBatch>? InsertLot(List<PlanBatch> plan, int[] lot, CancellationToken stop)
    {
        var list = plan.Where(b => !lot.Contains(b.Tasks[0])).Select(b => b.Copy()).ToList();
        var order = _problem.Orders[_problem.Tasks[lot[0]].Order];
        var tail = lot.Sum(t => _problem.Tasks[t].Options.Min(o => o.Time));
        var end = 0L;
        foreach (var t in lot)
        {
            tail -= _problem.Tasks[t].Options.Min(o => o.Time);
            var (best, bestScore, bestEnd) = ((List<PlanBatch>?)null, double.PositiveInfinity, 0L);
            var ready = Math.Max(_problem.Tasks[t].Ready, end);
            foreach (var e in Machines([t]).Where(e => _problem.Machines[e].Locks.IsEmpty))
            {
                foreach (var index in Places(list, null, e, ready))
                {
                    var batch = new PlanBatch([t], e);
                    var candidate = list.ConvertAll(b => b.Copy());
                    candidate.Insert(index, batch);
                    candidate = PlanOrder.Sorted(_problem, candidate);
                    if (_timetable.Rebuild(candidate))
                    {
                        var late = Math.Max(0, batch.End + tail - (order.Due ?? long.MaxValue)) / (double)Duration.MillisecondsPerHour;
                        var score = _objective.Of(candidate) + _problem.Weights.Tardiness * (order.Weight * late + 1e-5 * batch.End / Duration.MillisecondsPerHour);
                        (best, bestScore, bestEnd) = score < bestScore ? (candidate, score, batch.End) : (best, bestScore, bestEnd);
                    }

                    if (stop.IsCancellationRequested)
                    {
                        return null;
                    }
                }
            }

            if (best is null)
            {
                return null;
            }

            best.Sort((a, b) => (a.Start, a.SetupStart, a.End, a.Tasks[0]).CompareTo((b.Start, b.SetupStart, b.End, b.Tasks[0])));
            (list, end) = (best, bestEnd);
        }

        return list;
    }
}
