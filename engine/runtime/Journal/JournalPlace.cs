namespace DigitalTwin.Runtime.Journal;

/// <summary>Where the journals of a twin lie: files in a data folder, or a PostgreSQL database.</summary>
/// <param name="DataFolder">Folder of the files.</param>
/// <param name="Database">Connection string of the database instead; empty for files.</param>
public sealed record JournalPlace(string DataFolder, string Database = "")
{
    /// <summary>For people: where the journal of a plant is.</summary>
    public string Describe(string plant) => Database.Length > 0 ? $"PostgreSQL, plant {plant}" : FileOf(plant);

    /// <summary>Plants that have a journal file in the data folder; empty for a database.</summary>
    public IReadOnlyList<string> Plants() => Database.Length > 0 || !Directory.Exists(DataFolder)
        ? []
        : [.. Directory.EnumerateDirectories(DataFolder).Select(f => Path.GetFileName(f)).Where(p => File.Exists(FileOf(p))).Order(StringComparer.Ordinal)];

    /// <summary>Opens or creates the journal of a plant.</summary>
    /// <exception cref="JournalException">It cannot be used; the message says why and the way out.</exception>
    public IJournal Open(string plant, string fingerprint, JournalPolicy? policy = null) => Database.Length > 0
        ? PostgresJournal.Open(Database, plant, fingerprint, policy: policy)
        : SqliteJournal.Open(FileOf(plant), fingerprint, policy: policy);

    /// <summary>Writes all of a plant's journal as it is now into one portable file, beside a twin that may be running.</summary>
    /// <exception cref="JournalException">There is no journal, the file is there already, or it cannot be written.</exception>
    public JournalReport Backup(string plant, string file, CancellationToken cancellation = default)
    {
        using var from = OpenToRead(plant);
        return JournalCopy.Backup(from, plant, file, cancellation);
    }

    /// <summary>Brings a backup back as the journal of a plant; never over another.</summary>
    /// <exception cref="JournalException">The backup is damaged, or there is a journal already.</exception>
    public JournalReport Restore(string file, string? plant, CancellationToken cancellation = default)
    {
        using var from = SqliteStore.OpenToRead(file);
        from.Freeze();
        JournalCopy.RequireSound(from, cancellation);
        var name = plant ?? JournalCopy.PlantOf(from);
        if (Database.Length == 0 && JournalCopy.IsInUse(FileOf(name)))
        {
            throw new JournalException($"{FileOf(name)}: there is a journal already, and a restore overwrites nothing. Maybe move it away first, or restore to another data folder with --data.");
        }

        using var to = Database.Length > 0 ? (SqlStore)PostgresStore.Open(Database, name) : SqliteStore.Open(FileOf(name));
        return JournalCopy.Restore(from, to, cancellation);
    }

    /// <summary>Reads everything of a plant's journal and says what is sound and what is not.</summary>
    /// <exception cref="JournalException">There is no journal, or it cannot be read at all.</exception>
    public JournalReport Verify(string plant, CancellationToken cancellation = default)
    {
        using var store = OpenToRead(plant);
        return JournalCopy.Verify(store, cancellation);
    }

    /// <summary>The same for a file: a journal, or a backup.</summary>
    /// <inheritdoc cref="Verify"/>
    public static JournalReport VerifyFile(string file, CancellationToken cancellation = default)
    {
        using var store = SqliteStore.OpenToRead(file);
        store.Freeze();
        return JournalCopy.Verify(store, cancellation);
    }

    private SqlStore OpenToRead(string plant)
    {
        SqlStore store = Database.Length > 0 ? PostgresStore.OpenToRead(Database, plant) : SqliteStore.OpenToRead(FileOf(plant));
        store.Freeze();
        return store;
    }

    private string FileOf(string plant) => Path.Combine(DataFolder, plant, "journal.db");
}
