using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>Local search over launch orders: swap, insert and reverse with exact differences; seeded and resumable.</summary>
/// <remarks>
/// Late acceptance (Burke and Bykov, "The late acceptance hill-climbing heuristic", EJOR 258, 2017): a move is taken when the result
/// is no worse than now or than the cost a fixed number of steps ago, so plateaus are crossed and small hills climbed without a
/// temperature. When nothing has improved for long it starts again from a shaken copy of the best. One in two moves begins in a violated window.
/// </remarks>
public sealed class LineSearch
{
    private const int LongestRange = 40; // of inserts and reversals, which shift everything between
    private const int ConflictsAge = 200; // steps between two looks for violated windows
    private readonly LineProblem _problem;
    private readonly RandomSource _random;
    private readonly double[] _history;
    private readonly long _patience;
    private readonly List<int> _conflicts = [];
    private LineState _state;
    private int[] _best;
    private long _steps;
    private long _draws;
    private long _lastImprovement;

    /// <param name="start">Every unit once, the launched ones in front.</param>
    public LineSearch(LineProblem problem, ReadOnlySpan<int> start, int seed)
    {
        _problem = problem;
        _random = new RandomSource((ulong)seed, 0);
        _state = new LineState(problem, start);
        _best = start.ToArray();
        (BestCost, BestTotal) = (_state.Cost, _state.Total);
        _history = new double[Math.Clamp(problem.Open, 20, 100)];
        _patience = Math.Max(200_000, 200L * problem.Open);
        Array.Fill(_history, BestTotal);
    }

    /// <summary>The best order found so far.</summary>
    public ReadOnlySpan<int> Best => _best;

    public LineCost BestCost { get; private set; }

    public double BestTotal { get; private set; }

    /// <summary>Moves tried since the beginning.</summary>
    public long Steps => _steps;

    /// <summary>Goes on searching.</summary>
    /// <returns>Whether the best became better.</returns>
    /// <remarks>The result depends on the number of steps only, never on the clock.</remarks>
    public bool Run(int steps, CancellationToken stop = default)
    {
        var before = BestTotal;
        for (var s = 0; s < steps && _problem.Open >= 2 && BestTotal > 0; s++)
        {
            if ((s & 1023) == 0 && stop.IsCancellationRequested)
            {
                break;
            }

            Step();
        }

        return BestTotal < before;
    }

    /// <summary>Takes over an order found elsewhere when it is better, and says whether it was.</summary>
    public bool Offer(ReadOnlySpan<int> sequence)
    {
        var state = new LineState(_problem, sequence);
        if (state.Total >= BestTotal - 1e-9)
        {
            return false;
        }

        _state = state;
        Remember();
        Array.Fill(_history, BestTotal);
        return true;
    }

    private void Step()
    {
        if (_steps % ConflictsAge == 0)
        {
            _state.CollectConflicts(_conflicts);
        }

        var move = DrawMove();
        ref var late = ref _history[_steps++ % _history.Length];
        var delta = _state.Delta(move);
        var total = (_state.Cost + delta).Total(_problem);
        if (total <= _state.Total || total <= late)
        {
            _state.Apply(move, delta);
            if (total < BestTotal)
            {
                Remember();
            }
        }

        late = Math.Min(late, _state.Total);
        if (_steps - _lastImprovement > _patience)
        {
            Shake();
        }
    }

    private void Remember()
    {
        _state.Sequence.CopyTo(_best);
        (BestCost, BestTotal) = (_state.Cost, _state.Total);
        _lastImprovement = _steps;
    }

    /// <summary>Back to the best with a few random swaps, so that the next descent ends elsewhere.</summary>
    private void Shake()
    {
        _state = new LineState(_problem, _best);
        var swaps = 2 + Draw(Math.Min(20, _problem.Open));
        for (var i = 0; i < swaps; i++)
        {
            var move = Between(LineMoveKind.Swap, AnyPosition(), AnyPosition());
            _state.Apply(move, _state.Delta(move));
        }

        Array.Fill(_history, _state.Total);
        _lastImprovement = _steps;
    }

    private LineMove DrawMove()
    {
        var from = _conflicts.Count > 0 && Draw(2) == 0 ? _conflicts[Draw(_conflicts.Count)] : AnyPosition();
        switch (Draw(10))
        {
            case 0:
                return Between(LineMoveKind.Reverse, from, Near(from));
            case 1 or 2:
                var to = Near(from);
                return Between(to > from ? LineMoveKind.InsertLater : LineMoveKind.InsertEarlier, from, to);
            case 3 or 4:
                return Between(LineMoveKind.Swap, from, Near(from));
            default:
                return Between(LineMoveKind.Swap, from, AnyPosition());
        }
    }

    private static LineMove Between(LineMoveKind kind, int a, int b) => new(kind, Math.Min(a, b), Math.Max(a, b));

    private int AnyPosition() => _problem.Fixed + Draw(_problem.Open);

    private int Near(int position) =>
        Math.Clamp(position + Draw(2 * LongestRange + 1) - LongestRange, _problem.Fixed, _problem.Units.Length - 1);

    private int Draw(int below) => (int)Math.BigMul(_random.Bits(0, _draws++), (ulong)below, out _);
}
