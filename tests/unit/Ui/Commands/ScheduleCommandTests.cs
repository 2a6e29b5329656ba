using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class ScheduleCommandTests : IDisposable
{
    private readonly Twin _twin = new();

    public void Dispose() => _twin.Dispose();

    [Fact]
    public async Task Schedule_finds_the_known_optimum_of_ft06_and_executes_it_as_planned()
    {
        var plan = _twin.At("plan.csv");

        var outcome = await Twin.JsonAsync("schedule", _twin.JobShop, "--time", "20s", "--workers", "1", "-n", "2", "-o", plan);

        Assert.Equal("optimal", outcome.GetProperty("outcome").GetString());
        Assert.Equal(55.0 / 60, Twin.Mean(outcome.GetProperty("planned"), "makespan"), 1e-9);
        Assert.Equal(55.0 / 60, Twin.Mean(outcome.GetProperty("executed"), "makespan"), 1e-9); // this shop knows no luck
        Assert.Equal(0, outcome.GetProperty("violations").GetArrayLength());
        Assert.Equal(outcome.GetProperty("bound").GetDouble(), outcome.GetProperty("objective").GetProperty("total").GetDouble(), 1e-6);

        var followed = await Twin.JsonAsync("run", _twin.JobShop, "--schedule", plan);
        Assert.Equal(55.0 / 60, Twin.Mean(followed.GetProperty("kpis"), "makespan"), 1e-9);
        Assert.Equal("plan.csv", followed.GetProperty("policy").GetString());
    }

    [Fact]
    public async Task Schedule_prints_the_objective_term_by_term_and_planned_beside_executed()
    {
        var (code, output, _) = await Twin.RunAsync("schedule", _twin.Dyehouse, "--time", "1s", "--workers", "1", "-n", "3", "--lang", "en");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("Weighted tardiness", output, StringComparison.Ordinal);
        Assert.Contains("Planned   Executed", output, StringComparison.Ordinal);
        Assert.Contains("3 replications with luck", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_beside_rules_in_one_comparison()
    {
        var plan = _twin.At("plan.json");
        Assert.Equal(ExitCode.Ok, (await Twin.RunAsync("export", "schedule", _twin.Dyehouse, "--rule", "atc", "-o", plan)).Code);

        var comparison = await Twin.JsonAsync("compare", _twin.Dyehouse, "--rules", "edd", "--schedules", plan, "-n", "2");

        Assert.Equal(["edd", "plan.json"], comparison.GetProperty("variants").EnumerateArray().Select(v => v.GetProperty("name").GetString()!));
    }

    [Fact]
    public async Task A_schedule_of_another_plant_is_refused_with_every_row_that_does_not_fit()
    {
        var plan = _twin.Write("plan.csv", "equipment,jobs,start,end\nM0,J9/1/0,2026-01-05 00:00,2026-01-05 00:05\n");

        var (code, _, error) = await Twin.RunAsync("run", _twin.JobShop, "--schedule", plan);

        Assert.Equal(ExitCode.Findings, code);
        Assert.Contains("plan.csv:2:4: jobs 'J9/1/0' is not in the scenario", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_schedule_format_is_refused_before_the_search()
    {
        var (code, _, error) = await Twin.RunAsync("schedule", _twin.JobShop, "--time", "1h", "-o", _twin.At("plan.pdf"));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("written as .csv or .json", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_search_still_prints_and_writes_the_best_plan()
    {
        var plan = _twin.At("plan.csv");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1.5));
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await TwinCommandLine.RunAsync(
            ["schedule", _twin.HardJobShop, "--time", "10min", "--workers", "1", "-o", plan, "--lang", "en"], output, error, stop.Token);

        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Contains("objective", output.ToString(), StringComparison.Ordinal);
        Assert.True(new FileInfo(plan).Length > 0);
    }
}
