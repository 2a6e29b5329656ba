using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DigitalTwin.Simulation;

/// <content>The ladder: rungs of buckets, each rung one bucket of the rung before in finer steps, and the top for everything later.</content>
/// <remarks>After the ladder queue of Tang, Goh and Thng (2005), with FIFO chunks for buckets, widths that are powers of two, and
/// few enough buckets in a rung that their ends stay in the cache: an event is moved once more instead of missing it.</remarks>
public sealed partial class EventCalendar<T>
{
    private const int MostBuckets = 1024;

    /// <summary>More buckets than that are worth their misses only where they save a rung.</summary>
    private const int MostBucketsOfMany = 4096;
    private const int FewestBucketsHeld = 256; // so that a small calendar has its memory early
    private const int FullBucket = LargestSort / 4;
    private const int MostRungs = 24;
    private const int Sparse = 8;
    private const int ChunkBits = 4;
    private const int ChunkSize = 1 << ChunkBits;

    /// <summary>A top with no more nodes goes back to run and heap.</summary>
    private const int FewestForLadder = 16; // fits in a run without the heap

    private Node[] _pool = []; // chunk c is [c · ChunkSize, (c+1) · ChunkSize)
    private int[] _nextChunk = [];
    private int _chunksUsed;
    private int _freeChunk = -1;
    private Bucket[] _buckets = []; // those of rung after rung
    private Rung[] _rungs = [];
    private int _depth; // rungs in use; the last is the finest and the next to be consumed
    private Bucket _top;
    private long _topStart = long.MaxValue;
    private long _topFirst = long.MaxValue;
    private long _topLast = long.MinValue;

