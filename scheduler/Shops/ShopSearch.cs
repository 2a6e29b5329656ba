using DigitalTwin.Scheduler.CpSat;
using DigitalTwin.Scheduler.Search;

namespace DigitalTwin.Scheduler.Shops;

/// <summary>Limits of a search for a short schedule.</summary>
/// <param name="Seconds">Wall-clock seconds, > 0.</param>
/// <param name="Workers">Threads, ≥ 1.</param>
/// <param name="Moves">Ends after so many moves of the one worker, whatever the clock says: the same seed then gives the same schedule.</param>
/// <param name="Target">A schedule as short as this is short enough.</param>
public sealed record ShopLimits(double Seconds, int Workers = 1, int Seed = 1, long? Moves = null, int Target = 0);

/// <summary>What a search found.</summary>
/// <param name="Bound">No schedule is shorter than this.</param>
public sealed record ShopResult(ShopSchedule Schedule, int Bound, TimeSpan Elapsed, long Moves)
{
    public bool Proved => Bound >= Schedule.Makespan;
}

/// <summary>Shortest schedules of job shops: tabu search over a pool of elites on every worker, CP-SAT beside it where it can prove something.</summary>
public sealed class ShopSearch
{
    /// <summary>CP-SAT gets a worker of its own up to so many options.</summary>
    private const int WholeUpTo = 2500;

    /// <summary>Insertion is tried from so many operations; for so many rounds without success.</summary>
    private const int InsertFrom = 2500, LongRounds = 60, ShortRounds = 8;

    private const int SmallestPool = 6, LargestPool = 24;

    private readonly ShopProblem _problem;
    private readonly ShopLimits _limits;
    private readonly ShopIncumbent _incumbent;
    private readonly ShopElites _elites;
    private readonly CancellationToken _stop;
    private readonly int _patience;
    private long _moves;
    private int _refused;

    private ShopSearch(ShopProblem problem, ShopLimits limits, Action<ShopProgress>? report, CancellationToken stop)
    {
        (_problem, _limits, _stop) = (problem, limits, stop);
        _incumbent = new ShopIncumbent(problem, report);
        _elites = new ShopElites(Math.Clamp(6000 / problem.Count, SmallestPool, LargestPool), problem.Count);
        _patience = problem.Count > 3000 ? 20_000 : 12_500;
    }

    /// <summary>Searches until the limits, the proof, or a stop.</summary>
    public static ShopResult Solve(ShopProblem problem, ShopLimits limits, Action<ShopProgress>? report = null, CancellationToken stop = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(TimeSpan.FromSeconds(limits.Seconds));
        return new ShopSearch(problem, limits, report, timeout.Token).Run();
    }

    private ShopResult Run()
    {
        var random = new SearchRandom((ulong)_limits.Seed);
        var graph = new ShopGraph(_problem);
        _incumbent.RaiseBound(ShopBounds.Of(_problem), "bounds");
        foreach (var rule in (ShopRule[])[ShopRule.MostWork, ShopRule.Fifo])
        {
            Take(graph, ShopDispatch.Build(_problem, rule, random, 0));
            _incumbent.Offer(graph.ToSchedule(), $"dispatch {rule}");
            if (_stop.IsCancellationRequested)
            {
                break;
            }
        }

        Take(graph, ShopDispatch.ByWindows(_problem));
        _incumbent.Offer(graph.ToSchedule(), "windows");
        using var proved = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        var exact = _limits.Workers > 1 && _problem.OptionMachine.Length <= WholeUpTo;
        var others = new List<Task>();
        for (var w = 1; w < _limits.Workers; w++)
        {
            var (number, solves) = (w, exact && w == _limits.Workers - 1);
            others.Add(Task.Run(() => Guard(proved, () =>
            {
                if (solves)
                {
                    SolveWhole(proved.Token);
                }

                var own = new ShopGraph(_problem);
                if (number == 1 && _problem.Count >= InsertFrom)
                {
                    InsertJobs(own, LongRounds, proved.Token);
                }

                Walk(own, number, proved.Token);
            }), CancellationToken.None));
        }

        Guard(proved, () =>
        {
            if (_limits.Workers == 1 && _problem.Count >= InsertFrom)
            {
                InsertJobs(graph, ShortRounds, proved.Token);
            }

            Walk(graph, 0, proved.Token);
        });
        Task.WaitAll([.. others], CancellationToken.None);
        return new ShopResult(_incumbent.Schedule!, _incumbent.Bound, _incumbent.Elapsed, Interlocked.Read(ref _moves));
    }

    /// <summary>Whoever proves the optimum, or fails, ends the others.</summary>
    private void Guard(CancellationTokenSource proved, Action work)
    {
        try
        {
            work();
        }
        catch
        {
            proved.Cancel();
            throw;
        }

        if (Done || _limits.Moves is not null)
        {
            proved.Cancel();
        }
    }

