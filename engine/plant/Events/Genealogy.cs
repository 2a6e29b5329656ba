using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Events;

/// <summary>A quantity of one lot that went into another.</summary>
/// <param name="Parent">Lot that was used.</param>
/// <param name="Child">Lot that was made of it.</param>
/// <param name="Quantity">Parts of the parent (see <see cref="Model.MaterialQuantity"/>).</param>
/// <param name="Time">When, ms.</param>
/// <param name="Equipment">Where; −1 unknown.</param>
/// <param name="Job">Job whose operation used it.</param>
public readonly record struct LotEdge(int Parent, int Child, long Quantity, long Time, int Equipment, int Job);

/// <summary>Which way a trace walks.</summary>
public enum TraceDirection
{
    /// <summary>From a product to what it was made of.</summary>
    Backward,

    /// <summary>From a material to what became of it.</summary>
    Forward,
}

/// <summary>Everything that a trace found: lots in the order in which they were reached, and the edges between them.</summary>
public sealed record Trace(IReadOnlyList<int> Lots, IReadOnlyList<LotEdge> Edges);

/// <summary>Who was made of what: an append-only store of edges that can be walked both ways.</summary>
/// <remarks>
/// Every edge points to the edge before it of the same parent and of the same child, so appending touches no older edge: 40 bytes an edge,
/// no rebuilding. A lot's edges are written close together, and a walk reads only those it reports. Full pages are shared between forks.
/// </remarks>
public sealed class Genealogy : IExchanged<Genealogy>
{
    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;

    private Node[][] _pages = [];
    private int[] _lastOut = []; // per lot: newest edge in which it is parent, −1 none
    private int[] _lastIn = []; // per lot: newest edge in which it is child
    private int _count;

    /// <summary>Edges so far.</summary>
    public int Count => _count;

    /// <summary>The n-th edge, in the order in which they were added.</summary>
    public LotEdge this[int index]
    {
        get
        {
            ref readonly var node = ref At(index);
            return new LotEdge(node.Parent, node.Child, node.Quantity, node.Time, node.Equipment, node.Job);
        }
    }

    /// <summary>Appends an edge.</summary>
    public void Add(in LotEdge edge)
    {
        Reach(ref _lastOut, edge.Parent);
        Reach(ref _lastIn, edge.Child);
        if (Count >> PageBits == _pages.Length)
        {
            Array.Resize(ref _pages, _pages.Length + 1);
            _pages[^1] = new Node[PageSize];
        }

        _pages[Count >> PageBits][Count & (PageSize - 1)] = new Node
        {
            Parent = edge.Parent, Child = edge.Child, Quantity = edge.Quantity, Time = edge.Time, Equipment = edge.Equipment, Job = edge.Job,
            EarlierOut = _lastOut[edge.Parent], EarlierIn = _lastIn[edge.Child],
        };
        _lastOut[edge.Parent] = _lastIn[edge.Child] = _count++;
    }

    /// <summary>An independent copy; full pages are shared, since nothing ever writes to them again.</summary>
    public Genealogy Fork()
    {
        var copy = new Genealogy();
        ((IExchanged<Genealogy>)copy).Exchange(StateCopy.Instance, this);
        return copy;
    }

    void IExchanged<Genealogy>.Exchange(StateExchange exchange, Genealogy? other)
    {
        exchange.Grown(ref _lastOut, other?._lastOut, -1);
        exchange.Grown(ref _lastIn, other?._lastIn, -1);
        if (other is null)
        {
            exchange.Value(ref _count, null);
            ExchangePages(exchange);
        }
        else if (other != this)
        {
            SharePages(other);
        }
    }

    /// <summary>Takes over the full pages and copies the one that is being filled.</summary>
    private void SharePages(Genealogy other)
    {
        var own = (_count & (PageSize - 1)) != 0 ? _pages[_count >> PageBits] : null; // not full, so nobody else has it
        if (_pages.Length != other._pages.Length)
        {
            _pages = new Node[other._pages.Length][];
        }

        other._pages.CopyTo(_pages, 0);
        _count = other._count;
        if ((_count & (PageSize - 1)) is var used && used != 0)
        {
            own ??= new Node[PageSize];
            other._pages[^1].AsSpan(0, used).CopyTo(own);
            _pages[^1] = own;
        }
    }

    private void ExchangePages(StateExchange exchange)
    {
        var nodes = new Node[_count];
        for (var page = 0; page < _pages.Length && page << PageBits < _count; page++)
        {
            _pages[page].AsSpan(0, Math.Min(PageSize, _count - (page << PageBits))).CopyTo(nodes.AsSpan(page << PageBits));
        }

        exchange.Array(ref nodes, null, nameof(_pages));
        _pages = new Node[(_count + PageSize - 1) >> PageBits][];
        for (var page = 0; page < _pages.Length; page++)
        {
            _pages[page] = new Node[PageSize];
            nodes.AsSpan(page << PageBits, Math.Min(PageSize, _count - (page << PageBits))).CopyTo(_pages[page]);
        }
    }

    /// <summary>Everything reachable from a lot.</summary>
    /// <param name="lot">Where to begin; it is the first of the lots found.</param>
    /// <param name="direction">Towards its parents, or towards its children.</param>
    public Trace Walk(int lot, TraceDirection direction)
    {
        var heads = direction == TraceDirection.Forward ? _lastOut : _lastIn;
        var seen = new HashSet<int> { lot };
        var lots = new List<int> { lot };
        var edges = new List<LotEdge>();
        for (var next = 0; next < lots.Count; next++)
        {
            for (var e = lots[next] < heads.Length ? heads[lots[next]] : -1; e >= 0;)
            {
                ref readonly var node = ref At(e);
                edges.Add(this[e]);
                var other = direction == TraceDirection.Forward ? node.Child : node.Parent;
                if (seen.Add(other))
                {
                    lots.Add(other);
                }

                e = direction == TraceDirection.Forward ? node.EarlierOut : node.EarlierIn;
            }
        }

        return new Trace(lots, edges);
    }

    private ref readonly Node At(int index) => ref _pages[index >> PageBits][index & (PageSize - 1)];

    private static void Reach(ref int[] heads, int lot)
    {
        if (lot < heads.Length)
        {
            return;
        }

        var old = heads.Length;
        Array.Resize(ref heads, Math.Max(lot + 1, old * 2));
        Array.Fill(heads, -1, old, heads.Length - old);
    }

    private struct Node
    {
        public long Quantity;
        public long Time;
        public int Parent;
        public int Child;
        public int Equipment;
        public int Job;
        public int EarlierOut;
        public int EarlierIn;
    }
}
