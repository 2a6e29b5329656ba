namespace DigitalTwin.Runtime.Journal;

/// <summary>A journal without a disk: for tests, and for sessions that need not survive their process.</summary>
public sealed class MemoryJournal : SegmentJournal
{
    public MemoryJournal()
        : base(new MemoryStore(), "")
    {
    }
}

/// <summary>Segments in memory.</summary>
internal sealed class MemoryStore : ISegmentStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _meta = new(StringComparer.Ordinal);
    private readonly SortedList<long, Segment> _segments = [];
    private readonly SortedList<long, (SnapshotHead Head, byte[]? Fold, byte[] Bars)> _snapshots = [];

    public string Name => "memory";

    public IReadOnlyDictionary<string, string> Meta() => Locked(() => new Dictionary<string, string>(_meta, StringComparer.Ordinal));

    public IReadOnlyList<Segment> Segments() => Locked(() => _segments.Values.Select(s => s with { Body = null }).ToList());

    public IReadOnlyList<SnapshotHead> Snapshots() => Locked(() => _snapshots.Values.Select(s => s.Head).ToList());

    public byte[]? ReadSegment(long first) => Locked(() => _segments.GetValueOrDefault(first)?.Body);

    public byte[]? ReadSnapshot(long sequence) => Locked(() => _snapshots.GetValueOrDefault(sequence).Fold);

    public byte[]? ReadBars(long sequence) => Locked(() => _snapshots.GetValueOrDefault(sequence).Bars);

    public void Write(StoreChange change) => Locked(() =>
    {
        foreach (var (key, value) in change.Meta)
        {
            _meta[key] = value;
        }

        foreach (var first in change.Remove.Concat(change.SetAside))
        {
            _segments.Remove(first);
        }

        foreach (var segment in change.Add)
        {
            _segments.Add(segment.First, segment);
        }

        if (change.Snapshot is { } s)
        {
            _snapshots[s.Head.Sequence] = (s.Head, CheckedBytes.Sealed(s.Fold.Span, [s.Head.Sequence, s.Head.ClockMs]), CheckedBytes.Sealed(s.Bars.Span, [s.Head.Sequence, s.Head.BarsFrom, s.Head.BarsTo]));
        }

        foreach (var sequence in change.ThinSnapshots)
        {
            _snapshots[sequence] = (_snapshots[sequence].Head with { HasFold = false }, null, _snapshots[sequence].Bars);
        }

        foreach (var sequence in _snapshots.Keys.Where(k => k < change.ForgetSnapshotsBefore).ToList())
        {
            _snapshots.Remove(sequence);
        }

        return true;
    });

    public void Probe()
    {
    }

    public void StartOver() => Locked(() =>
    {
        _meta.Clear();
        _segments.Clear();
        _snapshots.Clear();
        return true;
    });

    public void Dispose()
    {
    }

    private T Locked<T>(Func<T> work)
    {
        lock (_gate)
        {
            return work();
        }
    }
}
