using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

public sealed class ScheduleFileTests : IDisposable
{
    private static readonly CompiledScenario Plant = CompiledScenario.Compile(DyehouseGenerator.Create(20));
    private readonly string _folder = Directory.CreateTempSubdirectory("schedule-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("plan.csv")]
    [InlineData("plan.json")]
    public void What_is_written_is_read_back_unchanged(string name)
    {
        var dispatched = DispatchSchedule.Build(Plant, DispatchRule.Edd);
        var schedule = dispatched with
        {
            MadeAt = new SimTime(name.EndsWith("json", StringComparison.Ordinal) ? 12_345 : 0),
            Origin = name.EndsWith("json", StringComparison.Ordinal) ? "深色 \"first\"" : name,
            Batches = [.. dispatched.Batches.Select((b, i) => b with { Lock = (LockKind)(i % 4), HoldUntilStart = i % 4 == 0, End = b.End + new Duration(i) })],
        };
        var path = Path.Combine(_folder, name);

        ScheduleFile.Write(path, schedule, Plant);
        var (read, findings) = ScheduleFile.Read(path, Plant);

        Assert.Empty(findings);
        Assert.Equal((schedule.Origin, schedule.MadeAt), (read!.Origin, read.MadeAt));
        Assert.Equal(Sorted(schedule), Sorted(read));
    }

    [Theory]
    [InlineData("equipment,jobs,start,end\nV999,B0001/1/dye,2026-03-02 08:00,2026-03-02 09:00", "plan.csv:2:1: equipment 'V999' is not in the scenario — ")]
    [InlineData("equipment,jobs,start,end\nV01,B0001/1/dy,2026-03-02 08:00,2026-03-02 09:00", "plan.csv:2:5: jobs 'B0001/1/dy' is not in the scenario — Maybe you meant 'B0001/1/dye'?")]
    [InlineData("equipment,jobs,start,end\nV01,B0001/1/dye,2/3/2026,2026-03-02 09:00", "plan.csv:2:17: start '2/3/2026' has two readings (day or month first) — Write the year first: 2026-03-02.")]
    [InlineData("equipment,jobs,start,end\nV01,B0001/1/dye,2026-03-02 10:00,2026-03-02 09:00", "plan.csv:2:17: the batch ends before it starts")]
    [InlineData("equipment,jobs,start,end,locked\nV01,B0001/1/dye,2026-03-02 08:00,2026-03-02 09:00,maybe", "plan.csv:2:51: locked 'MAYBE' is neither true nor false — Leave it empty for false; machine, place")]
    [InlineData("equipment,jobs,start,end\nV01,,2026-03-02 08:00,2026-03-02 09:00", "plan.csv:2:5: jobs is empty")]
    [InlineData("equipment;jobs;begin;end\n", "plan.csv:1:1: there is no column 'start'")]
    [InlineData("", "plan.csv: has no heading")]
    public void A_mistake_is_named_with_its_place_and_the_way_out(string text, string message)
    {
        var path = Path.Combine(_folder, "plan.csv");
        File.WriteAllText(path, text);

        var (schedule, findings) = ScheduleFile.Read(path, Plant);

        Assert.Null(schedule);
        Assert.StartsWith(message, findings[0].ToString().Replace(_folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_mistakes_name_the_batch()
    {
        var path = Path.Combine(_folder, "plan.json");
        File.WriteAllText(path, """{ "batches": [ { "equipment": "V01", "jobs": ["nothing"], "start": "2026-03-02T08:00:00+08:00", "end": "soon" } ] }""");

        var (_, findings) = ScheduleFile.Read(path, Plant);

        Assert.Equal(2, findings.Count);
        Assert.All(findings, f => Assert.Contains("batches[0]: ", f.Message, StringComparison.Ordinal));
        File.WriteAllText(path, "{ \"batches\": [ ");
        Assert.Contains("is not JSON", ScheduleFile.Read(path, Plant).Diagnostics[0].Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Sorted(Schedule schedule) => schedule.Batches
        .Select(b => $"{b.Equipment} {string.Join(' ', b.Jobs)} {b.SetupStart} {b.Start.Milliseconds} {b.End.Milliseconds} {b.Family} {b.Lock} {b.HoldUntilStart}")
        .Order(StringComparer.Ordinal);
}
