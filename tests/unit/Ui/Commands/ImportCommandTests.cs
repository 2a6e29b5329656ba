using System.Text.Json;
using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private readonly Twin _twin = new();

    public void Dispose() => _twin.Dispose();

    [Fact]
    public async Task A_dry_run_says_what_every_row_would_do_and_writes_nothing()
    {
        var file = OrderList(_twin.Dyehouse);
        var before = await BookAsync();

        var (code, output, _) = await Twin.RunAsync("import", "orders", file, "--into", _twin.Dyehouse, "--dry-run");

        Assert.Equal(ExitCode.Findings, code);
        Assert.Matches(@"2 +change +B0001 +quantity \S+ → 50", output);
        Assert.Matches(@"3 +add +X1 ", output);
        Assert.Matches(@"4 +refuse +X2 +.*'nope' is not in products\.csv", output);
        Assert.Contains("Dry run: nothing was written.", output, StringComparison.Ordinal);
        Assert.Equal(before, await BookAsync());
    }

    [Fact]
    public async Task Good_rows_enter_and_a_wrong_row_never_half_enters()
    {
        var file = OrderList(_twin.Dyehouse);

        var (code, output, _) = await Twin.RunAsync("import", "orders", file, "--into", _twin.Dyehouse);

        Assert.Equal(ExitCode.Findings, code);
        Assert.Contains("the order book has 13 orders now", output, StringComparison.Ordinal);
        var book = await BookAsync();
        Assert.Contains("X1,", book, StringComparison.Ordinal);
        Assert.DoesNotContain("X2", book, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await Twin.RunAsync("check", _twin.Dyehouse)).Code);
    }

    [Fact]
    public async Task All_or_nothing_keeps_everything_out_when_one_row_is_refused()
    {
        var file = OrderList(_twin.Dyehouse);
        var before = await BookAsync();

        var (code, output, _) = await Twin.RunAsync("import", "orders", file, "--into", _twin.Dyehouse, "--all-or-nothing", "--json");

        Assert.Equal(ExitCode.Findings, code);
        Assert.False(JsonDocument.Parse(output).RootElement.GetProperty("applied").GetBoolean());
        Assert.Equal(before, await BookAsync());
    }

    [Fact]
    public async Task A_job_shop_file_becomes_a_scenario_that_runs_to_the_same_hash()
    {
        var folder = _twin.At("shop");

        var (code, _, error) = await Twin.RunAsync("import", "plant", _twin.JobShop, folder);

        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.Equal(await HashAsync(_twin.JobShop), await HashAsync(folder));
        Assert.Equal(ExitCode.Usage, (await Twin.RunAsync("import", "plant", _twin.JobShop, folder)).Code); // never overwritten
    }

    [Fact]
    public async Task A_machining_log_becomes_a_scenario_with_its_history()
    {
        var log = _twin.Write("log.csv", """
            case,activity,machine,start,end,order_qty,part,report_type,qty_rejected,rework
            C1,Turning - M1,M1,2012-01-02 07:00,2012-01-02 08:00,10,Shaft,S,0,
            C1,Turning - M1,M1,2012-01-02 08:00,2012-01-02 11:00,10,Shaft,D,0,
            C1,Grinding - M2,M2,2012-01-02 12:00,2012-01-02 14:00,10,Shaft,D,1,
            C2,Turning - M1,M1,2012-01-02 11:30,2012-01-02 13:00,5,Bolt,D,0,
            C2,Grinding - M2,M2,2012-01-02 14:30,2012-01-02 15:00,5,Bolt,D,0,
            """);
        var folder = _twin.At("plant");

        var (code, output, error) = await Twin.RunAsync("import", "plant", log, folder);

        Assert.True(code == ExitCode.Ok, output + error);
        Assert.Contains("5 rows read", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await Twin.RunAsync("check", folder)).Code);
        var history = await File.ReadAllLinesAsync(Path.Combine(folder, "history.csv"), TestContext.Current.CancellationToken);
        Assert.Contains(history, l => l.Contains(",OrderCompleted,", StringComparison.Ordinal));
    }

    private static async Task<string> HashAsync(string scenario) =>
        (await Twin.JsonAsync("run", scenario)).GetProperty("replications")[0].GetProperty("hash").GetString()!;

    private Task<string> BookAsync() => File.ReadAllTextAsync(Path.Combine(_twin.Dyehouse, "orders.csv"), TestContext.Current.CancellationToken);

    /// <summary>A change, a new order, and a row with an unknown product, under Chinese headings.</summary>
    private string OrderList(string dyehouse)
    {
        var product = File.ReadLines(Path.Combine(dyehouse, "orders.csv")).ElementAt(1).Split(',')[1];
        return _twin.Write("in.csv", $"订单号,产品,数量,交期\nB0001,{product},50,2026-03-09\nX1,{product},40,2026/3/9\nX2,nope,30,2026-03-09\n");
    }
}
