namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>A stretch of uninterrupted work; half open, in ms.</summary>
internal sealed class Stretch(LoggedOperation operation, long start, long end, bool setup)
{
    public LoggedOperation Operation { get; set; } = operation;

    public long Start { get; set; } = start;

    public long End { get; set; } = end;

    public bool Setup { get; set; } = setup;
}

/// <summary>An operation as the log shows it: consecutive records of one order with the same activity on the same machine.</summary>
internal sealed class LoggedOperation(string orderCase, string activity, string machine, string part)
{
    public string Case { get; } = orderCase;

    public string Activity { get; } = activity;

    public string Machine { get; } = machine;

    public string Part { get; } = part;

    /// <summary>In time order, disjoint.</summary>
    public List<Stretch> Work { get; } = [];

    public double Rejected { get; set; }

    public long Start => Work[0].Start;

    public long End => Work[^1].End;

    /// <summary>All setup, also what was done in between.</summary>
    public long SetupMs => Work.Where(w => w.Setup).Sum(w => w.End - w.Start);

    public long ProcessMs => Work.Where(w => !w.Setup).Sum(w => w.End - w.Start);
}

/// <summary>What had to be settled to make one consistent story of the records.</summary>
public sealed class MachiningOverlaps
{
    /// <summary>Records that ran at the same time as another of the same operation (two workers): counted once.</summary>
    public int MergedRecords { get; internal set; }

    /// <summary>Pairs of records of different operations that claimed one single machine at once: the machine's time was shared out.</summary>
    public int SharedIntervals { get; internal set; }

    /// <summary>Recorded time that thereby was not counted twice, ms.</summary>
    public long SharedMs { get; internal set; }

    /// <summary>Stretches of work cut back because the machine was reported broken meanwhile.</summary>
    public int ClippedByBreakdown { get; internal set; }

    /// <summary>Operations divided because another order took the machine over in between.</summary>
    public int DividedOperations { get; internal set; }

    /// <summary>Operations of which nothing was left.</summary>
    public int LostOperations { get; internal set; }

    /// <summary>Operations of nothing but setup (then mostly an inspection follows): their processing takes no time.</summary>
    public int SetupOnlyOperations { get; internal set; }

    /// <summary>Setups inside a running operation: setup in the scenario, shown as processing in the history.</summary>
    public int SetupsWithinProcessing { get; internal set; }

    /// <summary>Setups at a bench with several places: taken as processing.</summary>
    public int SetupsAtBenches { get; internal set; }
}

/// <summary>Puts the records together: operations per order, then a story per machine in which nothing happens twice.</summary>
internal sealed class MachiningOperations
{
    /// <summary>A place where more than this share of the work overlaps is a bench with several places, not a machine.</summary>
    private const double BenchShare = 0.25;

    private readonly List<LoggedOperation> _operations = [];

