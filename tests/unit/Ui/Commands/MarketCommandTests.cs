using System.Text.Json;
using System.Text.RegularExpressions;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Generators;
using Xunit;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

/// <summary><c>twin capacity</c> and <c>twin quote</c> on a small market.</summary>
public sealed partial class MarketCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("market-").FullName;
    private readonly Scenario _scenario = CapacityMapGenerator.Create(6, 24, seed: 3);

    public MarketCommandTests() => ScenarioWriter.Write(_scenario, Path.Combine(_folder, "map"));

    private string Plant => Path.Combine(_folder, "map");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task No_output_for_a_firm_names_an_order_an_item_or_a_quantity_of_another()
    {
        for (var firm = 0; firm < 2; firm++)
        {
            var own = _scenario.Orders.Where(o => o.Tenant!.Value.Index == firm).Select(o => o.Id).ToHashSet();
            foreach (var arguments in (string[][])[["--json"], ["--csv"], []])
            {
                var (code, output, error) = await Twin.RunAsync(["capacity", Plant, "--at", "5d", "--firm", $"F{firm + 1:000}", .. arguments]);
                Assert.True(code == 0, error);
                Assert.Subset(own, OrderNames().Matches(output).Select(m => m.Value).ToHashSet());
                Assert.DoesNotContain(_scenario.Plant.Products, p => output.Contains(p.Id, StringComparison.Ordinal));
                Assert.DoesNotContain(_scenario.Plant.Tenants, t => t.Id != $"F{firm + 1:000}" && output.Contains(t.Id, StringComparison.Ordinal));
            }

            var (_, quote, _) = await Twin.RunAsync(["quote", Plant, "--at", "3d", "--firm", $"F{firm + 1:000}", "--item", "shaft-1", "--quantity", "30", "--due", "4d", "--json"]);
            Assert.Empty(OrderNames().Matches(quote));
            Assert.All(_scenario.Plant.Products.Where(p => p.Id != "shaft-1"), p => Assert.DoesNotContain(p.Id, quote, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_map_as_json_withholds_small_cells_and_a_quote_gives_steps_and_offers()
    {
        var (code, output, error) = await Twin.RunAsync("capacity", Plant, "--at", "7d", "--by-site", "--json");
        Assert.True(code == 0, error);
        using var map = JsonDocument.Parse(output);
        foreach (var cell in map.RootElement.GetProperty("cells").EnumerateArray().Where(c => c.GetProperty("withheld").GetBoolean()))
        {
            Assert.Equal(JsonValueKind.Null, cell.GetProperty("hours").ValueKind);
            Assert.Equal(JsonValueKind.Null, cell.GetProperty("pricePerHour").ValueKind);
        }

        Assert.Equal(JsonValueKind.Null, map.RootElement.GetProperty("account").ValueKind);
        Assert.True(map.RootElement.GetProperty("market").GetProperty("bookedHours").GetDouble() > 0);

        var (asked, text, complaint) = await Twin.RunAsync("quote", Plant, "--item", "flange-1", "--quantity", "20", "--firm", "F001", "--due", "6d", "--json");
        Assert.True(asked == 0, complaint);
        using var quote = JsonDocument.Parse(text);
        Assert.Equal(2, quote.RootElement.GetProperty("steps").GetArrayLength());
        Assert.True(quote.RootElement.GetProperty("offers").GetArrayLength() > 0);
    }

    [Fact]
    public async Task Wrong_names_and_dates_are_answered_with_the_way_out()
    {
        var (code, _, error) = await Twin.RunAsync("capacity", Plant, "--firm", "F01");
        Assert.NotEqual(0, code);
        Assert.Contains("--firm 'F01' is not in tenants.csv", error, StringComparison.Ordinal);
        (_, _, error) = await Twin.RunAsync("quote", Plant, "--item", "shaft", "--quantity", "1");
        Assert.Contains("--item 'shaft' is not in products.csv", error, StringComparison.Ordinal);
        (_, _, error) = await Twin.RunAsync("quote", Plant, "--item", "shaft-1", "--quantity", "1", "--due", "soon");
        Assert.Contains("--due 'soon' is neither a date nor a length of time", error, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\bM\d{5}\b")]
    private static partial Regex OrderNames();
}
