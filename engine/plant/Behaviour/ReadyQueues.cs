using DigitalTwin.Plant.Snapshots;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>A waiting job in the order of the queue: by the floor of its score, then the longest waiting, then the lowest index.</summary>
internal readonly record struct QueuedJob(double Floor, long ReadyAt, int Job)
{
    public bool Precedes(in QueuedJob other) =>
        Floor != other.Floor ? Floor < other.Floor
        : ReadyAt != other.ReadyAt ? ReadyAt < other.ReadyAt
        : Job < other.Job;
}

/// <summary>The jobs waiting per group: heaps by the lowest score a job can ever have, and lists by batch key.</summary>
/// <remarks>All heaps lie in one array, each group at the place that the scenario gives it, so that a copy is a few block copies of the
/// parts in use. Adding and removing take O(log n).</remarks>
internal sealed class ReadyQueues : IExchanged<ReadyQueues>
{
    private readonly CompiledScenario _plant;
    [NotState("exchanged by what is in use")]
    private readonly QueuedJob[] _heap;
    private int[] _counts; // per group
    private int[] _needy; // per group: how many of them need auxiliaries
    [NotState("exchanged by what is in use")]
    private readonly Link[] _links; // per job, meaningful while it waits
    private int[] _firstOfKey; // per batch key: a waiting job + 1, or 0

    public ReadyQueues(CompiledScenario plant)
    {
        _plant = plant;
        _heap = GC.AllocateUninitializedArray<QueuedJob>(plant.Jobs.JobCount);
        _links = GC.AllocateUninitializedArray<Link>(plant.Jobs.JobCount);
        _counts = new int[plant.Groups.Length];
        _needy = new int[plant.Groups.Length];
        _firstOfKey = new int[plant.BatchKeyCount];
    }

    /// <remarks>Only what waits is copied or saved: most of a long order book does not.</remarks>
    public void Exchange(StateExchange exchange, ReadyQueues? other)
    {
        exchange.Array(ref _counts, other?._counts);
        exchange.Array(ref _needy, other?._needy);
        exchange.Array(ref _firstOfKey, other?._firstOfKey);
        if (other is not null)
        {
            CopyWaiting(other);
        }
        else
        {
            ExchangeWaiting(exchange);
        }
    }

    private void CopyWaiting(ReadyQueues other)
    {
        for (var group = 0; group < _counts.Length; group++)
        {
            var start = _plant.QueueStart(group);
            var used = other._heap.AsSpan(start, _counts[group]);
            used.CopyTo(_heap.AsSpan(start));
            foreach (ref readonly var queued in used)
            {
                _links[queued.Job] = other._links[queued.Job];
            }
        }
    }

    private void ExchangeWaiting(StateExchange exchange)
    {
        var waiting = new (QueuedJob Queued, Link Link)[_counts.Sum()];
        var next = 0;
        for (var group = 0; group < _counts.Length; group++)
        {
            foreach (ref readonly var queued in HeapOf(group))
            {
                // What is being loaded into holds nothing that means anything yet.
                waiting[next++] = (queued, (uint)queued.Job < (uint)_links.Length ? _links[queued.Job] : default);
            }
        }

        exchange.Array(ref waiting, null);
        next = 0;
        for (var group = 0; group < _counts.Length; group++)
        {
            for (var place = _plant.QueueStart(group); place < _plant.QueueStart(group) + _counts[group]; place++, next++)
            {
                _heap[place] = waiting[next].Queued;
                _links[waiting[next].Queued.Job] = waiting[next].Link;
            }
        }
    }

    public int Count(int group) => _counts[group];

    /// <summary>Waiting jobs of a group that need auxiliaries.</summary>
    public int Needy(int group) => _needy[group];

    /// <summary>The waiting jobs of a group as a heap: the children of i are 2i + 1 and 2i + 2.</summary>
    public ReadOnlySpan<QueuedJob> HeapOf(int group) => _heap.AsSpan(_plant.QueueStart(group), _counts[group]);

    /// <summary>The waiting jobs of a group in no order that means anything.</summary>
    public JobsOfGroup Of(int group) => new(HeapOf(group));

