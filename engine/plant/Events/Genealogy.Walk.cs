using System.Collections;

namespace DigitalTwin.Plant.Events;

// Walks: level by level while little is found, in one pass over everything once much is.
public sealed partial class Genealogy
{
    /// <summary>From this share of all edges on, one pass over all of them is cheaper than jumping from lot to lot.</summary>
    private const int SharePerPass = 256;

    /// <summary>Everything reachable from a lot.</summary>
    /// <param name="lot">Where to begin; it is the first of the lots found.</param>
    /// <param name="direction">Towards its parents, or towards its children.</param>
    public Trace Walk(int lot, TraceDirection direction) => Walk(lot, direction, Math.Max(4096, _count / SharePerPass));

    /// <param name="limit">Edges reached from which on one pass goes over all; without effect where some lot was used before it was made.</param>
    internal Trace Walk(int lot, TraceDirection direction, int limit) =>
        StepByStep(lot, direction, _outOfOrder ? int.MaxValue : limit) ?? InOnePass(lot, direction);

    /// <returns><c>null</c> when more than <paramref name="limit"/> edges are reached.</returns>
    private Trace? StepByStep(int lot, TraceDirection direction, int limit)
    {
        var forward = direction == TraceDirection.Forward;
        var heads = forward ? _lastOut : _lastIn;
        var seen = new HashSet<int> { lot };
        var lots = new List<int> { lot };
        var edges = new List<int>();
        for (var next = 0; next < lots.Count; next++)
        {
            for (var e = lots[next] < heads.Length ? heads[lots[next]] : -1; e >= 0;)
            {
                ref readonly var node = ref At(e);
                edges.Add(e);
                var other = forward ? node.Child : node.Parent;
                if (seen.Add(other))
                {
                    lots.Add(other);
                }

                e = forward ? node.EarlierOut : node.EarlierIn;
            }

            if (edges.Count > limit)
            {
                return null;
            }
        }

        return new Trace(lots, new EdgeList(this, edges));
    }

    /// <summary>Parents are made before they are used: one pass from old to new finds all children, one from new to old all parents.</summary>
    private Trace InOnePass(int lot, TraceDirection direction)
    {
        var forward = direction == TraceDirection.Forward;
        var lots = new Bits(Math.Max(lot + 1, Math.Max(_lastOut.Length, _lastIn.Length)));
        var edges = new Bits(_count);
        lots.Set(lot);
        var pages = (_count + PageSize - 1) >> PageBits;
        for (var p = FirstEdge(lot, forward) >> PageBits; (uint)p < (uint)pages; p += forward ? 1 : -1)
        {
            var page = _links[p].AsSpan(0, Math.Min(PageSize, _count - (p << PageBits)));
            if (forward)
            {
                for (var i = 0; i < page.Length; i++)
                {
                    if (lots.Has(page[i].Parent))
                    {
                        edges.Set((p << PageBits) + i);
                        lots.Set(page[i].Child);
                    }
                }
            }
            else
            {
                for (var i = page.Length - 1; i >= 0; i--)
                {
                    if (lots.Has(page[i].Child))
                    {
                        edges.Set((p << PageBits) + i);
                        lots.Set(page[i].Parent);
                    }
                }
            }
        }

        lots.Clear(lot);
        return new Trace(new NumberList(lot, lots), new EdgeList(this, new NumberList(-1, edges)));
    }

    /// <summary>The edge at which a pass begins: nothing before it (or behind it) has to do with the lot.</summary>
    private int FirstEdge(int lot, bool forward)
    {
        if (!forward)
        {
            return lot < _lastIn.Length ? _lastIn[lot] : -1;
        }

        var first = lot < _lastOut.Length ? _lastOut[lot] : -1;
        for (var e = first; e >= 0; e = At(e).EarlierOut)
        {
            first = e;
        }

        return first;
    }

    /// <summary>Edges by their numbers: nothing of them is copied before it is asked for. Edges never change.</summary>
    private sealed class EdgeList(Genealogy genealogy, IReadOnlyList<int> numbers) : IReadOnlyList<LotEdge>
    {
        public int Count => numbers.Count;

        public LotEdge this[int index] => genealogy[numbers[index]];

        public IEnumerator<LotEdge> GetEnumerator()
        {
            foreach (var number in numbers)
            {
                yield return genealogy[number];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