    /// <summary>Where a new event at or after the horizon is to be written.</summary>
    private ref Node PlaceInLadder(long time)
    {
        if (time >= _topStart)
        {
            _topFirst = Math.Min(_topFirst, time);
            _topLast = Math.Max(_topLast, time);
            return ref PlaceIn(ref _top);
        }

        ref var rung = ref MemoryMarshal.GetArrayDataReference(_rungs);
        while (time < rung.Next)
            rung = ref Unsafe.Add(ref rung, 1);

        rung.Nodes++;
        return ref PlaceIn(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_buckets), rung.BucketOf(time)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Node PlaceIn(ref Bucket bucket)
    {
        var place = bucket.Nodes++ & (ChunkSize - 1);
        if (place == 0)
            AddChunk(ref bucket);

        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_pool), (bucket.Tail << ChunkBits) + place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(ref Bucket bucket, in Node node) => PlaceIn(ref bucket) = node;

    private void AddChunk(ref Bucket bucket)
    {
        var chunk = _freeChunk;
        if (chunk >= 0)
            _freeChunk = _nextChunk[chunk];
        else
            chunk = NewChunk();

        _nextChunk[chunk] = -1;
        if (bucket.Nodes == 1)
            bucket.Head = chunk;
        else
            _nextChunk[bucket.Tail] = chunk;
        bucket.Tail = chunk;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int NewChunk()
    {
        if (_chunksUsed == _nextChunk.Length)
        {
            var chunks = Math.Max(64, _chunksUsed + _chunksUsed / 2);
            Array.Resize(ref _nextChunk, chunks);
            Array.Resize(ref _pool, chunks << ChunkBits);
        }

        return _chunksUsed++;
    }

    /// <summary>Heap and run have become large: their events become the finest rung.</summary>
    private void Spill()
    {
        MergeHeapIntoRun();
        var (first, last) = (_run[_runHead].Time, _run[_runEnd - 1].Time);
        var isFirstRung = _horizon == long.MaxValue;
        if (first == last || _depth == MostRungs)
        {
            if (isFirstRung)
                _horizon = _topStart = last + 1;
            _runLimit = 2 * (_runEnd - _runHead) + MostInserted;
            return;
        }

        var end = _horizon;
        ref var rung = ref AddRung(_runEnd - _runHead, first, last, end);
        if (isFirstRung)
            _topStart = rung.End = EndOf(rung);
        for (var i = _runHead; i < _runEnd; i++)
            Append(ref _buckets[rung.BucketOf(_run[i].Time)], _run[i]);

        ClearRun();
        _horizon = rung.Next;
    }

    /// <summary>Heap and run are empty: fills the run.</summary>
    /// <returns>False when nothing waits any more.</returns>
    private bool Advance()
    {
        while (_runHead == _runEnd)
        {
            if (_depth == 0 && !UnrollTop())
                break;

            if (_rungs[_depth - 1].Nodes == 0)
            {
                _depth--;
                _horizon = _depth > 0 ? _rungs[_depth - 1].Next : _topStart;
            }
            else
            {
                TakeNextBucket();
            }
        }

        return _runHead != _runEnd;
    }

    /// <summary>Makes the top the first rung.</summary>
    /// <returns>False when there are too few events for a ladder: they are near now.</returns>
    private bool UnrollTop()
    {
        var top = _top;
        _top = default;
        if (top.Nodes <= FewestForLadder)
        {
            (_horizon, _topStart, _topFirst, _topLast) = (long.MaxValue, long.MaxValue, long.MaxValue, long.MinValue);
            for (int left = top.Nodes, chunk = top.Head; left > 0; left -= ChunkSize, chunk = FreeChunk(chunk))
            {
                foreach (ref readonly var node in Chunk(chunk, left))
                    PlaceNear(node.Time, node.Priority) = node;
            }

            return false;
        }

        ref var rung = ref AddRung(2 * top.Nodes, _topFirst, _topLast, long.MaxValue);
        rung.Nodes = top.Nodes;
        _topStart = rung.End = EndOf(rung);
        (_topFirst, _topLast) = (long.MaxValue, long.MinValue);
        Spread(top, rung);
        _horizon = rung.Next;
        return true;
    }

    private void TakeNextBucket()
    {
        ref var rung = ref _rungs[_depth - 1];
        var index = rung.Current;
        while (_buckets[index].Nodes == 0)
            index++;

        var bucket = _buckets[index];
        rung.Pass(index);
        rung.Nodes -= bucket.Nodes;
        _horizon = rung.Next;
        if (bucket.Nodes <= LargestSort)
        {
            SortIntoRun(Gather(bucket));
            return; // perhaps all were cancelled
        }

        var (first, last) = Span(bucket);
        if (first < last && _depth < MostRungs)
        {
            ref var finer = ref AddRung(bucket.Nodes, first, last, _horizon);
            Spread(bucket, finer);
            _horizon = finer.Next;
        }
        else
        {
            GatherLong(bucket);
            SortLongRun();
        }
    }

    /// <summary>A rung for so many nodes between two times.</summary>
    private ref Rung AddRung(int nodes, long first, long last, long end)
    {
        var (width, buckets) = Widths((ulong)(last - first), nodes);
        var start = _depth > 0 ? _rungs[_depth - 1].First + _rungs[_depth - 1].Buckets : 0;
        if (start + buckets > _buckets.Length)
            Array.Resize(ref _buckets, Math.Max(FewestBucketsHeld, Math.Max(start + buckets, 2 * _buckets.Length)));
        if (_depth == _rungs.Length)
            Array.Resize(ref _rungs, Math.Max(4, 2 * _depth));

        _buckets.AsSpan(start, buckets).Clear();
        ref var rung = ref _rungs[_depth++];
        rung = new Rung { Start = first, Next = first, End = end, Shift = width, First = start, Current = start, Buckets = buckets, Nodes = nodes };
        return ref rung;
    }

    /// <summary>Steps of a rung: about so many nodes a bucket if they lay evenly, which they seldom do.</summary>
    private static (int Shift, int Buckets) Widths(ulong span, int nodes)
    {
        var fine = Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)(nodes / Sparse)), 2, MostBuckets);
        var coarse = Math.Min((int)BitOperations.RoundUpToPowerOf2((uint)(nodes / FullBucket)), MostBucketsOfMany);
        var wanted = Math.Max(fine, coarse);
        var shift = Math.Max(0, BitOperations.Log2(span | 1) + 1 - BitOperations.Log2((uint)wanted));
        return (shift, (int)(span >> shift) + 1);
    }

    private static long EndOf(in Rung rung)
    {
        var room = (ulong)(long.MaxValue - rung.Start) >> rung.Shift;
        return room <= (ulong)rung.Buckets ? long.MaxValue : rung.Start + ((long)rung.Buckets << rung.Shift);
    }

    private void Spread(Bucket from, in Rung to)
    {
        for (int left = from.Nodes, chunk = from.Head; left > 0; left -= ChunkSize, chunk = FreeChunk(chunk))
        {
            // By index, not by reference: appending may move the pool.
            var first = chunk << ChunkBits;
            for (var i = first; i < first + Math.Min(left, ChunkSize); i++)
                Append(ref _buckets[to.BucketOf(_pool[i].Time)], _pool[i]);
        }
    }

    private int Gather(Bucket bucket)
    {
        var count = 0;
        for (int left = bucket.Nodes, chunk = bucket.Head; left > 0; left -= ChunkSize, chunk = FreeChunk(chunk))
        {
            foreach (ref readonly var node in Chunk(chunk, left))
            {
                // Accounts are looked at here, where many misses of the cache overlap, and are at hand when the events are popped.
                if (!IsDropped(node.Slot))
                    _unsorted[count++] = node;
            }
        }

        return count;
    }

    private void GatherLong(Bucket bucket)
    {
        if (_run.Length < bucket.Nodes)
            _run = new Node[(int)BitOperations.RoundUpToPowerOf2((uint)bucket.Nodes)];

        (_runHead, _runEnd, _runLimit) = (0, 0, bucket.Nodes + MostInserted);
        for (int left = bucket.Nodes, chunk = bucket.Head; left > 0; left -= ChunkSize, chunk = FreeChunk(chunk))
        {
            foreach (ref readonly var node in Chunk(chunk, left))
                _run[_runEnd++] = node;
        }
    }

    private (long First, long Last) Span(Bucket bucket)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        for (int left = bucket.Nodes, chunk = bucket.Head; left > 0; left -= ChunkSize, chunk = _nextChunk[chunk])
        {
            foreach (ref readonly var node in Chunk(chunk, left))
                (first, last) = (Math.Min(first, node.Time), Math.Max(last, node.Time));
        }

        return (first, last);
    }

    private ReadOnlySpan<Node> Chunk(int chunk, int left) => _pool.AsSpan(chunk << ChunkBits, Math.Min(left, ChunkSize));

    /// <returns>The chunk after it.</returns>
    private int FreeChunk(int chunk)
    {
        var next = _nextChunk[chunk];
        _nextChunk[chunk] = _freeChunk;
        _freeChunk = chunk;
        return next;
    }

    private void PurgeLadder()
    {
        PurgeBucket(ref _top);
        foreach (ref var rung in _rungs.AsSpan(0, _depth))
        {
            rung.Nodes = 0;
            foreach (ref var bucket in _buckets.AsSpan(rung.Current, rung.First + rung.Buckets - rung.Current))
            {
                PurgeBucket(ref bucket);
                rung.Nodes += bucket.Nodes;
            }
        }
    }

    private void PurgeBucket(ref Bucket bucket)
    {
        var old = bucket;
        bucket = default;
        for (int left = old.Nodes, chunk = old.Head; left > 0; left -= ChunkSize, chunk = FreeChunk(chunk))
        {
            var first = chunk << ChunkBits;
            for (var i = first; i < first + Math.Min(left, ChunkSize); i++)
            {
                if (!IsDropped(_pool[i].Slot))
                    Append(ref bucket, _pool[i]);
            }
        }
    }

    private void CopyLadderFrom(EventCalendar<T> other)
    {
        Copy(other._pool, ref _pool, other._chunksUsed << ChunkBits);
        Copy(other._nextChunk, ref _nextChunk, other._chunksUsed);
        Copy(other._rungs, ref _rungs, other._depth);
        Copy(other._buckets, ref _buckets, other._depth == 0 ? 0 : other._rungs[other._depth - 1].First + other._rungs[other._depth - 1].Buckets);
        (_chunksUsed, _freeChunk, _depth) = (other._chunksUsed, other._freeChunk, other._depth);
        (_top, _topStart, _topFirst, _topLast) = (other._top, other._topStart, other._topFirst, other._topLast);
    }

    private void ClearLadder()
    {
        (_chunksUsed, _freeChunk, _depth, _top) = (0, -1, 0, default);
        (_topStart, _topFirst, _topLast) = (long.MaxValue, long.MaxValue, long.MinValue);
    }

    /// <summary>Nodes in the order of insertion: a chain of chunks, all but the last full.</summary>
    private struct Bucket
    {
        public int Head;
        public int Tail;
        public int Nodes;
    }

    private struct Rung
    {
        /// <summary>Where its first bucket starts.</summary>
        public long Start;

        /// <summary>Where its first bucket that was not taken yet starts: earlier events belong to finer rungs, the run or the heap.</summary>
        public long Next;

        /// <summary>Where the last bucket ends, which may be wider than the others.</summary>
        public long End;

        public int Shift;
        public int First;
        public int Current;
        public int Buckets;
        public int Nodes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly int BucketOf(long time) => First + (int)Math.Min((ulong)(time - Start) >> Shift, (ulong)Buckets - 1);

        public void Pass(int bucket)
        {
            Current = bucket + 1;
            Next = Current - First < Buckets ? Start + ((long)(Current - First) << Shift) : End;
        }
    }
}
