using System.Text.Json;
using Xunit;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public class ConditionCommandTests
{
    private static string Bearings => Path.Combine(SharedData.Repository, "scenarios", "bearings");

    [Fact]
    public async Task Machines_are_listed_with_zone_trend_remaining_life_and_slot_the_most_urgent_first()
    {
        var (code, output, _) = await Twin.RunAsync("condition", Bearings, "--at", "160d", "--json");

        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        var machines = json.RootElement.GetProperty("machines").EnumerateArray().ToList();
        Assert.Equal(12, machines.Count);
        var first = machines[0];
        Assert.Equal("B", first.GetProperty("zone").GetString());
        Assert.True(first.GetProperty("remainingP10Hours").GetDouble() < first.GetProperty("remainingP90Hours").GetDouble());
        Assert.Equal("bearing-change", first.GetProperty("slot").GetProperty("plan").GetString());
        var remaining = machines.Select(m => m.GetProperty("remainingP50Hours")).TakeWhile(r => r.ValueKind == JsonValueKind.Number).Select(r => r.GetDouble()).ToList();
        Assert.Equal(remaining.Order(), remaining);

        var (_, table, _) = await Twin.RunAsync("condition", Bearings, "--at", "160d", "--lang", "zh-CN");
        Assert.Contains("剩余寿命P10", table, StringComparison.Ordinal);
        Assert.Contains(first.GetProperty("equipment").GetString()!, table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scenario_without_signals_is_told_what_is_missing()
    {
        var (code, _, error) = await Twin.RunAsync("condition", Path.Combine(SharedData.Repository, "scenarios", "foundry"));

        Assert.NotEqual(0, code);
        Assert.Contains("Maybe give a failure mode baseline, limit and pf_interval in failure_modes.csv?", error, StringComparison.Ordinal);
    }
}
