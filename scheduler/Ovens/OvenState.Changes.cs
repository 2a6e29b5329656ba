namespace DigitalTwin.Scheduler.Ovens;

/// <summary>Changes, and taking them back.</summary>
internal sealed partial class OvenState
{
    private readonly Stack<Change> _changes = new();

    private enum Kind
    {
        Added,
        Removed,
        Opened,
        Closed,
        Moved,
    }

    /// <param name="Place">What the batch stood behind.</param>
    private readonly record struct Change(Kind Kind, int Job, int Batch, int Place);

    /// <summary>What was done so far stays.</summary>
    public void Begin() => _changes.Clear();

    /// <summary>Takes back everything since <see cref="Begin"/>.</summary>
    public void Undo()
    {
        while (_changes.TryPop(out var change))
        {
            switch (change.Kind)
            {
                case Kind.Added or Kind.Opened:
                    Remove(change.Job);
                    break;
                case Kind.Removed:
                    Add(change.Job, change.Batch);
                    break;
                case Kind.Closed:
                    Open(change.Job, change.Place);
                    break;
                default:
                    Move(change.Batch, change.Place);
                    break;
            }

            _changes.Pop();
        }
    }

    /// <summary>Takes a job out; its batch is closed when nothing is left in it.</summary>
    public void Remove(int job)
    {
        var batch = _batchOf[job];
        ref var b = ref _batches[batch];
        if (b.Jobs == 1)
        {
            _changes.Push(new Change(Kind.Closed, job, batch, b.Previous));
            var next = b.Next;
            Unlink(ref b);
            Cost -= b.Cost;
            (b.Jobs, b.FirstJob) = (0, Nothing);
            _batchOf[job] = Nothing;
            _free[_freeCount++] = batch;
            Retime(next);
            return;
        }

        _changes.Push(new Change(Kind.Removed, job, batch, Nothing));
        var (previous, following) = (_previousJob[job], _nextJob[job]);
        if (previous == Nothing)
        {
            b.FirstJob = following;
        }
        else
        {
            _nextJob[previous] = following;
        }

        if (following != Nothing)
        {
            _previousJob[following] = previous;
        }

        _batchOf[job] = Nothing;
        b.Jobs--;
        b.Size -= _size[job];
        (b.Release, b.MinTime, b.MaxTime, b.Allowed) = (0, 0, Never, ulong.MaxValue);
        for (var j = b.FirstJob; j != Nothing; j = _nextJob[j])
        {
            Fit(ref b, j);
        }

        Retime(batch);
    }

    /// <summary>Puts a job that is nowhere into a batch.</summary>
    public void Add(int job, int batch)
    {
        _changes.Push(new Change(Kind.Added, job, batch, Nothing));
        ref var b = ref _batches[batch];
        Chain(ref b, job, batch);
        b.Size += _size[job];
        Fit(ref b, job);
        Retime(batch);
    }

    /// <summary>Opens a batch for a job that is nowhere, behind a batch or the head of an oven.</summary>
    public void Open(int job, int place)
    {
        var batch = _free[--_freeCount];
        _changes.Push(new Change(Kind.Opened, job, batch, Nothing));
        ref var b = ref _batches[batch];
        b = new Batch { FirstJob = Nothing, Family = _family[job], Size = _size[job], MaxTime = Never, Allowed = ulong.MaxValue };
        Chain(ref b, job, batch);
        Fit(ref b, job);
        Link(batch, place);
    }

    /// <summary>Puts a batch behind another, or behind the head of an oven.</summary>
    public void Move(int batch, int place)
    {
        ref var b = ref _batches[batch];
        _changes.Push(new Change(Kind.Moved, Nothing, batch, b.Previous));
        var next = b.Next;
        Unlink(ref b);
        Cost -= b.Cost;
        b.Cost = 0;
        Retime(next);
        Link(batch, place);
    }

    private void Chain(ref Batch b, int job, int batch)
    {
        (_nextJob[job], _previousJob[job], _batchOf[job]) = (b.FirstJob, Nothing, batch);
        if (b.FirstJob != Nothing)
        {
            _previousJob[b.FirstJob] = job;
        }

        b.FirstJob = job;
        b.Jobs++;
    }

    private void Fit(ref Batch b, int job)
    {
        b.Release = Math.Max(b.Release, _release[job]);
        b.MinTime = Math.Max(b.MinTime, _minTime[job]);
        b.MaxTime = Math.Min(b.MaxTime, _maxTime[job]);
        b.Allowed &= _problem.Allowed[job];
    }

    private void Unlink(ref Batch b)
    {
        _batches[b.Previous].Next = b.Next;
        if (b.Next != Nothing)
        {
            _batches[b.Next].Previous = b.Previous;
        }
    }

    private void Link(int batch, int place)
    {
        ref var b = ref _batches[batch];
        (b.Oven, b.Previous, b.Next) = (_batches[place].Oven, place, _batches[place].Next);
        _batches[place].Next = batch;
        if (b.Next != Nothing)
        {
            _batches[b.Next].Previous = batch;
        }

        Retime(batch);
        Retime(b.Next);
    }
}
