using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>Times a launch order: every unit through its stations in permutation order, as the simulator would execute it.</summary>
/// <remarks>
/// A unit takes, at each station, the equipment of the class that ends it first, setups and fixture changeovers included. The first
/// station of a line is paced by the takt. Where the buffer in front of the next station is full and none of its equipment is free, a
/// unit stays on its equipment and blocks it. Exact where no unit overtakes another between the two; parallel fixtures with changeovers
/// may let that happen, and then a unit may in fact go on a little earlier or later.
/// </remarks>
internal sealed class LineFlow
{
    private readonly SchedulingProblem _problem;
    private readonly CompiledScenario _plant;
    private readonly Timetable _timetable;
    private readonly List<PlanBatch> _plan = [];
    private readonly long[] _lastLaunch; // by line; long.MinValue before the first
    private readonly long[] _blockedUntil; // by equipment
    private readonly List<long>[] _starts; // by group, ascending: when units left its queue for equipment
    private readonly long[] _roomAt; // by job: when there is room for it at its station

    private LineFlow(SchedulingProblem problem)
    {
        _problem = problem;
        _plant = problem.Plant;
        _timetable = new Timetable(problem);
        _lastLaunch = new long[_plant.Plant.Lines.Length];
        Array.Fill(_lastLaunch, long.MinValue / 2);
        _blockedUntil = new long[_plant.Plant.Equipment.Length];
        _starts = [.. _plant.Groups.Select(_ => new List<long>())];
        _roomAt = new long[_plant.Jobs.JobCount];
    }

    /// <summary>The schedule of lots launched in the given order.</summary>
    /// <param name="lots">Every lot with open jobs, in launch order.</param>
    /// <param name="lastLaunch">When a unit last entered each line; <see langword="null"/> for a line that is empty.</param>
    /// <exception cref="PlanningException">Every changeover that a unit would need is forbidden.</exception>
    public static Schedule Time(SchedulingProblem problem, IEnumerable<int> lots, IReadOnlyList<SimTime?> lastLaunch, string origin)
    {
        var flow = new LineFlow(problem);
        for (var line = 0; line < lastLaunch.Count; line++)
        {
            flow._lastLaunch[line] = lastLaunch[line]?.Milliseconds ?? long.MinValue / 2;
        }

        foreach (var lot in lots)
        {
            flow.Pass(lot);
        }

        return PlanConversion.ToSchedule(problem, flow._plan, origin);
    }

    private void Pass(int lot)
    {
        var placed = new List<(int Job, PlanBatch Batch)>();
        for (var job = _plant.Jobs.LotFirstJob[lot]; job < _plant.Jobs.LotFirstJob[lot + 1]; job++)
        {
            if (_problem.TaskOfJob[job] is var task && task >= 0)
            {
                placed.Add((job, Place(task)));
            }
        }

        foreach (var (job, batch) in placed)
        {
            Leave(job, batch);
        }
    }

    private PlanBatch Place(int task)
    {
        var (best, at) = (-1, Placement.Impossible);
        foreach (var option in _problem.Tasks[task].Options)
        {
            if (_timetable.LocksAllow([task], option.Equipment))
            {
                var there = Preview(task, option.Equipment);
                if (there.Possible && (!at.Possible || (there.End, there.Setup.Time).CompareTo((at.End, at.Setup.Time)) < 0))
                {
                    (best, at) = (option.Equipment, there);
                }
            }
        }

        if (best < 0)
        {
            throw new PlanningException($"Job {_plant.JobName(_problem.Tasks[task].Job)} finds no equipment that may be set up for it. Maybe give the changeover rule a cleaning?");
        }

        var job = _problem.Tasks[task].Job;
        _roomAt[job] = RoomAt(task);
        var batch = new PlanBatch([task], best);
        _timetable.Append(batch, at);
        _plan.Add(batch);
        Insert(_starts[_plant.GroupOf(job)], batch.SetupStart);
        if (_plant.LaunchLineOf(best) is var line && line >= 0)
        {
            _lastLaunch[line] = batch.Start;
        }

        return batch;
    }

    /// <summary>Where the unit comes on this equipment, not before it is unblocked nor within the takt of the launch before.</summary>
    private Placement Preview(int task, int equipment)
    {
        var at = _timetable.Preview([task], equipment, _blockedUntil[equipment]);
        if (at.Possible && _plant.LaunchLineOf(equipment) is var line && line >= 0)
        {
            var earliest = _lastLaunch[line] + _plant.Plant.Lines[line].Takt.Milliseconds;
            if (at.Start < earliest)
            {
                at = _timetable.Preview([task], equipment, Math.Max(_blockedUntil[equipment], earliest - at.Setup.Time));
            }
        }

        return at;
    }

    /// <summary>When the station can take one more, be it into its buffer or on equipment that those before leave free.</summary>
    private long RoomAt(int task)
    {
        var group = _plant.GroupOf(_problem.Tasks[task].Job);
        var (buffer, starts) = (_plant.BufferOf(group), _starts[group]);
        var room = buffer > starts.Count ? long.MinValue : buffer > 0 ? starts[^buffer] : long.MaxValue;
        foreach (var option in _problem.Tasks[task].Options)
        {
            room = Math.Min(room, Math.Max(_timetable.FreeAt(option.Equipment), _blockedUntil[option.Equipment]));
        }

        return room;
    }

    /// <summary>The unit leaves its equipment at the end of its work, or when there is room for it further on.</summary>
    private void Leave(int job, PlanBatch batch)
    {
        if (_plant.Plant.Equipment[batch.Equipment].Slots > 1)
        {
            return; // a blocked slot leaves the others free
        }

        var first = job - _plant.Jobs.OperationIndexOf(job);
        foreach (var successor in _plant.SuccessorsOf(job))
        {
            ref var until = ref _blockedUntil[batch.Equipment];
            until = Math.Max(until, _roomAt[first + successor]);
        }
    }

    private static void Insert(List<long> starts, long start)
    {
        var at = starts.BinarySearch(start);
        starts.Insert(at < 0 ? ~at : at, start);
    }
}
