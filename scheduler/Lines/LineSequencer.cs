using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>How hard to search.</summary>
public sealed record LineSequencerOptions
{
    /// <summary>Wall-clock budget, > 0.</summary>
    public Duration TimeLimit { get; init; } = Duration.FromSeconds(10);

    /// <summary>Threads of the exact solver, ≥ 1.</summary>
    public int Workers { get; init; } = 1;

    public int Seed { get; init; } = 1;

    /// <summary>A launch order to begin with, beside those the sequencer makes itself.</summary>
    public ImmutableArray<int> Start { get; init; } = [];

    /// <summary>The search ends after so many rounds even if time is left; a result that must not depend on the clock needs this.</summary>
    public int MaxRounds { get; init; } = int.MaxValue;
}

/// <summary>Where the search for a launch order stands.</summary>
/// <param name="Elapsed">Since it began.</param>
/// <param name="Incumbent">Best total so far.</param>
/// <param name="Bound">No order has less.</param>
/// <param name="Phase">What is being tried.</param>
/// <param name="Sequence">Set when the incumbent is new.</param>
public sealed record LineProgress(Duration Elapsed, double Incumbent, double Bound, string Phase, ImmutableArray<int>? Sequence = null);

/// <summary>The best launch order found.</summary>
/// <param name="Sequence">Units of the problem in launch order.</param>
/// <param name="Cost">What it costs.</param>
/// <param name="Total">Weighted sum of the cost.</param>
/// <param name="Bound">No order has less than this.</param>
/// <param name="First">Cost of the order book by due date: what is launched without a tool.</param>
/// <param name="Proven">Whether no better order exists.</param>
public sealed record LineSolution(
    ImmutableArray<int> Sequence, LineCost Cost, double Total, double Bound, LineCost First, bool Proven, Duration Elapsed);

/// <summary>Puts the units of a mixed-model line in order: greedy first orders, local search, and exact repair of stretches where it stalls.</summary>
/// <remarks>
/// Anytime: every improvement is reported, a stop is honoured within a second and the best so far returned. The path of the search
/// depends on the seed only; the clock only says where it ends.
/// </remarks>
public sealed class LineSequencer
{
    private const int StepsPerRound = 20_000;
    private const int PatientRounds = 8; // without improvement before the exact solver looks at a stretch
    private const int LargestProof = 40; // units up to which the whole line is given to the exact solver at once
    private readonly LineProblem _problem;
    private readonly LineSequencerOptions _options;
    private readonly Action<LineProgress>? _report;
    private readonly CancellationToken _stop;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly double _bound;
    private readonly RandomSource _random;
    private long _draws;
    private bool _proven;
    private Duration _lastReport = new(-10_000);

    private LineSequencer(LineProblem problem, LineSequencerOptions options, Action<LineProgress>? report, CancellationToken stop)
    {
        (_problem, _options, _report, _stop) = (problem, options, report, stop);
        _bound = LineBound.Of(problem);
        _random = new RandomSource((ulong)options.Seed, 1);
    }

    private Duration Elapsed => Duration.FromMilliseconds(Stopwatch.GetElapsedTime(_began).TotalMilliseconds);

    /// <summary>Searches until proven best, out of time or stopped.</summary>
    /// <param name="report">Called on the caller's thread with every improvement of a round and at least once a second.</param>
    public static LineSolution Solve(
        LineProblem problem, LineSequencerOptions? options = null, Action<LineProgress>? report = null, CancellationToken stop = default) =>
        new LineSequencer(problem, options ?? new LineSequencerOptions(), report, stop).Run();

    private LineSolution Run()
    {
        var byDueDate = LineConstruction.ByDueDate(_problem);
        var first = LineEvaluator.Evaluate(_problem, byDueDate);
        var search = new LineSearch(_problem, byDueDate, _options.Seed);
        Report(search, "order book by due date", isNew: true);
        foreach (var pressure in (ReadOnlySpan<double>)[0, 0.1, 1, 10])
        {
            if (!IsOver(search) && search.Offer(LineConstruction.Greedy(_problem, pressure)))
            {
                Report(search, string.Create(CultureInfo.InvariantCulture, $"greedy, date pressure {pressure}"), isNew: true);
            }
        }

        if (!_options.Start.IsEmpty && search.Offer(_options.Start.AsSpan()))
        {
            Report(search, "order given", isNew: true);
        }

        var stalled = 0;
        for (var round = 0; round < _options.MaxRounds && !IsOver(search); round++)
        {
            var improved = search.Run(StepsPerRound, _stop);
            Report(search, "local search", improved);
            stalled = improved ? 0 : stalled + 1;
            if (stalled >= PatientRounds && !IsOver(search))
            {
                stalled = Repair(search) ? 0 : PatientRounds / 2;
            }
        }

        return new LineSolution([.. search.Best], search.BestCost, search.BestTotal, _proven ? search.BestTotal : _bound, first,
            IsBest(search), Elapsed);
    }

    private bool IsOver(LineSearch search) =>
        _stop.IsCancellationRequested || Elapsed >= _options.TimeLimit || _problem.Open < 2 || IsBest(search);

    private bool IsBest(LineSearch search) => _proven || _problem.Open < 2 || search.BestTotal <= _bound + 1e-9 * Math.Abs(_bound);

    /// <summary>Gives a stretch of the best order to the exact solver: where rules are violated if they are, else anywhere.</summary>
    private bool Repair(LineSearch search)
    {
        var whole = _problem.Open <= LargestProof;
        var count = Math.Min(_problem.Open, whole ? LargestProof : 15 + Draw(16));
        var first = whole ? _problem.Fixed : Math.Clamp(Centre(search) - count / 2, _problem.Fixed, _problem.Units.Length - count);
        var phase = string.Create(CultureInfo.InvariantCulture, $"exact, positions {first + 1}–{first + count}");
        Report(search, phase, isNew: false);
        var seconds = Math.Clamp((_options.TimeLimit - Elapsed).Seconds, 0.05, whole ? 5 : 1);
        var (sequence, proven) = new SequenceModel(_problem, search.Best, first, count)
            .Solve(whole ? 5 : 0.5, seconds, _options.Workers, _options.Seed, _stop);
        var better = sequence is not null && search.Offer(sequence);
        _proven = whole && proven && sequence is not null;
        if (better)
        {
            Report(search, phase, isNew: true);
        }

        return better;
    }

    private int Centre(LineSearch search)
    {
        var conflicts = new List<int>();
        new LineState(_problem, search.Best).CollectConflicts(conflicts);
        return conflicts.Count > 0 && Draw(4) > 0 ? conflicts[Draw(conflicts.Count)] : _problem.Fixed + Draw(_problem.Open);
    }

    private int Draw(int below) => (int)Math.BigMul(_random.Bits(1, _draws++), (ulong)below, out _);

    private void Report(LineSearch search, string phase, bool isNew)
    {
        var now = Elapsed;
        if (_report is null || (!isNew && (now - _lastReport).Milliseconds < 500))
        {
            return;
        }

        _lastReport = now;
        _report(new LineProgress(now, search.BestTotal, _bound, phase, isNew ? [.. search.Best] : null));
    }
}
