using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Search;

/// <summary>The decisions of a cluster as a search changes them: edit lanes, look at the value, accept or forget.</summary>
internal sealed class ClusterState
{
    private readonly SchedulingProblem _problem;
    private readonly Cluster _cluster;
    private readonly LaneTiming _timing;
    private readonly Lane[] _lanes;
    private readonly int[][] _laneMachines;
    private readonly int[] _auxiliaries;
    private readonly int[] _laneOfMachine;
    private readonly Lane[] _kept;
    private readonly Lane[] _edited = [new Lane(), new Lane()];
    private readonly int[] _editedLane = [-1, -1];
    private readonly ClusterBatch[] _batchOf;
    private readonly Dictionary<int, List<int>> _withKey;

    public ClusterState(SchedulingProblem problem, Cluster cluster, IReadOnlyList<PlanBatch> plan)
    {
        _problem = problem;
        _cluster = cluster;
        _timing = new LaneTiming(problem, new Surroundings(problem, plan));
        _laneOfMachine = new int[problem.Machines.Length];
        Array.Fill(_laneOfMachine, -1);
        for (var i = 0; i < cluster.Machines.Length; i++)
        {
            _laneOfMachine[cluster.Machines[i]] = cluster.SharesAuxiliaries ? 0 : i;
        }

        _laneMachines = cluster.SharesAuxiliaries ? [cluster.Machines] : [.. cluster.Machines.Select(e => (int[])[e])];
        _auxiliaries = cluster.SharesAuxiliaries ? [.. Enumerable.Range(0, problem.Plant.Plant.Auxiliaries.Length)] : [];
        _lanes = [.. _laneMachines.Select(_ => new Lane())];
        _kept = [.. _laneMachines.Select(_ => new Lane())];
        _batchOf = new ClusterBatch[problem.Tasks.Length];
        foreach (var batch in plan.Where(b => _laneOfMachine[b.Equipment] >= 0).OrderBy(b => b.SetupStart).ThenBy(b => b.Start))
        {
            _lanes[_laneOfMachine[batch.Equipment]].Add(Make(batch.Tasks, batch.Equipment));
        }

        Tasks = [.. _lanes.SelectMany(l => l.Items.Take(l.Count)).SelectMany(b => b.Tasks).Where(t => problem.Tasks[t].Options.Length > 0)];
        for (var l = 0; l < _lanes.Length; l++)
        {
            _timing.Evaluate(_lanes[l], _laneMachines[l], _auxiliaries, double.PositiveInfinity);
            Write(_lanes[l]);
        }

        Value = ValueWith(0);
        _withKey = new Dictionary<int, List<int>>();
        foreach (var group in Tasks.Where(t => problem.Tasks[t].BatchKey >= 0).GroupBy(t => problem.Tasks[t].BatchKey))
        {
            _withKey.Add(group.Key, [.. group]);
        }
    }

    /// <summary>Whether any two tasks may share a batch.</summary>
    public bool Batches => _withKey.Values.Any(k => k.Count > 1);

    public List<int> TasksWithKey(int key) => _withKey[key];

    /// <summary>Tasks the cluster decides.</summary>
    public int[] Tasks { get; }

    /// <summary>Cost of the accepted decisions.</summary>
    public double Value { get; private set; }

    public ProblemTask Task(int t) => _problem.Tasks[t];

    public ClusterBatch BatchOf(int task) => _batchOf[task];

    /// <summary>The accepted lane of a machine.</summary>
    public Lane LaneOf(int machine) => _lanes[_laneOfMachine[machine]];

    public bool SameLane(int machine, int other) => _laneOfMachine[machine] == _laneOfMachine[other];

    /// <summary>Whether tasks may form a batch on a machine.</summary>
    public bool Fits(int[] tasks, double load, int machine)
    {
        if (load > _problem.Machines[machine].CapacityMax * (1 + 1e-12) || !_problem.Machines[machine].Locks.IsEmpty)
        {
            return false;
        }

        foreach (var t in tasks)
        {
            if (!_problem.Tasks[t].CanRunOn(machine))
            {
                return false;
            }
        }

        return true;
    }

