using System.Numerics;

namespace DigitalTwin.Scheduler.Lines;

/// <summary>A launch order under change: the exact cost difference of a move in time proportional to what it touches.</summary>
/// <remarks>
/// Option windows and levelling are read from running counts A(k) per option, of which every move has a closed form; utility work
/// is followed from the first touched position until the workers stand where they stood before, all stations side by side.
/// Equal to <see cref="LineEvaluator"/> to the last unit. Not thread-safe.
/// </remarks>
public sealed partial class LineState
{
    private readonly LineProblem _problem;
    private readonly int _n;
    private readonly int[] _sequence;
    private readonly int[] _model; // by position
    private readonly ulong[] _bits; // options by model
    private readonly int[][] _count; // [option][k]: carriers among the first k
    private readonly LineRule[][] _rules; // by option
    private readonly LineRule[][] _fixtureRules; // by option
    private readonly PositionCosts _positionCosts;
    private readonly int[] _position; // by unit
    private readonly int[] _order; // by unit, numbered from 0
    private readonly int[][] _units; // by order
    private readonly long[] _tardy; // by order
    private readonly int[] _seen; // by order: stamp of the move that looked at it last
    private int _stamp;
    private readonly int _lanes; // stations where work can pile up, padded to whole vectors
    private readonly int[] _drift; // [model × lanes + station]: work − takt, ms
    private readonly int[] _worker; // [position × lanes + station]: worker position before the unit, ms

    public LineState(LineProblem problem, ReadOnlySpan<int> sequence)
    {
        _problem = problem;
        _n = sequence.Length;
        _sequence = sequence.ToArray();
        _model = [.. _sequence.Select(u => problem.Units[u].Model)];
        _bits = [.. problem.Models.Select(m => m.OptionBits)];
        _rules = [.. problem.Options.Select((_, o) => problem.Rules.Where(r => r.Option == o).ToArray())];
        _fixtureRules = [.. problem.Options.Select((_, o) => problem.Fixtures.Rules.Where(r => r.Option == o).ToArray())];
        _count = [.. problem.Options.Select(_ => new int[_n + 1])];
        for (var option = 0; option < _count.Length; option++)
        {
            Recount(option, 0, _n);
        }

        _positionCosts = new PositionCosts(problem);
        _position = new int[_n];
        Locate(0, _n - 1);
        var orders = problem.Units.Select(u => u.Order).Distinct().Select((o, i) => (o, i)).ToDictionary(x => x.o, x => x.i);
        _order = [.. problem.Units.Select(u => orders[u.Order])];
        _units = [.. Enumerable.Range(0, _n).GroupBy(u => _order[u]).OrderBy(g => g.Key).Select(g => g.ToArray())];
        _seen = new int[_units.Length];
        _tardy = _positionCosts.Matter ? [.. _units.Select(units => units.Max(u => _positionCosts.Tardy(u, _position[u])))] : [];
        (_lanes, _drift) = Drifts(problem);
        _worker = new int[Math.Max(_n, 1) * _lanes];
        Walk(new LineMove(LineMoveKind.Reverse, 0, 0), followToTheEnd: true, write: true);
        Cost = LineEvaluator.Evaluate(problem, sequence);
        Total = Cost.Total(problem);
    }

    public LineCost Cost { get; private set; }

    /// <summary>Weighted <see cref="Cost"/>.</summary>
    public double Total { get; private set; }

    /// <summary>Units in launch order.</summary>
    public ReadOnlySpan<int> Sequence => _sequence;

    /// <summary>Model of each position.</summary>
    public ReadOnlySpan<int> Models => _model;

    /// <summary>Cost after the move minus cost now.</summary>
    public LineCost Delta(in LineMove move)
    {
        var (violations, overflows, deviation) = (0L, 0L, 0L);
        for (var options = TouchedOptions(move); options != 0; options &= options - 1)
        {
            var option = BitOperations.TrailingZeroCount(options);
            violations += WindowsDelta(option, _rules[option], move);
            overflows += WindowsDelta(option, _fixtureRules[option], move);
            deviation += option < _problem.Levelled ? DeviationDelta(option, move) : 0;
        }

        var utility = _lanes == 0 || SameModels(move) ? 0 : Walk(move, followToTheEnd: false, write: false);
        var (tardy, early) = PositionDelta(move, write: false);
        return new LineCost(violations, deviation, utility, tardy, early, overflows);
    }

