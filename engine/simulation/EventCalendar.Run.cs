using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DigitalTwin.Simulation;

/// <content>The run: the events of the bucket whose turn has come, sorted; popped from its head.</content>
public sealed partial class EventCalendar<T>
{
    /// <summary>Buckets of up to so many events are sorted at once, without a rung of their own.</summary>
    private const int LargestSort = 1024;

    /// <summary>Up to so many are sorted by counting for each how many go before it; more are dealt out by time first.</summary>
    private const int LargestCount = 1 << PositionBits;
    private const int PositionBits = 4;
    private const int Lanes = 4; // of a Vector256<long>

    /// <summary>So many events of the run may be moved to make room for a new one.</summary>
    private const int FarthestInsertion = 256;

    /// <summary>Into a run of up to so many events a new one sinks from the end.</summary>
    private const int ShortRun = 32;

    /// <summary>So many more events than were sorted may be in the run before it is cut in finer steps.</summary>
    private const int MostInserted = 16;

    private readonly long[] _keys = new long[LargestCount + Lanes];
    private readonly int[] _places = new int[2 * LargestSort];
    private Node[] _unsorted = new Node[LargestSort];
    private Node[] _run = new Node[LargestSort];
    private Node[] _merged = [];
    private int _runHead;
    private int _runEnd;
    private int _runLimit = MostInserted;

    /// <summary>Where a new event before the horizon is to be written: in the run, or what goes to the heap then.</summary>
    private ref Node PlaceNear(long time, int priority)
    {
        if (_runEnd == _run.Length)
            MakeRoomInRun();

        ref var run = ref MemoryMarshal.GetArrayDataReference(_run);
        var length = _runEnd - _runHead;
        var place = _runEnd;
        if (length > 0 && GoesBefore(time, priority, Unsafe.Add(ref run, place - 1)))
        {
            if (length >= _runLimit)
                return ref PlaceAfterSpill(time, priority);

            if (length <= ShortRun)
                return ref SinkNew(time, priority);

            place = FirstAfter(time, priority);
            if (place - _runHead < _runEnd - place && _runHead > 0)
            {
                if (place - _runHead > FarthestInsertion)
                    return ref PlaceInHeap(time, priority);

                MoveRun(_runHead, place - _runHead, -1);
                _runHead--;
                return ref Unsafe.Add(ref run, place - 1);
            }

            if (_runEnd - place > FarthestInsertion)
                return ref PlaceInHeap(time, priority);

            MoveRun(place, _runEnd - place, 1);
        }

        _runEnd++;
        return ref Unsafe.Add(ref run, place);
    }

    /// <summary>The first place in the run whose event goes after a new one; the last event does. Halving without a branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FirstAfter(long time, int priority)
    {
        ref var run = ref MemoryMarshal.GetArrayDataReference(_run);
        var (from, length) = (_runHead, _runEnd - _runHead);
        while (length > 1)
        {
            var half = length >> 1;
            from += half & (Unsafe.BitCast<bool, byte>(GoesBefore(time, priority, Unsafe.Add(ref run, from + half - 1))) - 1);
            length -= half;
        }

        return from;
    }

