using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Search;

/// <summary>Improves large plans part by part, round after round; only a better whole is kept.</summary>
/// <remarks>
/// One search per worker. A single search depends on problem and seed alone. Several take over each other's plans between rounds,
/// which depends on the clock.
/// </remarks>
internal sealed class ImprovementSearch
{
    /// <summary>Changes tried in one round: short enough to stop soon, long enough to anneal a cluster.</summary>
    private const int TriesPerRound = 60_000;

    /// <summary>How far behind the best the search may go on, as a share of its distance from the bound.</summary>
    private const double Slack = 0.03;

    /// <summary>So many tries anneal one task.</summary>
    private const double TriesPerTask = 200;

    /// <summary>Temperature of a cluster's first round, and what is left of it after each further one; it is heated up again at the floor.</summary>
    private const double Heat = 0.15, Cooling = 0.6, ColdestHeat = 0.002;

    /// <summary>A window takes about this much longer than a round on a cluster, inverted.</summary>
    private const double WindowWorth = 0.25;

    private readonly SchedulingProblem _problem;
    private readonly Incumbent _incumbent;
    private readonly Layout _layout;
    private readonly Redispatch _redispatch;
    private readonly bool _alone;
    private readonly SearchRandom _random;
    private readonly List<Cluster> _clusters;
    private readonly int[] _clusterTasks;
    private readonly double[] _heat;
    private readonly WindowSearch _windows;
    private double _clusterGain = 1, _windowGain = WindowWorth; // relative gain per round, fading: what pays is tried more often
    private List<PlanBatch> _plan = [];
    private double _value;
    private double _best;
    private double _slack;

    private ImprovementSearch(SchedulingProblem problem, Incumbent incumbent, int seed, bool alone)
    {
        _alone = alone;
        _problem = problem;
        _incumbent = incumbent;
        _layout = new Layout(problem);
        _redispatch = new Redispatch(problem);
        _random = new SearchRandom((ulong)seed);
        _clusters = Cluster.Of(problem);
        _clusterTasks = [.. _clusters.Select(c => problem.Tasks.Count(t => c.Machines.Contains(t.Options[0].Equipment)))];
        _heat = new double[_clusters.Count];
        Array.Fill(_heat, Heat);
        _windows = new WindowSearch(problem, _random, alone);
    }

    /// <summary>Searches for so many rounds per worker, or until stopped.</summary>
    public static void Run(SchedulingProblem problem, Incumbent incumbent, int workers, int seed, int rounds, CancellationToken stop)
    {
        var alone = workers == 1;
        Task[] others = [.. Enumerable.Range(1, workers - 1).Select(w => Task.Run(() => new ImprovementSearch(problem, incumbent, seed + 7919 * w, alone).Run(w, rounds, stop), CancellationToken.None))];
        new ImprovementSearch(problem, incumbent, seed, alone).Run(0, rounds, stop);
        Task.WaitAll(others, CancellationToken.None);
    }

    private void Run(int worker, int rounds, CancellationToken stop)
    {
        for (var round = 0; round < rounds && !stop.IsCancellationRequested; round++)
        {
            if ((round == 0 || (!_alone && _incumbent.Value < _best * (1 - 1e-9))) && !TakeOver())
            {
                return;
            }

            var before = _best;
            if (_clusters.Count > 0 && _random.Unit() * (_clusterGain + _windowGain) < _clusterGain)
            {
                ClusterRound(round + worker, stop);
                _clusterGain = Fade(_clusterGain, before, 1);
            }
            else
            {
                WindowRound(round, stop);
                _windowGain = Fade(_windowGain, before, WindowWorth);
            }
        }
    }

    private void ClusterRound(int round, CancellationToken stop)
    {
        var c = round % _clusters.Count;
        var phase = $"cluster {c + 1} of {_clusters.Count}";
        _incumbent.Enter(phase);
        var changed = ClusterSearch.Improve(_problem, _clusters[c], _plan, TriesPerRound, _heat[c] * Patience(c), _random, stop);
        _heat[c] = _heat[c] * Cooling < ColdestHeat ? Heat : _heat[c] * Cooling;
        if (changed is not null)
        {
            Consider(_layout.LayOut(PlanMerge.Merge(_problem, _plan, changed)), phase);
            Consider(_redispatch.LayOut(_plan, changed), phase);
        }
    }

    /// <summary>A round too short to anneal a large cluster begins cooler.</summary>
    private double Patience(int c) => Math.Min(1, TriesPerRound / (TriesPerTask * Math.Max(1, _clusterTasks[c])));

    private void WindowRound(int round, CancellationToken stop)
    {
        var phase = $"window {round + 1}";
        _incumbent.Enter(phase);
        if (_windows.Improve(_plan, round + 1, stop) is { } changed)
        {
            Consider(_layout.LayOut(PlanMerge.Merge(_problem, _plan, changed)), phase);
        }
    }

    private double Fade(double gain, double before, double worth) =>
        Math.Max(0.05 * worth, 0.8 * gain + 0.2 * worth * Math.Min(5, Math.Max(0, before - _best) / Math.Max(1e-9, before) * 1000));

    private bool TakeOver()
    {
        if (_layout.LayOut(_incumbent.Plan()) is not { } plan)
        {
            return false;
        }

        (_plan, _value) = (plan, _layout.Value(plan));
        _best = _value;
        _slack = double.IsNegativeInfinity(_incumbent.Bound) ? 0 : Slack * Math.Max(0, _value - _incumbent.Bound);
        return true;
    }

    /// <summary>Better plans are offered; a slightly worse one than the best is still gone on from, so that the search does not get stuck.</summary>
    private void Consider(List<PlanBatch>? candidate, string phase)
    {
        if (candidate is null)
        {
            return;
        }

        var value = _layout.Value(candidate);
        if (value < _best * (1 - 1e-9))
        {
            _best = value;
            _incumbent.Offer(candidate, phase);
        }

        if (value < Math.Max(_value, _best + _slack) * (1 - 1e-9))
        {
            (_plan, _value) = (candidate, value);
        }
    }
}
