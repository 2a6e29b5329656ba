using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Balancing;

/// <summary>How hard to search for a balance.</summary>
public sealed record BalancingOptions
{
    /// <summary>Wall-clock budget, > 0.</summary>
    public Duration TimeLimit { get; init; } = Duration.FromSeconds(60);

    /// <summary>Most partial balances kept per station, ≥ 1: bounds memory (about 100 bytes each and station), and a search that must
    /// not depend on the clock ends here.</summary>
    public int MaxWidth { get; init; } = 1 << 18;

    /// <summary>Ends the search early; the best balance so far is the result.</summary>
    public CancellationToken Stop { get; init; }
}

/// <summary>A line balance.</summary>
/// <param name="StationOf">Station of each task, counted from 0 in flow order.</param>
/// <param name="Stations">Stations used.</param>
/// <param name="Cycle">Cycle time it needs: of SALBP-1 the one given, of SALBP-2 the one found.</param>
/// <param name="Bound">No balance has fewer stations (SALBP-1) or a shorter cycle time (SALBP-2).</param>
/// <param name="Proven">Whether it is optimal.</param>
/// <param name="Elapsed">Time taken.</param>
public sealed record LineBalance(ImmutableArray<int> StationOf, int Stations, long Cycle, long Bound, bool Proven, Duration Elapsed);

/// <summary>Balances assembly lines: fewest stations at a cycle time (SALBP-1), or the shortest cycle time with so many stations (SALBP-2).</summary>
/// <remarks>Both ask <see cref="StationSearch"/> the same question, with growing width and from both ends of the line.</remarks>
public sealed class LineBalancer
{
    private const int FirstWidth = 32;
    private readonly BalancingProblem _problem;
    private readonly BalancingOptions _options;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly PrecedenceGraph[] _graphs;

    private LineBalancer(BalancingProblem problem, BalancingOptions options)
    {
        (_problem, _options) = (problem, options);
        _graphs = [new PrecedenceGraph(problem, reversed: false), new PrecedenceGraph(problem, reversed: true)];
    }

    private bool IsOver => _options.Stop.IsCancellationRequested || _clock.Elapsed.TotalMilliseconds >= _options.TimeLimit.Milliseconds;

    /// <summary>Fewest stations at a cycle time (SALBP-1).</summary>
    /// <param name="problem">The tasks.</param>
    /// <param name="cycle">Cycle time, at least the longest task.</param>
    /// <param name="options">How hard to search.</param>
    /// <exception cref="BalancingException">A task does not fit into any station.</exception>
    public static LineBalance FewestStations(BalancingProblem problem, long cycle, BalancingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (cycle < Math.Max(1, problem.LongestTask()))
        {
            throw new BalancingException(string.Create(CultureInfo.InvariantCulture,
                $"The cycle time is {cycle}, but the longest task needs {problem.LongestTask()}. Give a longer cycle, or split the task."));
        }

        return new LineBalancer(problem, options ?? new BalancingOptions()).SearchStations(cycle);
    }

    /// <summary>Shortest cycle time with at most so many stations (SALBP-2).</summary>
    /// <param name="problem">The tasks.</param>
    /// <param name="stations">Stations, ≥ 1.</param>
    /// <param name="options">How hard to search.</param>
    public static LineBalance ShortestCycle(BalancingProblem problem, int stations, BalancingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentOutOfRangeException.ThrowIfLessThan(stations, 1);
        return new LineBalancer(problem, options ?? new BalancingOptions()).SearchCycle(stations);
    }

    private LineBalance SearchStations(long cycle)
    {
        var searches = Searches(cycle);
        var bound = BalancingBounds.Stations(_problem, cycle);
        var best = OneTaskAfterTheOther(cycle);
        var upper = Used(best);
        for (long width = FirstWidth; bound < upper && width <= _options.MaxWidth && !IsOver; width *= 8)
        {
            // What is possible needs a good guess, what is impossible a complete look: both ends of what is open, in turn.
            for (var target = bound; target < upper && !IsOver; target++)
            {
                var verdict = Decide(searches, target, (int)width, IsOverNow, out var found);
                if (verdict == BalanceVerdict.Found)
                {
                    (best, upper) = (found, Used(found));
                }
                else if (verdict == BalanceVerdict.Impossible && target == bound)
                {
                    bound = target + 1;
                }
            }
        }

        return new LineBalance(best, upper, cycle, Math.Min(bound, upper), bound >= upper, Elapsed());
    }

