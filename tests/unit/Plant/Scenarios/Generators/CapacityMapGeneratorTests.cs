using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Generators;

public sealed class CapacityMapGeneratorTests
{
    [Theory]
    [InlineData(6, 18)]
    [InlineData(30, 150)]
    [InlineData(250, 3000)]
    public void Every_order_can_be_made_and_quiet_firms_offer_hours_of_every_class(int firms, int machines)
    {
        var scenario = CapacityMapGenerator.Create(firms, machines);
        var plant = CompiledScenario.Compile(scenario);

        Assert.Equal((firms, machines), (scenario.Plant.Tenants.Length, scenario.Plant.Equipment.Length));
        Assert.Empty(WorkContent.Impossible(plant));
        Assert.True(plant.Groups.Max(g => g.Length) <= 300);
        Assert.InRange(scenario.Plant.Offers.Length / (double)machines, 0.3, 0.75);
        Assert.Equal(scenario.Plant.EquipmentClasses.Length, scenario.Plant.Offers.Select(o => scenario.Plant.Equipment[o.Equipment].Class).Distinct().Count());
    }

    [Fact]
    public void Bookings_use_idle_hours_and_bring_orders_forward()
    {
        var scenario = CapacityMapGenerator.Create(12, 60);
        var alone = scenario with { Plant = scenario.Plant with { Market = scenario.Plant.Market with { Booking = DigitalTwin.Plant.Model.BookingPolicy.None } } };

        var (with, without) = (Run(scenario), Run(alone));

        Assert.Equal(0, without.Sharing!.Market.Held);
        Assert.True(with.Sharing!.Market.BookedHours > 1000);
        Assert.True(with.Orders.Completed > without.Orders.Completed);
        Assert.Equal(0, with.Sharing.Market.OutsideOffers);
    }

    private static DigitalTwin.Plant.Kpis.PlantKpis Run(DigitalTwin.Plant.Model.Scenario scenario)
    {
        var simulator = new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunToCompletion(SimTime.FromHours(24 * 28));
        return DigitalTwin.Plant.Kpis.PlantKpis.Of(simulator.State);
    }
}
