using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using Microsoft.Data.Sqlite;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public sealed class SqliteJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("twin-journal-").FullName;

    private string JournalPath => Path.Combine(_folder, "plant", "journal.db");

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart()
    {
        var plant = RuntimePlants.Lively();
        string before;
        await using (var session = OpenSession(plant))
        {
            await session.IngestAsync(RuntimePlants.Report(plant, 12), cancellation: TestContext.Current.CancellationToken);
            before = RuntimePlants.Picture(session.Snapshot());
        }

        await using var again = OpenSession(plant);
        Assert.Equal(before, RuntimePlants.Picture(again.Snapshot()));
        Assert.Null(again.Damage);
    }

    [Fact]
    public async Task A_torn_tail_is_cut_and_what_is_sent_again_makes_it_whole()
    {
        var plant = RuntimePlants.Lively();
        var pictures = new List<string>();
        await using (var session = new TwinSession(plant, Options(JournalPath) with { SnapshotEvery = 1_000_000 }))
        {
            foreach (var part in RuntimePlants.Report(plant, 12).Chunk(60))
            {
                await session.IngestAsync(part, cancellation: TestContext.Current.CancellationToken);
                pictures.Add(RuntimePlants.Picture(session.Snapshot()));
            }
        }

        Execute("UPDATE segment SET body = zeroblob(length(body)) WHERE first = (SELECT max(first) FROM segment); DELETE FROM snapshot;");
        await using (var again = OpenSession(plant))
        {
            Assert.Contains("do not match their checksum", again.Damage!.What, StringComparison.Ordinal);
            Assert.Equal(pictures.Count - 1, again.Damage.AfterSequence);
            Assert.Equal(pictures[^2], RuntimePlants.Picture(again.Snapshot()));
            await again.IngestAsync([.. RuntimePlants.Report(plant, 12)], cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(pictures[^1], RuntimePlants.Picture(again.Snapshot()));
        }

        await using var third = OpenSession(plant);
        Assert.Null(third.Damage);
        Assert.Equal(pictures[^1], RuntimePlants.Picture(third.Snapshot()));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(0.95)]
    public async Task A_log_torn_in_the_middle_of_a_write_loses_only_its_tail(double keep)
    {
        var plant = RuntimePlants.Lively();
        var pictures = new List<string> { RuntimePlants.Picture(new DigitalTwin.Plant.Events.PlantState(plant)) };
        var torn = Path.Combine(_folder, "torn", "journal.db");
        Directory.CreateDirectory(Path.GetDirectoryName(torn)!);
        await using (var session = OpenSession(plant))
        {
            foreach (var part in RuntimePlants.Report(plant, 12).Chunk(40))
            {
                await session.IngestAsync(part, cancellation: TestContext.Current.CancellationToken);
                pictures.Add(RuntimePlants.Picture(session.Snapshot()));
            }

            // The process dies here: what a crash leaves is the database as it was, and a piece of its log.
            File.Copy(JournalPath, torn);
            var log = await ReadSharedAsync(JournalPath + "-wal");
            await File.WriteAllBytesAsync(torn + "-wal", log[..(int)(log.Length * keep)], TestContext.Current.CancellationToken);
        }

        await using var again = new TwinSession(plant, Options(torn));
        Assert.Contains(RuntimePlants.Picture(again.Snapshot()), pictures); // whole deliveries, never half of one
        await again.IngestAsync(RuntimePlants.Report(plant, 12), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(pictures[^1], RuntimePlants.Picture(again.Snapshot()));
    }

    [Fact]
    public async Task Another_scenario_on_the_same_journal_is_refused_with_the_way_out()
    {
        await using (OpenSession(RuntimePlants.Lively(10)))
        {
        }

        var refused = Assert.Throws<JournalException>(() => OpenSession(RuntimePlants.Lively(11)));
        Assert.Contains(JournalPath, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Maybe put the old scenario back", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_twins_cannot_share_a_journal()
    {
        var plant = RuntimePlants.Lively();
        await using var first = OpenSession(plant);
        Assert.Contains("Maybe another twin has it open", Assert.Throws<JournalException>(() => OpenSession(plant)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starting_over_keeps_the_old_journal_aside()
    {
        var plant = RuntimePlants.Lively();
        await using (var session = OpenSession(plant))
        {
            for (var run = 0; run < 5; run++)
            {
                await session.IngestAsync(RuntimePlants.Report(plant, 12), cancellation: TestContext.Current.CancellationToken);
                await session.StartOverAsync("again", TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal(["journal.1.db", "journal.2.db", "journal.3.db", "journal.db"], Directory.GetFiles(Path.GetDirectoryName(JournalPath)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await using var again = OpenSession(plant);
        Assert.Equal(SimTime.Zero, again.Now);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_with_the_way_out()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JournalPath)!);
        File.WriteAllText(JournalPath, string.Concat(Enumerable.Repeat("this is not a database, ", 100)));
        Assert.Contains("Maybe", Assert.Throws<JournalException>(() => OpenSession(RuntimePlants.Lively())).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static TwinSessionOptions Options(string path) => new()
    {
        OpenJournal = fingerprint => SqliteJournal.Open(path, fingerprint), SnapshotAge = TimeSpan.Zero, MayStartOver = true,
    };

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        return bytes;
    }

    private TwinSession OpenSession(DigitalTwin.Plant.Behaviour.CompiledScenario plant) => new(plant, Options(JournalPath));

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={JournalPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the statements are the test's own
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
