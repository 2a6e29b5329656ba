using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>Builds a plan the way a shop floor would: whenever a machine is free, it takes the most urgent waiting work.</summary>
/// <remarks>
/// A machine that chose a job hands it to another idle machine that would end it sooner. Batches are filled from the queue in
/// order of urgency; an under-loaded batch waits while company can still come. Deterministic.
/// </remarks>
internal sealed class Dispatcher
{
    /// <summary>A machine looks at so many waiting tasks: enough for every rule to choose well, few enough for 10 000 operations in a blink.</summary>
    private const int LongestLook = 150;

    private readonly SchedulingProblem _problem;
    private readonly DispatchScore _score;
    private readonly Timetable _timetable;
    private readonly ReadyTasks _ready;
    private readonly PriorityQueue<int, (long Time, int Kind, int Index)> _events = new();
    private readonly bool[] _idleWoken;
    private readonly int[] _machineOrder;
    private readonly int[] _pending; // predecessors not laid out yet
    private readonly int[] _toCome; // per batch key: tasks not ready yet
    private readonly List<PlanBatch> _plan = [];
    private readonly List<int> _company = [];
    private bool _allowSmall;

    public Dispatcher(SchedulingProblem problem, DispatchSettings settings)
    {
        _problem = problem;
        _score = new DispatchScore(problem, settings);
        _timetable = new Timetable(problem);
        _ready = new ReadyTasks(problem, _score);
        _idleWoken = new bool[problem.Machines.Length];
        _machineOrder = [.. Enumerable.Range(0, problem.Machines.Length).OrderBy(e => problem.Machines[e].CapacityMax).ThenBy(e => e)];
        _pending = [.. problem.Tasks.Select(t => t.Predecessors.Length)];
        _toCome = new int[problem.Tasks.Select(t => t.BatchKey).DefaultIfEmpty(-1).Max() + 1];
        foreach (var task in problem.Tasks)
        {
            if (task.BatchKey >= 0)
            {
                _toCome[task.BatchKey]++;
            }
        }
    }

    /// <summary>The plan in the order it was decided; <c>null</c> when forbidden changeovers leave something that cannot be done.</summary>
    public static List<PlanBatch>? Run(SchedulingProblem problem, DispatchSettings settings) => new Dispatcher(problem, settings).Run();

    private List<PlanBatch>? Run()
    {
        foreach (var task in _problem.Tasks)
        {
            if (task.Predecessors.IsEmpty)
            {
                _events.Enqueue(task.Index, (ReadyTime(task), 0, task.Index));
            }
        }

        foreach (var machine in _problem.Machines)
        {
            _events.Enqueue(~machine.Index, (_timetable.FreeAt(machine.Index), 1, machine.Index));
        }

        var done = 0;
        while (done < _problem.Tasks.Length)
        {
            if (!_events.TryPeek(out _, out var at))
            {
                if (_allowSmall || !WakeForSmallBatches())
                {
                    return null;
                }

                continue;
            }

            TakeEvents(at.Time);
            var before = _plan.Count;
            DispatchAt(at.Time);
            for (var b = before; b < _plan.Count; b++)
            {
                done += _plan[b].Tasks.Length;
            }

            _allowSmall &= _plan.Count == before;
        }

        return _plan;
    }

    /// <summary>Nothing more will happen by itself: under-loaded batches must go.</summary>
    private bool WakeForSmallBatches()
    {
        _allowSmall = true;
        foreach (var machine in _problem.Machines)
        {
            _events.Enqueue(~machine.Index, (Math.Max(_timetable.FreeAt(machine.Index), _ready.Latest), 1, machine.Index));
        }

        return _ready.Count > 0;
    }

    private void TakeEvents(long time)
    {
        while (_events.TryPeek(out var what, out var at) && at.Time == time)
        {
            _events.Dequeue();
            if (what < 0)
            {
                _idleWoken[~what] = true;
                continue;
            }

            var task = _problem.Tasks[what];
            _ready.Add(what, time);
            if (task.BatchKey >= 0)
            {
                _toCome[task.BatchKey]--;
            }

            foreach (var option in task.Options)
            {
                _idleWoken[option.Equipment] |= _timetable.FreeAt(option.Equipment) <= time;
            }
        }
    }

    private void DispatchAt(long now)
    {
        foreach (var e in _machineOrder)
        {
            while (_idleWoken[e] && _timetable.FreeAt(e) <= now && TakeBest(e, now))
            {
            }
        }

        Array.Clear(_idleWoken);
    }

