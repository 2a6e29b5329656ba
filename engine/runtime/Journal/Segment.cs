namespace DigitalTwin.Runtime.Journal;

/// <summary>How the body of a segment is written. The numbers are on disk.</summary>
internal enum SegmentFormat : byte
{
    /// <summary>Rows as they were committed.</summary>
    Plain = 1,

    /// <summary>Compressed, and without the ids of observations: repeats of what is so old are no longer recognised by id.</summary>
    Compact = 2,
}

/// <summary>A run of rows that are stored, checked and lost together.</summary>
/// <param name="First">Number of its first row, from 1.</param>
/// <param name="Rows">Rows in it, ≥ 1.</param>
/// <param name="Events">Plant events in these rows.</param>
/// <param name="ClockMs">Latest event time of it and of all before it.</param>
/// <param name="At">When it was written, Unix ms.</param>
/// <param name="Kinds">Version of the names of the event kinds (<see cref="KindNames"/>).</param>
/// <param name="Size">Bytes of the body.</param>
internal sealed record Segment(long First, int Rows, int Events, long ClockMs, long At, int Kinds, SegmentFormat Format, int Size)
{
    /// <summary>Number of its last row.</summary>
    public long Last => First + Rows - 1;

    /// <summary>The body, while it is recent; <c>null</c> when it must be read from the store.</summary>
    public byte[]? Body { get; init; }
}

/// <summary>Changes that reach the disk together or not at all.</summary>
internal sealed record StoreChange
{
    /// <summary>First rows of segments that others take the place of.</summary>
    public IReadOnlyList<long> Remove { get; init; } = [];

    /// <summary>New segments, with their bodies.</summary>
    public IReadOnlyList<Segment> Add { get; init; } = [];

    /// <summary>First rows of damaged segments at the end, to be moved out of the way but kept.</summary>
    public IReadOnlyList<long> SetAside { get; init; } = [];

    public JournalSnapshot? Snapshot { get; init; }

    /// <summary>Rows of snapshots of which only the bars are still needed.</summary>
    public IReadOnlyList<long> ThinSnapshots { get; init; } = [];

    /// <summary>Snapshots of rows before this one go; 0 for none.</summary>
    public long ForgetSnapshotsBefore { get; init; }

    /// <summary>Things said once about the journal, such as the names of event kinds.</summary>
    public IReadOnlyDictionary<string, string> Meta { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>Where segments lie: a database. Knows nothing of what is in them.</summary>
/// <remarks><see cref="Write"/>, <see cref="Probe"/> and <see cref="StartOver"/> belong to one thread at a time; reading is safe for concurrent callers.</remarks>
internal interface ISegmentStore : IDisposable
{
    /// <summary>For people: where it is.</summary>
    string Name { get; }

    IReadOnlyDictionary<string, string> Meta();

    /// <summary>All segments in order, without bodies.</summary>
    IReadOnlyList<Segment> Segments();

    /// <summary>All snapshots in order, without bodies.</summary>
    IReadOnlyList<SnapshotHead> Snapshots();

    /// <summary>Body of a segment; <c>null</c> when there is none.</summary>
    byte[]? ReadSegment(long first);

    /// <summary>Body of a snapshot; <c>null</c> when there is none.</summary>
    byte[]? ReadSnapshot(long sequence);

    /// <summary>Bars of a snapshot; <c>null</c> when there are none.</summary>
    byte[]? ReadBars(long sequence);

    /// <summary>Writes a change in one transaction and returns when it is on disk.</summary>
    void Write(StoreChange change);

    /// <summary>Throws unless something could be written now.</summary>
    void Probe();

    /// <summary>Puts everything aside and begins empty.</summary>
    void StartOver();
}
