namespace DigitalTwin.Scheduler.Balancing;

/// <summary>Every maximal load of the next station, given what earlier stations hold.</summary>
/// <remarks>
/// A load is maximal when no further available task fits: other loads need not be looked at, since a task pulled forward never hurts. A load is
/// also left out when one of its tasks could be exchanged for an available one that takes at least as long and releases at least as
/// much (Jackson 1956; Scholl and Klein 1997).
/// </remarks>
internal sealed class StationLoads
{
    private readonly PrecedenceGraph _graph;
    private readonly long[] _times;
    private readonly int _dimensions;
    private readonly long[] _capacities;
    private readonly int[] _byTime; // tasks, longest first
    private readonly int[] _open; // predecessors not assigned yet
    private readonly int[] _available; // tasks whose predecessors are assigned, in the order they became so
    private readonly bool[] _inLoad;
    private readonly int[] _load;
    private readonly long[] _room;
    private int _availableCount;
    private int _loadCount;
    private int _limit;
    private int _found;
    private ILoadReceiver _receiver = null!;

    public StationLoads(BalancingProblem problem, PrecedenceGraph graph, long cycle)
    {
        _graph = graph;
        _times = problem.Times;
        _dimensions = problem.Dimensions;
        _capacities = problem.Capacities(cycle);
        var n = graph.Count;
        _byTime = [.. Enumerable.Range(0, n).OrderByDescending(i => _times[i * _dimensions]).ThenBy(i => i)];
        _open = new int[n];
        _available = new int[n];
        _inLoad = new bool[n];
        _load = new int[n];
        _room = new long[_dimensions];
    }

    /// <summary>Told every load.</summary>
    public interface ILoadReceiver
    {
        /// <param name="load">Tasks of the load.</param>
        /// <param name="idle">Weighted capacity that it leaves unused.</param>
        void Receive(ReadOnlySpan<int> load, long idle);
    }

    /// <summary>Looks at no more than <paramref name="limit"/> maximal loads.</summary>
    /// <returns>False when there are more.</returns>
    public bool Enumerate(ReadOnlySpan<ulong> assigned, int limit, ILoadReceiver receiver)
    {
        _receiver = receiver;
        (_limit, _found, _availableCount, _loadCount) = (limit, 0, 0, 0);
        _graph.Predecessors.AsSpan().CopyTo(_open);
        _capacities.AsSpan().CopyTo(_room);
        for (var i = 0; i < _open.Length; i++)
        {
            if (Holds(assigned, i))
            {
                foreach (var s in _graph.SuccessorsOf(i))
                {
                    _open[s]--;
                }
            }
        }

        foreach (var i in _byTime)
        {
            if (_open[i] == 0 && !Holds(assigned, i))
            {
                _available[_availableCount++] = i;
            }
        }

        return Extend(0);
    }

    private static bool Holds(ReadOnlySpan<ulong> set, int task) => (set[task / 64] >> (task % 64) & 1) != 0;

    private bool Extend(int from)
    {
        for (var k = from; k < _availableCount; k++)
        {
            var task = _available[k];
            if (!Fits(task))
            {
                continue;
            }

            var before = _availableCount;
            Put(task);
            var goOn = Extend(k + 1);
            Remove(task, before);
            if (!goOn)
            {
                return false;
            }
        }

        if (!IsMaximal())
        {
            return true;
        }

        if (_found++ == _limit)
        {
            return false;
        }

        if (!IsDominated())
        {
            _receiver.Receive(_load.AsSpan(0, _loadCount), _room[0]);
        }

        return true;
    }

    private bool Fits(int task)
    {
        for (var d = 0; d < _dimensions; d++)
        {
            if (_times[task * _dimensions + d] > _room[d])
            {
                return false;
            }
        }

        return true;
    }

    private void Put(int task)
    {
        _inLoad[task] = true;
        _load[_loadCount++] = task;
        for (var d = 0; d < _dimensions; d++)
        {
            _room[d] -= _times[task * _dimensions + d];
        }

        foreach (var s in _graph.SuccessorsOf(task))
        {
            if (--_open[s] == 0)
            {
                _available[_availableCount++] = s;
            }
        }
    }

    private void Remove(int task, int availableBefore)
    {
        _inLoad[task] = false;
        _loadCount--;
        _availableCount = availableBefore;
        for (var d = 0; d < _dimensions; d++)
        {
            _room[d] += _times[task * _dimensions + d];
        }

        foreach (var s in _graph.SuccessorsOf(task))
        {
            _open[s]++;
        }
    }

    private bool IsMaximal()
    {
        for (var k = 0; k < _availableCount; k++)
        {
            if (!_inLoad[_available[k]] && Fits(_available[k]))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsDominated()
    {
        for (var k = 0; k < _availableCount; k++)
        {
            var other = _available[k];
            if (_inLoad[other])
            {
                continue;
            }

            for (var l = 0; l < _loadCount; l++)
            {
                if (IsBetter(other, _load[l]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether exchanging <paramref name="task"/> of the load for <paramref name="other"/> fits and cannot be worse.</summary>
    private bool IsBetter(int other, int task)
    {
        var same = true;
        for (var d = 0; d < _dimensions; d++)
        {
            var more = _times[other * _dimensions + d] - _times[task * _dimensions + d];
            if (more < 0 || more > _room[d])
            {
                return false;
            }

            same &= more == 0;
        }

        return _graph.IsSuccessorSubset(task, other) && (!same || other < task || !_graph.IsSuccessorSubset(other, task));
    }
}