    private LineBalance SearchCycle(int stations)
    {
        var bound = BalancingBounds.Cycle(_problem, stations);
        ImmutableArray<int> best = [.. Enumerable.Repeat(0, _problem.Tasks.Length)];
        var upper = CycleOf(best);
        var step = Math.Max(1, bound / 256);
        for (var cycle = bound; cycle < upper && !IsOver; (cycle, step) = (cycle + step, step * 2))
        {
            var verdict = Decide(Searches(cycle), stations, FirstWidth, IsOverNow, out var found);
            if (verdict == BalanceVerdict.Found)
            {
                (best, upper) = (found, CycleOf(found));
            }
            else if (verdict == BalanceVerdict.Impossible)
            {
                bound = cycle + 1;
            }
        }

        for (long width = FirstWidth; bound < upper && width <= _options.MaxWidth && !IsOver; width *= 8)
        {
            // Bisection, leaning to what is short; what this width cannot decide counts as impossible until the next width.
            for (var low = bound; low < upper && !IsOver;)
            {
                var middle = low + (upper - low) / 3;
                var verdict = Decide(Searches(middle), stations, (int)width, IsOverNow, out var found);
                if (verdict == BalanceVerdict.Found)
                {
                    (best, upper) = (found, CycleOf(found));
                    continue;
                }

                bound = verdict == BalanceVerdict.Impossible ? Math.Max(bound, middle + 1) : bound;
                low = middle + 1;
            }
        }

        return new LineBalance(best, Used(best), upper, Math.Min(bound, upper), bound >= upper, Elapsed());
    }

    private static BalanceVerdict Decide(StationSearch[] searches, int stations, int width, Func<bool> stop, out ImmutableArray<int> found)
    {
        found = [];
        foreach (var search in searches)
        {
            var verdict = search.Decide(stations, width, stop, out found);
            if (verdict != BalanceVerdict.Unknown)
            {
                return verdict;
            }
        }

        return BalanceVerdict.Unknown;
    }

    private StationSearch[] Searches(long cycle) => [.. _graphs.Select(g => new StationSearch(_problem, g, cycle))];

    /// <summary>Tasks in topological order into the current station while they fit: a balance to begin with.</summary>
    private ImmutableArray<int> OneTaskAfterTheOther(long cycle)
    {
        var stationOf = new int[_problem.Tasks.Length];
        var capacities = _problem.Capacities(cycle);
        var (station, room) = (0, capacities.ToArray());
        foreach (var task in _problem.Order)
        {
            var times = _problem.Times.AsSpan(task * _problem.Dimensions, _problem.Dimensions);
            for (var d = 0; d < times.Length; d++)
            {
                if (times[d] > room[d])
                {
                    station++;
                    room = capacities.ToArray();
                    break;
                }
            }

            for (var d = 0; d < times.Length; d++)
            {
                room[d] -= times[d];
            }

            stationOf[task] = station;
        }

        return [.. stationOf];
    }

    private long CycleOf(ImmutableArray<int> stationOf)
    {
        var sums = new long[Used(stationOf) * _problem.Dimensions];
        for (var i = 0; i < stationOf.Length; i++)
        {
            for (var d = 0; d < _problem.Dimensions; d++)
            {
                sums[stationOf[i] * _problem.Dimensions + d] += _problem.Times[i * _problem.Dimensions + d];
            }
        }

        var cycle = 1L;
        for (var s = 0; s < sums.Length; s++)
        {
            cycle = Math.Max(cycle, s % _problem.Dimensions == 0 ? BalancingProblem.DivideUp(sums[s], _problem.TotalDemand) : sums[s] - _problem.Window);
        }

        return cycle;
    }

    private static int Used(ImmutableArray<int> stationOf) => stationOf.Max() + 1;

    private bool IsOverNow() => IsOver;

    private Duration Elapsed() => Duration.FromMilliseconds(_clock.Elapsed.TotalMilliseconds);
}
