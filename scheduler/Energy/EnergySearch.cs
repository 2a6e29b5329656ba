using System.Diagnostics;
using System.Globalization;
using DigitalTwin.Scheduler.CpSat;
using Google.OrTools.Sat;

namespace DigitalTwin.Scheduler.Energy;

/// <summary>How hard to search for an energy schedule.</summary>
/// <param name="Seconds">Wall clock, > 0.</param>
public readonly record struct EnergyLimits(double Seconds, int Workers = 1, int Seed = 1);

/// <summary>The cheapest schedule found.</summary>
/// <param name="Bound">No schedule costs less.</param>
public sealed record EnergySolution(EnergySchedule Schedule, long Bound, TimeSpan Elapsed)
{
    public bool Proved => Bound >= Schedule.Cost;
}

/// <summary>Finds the cheapest energy schedule: a bound from priced paths, then exact search among the moves that come near it.</summary>
/// <remarks>
/// Few moves lie on a path that costs little more than the bound, which mostly is the optimum. The question "is there a schedule within so
/// much of the bound?" is thus small, and is asked with growing tolerance: a no raises the bound, a yes is the optimum. Anytime; honours
/// a stop.
/// </remarks>
public sealed class EnergySearch
{
    private const int BoundRounds = 2000;
    private const double BoundShare = 0.3; // of the time
    private readonly EnergyProblem _problem;
    private readonly EnergyLimits _limits;
    private readonly Action<EnergySchedule, TimeSpan>? _found;
    private readonly CancellationToken _stop;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly EnergyGraph _graph;
    private EnergySchedule _best;
    private long _floor;
    private bool _counted = true; // whether moves know the work done before them

    private EnergySearch(EnergyProblem problem, EnergyLimits limits, Action<EnergySchedule, TimeSpan>? found, CancellationToken stop)
    {
        (_problem, _limits, _found, _stop) = (problem, limits, found, stop);
        _graph = new EnergyGraph(problem);
        _best = AllInOneGo();
    }

    private bool IsOver => _stop.IsCancellationRequested || _watch.Elapsed.TotalSeconds >= _limits.Seconds;

    /// <summary>Searches until proven cheapest, out of time or stopped.</summary>
    /// <param name="found">Told of every better schedule and when it was found.</param>
    public static EnergySolution Solve(
        EnergyProblem problem, EnergyLimits limits, Action<EnergySchedule, TimeSpan>? found = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var search = new EnergySearch(problem, limits, found, stop);
        search.Run();
        return new EnergySolution(search._best, Math.Min(search._floor, search._best.Cost), search._watch.Elapsed);
    }

    /// <summary>The whole graph in CP-SAT with default parameters: the peer that a bench compares with.</summary>
    internal static EnergySolution SolveWhole(
        EnergyProblem problem, EnergyLimits limits, Action<EnergySchedule, TimeSpan>? found = null, CancellationToken stop = default)
    {
        var search = new EnergySearch(problem, limits, found, stop);
        search._counted = false;
        search.Exact([.. search._graph.Arcs.Select(a => new EnergyMove(a, 0))], long.MaxValue / 4, limits.Seconds);
        return new EnergySolution(search._best, Math.Min(search._floor, search._best.Cost), search._watch.Elapsed);
    }

    private void Run()
    {
        _found?.Invoke(_best, _watch.Elapsed);
        var bound = new EnergyBound(_graph);
        bound.Improve(_best.Cost, BoundRounds, path => Offer(_graph.ToSchedule(path)), () => IsOver || _watch.Elapsed.TotalSeconds >= _limits.Seconds * BoundShare);
        _floor = Math.Max(0, (long)Math.Ceiling(bound.Value - 1e-6 * Math.Max(1, Math.Abs(bound.Value))));
        for (var tolerance = 0L; _floor < _best.Cost && !IsOver; tolerance = Math.Max(1, tolerance * 2))
        {
            var limit = Math.Min(_floor + tolerance, _best.Cost - 1);
            if (Exact(bound.Within(limit), limit, _limits.Seconds - _watch.Elapsed.TotalSeconds) == SolveEnd.Infeasible)
            {
                _floor = limit + 1;
            }
        }
    }

