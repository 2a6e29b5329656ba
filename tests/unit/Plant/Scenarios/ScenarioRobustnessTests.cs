using System.Text;
using CsCheck;
using DigitalTwin.Plant.Scenarios;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>Whatever a file contains, reading it ends in findings and never in an exception.</summary>
public sealed class ScenarioRobustnessTests : IDisposable
{
    private static readonly byte[][] s_snippets =
    [
        .. new[] { ",", ";", "\"", "\n", ":", "- ", "-", "[", "{", "&a", "*a", "!!x", "|", "\t", "é", "染", "NaN", "1e309", "-1", "99999999999999999999", "2026-02-30", "lognormal(", ")", "25:00", "#", "\0", "id", "vat", "''", "%" }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC9, 0xEE], [0xEF, 0xBB, 0xBF],
    ];

    private readonly ScenarioFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Spoiled_scenario_files_end_in_findings_or_in_a_scenario_never_in_an_exception()
    {
        _folder.Write("auxiliaries.csv", "id,count\nframe,4\n").Write("tariff.csv", "tariff,name,days,start,end,price\npeak-valley,peak,daily,08:00,15:00,1.2\n")
            .Write("phases.csv", "routing,operation,name,hold,from_celsius,to_celsius,celsius_per_minute\ncotton,dye,heat,1 h,30,60,2\n")
            .Write("operation_alternatives.csv", "routing,operation,alternative,fixed_time\ncotton,dye,vat-1,5 h\n")
            .Write("disturbances.csv", "time,equipment,duration\n2026-03-03,vat-1,3 h\n").Write("changeovers.csv", "rule,from,to,duration\ncleaning,dark,light,2 h\n")
            .Write("calendar_exceptions.csv", "calendar,date,start,end\nshifts,2026-05-01,,\n");
        Assert.NotNull(_folder.Read().Scenario);
        var files = Directory.GetFiles(_folder.Path);
        var originals = files.ToDictionary(f => f, File.ReadAllBytes);
        var edit = Gen.Select(Gen.Int[0, 99_999], Gen.Int[0, s_snippets.Length - 1], Gen.Int[0, 6]);
        Gen.Select(Gen.Int[0, files.Length - 1], edit.Array[1, 4]).Sample(
            (file, edits) =>
            {
                var bytes = originals[files[file]].ToList();
                foreach (var (at, snippet, remove) in edits)
                {
                    var place = at % (bytes.Count + 1);
                    bytes.RemoveRange(place, Math.Min(remove, bytes.Count - place));
                    bytes.InsertRange(place, s_snippets[snippet]);
                }

                File.WriteAllBytes(files[file], [.. bytes]);
                var result = _folder.Read();
                Assert.Equal(result.Errors.Any(), result.Scenario is null);
                File.WriteAllBytes(files[file], originals[files[file]]);
            },
            iter: 400, threads: 1);
    }

    [Fact]
    public void Spoiled_order_lists_end_in_refused_rows_never_in_an_exception()
    {
        var scenario = _folder.Read().Scenario!;
        var path = Path.Combine(_folder.Path, "import.csv");
        var original = "订单号,产品,数量,交期\nPO-9,navy,60,2026-03-09\nPO-10,sky,\"1,234.5\",2026年3月9日\n"u8.ToArray();
        Gen.Select(Gen.Int[0, 9999], Gen.Int[0, s_snippets.Length - 1], Gen.Int[0, 6]).Array[1, 4].Sample(
            edits =>
            {
                var bytes = original.ToList();
                foreach (var (at, snippet, remove) in edits)
                {
                    var place = at % (bytes.Count + 1);
                    bytes.RemoveRange(place, Math.Min(remove, bytes.Count - place));
                    bytes.InsertRange(place, s_snippets[snippet]);
                }

                File.WriteAllBytes(path, [.. bytes]);
                var result = OrderImport.Read(path, scenario);
                Assert.Equal(scenario.Orders.Length + result.Added, result.Orders.Length);
                Assert.All(result.Rows, r => Assert.Equal(r.Action == ImportAction.Refuse, r.Order is null));
            },
            iter: 400, threads: 1);
    }

    [Fact]
    public void Writing_over_a_scenario_keeps_strangers_and_removes_tables_that_are_no_longer_needed()
    {
        _folder.Write("README.md", "# Mine\n").Write("tenants.csv", "id\nacme\n");
        var scenario = _folder.Read().Scenario!;
        ScenarioWriter.Write(scenario with { Plant = scenario.Plant with { Tenants = [] } }, _folder.Path);
        Assert.Equal("# Mine\n", File.ReadAllText(Path.Combine(_folder.Path, "README.md")));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "tenants.csv")));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), f => f.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.Empty(_folder.Findings());
    }

    [Fact]
    public void Id_that_cannot_be_written_is_refused_and_the_old_scenario_stays()
    {
        var scenario = _folder.Read().Scenario!;
        var spoiled = scenario with { Orders = [scenario.Orders[0] with { Id = "a;b" }] };
        Assert.Throws<ArgumentException>(() => ScenarioWriter.Write(spoiled, _folder.Path));
        Assert.Equal(Deep.Text(scenario), Deep.Text(_folder.Read().Scenario));
    }

    [Fact]
    public void Spreadsheets_semicolons_byte_order_marks_and_units_in_headings_are_read()
    {
        _folder.Write("equipment.csv", [0xEF, 0xBB, 0xBF, .. "ID;class;capacity_max_kg;changeover\r\nvat-1;vat;100;cleaning\r\nvat-2;vat;300,5;cleaning\r\ndry-1;dryer;500;\r\n;;;\r\n"u8])
            .Write("routings.csv", "routing\toperation\talternatives\tfixed_time_min\ncotton\tdye\tvat\t90\ncotton\tdry\tdryer\t30\n");
        Assert.Empty(_folder.Findings());
        var plant = _folder.Read().Scenario!.Plant;
        Assert.Equal([100, 300.5, 500], plant.Equipment.Select(e => e.CapacityMax));
        Assert.All(plant.Equipment, e => Assert.Equal("kg", e.CapacityUnit));
        Assert.Equal([5_400_000, 1_800_000], plant.WorkMasters[0].Operations.Select(o => o.FixedTime.Mean));
    }
}
