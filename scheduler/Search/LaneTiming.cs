using DigitalTwin.Plant.Model;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Search;

/// <summary>Times and prices the batches of a lane: the inner loop of the cluster search.</summary>
/// <remarks>
/// What lies before the first changed place is taken over, not computed. Auxiliaries are units with a time at which each is free
/// again; a batch takes the units that have been free the shortest. Not thread-safe: one per search thread.
/// </remarks>
internal sealed class LaneTiming
{
    private const double EarlyFinish = 1e-5; // of the tardiness weight, per hour: among equals, the earlier
    private readonly SchedulingProblem _problem;
    private readonly Surroundings _around;
    private readonly ObjectiveWeights _weights;
    private readonly double _underload;
    private readonly bool _instability;
    private readonly long[][] _slotEnds; // per machine, ascending
    private readonly MachineCondition[] _condition;
    private readonly long[] _lastStart;
    private readonly long[][] _freeSlots; // as the lane begins
    private readonly long[][] _units; // per auxiliary, ascending free times
    private readonly long[][] _freeUnits;
    private long[] _setupStart = new long[64];
    private long[] _start = new long[64];
    private long[] _end = new long[64];
    private double[] _cost = new double[64];
    private MachineCondition[] _after = new MachineCondition[64];

    public LaneTiming(SchedulingProblem problem, Surroundings around)
    {
        _problem = problem;
        _around = around;
        _weights = problem.Weights;
        _underload = PlanObjective.UnderloadPenalty(problem);
        _instability = problem.Weights.Instability > 0 && problem.Current is not null;
        _freeSlots = [.. problem.Machines.Select(FreeSlots)];
        _slotEnds = [.. _freeSlots.Select(s => (long[])s.Clone())];
        _condition = new MachineCondition[_freeSlots.Length];
        _lastStart = new long[_freeSlots.Length];
        _freeUnits = [.. problem.Plant.Plant.Auxiliaries.Select((a, i) => FreeUnits(problem, i, a.Count))];
        _units = [.. _freeUnits.Select(u => (long[])u.Clone())];
    }

    /// <summary>Cost of a lane; infinity as soon as it exceeds <paramref name="limit"/> or a succession is forbidden.</summary>
    /// <param name="machines">Machines of the lane.</param>
    /// <param name="auxiliaries">Auxiliaries of the lane.</param>
    public double Evaluate(Lane lane, ReadOnlySpan<int> machines, ReadOnlySpan<int> auxiliaries, double limit)
    {
        Reset(machines, auxiliaries);
        Grow(lane.Count);
        var cost = 0.0;
        var last = long.MinValue;
        for (var i = 0; i < lane.Count; i++)
        {
            var batch = lane.Items[i];
            if (i < lane.Changed)
            {
                (_setupStart[i], _start[i], _end[i], _cost[i], _after[i]) = (batch.SetupStart, batch.Start, batch.End, batch.Cost, batch.After);
            }
            else if (!Time(batch, i))
            {
                return double.PositiveInfinity;
            }

            Occupy(batch, i);
            cost += _cost[i];
            foreach (var t in batch.Tasks)
            {
                last = Math.Max(last, _end[i] + _around.Tail[t]);
            }

            if (cost > limit)
            {
                return double.PositiveInfinity;
            }
        }

        lane.Last = last;
        lane.Cost = cost;
        return cost;
    }

    /// <summary>Writes the times of the lane just evaluated into its batches.</summary>
    public void Write(Lane lane)
    {
        for (var i = 0; i < lane.Count; i++)
        {
            var batch = lane.Items[i];
            (batch.Position, batch.SetupStart, batch.Start, batch.End, batch.Cost, batch.After) = (i, _setupStart[i], _start[i], _end[i], _cost[i], _after[i]);
        }
    }

    private bool Time(ClusterBatch batch, int i)
    {
        var e = batch.Machine;
        var machine = _problem.Machines[e];
        var lead = _problem.Tasks[batch.Tasks[0]];
        var condition = _condition[e];
        var setup = Timing.Prepare(_problem, machine, ref condition, lead);
        if (!setup.Possible)
        {
            return false;
        }

        var (ready, arrival) = (0L, 0L);
        foreach (var t in batch.Tasks)
        {
            ready = Math.Max(ready, _around.Ready[t]);
            arrival = Math.Max(arrival, _problem.SiteCount > 1 ? _around.Arrival(t, machine.Site) : 0);
        }

        var whole = setup.Time > 0 || (machine.Rule >= 0 && _condition[e].Family != condition.Family);
        var from = Math.Max(Math.Max(ready, whole ? _slotEnds[e][^1] : _slotEnds[e][0]), _lastStart[e]);
        foreach (var need in lead.Auxiliaries)
        {
            from = Math.Max(from, _units[need.Auxiliary][need.Count - 1]);
        }

        (_setupStart[i], _start[i], _end[i]) = Timing.At(machine, from, Math.Max(arrival, ready), setup.Time, batch.Work, lead.Interruptible);
        _after[i] = Timing.After(_problem, machine, condition, lead.Family);
        _cost[i] = CostOf(batch, setup, _start[i], _end[i]);
        return true;
    }

