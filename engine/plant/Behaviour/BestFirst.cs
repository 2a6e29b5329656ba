namespace DigitalTwin.Plant.Behaviour;

/// <summary>Walks waiting jobs in the exact order of a rule without sorting them all.</summary>
/// <remarks>
/// A job's score can depend on the machine and the moment, but never falls below the floor by which the queues are ordered. So the walk
/// looks at jobs by rising floor, prices them, and hands one out as soon as no job still unseen could have a lower score. With a rule
/// whose score is its floor (FIFO, EDD) it looks at one job per job handed out; with a floor of −∞ at all of them.
/// Scratch memory: holds nothing between two walks.
/// </remarks>
internal sealed class BestFirst
{
    private Entry[] _unseen = new Entry[16]; // heap of places in the queues, by floor
    private Entry[] _priced = new Entry[16]; // heap of jobs, by score
    private int _unseenCount;
    private int _pricedCount;

    /// <summary>Starts a walk.</summary>
    public void Begin() => _unseenCount = _pricedCount = 0;

    /// <summary>Adds a group's queue to the walk.</summary>
    public void Enter(ReadyQueues queues, int group)
    {
        if (queues.Count(group) > 0)
        {
            Push(ref _unseen, ref _unseenCount, new Entry(queues.HeapOf(group)[0], group, 0));
        }
    }

    /// <summary>The next job to be priced; false when those priced already come first (see <see cref="TryTake"/>).</summary>
    public bool TryLook(ReadyQueues queues, out int job)
    {
        if (_unseenCount == 0 || (_pricedCount > 0 && _priced[0].Queued.Precedes(_unseen[0].Queued)))
        {
            job = -1;
            return false;
        }

        var entry = Pop(_unseen, ref _unseenCount);
        var heap = queues.HeapOf(entry.Group);
        for (var child = 2 * entry.Place + 1; child <= 2 * entry.Place + 2 && child < heap.Length; child++)
        {
            Push(ref _unseen, ref _unseenCount, new Entry(heap[child], entry.Group, child));
        }

        job = entry.Queued.Job;
        return true;
    }

    /// <summary>States the score of a job that was looked at. A job that is not stated takes no part.</summary>
    public void Price(double score, long readyAt, int job) =>
        Push(ref _priced, ref _pricedCount, new Entry(new QueuedJob(score, readyAt, job), 0, 0));

    /// <summary>Hands out the best job; false at the end of the walk. Valid when <see cref="TryLook"/> has said false.</summary>
    public bool TryTake(out int job)
    {
        if (_pricedCount == 0)
        {
            job = -1;
            return false;
        }

        job = Pop(_priced, ref _pricedCount).Queued.Job;
        return true;
    }

    private static void Push(ref Entry[] heap, ref int count, in Entry entry)
    {
        if (count == heap.Length)
        {
            Array.Resize(ref heap, count * 2);
        }

        var hole = count++;
        while (hole > 0 && entry.Queued.Precedes(heap[(hole - 1) / 2].Queued))
        {
            heap[hole] = heap[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }

        heap[hole] = entry;
    }

    private static Entry Pop(Entry[] heap, ref int count)
    {
        var top = heap[0];
        var last = heap[--count];
        var hole = 0;
        for (var child = 1; child < count; child = 2 * hole + 1)
        {
            if (child + 1 < count && heap[child + 1].Queued.Precedes(heap[child].Queued))
            {
                child++;
            }

            if (!heap[child].Queued.Precedes(last.Queued))
            {
                break;
            }

            heap[hole] = heap[child];
            hole = child;
        }

        heap[hole] = last;
        return top;
    }

    private readonly record struct Entry(QueuedJob Queued, int Group, int Place);
}
