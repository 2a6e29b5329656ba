using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DigitalTwin.Simulation;

/// <content>The run: the events of the bucket whose turn has come, sorted; popped from its head.</content>
public sealed partial class EventCalendar<T>
{
    /// <summary>Buckets of up to so many events are sorted at once, without a rung of their own.</summary>
    private const int LargestSort = 1 << PositionBits;
    private const int PositionBits = 6;
    private const int Lanes = 4; // of a Vector256<long>

    /// <summary>A new event may go before so many of the last ones in the run.</summary>
    private const int FarthestInsertion = 32;

    private readonly Node[] _unsorted = new Node[LargestSort];
    private readonly long[] _keys = new long[LargestSort + Lanes];
    private Node[] _run = new Node[LargestSort];
    private Node[] _merged = [];
    private int _runHead;
    private int _runEnd;

    /// <summary>Where a new event before the horizon is to be written: in the run, or what goes to the heap then.</summary>
    private ref Node PlaceNear(long time, int priority)
    {
        if (_runEnd == _run.Length)
            MakeRoomInRun();

        ref var run = ref MemoryMarshal.GetArrayDataReference(_run);
        var place = _runEnd;
        var nearest = place - FarthestInsertion;
        if (nearest > _runHead && GoesBefore(time, priority, Unsafe.Add(ref run, nearest)))
            return ref PlaceInHeap(time, priority);

        for (; place > _runHead && GoesBefore(time, priority, Unsafe.Add(ref run, place - 1)); place--)
            Unsafe.Add(ref run, place) = Unsafe.Add(ref run, place - 1);

        _runEnd++;
        return ref Unsafe.Add(ref run, place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool GoesBefore(long time, int priority, in Node older) =>
        time < older.Time || (time == older.Time && priority < older.Priority);

    private ref Node PlaceInHeap(long time, int priority)
    {
        if (_heapSize < LargestHeap || _heapSize < (_runEnd - _runHead) / 4)
            return ref _newcomer;

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
    /// <remarks>The place of an event is the number of events with a smaller (time, position): counted four at a time
    /// and without a branch to mispredict.</remarks>
    private void SortIntoRun(int count)
    {
        (_runHead, _runEnd) = (0, count);
        if (count <= 1)
        {
            _run[0] = _unsorted[0];
            return;
        }

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

        OrderPriorities();
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

    /// <summary>Events of one time lie together in the order of insertion; priorities among them are the exception.</summary>
    private void OrderPriorities()
    {
        for (var i = 1; i < _runEnd; i++)
        {
            if (_run[i].PrecedesOlder(_run[i - 1]))
                SinkInRun(i, _run[i]);
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
        (_runHead, _runEnd) = (0, length);
    }

    private void ClearRun() => (_runHead, _runEnd) = (0, 0);
}
