using System.Text.Json;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Runtime;

public sealed class OrderDocumentTests
{
    private static readonly CompiledScenario Yard = RuntimePlants.Lively();

    [Fact]
    public void An_order_needs_no_more_than_id_product_and_quantity()
    {
        var order = Read($$"""{ "id": "rush", "product": "{{Yard.Plant.Products[0].Id}}", "quantity": 12 }""", out var problem);

        Assert.Equal("", problem);
        Assert.Equal((12, 1, "", "pcs", Order.UsualMakeUpLots), (order!.Quantity, order.Priority, order.DyeLot, order.Unit, order.MakeUpLots));
    }

    [Fact]
    public void An_order_without_name_or_product_is_refused_with_what_it_lacks()
    {
        Assert.Null(Read("""{ "quantity": 0, "priority": -1 }""", out var problem));

        Assert.All(["id ''", "product ''", "quantity 0", "priority -1"], what => Assert.Contains(what, problem, StringComparison.Ordinal));
    }

    private static Order? Read(string json, out string problem) =>
        JsonSerializer.Deserialize($"[{json}]", RuntimeJson.Default.OrderDocumentArray)![0].Read(new PlantNames(Yard), SimTime.Zero, out problem);
}