    public MachiningOperations(List<MachiningRecord> records)
    {
        foreach (var order in records.GroupBy(r => r.Case, StringComparer.Ordinal))
        {
            CollectOperations(order);
        }

        foreach (var machine in records.GroupBy(r => r.Machine, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Breakdowns[machine.Key] = Union(machine.Where(r => r.Kind == RecordKind.Breakdown).Select(r => (r.Start, r.End)));
            SettleMachine(machine.Key);
        }

        _operations.RemoveAll(o => o.Work.Count == 0);
    }

    public MachiningOverlaps Overlaps { get; } = new();

    public IReadOnlyList<LoggedOperation> Operations => _operations;

    /// <summary>Disjoint breakdowns per machine.</summary>
    public SortedDictionary<string, List<(long Start, long End)>> Breakdowns { get; } = new(StringComparer.Ordinal);

    /// <summary>Places per machine: 1, or for a bench the most orders ever worked on at once.</summary>
    public Dictionary<string, int> Slots { get; } = new(StringComparer.Ordinal);

    private void CollectOperations(IEnumerable<MachiningRecord> order)
    {
        LoggedOperation? current = null;
        foreach (var record in order.Where(r => r.Kind != RecordKind.Breakdown).OrderBy(r => r.Start).ThenBy(r => r.End).ThenBy(r => r.Line))
        {
            if (current is null || current.Activity != record.Activity || current.Machine != record.Machine)
            {
                _operations.Add(current = new LoggedOperation(record.Case, record.Activity, record.Machine, record.Part));
            }

            current.Rejected += record.Rejected;
            var start = record.Start;
            if (current.Work.Count > 0 && start < current.Work[^1].End)
            {
                Overlaps.MergedRecords++;
                start = current.Work[^1].End;
            }

            if (record.End > start)
            {
                current.Work.Add(new Stretch(current, start, record.End, record.Kind == RecordKind.Setup));
            }
        }
    }

    private void SettleMachine(string machine)
    {
        var work = _operations.Where(o => o.Machine == machine).SelectMany(o => o.Work).OrderBy(w => w.Start).ThenBy(w => w.End).ToList();
        CutOutBreakdowns(machine, work);
        Slots[machine] = PlacesNeeded(work);
        if (Slots[machine] == 1)
        {
            ShareOut(work);
        }

        foreach (var operation in _operations.Where(o => o.Machine == machine))
        {
            operation.Work.Clear(); // what is left of it is put in again
        }

        foreach (var stretch in Divide(work, Slots[machine]))
        {
            stretch.Operation.Work.Add(stretch);
        }

        foreach (var operation in _operations.Where(o => o.Machine == machine))
        {
            TidySetups(operation, Slots[machine]);
        }

        Overlaps.LostOperations += _operations.Count(o => o.Machine == machine && o.Work.Count == 0);
    }

    /// <summary>Work reported while the machine was reported broken: only the parts before and after count.</summary>
    private void CutOutBreakdowns(string machine, List<Stretch> work)
    {
        foreach (var (start, end) in Breakdowns[machine])
        {
            foreach (var stretch in work.Where(w => w.Start < end && w.End > start).ToList())
            {
                Overlaps.ClippedByBreakdown++;
                if (stretch.End > end)
                {
                    work.Add(new Stretch(stretch.Operation, end, stretch.End, stretch.Setup));
                }

                stretch.End = Math.Min(stretch.End, start);
            }
        }

        work.RemoveAll(w => w.End <= w.Start);
        work.Sort((a, b) => (a.Start, a.End).CompareTo((b.Start, b.End)));
    }

    private static int PlacesNeeded(List<Stretch> work)
    {
        var ends = new List<long>();
        var (overlapping, most) = (0, 1);
        foreach (var stretch in work)
        {
            ends.RemoveAll(e => e <= stretch.Start);
            overlapping += ends.Count > 0 ? 1 : 0;
            ends.Add(stretch.End);
            most = Math.Max(most, ends.Count);
        }

        return overlapping > BenchShare * work.Count ? most : 1;
    }

    /// <summary>
    /// A single machine does one thing at a time. Two that overlap in part meet in the middle of the overlap; one that lies within
    /// the other shares the longer one's time in proportion to what both reported.
    /// </summary>
    private void ShareOut(List<Stretch> work)
    {
        for (var i = 1; i < work.Count; i++)
        {
            var (before, after) = (work[i - 1], work[i]);
            if (after.Start >= before.End)
            {
                continue;
            }

            Overlaps.SharedIntervals++;
            var reported = before.End - before.Start + after.End - after.Start;
            long boundary;
            if (after.End <= before.End)
            {
                var end = before.End;
                boundary = before.Start + (long)((end - before.Start) * ((before.End - before.Start) / (double)reported));
                after.End = end;
            }
            else
            {
                var from = Math.Max(after.Start, before.Start);
                boundary = from + (before.End - from) / 2;
            }

            before.End = boundary;
            after.Start = boundary;
            Overlaps.SharedMs += reported - (after.End - before.Start);
        }

        work.RemoveAll(w => w.End <= w.Start);
    }

    /// <summary>An operation keeps its place through its pauses, unless another needs the place: then what follows is a new operation.</summary>
    private IEnumerable<Stretch> Divide(List<Stretch> work, int slots)
    {
        var left = work.GroupBy(w => w.Operation).ToDictionary(g => g.Key, g => g.Count());
        var renamed = new Dictionary<LoggedOperation, LoggedOperation>();
        var inPlace = new List<(LoggedOperation Operation, long BusyUntil, bool Done)>();
        foreach (var stretch in work)
        {
            var original = stretch.Operation;
            inPlace.RemoveAll(p => p.Done && p.BusyUntil <= stretch.Start);
            var last = --left[original] == 0;
            var at = inPlace.FindIndex(p => p.Operation == original);
            if (at < 0)
            {
                if (inPlace.Count >= slots)
                {
                    var idle = inPlace.FindIndex(p => p.BusyUntil <= stretch.Start);
                    var pushed = inPlace[idle].Operation;
                    inPlace.RemoveAt(idle);
                    Overlaps.DividedOperations++;
                    var rest = new LoggedOperation(pushed.Case, pushed.Activity, pushed.Machine, pushed.Part);
                    _operations.Add(rest);
                    renamed[pushed] = rest;
                }

                inPlace.Add((original, stretch.End, last));
            }
            else
            {
                inPlace[at] = (original, stretch.End, last);
            }

            stretch.Operation = renamed.GetValueOrDefault(original, original);
            yield return stretch;
        }
    }

    private void TidySetups(LoggedOperation operation, int slots)
    {
        Overlaps.SetupOnlyOperations += slots == 1 && operation.Work.Count > 0 && operation.Work.TrueForAll(w => w.Setup) ? 1 : 0;
        Overlaps.SetupsWithinProcessing += slots == 1 ? operation.Work.SkipWhile(w => w.Setup).Count(w => w.Setup) : 0;
        foreach (var setup in operation.Work.Where(w => w.Setup && slots > 1))
        {
            Overlaps.SetupsAtBenches++;
            setup.Setup = false;
        }
    }

    private static List<(long Start, long End)> Union(IEnumerable<(long Start, long End)> spans)
    {
        var union = new List<(long Start, long End)>();
        foreach (var span in spans.Order())
        {
            if (union.Count > 0 && span.Start <= union[^1].End)
            {
                union[^1] = (union[^1].Start, Math.Max(union[^1].End, span.End));
            }
            else
            {
                union.Add(span);
            }
        }

        return union;
    }
}
