using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class WhyAndBottleneckTests : IDisposable
{
    private readonly Twin _twin = new();

    public void Dispose() => _twin.Dispose();

    [Fact]
    public async Task Why_gives_parts_that_sum_to_the_flow_time_of_every_order()
    {
        var why = await Twin.JsonAsync("why", _twin.Dyehouse);

        var orders = why.GetProperty("orders").EnumerateArray().ToArray();
        Assert.NotEmpty(orders);
        Assert.All(orders, o => Assert.Equal(o.GetProperty("flowMs").GetInt64(), o.GetProperty("parts").EnumerateObject().Sum(p => p.Value.GetInt64())));
    }

    [Fact]
    public async Task Why_follows_one_order_and_writes_tables()
    {
        var orders = (await Twin.JsonAsync("why", _twin.Dyehouse)).GetProperty("orders");
        var id = orders[0].GetProperty("id").GetString()!;

        var (code, output, error) = await Twin.RunAsync("why", _twin.Dyehouse, "--order", id, "--lang", "en");
        Assert.True(code == ExitCode.Ok, error);
        Assert.Contains("Processing", output, StringComparison.Ordinal);

        (code, _, error) = await Twin.RunAsync("why", _twin.Dyehouse, "-o", _twin.At("why.csv"));
        Assert.True(code == ExitCode.Ok, error);
        var lines = await File.ReadAllLinesAsync(_twin.At("why.csv"), TestContext.Current.CancellationToken);
        Assert.Contains("flow_ms,processing_ms", lines[0], StringComparison.Ordinal);
        Assert.Equal(orders.GetArrayLength() + 1, lines.Length);
    }

    [Fact]
    public async Task Why_answers_an_unknown_order_with_a_likely_one()
    {
        var (code, _, error) = await Twin.RunAsync("why", _twin.Dyehouse, "--order", "nobody");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("there is no order 'nobody'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bottleneck_of_ft06_names_every_machine_and_its_shares()
    {
        var report = await Twin.JsonAsync("bottleneck", _twin.JobShop);

        Assert.Equal(6, report.GetProperty("machines").GetArrayLength());
        Assert.InRange(report.GetProperty("machines").EnumerateArray().Sum(m => m.GetProperty("soleShare").GetDouble()), 0.01, 1.0000001);
        Assert.Contains("Bottleneck", (await Twin.RunAsync("bottleneck", _twin.JobShop, "--lang", "en")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_writes_a_report_and_says_why_orders_are_late()
    {
        var (code, output, error) = await Twin.RunAsync("run", _twin.Dyehouse, "--orders", "--html", _twin.At("report.html"), "--lang", "zh-CN");

        Assert.True(code == ExitCode.Ok, error);
        Assert.Contains("主要原因", output, StringComparison.Ordinal);
        Assert.Contains("<h1>", await File.ReadAllTextAsync(_twin.At("report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
