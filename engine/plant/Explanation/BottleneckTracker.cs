using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Explanation;

/// <summary>Watches how machines spend their time, how long queues are, and for how long each machine is active without a break.</summary>
/// <remarks>
/// A machine is active while it works, is set up, broken or maintained, and inactive while it waits, is blocked or has nothing to do; one with
/// several slots is active while they are all taken. The end of a shift suspends an active period and does not end it. Allocates per bucket of time
/// and, now and then, for the list of periods; never per event.
/// </remarks>
public sealed class BottleneckTracker : IPlantWatcher
{
    private CompiledScenario _plant;
    private readonly long _start;
    private MachineUse[] _use; // per equipment
    private double[] _taken; // per equipment: share of its slots
    private long[] _since; // per equipment: booked up to here
    private long[] _activeSince; // per equipment; −1 inactive
    private long[] _endedAt; // per equipment: the active period is over, unless it goes on at this very moment; −1 going on
    private long[] _decidedAt; // per equipment: when that was found out, which after a night is later
    private long[] _suspendedAt; // per equipment; −1 not suspended
    private int[] _queue; // per group
    private long[] _queueSince; // per group
    private List<ActivePeriod> _periods = [];
    private List<double[]> _useMs = []; // per bucket: equipment × use
    private List<double[]> _queueMs = []; // per bucket: group

