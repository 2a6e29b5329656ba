using DigitalTwin.Plant.Kpis;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public sealed class WaitLimitTests
{
    [Fact]
    public void A_wait_longer_than_the_operation_allows_counts_with_the_time_over()
    {
        // Two mills end at 0:10; the one bench takes 60 min each: waits of 0 and 60 min.
        Assert.Equal(new WaitLimitKpis(1, 0.5), Run(Duration.FromMinutes(30)));
        Assert.Equal(new WaitLimitKpis(0, 0), Run(Duration.FromMinutes(60)));
    }

    [Fact]
    public void Where_nothing_limits_the_wait_there_is_no_figure() => Assert.Null(Run(null));

    private static WaitLimitKpis? Run(Duration? limit)
    {
        var plant = new TinyPlant();
        var (mill, bench) = (plant.Class("mill"), plant.Class("bench"));
        plant.Machine(mill);
        plant.Machine(mill);
        plant.Machine(bench);
        var product = plant.Product(TinyPlant.Step(mill, 10) with { MaxWait = limit }, TinyPlant.Step(bench, 60));
        plant.Order(product, o => o);
        plant.Order(product, o => o);
        return PlantKpis.Of(plant.Run().Simulator.State).Orders.WaitLimits;
    }
}
