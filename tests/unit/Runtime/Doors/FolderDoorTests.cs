using DigitalTwin.Runtime.Doors;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using MiniExcelLibs;

namespace DigitalTwin.Tests.Unit.Runtime.Doors;

public sealed class FolderDoorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("twin-drop-");
    private readonly TwinSession _session = RuntimePlants.Open(RuntimePlants.Lively());

    public void Dispose()
    {
        _session.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_csv_and_a_workbook_are_taken_and_moved_with_a_report_per_row()
    {
        Write("shift.csv", "time;kind;equipment;value\n1000;EquipmentDown;M1;60000\n2000;RepairEnded;M1;\n3000;RepairEnded;M1;\n");
        MiniExcel.SaveAs(Path.Combine(_folder.FullName, "later.xlsx"), new[] { new { time = "4000", kind = "SourceLost", equipment = "M1" } });

        var health = await RunUntilAsync(() => File.Exists(Done("shift.csv")) && File.Exists(Done("later.xlsx")));

        var report = File.ReadAllLines(Done("shift.csv.report.csv"));
        Assert.Equal(4, report.Length);
        Assert.Contains(",taken,", report[1], StringComparison.Ordinal);
        Assert.Contains(",kept and marked,", report[3], StringComparison.Ordinal);
        Assert.Equal((3L, 1L), (health.Accepted, health.Refused));
        Assert.True(_session.Snapshot().Equipment[0].Stale);
        Assert.Empty(Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task A_file_with_one_row_that_cannot_be_read_is_not_taken_at_all()
    {
        Write("bad.csv", "time,kind,equipment\n1000,EquipmentDown,M1\nyesterday,RepairEnded,M1\n");

        await RunUntilAsync(() => File.Exists(Path.Combine(_folder.FullName, "refused", "bad.csv")));

        Assert.Contains("bad.csv:3: 'yesterday' is not a time", File.ReadAllText(Path.Combine(_folder.FullName, "refused", "bad.csv.report.csv")), StringComparison.Ordinal);
        Assert.Equal(0, _session.Snapshot().Version);
    }

    [Fact]
    public async Task The_same_content_dropped_again_or_taken_again_after_a_crash_changes_nothing()
    {
        const string text = "time,kind,equipment\n1000,EquipmentDown,M1\n2000,RepairEnded,M1\n";
        Write("a.csv", text);
        await RunUntilAsync(() => File.Exists(Done("a.csv")));
        Write("b.csv", text);

        var health = await RunUntilAsync(() => File.Exists(Done("b.csv")));

        Assert.Equal((0L, 2L), (health.Accepted, health.Duplicates));
        Assert.Equal(2, _session.Snapshot().Version);
    }

    [Fact]
    public async Task A_file_that_still_grows_waits()
    {
        Write("a.csv", "time,kind,equipment\n");
        var door = Door(settle: TimeSpan.FromSeconds(0.4));
        using var stop = new CancellationTokenSource();
        var running = door.RunAsync(stop.Token);
        for (var i = 0; i < 10; i++)
        {
            File.AppendAllText(Path.Combine(_folder.FullName, "a.csv"), $"{i},{(i % 2 == 0 ? "EquipmentDown" : "RepairEnded")},M1\n");
            Assert.False(File.Exists(Done("a.csv")));
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        while (!File.Exists(Done("a.csv")))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(11, File.ReadAllLines(Done("a.csv.report.csv")).Length);
        await stop.CancelAsync();
        await running;
    }

    private string Done(string name) => Path.Combine(_folder.FullName, "done", name);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private FolderDoor Door(TimeSpan settle) =>
        new(new FolderSettings { Name = "drop", Path = _folder.FullName, Every = TimeSpan.FromMilliseconds(20), Settle = settle }, _session, TimeProvider.System);

    private async Task<DoorHealth> RunUntilAsync(Func<bool> condition)
    {
        var door = Door(TimeSpan.FromMilliseconds(50));
        using var stop = new CancellationTokenSource();
        var running = door.RunAsync(stop.Token);
        while (!condition())
        {
            Assert.False(running.IsCompleted, door.Health.Trouble);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await running;
        return door.Health;
    }
}
