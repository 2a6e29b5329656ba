using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>A plan being laid out: batches are appended one by one, each as early as everything before it allows.</summary>
/// <remarks>
/// The one place where decisions become times. Appending the batches of any plan in an order that respects precedence gives its
/// left-shifted timetable (a serial schedule generation scheme), so a search only has to hand over decisions.
/// </remarks>
internal sealed class Timetable
{
    private readonly SchedulingProblem _problem;
    private readonly Track[] _tracks;
    private readonly long[] _taskEnd;
    private readonly int[] _taskSite;
    private readonly AuxiliaryProfile[] _auxiliaries;
    private readonly int[] _locksPlaced;

    public Timetable(SchedulingProblem problem)
    {
        _problem = problem;
        _tracks = new Track[problem.Machines.Length];
        _taskEnd = new long[problem.Tasks.Length];
        _taskSite = new int[problem.Tasks.Length];
        _auxiliaries = [.. problem.Plant.Plant.Auxiliaries.Select(a => new AuxiliaryProfile(a.Count))];
        _locksPlaced = new int[problem.Machines.Length];
        for (var e = 0; e < _tracks.Length; e++)
        {
            _tracks[e].SlotEnds = new long[problem.Machines[e].Slots];
        }

        Clear();
    }

    private struct Track
    {
        public MachineCondition Condition;
        public long LastStart;
        public long[] SlotEnds; // ascending
    }

    /// <summary>End of a task that has been appended; −1 before.</summary>
    public long EndOf(int task) => _taskEnd[task];

    /// <summary>When the machine can begin its next batch at the earliest.</summary>
    public long FreeAt(int equipment) => _tracks[equipment].SlotEnds[0];

    public int FamilyOn(int equipment) => _tracks[equipment].Condition.Family;

    /// <summary>Back to the committed work alone.</summary>
    public void Clear()
    {
        Array.Fill(_taskEnd, -1);
        Array.Clear(_locksPlaced);
        for (var e = 0; e < _tracks.Length; e++)
        {
            var machine = _problem.Machines[e];
            ref var track = ref _tracks[e];
            Array.Fill(track.SlotEnds, machine.FreeFrom);
            for (var s = 0; s < machine.CommittedEnds.Length && s < track.SlotEnds.Length; s++)
            {
                track.SlotEnds[s] = Math.Max(machine.FreeFrom, machine.CommittedEnds[^(s + 1)]);
            }

            Array.Sort(track.SlotEnds);
            track.Condition = machine.Condition;
            track.LastStart = long.MinValue;
        }

        foreach (var profile in _auxiliaries)
        {
            profile.Clear();
        }

        foreach (var use in _problem.CommittedUses)
        {
            _auxiliaries[use.Auxiliary].Hold(use.Count, long.MinValue + 1, use.End);
        }
    }

    /// <summary>Lays out a whole plan from the beginning; false when a succession in it is forbidden.</summary>
    public bool Rebuild(IEnumerable<PlanBatch> plan)
    {
        Clear();
        foreach (var batch in plan)
        {
            if (!Append(batch))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the place of locked batches lets these tasks come next on the equipment.</summary>
    public bool LocksAllow(ReadOnlySpan<int> tasks, int equipment)
    {
        var locks = _problem.Machines[equipment].Locks;
        for (var k = _locksPlaced[equipment]; k < locks.Length; k++)
        {
            var batch = _problem.LockedBatches[locks[k]];
            foreach (var task in tasks)
            {
                if (_problem.Tasks[task].Lock != locks[k] && !batch.Before.Contains(task))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Where the batch would come if it were next on its equipment.</summary>
    public Placement Preview(ReadOnlySpan<int> tasks, int equipment, long notBefore = 0)
    {
        var machine = _problem.Machines[equipment];
        ref var track = ref _tracks[equipment];
        var lead = _problem.Tasks[_problem.LeadOf(tasks, equipment)];
        var condition = track.Condition;
        var setup = Timing.Prepare(_problem, machine, ref condition, lead);
        if (!setup.Possible)
        {
            return Placement.Impossible;
        }

        var (ready, arrival) = ReadyAt(tasks, machine.Site);
        var whole = setup.Time > 0 || (machine.Rule >= 0 && track.Condition.Family != condition.Family);
        var free = machine.Unlimited ? machine.FreeFrom : whole ? track.SlotEnds[^1] : track.SlotEnds[0];
        var from = Math.Max(Math.Max(ready, free), Math.Max(notBefore, machine.Unlimited ? long.MinValue : track.LastStart));
        var work = _problem.BatchTime(tasks, equipment);
        while (true)
        {
            var (setupStart, start, end) = Timing.At(machine, from, arrival, setup.Time, work, lead.Interruptible);
            var next = setupStart;
            foreach (var need in lead.Auxiliaries)
            {
                next = Math.Max(next, _auxiliaries[need.Auxiliary].TryFrom(need.Count, setupStart, end));
            }

            if (next == setupStart)
            {
                return new Placement(setupStart, start, end, setup, Timing.After(_problem, machine, condition, lead.Family));
            }

            from = next;
        }
    }

    /// <summary>Appends a batch and writes its times into it; false when the succession is forbidden.</summary>
    public bool Append(PlanBatch batch)
    {
        var placement = Preview(batch.Tasks, batch.Equipment, batch.NotBefore);
        if (!placement.Possible)
        {
            return false;
        }

        Append(batch, placement);
        return true;
    }

    /// <summary>Appends a batch where it was previewed.</summary>
    public void Append(PlanBatch batch, in Placement placement)
    {
        (batch.SetupStart, batch.Start, batch.End, batch.Setup) = (placement.SetupStart, placement.Start, placement.End, placement.Setup);
        ref var track = ref _tracks[batch.Equipment];
        track.Condition = placement.After;
        track.LastStart = placement.Start;
        track.SlotEnds[0] = placement.End;
        for (var s = 1; s < track.SlotEnds.Length && track.SlotEnds[s - 1] > track.SlotEnds[s]; s++)
        {
            (track.SlotEnds[s - 1], track.SlotEnds[s]) = (track.SlotEnds[s], track.SlotEnds[s - 1]);
        }

        var site = _problem.Machines[batch.Equipment].Site;
        foreach (var task in batch.Tasks)
        {
            _taskEnd[task] = placement.End;
            _taskSite[task] = site;
        }

        var lead = _problem.Tasks[batch.Tasks[0]];
        _locksPlaced[batch.Equipment] += lead.Lock >= 0 ? 1 : 0;
        foreach (var need in lead.Auxiliaries)
        {
            _auxiliaries[need.Auxiliary].Hold(need.Count, placement.SetupStart, placement.End);
        }
    }

    /// <summary>When all members are ready, and when all their goods have arrived at a site.</summary>
    private (long Ready, long Arrival) ReadyAt(ReadOnlySpan<int> tasks, int site)
    {
        var (ready, arrival) = (0L, 0L);
        foreach (var t in tasks)
        {
            var task = _problem.Tasks[t];
            ready = Math.Max(ready, task.Ready);
            foreach (var before in task.CommittedPredecessors)
            {
                arrival = Math.Max(arrival, before.End + before.MinWait + (before.Site >= 0 ? _problem.TravelTime(before.Site, site) : 0));
            }

            foreach (var p in task.Predecessors)
            {
                var there = _taskEnd[p] + _problem.Tasks[p].MinWait;
                ready = Math.Max(ready, there);
                arrival = Math.Max(arrival, there + _problem.TravelTime(_taskSite[p], site));
            }
        }

        return (ready, Math.Max(arrival, ready));
    }
}
