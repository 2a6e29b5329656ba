using System.Text.Json;
using DigitalTwin.Tests.System.Programs;

namespace DigitalTwin.Tests.System;

/// <summary>The program as a script sees it: exit codes, JSON, files, and what Ctrl-C leaves behind.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_names_every_verb_and_every_exit_code()
    {
        var help = await TwinProgram.RunAsync("--help");

        Assert.True(help.ExitCode == 0, help.ToString());
        foreach (var verb in (string[])["check", "run", "schedule", "compare", "import", "export", "serve", "emulate", "new"])
        {
            Assert.Contains($"  {verb} ", help.Output, StringComparison.Ordinal);
        }

        Assert.Contains("130 interrupted", help.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fly")]
    [InlineData("run nowhere-at-all")]
    [InlineData("run . --replications 0")]
    [InlineData("check")]
    public async Task Wrong_usage_ends_with_2_and_says_why(string arguments)
    {
        var run = await TwinProgram.RunAsync(arguments.Split(' '));

        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.NotEmpty(run.Errors.Trim());
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal); // a message, not a stack trace
    }

    [Fact]
    public async Task Check_finds_all_mistakes_at_once_with_file_line_and_column()
    {
        using var folder = new TemporaryFolder();
        await NewAsync(folder, 40);
        var orders = Directory.EnumerateFiles(folder["plant"], "orders.csv").Single();
        var lines = await File.ReadAllLinesAsync(orders, TestContext.Current.CancellationToken);
        var header = lines[0].Split(',');
        lines[1] = Replaced(lines[1], Array.IndexOf(header, "quantity"), "-3");
        lines[2] = Replaced(lines[2], Array.IndexOf(header, "product"), "no-such-product");
        await File.WriteAllLinesAsync(orders, lines, TestContext.Current.CancellationToken);

        var check = await TwinProgram.RunAsync("check", folder["plant"]);
        var json = await TwinProgram.RunAsync("check", folder["plant"], "--json");

        Assert.True(check.ExitCode == 1, check.ToString());
        Assert.Matches(@"orders\.csv:2:\d+: .*-3.* — ", check.Output);
        Assert.Matches(@"orders\.csv:3:\d+: .*no-such-product.* — ", check.Output);
        var findings = JsonDocument.Parse(json.Output).RootElement.GetProperty("scenarios")[0].GetProperty("findings");
        Assert.Contains(findings.EnumerateArray(), f => f.GetProperty("line").GetInt32() == 2);
        Assert.Contains(findings.EnumerateArray(), f => f.GetProperty("line").GetInt32() == 3);
    }

    [Fact]
    public async Task Run_gives_the_same_events_and_JSON_twice()
    {
        using var folder = new TemporaryFolder();
        await NewAsync(folder, 40);

        var one = await TwinProgram.RunAsync("run", folder["plant"], "--json");
        var two = await TwinProgram.RunAsync("run", folder["plant"], "--json");

        Assert.True(one.ExitCode == 0, one.ToString());
        Assert.Equal(one.Output, two.Output);
        var run = JsonDocument.Parse(one.Output).RootElement;
        Assert.True(run.GetProperty("replications")[0].GetProperty("events").GetInt64() > 100);
        Assert.NotEmpty(run.GetProperty("kpis").EnumerateArray());
    }

    [Fact]
    public async Task A_job_shop_file_is_scheduled_to_its_known_optimum_and_executed()
    {
        using var folder = new TemporaryFolder();
        var ft06 = Repository.Shared("benchmarks", "jsp", "instances", "ft", "ft06.txt");

        var plan = await TwinProgram.RunAsync("schedule", ft06, "--output", folder["plan.csv"], "--time", "20s", "--json");

        Assert.True(plan.ExitCode == 0, plan.ToString());
        Assert.Contains("\"optimal\"", plan.Output, StringComparison.OrdinalIgnoreCase);
        Assert.True(File.Exists(folder["plan.csv"]), plan.ToString());
        var run = await TwinProgram.RunAsync("run", ft06, "--schedule", folder["plan.csv"]);
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task Ctrl_C_ends_a_search_within_seconds_and_keeps_the_schedule_found()
    {
        using var folder = new TemporaryFolder();
        await NewAsync(folder, 400);
        await using var search = TwinProgram.Start(null, "schedule", folder["plant"], "--output", folder["plan.csv"], "--time", "10min", "--json");
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        search.PressCtrlC();
        var end = await search.EndAsync(TimeSpan.FromSeconds(15));

        Assert.True(end.ExitCode == 130, end.ToString());
        Assert.True(File.ReadLines(folder["plan.csv"]).Count() > 100, end.ToString());
        Assert.Equal("schedule", JsonDocument.Parse(end.Output).RootElement.GetProperty("verb").GetString());
    }

    [Fact]
    public async Task Ctrl_C_ends_a_comparison_and_reports_the_replications_done()
    {
        using var folder = new TemporaryFolder();
        await NewAsync(folder, 400);
        await using var comparison = TwinProgram.Start(null, "compare", folder["plant"], "--rules", "edd,spt", "-n", "100000", "--json");
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        comparison.PressCtrlC();
        var end = await comparison.EndAsync(TimeSpan.FromSeconds(15));

        Assert.True(end.ExitCode == 130, end.ToString());
        Assert.Contains("Interrupted", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chinese_labels_on_request()
    {
        using var folder = new TemporaryFolder();
        await NewAsync(folder, 40);

        var run = await TwinProgram.RunAsync("run", folder["plant"], "--lang", "zh-CN");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains(run.Output, c => c is >= '\u4e00' and <= '\u9fff');
    }

    private static async Task NewAsync(TemporaryFolder folder, int batches)
    {
        var made = await TwinProgram.RunAsync("new", "dyehouse", folder["plant"], "--batches", $"{batches}");
        Assert.True(made.ExitCode == 0, made.ToString());
    }

    private static string Replaced(string line, int column, string value)
    {
        Assert.True(column >= 0);
        var cells = line.Split(',');
        cells[column] = value;
        return string.Join(',', cells);
    }
}
