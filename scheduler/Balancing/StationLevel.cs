using System.Numerics;

namespace DigitalTwin.Scheduler.Balancing;

/// <summary>Partial balances that fill the same number of stations: sets of assigned tasks, each kept once.</summary>
/// <remarks>Flat arrays: a state is a run of words, a parent in the level before, its idle time and its rank (lower is better).</remarks>
internal sealed class StationLevel(int words)
{
    private const int SmallestTable = 64;

    private ulong[] _sets = new ulong[16 * words];
    private ulong[] _hashes = new ulong[16];
    private int[] _table = [];

    public int Count { get; private set; }

    public int[] Parent { get; private set; } = new int[16];

    /// <summary>Capacity left unused so far, weighted units.</summary>
    public long[] Idle { get; private set; } = new long[16];

    public double[] Rank { get; private set; } = new double[16];

    public ReadOnlySpan<ulong> Set(int state) => _sets.AsSpan(state * words, words);

    /// <summary>Adds a state unless the same set is there already (its idle time is then the same too).</summary>
    public void Add(ReadOnlySpan<ulong> set, ulong hash, int parent, long idle, double rank)
    {
        if (2 * (Count + 1) > _table.Length)
        {
            Rehash(Math.Max(SmallestTable, _table.Length * 2));
        }

        var mask = _table.Length - 1;
        var place = (int)(hash & (uint)mask);
        for (; _table[place] != 0; place = (place + 1) & mask)
        {
            var other = _table[place] - 1;
            if (_hashes[other] == hash && Set(other).SequenceEqual(set))
            {
                return;
            }
        }

        if (Count == Parent.Length)
        {
            Grow(2 * Count);
        }

        set.CopyTo(_sets.AsSpan(Count * words));
        (_hashes[Count], Parent[Count], Idle[Count], Rank[Count]) = (hash, parent, idle, rank);
        _table[place] = ++Count;
    }

    /// <summary>Keeps the best states and gives memory back.</summary>
    /// <returns>Whether anything was dropped.</returns>
    public bool Trim(int width)
    {
        if (Count <= width)
        {
            return false;
        }

        var order = new int[Count];
        for (var i = 0; i < Count; i++)
        {
            order[i] = i;
        }

        Array.Sort(Rank[..Count], order);
        Array.Resize(ref order, width);
        Array.Sort(order); // as found: ties between equal ranks do not depend on the sort
        for (var i = 0; i < width; i++)
        {
            var from = order[i];
            Set(from).CopyTo(_sets.AsSpan(i * words));
            (_hashes[i], Parent[i], Idle[i], Rank[i]) = (_hashes[from], Parent[from], Idle[from], Rank[from]);
        }

        Count = width;
        Rehash((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(SmallestTable, 2 * width)));
        return true;
    }

    private void Grow(int capacity)
    {
        Array.Resize(ref _sets, capacity * words);
        Array.Resize(ref _hashes, capacity);
        var (parent, idle, rank) = (Parent, Idle, Rank);
        Array.Resize(ref parent, capacity);
        Array.Resize(ref idle, capacity);
        Array.Resize(ref rank, capacity);
        (Parent, Idle, Rank) = (parent, idle, rank);
    }

    private void Rehash(int size)
    {
        _table = new int[size];
        for (var i = 0; i < Count; i++)
        {
            var place = (int)(_hashes[i] & (uint)(size - 1));
            while (_table[place] != 0)
            {
                place = (place + 1) & (size - 1);
            }

            _table[place] = i + 1;
        }
    }
}
