namespace DigitalTwin.Simulation;

/// <summary>A waiting event as it is saved.</summary>
/// <param name="Time">When it happens.</param>
/// <param name="Priority">Its place among events at the same time; the lower number goes first.</param>
/// <param name="Handle">Its name; still good after <see cref="EventCalendar{T}.Restore"/>.</param>
/// <param name="Payload">What happens.</param>
public readonly record struct CalendarEntry<T>(SimTime Time, int Priority, EventHandle Handle, T Payload)
    where T : unmanaged;

/// <content>Saving and loading: the waiting events as plain data.</content>
public sealed partial class EventCalendar<T>
{
    /// <summary>The waiting events in the order of insertion: with <see cref="LastStamp"/> all that a saved calendar needs.</summary>
    /// <param name="entries">At least <see cref="Count"/> long; the rest is left alone.</param>
    /// <exception cref="ArgumentException">Too short.</exception>
    public void CopyTo(Span<CalendarEntry<T>> entries)
    {
        if (entries.Length < Count)
            throw new ArgumentException($"{Count} events wait, {entries.Length} have room.", nameof(entries));

        var count = 0;
        AddEntries(_run.AsSpan(_runHead, _runEnd - _runHead), entries, ref count);
        AddEntries(_heap.AsSpan(0, _heapSize), entries, ref count);
        AddEntries(_top, entries, ref count);
        foreach (ref readonly var rung in _rungs.AsSpan(0, _depth))
        {
            foreach (ref readonly var bucket in _buckets.AsSpan(rung.Current, rung.First + rung.Buckets - rung.Current))
                AddEntries(bucket, entries, ref count);
        }

        entries[..count].Sort(static (a, b) => a.Handle.Stamp.CompareTo(b.Handle.Stamp));
    }

    /// <summary>Becomes the calendar that was saved: same order, and its handles are good again.</summary>
    /// <param name="entries">What <see cref="CopyTo"/> gave.</param>
    /// <param name="lastStamp">The <see cref="LastStamp"/> of then.</param>
    /// <exception cref="ArgumentException">Stamps do not increase from 1 to <paramref name="lastStamp"/>, a slot is negative or
    /// taken twice, or a time is never: these are not a calendar's entries. The calendar is empty, then.</exception>
    public void Restore(ReadOnlySpan<CalendarEntry<T>> entries, long lastStamp)
    {
        Clear();
        ReserveSlots(entries);
        var previous = 0L;
        foreach (ref readonly var entry in entries)
        {
            var (slot, stamp) = (entry.Handle.Slot, entry.Handle.Stamp);
            if (stamp <= previous || stamp > lastStamp || entry.Time == SimTime.Never || _accounts[slot].Stamp > 0)
            {
                Clear();
                throw new ArgumentException($"Event {stamp} in slot {slot} after event {previous} is not one of a saved calendar.", nameof(entries));
            }

            previous = stamp;
            _accounts[slot] = new Account { Stamp = stamp, Payload = entry.Payload };
            Count++;
            Write(entry.Time.Milliseconds, entry.Priority, slot);
        }

        LastStamp = lastStamp;
        for (var slot = _slotsUsed - 1; slot >= 0; slot--)
        {
            if (_accounts[slot].Stamp == 0)
                FreeSlot(slot);
        }
    }

    /// <summary>Makes room up to the last slot named, all empty.</summary>
    private void ReserveSlots(ReadOnlySpan<CalendarEntry<T>> entries)
    {
        var last = -1;
        foreach (ref readonly var entry in entries)
        {
            if (entry.Handle.Slot < 0)
                throw new ArgumentException($"Slot {entry.Handle.Slot} is not one of a saved calendar.", nameof(entries));

            last = Math.Max(last, entry.Handle.Slot);
        }

        if (last >= _accounts.Length)
            _accounts = new Account[last + 1];

        _slotsUsed = last + 1;
        _accounts.AsSpan(0, _slotsUsed).Clear();
    }

    private void AddEntries(Bucket bucket, Span<CalendarEntry<T>> entries, ref int count)
    {
        for (int left = bucket.Nodes, chunk = bucket.Head; left > 0; left -= ChunkSize, chunk = _nextChunk[chunk])
            AddEntries(Chunk(chunk, left), entries, ref count);
    }

    private void AddEntries(ReadOnlySpan<Node> nodes, Span<CalendarEntry<T>> entries, ref int count)
    {
        foreach (ref readonly var node in nodes)
        {
            ref readonly var account = ref _accounts[node.Slot];
            if (account.Stamp < Cancelled)
                entries[count++] = new CalendarEntry<T>(new SimTime(node.Time), node.Priority, new EventHandle(node.Slot, account.Stamp), account.Payload);
        }
    }
}
