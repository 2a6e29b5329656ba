using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Sharing;

public class ExpressTests
{
    private static double StartHour(PlantSimulator simulator, OrderId order) => new SimTime(simulator.State.Orders[order].StartedAt).Hours;

    /// <summary>Four machines, one hour a job.</summary>
    private static (TinyPlant Plant, ProductId Product) Shop(double share, int machines = 4, int slots = 1)
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        for (var m = 0; m < machines; m++)
        {
            plant.Machine(c, e => e with { Slots = slots });
        }

        plant.Extra = plant.Extra with { Market = new MarketRules { ExpressShare = share } };
        return (plant, plant.Product((c, 60)));
    }

    [Theory]
    [InlineData(0, 1)] // all four are taken by bulk orders when the sample comes
    [InlineData(0.25, 0.5)] // one of the four stood free for it
    public void A_sample_finds_the_capacity_that_is_kept_for_it(double share, double starts)
    {
        var (plant, product) = Shop(share);
        var bulk = Enumerable.Range(0, 8).Select(_ => plant.Order(product)).ToList();
        var sample = plant.Order(product, o => o with { Kind = OrderKind.Sample, Release = SimTime.FromHours(0.5), Priority = 9 });
        plant.Dispatch = DispatchRule.Atc;

        var (simulator, _) = plant.Run();

        Assert.Equal(starts, StartHour(simulator, sample));
        Assert.Equal(2, bulk.Max(o => StartHour(simulator, o))); // eight on three machines, or the sample among them on four
    }

    [Fact]
    public void The_last_slots_of_a_rack_are_kept_and_a_bulk_order_marked_express_takes_them()
    {
        var (plant, product) = Shop(0.25, machines: 1, slots: 4);
        var bulk = Enumerable.Range(0, 4).Select(_ => plant.Order(product)).ToList();
        var express = plant.Order(product, o => o with { Express = true });

        var (simulator, _) = plant.Run();

        Assert.Equal([0, 0, 0, 1], bulk.Select(o => StartHour(simulator, o)));
        Assert.Equal(0, StartHour(simulator, express));
    }

    [Fact]
    public void Bulk_work_that_no_other_machine_can_do_takes_kept_capacity_all_the_same()
    {
        var (plant, product) = Shop(0.9, machines: 1);
        var order = plant.Order(product);

        Assert.Equal(1, plant.Compile().ExpressSlotsOf(0));
        Assert.Equal(0, StartHour(plant.Run().Simulator, order));
    }

    [Fact]
    public void The_share_is_spread_over_a_class_and_rounded_to_whole_slots()
    {
        var (plant, product) = Shop(0.1, machines: 25);
        plant.Order(product);
        var compiled = plant.Compile();

        Assert.Equal(3, Enumerable.Range(0, 25).Sum(compiled.ExpressSlotsOf));
        Assert.All(Enumerable.Range(0, 25), e => Assert.InRange(compiled.ExpressSlotsOf(e), 0, 1));
    }
}
