using System.Numerics;
using System.Runtime.InteropServices;

namespace DigitalTwin.Scheduler.Energy;

/// <summary>An arc of the graph, taken when so much work is done already.</summary>
/// <param name="Done">Intervals of work done before it.</param>
internal readonly record struct EnergyMove(EnergyArc Arc, int Done);

/// <summary>Cheapest paths that do exactly the intervals of work there are, when doing a job too often or not often enough only costs something:
/// a lower bound, and what each move would cost at least.</summary>
/// <remarks>
/// The counts of jobs per length are priced by multipliers λ (Lagrangian relaxation, improved by subgradients with Polyak's step); whatever
/// they are, min over paths of cost + Σ λ·(done − wanted) is no more than the cheapest schedule. The work done is part of the place on a
/// path: priced too, it would be met only on average, which leaves a gap of about 1 %.
/// </remarks>
internal sealed class EnergyBound
{
    private const double Slack = 1e-6; // rounding of sums, per unit of cost
    private readonly EnergyGraph _graph;
    private readonly double[] _price, _ahead, _behind; // by node × work done
    private readonly int _work, _row, _longest;

    public EnergyBound(EnergyGraph graph)
    {
        _graph = graph;
        _work = graph.Problem.Jobs.Sum();
        _longest = graph.Problem.Lengths[^1];
        _row = _work + 1 + _longest; // what is done beyond the work there is falls into the margin
        _price = new double[graph.Problem.Lengths.Length];
        (_ahead, _behind) = (new double[graph.Nodes * _row], new double[graph.Nodes * _row]);
    }

    /// <summary>No schedule costs less.</summary>
    public double Value { get; private set; } = double.NegativeInfinity;

    /// <summary>Improves the multipliers, and keeps the best of them.</summary>
    /// <param name="upper">Cost of a schedule.</param>
    /// <param name="meets">Called with a path that does every job exactly once: the optimum.</param>
    /// <param name="isOver">Whether to stop early.</param>
    public void Improve(long upper, int rounds, Action<IEnumerable<EnergyArc>> meets, Func<bool> isOver)
    {
        var counts = _graph.Problem.Counts;
        var done = new int[counts.Length];
        var best = (double[])_price.Clone();
        var (ambition, idle) = (1.0, 0);
        for (var round = 0; round < rounds && !isOver() && ambition > 1e-4; round++)
        {
            var value = Forward();
            var path = Path();
            Array.Clear(done);
            foreach (var arc in path)
            {
                if (arc.Length >= 0)
                {
                    done[arc.Length]++;
                }
            }

            var square = 0.0;
            for (var l = 0; l < done.Length; l++)
            {
                square += (done[l] - counts[l]) * (double)(done[l] - counts[l]);
            }

            if (value > Value + 1e-9)
            {
                (Value, idle) = (value, 0);
                _price.CopyTo(best, 0);
            }
            else if (++idle > 15)
            {
                (ambition, idle) = (ambition / 2, 0);
                best.CopyTo(_price, 0);
            }

            if (square == 0)
            {
                meets(path);
                break;
            }

            var step = ambition * Math.Max(upper - value, 1) / square;
            for (var l = 0; l < done.Length; l++)
            {
                _price[l] += step * (done[l] - counts[l]);
            }
        }

        best.CopyTo(_price, 0);
        Value = Math.Max(Value, Forward());
        Backward();
    }

    /// <summary>Moves that a schedule of at most so much can make.</summary>
    public List<EnergyMove> Within(long cost)
    {
        var limit = cost + Slack * Math.Max(1, Math.Abs(cost)) + Wanted();
        var moves = new List<EnergyMove>();
        foreach (var arc in _graph.Arcs)
        {
            var (price, more) = (Cost(arc), LengthOf(arc));
            for (var done = 0; done + more <= _work; done++)
            {
                if (_behind[arc.From * _row + done] + price + _ahead[arc.To * _row + done + more] <= limit)
                {
                    moves.Add(new EnergyMove(arc, done));
                }
            }
        }

        return moves;
    }

    private double Forward()
    {
        Array.Fill(_behind, double.PositiveInfinity);
        _behind[_graph.Source * _row] = 0;
        foreach (ref readonly var arc in _graph.Arcs.AsSpan())
        {
            Lower(_behind.AsSpan(arc.To * _row + LengthOf(arc), _work + 1), _behind.AsSpan(arc.From * _row, _work + 1), Cost(arc));
        }

        return _behind[_graph.Sink * _row + _work] - Wanted();
    }

    private void Backward()
    {
        Array.Fill(_ahead, double.PositiveInfinity);
        _ahead[_graph.Sink * _row + _work] = 0;
        for (var a = _graph.Arcs.Length - 1; a >= 0; a--)
        {
            ref readonly var arc = ref _graph.Arcs[a];
            Lower(_ahead.AsSpan(arc.From * _row, _work + 1), _ahead.AsSpan(arc.To * _row + LengthOf(arc), _work + 1), Cost(arc));
        }
    }

    /// <summary>to = min(to, from + cost), for all amounts of work at once.</summary>
    private static void Lower(Span<double> to, ReadOnlySpan<double> from, double cost)
    {
        var targets = MemoryMarshal.Cast<double, Vector<double>>(to);
        var sources = MemoryMarshal.Cast<double, Vector<double>>(from);
        var more = new Vector<double>(cost);
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = Vector.Min(targets[i], sources[i] + more);
        }

        for (var i = targets.Length * Vector<double>.Count; i < to.Length; i++)
        {
            to[i] = Math.Min(to[i], from[i] + cost);
        }
    }

    /// <summary>The cheapest path of the last forward pass, source to sink.</summary>
    private List<EnergyArc> Path()
    {
        var path = new List<EnergyArc>();
        for (var (node, done) = (_graph.Sink, _work); node != _graph.Source;)
        {
            var (bestArc, best) = (default(EnergyArc), double.PositiveInfinity);
            foreach (var a in _graph.Into(node))
            {
                ref readonly var arc = ref _graph.Arcs[a];
                if (LengthOf(arc) <= done && _behind[arc.From * _row + done - LengthOf(arc)] + Cost(arc) is var cost && cost < best)
                {
                    (bestArc, best) = (arc, cost);
                }
            }

            path.Add(bestArc);
            (node, done) = (bestArc.From, done - LengthOf(bestArc));
        }

        path.Reverse();
        return path;
    }

    private int LengthOf(in EnergyArc arc) => arc.Length < 0 ? 0 : _graph.Problem.Lengths[arc.Length];

    private double Cost(in EnergyArc arc) => arc.Cost + (arc.Length >= 0 ? _price[arc.Length] : 0);

    private double Wanted()
    {
        var sum = 0.0;
        for (var l = 0; l < _price.Length; l++)
        {
            sum += _price[l] * _graph.Problem.Counts[l];
        }

        return sum;
    }
}
