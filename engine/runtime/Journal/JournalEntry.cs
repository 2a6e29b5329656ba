namespace DigitalTwin.Runtime.Journal;

/// <summary>What one row of a journal is. The numbers are on disk: never renumber, only add.</summary>
public enum JournalEntryKind : byte
{
    /// <summary>Plant events with the digests of their observations' ids.</summary>
    Events = 1,

    /// <summary>Orders appended to the book.</summary>
    OrdersAdded = 2,

    /// <summary>A schedule put in force, or taken out of it.</summary>
    ScheduleChanged = 3,

    /// <summary>An observation that was refused: kept, marked, without effect.</summary>
    Refused = 4,
}

/// <summary>One row of a journal: the unit of the fold.</summary>
/// <param name="Body">Encoded by <see cref="EntryCodec"/>.</param>
/// <param name="Sequence">Its number in the journal, from 1; 0 before it is written. A jump tells of rows that cannot be read.</param>
public readonly record struct JournalEntry(JournalEntryKind Kind, ReadOnlyMemory<byte> Body, long Sequence = 0);

/// <summary>What was found wrong with a journal.</summary>
/// <param name="AfterSequence">The last sound row before it.</param>
/// <param name="Rows">How many rows cannot be used; 0 where that is unknown.</param>
/// <param name="What">For people: what is wrong, what became of it, and the way out.</param>
public sealed record JournalDamage(long AfterSequence, long Rows, string What);

/// <summary>The journal cannot be used as it stands; the message names the place and the way out.</summary>
public sealed class JournalException : Exception
{
    public JournalException()
    {
    }

    public JournalException(string message)
        : base(message)
    {
    }

    public JournalException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
