using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DigitalTwin.Simulation;

/// <summary>The future: events waiting for their time.</summary>
/// <remarks>
/// <para><b>Ordering contract.</b> Events leave by time; at the same time by priority, the lower number first; at the
/// same time and priority in the order in which they were scheduled. Cancelling, cloning, saving and growing never change it.</para>
/// <para><b>Two tiers.</b> The near future is a sorted <i>run</i>, popped from its head, into which new events are inserted (those that would
/// move too many others wait in a small heap). When the run grows, everything at or after a <i>horizon</i> goes to a
/// <i>ladder</i>: it waits unsorted in buckets, and only the bucket whose turn has come is sorted and becomes the run. So
/// scheduling and popping take constant time on average, however many events wait. In a bucket events lie in the order of
/// insertion, so that a million events at one moment are no worse than a million at different ones.</para>
/// <para><b>Nodes and accounts.</b> What is moved about is a node of 16 bytes: time, priority, slot. What an event is, and its insertion number,
/// stays in the account of its slot from scheduling to popping; a popped event's slot is the next one given.</para>
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

    private Account[] _accounts; // per slot

    private int _slotsUsed;
    private int _freeSlot = -1;
    private int _cancelled; // nodes that still lie somewhere
    private long _horizon = long.MaxValue; // events before it are in run and heap, those at or after it in the ladder

    /// <param name="capacity">Events to make room for; the calendar grows by itself.</param>
    public EventCalendar(int capacity = 16)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _accounts = new Account[Math.Max(capacity, 4)];
    }

    private EventCalendar(EventCalendar<T> other)
    {
        _accounts = new Account[other._accounts.Length];
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
        ref var account = ref AccountOf(slot);
        account.Stamp = stamp;
        account.Payload = payload;
        Count++;
        Write(time.Milliseconds, priority, slot);
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
        var slot = first.Slot;
        payload = AccountOf(slot).Payload;
        FreeSlot(slot);
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

        _accounts[handle.Slot].Stamp |= Cancelled;
        Count--;
        if (++_cancelled > Count && _cancelled >= FewestCancelledToPurge)
            Purge();

        return true;
    }

    /// <summary>Whether the event still waits.</summary>
    public bool IsPending(EventHandle handle) =>
        handle.Stamp > 0 && (uint)handle.Slot < (uint)_slotsUsed && _accounts[handle.Slot].Stamp == handle.Stamp;

    /// <summary>An independent calendar that goes on exactly like this one.</summary>
    public EventCalendar<T> Clone() => new(this);

    /// <summary>Becomes a copy of another calendar, reusing the memory held already.</summary>
    public void CopyFrom(EventCalendar<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(other, this))
            return;

        Copy(other._accounts, ref _accounts, other._slotsUsed);
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
    private void Write(long time, int priority, int slot)
    {
        ref var node = ref Place(time, priority);
        node.Time = time; // straight into its place, field by field: a copy would wait for its parts
        node.Priority = priority;
        node.Slot = slot;
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
        if (_runHead != _runEnd && (_heapSize | _cancelled) == 0)
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
        if (AccountOf(slot).Stamp < Cancelled)
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

        _freeSlot = (int)(-2 - AccountOf(slot).Stamp);
        return slot;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int NewSlot()
    {
        if (_slotsUsed == _accounts.Length)
            Array.Resize(ref _accounts, 2 * _slotsUsed);

        return _slotsUsed++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FreeSlot(int slot)
    {
        AccountOf(slot).Stamp = -2L - _freeSlot;
        _freeSlot = slot;
    }

    private static void Copy<TItem>(TItem[] from, ref TItem[] to, int count)
    {
        if (to.Length < count)
            to = new TItem[from.Length];

        from.AsSpan(0, count).CopyTo(to);
    }

    /// <summary>Where it is kept what an event is, while its node is moved about.</summary>
    /// <param name="slot">One in use.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Account AccountOf(int slot) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_accounts), slot);

    private struct Account
    {
        /// <summary>The insertion number of a waiting event, that plus <see cref="Cancelled"/> while a cancelled node still lies somewhere
        /// (the heap needs it for the order), or −2 − the next free slot.</summary>
        public long Stamp;
        public T Payload;
    }

    /// <summary>One event where it waits, in 16 bytes: what the order needs, and where its account is.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Node
    {
        public long Time;
        public int Priority;
        public int Slot;

        /// <summary>Whether this goes before another node that was scheduled earlier, or anyway goes first on a tie.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly bool PrecedesOlder(in Node older) => Time < older.Time || (Time == older.Time && Priority < older.Priority);
    }
}
