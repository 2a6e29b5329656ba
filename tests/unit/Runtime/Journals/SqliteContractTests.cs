using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Journal;
using Microsoft.Data.Sqlite;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime.Journals;

/// <summary>The contract on SQLite, and what only files have: older layouts, backups.</summary>
public sealed class SqliteContractTests : JournalContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("twin-journal-").FullName;

    private string JournalPath => Path.Combine(_folder, "plant", "journal.db");

    private JournalPlace Place => new(_folder);

    [Fact]
    public void A_journal_of_the_first_layout_is_taken_over_whole()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        File.Copy(Path.Combine(SharedData.Repository, "tests/unit/Runtime/Journals/layout-1.journal"), JournalPath);
        for (var round = 0; round < 2; round++)
        {
            using var journal = SqliteJournal.Open(JournalPath, "layout-1");
            Assert.Empty(journal.Damages);
            Assert.Equal(16, journal.Count);
            var events = journal.Read().Where(e => e.Kind == JournalEntryKind.Events).SelectMany(e => EntryCodec.ReadEvents(e.Body)).ToList();
            Assert.Equal(12 * 40 + 2, events.Count);
            Assert.Equal((PlantEventKind)(1 + (7 * 40 + 3) % 74), events[7 * 40 + 3 + 1].Event.Kind);
            Assert.Equal(7003ul, (ulong)events[7 * 40 + 3 + 1].Id);
            Assert.Equal(2, journal.Read().Count(e => e.Kind == JournalEntryKind.Refused));
            Assert.Equal(11 * 3_600_000 + 39_000, journal.ClockMs);
        }
    }

    [Fact]
    public void A_break_in_a_journal_of_the_first_layout_is_told_for_good()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        File.Copy(Path.Combine(SharedData.Repository, "tests/unit/Runtime/Journals/layout-1.journal"), JournalPath);
        Harm("UPDATE entry SET at = at + 1 WHERE seq = 9");
        for (var round = 0; round < 2; round++)
        {
            using var journal = SqliteJournal.Open(JournalPath, "layout-1");
            Assert.Equal(8, journal.Count);
            Assert.Contains("8 rows behind it are kept in table entry_1", Assert.Single(journal.Damages).What, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Numbers_of_event_kinds_are_read_by_the_names_that_they_had()
    {
        using (var journal = Open())
        {
            journal.Append([Events(0, 40)]);
        }

        // As if an older program, in which the first two kinds were the other way round, had written it.
        Harm("UPDATE meta SET value = replace(replace(replace(value, 'OrderReleased,', '?,'), 'OrderCompleted,', 'OrderReleased,'), '?,', 'OrderCompleted,') WHERE key = 'kinds.1'");
        using var again = Open();
        again.Append([Events(1, 40)]);
        var kinds = again.Read().Select(e => EntryCodec.ReadEvents(e.Body).Select(x => x.Event.Kind).ToList()).ToList();
        Assert.Equal((PlantEventKind.OrderCompleted, PlantEventKind.OrderReleased), (kinds[0][0], kinds[0][1]));
        Assert.Equal((PlantEventKind.OrderCompleted, PlantEventKind.OrderCancelled), (kinds[1][0], kinds[1][1]));
    }

    [Fact]
    public async Task A_backup_of_a_running_twin_comes_back_as_it_was_then()
    {
        var plant = RuntimePlants.Lively();
        var report = RuntimePlants.Report(plant, 24);
        var file = Path.Combine(_folder, "monday.twin-backup");
        string then;
        await using (var session = OpenSession(plant))
        {
            foreach (var part in report[..600].Chunk(50))
            {
                await session.IngestAsync(part, cancellation: Stop);
            }

            then = RuntimePlants.Picture(session.Snapshot());
            var backup = Place.Backup("plant", file, Stop);
            Assert.Equal((600, 0), (backup.Events, backup.Damages.Count));
            await session.IngestAsync(report[600..], cancellation: Stop);
        }

        Assert.Empty(JournalPlace.VerifyFile(file, Stop).Damages);
        Assert.Contains("overwrites nothing", Assert.Throws<JournalException>(() => Place.Backup("plant", file, Stop)).Message, StringComparison.Ordinal);
        Assert.Contains("overwrites nothing", Assert.Throws<JournalException>(() => Place.Restore(file, null, Stop)).Message, StringComparison.Ordinal);
        var restored = new JournalPlace(Path.Combine(_folder, "restored")).Restore(file, null, Stop);
        Assert.Equal((600, "plant"), (restored.Events, restored.Plant));
        await using var again = new DigitalTwin.Runtime.Sessions.TwinSession(plant, new()
        {
            OpenJournal = f => new JournalPlace(Path.Combine(_folder, "restored")).Open("plant", f), SnapshotAge = TimeSpan.Zero,
        });
        Assert.Equal(then, RuntimePlants.Picture(again.Snapshot()));
        await again.IngestAsync(report, cancellation: Stop);
    }

    [Fact]
    public void A_damaged_backup_is_named_and_not_restored()
    {
        using (var journal = Open())
        {
            for (var i = 0; i < 5; i++)
            {
                journal.Append([Events(i, 100)]);
            }
        }

        var file = Path.Combine(_folder, "b.twin-backup");
        Place.Backup("plant", file, Stop);
        Harm("UPDATE segment SET size = size, clock = clock + 1 WHERE first = 2", file);
        Assert.Contains("rows 2 to 2", Assert.Single(JournalPlace.VerifyFile(file, Stop).Damages), StringComparison.Ordinal);
        var elsewhere = new JournalPlace(Path.Combine(_folder, "elsewhere"));
        Assert.Contains("this backup is damaged", Assert.Throws<JournalException>(() => elsewhere.Restore(file, null, Stop)).Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Plants());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private protected override IJournal OpenAs(string fingerprint, TimeProvider? time = null, JournalPolicy? policy = null) => SqliteJournal.Open(JournalPath, fingerprint, time, policy);

    private protected override void Harm(string sql) => Harm(sql, JournalPath);

    private static void Harm(string sql, string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the statements are the test's own
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
