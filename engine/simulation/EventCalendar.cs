using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DigitalTwin.Simulation;

/// <summary>The future: events waiting for their time.</summary>
/// <remarks>
/// <para><b>Ordering contract.</b> Events leave by time; at the same time by priority, the lower number first; at the
/// same time and priority in the order in which they were scheduled. Cancelling, cloning, saving and growing never change it.</para>
/// <para><b>Two tiers.</b> The near future is a sorted <i>run</i>, popped from its head; a new event is inserted near its end,
/// or goes to a heap when it belongs further ahead. When the heap grows, everything at or after a <i>horizon</i> goes to a
/// <i>ladder</i>: it waits unsorted in buckets, and only the bucket whose turn has come is sorted and becomes the run. So
/// scheduling and popping take constant time on average, however many events wait. In a bucket events lie in the order of
/// insertion, so that a million events at one moment are no worse than a million at different ones.</para>
/// <para>A cancelled event's node is dropped when its turn comes, or when more than half of the nodes are cancelled; so memory
/// is bounded by a multiple of the largest number of events that ever waited at once. Nothing is allocated except when that
/// number grows. Cancelling takes O(1) amortised.</para>
/// <para>Not safe for use by several threads. State is plain arrays: a clone copies them and nothing else, and handles
/// given out before cloning are good in both.</para>
/// </remarks>
/// <typeparam name="T">What happens: plain data, best a few small integers; it lies beside the time that it waits for.</typeparam>
public sealed partial class EventCalendar<T>
    where T : unmanaged
{
    private const int FewestCancelledToPurge = 32;
    private const long Cancelled = 1L << 62;

    /// <summary>Per slot: the insertion number of a waiting event, that plus <see cref="Cancelled"/> while a cancelled node still
    /// lies somewhere (the heap needs it for the order), or −2 − the next free slot.</summary>
    private long[] _stamps;

    private int _slotsUsed;
    private int _freeSlot = -1;
    private int _cancelled; // nodes that still lie somewhere
    private long _horizon = long.MaxValue; // events before it are in run and heap, those at or after it in the ladder

    /// <param name="capacity">Events to make room for; the calendar grows by itself.</param>
    public EventCalendar(int capacity = 16)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _stamps = new long[Math.Max(capacity, 4)];
    }

    private EventCalendar(EventCalendar<T> other)
    {
        _stamps = new long[other._stamps.Length];
        CopyFrom(other);
    }

    /// <summary>Events that wait; cancelled ones do not count.</summary>
    public int Count { get; private set; }

    /// <summary>The insertion number given last; 0 before the first event.</summary>
    public long LastStamp { get; private set; }

    /// <summary>Time of the first event; <see cref="SimTime.Never"/> when none waits.</summary>
    public SimTime NextTime => Settle(out var inRun) ? new SimTime(inRun ? _run[_runHead].Time : _heap[0].Time) : SimTime.Never;

    /// <summary>Adds an event.</summary>
    /// <param name="time">When it happens. At <see cref="SimTime.Never"/> nothing is kept and the handle is none.</param>
    /// <param name="priority">Among events at the same time the lower number goes first.</param>
    /// <param name="payload">What happens.</param>
    public EventHandle Schedule(SimTime time, int priority, in T payload)
    {
        if (time == SimTime.Never)
            return EventHandle.None;

        var stamp = ++LastStamp;
        var slot = TakeSlot();
        _stamps[slot] = stamp;
        Count++;
        Write(time.Milliseconds, priority, slot, payload);
        return new EventHandle(slot, stamp);
    }

    /// <summary>Takes the first event out.</summary>
    /// <returns>False when none waits.</returns>
    public bool TryPop(out SimTime time, out T payload)
    {
        if (!Settle(out var inRun))
        {
            time = SimTime.Never;
            payload = default;
            return false;
        }

        ref readonly var first = ref inRun ? ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_run), _runHead++) : ref _heap[0];
        time = new SimTime(first.Time);
        payload = first.Payload;
        FreeSlot(first.Slot);
        Count--;
        if (!inRun)
            RemoveTop();

        return true;
    }

    /// <summary>Makes an event not happen.</summary>
    /// <returns>False when it has happened, was cancelled before, or never was.</returns>
    public bool Cancel(EventHandle handle)
    {
        if (!IsPending(handle))
            return false;

        _stamps[handle.Slot] |= Cancelled;
        Count--;
        if (++_cancelled > Count && _cancelled >= FewestCancelledToPurge)
            Purge();

        return true;
    }

    /// <summary>Whether the event still waits.</summary>
    public bool IsPending(EventHandle handle) =>
        handle.Stamp > 0 && (uint)handle.Slot < (uint)_slotsUsed && _stamps[handle.Slot] == handle.Stamp;

    /// <summary>An independent calendar that goes on exactly like this one.</summary>
    public EventCalendar<T> Clone() => new(this);

    /// <summary>Becomes a copy of another calendar, reusing the memory held already.</summary>
    public void CopyFrom(EventCalendar<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(other, this))
            return;

        Copy(other._stamps, ref _stamps, other._slotsUsed);
        (_slotsUsed, _freeSlot, _cancelled, _horizon) = (other._slotsUsed, other._freeSlot, other._cancelled, other._horizon);
        (Count, LastStamp) = (other.Count, other.LastStamp);
        CopyHeapFrom(other);
        CopyRunFrom(other);
        CopyLadderFrom(other);
    }

    /// <summary>Forgets every event. Handles given out before stay dead: insertion numbers go on.</summary>
    public void Clear()
    {
        _slotsUsed = 0;
        _freeSlot = -1;
        _cancelled = 0;
        Count = 0;
        _horizon = long.MaxValue;
        ClearHeap();
        ClearRun();
        ClearLadder();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(long time, int priority, int slot, in T payload)
    {
        ref var node = ref Place(time, priority);
        node.Time = time; // straight into its place, field by field: a copy would wait for its parts
        node.Priority = priority;
        node.Slot = slot;
        node.Payload = payload;
        if (Unsafe.AreSame(ref node, ref _newcomer))
            AddToHeap(node);
    }

    /// <summary>Where a new event is to be written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Node Place(long time, int priority) =>
        ref time >= _horizon ? ref PlaceInLadder(time) : ref PlaceNear(time, priority);

    /// <summary>Finds the first waiting event and drops the cancelled ones before it.</summary>
    /// <param name="inRun">Whether it is at the head of the run; otherwise it is at the top of the heap.</param>
    /// <returns>False when none waits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Settle(out bool inRun)
    {
        if (_runHead != _runEnd && _heapSize == 0 && _cancelled == 0)
        {
            inRun = true;
            return true;
        }

        return SettleAnywhere(out inRun);
    }

    private bool SettleAnywhere(out bool inRun)
    {
        do
        {
            if (_cancelled != 0)
                DropCancelledHeads();

            if (_runHead != _runEnd)
            {
                inRun = _heapSize == 0 || Precedes(_run[_runHead], _heap[0]);
                return true;
            }

            if (_heapSize > 0)
            {
                inRun = false;
                return true;
            }
        }
        while (_horizon != long.MaxValue && Advance());

        inRun = false;
        return _heapSize > 0;
    }

    private void DropCancelledHeads()
    {
        while (_heapSize > 0 && IsDropped(_heap[0].Slot))
            RemoveTop();
        while (_runHead != _runEnd && IsDropped(_run[_runHead].Slot))
            _runHead++;
    }

    /// <summary>Whether the event in a slot was cancelled; its node is given up, then.</summary>
    private bool IsDropped(int slot)
    {
        if (_stamps[slot] < Cancelled)
            return false;

        FreeSlot(slot);
        _cancelled--;
        return true;
    }

    /// <summary>Drops every cancelled node. The order is total, so the outcome does not depend on where nodes lay.</summary>
    private void Purge()
    {
        PurgeHeap();
        PurgeRun();
        PurgeLadder();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TakeSlot()
    {
        var slot = _freeSlot;
        if (slot < 0)
            return NewSlot();

        _freeSlot = (int)(-2 - _stamps[slot]);
        return slot;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int NewSlot()
    {
        if (_slotsUsed == _stamps.Length)
            Array.Resize(ref _stamps, 2 * _slotsUsed);

        return _slotsUsed++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FreeSlot(int slot)
    {
        _stamps[slot] = -2L - _freeSlot;
        _freeSlot = slot;
    }

    private static void Copy<TItem>(TItem[] from, ref TItem[] to, int count)
    {
        if (to.Length < count)
            to = new TItem[from.Length];

        from.AsSpan(0, count).CopyTo(to);
    }

    /// <summary>One event where it waits: what the order mostly needs, what happens, and where the account is kept.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Node
    {
        public long Time;
        public int Priority;
        public int Slot;
        public T Payload;

        /// <summary>Whether this goes before another node that was scheduled earlier, or anyway goes first on a tie.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly bool PrecedesOlder(in Node older) => Time < older.Time || (Time == older.Time && Priority < older.Priority);
    }
}