    public ClusterBatch Make(int[] tasks, int machine)
    {
        var load = _problem.LoadOf(tasks);
        return new ClusterBatch(tasks, machine)
        {
            Load = load, Work = _problem.BatchTime(tasks, machine),
            Underloaded = _problem.Tasks[tasks[0]].BatchKey >= 0 && load < _problem.Machines[machine].CapacityMin * (1 - 1e-9),
            Pinned = !_problem.Machines[machine].Locks.IsEmpty,
        };
    }

    /// <summary>The lane of a machine to be changed; at most two lanes per move.</summary>
    public Lane Edit(int machine)
    {
        var lane = _laneOfMachine[machine];
        for (var k = 0; k < 2; k++)
        {
            if (_editedLane[k] == lane)
            {
                return _edited[k];
            }

            if (_editedLane[k] < 0)
            {
                _editedLane[k] = lane;
                _edited[k].CopyFrom(_lanes[lane]);
                return _edited[k];
            }
        }

        throw new InvalidOperationException("A move changes at most two lanes.");
    }

    /// <summary>Accepts the edits if the value is then at most <paramref name="limit"/>, else forgets them.</summary>
    public bool Settle(double limit)
    {
        var others = 0.0;
        for (var l = 0; l < _lanes.Length; l++)
        {
            others += l == _editedLane[0] || l == _editedLane[1] ? 0 : _lanes[l].Cost;
        }

        var fine = true;
        for (var k = 0; k < 2 && fine && _editedLane[k] >= 0; k++)
        {
            var cost = _timing.Evaluate(_edited[k], _laneMachines[_editedLane[k]], _auxiliaries, limit - others);
            others += cost;
            fine = others <= limit;
            if (fine && _editedLane[1] < 0)
            {
                break;
            }
        }

        if (fine)
        {
            var value = ValueWith(2);
            fine = value <= limit;
            if (fine)
            {
                Value = value;
                Accept();
            }
        }

        Forget();
        return fine;
    }

    /// <summary>Drops the edits.</summary>
    public void Forget() => (_editedLane[0], _editedLane[1]) = (-1, -1);

    /// <summary>Remembers the accepted decisions as the best.</summary>
    public void Keep()
    {
        for (var l = 0; l < _lanes.Length; l++)
        {
            _kept[l].CopyFrom(_lanes[l]);
        }
    }

    /// <summary>The decisions last kept, with their times.</summary>
    public List<PlanBatch> KeptPlan()
    {
        var plan = new List<PlanBatch>();
        for (var l = 0; l < _lanes.Length; l++)
        {
            _kept[l].ChangeFrom(0);
            _timing.Evaluate(_kept[l], _laneMachines[l], _auxiliaries, double.PositiveInfinity);
            _timing.Write(_kept[l]);
            plan.AddRange(_kept[l].Items.Take(_kept[l].Count)
                .Select(b => new PlanBatch(b.Tasks, b.Machine) { SetupStart = b.SetupStart, Start = b.Start, End = b.End }));
        }

        return plan;
    }

    private void Accept()
    {
        for (var k = 0; k < 2 && _editedLane[k] >= 0; k++)
        {
            var lane = _lanes[_editedLane[k]];
            lane.CopyFrom(_edited[k]);
            if (_editedLane[1] >= 0)
            {
                // The timing holds the lane evaluated last: with two lanes each is timed again before it is written.
                _timing.Evaluate(_edited[k], _laneMachines[_editedLane[k]], _auxiliaries, double.PositiveInfinity);
            }

            Write(lane);
        }
    }

    private void Write(Lane lane)
    {
        _timing.Write(lane);
        for (var i = 0; i < lane.Count; i++)
        {
            foreach (var t in lane.Items[i].Tasks)
            {
                _batchOf[t] = lane.Items[i];
            }
        }
    }

    private double ValueWith(int edits)
    {
        var (cost, last) = (0.0, long.MinValue);
        for (var l = 0; l < _lanes.Length; l++)
        {
            var lane = edits > 0 && l == _editedLane[0] ? _edited[0] : edits > 0 && l == _editedLane[1] ? _edited[1] : _lanes[l];
            cost += lane.Cost;
            last = lane.Count > 0 ? Math.Max(last, lane.Last) : last;
        }

        return cost + (last > long.MinValue ? _problem.Weights.Makespan * last / Duration.MillisecondsPerHour : 0);
    }
}
