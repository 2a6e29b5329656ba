using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>Mistakes in the ports of equipment.</summary>
public sealed class PortMistakesTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public PortMistakesTests()
    {
        _folder.Write("equipment.csv", """
            id,class,ports,port_min,port_max,capacity_max,slots,capacity_unit
            jet-1,vat,4,60,90,,,kg
            dry-1,dryer,,,,500,,kg
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ports_say_the_capacity_where_nothing_else_does()
    {
        _folder.Expect();
        var jet = _folder.Read().Scenario!.Plant.Equipment[0];
        Assert.Equal((60, 360, 360), (jet.CapacityMin, jet.CapacityNominal, jet.CapacityMax));
    }

    [Fact]
    public void Ports_beside_slots_are_found()
    {
        _folder.Change("equipment.csv", "90,,,kg", "90,,2,kg");
        _folder.Expect("equipment.csv:2:11: equipment 'jet-1' has 4 ports and 2 slots — Ports share one batch and slots take their own; keep one of the two.");
    }

    [Fact]
    public void Ports_without_a_load_are_found()
    {
        _folder.Change("equipment.csv", "4,60,90", "4,,");
        _folder.Expect("equipment.csv:2:14: equipment 'jet-1' has 4 ports and no port_max — Say how much one port takes.");
    }

    [Fact]
    public void Swapped_loads_and_a_capacity_beyond_the_ports_are_found()
    {
        _folder.Change("equipment.csv", "60,90", "70,65");
        _folder.Expect("equipment.csv:2:13: port_min '70' is more than port_max '65' — Maybe the two are swapped?");
        _folder.Change("equipment.csv", "70,65,,", "60,90,400,");
        _folder.Expect("equipment.csv:2:19: capacity_max '400' is more than the 4 ports hold: 360 — Leave it empty, or lower it.");
    }
}
