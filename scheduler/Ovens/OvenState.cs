namespace DigitalTwin.Scheduler.Ovens;

/// <summary>A schedule of ovens in motion: batches as chains per oven and jobs as chains per batch, with times and cost kept up to date.</summary>
/// <remarks>
/// Every batch starts as early as its place allows. A change is recorded so that <see cref="Undo"/> takes back what was done since
/// <see cref="Begin"/>. Slots 0 … jobs − 1 hold batches (a batch has at least one job), the slots behind them are the heads of the ovens.
/// </remarks>
internal sealed partial class OvenState
{
    private const int Nothing = -1;
    private const int Never = int.MaxValue / 4;
    private const long Hopeless = 1L << 52; // cost of a batch that no shift holds: above anything that is possible
    private readonly OvenProblem _problem;
    private readonly OvenWeights _weights;
    private readonly int _jobs;
    private readonly int[][] _shiftStart, _shiftEnd;
    private readonly int[] _family, _size, _release, _due, _minTime, _maxTime;
    private readonly Batch[] _batches;
    private readonly int[] _batchOf, _nextJob, _previousJob;
    private readonly int[] _free; // unused slots
    private int _freeCount;

    private struct Batch
    {
        public int Oven, Previous, Next, FirstJob, Jobs, Family, Size, Release, MinTime, MaxTime;
        public int Start, End, Shift, SetupRow;
        public ulong Allowed;
        public long Cost;
    }

    public OvenState(OvenProblem problem)
    {
        (_problem, _weights, _jobs) = (problem, problem.Weights, problem.Jobs.Length);
        _shiftStart = [.. problem.Ovens.Select(o => o.Shifts.Select(s => s.Start).ToArray())];
        _shiftEnd = [.. problem.Ovens.Select(o => o.Shifts.Select(s => s.End).ToArray())];
        _family = [.. problem.Jobs.Select(j => j.Family)];
        _size = [.. problem.Jobs.Select(j => j.Size)];
        _release = [.. problem.Jobs.Select(j => j.Release)];
        _due = [.. problem.Jobs.Select(j => j.Due)];
        _minTime = [.. problem.Jobs.Select(j => j.MinTime)];
        _maxTime = [.. problem.Jobs.Select(j => j.MaxTime)];
        _batches = new Batch[_jobs + problem.Ovens.Length];
        (_batchOf, _nextJob, _previousJob, _free) = (new int[_jobs], new int[_jobs], new int[_jobs], new int[_jobs]);
        Array.Fill(_batchOf, Nothing);
        for (var m = 0; m < problem.Ovens.Length; m++)
        {
            _batches[_jobs + m] = new Batch { Oven = m, Previous = Nothing, Next = Nothing, FirstJob = Nothing, Family = problem.Ovens[m].InitialFamily < 0 ? problem.Families : problem.Ovens[m].InitialFamily };
        }

        for (var b = _jobs - 1; b >= 0; b--)
        {
            _free[_freeCount++] = b;
        }
    }

    /// <summary>Weighted cost; above <see cref="IsPossible"/>'s limit while a batch has no shift.</summary>
    public long Cost { get; private set; }

    public bool IsPossible => Cost < Hopeless;

    public int BatchOf(int job) => _batchOf[job];

    public int OvenOf(int batch) => _batches[batch].Oven;

    /// <summary>The place before the first batch of an oven.</summary>
    public int HeadOf(int oven) => _jobs + oven;

    public int NextOf(int place) => _batches[place].Next;

    public int PreviousOf(int batch) => _batches[batch].Previous;

    public int FirstJobOf(int batch) => _batches[batch].FirstJob;

    public int JobsIn(int batch) => _batches[batch].Jobs;

    /// <summary>Whether a job may join a batch where that is.</summary>
    public bool CanJoin(int job, int batch)
    {
        ref readonly var b = ref _batches[batch];
        return b.Family == _family[job] && (_problem.Allowed[job] >> b.Oven & 1) != 0
            && b.Size + _size[job] <= _problem.Ovens[b.Oven].Capacity
            && Math.Max(b.MinTime, _minTime[job]) <= Math.Min(b.MaxTime, _maxTime[job]);
    }

    /// <summary>Whether an oven can hold a batch.</summary>
    public bool CanHold(int oven, int batch) => (_batches[batch].Allowed >> oven & 1) != 0 && _batches[batch].Size <= _problem.Ovens[oven].Capacity;

    public bool CanHoldJob(int oven, int job) => (_problem.Allowed[job] >> oven & 1) != 0;

    public OvenSchedule ToSchedule() =>
        new([.. Enumerable.Range(0, _jobs).Where(b => _batches[b].Jobs > 0).Select(b => new OvenBatch(_batches[b].Oven, _batches[b].Start, _batches[b].End, [.. JobsOf(b)]))], Cost);

    private IEnumerable<int> JobsOf(int batch)
    {
        for (var j = _batches[batch].FirstJob; j != Nothing; j = _nextJob[j])
        {
            yield return j;
        }
    }

    /// <summary>Sets the times from a batch on, until nothing changes any more.</summary>
    private void Retime(int batch)
    {
        while (batch != Nothing)
        {
            ref var b = ref _batches[batch];
            ref readonly var before = ref _batches[b.Previous];
            var (start, end, shift, row) = (b.Start, b.End, b.Shift, b.SetupRow);
            b.SetupRow = before.Family * _problem.Families + b.Family;
            Place(ref b, before.End, _problem.SetupTimes[b.SetupRow], before.Shift);
            var cost = CostOf(b);
            Cost += cost - b.Cost;
            b.Cost = cost;
            if (b.Start == start && b.End == end && b.Shift == shift && b.SetupRow == row)
            {
                return;
            }

            batch = b.Next;
        }
    }

    private void Place(ref Batch b, int free, int setup, int shift)
    {
        var (starts, ends) = (_shiftStart[b.Oven], _shiftEnd[b.Oven]);
        for (; shift < starts.Length; shift++)
        {
            var start = Math.Max(b.Release, Math.Max(free, starts[shift]) + setup);
            if (start + b.MinTime <= ends[shift])
            {
                (b.Start, b.End, b.Shift) = (start, start + b.MinTime, shift);
                return;
            }
        }

        (b.Start, b.End, b.Shift) = (Never, Never, starts.Length);
    }

    private long CostOf(in Batch b)
    {
        var late = 0;
        for (var j = b.FirstJob; j != Nothing; j = _nextJob[j])
        {
            late += b.End > _due[j] ? 1 : 0;
        }

        return _weights.RunTime * b.MinTime + _weights.LateJob * late + _weights.SetupTime * _problem.SetupTimes[b.SetupRow]
            + _weights.SetupCost * _problem.SetupCosts[b.SetupRow] + (b.Start == Never ? Hopeless : 0);
    }
}
