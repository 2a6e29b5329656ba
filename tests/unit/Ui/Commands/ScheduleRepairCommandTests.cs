using DigitalTwin.Ui.Commands;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class ScheduleRepairCommandTests : IDisposable
{
    private readonly Twin _twin = new();

    public void Dispose() => _twin.Dispose();

    private async Task<string> PlanAsync()
    {
        var plan = _twin.At("plan.csv");
        Assert.Equal(ExitCode.Ok, (await Twin.RunAsync("export", "schedule", _twin.Dyehouse, "--rule", "edd", "-o", plan)).Code);
        return plan;
    }

    [Fact]
    public async Task A_breakdown_is_repaired_written_and_compared()
    {
        var plan = await PlanAsync();
        var machine = (await File.ReadAllLinesAsync(plan, TestContext.Current.CancellationToken))[1].Split(',')[0];
        var repaired = _twin.At("repaired.json");

        var outcome = await Twin.JsonAsync("repair", _twin.Dyehouse, "--schedule", plan, "--breakdown", $"{machine}@1h+6h", "--time", "300ms", "--workers", "1", "-o", repaired);
        var diff = await Twin.JsonAsync("diff", _twin.Dyehouse, plan, repaired, "--at", "1h");

        Assert.True(outcome.GetProperty("objective").GetProperty("total").GetDouble() <= outcome.GetProperty("shifted").GetProperty("total").GetDouble());
        Assert.Equal(outcome.GetProperty("diff").GetProperty("moved").GetInt32(), diff.GetProperty("diff").GetProperty("moved").GetInt32());
        var (code, output, _) = await Twin.RunAsync("repair", _twin.Dyehouse, "--schedule", plan, "--breakdown", $"{machine}@1h+6h", "--time", "300ms", "--lang", "zh-CN");
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("停机", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_is_explained_back_to_its_root()
    {
        var plan = await PlanAsync();
        var order = (await File.ReadAllLinesAsync(plan, TestContext.Current.CancellationToken))[^1].Split(',')[1].Split('/')[0];

        var why = await Twin.JsonAsync("explain", _twin.Dyehouse, "--schedule", plan, "--why", order);
        var (_, output, _) = await Twin.RunAsync("explain", _twin.Dyehouse, "--schedule", plan, "--why", order, "--lang", "en");

        var steps = why.GetProperty("steps").EnumerateArray().ToArray();
        Assert.True(steps[0].GetProperty("kind").GetString() is "Release" or "Now");
        Assert.Equal(why.GetProperty("end").GetString(), steps[^1].GetProperty("to").GetString());
        Assert.Contains("root:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wish_has_a_price_or_an_obstacle_and_a_new_order_a_date()
    {
        var plan = await PlanAsync();
        var last = (await File.ReadAllLinesAsync(plan, TestContext.Current.CancellationToken))[^1].Split(',');

        var priced = await Twin.JsonAsync("explain", _twin.Dyehouse, "--schedule", plan, "--why-not", $"{last[1]} before 90d");
        var blocked = await Twin.RunAsync("explain", _twin.Dyehouse, "--schedule", plan, "--why-not", $"{last[1]} before 0h", "--lang", "en");
        var (usage, _, error) = await Twin.RunAsync("explain", _twin.Dyehouse, "--schedule", plan, "--why-not", last[1]);

        Assert.Equal("AlreadySo", priced.GetProperty("obstacle").GetString());
        Assert.True(blocked.Output.Contains("Not possible", StringComparison.Ordinal) || blocked.Output.Contains("at a price", StringComparison.Ordinal), blocked.Output);
        Assert.Equal(ExitCode.Usage, usage);
        Assert.Contains("is no wish", error, StringComparison.Ordinal);

        var products = await File.ReadAllLinesAsync(Path.Combine(_twin.Dyehouse, "products.csv"), TestContext.Current.CancellationToken);
        var promise = await Twin.JsonAsync("promise", _twin.Dyehouse, "--schedule", plan, "--item", products[1].Split(',')[0], "--quantity", "10");
        Assert.True(DateTimeOffset.Parse(promise.GetProperty("date").GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            <= DateTimeOffset.Parse(promise.GetProperty("inGaps").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Due_dates_that_cannot_be_kept_are_told_in_the_plants_words_with_ways_out()
    {
        var plan = await PlanAsync();
        var order = (await File.ReadAllLinesAsync(Path.Combine(_twin.Dyehouse, "orders.csv"), TestContext.Current.CancellationToken))[1].Split(',')[0];

        var (code, output, _) = await Twin.RunAsync("explain", _twin.Dyehouse, "--schedule", plan, "--conflicts", "--lang", "en");
        var (missing, _, error) = await Twin.RunAsync("explain", _twin.Dyehouse, "--conflicts", "--hard", order + "x");

        Assert.True(code == ExitCode.Infeasible ? output.Contains("accept order", StringComparison.Ordinal) : output.Contains("No conflict", StringComparison.Ordinal), output);
        Assert.Equal(ExitCode.Usage, missing);
        Assert.Contains("no order", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MACHINE@MOMENT+LENGTH", "--breakdown", "vat7")]
    [InlineData("no equipment 'vat7'", "--breakdown", "vat7@1h+2h")]
    [InlineData("no order 'X'", "--delay", "X+2h")]
    [InlineData("does not know 'itme'", "--rush", "itme=a")]
    [InlineData("is not a length of time", "--frozen", "soon")]
    [InlineData("a lock is to machine, place or time, not 'tim'", "--lock", "V01=tim")]
    [InlineData("no order 'X'", "--lock", "X")]
    public async Task A_disruption_that_cannot_be_read_is_answered_with_the_way_out(string message, string option, string value)
    {
        var plan = await PlanAsync();

        var (code, _, error) = await Twin.RunAsync("repair", _twin.Dyehouse, "--schedule", plan, option, value);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }
}