    private void SolveWhole(CancellationToken stop)
    {
        var model = new ShopCpSat(_problem, _incumbent.Makespan, _incumbent.Bound);
        model.Hint(_incumbent.Schedule!);
        var left = Math.Max(0.05, _limits.Seconds - _incumbent.Elapsed.TotalSeconds);
        var end = model.Run(left, 1, _limits.Seed, s => _incumbent.Offer(s, "CP-SAT"), b => _incumbent.RaiseBound(b, "CP-SAT"), stop);
        if (end is SolveEnd.Proved or SolveEnd.Infeasible)
        {
            _incumbent.RaiseBound(_incumbent.Makespan, "CP-SAT");
        }
    }

    /// <summary>Rounds of insertion until so many bring nothing better.</summary>
    private void InsertJobs(ShopGraph graph, int patience, CancellationToken stop)
    {
        if (_problem.Setups is not null)
        {
            return;
        }

        var insertion = new ShopInsertion(_problem, _incumbent.Bound, new SearchRandom((ulong)_limits.Seed + 31));
        var (best, idle) = (int.MaxValue, 0);
        for (var round = 0; idle < patience && !stop.IsCancellationRequested && !Done; round++)
        {
            insertion.Round(round == 0 ? 0 : 0.002);
            idle++;
            if (insertion.Makespan < best)
            {
                (best, idle) = (insertion.Makespan, 0);
                if (best < _incumbent.Makespan)
                {
                    Take(graph, insertion.Plan());
                    _incumbent.Offer(graph.ToSchedule(), "insertion");
                    Learn(graph);
                }
            }

            insertion.Learn();
        }
    }

    private void Walk(ShopGraph graph, int worker, CancellationToken stop)
    {
        var random = new SearchRandom((ulong)(_limits.Seed + 7919 * worker));
        var tabu = new ShopTabu(graph, random);
        var counted = 0L;
        var (round, told) = (worker, TimeSpan.Zero);
        while (!Ends(tabu, stop))
        {
            Take(graph, Begin(random, round++));
            tabu.Run(_patience, Math.Max(_incumbent.Bound, _limits.Target), _incumbent.Makespan, Tell, () => Ends(tabu, stop));
            graph.Take(tabu.BestOptions, tabu.BestOrder);
            _incumbent.Offer(graph.ToSchedule(), "tabu");
            Interlocked.Add(ref _moves, tabu.Moves - counted);
            counted = tabu.Moves;
            Learn(graph);
        }

        // Checking a large schedule costs more than many moves: what comes in quick succession is told once, at the latest by the end of the run.
        void Tell(ShopGraph better)
        {
            if (_incumbent.Elapsed - told > TimeSpan.FromMicroseconds(20 * _problem.Count))
            {
                _incumbent.Offer(better.ToSchedule(), "tabu");
                told = _incumbent.Elapsed;
            }
        }
    }

    private bool Ends(ShopTabu tabu, CancellationToken stop) =>
        stop.IsCancellationRequested || Done || (_limits.Moves is { } most && tabu.Moves >= most);

    private bool Done => _incumbent.Proved || _incumbent.Makespan <= _limits.Target;

    private ShopPlan Begin(SearchRandom random, int round)
    {
        // A large shop goes on from the best it has: another start would cost what is left of the time.
        if (_problem.Count >= InsertFrom && round % 4 != 3)
        {
            var best = _incumbent.Schedule!;
            return Of(best);
        }

        if (_elites.IsFull && _elites.Pair(random) is var (first, second))
        {
            return ShopElites.Mix(first, second, 0.3 + 0.4 * random.Unit(), random);
        }

        var rule = (round % 3) switch { 0 => ShopRule.MostWork, 1 => ShopRule.MostWorkAndLoad, _ => ShopRule.Random };
        return ShopDispatch.Build(_problem, rule, random, round < 2 ? 0 : 0.3);
    }

    private void Learn(ShopGraph graph)
    {
        var key = new int[_problem.Count];
        for (var v = 0; v < key.Length; v++)
        {
            key[v] = graph.Head[v] - graph.Tail[v];
        }

        if (_elites.Add(new ShopElite(graph.Option[..key.Length], key, graph.Makespan())))
        {
            _refused = 0;
        }
        else if (Interlocked.Increment(ref _refused) > 3 * LargestPool)
        {
            _elites.Renew();
            _refused = 0;
        }
    }

    private ShopPlan Of(ShopSchedule schedule)
    {
        var options = new int[_problem.Count];
        var order = new int[_problem.Count];
        for (var v = 0; v < options.Length; v++)
        {
            (options[v], order[v]) = (_problem.OptionOn(v, schedule.Machine[v]), v);
        }

        Array.Sort(order, (a, b) => (schedule.Start[a], schedule.Start[a] + _problem.OptionTime[options[a]], a).CompareTo((schedule.Start[b], schedule.Start[b] + _problem.OptionTime[options[b]], b)));
        return new ShopPlan(options, order);
    }

    private static void Take(ShopGraph graph, ShopPlan plan) => graph.Take(plan.Options, plan.Order);
}
