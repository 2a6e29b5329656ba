using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DigitalTwin.Simulation;

/// <summary>Names one scheduled event, so that it can be cancelled. <c>default</c> names none.</summary>
/// <param name="Slot">Where the calendar keeps the event's payload.</param>
/// <param name="Stamp">The event's insertion number, ≥ 1. It is never given twice, so a handle kept too long can never hit another event.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EventHandle(int Slot, long Stamp)
{
    /// <summary>Names no event; cancelling it does nothing.</summary>
    public static readonly EventHandle None;

    public bool IsNone => Stamp == 0;
}

/// <summary>The future: events waiting for their time.</summary>
/// <remarks>
/// <para><b>Ordering contract.</b> Events leave by time; at the same time by priority, the lower number first; at the
/// same time and priority in the order in which they were scheduled. Cancelling, cloning and growing never change it.</para>
/// <para>A cancelled event's place in the heap is dropped when it comes to the top, or when more than half of the heap
/// is cancelled; so memory is bounded by twice the largest number of events that ever waited at once. Nothing is
/// allocated except when that number grows. Schedule and pop take O(log n), cancel O(1) amortised.</para>
/// <para>Not safe for use by several threads. State is plain arrays: a clone copies them and nothing else, and handles
/// given out before cloning are good in both.</para>
/// </remarks>
/// <typeparam name="T">What happens: plain data, best a few small integers.</typeparam>
public sealed class EventCalendar<T>
    where T : unmanaged
{
    private const int Arity = 4;
    private const int SmallestHeapToPurge = 64;
    private const int NodesInCache = 1 << 15;

    private Node[] _heap;   // [0, _size): a 4-ary heap
    private Slot[] _slots;  // [0, _slotsUsed): payloads; free ones are a list threaded through NextFree
    private int _size;
    private bool _topIsTaken; // the first node was popped and its place not filled yet: the next event may take it at once
    private int _slotsUsed;
    private int _freeSlot = -1;
    private long _lastStamp;

    /// <param name="capacity">Events to make room for; the calendar grows by itself.</param>
    public EventCalendar(int capacity = 16)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _heap = new Node[Math.Max(capacity, Arity)];
        _slots = new Slot[Math.Max(capacity, Arity)];
    }

    private EventCalendar(EventCalendar<T> other)
    {
        _heap = new Node[other._heap.Length];
        _slots = new Slot[other._slots.Length];
        CopyFrom(other);
    }

    /// <summary>Events that wait; cancelled ones do not count.</summary>
    public int Count { get; private set; }

    /// <summary>Time of the first event; <see cref="SimTime.Never"/> when none waits.</summary>
    public SimTime NextTime
    {
        get
        {
            Settle();
            return _size > 0 ? new SimTime(_heap[0].Time) : SimTime.Never;
        }
    }

    /// <summary>Adds an event.</summary>
    /// <param name="time">When it happens. At <see cref="SimTime.Never"/> nothing is kept and the handle is none.</param>
    /// <param name="priority">Among events at the same time the lower number goes first.</param>
    /// <param name="payload">What happens.</param>
    public EventHandle Schedule(SimTime time, int priority, in T payload)
    {
        if (time == SimTime.Never)
            return EventHandle.None;

        var stamp = ++_lastStamp;
        var slot = TakeSlot();
        ref var kept = ref _slots[slot];
        kept.Stamp = stamp;
        kept.Payload = payload;
        Count++;
        Insert(new Node(time.Milliseconds, priority, slot));
        return new EventHandle(slot, stamp);
    }

    /// <summary>Takes the first event out.</summary>
    /// <returns>False when none waits.</returns>
    public bool TryPop(out SimTime time, out T payload)
    {
        Settle();
        if (_size == 0)
        {
            time = SimTime.Never;
            payload = default;
            return false;
        }

        var slot = _heap[0].Slot;
        time = new SimTime(_heap[0].Time);
        payload = _slots[slot].Payload;
        FreeSlot(slot);
        Count--;
        _topIsTaken = true;
        return true;
    }

    /// <summary>Makes an event not happen.</summary>
    /// <returns>False when it has happened, was cancelled before, or never was.</returns>
    public bool Cancel(EventHandle handle)
    {
        if (!IsPending(handle))
            return false;

        ref var stamp = ref _slots[handle.Slot].Stamp;
        stamp = -stamp;
        Count--;
        if (_size >= SmallestHeapToPurge && Count < _size / 2)
            Purge();

        return true;
    }

    /// <summary>Whether the event still waits.</summary>
    public bool IsPending(EventHandle handle) =>
        handle.Stamp > 0 && (uint)handle.Slot < (uint)_slotsUsed && _slots[handle.Slot].Stamp == handle.Stamp;

    /// <summary>An independent calendar that goes on exactly like this one.</summary>
    public EventCalendar<T> Clone() => new(this);

    /// <summary>Becomes a copy of another calendar, reusing the memory held already.</summary>
    public void CopyFrom(EventCalendar<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other.Settle();
        if (_heap.Length < other._size)
            _heap = new Node[other._heap.Length];
        if (_slots.Length < other._slotsUsed)
            _slots = new Slot[other._slots.Length];

        other._heap.AsSpan(0, other._size).CopyTo(_heap);
        other._slots.AsSpan(0, other._slotsUsed).CopyTo(_slots);
        (_size, _topIsTaken, _slotsUsed, _freeSlot, _lastStamp, Count) =
            (other._size, false, other._slotsUsed, other._freeSlot, other._lastStamp, other.Count);
    }

    /// <summary>Forgets every event. Handles given out before stay dead: insertion numbers go on.</summary>
    public void Clear()
    {
        _size = 0;
        _topIsTaken = false;
        _slotsUsed = 0;
        _freeSlot = -1;
        Count = 0;
    }

    private int TakeSlot()
    {
        var slot = _freeSlot;
        if (slot >= 0)
        {
            _freeSlot = _slots[slot].NextFree;
            return slot;
        }

        if (_slotsUsed == _slots.Length)
            Array.Resize(ref _slots, 2 * _slotsUsed);

        return _slotsUsed++;
    }

    private void FreeSlot(int slot)
    {
        ref var free = ref _slots[slot];
        free.Stamp = 0;
        free.NextFree = _freeSlot;
        _freeSlot = slot;
    }

    private void Insert(in Node node)
    {
        if (_topIsTaken)
        {
            _topIsTaken = false;
            SiftDown(0, node);
            return;
        }

        if (_size == _heap.Length)
            Array.Resize(ref _heap, 2 * _size);
        SiftUp(_size++, node);
    }

    /// <summary>Brings the first waiting event to the top.</summary>
    private void Settle()
    {
        if (_topIsTaken)
        {
            _topIsTaken = false;
            RemoveTop();
        }

        while (_size > Count && _slots[_heap[0].Slot].Stamp < 0) // as many nodes as events: none is cancelled, no need to look
        {
            FreeSlot(_heap[0].Slot);
            RemoveTop();
        }
    }

    private void RemoveTop()
    {
        if (--_size > 0)
            SiftDown(0, _heap[_size]);
    }

    /// <summary>Removes every cancelled node and restores the heap; the order is total, so the outcome does not depend on where nodes lay.</summary>
    private void Purge()
    {
        Settle();
        var live = 0;
        for (var i = 0; i < _size; i++)
        {
            if (_slots[_heap[i].Slot].Stamp > 0)
                _heap[live++] = _heap[i];
            else
                FreeSlot(_heap[i].Slot);
        }

        Debug.Assert(live == Count, "every waiting event has exactly one live node");
        _size = live;
        for (var i = (live - 2) / Arity; i >= 0; i--)
            SiftDown(i, _heap[i]);
    }

    private void SiftUp(int hole, Node node)
    {
        ref var heap = ref MemoryMarshal.GetArrayDataReference(_heap);
        while (hole > 0)
        {
            var parent = (hole - 1) / Arity;
            ref var above = ref Unsafe.Add(ref heap, parent);
            if (!Precedes(node, above))
                break;

            Unsafe.Add(ref heap, hole) = above;
            hole = parent;
        }

        Unsafe.Add(ref heap, hole) = node;
    }

    /// <summary>Fills the hole at or below which <paramref name="node"/> belongs.</summary>
    /// <remarks>While the heap is in the cache, the first of four children is found by computing with comparisons instead
    /// of branching on them, which no processor could predict: half as fast again. Further down waiting for memory is what
    /// takes time, and a guessed branch at least fetches ahead.</remarks>
    private void SiftDown(int hole, Node node)
    {
        ref var heap = ref MemoryMarshal.GetArrayDataReference(_heap);
        var cached = Math.Min(_size, NodesInCache) - Arity;
        var child = Arity * hole + 1;
        while (child <= cached)
        {
            ref var children = ref Unsafe.Add(ref heap, child);
            var left = AsInt(Precedes(Unsafe.Add(ref children, 1), children));
            var right = 2 + AsInt(Precedes(Unsafe.Add(ref children, 3), Unsafe.Add(ref children, 2)));
            var first = left + (right - left) * AsInt(Precedes(Unsafe.Add(ref children, right), Unsafe.Add(ref children, left)));
            ref var least = ref Unsafe.Add(ref children, first);
            if (!Precedes(least, node))
            {
                Unsafe.Add(ref heap, hole) = node;
                return;
            }

            Unsafe.Add(ref heap, hole) = least;
            hole = child + first;
            child = Arity * hole + 1;
        }

        SiftDownFurther(hole, node);
    }

    private void SiftDownFurther(int hole, Node node)
    {
        ref var heap = ref MemoryMarshal.GetArrayDataReference(_heap);
        var size = _size;
        for (var child = Arity * hole + 1; child < size; child = Arity * hole + 1)
        {
            var end = Math.Min(child + Arity, size);
            var first = child;
            for (var i = child + 1; i < end; i++)
            {
                if (Precedes(Unsafe.Add(ref heap, i), Unsafe.Add(ref heap, first)))
                    first = i;
            }

            ref var least = ref Unsafe.Add(ref heap, first);
            if (!Precedes(least, node))
                break;

            Unsafe.Add(ref heap, hole) = least;
            hole = first;
        }

        Unsafe.Add(ref heap, hole) = node;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Precedes(in Node a, in Node b) =>
        a.Time != b.Time ? a.Time < b.Time : PrecedesAtSameTime(a, b);

    /// <summary>Insertion numbers are looked up only here: leaving them out of the nodes lets four nodes share a cache line.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool PrecedesAtSameTime(in Node a, in Node b) =>
        a.Priority != b.Priority ? a.Priority < b.Priority : Math.Abs(_slots[a.Slot].Stamp) < Math.Abs(_slots[b.Slot].Stamp);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AsInt(bool condition) => Unsafe.BitCast<bool, byte>(condition);

    /// <summary>One place in the heap, 16 bytes: what the order mostly needs, and where the rest is.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Node(long time, int priority, int slot)
    {
        public readonly long Time = time;
        public readonly int Priority = priority;
        public readonly int Slot = slot;
    }

    /// <summary>What belongs to an event besides its place in the order.</summary>
    private struct Slot
    {
        /// <summary>Insertion number; negative once cancelled (the node in the heap still needs it for the order); 0 when free.</summary>
        public long Stamp;

        public int NextFree;
        public T Payload;
    }
}
