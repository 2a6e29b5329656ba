using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class PortTests
{
    private const long Minute = Duration.MillisecondsPerMinute;

    /// <summary>A jet of four ports, 300 to 400 each: 60 minutes a batch.</summary>
    private static TinyPlant Jet(params double[] lots)
    {
        var plant = new TinyPlant();
        var jet = plant.Class("jet", batchWaitMinutes: 600);
        plant.Machine(jet, m => m with { Ports = 4, PortMin = 300, PortMax = 400, CapacityMin = 300, CapacityNominal = 1600, CapacityMax = 1600 });
        var product = plant.Product(TinyPlant.Step(jet, 60) with { Batches = true });
        foreach (var lot in lots)
        {
            plant.Order(product, o => o with { Quantity = lot });
        }

        return plant;
    }

    private static double[] Loads(TinyPlant plant)
    {
        var (simulator, events) = plant.Run();
        Assert.Equal(0, simulator.OpenOrders);
        var loads = new List<double>();
        foreach (var start in events.Where(e => e.Kind == PlantEventKind.BatchStarted))
        {
            loads.Add(events.Where(e => e.Kind == PlantEventKind.JobAssigned && e.Arg == start.Job).Sum(e => simulator.State.Plant.Jobs.QuantityOf(e.Job)));
        }

        return [.. loads];
    }

    [Fact]
    public void A_batch_fills_its_ports_evenly_and_stands_in_the_figures_by_port()
    {
        var state = Jet(400, 300).Run().Simulator.State; // 700 in two ports: 350 each

        var kpis = PlantKpis.Of(state).Equipment[0];

        Assert.Equal(1, kpis.Batches);
        Assert.Equal(350 / 400.0, kpis.PortLoading!.Value, 12);
        Assert.Equal(2 / 4.0, kpis.PortUse);
        Assert.Equal(700 / 1600.0, kpis.Loading!.Value, 12);
    }

    [Fact]
    public void A_load_between_two_numbers_of_ports_leaves_the_last_behind() =>
        Assert.Equal([350, 150], Loads(Jet(350, 150))); // 500 would be 250 a port; 350 is one port, and nothing can join the rest

    [Fact]
    public void What_is_too_much_for_the_ports_goes_into_two_batches() => Assert.Equal([1500, 500], Loads(Jet(500, 500, 500, 500)));

    [Fact]
    public void A_load_that_no_number_of_ports_likes_waits_for_company_and_starts_when_none_can_come()
    {
        var plant = Jet(500);
        var late = plant.Order(new ProductId(0), o => o with { Quantity = 200, Release = new SimTime(90 * Minute) });

        var state = plant.Run().Simulator.State;

        Assert.Equal(90, state.Jobs[0].StartAt / Minute); // 500 would be 250 a port; 700 is 350
        Assert.Equal(150, state.Orders[late].CompletedAt / Minute);
        Assert.Equal([500], Loads(Jet(500))); // nothing else to come
    }

    [Fact]
    public void Slots_take_batches_of_their_own()
    {
        var plant = new TinyPlant();
        var rack = plant.Class("rack");
        plant.Machine(rack, m => m with { Slots = 2, CapacityMax = 400 });
        var product = plant.Product(TinyPlant.Step(rack, 60));
        plant.Order(product, o => o with { Quantity = 400 });
        plant.Order(product, o => o with { Quantity = 400 });

        var state = plant.Run().Simulator.State;

        Assert.Equal(2, PlantKpis.Of(state).Equipment[0].Batches);
        Assert.All(state.Orders.ToArray(), o => Assert.Equal(60, o.CompletedAt / Minute));
        Assert.Null(PlantKpis.Of(state).Equipment[0].PortLoading);
    }
}