    /// <summary>Is there a path of at most so much among these moves that does every job once?</summary>
    private SolveEnd Exact(List<EnergyMove> moves, long limit, double seconds)
    {
        if (seconds <= 0 || _stop.IsCancellationRequested)
        {
            return SolveEnd.Interrupted;
        }

        var model = new CpModel();
        var uses = moves.Select(_ => model.NewBoolVar("")).ToArray();
        foreach (var (place, balance) in Balances(moves, uses))
        {
            model.Add(balance == (place.Node == _graph.Source ? 1 : place.Node == _graph.Sink ? -1 : 0));
        }

        for (var l = 0; l < _problem.Lengths.Length; l++)
        {
            var length = l;
            model.Add(LinearExpr.Sum(uses.Where((_, m) => moves[m].Arc.Length == length)) == _problem.Counts[l]);
        }

        var cost = LinearExpr.WeightedSum(uses, moves.Select(m => m.Arc.Cost));
        model.Add(cost <= limit);
        model.Minimize(cost);
        using var solver = new CpSolver();
        solver.StringParameters = string.Create(CultureInfo.InvariantCulture,
            $"max_time_in_seconds:{seconds} num_workers:{_limits.Workers} random_seed:{_limits.Seed} catch_sigint_signal:false");
        using var reader = new SolutionReader(c => Offer(_graph.ToSchedule(moves.Where((_, m) => c.BooleanValue(uses[m])).Select(m => m.Arc))));
        using var watch = _stop.Register(solver.StopSearch);
        var status = solver.Solve(model, reader);
        reader.Rethrow();
        if (status == CpSolverStatus.ModelInvalid)
        {
            throw new InvalidOperationException($"The energy model is not valid: {model.Validate()}");
        }

        if (status == CpSolverStatus.Optimal)
        {
            _floor = _best.Cost;
            return SolveEnd.Proved;
        }

        return status == CpSolverStatus.Infeasible ? SolveEnd.Infeasible : SolveEnd.Interrupted;
    }

    /// <summary>What leaves each place minus what comes to it; a place is a node and the work done.</summary>
    private Dictionary<(int Node, int Done), LinearExprBuilder> Balances(List<EnergyMove> moves, BoolVar[] uses)
    {
        var balances = new Dictionary<(int, int), LinearExprBuilder>();
        At(_graph.Source, 0);
        for (var m = 0; m < moves.Count; m++)
        {
            var (arc, done) = moves[m];
            At(arc.From, done).AddTerm(uses[m], 1);
            At(arc.To, done + (_counted && arc.Length >= 0 ? _problem.Lengths[arc.Length] : 0)).AddTerm(uses[m], -1);
        }

        return balances;

        LinearExprBuilder At(int node, int done) =>
            balances.TryGetValue((node, done), out var known) ? known : balances[(node, done)] = LinearExpr.NewBuilder();
    }

    private void Offer(EnergySchedule schedule)
    {
        if (EnergyChecker.FirstViolation(_problem, schedule) is { } wrong)
        {
            throw new InvalidOperationException($"The search made an impossible energy schedule: {wrong}.");
        }

        if (schedule.Cost < _best.Cost)
        {
            _best = schedule;
            _found?.Invoke(schedule, _watch.Elapsed);
        }
    }

    /// <summary>Switched on once, all jobs without a pause where that is cheapest.</summary>
    private EnergySchedule AllInOneGo()
    {
        var off = _problem.Modes[0];
        var work = _problem.Jobs.Sum();
        EnergySchedule? best = null;
        for (var start = off.UpTime + 1; start + work + off.DownTime < _problem.Horizon; start++)
        {
            var schedule = Priced(Steps(start));
            best = best is null || schedule.Cost < best.Cost ? schedule : best;
        }

        return best!;

        IEnumerable<EnergyStep> Steps(int start)
        {
            yield return new EnergyStep(EnergyState.Low, 0, start - off.UpTime, 0);
            yield return new EnergyStep(EnergyState.Up, start - off.UpTime, off.UpTime, 0);
            for (var (j, at) = (0, start); j < _problem.Jobs.Length; at += _problem.Jobs[j++])
            {
                yield return new EnergyStep(EnergyState.Work, at, _problem.Jobs[j], j);
            }

            yield return new EnergyStep(EnergyState.Down, start + work, off.DownTime, 0);
            yield return new EnergyStep(EnergyState.Low, start + work + off.DownTime, _problem.Horizon - start - work - off.DownTime, 0);
        }
    }

    private EnergySchedule Priced(IEnumerable<EnergyStep> steps)
    {
        var kept = steps.Where(s => s.Length > 0).ToList();
        var cost = kept.Sum(s => Enumerable.Range(s.Start, s.Length).Sum(t => (long)_problem.Prices[t]) * (s.State switch
        {
            EnergyState.Work => _problem.WorkPower,
            EnergyState.Up => _problem.Modes[s.Which].UpPower,
            EnergyState.Down => _problem.Modes[s.Which].DownPower,
            _ => _problem.Modes[s.Which].Power,
        }));
        return new EnergySchedule([.. kept], cost);
    }
}
