using System.Collections.Immutable;

namespace DigitalTwin.Scheduler.Balancing;

/// <summary>What a search for a balance with so many stations at a cycle time found out.</summary>
internal enum BalanceVerdict
{
    /// <summary>There is one.</summary>
    Found,

    /// <summary>There is none: everything was looked at.</summary>
    Impossible,

    /// <summary>The search was cut short by its width or by the time.</summary>
    Unknown,
}

/// <summary>Decides whether tasks fit into so many stations at a cycle time: station by station, breadth first, each set of assigned tasks once.</summary>
/// <remarks>
/// A bounded dynamic programme (Bautista and Pereira, 2009) with the loads, dominances and bounds of branch, bound and remember (Sewell and
/// Jacobson, 2012). While no level is cut to the width, "none found" is a proof. One object serves one graph direction and cycle time.
/// </remarks>
internal sealed class StationSearch : StationLoads.ILoadReceiver
{
    private readonly BalancingProblem _problem;
    private readonly PrecedenceGraph _graph;
    private readonly StationLoads _loads;
    private readonly BalancingBounds _bounds;
    private readonly long _capacity;
    private readonly double _taskValue;
    private readonly ulong[] _keys; // Zobrist
    private readonly ulong[] _set;
    private StationLevel _next = null!;
    private ulong[] _from = [];
    private ulong _fromHash;
    private int _fromState;
    private long _fromIdle;
    private int _fromHalves;
    private int _fromSixths;
    private int _fromCount;
    private long _idleMost;
    private int _stationsLeft;
    private int _station;

    public StationSearch(BalancingProblem problem, PrecedenceGraph graph, long cycle)
    {
        (_problem, _graph) = (problem, graph);
        _loads = new StationLoads(problem, graph, cycle);
        _bounds = new BalancingBounds(problem, cycle);
        _capacity = problem.Capacities(cycle)[0];
        _taskValue = problem.Total(0) / (double)graph.Count / 50;
        _set = new ulong[graph.Words];
        _keys = new ulong[graph.Count];
        var x = 0x9E3779B97F4A7C15UL;
        for (var i = 0; i < _keys.Length; i++)
        {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            _keys[i] = x * 0xD1342543DE82EF95UL;
        }
    }

    /// <summary>Searches with at most <paramref name="width"/> states a level and 4 × √width + 50 loads a state.</summary>
    /// <param name="stations">Stations allowed, ≥ 1.</param>
    /// <param name="width">States kept per level, ≥ 1.</param>
    /// <param name="stop">Ends the search with <see cref="BalanceVerdict.Unknown"/>.</param>
    /// <param name="balance">Station of each task, counted from the first in flow order, when found.</param>
    public BalanceVerdict Decide(int stations, int width, Func<bool> stop, out ImmutableArray<int> balance)
    {
        balance = [];
        _idleMost = stations * _capacity - _problem.Total(0);
        if (_idleMost < 0)
        {
            return BalanceVerdict.Impossible;
        }

        Array.Clear(_set);
        var levels = new List<StationLevel>();
        var first = new StationLevel(_graph.Words);
        first.Add(_set.AsSpan(), 0, -1, 0, 0);
        levels.Add(first);
        var complete = true;
        var loadLimit = width >= 1 << 16 ? int.MaxValue : 50 + 16 * (int)Math.Sqrt(width);
        for (_station = 1; _station <= stations; _station++)
        {
            _stationsLeft = stations - _station;
            var level = levels[^1];
            _next = new StationLevel(_graph.Words);
            for (var state = 0; state < level.Count; state++)
            {
                if ((state & 15) == 0 && stop())
                {
                    return BalanceVerdict.Unknown;
                }

                Enter(level, state);
                complete &= _loads.Enumerate(_from, loadLimit, this);
                if (_next.Count > 4 * width)
                {
                    complete &= !_next.Trim(2 * width);
                }
            }

            complete &= !_next.Trim(width);
            if (_next.Count == 0)
            {
                return complete ? BalanceVerdict.Impossible : BalanceVerdict.Unknown;
            }

            levels.Add(_next);
            if (FullState(_next) is var full && full >= 0)
            {
                balance = Trace(levels, full);
                return BalanceVerdict.Found;
            }
        }

        return complete ? BalanceVerdict.Impossible : BalanceVerdict.Unknown;
    }

    void StationLoads.ILoadReceiver.Receive(ReadOnlySpan<int> load, long idle)
    {
        var (halves, sixths) = (_fromHalves, _fromSixths);
        var left = _fromCount - load.Length;
        idle = left == 0 ? _fromIdle : _fromIdle + idle; // what the last station leaves is no loss
        if (idle > _idleMost)
        {
            return;
        }

        var hash = _fromHash;
        _from.AsSpan().CopyTo(_set);
        foreach (var task in load)
        {
            _set[task / 64] |= 1UL << (task % 64);
            hash ^= _keys[task];
            halves -= _bounds.HalvesOf(task);
            sixths -= _bounds.SixthsOf(task);
        }

        if (BalancingBounds.Stations(halves, sixths) <= _stationsLeft)
        {
            _next.Add(_set, hash, _fromState, idle, (double)idle / _station - _taskValue * left);
        }
    }

    private void Enter(StationLevel level, int state)
    {
        _from = level.Set(state).ToArray();
        (_fromState, _fromIdle, _fromHash) = (state, level.Idle[state], 0);
        (_fromHalves, _fromSixths, _fromCount) = (_bounds.HalvesTotal, _bounds.SixthsTotal, _graph.Count);
        for (var i = 0; i < _graph.Count; i++)
        {
            if ((_from[i / 64] >> (i % 64) & 1) != 0)
            {
                _fromHash ^= _keys[i];
                _fromHalves -= _bounds.HalvesOf(i);
                _fromSixths -= _bounds.SixthsOf(i);
                _fromCount--;
            }
        }
    }

    private int FullState(StationLevel level)
    {
        for (var state = 0; state < level.Count; state++)
        {
            var held = 0;
            foreach (var word in level.Set(state))
            {
                held += System.Numerics.BitOperations.PopCount(word);
            }

            if (held == _graph.Count)
            {
                return state;
            }
        }

        return -1;
    }

    private ImmutableArray<int> Trace(List<StationLevel> levels, int state)
    {
        var stationOf = new int[_graph.Count];
        var used = levels.Count - 1;
        for (var k = used; k >= 1; k--)
        {
            var parent = levels[k].Parent[state];
            for (var i = 0; i < stationOf.Length; i++)
            {
                var here = (levels[k].Set(state)[i / 64] >> (i % 64) & 1) != 0;
                var before = (levels[k - 1].Set(parent)[i / 64] >> (i % 64) & 1) != 0;
                if (here && !before)
                {
                    stationOf[i] = _graph.Reversed ? used - k : k - 1;
                }
            }

            state = parent;
        }

        return [.. stationOf];
    }
}