    /// <summary>A waiting job of a batch key, −1 when none waits; the others follow by <see cref="NextOfKey"/>.</summary>
    public int FirstOfKey(int key) => _firstOfKey[key] - 1;

    public int NextOfKey(int job) => _links[job].Next - 1;

    public void Add(int group, double floor, long readyAt, int job)
    {
        SiftUp(_plant.QueueStart(group), _counts[group]++, new QueuedJob(floor, readyAt, job));
        ref readonly var operation = ref _plant.CompiledOperationOf(job);
        if (operation.AuxiliaryCount > 0)
        {
            _needy[group]++;
        }

        if (operation.Batches)
        {
            ref var first = ref _firstOfKey[_plant.BatchKeyOf(job)];
            _links[job].Next = first;
            _links[job].Previous = 0;
            if (first > 0)
            {
                _links[first - 1].Previous = job + 1;
            }

            first = job + 1;
        }
    }

    /// <summary>Orders every queue by other floors.</summary>
    public void Reorder(Func<int, double> floor)
    {
        for (var group = 0; group < _counts.Length; group++)
        {
            var start = _plant.QueueStart(group);
            for (var i = 0; i < _counts[group]; i++)
            {
                var queued = _heap[start + i];
                SiftUp(start, i, queued with { Floor = floor(queued.Job) });
            }
        }
    }

    public void Remove(int group, int job)
    {
        var start = _plant.QueueStart(group);
        var hole = _links[job].Position;
        var last = _heap[start + --_counts[group]];
        if (last.Job != job)
        {
            if (hole > 0 && last.Precedes(_heap[start + (hole - 1) / 2]))
            {
                SiftUp(start, hole, last);
            }
            else
            {
                SiftDown(start, _counts[group], hole, last);
            }
        }

        ref readonly var operation = ref _plant.CompiledOperationOf(job);
        if (operation.AuxiliaryCount > 0)
        {
            _needy[group]--;
        }

        if (operation.Batches)
        {
            UnlinkFromKey(job);
        }
    }

    private void UnlinkFromKey(int job)
    {
        var link = _links[job];
        if (link.Next > 0)
        {
            _links[link.Next - 1].Previous = link.Previous;
        }

        if (link.Previous > 0)
        {
            _links[link.Previous - 1].Next = link.Next;
        }
        else
        {
            _firstOfKey[_plant.BatchKeyOf(job)] = link.Next;
        }
    }

    private void SiftUp(int start, int hole, in QueuedJob queued)
    {
        while (hole > 0)
        {
            var parent = (hole - 1) / 2;
            if (!queued.Precedes(_heap[start + parent]))
            {
                break;
            }

            Put(start, hole, _heap[start + parent]);
            hole = parent;
        }

        Put(start, hole, queued);
    }

    private void SiftDown(int start, int count, int hole, in QueuedJob queued)
    {
        for (var child = 2 * hole + 1; child < count; child = 2 * hole + 1)
        {
            if (child + 1 < count && _heap[start + child + 1].Precedes(_heap[start + child]))
            {
                child++;
            }

            if (!_heap[start + child].Precedes(queued))
            {
                break;
            }

            Put(start, hole, _heap[start + child]);
            hole = child;
        }

        Put(start, hole, queued);
    }

    private void Put(int start, int place, in QueuedJob queued)
    {
        _heap[start + place] = queued;
        _links[queued.Job].Position = place;
    }

    /// <summary>Where a waiting job stands; neighbours in the list of its batch key are kept as index + 1, 0 for none.</summary>
    private struct Link
    {
        public int Position;
        public int Next;
        public int Previous;
    }

    /// <summary>Enumerates the job indices of a queue without allocating.</summary>
    public ref struct JobsOfGroup(ReadOnlySpan<QueuedJob> heap)
    {
        private readonly ReadOnlySpan<QueuedJob> _heap = heap;
        private int _index = -1;

        public readonly int Current => _heap[_index].Job;

        public readonly JobsOfGroup GetEnumerator() => this;

        public bool MoveNext() => ++_index < _heap.Length;
    }
}
