using DigitalTwin.Scheduler.Search;

namespace DigitalTwin.Scheduler.Shops;

/// <summary>Decisions of a shop schedule: an option per operation, and an order of all of them in which jobs keep theirs.</summary>
internal sealed record ShopPlan(int[] Options, int[] Order);

/// <summary>Who goes first when a machine is free.</summary>
internal enum ShopRule
{
    /// <summary>Most work remaining in the job.</summary>
    MostWork,

    /// <summary>Most work remaining, counting what its machines still have to do besides.</summary>
    MostWorkAndLoad,

    /// <summary>First come, first served.</summary>
    Fifo,

    /// <summary>Shortest operation.</summary>
    Shortest,

    /// <summary>By lot.</summary>
    Random,
}

/// <summary>First schedules: no machine stands still while something waits for it. O(n log n) for operations with few machines.</summary>
internal sealed class ShopDispatch
{
    private readonly ShopProblem _problem;
    private readonly double[] _key;
    private readonly int[] _arrival;
    private readonly bool[] _started;
    private readonly int[] _free;
    private readonly int[] _last;
    private readonly PriorityQueue<int, (double Key, int Operation)>[] _queues;
    private readonly PriorityQueue<int, (int Time, int Kind, int Number)> _events = new(); // arrivals of operations ≥ 0, ends of machines < 0
    private readonly int[] _options, _order;
    private int _count;

    private ShopDispatch(ShopProblem problem, double[] key)
    {
        (_problem, _key) = (problem, key);
        (_arrival, _started) = (new int[problem.Count], new bool[problem.Count]);
        (_options, _order) = (new int[problem.Count], new int[problem.Count]);
        _free = [.. problem.MachineReady];
        _last = new int[problem.Machines];
        Array.Fill(_last, -1);
        _queues = [.. Enumerable.Range(0, problem.Machines).Select(_ => new PriorityQueue<int, (double, int)>())];
    }

    /// <summary>A plan by a rule, its keys shaken by up to <paramref name="noise"/> of their value.</summary>
    public static ShopPlan Build(ShopProblem problem, ShopRule rule, SearchRandom random, double noise)
    {
        var key = Keys(problem, rule, random);
        for (var v = 0; v < key.Length && noise > 0; v++)
        {
            key[v] *= 1 + noise * (random.Unit() - 0.5);
        }

        return new ShopDispatch(problem, key).Run();
    }

    /// <summary>By the middle of each operation's window between the work of its job before and after it: right where jobs have no time to spare.</summary>
    public static ShopPlan ByWindows(ShopProblem problem)
    {
        var (options, keys, order) = (new int[problem.Count], new long[problem.Count], new int[problem.Count]);
        for (var j = 0; j < problem.Jobs; j++)
        {
            var head = 0L;
            for (var v = problem.JobFirst[j]; v < problem.JobFirst[j + 1]; v++)
            {
                head = Math.Max(head, problem.Ready[v]);
                (keys[v], order[v]) = (head, v);
                head += problem.Shortest(v) + problem.Wait[v];
                options[v] = problem.OptionFirst[v];
                for (var o = problem.OptionFirst[v] + 1; o < problem.OptionFirst[v + 1]; o++)
                {
                    options[v] = problem.OptionTime[o] < problem.OptionTime[options[v]] ? o : options[v];
                }
            }

            var tail = 0L;
            for (var v = problem.JobFirst[j + 1] - 1; v >= problem.JobFirst[j]; v--)
            {
                keys[v] -= tail;
                tail += problem.Shortest(v) + (v > problem.JobFirst[j] ? problem.Wait[v - 1] : 0);
            }
        }

        Array.Sort(order, (a, b) => (keys[a], a).CompareTo((keys[b], b)));
        return new ShopPlan(options, order);
    }

    private static double[] Keys(ShopProblem problem, ShopRule rule, SearchRandom random)
    {
        var key = new double[problem.Count];
        var load = new double[problem.Machines];
        for (var v = 0; v < problem.Count; v++)
        {
            for (var o = problem.OptionFirst[v]; o < problem.OptionFirst[v + 1]; o++)
            {
                load[problem.OptionMachine[o]] += problem.OptionTime[o] / (double)(problem.OptionFirst[v + 1] - problem.OptionFirst[v]);
            }
        }

        for (var v = problem.Count - 1; v >= 0; v--)
        {
            var rest = v + 1 < problem.JobFirst[problem.JobOf[v] + 1] ? key[v + 1] : 0;
            var time = problem.Shortest(v);
            key[v] = rule switch
            {
                ShopRule.MostWork => rest - time - problem.Wait[v],
                ShopRule.MostWorkAndLoad => rest - time - problem.Wait[v] - 0.02 * load[problem.OptionMachine[problem.OptionFirst[v]]],
                ShopRule.Shortest => time,
                ShopRule.Random => random.Unit(),
                _ => 0,
            };
        }

        return key;
    }

    private ShopPlan Run()
    {
        for (var j = 0; j < _problem.Jobs; j++)
        {
            Announce(_problem.JobFirst[j], _problem.Ready[_problem.JobFirst[j]]);
        }

        for (var m = 0; m < _problem.Machines; m++)
        {
            _events.Enqueue(-1 - m, (_free[m], 1, m));
        }

        while (_events.TryDequeue(out var what, out var at))
        {
            if (what < 0)
            {
                Serve(-1 - what, at.Time);
            }
            else
            {
                Arrive(what, at.Time);
            }
        }

        return new ShopPlan(_options, _order);
    }

    private void Announce(int v, int time)
    {
        _arrival[v] = time;
        _events.Enqueue(v, (time, 0, v));
    }

    /// <summary>Joins all queues; machines that stand idle are asked in the order in which they would end it.</summary>
    private void Arrive(int v, int time)
    {
        var key = _key[v] == 0 ? _arrival[v] : _key[v];
        var (best, end) = (-1, int.MaxValue);
        for (var o = _problem.OptionFirst[v]; o < _problem.OptionFirst[v + 1]; o++)
        {
            var m = _problem.OptionMachine[o];
            _queues[m].Enqueue(v, (key, v));
            if (_free[m] <= time && _problem.OptionTime[o] < end)
            {
                (best, end) = (m, _problem.OptionTime[o]);
            }
        }

        if (best >= 0)
        {
            _events.Enqueue(-1 - best, (time, 1, best)); // after all that arrive at the same moment
        }
    }

    private void Serve(int m, int time)
    {
        if (_free[m] > time)
        {
            return; // has begun something since
        }

        while (_queues[m].TryDequeue(out var v, out _))
        {
            if (!_started[v])
            {
                Start(v, m, time);
                return;
            }
        }
    }

    private void Start(int v, int m, int time)
    {
        var option = _problem.OptionOn(v, m);
        var end = time + (_problem.Setups?.Time(m, _last[m], v) ?? 0) + _problem.OptionTime[option];
        (_started[v], _options[v], _order[_count++], _free[m], _last[m]) = (true, option, v, end, v);
        _events.Enqueue(-1 - m, (end, 1, m));
        if (v + 1 < _problem.JobFirst[_problem.JobOf[v] + 1])
        {
            Announce(v + 1, Math.Max(_problem.Ready[v + 1], end + _problem.Wait[v]));
        }
    }
}
