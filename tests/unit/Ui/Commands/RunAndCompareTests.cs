using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class RunAndCompareTests : IDisposable
{
    private readonly Twin _twin = new();

    public void Dispose() => _twin.Dispose();

    [Fact]
    public async Task Run_prints_the_headline_figures_and_the_hash()
    {
        var (code, output, error) = await Twin.RunAsync("run", _twin.JobShop, "--rule", "fifo", "--lang", "en");

        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.Contains("Makespan", output, StringComparison.Ordinal);
        Assert.Matches(@"\d+ events, hash [0-9a-f]{16}", output);
        Assert.DoesNotContain("\e[", output, StringComparison.Ordinal); // no colours into a pipe
        Assert.DoesNotContain("Tardiness", output, StringComparison.Ordinal); // no due dates, no such figure
    }

    [Fact]
    public async Task Run_speaks_Chinese_when_asked()
    {
        var (_, output, _) = await Twin.RunAsync("run", _twin.JobShop, "--lang", "zh-CN");

        Assert.Contains("完工时间", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_is_reproducible_and_the_seed_matters()
    {
        async Task<string> HashAsync(string seed)
        {
            var run = await Twin.JsonAsync("run", _twin.Dyehouse, "--seed", seed);
            return run.GetProperty("replications")[0].GetProperty("hash").GetString()!;
        }

        Assert.Equal(await HashAsync("5"), await HashAsync("5"));
        Assert.NotEqual(await HashAsync("5"), await HashAsync("6"));
    }

    [Fact]
    public async Task Run_writes_every_event_by_name()
    {
        var file = _twin.At("events.csv");

        var run = await Twin.JsonAsync("run", _twin.Dyehouse, "--events", file);

        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(run.GetProperty("replications")[0].GetProperty("events").GetInt64(), lines.Length - 1);
        Assert.Equal("time,milliseconds,kind,equipment,job,order,arg,value,source", lines[0]);
        Assert.Contains(lines, l => l.Contains(",BatchStarted,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_over_replications_does_not_depend_on_threads()
    {
        var one = await Twin.JsonAsync("run", _twin.Dyehouse, "-n", "4", "--threads", "1");
        var three = await Twin.JsonAsync("run", _twin.Dyehouse, "-n", "4", "--threads", "3");

        Assert.Equal(one.GetRawText(), three.GetRawText());
        Assert.Equal(4, one.GetProperty("replications").GetArrayLength());
    }

    [Fact]
    public async Task Run_stops_at_the_moment_asked_for()
    {
        var run = await Twin.JsonAsync("run", _twin.Dyehouse, "--until", "5h", "--whole-window");

        var machines = File.ReadLines(Path.Combine(_twin.Dyehouse, "equipment.csv")).Count() - 1; // all of which work round the clock
        Assert.Equal(5.0 * machines, Twin.Mean(run.GetProperty("kpis"), "pbt"), 1e-6);
    }

    [Fact]
    public async Task Compare_puts_all_rules_beside_the_scenarios_own()
    {
        var comparison = await Twin.JsonAsync("compare", _twin.Dyehouse, "-n", "3");

        var variants = comparison.GetProperty("variants").EnumerateArray().ToArray();
        Assert.Equal(ScenarioInput.Rules.Keys.Order(), variants.Select(v => v.GetProperty("name").GetString()!).Order());
        Assert.Equal(variants[0].GetProperty("name").GetString(), comparison.GetProperty("baseline").GetString());
        Assert.All(variants, v => Assert.Equal(3, v.GetProperty("hashes").GetArrayLength()));
        Assert.All(variants.Skip(1), v => Assert.NotEqual("null", v.GetProperty("kpis")[0].GetProperty("difference").GetRawText()));
    }

    [Fact]
    public async Task Compare_takes_the_baseline_and_the_rules_given()
    {
        var (code, output, _) = await Twin.RunAsync("compare", _twin.JobShop, "--rules", "fifo,spt", "--baseline", "spt", "-n", "2", "--lang", "en");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("vs spt", output, StringComparison.Ordinal);
        Assert.Contains("better", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no dispatch rule 'best'", "compare", "{jobshop}", "--rules", "best")]
    [InlineData("the baseline 'atc' is not among the variants", "compare", "{jobshop}", "--rules", "fifo", "--baseline", "atc")]
    [InlineData("'soon' is not a length of time", "run", "{jobshop}", "--until", "soon")]
    [InlineData("--replications must be at least 1", "run", "{jobshop}", "-n", "0")]
    [InlineData("belong to a single run", "run", "{jobshop}", "-n", "2", "--events", "x.csv")]
    [InlineData("'--fast'", "run", "{jobshop}", "--fast")]
    [InlineData("Maybe you meant '--rule'?", "run", "{jobshop}", "--rul", "edd")]
    [InlineData("there is no verb 'comapre'. Maybe you meant 'compare'?", "comapre", "{jobshop}", "-n", "3")]
    [InlineData("twin new dyehouse --help shows how it goes", "new", "dyehouse")]
    [InlineData("--seed", "run", "{jobshop}", "--seed", "many")]
    [InlineData("There is no file", "run", "nowhere.txt")]
    public async Task A_wrong_command_line_names_the_mistake_and_ends_with_2(string message, params string[] args)
    {
        var (code, _, error) = await Twin.RunAsync([.. args.Select(a => a.Replace("{jobshop}", _twin.JobShop, StringComparison.Ordinal))]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error, StringComparison.OrdinalIgnoreCase);
    }
}
