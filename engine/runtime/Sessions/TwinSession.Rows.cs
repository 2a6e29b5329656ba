using DigitalTwin.Runtime.Journal;

namespace DigitalTwin.Runtime.Sessions;

/// <content>What a replay reads.</content>
public sealed partial class TwinSession
{
    /// <summary>Some rows of the journal, as far as they are on disk.</summary>
    /// <param name="after">Rows before the first one.</param>
    internal IReadOnlyList<JournalEntry> RowsAfter(long after, int limit) => [.. _journal.Read(after).Take(limit)];
}
