using DigitalTwin.Scheduler.Search;

namespace DigitalTwin.Scheduler.Shops;

/// <summary>Puts job after job into the gaps that the earlier ones leave; jobs that end too late go earlier next time.</summary>
/// <remarks>
/// Dispatching cannot keep a machine free for a job that is about to come; this can, so it is what large shops with long jobs need.
/// Learning from who came off badly is squeaky-wheel optimisation (Joslin and Clements 1999). A round costs O(n log n) and the gaps it
/// looks at. Leaves setups to others.
/// </remarks>
internal sealed class ShopInsertion
{
    private readonly ShopProblem _problem;
    private readonly SearchRandom _random;
    private readonly double[] _urgency; // by job: work, and what lateness has taught
    private readonly double[] _rank;
    private readonly int[] _jobs;
    private readonly int[][] _starts, _ends; // busy stretches by machine, ascending
    private readonly int[] _busy;
    private readonly int[] _start, _end, _option;
    private readonly int _target;

    /// <param name="target">No job needs to end before this.</param>
    public ShopInsertion(ShopProblem problem, int target, SearchRandom random)
    {
        (_problem, _target, _random) = (problem, target, random);
        (_urgency, _rank, _jobs) = (new double[problem.Jobs], new double[problem.Jobs], new int[problem.Jobs]);
        (_start, _end, _option) = (new int[problem.Count], new int[problem.Count], new int[problem.Count]);
        for (var v = 0; v < problem.Count; v++)
        {
            _urgency[problem.JobOf[v]] += problem.Shortest(v) + problem.Wait[v];
        }

        for (var j = 0; j < problem.Jobs; j++)
        {
            _urgency[j] += problem.Ready[problem.JobFirst[j]];
        }

        _busy = new int[problem.Machines];
        (_starts, _ends) = (new int[problem.Machines][], new int[problem.Machines][]);
        for (var m = 0; m < problem.Machines; m++)
        {
            (_starts[m], _ends[m]) = (new int[16], new int[16]);
        }
    }

    /// <summary>End of the last operation of the last round.</summary>
    public int Makespan { get; private set; }

    /// <summary>One round: all jobs in the order of their urgency.</summary>
    /// <param name="noise">How much the order is shaken, as a share of the target.</param>
    public void Round(double noise)
    {
        for (var j = 0; j < _jobs.Length; j++)
        {
            _jobs[j] = j;
            _rank[j] = -_urgency[j] + noise * _target * (_random.Unit() - 0.5);
        }

        Array.Sort(_rank, _jobs);
        Array.Clear(_busy);
        Makespan = 0;
        foreach (var j in _jobs)
        {
            Makespan = Math.Max(Makespan, Insert(j));
        }
    }

    /// <summary>Jobs that ended after the target become more urgent, by a share of how late they were.</summary>
    public void Learn()
    {
        for (var j = 0; j < _jobs.Length; j++)
        {
            var late = _end[_problem.JobFirst[j + 1] - 1] - _target;
            _urgency[j] += late > 0 ? late * (0.3 + 0.7 * _random.Unit()) : 0;
        }
    }

    /// <summary>The decisions of the last round.</summary>
    public ShopPlan Plan()
    {
        var order = Enumerable.Range(0, _problem.Count).ToArray();
        Array.Sort(order, (a, b) =>
        {
            var by = _start[a].CompareTo(_start[b]);
            by = by != 0 ? by : _end[a].CompareTo(_end[b]);
            return by != 0 ? by : a.CompareTo(b);
        });
        return new ShopPlan([.. _option], order);
    }

    private int Insert(int job)
    {
        var ready = 0;
        for (var v = _problem.JobFirst[job]; v < _problem.JobFirst[job + 1]; v++)
        {
            ready = Math.Max(ready, _problem.Ready[v]);
            var (bestEnd, bestStart, bestPlace, bestOption) = (int.MaxValue, 0, 0, -1);
            for (var o = _problem.OptionFirst[v]; o < _problem.OptionFirst[v + 1]; o++)
            {
                var (start, place) = Gap(_problem.OptionMachine[o], ready, _problem.OptionTime[o]);
                if (start + _problem.OptionTime[o] < bestEnd)
                {
                    (bestEnd, bestStart, bestPlace, bestOption) = (start + _problem.OptionTime[o], start, place, o);
                }
            }

            Occupy(_problem.OptionMachine[bestOption], bestPlace, bestStart, bestEnd);
            (_start[v], _end[v], _option[v]) = (bestStart, bestEnd, bestOption);
            ready = bestEnd + _problem.Wait[v];
        }

        return _end[_problem.JobFirst[job + 1] - 1];
    }

    /// <summary>The earliest gap of a machine that is long enough, and the place in its list.</summary>
    private (int Start, int Place) Gap(int m, int ready, int time)
    {
        var (starts, ends, busy) = (_starts[m], _ends[m], _busy[m]);
        var (low, high) = (0, busy);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (ends[middle] > ready)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        var from = Math.Max(ready, low == 0 ? _problem.MachineReady[m] : ends[low - 1]);
        for (; low < busy && starts[low] < from + time; low++)
        {
            from = Math.Max(from, ends[low]);
        }

        return (from, low);
    }

    /// <summary>Notes a stretch, joined with its neighbours where they touch.</summary>
    private void Occupy(int m, int place, int start, int end)
    {
        if (start == end)
        {
            return;
        }

        var (starts, ends, busy) = (_starts[m], _ends[m], _busy[m]);
        var (left, right) = (place > 0 && ends[place - 1] == start, place < busy && starts[place] == end);
        if (left && right)
        {
            ends[place - 1] = ends[place];
            Array.Copy(starts, place + 1, starts, place, busy - place - 1);
            Array.Copy(ends, place + 1, ends, place, busy - place - 1);
            _busy[m]--;
        }
        else if (left)
        {
            ends[place - 1] = end;
        }
        else if (right)
        {
            starts[place] = start;
        }
        else
        {
            if (busy == starts.Length)
            {
                Array.Resize(ref _starts[m], 2 * busy);
                Array.Resize(ref _ends[m], 2 * busy);
                (starts, ends) = (_starts[m], _ends[m]);
            }

            Array.Copy(starts, place, starts, place + 1, busy - place);
            Array.Copy(ends, place, ends, place + 1, busy - place);
            (starts[place], ends[place]) = (start, end);
            _busy[m]++;
        }
    }
}
