using DigitalTwin.Runtime.Journal;

namespace DigitalTwin.Tests.Unit.Runtime;

/// <summary>A journal in memory that outlives its session, and can be made to wait or to fail.</summary>
internal sealed class KeptJournal : IJournal
{
    private readonly MemoryJournal _inner = new();
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether appending waits until <see cref="Open"/>.</summary>
    public bool Closed { init => _open.Reset(); }

    /// <summary>Whether appending fails, like a full disk.</summary>
    public bool Failing { get; set; }

    /// <summary>Completes when somebody first appends.</summary>
    public Task Reached => _reached.Task;

    public long Count => _inner.Count;

    public long ClockMs => _inner.ClockMs;

    public long Forgotten => _inner.Forgotten;

    public IReadOnlyList<JournalDamage> Damages => _inner.Damages;

    public IReadOnlyList<SnapshotHead> Snapshots => _inner.Snapshots;

    public void Open() => _open.Set();

    public void Append(IReadOnlyList<JournalEntry> entries, JournalSnapshot? snapshot = null)
    {
        _reached.TrySetResult();
        _open.Wait(TimeSpan.FromSeconds(30));
        Probe();
        _inner.Append(entries, snapshot);
    }

    public IEnumerable<JournalEntry> Read(long after = 0) => _inner.Read(after);

    public long RowBefore(long clockMs) => _inner.RowBefore(clockMs);

    public long RowBeforeLastEvents(long events) => _inner.RowBeforeLastEvents(events);

    public JournalSnapshot? ReadSnapshot(SnapshotHead head) => _inner.ReadSnapshot(head);

    public ReadOnlyMemory<byte>? ReadBars(SnapshotHead head) => _inner.ReadBars(head);

    public void Probe()
    {
        if (Failing)
        {
            throw new IOException("no space left on device");
        }
    }

    public void Scrub(CancellationToken cancellation) => _inner.Scrub(cancellation);

    public void StartOver() => _inner.StartOver();

    public void Dispose()
    {
    }
}