    /// <summary>Makes the move. Its <see cref="Delta"/> is passed because the caller has just asked for it.</summary>
    public void Apply(in LineMove move, in LineCost delta)
    {
        if (_lanes > 0)
        {
            Walk(move, followToTheEnd: false, write: true);
        }

        PositionDelta(move, write: true);
        var touched = TouchedOptions(move);
        Permute(_sequence, move);
        Permute(_model, move);
        Locate(move.First, move.Last);
        for (; touched != 0; touched &= touched - 1)
        {
            Recount(BitOperations.TrailingZeroCount(touched), move.First, move.Last);
        }

        Cost += delta;
        Total = Cost.Total(_problem);
    }

    /// <summary>Positions inside some violated window, each as often as windows hold it.</summary>
    public void CollectConflicts(List<int> positions)
    {
        positions.Clear();
        foreach (var rule in _problem.Rules)
        {
            var count = _count[rule.Option];
            for (var k = 0; k + rule.Window <= _n; k++)
            {
                if (count[k + rule.Window] - count[k] > rule.Max)
                {
                    for (var p = Math.Max(k, _problem.Fixed); p < k + rule.Window; p++)
                    {
                        positions.Add(p);
                    }
                }
            }
        }
    }

    private ulong TouchedOptions(in LineMove move)
    {
        if (move.Kind == LineMoveKind.Swap)
        {
            return _bits[_model[move.First]] ^ _bits[_model[move.Last]];
        }

        var (any, all) = (0UL, ulong.MaxValue);
        for (var p = move.First; p <= move.Last; p++)
        {
            any |= _bits[_model[p]];
            all &= _bits[_model[p]];
        }

        return any & ~all;
    }

    private bool SameModels(in LineMove move) => move.Kind == LineMoveKind.Swap && _model[move.First] == _model[move.Last];

    private int Carry(int position, int option) => (int)(_bits[_model[position]] >> option & 1);

    /// <summary>A(k) as it will be after the move, for First &lt; k ≤ Last.</summary>
    private int CountAfter(int[] count, int option, in LineMove move, int k) => move.Kind switch
    {
        LineMoveKind.Swap => count[k] + Carry(move.Last, option) - Carry(move.First, option),
        LineMoveKind.InsertLater => count[k + 1] - Carry(move.First, option),
        LineMoveKind.InsertEarlier => count[k - 1] + Carry(move.Last, option),
        _ => count[move.First] + count[move.Last + 1] - count[move.First + move.Last + 1 - k],
    };

    private long WindowsDelta(int option, LineRule[] rules, in LineMove move)
    {
        var delta = 0L;
        foreach (var rule in rules)
        {
            var last = Math.Min(move.Last, _n - rule.Window);
            var k = Math.Max(0, move.First - rule.Window + 1);
            for (; k <= last; k++)
            {
                if (move.Kind == LineMoveKind.Swap && k > move.First && k <= move.Last - rule.Window)
                {
                    k = move.Last - rule.Window; // windows strictly between the two positions keep their units
                    continue;
                }

                delta += WindowDelta(option, rule, move, k);
            }
        }

        return delta;
    }

    private int WindowDelta(int option, in LineRule rule, in LineMove move, int k)
    {
        var count = _count[option];
        var end = k + rule.Window;
        var before = count[end] - count[k];
        var after = (end > move.First && end <= move.Last ? CountAfter(count, option, move, end) : count[end])
            - (k > move.First && k <= move.Last ? CountAfter(count, option, move, k) : count[k]);
        return (after > rule.Max ? 1 : 0) - (before > rule.Max ? 1 : 0);
    }