    /// <param name="from">The plant when the tracker begins to watch.</param>
    /// <param name="bucket">Length of the stretches of time that figures are given for, > 0.</param>
    public BottleneckTracker(PlantState from, Duration bucket)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(bucket.Milliseconds, 0, nameof(bucket));
        _plant = from.Plant;
        _start = from.Now.Milliseconds;
        Bucket = bucket;
        var machines = _plant.Plant.Equipment.Length;
        _use = new MachineUse[machines];
        _taken = new double[machines];
        _since = new long[machines];
        _activeSince = new long[machines];
        _endedAt = new long[machines];
        _decidedAt = new long[machines];
        _suspendedAt = new long[machines];
        _queue = from.ReadyInGroup.ToArray();
        _queueSince = new long[_queue.Length];
        Array.Fill(_since, _start);
        Array.Fill(_queueSince, _start);
        Array.Fill(_activeSince, -1);
        Array.Fill(_endedAt, -1);
        Array.Fill(_suspendedAt, -1);
        for (var e = 0; e < machines; e++)
        {
            Look(from, e, _start);
        }
    }

    /// <summary>Length of a bucket.</summary>
    public Duration Bucket { get; private set; }

    internal CompiledScenario Plant => _plant;

    internal long Start => _start;

    internal IReadOnlyList<double[]> UseMs => _useMs;

    internal IReadOnlyList<double[]> QueueMs => _queueMs;

    public void Before(in PlantEvent e, PlantState state)
    {
    }

    public void After(in PlantEvent e, PlantState state)
    {
        var now = e.Time.Milliseconds;
        if (e.Equipment >= 0)
        {
            Look(state, e.Equipment, now);
        }

        switch (e.Kind)
        {
            case PlantEventKind.JobReady or PlantEventKind.JobAssigned or PlantEventKind.BatchRework:
                Count(state, _plant.GroupOf(e.Job), now);
                break;
            case PlantEventKind.OrderCancelled:
                for (var group = 0; group < _queue.Length; group++)
                {
                    Count(state, group, now);
                }

                break;
        }
    }

    /// <summary>The order book has grown: goes on with the plant that knows the new orders. Machines and queues are the same.</summary>
    public void GrowTo(CompiledScenario plant) => _plant = plant;

    /// <summary>A tracker that knows what this one knows, to be read while this one goes on.</summary>
    public BottleneckTracker Copy()
    {
        var copy = (BottleneckTracker)MemberwiseClone();
        copy._use = [.. _use];
        copy._taken = [.. _taken];
        copy._since = [.. _since];
        copy._activeSince = [.. _activeSince];
        copy._endedAt = [.. _endedAt];
        copy._decidedAt = [.. _decidedAt];
        copy._suspendedAt = [.. _suspendedAt];
        copy._queue = [.. _queue];
        copy._queueSince = [.. _queueSince];
        copy._periods = [.. _periods];
        copy._useMs = [.. _useMs.Select(b => b.ToArray())];
        copy._queueMs = [.. _queueMs.Select(b => b.ToArray())];
        return copy;
    }

    /// <summary>Makes the buckets longer, so that a plant that is watched for months does not fill the memory.</summary>
    /// <param name="factor">How many become one, ≥ 2.</param>
    public void Coarsen(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        _useMs = Merge(_useMs, factor);
        _queueMs = Merge(_queueMs, factor);
        Bucket *= factor;
    }

    /// <summary>Number of buckets so far.</summary>
    public int Buckets => _useMs.Count;

    private static List<double[]> Merge(List<double[]> fine, int factor)
    {
        var coarse = new List<double[]>();
        for (var b = 0; b < fine.Count; b++)
        {
            if (b % factor == 0)
            {
                coarse.Add(fine[b]);
                continue;
            }

            for (var i = 0; i < fine[b].Length; i++)
            {
                coarse[^1][i] += fine[b][i];
            }
        }

        return coarse;
    }

    /// <summary>Books everything up to a moment.</summary>
    /// <returns>The active periods so far; those still going on end at <paramref name="now"/>.</returns>
    internal IReadOnlyList<ActivePeriod> Settle(long now)
    {
        for (var e = 0; e < _use.Length; e++)
        {
            BookUse(e, now);
        }

        for (var group = 0; group < _queue.Length; group++)
        {
            BookQueue(group, now);
        }

        var periods = new List<ActivePeriod>(_periods);
        for (var e = 0; e < _use.Length; e++)
        {
            var end = _endedAt[e] >= 0 ? _endedAt[e] : _suspendedAt[e] >= 0 ? _suspendedAt[e] : now;
            if (_activeSince[e] >= 0 && end > _activeSince[e])
            {
                periods.Add(new ActivePeriod(e, _activeSince[e], end));
            }
        }

        return periods;
    }

    private void Look(PlantState state, int e, long now)
    {
        ref readonly var machine = ref state.Equipment[e];
        var use = MachineUses.Of(machine);
        var taken = use == MachineUse.Working ? Math.Min(1, machine.ActiveCount / (double)_plant.Plant.Equipment[e].Slots) : 0;
        if (use != _use[e] || taken != _taken[e] || now == _start)
        {
            BookUse(e, now);
            (_use[e], _taken[e]) = (use, taken);
            Follow(e, use, taken, now);
        }
    }

    /// <summary>Begins, suspends or ends the machine's active period. One that goes on at the moment it ended never ended.</summary>
    private void Follow(int e, MachineUse use, double taken, long now)
    {
        if (use == MachineUse.OffShift)
        {
            if (_activeSince[e] >= 0 && _suspendedAt[e] < 0 && (_endedAt[e] < 0 || _decidedAt[e] == now))
            {
                _suspendedAt[e] = now;
                _endedAt[e] = -1;
            }

            return;
        }

        var active = use is MachineUse.Setup or MachineUse.Down or MachineUse.Maintenance || (use == MachineUse.Working && taken >= 1);
        if (active && (_activeSince[e] < 0 || (_endedAt[e] >= 0 && _decidedAt[e] < now)))
        {
            AddPeriod(e);
            _activeSince[e] = now;
            _endedAt[e] = -1;
        }
        else if (active)
        {
            _endedAt[e] = -1;
        }
        else if (_activeSince[e] >= 0 && _endedAt[e] < 0)
        {
            _endedAt[e] = _suspendedAt[e] >= 0 ? _suspendedAt[e] : now;
            _decidedAt[e] = now;
        }

        _suspendedAt[e] = -1;
    }

    private void AddPeriod(int e)
    {
        if (_activeSince[e] >= 0 && _endedAt[e] > _activeSince[e])
        {
            _periods.Add(new ActivePeriod(e, _activeSince[e], _endedAt[e]));
        }
    }

    private void Count(PlantState state, int group, long now)
    {
        if (state.ReadyInGroup[group] != _queue[group])
        {
            BookQueue(group, now);
            _queue[group] = state.ReadyInGroup[group];
        }
    }

    private void BookUse(int e, long now)
    {
        while (_since[e] < now)
        {
            var (bucket, until) = Stretch(_since[e], now);
            var ms = until - _since[e];
            var use = _useMs[bucket].AsSpan(e * MachineUses.Count, MachineUses.Count);
            if (_use[e] == MachineUse.Working)
            {
                use[(int)MachineUse.Working] += _taken[e] * ms;
                use[(int)MachineUse.Starved] += (1 - _taken[e]) * ms;
            }
            else
            {
                use[(int)_use[e]] += ms;
            }

            _since[e] = until;
        }
    }

    private void BookQueue(int group, long now)
    {
        while (_queueSince[group] < now)
        {
            var (bucket, until) = Stretch(_queueSince[group], now);
            _queueMs[bucket][group] += (double)_queue[group] * (until - _queueSince[group]);
            _queueSince[group] = until;
        }
    }

    private (int Bucket, long Until) Stretch(long from, long to)
    {
        var bucket = (int)((from - _start) / Bucket.Milliseconds);
        while (_useMs.Count <= bucket)
        {
            _useMs.Add(new double[_use.Length * MachineUses.Count]);
            _queueMs.Add(new double[_queue.Length]);
        }

        return (bucket, Math.Min(to, _start + (bucket + 1L) * Bucket.Milliseconds));
    }
}

/// <summary>A stretch in which a machine was active without a break.</summary>
/// <param name="Equipment">Index of the machine.</param>
/// <param name="FromMs">Its begin.</param>
/// <param name="ToMs">Its end.</param>
public readonly record struct ActivePeriod(int Equipment, long FromMs, long ToMs)
{
    /// <summary>Its length, ms.</summary>
    public long LengthMs => ToMs - FromMs;
}
