namespace DigitalTwin.Runtime.Journal;

/// <summary>The memory of a session: append-only; what <see cref="Append"/> returned from survives a crash.</summary>
/// <remarks>Used by one thread at a time: the session's writer.</remarks>
public interface IJournal : IDisposable
{
    /// <summary>Rows on disk.</summary>
    long Count { get; }

    /// <summary>What was found damaged when it was opened, or <c>null</c>.</summary>
    JournalDamage? Damage { get; }

    /// <summary>Writes all entries, or none, and returns when they are on disk.</summary>
    void Append(IReadOnlyList<JournalEntry> entries);

    /// <summary>Sound rows in order.</summary>
    /// <param name="after">Rows to skip.</param>
    IEnumerable<JournalEntry> Read(long after = 0);

    /// <summary>Puts the present content aside and begins an empty journal.</summary>
    void StartOver();
}

/// <summary>A journal without a disk: for tests, and for sessions that need not survive their process.</summary>
public sealed class MemoryJournal : IJournal
{
    private readonly List<JournalEntry> _entries = [];

    public long Count => _entries.Count;

    public JournalDamage? Damage => null;

    public void Append(IReadOnlyList<JournalEntry> entries) => _entries.AddRange(entries);

    public IEnumerable<JournalEntry> Read(long after = 0) => _entries.Skip((int)after);

    public void StartOver() => _entries.Clear();

    public void Dispose()
    {
    }
}