    /// <summary>With d(k) = n·A(k) − T·k every move shifts or mirrors d over a range, so that the difference of Σd² needs only Σd.</summary>
    private long DeviationDelta(int option, in LineMove move)
    {
        var (first, last) = (move.First, move.Last);
        long n = _n;
        long total = _problem.OptionTotals[option];
        switch (move.Kind)
        {
            case LineMoveKind.Swap:
            {
                var shift = n * (Carry(last, option) - Carry(first, option));
                return 2 * shift * SumOfDeviations(option, first + 1, last) + (last - first) * shift * shift;
            }

            case LineMoveKind.InsertLater:
            {
                var shift = total - n * Carry(first, option);
                return Square(DeviationAt(option, last + 1)) - Square(DeviationAt(option, first + 1))
                    + 2 * shift * SumOfDeviations(option, first + 2, last + 1) + (last - first) * shift * shift;
            }

            case LineMoveKind.InsertEarlier:
            {
                var shift = n * Carry(last, option) - total;
                return Square(DeviationAt(option, first)) - Square(DeviationAt(option, last))
                    + 2 * shift * SumOfDeviations(option, first, last - 1) + (last - first) * shift * shift;
            }

            default:
            {
                var mirror = DeviationAt(option, first) + DeviationAt(option, last + 1);
                return (last - first) * mirror * mirror - 2 * mirror * SumOfDeviations(option, first + 1, last);
            }
        }
    }

    private static long Square(long x) => x * x;

    private long DeviationAt(int option, int k) => (long)_n * _count[option][k] - (long)_problem.OptionTotals[option] * k;

    /// <summary>Σ d(k) for from ≤ k ≤ to.</summary>
    private long SumOfDeviations(int option, int from, int to)
    {
        if (to < from)
        {
            return 0;
        }

        var counts = _count[option].AsSpan(from, to - from + 1);
        var sums = Vector<int>.Zero;
        var i = 0;
        for (; i <= counts.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            sums += new Vector<int>(counts[i..]);
        }

        long sum = Vector.Sum(sums);
        for (; i < counts.Length; i++)
        {
            sum += counts[i];
        }

        return _n * sum - _problem.OptionTotals[option] * ((long)(from + to) * (to - from + 1) / 2);
    }

    private (long Tardy, long Early) PositionDelta(in LineMove move, bool write)
    {
        var (tardy, early) = (0L, 0L);
        if (!_positionCosts.Matter)
        {
            return (tardy, early);
        }

        _stamp++;
        var step = move.Kind == LineMoveKind.Swap ? Math.Max(1, move.Last - move.First) : 1;
        for (var p = move.First; p <= move.Last; p += step)
        {
            early += _positionCosts.Early(_sequence[move.Source(p)], p) - _positionCosts.Early(_sequence[p], p);
            var order = _order[_sequence[p]];
            if (_seen[order] == _stamp)
            {
                continue;
            }

            _seen[order] = _stamp;
            var after = 0L;
            foreach (var unit in _units[order])
            {
                after = Math.Max(after, _positionCosts.Tardy(unit, move.Target(_position[unit])));
            }

            tardy += after - _tardy[order];
            if (write)
            {
                _tardy[order] = after;
            }
        }

        return (tardy, early);
    }

    private void Locate(int first, int last)
    {
        for (var p = first; p <= last; p++)
        {
            _position[_sequence[p]] = p;
        }
    }

    private void Recount(int option, int first, int last)
    {
        var count = _count[option];
        for (var k = first; k < Math.Min(last, _n); k++)
        {
            count[k + 1] = count[k] + Carry(k, option);
        }
    }

    private static void Permute(int[] values, in LineMove move)
    {
        var range = values.AsSpan(move.First, move.Last - move.First + 1);
        var (first, last) = (range[0], range[^1]);
        switch (move.Kind)
        {
            case LineMoveKind.Swap:
                (range[0], range[^1]) = (last, first);
                break;
            case LineMoveKind.InsertLater:
                range[1..].CopyTo(range);
                range[^1] = first;
                break;
            case LineMoveKind.InsertEarlier:
                range[..^1].CopyTo(range[1..]);
                range[0] = last;
                break;
            default:
                range.Reverse();
                break;
        }
    }
}
