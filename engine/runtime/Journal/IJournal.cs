namespace DigitalTwin.Runtime.Journal;

/// <summary>The memory of a session: append-only; what <see cref="Append"/> returned from survives a crash.</summary>
/// <remarks><see cref="Append"/>, <see cref="Probe"/> and <see cref="StartOver"/> belong to one thread at a time, the session's writer; everything
/// else is safe for concurrent callers.</remarks>
public interface IJournal : IDisposable
{
    /// <summary>Rows on disk.</summary>
    long Count { get; }

    /// <summary>Latest event time on disk, ms since the epoch; 0 when empty.</summary>
    long ClockMs { get; }

    /// <summary>Rows that retention has forgotten: reading begins behind them, at a saved fold. 0: none.</summary>
    long Forgotten { get; }

    /// <summary>What was found damaged so far: when it was opened, and since by reading.</summary>
    IReadOnlyList<JournalDamage> Damages { get; }

    /// <summary>Saved folds, oldest first.</summary>
    IReadOnlyList<SnapshotHead> Snapshots { get; }

    /// <summary>Writes all entries, or none, and returns when they are on disk.</summary>
    /// <param name="snapshot">A fold of rows that are on disk already, to be kept with the same flush.</param>
    void Append(IReadOnlyList<JournalEntry> entries, JournalSnapshot? snapshot = null);

    /// <summary>Sound rows in order.</summary>
    /// <param name="after">Rows to skip.</param>
    IEnumerable<JournalEntry> Read(long after = 0);

    /// <summary>The row before the first segment whose clock is beyond a moment: nothing up to there is later than it.</summary>
    long RowBefore(long clockMs);

    /// <summary>A row before which at most so many events are left out: reading after it gives at least the last <paramref name="events"/>.</summary>
    long RowBeforeLastEvents(long events);

    /// <summary>A saved fold, or <c>null</c> when it is damaged or gone.</summary>
    JournalSnapshot? ReadSnapshot(SnapshotHead head);

    /// <summary>Bars that closed in the interval that ends with a saved fold, encoded; <c>null</c> when damaged or gone.</summary>
    ReadOnlyMemory<byte>? ReadBars(SnapshotHead head);

    /// <summary>Returns when something could be written now; after an outage, brings the index up to what is on disk.</summary>
    void Probe();

    /// <summary>Reads every part once and notes in <see cref="Damages"/> what does not match its checksum.</summary>
    void Scrub(CancellationToken cancellation);

    /// <summary>Puts the present content aside and begins an empty journal.</summary>
    void StartOver();
}

/// <summary>Which fold a snapshot is.</summary>
/// <param name="Sequence">The fold of all rows up to and with this one.</param>
/// <param name="ClockMs">Plant time there.</param>
/// <param name="BarsFrom">Earliest end of a bar that closed since the snapshot before; above <paramref name="BarsTo"/> when none did.</param>
/// <param name="BarsTo">Latest such end.</param>
/// <param name="HasFold">False where retention has left only the bars.</param>
public sealed record SnapshotHead(long Sequence, long ClockMs, long BarsFrom, long BarsTo, bool HasFold = true);

/// <summary>A saved fold. Derived from the rows before it: what is damaged, or of another build, is left out and made anew.</summary>
/// <param name="Fold">The fold, encoded.</param>
/// <param name="Bars">Bars that closed since the snapshot before, encoded.</param>
public sealed record JournalSnapshot(SnapshotHead Head, ReadOnlyMemory<byte> Fold, ReadOnlyMemory<byte> Bars);