    private void Occupy(ClusterBatch batch, int i)
    {
        var e = batch.Machine;
        _condition[e] = _after[i];
        _lastStart[e] = _start[i];
        var slots = _slotEnds[e];
        slots[0] = _end[i];
        for (var s = 1; s < slots.Length && slots[s - 1] > slots[s]; s++)
        {
            (slots[s - 1], slots[s]) = (slots[s], slots[s - 1]);
        }

        foreach (var need in _problem.Tasks[batch.Tasks[0]].Auxiliaries)
        {
            for (var n = 0; n < need.Count; n++)
            {
                TakeUnit(_units[need.Auxiliary], _setupStart[i], _end[i]);
            }
        }
    }

    /// <summary>Takes the unit that became free last before <paramref name="from"/>, so that early units stay for early batches.</summary>
    private static void TakeUnit(long[] units, long from, long to)
    {
        var u = 0;
        while (u + 1 < units.Length && units[u + 1] <= from)
        {
            u++;
        }

        for (; u + 1 < units.Length && units[u + 1] < to; u++)
        {
            units[u] = units[u + 1];
        }

        units[u] = to;
    }

    private double CostOf(ClusterBatch batch, SetupStep setup, long start, long end)
    {
        var late = 0.0;
        foreach (var t in batch.Tasks)
        {
            var lateness = end + _around.Tail[t] - _around.Due[t];
            late += lateness > 0 ? _around.Weight[t] * lateness : 0;
            if (_instability && _problem.Placed[t] is { Equipment: >= 0 } was
                && (was.Equipment != batch.Machine || Math.Abs(was.Start - start) > ObjectiveEvaluator.MovedBeyond.Milliseconds))
            {
                late += _weights.Instability * Duration.MillisecondsPerHour / Math.Max(1e-9, _weights.Tardiness);
            }
        }

        return (_weights.Tardiness * (late + EarlyFinish * end) + _weights.ChangeoverTime * setup.Time) / Duration.MillisecondsPerHour
            + _weights.ChangeoverCost * setup.Cost + (batch.Underloaded ? _underload : 0);
    }

    private void Reset(ReadOnlySpan<int> machines, ReadOnlySpan<int> auxiliaries)
    {
        foreach (var e in machines)
        {
            _freeSlots[e].CopyTo(_slotEnds[e], 0);
            _condition[e] = _problem.Machines[e].Condition;
            _lastStart[e] = long.MinValue;
        }

        foreach (var a in auxiliaries)
        {
            _freeUnits[a].CopyTo(_units[a], 0);
        }
    }

    private void Grow(int count)
    {
        if (_setupStart.Length < count)
        {
            Array.Resize(ref _setupStart, count * 2);
            Array.Resize(ref _start, count * 2);
            Array.Resize(ref _end, count * 2);
            Array.Resize(ref _cost, count * 2);
            Array.Resize(ref _after, count * 2);
        }
    }

    private static long[] FreeSlots(ProblemMachine machine)
    {
        var ends = new long[machine.Slots];
        Array.Fill(ends, machine.FreeFrom);
        for (var s = 0; s < machine.CommittedEnds.Length && s < ends.Length; s++)
        {
            ends[s] = Math.Max(machine.FreeFrom, machine.CommittedEnds[^(s + 1)]);
        }

        Array.Sort(ends);
        return ends;
    }

    private static long[] FreeUnits(SchedulingProblem problem, int auxiliary, int count)
    {
        var units = new List<long>();
        foreach (var use in problem.CommittedUses.Where(u => u.Auxiliary == auxiliary))
        {
            units.AddRange(Enumerable.Repeat(use.End, use.Count));
        }

        units.AddRange(Enumerable.Repeat(0L, Math.Max(0, count - units.Count)));
        return [.. units.OrderDescending().Take(count).Order()];
    }
}
