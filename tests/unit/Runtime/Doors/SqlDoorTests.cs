using System.Globalization;
using CsCheck;
using DigitalTwin.Runtime.Doors;
using DigitalTwin.Runtime.Sessions;
using Microsoft.Data.Sqlite;

namespace DigitalTwin.Tests.Unit.Runtime.Doors;

public sealed class SqlDoorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("twin-sql-");
    private readonly TwinSession _session = RuntimePlants.Open(RuntimePlants.Lively());
    private readonly SqliteConnection _database;

    public SqlDoorTests()
    {
        _database = new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "mes.db")}");
        _database.Open();
        Run("create table log (seq integer primary key, at integer, what text, machine text); create view observations as select seq, at as time, what as kind, machine as equipment from log");
    }

    public void Dispose()
    {
        _session.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _database.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task New_rows_are_taken_once_over_restarts_and_a_lost_mark()
    {
        Insert(1, 10);
        Assert.Equal((10L, 0L), Counts(await PullAsync(10)));
        Insert(11, 15);
        var second = await PullAsync(15);
        Assert.Equal(5, second.Accepted);
        Assert.Contains("read up to seq 15", second.Detail, StringComparison.Ordinal);

        Directory.Delete(Path.Combine(_folder.FullName, "marks"), recursive: true);
        Insert(16, 16);
        var third = await PullAsync(16);
        Assert.Equal((1L, 15L), Counts(third));
        Assert.Equal(16, _session.Snapshot().Version);
    }

    [Fact]
    public async Task A_row_whose_transaction_committed_after_a_later_one_is_not_missed()
    {
        Insert(1, 3);
        Insert(5, 8);
        await PullAsync(7);
        Insert(4, 4);

        await PullAsync(8);

        Assert.Equal(8, _session.Snapshot().Version);
    }

    [Fact]
    public async Task More_rows_than_fit_a_batch_come_in_several()
    {
        Insert(1, 50);
        Assert.Equal(50, (await PullAsync(50, batch: 7, reread: 3)).Accepted);
    }

    [Fact]
    public void A_mark_is_read_back_as_what_it_was()
    {
        Gen.Long.Sample(n => HighWaterMark.Parse(HighWaterMark.Format(n), typed: true).Equals(n));
        Gen.DateTime.Sample(t => HighWaterMark.Parse(HighWaterMark.Format(DateTime.SpecifyKind(t, DateTimeKind.Utc)), typed: true) is DateTime back && back.Ticks == t.Ticks);
        Gen.Decimal.Sample(d => HighWaterMark.Parse(HighWaterMark.Format(d), typed: true) is var back && Convert.ToDecimal(back, CultureInfo.InvariantCulture) == d);
    }

    [Fact]
    public async Task A_view_that_is_not_there_yet_is_waited_for_and_said_so()
    {
        Run("drop view observations");
        var door = Door(1000, 0);
        using var stop = new CancellationTokenSource();
        var running = door.RunAsync(stop.Token);
        while (door.Health.Status != DoorStatus.Waiting)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Contains("observations", door.Health.Trouble, StringComparison.Ordinal);
        Run("create view observations as select seq, at as time, what as kind, machine as equipment from log");
        Insert(1, 2);
        while (_session.Snapshot().Version < 2)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Null(door.Health.Trouble);
        await stop.CancelAsync();
        await running;
    }

    private static (long, long) Counts(DoorHealth health) => (health.Accepted, health.Duplicates);

    private void Insert(int from, int to)
    {
        for (var i = from; i <= to; i++)
        {
            Run(string.Create(CultureInfo.InvariantCulture, $"insert into log values ({i}, {i * 1000}, 'SourceLost', 'M1')"));
        }
    }

    private void Run(string sql)
    {
        using var command = _database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqlDoor Door(int batch, int reread, string mark = "seq") => new(
        new SqlSettings
        {
            Name = "mes", Database = SqlKind.Sqlite, Connection = $"Data Source={Path.Combine(_folder.FullName, "mes.db")};Mode=ReadOnly", View = "observations", Mark = mark,
            Every = TimeSpan.FromMilliseconds(20), Batch = batch, Reread = reread,
        },
        Path.Combine(_folder.FullName, "marks", "mes.mark"), _session, TimeProvider.System);

    private async Task<DoorHealth> PullAsync(long version, int batch = 1000, int reread = 100)
    {
        var door = Door(batch, reread);
        using var stop = new CancellationTokenSource();
        var running = door.RunAsync(stop.Token);
        while (_session.Version == 0 || _session.Snapshot().Version < version || !door.Health.Detail.Contains("read up to", StringComparison.Ordinal))
        {
            Assert.False(running.IsCompleted, door.Health.Trouble);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await Task.Delay(100, TestContext.Current.CancellationToken); // one more look
        await stop.CancelAsync();
        await running;
        return door.Health;
    }
}