    /// <summary>Makes a hole at the end of a short run and lets it sink to where the new event belongs: one branch to mispredict, where halving and
    /// moving a block have several.</summary>
    private ref Node SinkNew(long time, int priority)
    {
        ref var hole = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_run), _runEnd);
        for (var left = _runEnd++ - _runHead; left > 0; left--)
        {
            ref var before = ref Unsafe.Subtract(ref hole, 1);
            if (!GoesBefore(time, priority, before))
                break;

            hole = before;
            hole = ref before;
        }

        return ref hole;
    }

    private void MoveRun(int from, int count, int by) => _run.AsSpan(from, count).CopyTo(_run.AsSpan(from + by));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool GoesBefore(long time, int priority, in Node older) =>
        time < older.Time | (time == older.Time & priority < older.Priority);

    private ref Node PlaceInHeap(long time, int priority)
    {
        if (_heapSize < LargestHeap || _heapSize < (_runEnd - _runHead) / 4)
            return ref _newcomer;

        return ref PlaceAfterSpill(time, priority);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref Node PlaceAfterSpill(long time, int priority)
    {
        Spill();
        return ref Place(time, priority);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MakeRoomInRun()
    {
        var length = _runEnd - _runHead;
        var from = _run;
        if (length > _run.Length / 2)
            _run = new Node[2 * _run.Length];

        from.AsSpan(_runHead, length).CopyTo(_run);
        (_runHead, _runEnd) = (0, length);
    }

    /// <summary>Makes the first <paramref name="count"/> of <see cref="_unsorted"/>, which lie in the order of insertion, the run.</summary>
    private void SortIntoRun(int count)
    {
        if (_run.Length < count)
            _run = new Node[_unsorted.Length];

        (_runHead, _runEnd, _runLimit) = (0, count, count + MostInserted);
        if (count <= 1)
            _run[0] = _unsorted[0];
        else if (count <= LargestCount)
            SortByCounting(count);
        else
            SortByDealing(count);
    }

    /// <summary>The place of an event is the number of events with a smaller (time, position): counted four at a time
    /// and without a branch to mispredict.</summary>
    private void SortByCounting(int count)
    {
        if (!MakeKeys(count))
        {
            SortByInsertion(count);
            return;
        }

        var vectors = (count + Lanes - 1) / Lanes;
        for (var i = 0; i < count; i++)
        {
            var key = Vector256.Create(_keys[i]);
            var smaller = Vector256<long>.Zero;
            for (var v = 0; v < vectors; v++)
                smaller -= Vector256.LessThan(Vector256.Create<long>(_keys.AsSpan(v * Lanes, Lanes)), key);

            _run[(int)Vector256.Sum(smaller)] = _unsorted[i];
        }

        SinkAll();
    }

    /// <summary>Events are dealt out to as many places of equal width as there are events, and lie nearly sorted then.</summary>
    private void SortByDealing(int count)
    {
        ref var unsorted = ref MemoryMarshal.GetArrayDataReference(_unsorted);
        ref var run = ref MemoryMarshal.GetArrayDataReference(_run);
        ref var places = ref MemoryMarshal.GetArrayDataReference(_places);
        var (first, last) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < count; i++)
        {
            var time = Unsafe.Add(ref unsorted, i).Time;
            first = Math.Min(first, time);
            last = Math.Max(last, time);
        }

        var wanted = BitOperations.Log2((uint)count) + 1; // 1 to 2 places an event
        var shift = Math.Max(0, BitOperations.Log2((ulong)(last - first) | 1) + 1 - wanted);
        var used = (int)((ulong)(last - first) >> shift) + 1;
        _places.AsSpan(0, used).Clear();
        for (var i = 0; i < count; i++)
            Unsafe.Add(ref places, (int)((ulong)(Unsafe.Add(ref unsorted, i).Time - first) >> shift))++;

        var sum = 0;
        for (var p = 0; p < used; p++)
        {
            ref var place = ref Unsafe.Add(ref places, p);
            var here = place;
            place = sum;
            sum += here;
        }

        for (var i = 0; i < count; i++)
        {
            ref var node = ref Unsafe.Add(ref unsorted, i);
            Unsafe.Add(ref run, Unsafe.Add(ref places, (int)((ulong)(node.Time - first) >> shift))++) = node;
        }

        SinkAll();
    }

    /// <summary>Sorting keys: time since the first event, then position.</summary>
    /// <returns>False when the events are too far apart for that.</returns>
    private bool MakeKeys(int count)
    {
        var from = _unsorted[0].Time;
        var all = 0UL;
        for (var i = 0; i < count; i++)
            from = Math.Min(from, _unsorted[i].Time);
        for (var i = 0; i < count; i++)
        {
            var since = (ulong)(_unsorted[i].Time - from);
            all |= since;
            _keys[i] = (long)(since << PositionBits | (uint)i);
        }

        for (var i = count; i < count + Lanes; i++)
            _keys[i] = long.MaxValue;

        return all < 1UL << (63 - PositionBits);
    }

    private void SortByInsertion(int count)
    {
        for (var i = 0; i < count; i++)
            SinkInRun(i, _unsorted[i]);
    }

    /// <summary>The run is nearly sorted: what lies behind a later event sinks to its place, past none that it does not go before.</summary>
    private void SinkAll()
    {
        ref var run = ref MemoryMarshal.GetArrayDataReference(_run);
        for (var i = 1; i < _runEnd; i++)
        {
            if (Unsafe.Add(ref run, i).PrecedesOlder(Unsafe.Add(ref run, i - 1)))
                SinkInRun(i, Unsafe.Add(ref run, i));
        }
    }

    private void SinkInRun(int hole, Node node)
    {
        for (; hole > 0 && node.PrecedesOlder(_run[hole - 1]); hole--)
            _run[hole] = _run[hole - 1];

        _run[hole] = node;
    }

    /// <summary>Sorts a run of any length that lies in the order of insertion: mostly events of one time, sorted already.</summary>
    private void SortLongRun()
    {
        var sorted = true;
        for (var i = 1; i < _runEnd && sorted; i++)
            sorted = !_run[i].PrecedesOlder(_run[i - 1]);
        if (sorted)
            return;

        var length = _runEnd;
        for (var width = 1; width < length; width *= 2)
        {
            MakeRoomToMerge(length);
            for (var left = 0; left < length; left += 2 * width)
                MergeNeighbours(left, Math.Min(left + width, length), Math.Min(left + 2 * width, length));

            (_run, _merged) = (_merged, _run);
        }
    }

    private void MergeNeighbours(int left, int middle, int end)
    {
        for (int i = left, j = middle, k = left; k < end; k++)
            _merged[k] = j == end || (i < middle && !_run[j].PrecedesOlder(_run[i])) ? _run[i++] : _run[j++];
    }

    private void MakeRoomToMerge(int length)
    {
        if (_merged.Length < length)
            _merged = new Node[Math.Max(LargestSort, (int)BitOperations.RoundUpToPowerOf2((uint)length))];
    }

    /// <summary>Brings heap and run together in one sorted run; as many events as that has.</summary>
    private void MergeHeapIntoRun()
    {
        var length = _heapSize + _runEnd - _runHead;
        MakeRoomToMerge(length);
        for (var k = 0; k < length; k++)
        {
            if (_heapSize == 0 || (_runHead != _runEnd && Precedes(_run[_runHead], _heap[0])))
            {
                _merged[k] = _run[_runHead++];
            }
            else
            {
                _merged[k] = _heap[0];
                RemoveTop();
            }
        }

        (_run, _merged) = (_merged, _run);
        (_runHead, _runEnd) = (0, length);
        _runLimit = Math.Max(_runLimit, length + MostInserted);
    }

    private void PurgeRun()
    {
        var live = _runHead;
        for (var i = _runHead; i < _runEnd; i++)
        {
            if (!IsDropped(_run[i].Slot))
                _run[live++] = _run[i];
        }

        _runEnd = live;
    }

    private void CopyRunFrom(EventCalendar<T> other)
    {
        var length = other._runEnd - other._runHead;
        if (_run.Length < length)
            _run = new Node[other._run.Length];

        other._run.AsSpan(other._runHead, length).CopyTo(_run);
        (_runHead, _runEnd, _runLimit) = (0, length, other._runLimit);
    }

    private void ClearRun() => (_runHead, _runEnd, _runLimit) = (0, 0, MostInserted);
}
