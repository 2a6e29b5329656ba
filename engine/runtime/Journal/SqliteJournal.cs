namespace DigitalTwin.Runtime.Journal;

/// <summary>A journal in one SQLite file: the default, nothing to install.</summary>
public static class SqliteJournal
{
    /// <summary>Opens or creates a journal; one of an older layout is taken over.</summary>
    /// <param name="fingerprint">What the rows' indices depend on (<see cref="Fingerprint"/>); must match what the file was begun with.</param>
    /// <exception cref="JournalException">The file is no journal, is of a newer layout, is open elsewhere, or belongs to another scenario.</exception>
    public static IJournal Open(string path, string fingerprint, TimeProvider? time = null, JournalPolicy? policy = null) =>
        new SegmentJournal(SqliteStore.Open(path), fingerprint, time, policy);
}

/// <summary>A journal in a PostgreSQL database: for a plant whose data must lie on a server.</summary>
public static class PostgresJournal
{
    /// <summary>Opens or creates a plant's journal.</summary>
    /// <param name="connectionString"><c>Host=…;Port=…;Username=…;Password=…;Database=…</c>; the user may create schemas in the database.</param>
    /// <param name="plant">Id of the plant: each has a schema of its own.</param>
    /// <param name="fingerprint">What the rows' indices depend on (<see cref="Fingerprint"/>).</param>
    /// <exception cref="JournalException">The server does not answer, another twin has the plant open, or it belongs to another scenario.</exception>
    public static IJournal Open(string connectionString, string plant, string fingerprint, TimeProvider? time = null, JournalPolicy? policy = null) =>
        new SegmentJournal(PostgresStore.Open(connectionString, plant), fingerprint, time, policy);
}
