using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Tests.Unit.Databases;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime.Journals;

/// <summary>One server for the class; each test has a plant, and so a schema, of its own.</summary>
public sealed class PostgresFixture : IDisposable
{
    private readonly Lock _gate = new();
    private PostgresServer? _server;

    internal PostgresServer Server
    {
        get
        {
            lock (_gate)
            {
                return _server ??= PostgresServer.Create();
            }
        }
    }

    public void Dispose() => _server?.Dispose();
}

/// <summary>The contract on PostgreSQL, and what only servers do: go away and come back.</summary>
public sealed class PostgresContractTests(PostgresFixture fixture) : JournalContract, IClassFixture<PostgresFixture>
{
    private readonly string _plant = "plant_" + Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task A_database_that_went_away_is_told_and_when_it_is_back_nothing_acknowledged_is_lost()
    {
        var plant = RuntimePlants.Lively();
        var report = RuntimePlants.Report(plant, 24);
        string whole;
        await using (var session = OpenSession(plant))
        {
            await session.IngestAsync(report[..300], cancellation: Stop);
            var kept = RuntimePlants.Picture(session.Snapshot());
            fixture.Server.Crash();
            await Assert.ThrowsAsync<JournalUnavailableException>(() => session.IngestAsync(report[300..400], cancellation: Stop));
            Assert.NotNull(session.Fault);
            Assert.Equal(kept, RuntimePlants.Picture(session.Snapshot()));
            Assert.NotEmpty(session.History(default, session.Now).Bars);
            fixture.Server.Start();
            var receipt = await session.IngestAsync(report[300..400], cancellation: Stop);
            Assert.Equal(100, receipt.Accepted + receipt.Duplicates);
            Assert.Null(session.Fault);
            await session.IngestAsync(report[400..], cancellation: Stop);
            whole = RuntimePlants.Picture(session.Snapshot());
        }

        await using var again = OpenSession(plant);
        Assert.Null(again.Damage);
        Assert.Equal(whole, RuntimePlants.Picture(again.Snapshot()));
        var repeated = await again.IngestAsync(report, cancellation: Stop);
        Assert.Equal((0, report.Count), (repeated.Accepted, repeated.Duplicates));
    }

    [Fact]
    public async Task A_plant_moves_from_a_file_to_a_server_and_back()
    {
        var folder = Directory.CreateTempSubdirectory("twin-journal-");
        try
        {
            var plant = RuntimePlants.Lively();
            var files = new JournalPlace(folder.FullName);
            var server = new JournalPlace("", fixture.Server.ConnectionString);
            string picture;
            await using (var session = new TwinSession(plant, new() { OpenJournal = f => files.Open(_plant, f), SnapshotAge = TimeSpan.Zero, SnapshotEvery = 100 }))
            {
                await session.IngestAsync(RuntimePlants.Report(plant, 24), cancellation: Stop);
                picture = RuntimePlants.Picture(session.Snapshot());
            }

            files.Backup(_plant, Path.Combine(folder.FullName, "there"), Stop);
            server.Restore(Path.Combine(folder.FullName, "there"), null, Stop);
            Assert.Contains("overwrites nothing", Assert.Throws<JournalException>(() => server.Restore(Path.Combine(folder.FullName, "there"), null, Stop)).Message, StringComparison.Ordinal);
            await using (var session = OpenSession(plant))
            {
                Assert.Equal(picture, RuntimePlants.Picture(session.Snapshot()));
                server.Backup(_plant, Path.Combine(folder.FullName, "back"), Stop); // while it runs
            }

            Assert.Empty(server.Verify(_plant, Stop).Damages);
            var elsewhere = new JournalPlace(Path.Combine(folder.FullName, "elsewhere"));
            elsewhere.Restore(Path.Combine(folder.FullName, "back"), null, Stop);
            await using var again = new TwinSession(plant, new() { OpenJournal = f => elsewhere.Open(_plant, f), SnapshotAge = TimeSpan.Zero });
            Assert.Equal(picture, RuntimePlants.Picture(again.Snapshot()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_server_that_does_not_answer_is_named_with_the_way_out()
    {
        var refused = Assert.Throws<JournalException>(() => PostgresJournal.Open("Host=127.0.0.1;Port=1;Username=twin;Database=twin", "p", "f"));
        Assert.Contains("127.0.0.1:1/twin", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Maybe the server is not running", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--database cannot be read", Assert.Throws<JournalException>(() => PostgresJournal.Open("Hst=1", "p", "f")).Message, StringComparison.Ordinal);
    }

    private protected override IJournal OpenAs(string fingerprint, TimeProvider? time = null, JournalPolicy? policy = null) =>
        PostgresJournal.Open(fixture.Server.ConnectionString, _plant, fingerprint, time, policy);

    private protected override void Harm(string sql) => fixture.Server.Execute($"SET search_path TO \"twin_{_plant}\"; {sql}");
}