    private bool TakeBest(int equipment, long now)
    {
        var retry = long.MaxValue;
        var (best, bestScore, looked) = (-1, double.MaxValue, 0);
        foreach (var t in _ready.For(equipment))
        {
            if (looked == LongestLook)
            {
                break;
            }

            looked++;
            var placement = _timetable.LocksAllow([t], equipment) ? _timetable.Preview([t], equipment) : Placement.Impossible;
            if (!placement.Possible)
            {
                continue;
            }

            if (placement.SetupStart > now && (_problem.Machines[equipment].Calendar is not null || !_problem.Tasks[t].Auxiliaries.IsEmpty))
            {
                retry = Math.Min(retry, placement.SetupStart); // not in this shift, or an auxiliary is missing
                continue;
            }

            var score = _score.Of(t, _problem.Tasks[t].OptionOn(equipment).Time, placement.Setup.Time, now, _ready.Since(t));
            if (score < bestScore && CanFormBatch(t, equipment))
            {
                (best, bestScore) = (t, score);
            }
        }

        if (best < 0)
        {
            if (retry < long.MaxValue)
            {
                _events.Enqueue(~equipment, (retry, 1, equipment));
            }

            return false;
        }

        Place(best, BestIdleMachine(best, equipment, now), now);
        return true;
    }

    /// <summary>Of the idle machines that could take the task now, the one that ends it first; the first asked on equality.</summary>
    private int BestIdleMachine(int task, int asked, long now)
    {
        var (best, end) = (asked, _timetable.Preview([task], asked).End);
        foreach (var option in _problem.Tasks[task].Options)
        {
            if (option.Equipment == asked || !_idleWoken[option.Equipment] || _timetable.FreeAt(option.Equipment) > now
                || !_timetable.LocksAllow([task], option.Equipment))
            {
                continue;
            }

            var there = _timetable.Preview([task], option.Equipment);
            if (there.Possible && there.End < end && CanFormBatch(task, option.Equipment))
            {
                (best, end) = (option.Equipment, there.End);
            }
        }

        return best;
    }

    private void Place(int seed, int equipment, long now)
    {
        FormBatch(seed, equipment);
        var batch = new PlanBatch([.. _company.Order()], equipment);
        _timetable.Append(batch);
        _plan.Add(batch);
        foreach (var t in batch.Tasks)
        {
            _ready.Remove(t);
        }

        foreach (var t in batch.Tasks)
        {
            foreach (var next in _problem.Tasks[t].Successors)
            {
                if (--_pending[next] == 0)
                {
                    _events.Enqueue(next, (Math.Max(now, ReadyTime(_problem.Tasks[next])), 0, next));
                }
            }
        }

        _events.Enqueue(~equipment, (Math.Max(now, _timetable.FreeAt(equipment)), 1, equipment));
    }

    private long ReadyTime(ProblemTask task)
    {
        var ready = task.Ready;
        foreach (var p in task.Predecessors)
        {
            ready = Math.Max(ready, _timetable.EndOf(p) + _problem.Tasks[p].MinWait);
        }

        return ready;
    }

    private bool CanFormBatch(int seed, int equipment)
    {
        var task = _problem.Tasks[seed];
        if (task.Lock >= 0)
        {
            var locked = _problem.LockedBatches[task.Lock];
            return locked.Equipment == equipment && locked.Tasks.All(_ready.Contains);
        }

        if (task.BatchKey < 0 || _problem.Machines[equipment].CapacityMin <= task.Load)
        {
            return true;
        }

        var load = FormBatch(seed, equipment);
        return load >= _problem.Machines[equipment].CapacityMin * (1 - 1e-9) || MayStartSmall(task, equipment, load);
    }

    private bool MayStartSmall(ProblemTask task, int equipment, double load)
    {
        if (_allowSmall)
        {
            return true;
        }

        if (_toCome[task.BatchKey] > 0)
        {
            return false;
        }

        foreach (var option in task.Options)
        {
            var other = _problem.Machines[option.Equipment];
            if (other.CapacityMin < _problem.Machines[equipment].CapacityMin && other.CapacityMax >= load)
            {
                return false; // a smaller machine suits it
            }
        }

        return true;
    }

    /// <summary>Fills the batch around a seed with ready company, most urgent first; returns its load.</summary>
    private double FormBatch(int seed, int equipment)
    {
        var task = _problem.Tasks[seed];
        _company.Clear();
        if (task.Lock >= 0)
        {
            _company.AddRange(_problem.LockedBatches[task.Lock].Tasks);
            return task.Load;
        }

        _company.Add(seed);
        var load = task.Load;
        if (task.BatchKey < 0)
        {
            return load;
        }

        var room = _problem.Machines[equipment].CapacityMax * (1 + 1e-12);
        foreach (var other in _ready.WithKey(task.BatchKey))
        {
            var mate = _problem.Tasks[other];
            if (other != seed && mate.Lock < 0 && load + mate.Load <= room && mate.CanRunOn(equipment) && _timetable.LocksAllow([other], equipment))
            {
                load += mate.Load;
                _company.Add(other);
            }
        }

        return load;
    }
}
