using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class MakeUpTests
{
    private const long Minute = Duration.MillisecondsPerMinute;

    /// <summary>One minute a piece, then ten minutes of packing; a fifth of what is made is scrapped.</summary>
    private static TinyPlant Shop(Func<Order, Order> with, double scrap = 0.2)
    {
        var plant = new TinyPlant();
        var (mill, bench) = (plant.Class("mill"), plant.Class("bench"));
        plant.Machine(mill);
        plant.Machine(bench);
        var product = plant.Product(
            TinyPlant.Step(mill, 0) with { UnitTime = Distribution.Constant(Minute), ScrapFraction = scrap }, TinyPlant.Step(bench, 10));
        plant.Order(product, o => with(o with { Quantity = 100 }));
        return plant;
    }

    private static PlantKpis Kpis(PlantSimulator simulator) => PlantKpis.Of(simulator.State);

    [Fact]
    public void Without_a_policy_the_order_is_delivered_short_and_counted()
    {
        var simulator = Shop(o => o).Run().Simulator;

        Assert.Equal(110, simulator.State.Orders[0].CompletedAt / Minute);
        Assert.Equal(80, simulator.State.YieldOf(0));
        Assert.Equal((1, 0.8, 0), (Kpis(simulator).Orders.ShortDeliveries, Kpis(simulator).Orders.DeliveredShare!.Value, Kpis(simulator).Orders.Overproduction));
    }

    [Fact]
    public void Make_up_lots_fill_the_gap_when_the_others_are_done()
    {
        var (simulator, events) = Shop(o => o with { MakeUp = MakeUpPolicy.Lot, MakeUpLot = 15 }).Run();

        // 80 good at 110: 2 lots of 15 are called and yield 12 each → 104 at 110 + 15 + 15 + 10.
        Assert.Equal([20, 5], events.Where(e => e.Kind == PlantEventKind.MakeUpReleased).Select(e => e.Value));
        Assert.Equal(150, simulator.State.Orders[0].CompletedAt / Minute);
        Assert.Equal(104, simulator.State.YieldOf(0), 9);
        Assert.Equal((0, 4.0), (Kpis(simulator).Orders.ShortDeliveries, Math.Round(Kpis(simulator).Orders.Overproduction, 9)));
        Assert.Equal(6, simulator.State.JobCountOf(0)); // one of the three make-up lots still sleeps
    }

    [Fact]
    public void What_a_make_up_lot_loses_calls_the_next_one()
    {
        var (simulator, events) = Shop(o => o with { MakeUp = MakeUpPolicy.Lot, MakeUpLot = 20 }).Run();

        // 80, then 20 → 16: 96; then 20 → 16: 112.
        Assert.Equal([110, 140], events.Where(e => e.Kind == PlantEventKind.MakeUpReleased).Select(e => e.Time.Milliseconds / Minute));
        Assert.Equal(112, simulator.State.YieldOf(0), 9);
        Assert.Equal(170, simulator.State.Orders[0].CompletedAt / Minute);
    }

    [Fact]
    public void A_tolerance_an_allowance_and_a_limit_hold_make_up_back()
    {
        var tolerated = Shop(o => o with { MakeUp = MakeUpPolicy.Lot, ShortTolerance = 0.2 }).Run().Simulator;
        Assert.Equal((80, 0), (tolerated.State.YieldOf(0), Kpis(tolerated).Orders.ShortDeliveries));

        var tooMuch = Shop(o => o with { MakeUp = MakeUpPolicy.Lot, MakeUpLot = 40, OverAllowance = 0.1 }).Run().Simulator;
        Assert.Equal((80, 1), (tooMuch.State.YieldOf(0), Kpis(tooMuch).Orders.ShortDeliveries)); // 120 would be more than 110

        var limited = Shop(o => o with { MakeUp = MakeUpPolicy.Lot, MakeUpLot = 5, MakeUpLots = 2 }).Run().Simulator;
        Assert.Equal((88, 1), (limited.State.YieldOf(0), Kpis(limited).Orders.ShortDeliveries));
    }

    [Fact]
    public void What_is_made_again_at_once_is_not_missing()
    {
        var plant = new TinyPlant();
        var vat = plant.Class("vat");
        plant.Machine(vat);
        plant.Order(plant.Product(TinyPlant.Step(vat, 60) with { LossProbability = 0.5 }), o => o with { Quantity = 100, MakeUp = MakeUpPolicy.Lot });

        Gen.ULong.Sample(seed =>
        {
            var (simulator, events) = plant.Run(seed: seed);
            Assert.Equal(100, simulator.State.YieldOf(0));
            Assert.DoesNotContain(events, e => e.Kind == PlantEventKind.MakeUpReleased);
        }, iter: 20);
    }

    [Fact]
    public void The_flow_of_a_made_up_order_sums_exactly_through_its_make_up_lot()
    {
        var start = new PlantState(Shop(o => o with { MakeUp = MakeUpPolicy.Lot, MakeUpLot = 25 }).Compile());
        var tracker = new FlowTracker(start);
        var watch = new PlantWatch(start, tracker);
        new PlantSimulator(start.Plant, new DispatchPolicy(), new RandomSource(1, 0), sink: watch).RunToCompletion(SimTime.FromHours(100));

        var flow = OrderFlow.Of(tracker, watch.State)[0];

        Assert.Equal(4, flow.Steps.Length);
        Assert.Equal(100 + 10 + 25 + 10, flow[FlowPart.Processing] / Minute);
        Assert.Equal(flow.FlowMs, flow.Parts.Sum());
        Assert.Equal(0, flow[FlowPart.Unexplained]);
    }

    [Fact]
    public void Any_state_of_a_plant_that_makes_up_forks_and_resumes_to_the_same_end() => Gen.Int[1, 60].Sample(tenth =>
    {
        var plant = Shop(o => o with { MakeUp = MakeUpPolicy.Lot, MakeUpLot = 20 });
        plant.Order(new ProductId(0), o => o with { Quantity = 60, MakeUp = MakeUpPolicy.Lot, LotSize = 30 });
        var straight = new PlantSimulator(plant.Compile(), new DispatchPolicy(), new RandomSource(1, 0));
        straight.RunUntil(new SimTime(tenth * 6 * Minute));
        var (left, right) = (new EventHash(), new EventHash());
        var (fork, again) = (straight.Fork(left), straight.Fork(right));
        var resumed = new PlantSimulator(straight.State.Plant, new DispatchPolicy(), new RandomSource(1, 0), straight.State);
        foreach (var simulator in (PlantSimulator[])[straight, fork, again, resumed])
        {
            simulator.RunToCompletion(SimTime.FromHours(100));
            Assert.Equal(0, simulator.OpenOrders);
        }

        Assert.Equal(left.Value, right.Value);
        Assert.Equal(straight.State.Orders.ToArray().Select(o => o.CompletedAt), resumed.State.Orders.ToArray().Select(o => o.CompletedAt));
    }, iter: 60);
}
