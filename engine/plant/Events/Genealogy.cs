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
/// <remarks>A trace that stays small reaches lots level by level; one that reaches a good part of all lots finds them in the order of time.</remarks>
public sealed record Trace(IReadOnlyList<int> Lots, IReadOnlyList<LotEdge> Edges);

/// <summary>Who was made of what: an append-only store of edges that can be walked both ways.</summary>
/// <remarks>
/// Every edge points to the edge before it of the same parent and of the same child, so appending touches no older edge: 40 bytes an edge,
/// no rebuilding. A lot's edges are written close together, and a walk reads only those it reports. Full pages are shared between forks.
/// A walk that has reached a good part of the history goes on as one pass over all edges in the order of time, which memory serves far
/// faster than jumps; that finds everything as long as no lot got a parent after it had been used itself (and the store notes whether one did).
/// </remarks>
public sealed partial class Genealogy : IExchanged<Genealogy>
{
    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;

    private Link[][] _links = []; // read by walks
    private Use[][] _uses = []; // read by those who ask what an edge is: kept apart, so that walks pass over less memory
    private int[] _lastOut = []; // per lot: newest edge in which it is parent, −1 none
    private int[] _lastIn = []; // per lot: newest edge in which it is child
    private int _count;
    private bool _outOfOrder; // some lot got a parent after it had been used as one

    /// <summary>Edges so far.</summary>
    public int Count => _count;

    /// <summary>The n-th edge, in the order in which they were added.</summary>
    public LotEdge this[int index]
    {
        get
        {
            ref readonly var link = ref At(index);
            ref readonly var use = ref _uses[index >> PageBits][index & (PageSize - 1)];
            return new LotEdge(link.Parent, link.Child, use.Quantity, use.Time, use.Equipment, use.Job);
        }
    }

    /// <summary>Appends an edge.</summary>
    public void Add(in LotEdge edge)
    {
        Reach(ref _lastOut, edge.Parent);
        Reach(ref _lastIn, edge.Child);
        _outOfOrder |= edge.Child < _lastOut.Length && _lastOut[edge.Child] >= 0;
        if (Count >> PageBits == _links.Length)
        {
            Array.Resize(ref _links, _links.Length + 1);
            Array.Resize(ref _uses, _uses.Length + 1);
            (_links[^1], _uses[^1]) = (new Link[PageSize], new Use[PageSize]);
        }

        var (page, place) = (Count >> PageBits, Count & (PageSize - 1));
        _links[page][place] = new Link { Parent = edge.Parent, Child = edge.Child, EarlierOut = _lastOut[edge.Parent], EarlierIn = _lastIn[edge.Child] };
        _uses[page][place] = new Use { Quantity = edge.Quantity, Time = edge.Time, Equipment = edge.Equipment, Job = edge.Job };
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
        exchange.Value(ref _outOfOrder, other?._outOfOrder);
        if (other is null)
        {
            exchange.Value(ref _count, null);
            ExchangePages(exchange, ref _links, _count, nameof(_links));
            ExchangePages(exchange, ref _uses, _count, nameof(_uses));
        }
        else if (other != this)
        {
            SharePages(other);
        }
    }

    /// <summary>Takes over the full pages and copies the one that is being filled.</summary>
    private void SharePages(Genealogy other)
    {
        SharePages(ref _links, other._links, _count, other._count);
        SharePages(ref _uses, other._uses, _count, other._count);
        _count = other._count;
    }

    private static void SharePages<T>(ref T[][] pages, T[][] others, int count, int otherCount)
    {
        var own = (count & (PageSize - 1)) != 0 ? pages[count >> PageBits] : null; // not full, so nobody else has it
        if (pages.Length != others.Length)
        {
            pages = new T[others.Length][];
        }

        others.CopyTo(pages, 0);
        if ((otherCount & (PageSize - 1)) is var used && used != 0)
        {
            own ??= new T[PageSize];
            others[^1].AsSpan(0, used).CopyTo(own);
            pages[^1] = own;
        }
    }

    private static void ExchangePages<T>(StateExchange exchange, ref T[][] pages, int count, string name)
        where T : unmanaged
    {
        var all = new T[count];
        for (var page = 0; page < pages.Length && page << PageBits < count; page++)
        {
            pages[page].AsSpan(0, Math.Min(PageSize, count - (page << PageBits))).CopyTo(all.AsSpan(page << PageBits));
        }

        exchange.Array(ref all, null, name);
        pages = new T[(count + PageSize - 1) >> PageBits][];
        for (var page = 0; page < pages.Length; page++)
        {
            pages[page] = new T[PageSize];
            all.AsSpan(page << PageBits, Math.Min(PageSize, count - (page << PageBits))).CopyTo(pages[page]);
        }
    }

    private ref readonly Link At(int index) => ref _links[index >> PageBits][index & (PageSize - 1)];

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

    private struct Link
    {
        public int Parent;
        public int Child;
        public int EarlierOut;
        public int EarlierIn;
    }

    private struct Use
    {
        public long Quantity;
        public long Time;
        public int Equipment;
        public int Job;
    }
}
