using System.Text.Json;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Ui.Commands;
using Xunit;

namespace DigitalTwin.Tests.Unit.Ui.Commands;

public sealed class TraceAndMaterialsTests : IDisposable
{
    private readonly Twin _twin = new();

    public void Dispose() => _twin.Dispose();

    private string Plant
    {
        get
        {
            var path = _twin.At("car-parts");
            if (!Directory.Exists(path))
            {
                ScenarioWriter.Write(CarPartsGenerator.Create(40), path);
            }

            return path;
        }
    }

    [Fact]
    public async Task Forward_and_backward_traces_name_each_other_and_quantities_add_up_to_the_lot()
    {
        var (code, output, _) = await Twin.RunAsync("trace", Plant, "--lot", "HEAT-0410", "--forward", "--json");
        Assert.Equal(ExitCode.Ok, code);
        using var forward = JsonDocument.Parse(output);
        var lots = forward.RootElement.GetProperty("lots").EnumerateArray().ToList();
        var heat = lots[0];
        Assert.Equal(("HEAT-0410", "iron-works"), (heat.GetProperty("lot").GetString(), heat.GetProperty("supplier").GetString()));
        var direct = forward.RootElement.GetProperty("uses").EnumerateArray().Where(u => u.GetProperty("parent").GetString() == "HEAT-0410").ToList();
        Assert.InRange(direct.Sum(u => u.GetProperty("quantity").GetDouble()), 1, heat.GetProperty("quantity").GetDouble() + 1e-9);

        var shipped = lots.First(l => l.GetProperty("lot").GetString()!.StartsWith("CP-", StringComparison.Ordinal)).GetProperty("lot").GetString()!;
        var (_, csv, _) = await Twin.RunAsync("trace", Plant, "--lot", shipped, "--csv");
        Assert.Contains(",HEAT-0410,", csv, StringComparison.Ordinal);
        Assert.Contains("assembly-", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_EPCIS_document_has_a_transformation_per_made_lot_and_a_receipt_per_bought_one()
    {
        var (code, output, _) = await Twin.RunAsync("trace", Plant, "--lot", "CP-0001", "--epcis");

        Assert.Equal(ExitCode.Ok, code);
        using var epcis = JsonDocument.Parse(output);
        Assert.Equal(("EPCISDocument", "2.0"), (epcis.RootElement.GetProperty("type").GetString(), epcis.RootElement.GetProperty("schemaVersion").GetString()));
        var events = epcis.RootElement.GetProperty("epcisBody").GetProperty("eventList").EnumerateArray().ToList();
        foreach (var e in events)
        {
            Assert.True(DateTimeOffset.TryParse(e.GetProperty("eventTime").GetString(), out _));
            Assert.Equal("+08:00", e.GetProperty("eventTimeZoneOffset").GetString());
            Assert.StartsWith("urn:twin:place:", e.GetProperty("readPoint").GetProperty("id").GetString(), StringComparison.Ordinal);
        }

        var order = events.Single(e => e.TryGetProperty("transformationID", out var id) && id.GetString()!.Contains("CP-0001", StringComparison.Ordinal));
        Assert.True(order.GetProperty("inputQuantityList").GetArrayLength() >= 3); // housing, piston, seal kit
        Assert.Contains(events, e => e.GetProperty("type").GetString() == "ObjectEvent" && e.GetProperty("bizStep").GetString() == "receiving");
    }

    [Fact]
    public async Task A_misspelt_lot_is_answered_with_the_likely_one()
    {
        var (code, _, error) = await Twin.RunAsync("trace", Plant, "--lot", "HEAT-041O");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("Maybe you meant 'HEAT-0410'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Materials_shows_the_shortage_most_to_be_feared_first_and_the_products_it_stops()
    {
        var (code, output, _) = await Twin.RunAsync("materials", Plant, "--json");

        Assert.Equal(ExitCode.Ok, code);
        using var json = JsonDocument.Parse(output);
        var scores = json.RootElement.GetProperty("materials").EnumerateArray().Select(m => m.GetProperty("score").GetDouble()).ToList();
        Assert.Equal(scores.OrderDescending(), scores);
        var (_, table, _) = await Twin.RunAsync("materials", Plant, "--end", "--products", "--lang", "zh-CN");
        Assert.Contains("缺料风险", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plant_without_materials_says_so()
    {
        var (code, _, error) = await Twin.RunAsync("materials", _twin.Dyehouse);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("materials.csv", error, StringComparison.Ordinal);
    }
}
