using System.Numerics;

namespace DigitalTwin.Scheduler.Lines;

// Overload: where the workers stand along the sequence, and the utility work that this costs.
public sealed partial class LineState
{
    /// <summary>Follows the workers through the changed order until they are back in step with the old one.</summary>
    /// <returns>Difference of utility work, ms.</returns>
    private long Walk(in LineMove move, bool followToTheEnd, bool write)
    {
        Span<int> worker = stackalloc int[_lanes];
        _worker.AsSpan(move.First * _lanes, _lanes).CopyTo(worker);
        var window = new Vector<int>((int)_problem.Window.Milliseconds);
        var delta = 0L;
        for (var p = move.First; p < _n; p++)
        {
            var old = _worker.AsSpan(p * _lanes, _lanes);
            var untouched = p > move.Last || (move.Kind == LineMoveKind.Swap && p > move.First && p < move.Last);
            if (untouched && !followToTheEnd && worker.SequenceEqual(old))
            {
                if (p > move.Last)
                {
                    break;
                }

                p = move.Last; // in step again between the two positions of a swap
                old = _worker.AsSpan(p * _lanes, _lanes);
                old.CopyTo(worker);
            }

            if (write)
            {
                worker.CopyTo(old);
            }

            delta += Step(worker, _model[move.Source(p)], write ? default : old, _model[p], window);
        }

        return delta;
    }

    private long Step(Span<int> worker, int model, ReadOnlySpan<int> oldWorker, int oldModel, Vector<int> window)
    {
        var excess = Vector<int>.Zero;
        for (var s = 0; s < _lanes; s += Vector<int>.Count)
        {
            var reached = new Vector<int>(worker[s..]) + new Vector<int>(_drift, model * _lanes + s);
            excess += Vector.Max(reached - window, Vector<int>.Zero);
            Vector.Max(Vector<int>.Zero, Vector.Min(reached, window)).CopyTo(worker[s..]);
            if (!oldWorker.IsEmpty)
            {
                var oldReached = new Vector<int>(oldWorker[s..]) + new Vector<int>(_drift, oldModel * _lanes + s);
                excess -= Vector.Max(oldReached - window, Vector<int>.Zero);
            }
        }

        return Vector.Sum(excess);
    }

    /// <summary>Only stations where some model works longer than the takt can make a worker drift; the rest is left out.</summary>
    private static (int Lanes, int[] Drift) Drifts(LineProblem problem)
    {
        var stations = Enumerable.Range(0, problem.StationCount).Where(s => problem.Models.Any(m => m.Work[s] > problem.Takt)).ToArray();
        var lanes = (stations.Length + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count;
        var drift = new int[problem.Models.Length * lanes];
        Array.Fill(drift, -(int)Math.Min(int.MaxValue / 2, problem.Takt.Milliseconds));
        for (var m = 0; m < problem.Models.Length; m++)
        {
            for (var s = 0; s < stations.Length; s++)
            {
                drift[m * lanes + s] = checked((int)(problem.Models[m].Work[stations[s]] - problem.Takt).Milliseconds);
            }
        }

        return (lanes, drift);
    }
}
