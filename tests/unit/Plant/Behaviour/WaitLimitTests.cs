using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

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

    /// <summary>A bench of an hour per lot is taken until 1:00. A lot that was dried until 0:10 waits beside three that came at 0:05 and may wait for ever.</summary>
    [Theory]
    [InlineData(null, 240)] // first come, first served
    [InlineData(60.0, 60)] // another hour of something else would be too long: it goes first
    [InlineData(150.0, 120)] // at 1:00 another fits before 2:40, at 2:00 none would
    [InlineData(200.0, 180)]
    public void A_lot_whose_wait_is_about_to_be_over_goes_before_all_others(double? limit, double start)
    {
        var plant = new TinyPlant();
        var (dryer, bench) = (plant.Class("dryer"), plant.Class("bench"));
        plant.Machine(dryer);
        plant.Machine(bench);
        var plain = plant.Product((bench, 60));
        var dried = plant.Product(TinyPlant.Step(dryer, 10) with { MaxWait = limit is { } l ? Duration.FromMinutes(l) : null }, TinyPlant.Step(bench, 60));
        plant.Order(plain);
        var lot = plant.Order(dried);
        for (var i = 0; i < 3; i++)
        {
            plant.Order(plain, o => o with { Release = SimTime.FromHours(5 / 60.0) });
        }

        var (simulator, _) = plant.Run();

        Assert.Equal(start, simulator.State.Jobs[2].StartAt / 60_000.0);
        Assert.Equal(1, lot.Index);
        Assert.Equal(limit is null ? null : new WaitLimitKpis(0, 0), PlantKpis.Of(simulator.State).Orders.WaitLimits);
    }

    /// <summary>The second lot may wait until 0:40; nobody takes it up, and it is milled again until 0:50. The bench is free at 1:10.</summary>
    [Theory]
    [InlineData(AfterMaxWait.Repeat, 0)]
    [InlineData(AfterMaxWait.Scrap, 1)]
    public void A_lot_that_nobody_takes_up_in_time_is_done_again(AfterMaxWait after, double scrapped)
    {
        var compiled = MillAndBench(Duration.FromMinutes(30), after).Compile();
        var recorder = new EventRecorder();
        var tracker = new FlowTracker(new PlantState(compiled));
        var watch = new PlantWatch(new PlantState(compiled), tracker);
        var simulator = new PlantSimulator(compiled, new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0), sink: new EventTee(recorder, watch));
        simulator.RunToCompletion(SimTime.FromHours(100));

        Assert.Equal([70.0, 130.0], simulator.State.Orders.ToArray().Select(o => o.CompletedAt / 60_000.0));
        Assert.Equal(40 * 60_000L, recorder.Events.Single(e => e.Kind == PlantEventKind.WaitExceeded).Time.Milliseconds);
        Assert.Equal((scrapped, 0), (simulator.State.Orders[1].Scrapped, simulator.State.Orders[1].Missing));
        Assert.Equal(new WaitLimitKpis(1, 0, 1), PlantKpis.Of(simulator.State).Orders.WaitLimits);
        var flow = OrderFlow.Of(tracker, simulator.State)[1];
        Assert.Equal((70, 10, 50), (flow[FlowPart.Processing] / 60_000, flow[FlowPart.Rework] / 60_000, flow[FlowPart.Queue] / 60_000));
        Assert.Equal(flow.FlowMs, flow.Parts.Sum());
    }

    [Fact]
    public void A_lot_that_starts_at_the_very_end_of_its_wait_is_in_time()
    {
        var (simulator, events) = MillAndBench(Duration.FromMinutes(60), AfterMaxWait.Repeat).Run();

        Assert.DoesNotContain(events, e => e.Kind == PlantEventKind.WaitExceeded);
        Assert.Equal(130, simulator.State.Orders[1].CompletedAt / 60_000.0);
    }

    [Fact]
    public void However_short_the_wait_every_order_ends()
    {
        // The bench takes ten hours: each lot behind the first is milled again and again, and then goes on all the same.
        var plant = new TinyPlant();
        var (mill, bench) = (plant.Class("mill"), plant.Class("bench"));
        plant.Machine(mill);
        plant.Machine(bench);
        var product = plant.Product(TinyPlant.Step(mill, 10) with { MaxWait = Duration.FromMinutes(1), AfterMaxWait = AfterMaxWait.Repeat }, TinyPlant.Step(bench, 600));
        for (var i = 0; i < 4; i++)
        {
            plant.Order(product);
        }

        var (simulator, events) = plant.Run();

        Assert.Equal(0, simulator.OpenOrders);
        Assert.All(Enumerable.Range(0, 4), o => Assert.InRange(events.Count(e => e.Kind == PlantEventKind.WaitExceeded && e.Job == 2 * o + 1), 0, 9));
        Assert.Contains(events.CountBy(e => e.Kind), k => k is { Key: PlantEventKind.WaitExceeded, Value: > 9 });
    }

    [Fact]
    public void A_batch_waits_for_company_no_longer_than_its_goods_may_wait()
    {
        // The oven wants 2 lots at least. The second comes at 10:00; the first, mixed at 0:10, may wait until 1:10.
        var plant = new TinyPlant();
        var (mixer, oven) = (plant.Class("mixer"), plant.Class("oven"));
        plant.Machine(mixer);
        plant.Machine(oven, m => m with { CapacityMin = 2, CapacityMax = 4 });
        var family = plant.Family("f");
        var product = plant.Product(
            TinyPlant.Step(mixer, 10) with { MaxWait = Duration.FromHours(1) },
            TinyPlant.Step(oven, 60) with { Batches = true, Family = family });
        plant.Order(product);
        plant.Order(product, o => o with { Release = SimTime.FromHours(10) });

        var (simulator, _) = plant.Run();

        Assert.Equal(70, simulator.State.Jobs[1].StartAt / 60_000.0);
        Assert.Equal(0, PlantKpis.Of(simulator.State).Orders.WaitLimits!.Value.Violations);
    }

    private static TinyPlant MillAndBench(Duration? limit, AfterMaxWait after = AfterMaxWait.Count)
    {
        var plant = new TinyPlant();
        var (mill, bench) = (plant.Class("mill"), plant.Class("bench"));
        plant.Machine(mill);
        plant.Machine(mill);
        plant.Machine(bench);
        var product = plant.Product(TinyPlant.Step(mill, 10) with { MaxWait = limit, AfterMaxWait = after }, TinyPlant.Step(bench, 60));
        plant.Order(product);
        plant.Order(product);
        return plant;
    }

    private static WaitLimitKpis? Run(Duration? limit) => PlantKpis.Of(MillAndBench(limit).Run().Simulator.State).Orders.WaitLimits;
}
