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

    public JournalDamage? Damage => null;

    public void Open() => _open.Set();

    public void Append(IReadOnlyList<JournalEntry> entries)
    {
        _reached.TrySetResult();
        _open.Wait(TimeSpan.FromSeconds(30));
        if (Failing)
        {
            throw new IOException("no space left on device");
        }

        _inner.Append(entries);
    }

    public IEnumerable<JournalEntry> Read(long after = 0) => _inner.Read(after);

    public void StartOver() => _inner.StartOver();

    public void Dispose()
    {
    }
}
