using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>Who waits for people of a skill: weight first, then the longest waiting. Nobody overtakes within a skill.</summary>
/// <remarks>
/// One binary heap of structs per skill, so that neither asking nor serving allocates once the heaps have grown. A caller has at most
/// one entry that counts: withdrawing only forgets its number, and the entry is dropped when it comes up.
/// Callers are numbered: equipment first, then lead jobs.
/// </remarks>
internal sealed class CrewQueues : IExchanged<CrewQueues>
{
    private readonly Entry[][] _heaps; // per skill
    private readonly int[] _counts;
    private long[] _numbers; // per caller: number of its entry, 0 when it does not wait
    private bool[] _woken; // per pool: somebody came back or a shift began
    private long _last;
    private bool _anyWoken;

    public CrewQueues(int skills, int pools, int callers)
    {
        _heaps = new Entry[skills][];
        Array.Fill(_heaps, []);
        _counts = new int[skills];
        _numbers = new long[callers];
        _woken = new bool[pools];
    }

    public void Exchange(StateExchange exchange, CrewQueues? other)
    {
        exchange.Lists(_heaps, _counts, other?._heaps, other?._counts);
        exchange.Array(ref _numbers, other?._numbers);
        exchange.Array(ref _woken, other?._woken);
        exchange.Value(ref _last, other?._last);
        exchange.Value(ref _anyWoken, other?._anyWoken);
    }

    /// <summary>Whether a pool must be looked at before time goes on.</summary>
    public bool AnyWoken => _anyWoken;

    public void Wake(int pool)
    {
        _woken[pool] = true;
        _anyWoken = true;
    }

    public bool IsWoken(int pool) => _woken[pool];

    /// <summary>The lowest pool that must be looked at; −1 when there is none.</summary>
    public int TakeWoken()
    {
        for (var p = 0; p < _woken.Length; p++)
        {
            if (_woken[p])
            {
                _woken[p] = false;
                return p;
            }
        }

        _anyWoken = false;
        return -1;
    }

    public bool IsEmpty(int skill) => !TryPeek(skill, out _);

    public void Add(int skill, int caller, int count, double weight, long since)
    {
        ref var heap = ref _heaps[skill];
        if (_counts[skill] == heap.Length)
        {
            DropWithdrawn(skill);
            if (_counts[skill] * 2 >= heap.Length)
            {
                Array.Resize(ref heap, Math.Max(8, heap.Length * 2));
            }
        }

        _numbers[caller] = ++_last;
        var entry = new Entry(weight, since, _last, caller, count);
        var at = _counts[skill]++;
        while (at > 0 && entry.Before(heap[(at - 1) / 2]))
        {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        heap[at] = entry;
    }

    /// <summary>The caller does not wait any more.</summary>
    public void Withdraw(int caller) => _numbers[caller] = 0;

    public bool TryPeek(int skill, out Entry entry)
    {
        while (_counts[skill] > 0)
        {
            entry = _heaps[skill][0];
            if (_numbers[entry.Caller] == entry.Number)
            {
                return true;
            }

            RemoveFirst(skill);
        }

        entry = default;
        return false;
    }

    /// <summary>Takes the first of a skill, which is there.</summary>
    public void Pop(int skill)
    {
        _numbers[_heaps[skill][0].Caller] = 0;
        RemoveFirst(skill);
    }

    private void RemoveFirst(int skill)
    {
        var heap = _heaps[skill];
        var last = --_counts[skill];
        var moved = heap[last];
        Sink(heap, 0, last, moved);
    }

    private static void Sink(Entry[] heap, int at, int count, Entry entry)
    {
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= count)
            {
                break;
            }

            if (child + 1 < count && heap[child + 1].Before(heap[child]))
            {
                child++;
            }

            if (!heap[child].Before(entry))
            {
                break;
            }

            heap[at] = heap[child];
            at = child;
        }

        if (count > 0)
        {
            heap[at] = entry;
        }
    }

    private void DropWithdrawn(int skill)
    {
        var heap = _heaps[skill];
        var kept = 0;
        for (var i = 0; i < _counts[skill]; i++)
        {
            if (_numbers[heap[i].Caller] == heap[i].Number)
            {
                heap[kept++] = heap[i];
            }
        }

        _counts[skill] = kept;
        for (var i = kept / 2 - 1; i >= 0; i--)
        {
            Sink(heap, i, kept, heap[i]);
        }
    }

    /// <summary>A call that waits.</summary>
    internal readonly record struct Entry(double Weight, long Since, long Number, int Caller, int Count)
    {
        public bool Before(in Entry other) =>
            Weight != other.Weight ? Weight > other.Weight
            : Since != other.Since ? Since < other.Since
            : Number < other.Number;
    }
}
