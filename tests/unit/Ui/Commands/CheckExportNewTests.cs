using System.Text;
using System.Text.Json;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Ui.Commands;
using MiniExcelLibs;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class CheckExportNewTests : IDisposable
{
    private readonly Twin _twin = new();

    public void Dispose() => _twin.Dispose();

    [Fact]
    public async Task Check_says_ok_and_what_is_in_it()
    {
        var (code, output, _) = await Twin.RunAsync("check", _twin.Dyehouse, _twin.JobShop);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("12 orders", output, StringComparison.Ordinal);
        Assert.Contains("6 equipment, 6 products, 6 orders, 6 lots, 36 operations", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_reports_mistakes_with_their_place_and_ends_with_1()
    {
        var orders = Path.Combine(_twin.Dyehouse, "orders.csv");
        var lines = await File.ReadAllLinesAsync(orders, TestContext.Current.CancellationToken);
        lines[3] = lines[3].Replace(lines[3].Split(',')[1], "nonsense", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(orders, lines, TestContext.Current.CancellationToken);

        var (code, output, _) = await Twin.RunAsync("check", _twin.Dyehouse);
        var (_, json, _) = await Twin.RunAsync("check", _twin.Dyehouse, "--json");

        Assert.Equal(ExitCode.Findings, code);
        Assert.Matches(@"orders\.csv:4:\d+: .*nonsense", output);
        var finding = JsonDocument.Parse(json).RootElement.GetProperty("scenarios")[0].GetProperty("findings").EnumerateArray().Single(f => f.GetProperty("severity").GetString() == "error");
        Assert.Equal(4, finding.GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task A_broken_scenario_cannot_be_run_and_all_its_mistakes_are_printed()
    {
        var broken = _twin.Write("broken.txt", "2 2\n0 1 1\n0 1 1 2\n");

        var (code, _, error) = await Twin.RunAsync("run", broken);

        Assert.Equal(ExitCode.Findings, code);
        Assert.Contains("broken.txt:2:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_writes_a_scenario_that_passes_the_check_and_never_overwrites()
    {
        var folder = _twin.At("new");

        var (code, _, error) = await Twin.RunAsync("new", "dyehouse", folder, "--batches", "15", "--seed", "3");

        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.Equal(ExitCode.Ok, (await Twin.RunAsync("check", folder)).Code);
        Assert.Equal(ExitCode.Usage, (await Twin.RunAsync("new", "dyehouse", folder)).Code);
    }

    [Theory]
    [InlineData("refrigerator-line", "--units", "300")]
    [InlineData("shared-factory", "--firms", "5", "--machines", "60", "--orders", "40")]
    public async Task New_plants_of_every_kind_pass_the_check(string kind, params string[] size)
    {
        var folder = _twin.At(kind);

        var (code, _, error) = await Twin.RunAsync(["new", kind, folder, .. size]);

        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.Equal(ExitCode.Ok, (await Twin.RunAsync("check", folder)).Code);
    }

    [Fact]
    public async Task A_size_that_no_plant_of_the_kind_has_is_refused()
    {
        var (code, _, error) = await Twin.RunAsync("new", "refrigerator-line", _twin.At("tiny"), "--units", "5");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--units ('5') must be greater than or equal to '216'", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_twin.At("tiny")));
    }

    [Theory]
    [InlineData("orders", 12)]
    [InlineData("schedule", 0)]
    [InlineData("kpis", -1)] // one per figure of the catalogue
    [InlineData("footprints", 12)]
    [InlineData("bars", 0)]
    public async Task Export_writes_the_same_rows_as_csv_excel_and_json(string what, int rows)
    {
        rows = rows < 0 ? KpiCatalogue.Plant.Length : rows;
        foreach (var ending in (string[])["csv", "xlsx", "json"])
        {
            var (code, output, error) = await Twin.RunAsync("export", what, _twin.Dyehouse, "-o", _twin.At($"{what}.{ending}"));
            Assert.True(code == ExitCode.Ok, error);
            Assert.Contains($"{what}.{ending}:", output, StringComparison.Ordinal);
        }

        var csv = await File.ReadAllBytesAsync(_twin.At($"{what}.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), csv[..3]);
        var lines = Encoding.UTF8.GetString(csv).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length - 1;
        Assert.InRange(lines, 1, int.MaxValue);
        Assert.True(rows == 0 || rows == lines);
        Assert.Equal(lines, MiniExcel.Query(_twin.At($"{what}.xlsx"), useHeaderRow: true).Count());
        var json = JsonDocument.Parse(await File.ReadAllTextAsync(_twin.At($"{what}.json"), TestContext.Current.CancellationToken));
        Assert.Equal(lines, (what == "schedule" ? json.RootElement.GetProperty("batches") : json.RootElement).GetArrayLength());
    }

    [Fact]
    public async Task Export_refuses_an_ending_that_is_no_format()
    {
        var (code, _, error) = await Twin.RunAsync("export", "orders", _twin.JobShop, "-o", _twin.At("orders.pdf"));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("Maybe .csv, .xlsx or .json?", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("=cmd()", "'=cmd()")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("-rm", "'-rm")]
    [InlineData("深色", "深色")]
    public void Csv_fields_are_quoted_and_formulas_defused(string text, string field) => Assert.Equal(field, CsvField.Of(text));
}
