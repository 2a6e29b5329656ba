using System.Diagnostics;
using DigitalTwin.Scheduler.Search;

namespace DigitalTwin.Scheduler.Ovens;

/// <summary>How hard to search for an oven schedule.</summary>
/// <param name="Seconds">Wall clock, > 0.</param>
/// <param name="Moves">Moves of each worker; 0 is as many as time allows. With moves and one worker the result does not depend on the clock.</param>
public readonly record struct OvenLimits(double Seconds, int Workers = 1, int Seed = 1, long Moves = 0);

/// <summary>The best schedule found.</summary>
public sealed record OvenSolution(OvenSchedule Schedule, TimeSpan Elapsed, long Moves);

/// <summary>Schedules ovens by simulated annealing: jobs and batches move, and every move is timed exactly.</summary>
/// <remarks>
/// The temperature falls geometrically from what a late job or a share of a batch costs to a tenth of the least unit, so that goals of very
/// different weight each have their time. Cycles of growing length start from the best so far; workers differ in their seed only.
/// Anytime; honours a stop.
/// </remarks>
public sealed class OvenSearch
{
    private static readonly double[] Cycles = [0.04, 0.12, 0.28, 0.56]; // shares of the limit
    private readonly OvenProblem _problem;
    private readonly OvenLimits _limits;
    private readonly Action<OvenSchedule, TimeSpan>? _found;
    private readonly CancellationToken _stop;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private OvenSchedule? _best;
    private long _moves;

    private OvenSearch(OvenProblem problem, OvenLimits limits, Action<OvenSchedule, TimeSpan>? found, CancellationToken stop) =>
        (_problem, _limits, _found, _stop) = (problem, limits, found, stop);

    /// <param name="found">Told of every better schedule and when it was found, one at a time.</param>
    /// <exception cref="Plant.Planning.PlanningException">No schedule was found in which every batch has a shift.</exception>
    public static OvenSolution Solve(
        OvenProblem problem, OvenLimits limits, Action<OvenSchedule, TimeSpan>? found = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var search = new OvenSearch(problem, limits, found, stop);
        search.Run();
        return search._best is { } best ? new OvenSolution(best, search._watch.Elapsed, search._moves)
            : throw new Plant.Planning.PlanningException("No schedule was found in which every batch lies in a shift. Maybe add shifts, or search longer?");
    }

    private void Run()
    {
        var threads = Enumerable.Range(1, Math.Max(0, _limits.Workers - 1)).Select(w => new Thread(() => Work(w)) { IsBackground = true }).ToList();
        threads.ForEach(t => t.Start());
        Work(0);
        threads.ForEach(t => t.Join());
    }

    private void Work(int worker)
    {
        var state = new OvenState(_problem);
        var annealer = new OvenAnnealer(_problem, state, new SearchRandom((ulong)_limits.Seed * 1000 + (ulong)worker));
        annealer.Construct();
        Offer(state);
        var share = 0.0;
        foreach (var cycle in Cycles)
        {
            if (worker == 0 || _limits.Moves == 0)
            {
                Adopt(annealer);
            }

            var from = share;
            share += cycle;
            annealer.Anneal(() => Math.Min(1, (Progress(annealer.Moves) - from) / cycle), () => Offer(state));
            if (_stop.IsCancellationRequested)
            {
                break;
            }
        }

        Interlocked.Add(ref _moves, annealer.Moves);
    }

    /// <summary>Share of the limit that is used; 1 and more is over.</summary>
    private double Progress(long moves) => _stop.IsCancellationRequested ? double.PositiveInfinity
        : Math.Max(_limits.Moves > 0 ? (double)moves / _limits.Moves : 0, _limits.Moves > 0 && _watch.Elapsed.TotalSeconds < _limits.Seconds ? 0 : _watch.Elapsed.TotalSeconds / _limits.Seconds);

    private void Adopt(OvenAnnealer annealer)
    {
        OvenSchedule? best;
        lock (_gate)
        {
            best = _best;
        }

        if (best is not null)
        {
            annealer.Load(best);
        }
    }

    private void Offer(OvenState state)
    {
        lock (_gate)
        {
            if (!state.IsPossible || state.Cost >= (_best?.Cost ?? long.MaxValue))
            {
                return;
            }

            var schedule = state.ToSchedule();
            if (OvenChecker.FirstViolation(_problem, schedule) is { } wrong)
            {
                throw new InvalidOperationException($"The search made an impossible oven schedule: {wrong}.");
            }

            _best = schedule;
            _found?.Invoke(schedule, _watch.Elapsed);
        }
    }
}
