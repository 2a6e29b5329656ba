using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class MaterialTests
{
    private const double Minute = Duration.MillisecondsPerMinute;
    private static readonly MaterialId Steel = new(0);

    private static SimTime At(double minutes) => SimTime.Zero + Duration.FromMinutes(minutes);

    private static double Minutes(long ms) => ms / Minute;

    /// <summary>One machine, ten minutes a job, two steel a piece.</summary>
    private sealed class Shop
    {
        public Shop(Material steel, params MaterialSource[] sources)
        {
            var c = Plant.Class("c");
            Plant.Machine(c);
            Product = Plant.Product((c, 10));
            Plant.Extra = Plant.Extra with
            {
                Materials = [steel], Sources = [.. sources], BillOfMaterials = [new BillLine(Product, 0, Steel, 2)],
            };
        }

        public TinyPlant Plant { get; } = new();

        public ProductId Product { get; }

        public FirmReceipt[] Receipts { get; init; } = [];

        public SupplyDisturbance[] Disturbances { get; init; } = [];

        public LotDecision[] Decisions { get; init; } = [];

        public (PlantSimulator Simulator, List<PlantEvent> Events) Run(double untilMinutes = 60 * 24 * 60)
        {
            var scenario = Plant.Build() with { Receipts = [.. Receipts], SupplyDisturbances = [.. Disturbances], LotDecisions = [.. Decisions] };
            var recorder = new EventRecorder();
            var simulator = new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0), sink: recorder);
            simulator.RunToCompletion(At(untilMinutes));
            return (simulator, recorder.Events);
        }
    }

    private static Material Steel_(double stock) => new() { Id = "steel", Name = "steel", InitialStock = stock };

    private static MaterialSource From(string supplier, double leadMinutes) =>
        new() { Material = Steel, Supplier = supplier, LeadTime = Distribution.Constant(leadMinutes * Minute) };

    private static FirmReceipt Receipt(double quantity, double minutes, string lot = "") => new() { Material = Steel, Quantity = quantity, Time = At(minutes), Lot = lot };

    [Fact]
    public void A_job_short_of_material_waits_visibly_and_its_receipt_wakes_it()
    {
        var shop = new Shop(Steel_(0)) { Receipts = [Receipt(2, 60)] };
        var order = shop.Plant.Order(shop.Product);

        var (simulator, events) = shop.Run();

        Assert.Equal(70, Minutes(simulator.State.Orders[order].CompletedAt));
        Assert.Equal(0, events.Single(e => e.Kind == PlantEventKind.MaterialShort).Time.Milliseconds);
        var kpis = PlantKpis.Of(simulator.State);
        Assert.Equal(1, kpis.MaterialTotal!.WaitingHours);
        Assert.Equal(1, kpis.MaterialTotal.Shortages);
        Assert.Equal(0, kpis.MaterialTotal.FillRate);
        Assert.Equal(0, simulator.State.Materials[0].OnHand);
    }

    [Fact]
    public void A_small_later_job_does_not_take_what_an_earlier_one_waits_for()
    {
        var shop = new Shop(Steel_(10)) { Receipts = [Receipt(10, 100)] };
        var big = shop.Plant.Order(shop.Product, o => o with { Quantity = 9 }); // needs 18, there are 10
        var small = shop.Plant.Order(shop.Product, o => o with { Quantity = 1, Release = At(5) });

        var (simulator, _) = shop.Run();

        Assert.Equal(110, Minutes(simulator.State.Orders[big].CompletedAt));
        Assert.Equal(120, Minutes(simulator.State.Orders[small].CompletedAt)); // 20 − 18 = 2 are left for it at 100
    }

    [Fact]
    public void Priority_overtakes_in_line_but_only_by_its_head_start()
    {
        var shop = new Shop(Steel_(0)) { Receipts = [Receipt(2, 3000), Receipt(2, 3100), Receipt(2, 3200)] };
        var first = shop.Plant.Order(shop.Product);
        var urgent = shop.Plant.Order(shop.Product, o => o with { Priority = 2, Release = At(600) }); // a day's head start: ranks at −840
        var late = shop.Plant.Order(shop.Product, o => o with { Priority = 2, Release = At(1500) }); // ranks at 60

        var (simulator, _) = shop.Run();

        Assert.Equal(3010, Minutes(simulator.State.Orders[urgent].CompletedAt));
        Assert.Equal(3110, Minutes(simulator.State.Orders[first].CompletedAt));
        Assert.Equal(3210, Minutes(simulator.State.Orders[late].CompletedAt));
    }

    [Fact]
    public void Order_up_to_orders_what_is_missing_when_the_position_falls_to_the_point()
    {
        var shop = new Shop(Steel_(10) with { Reorder = ReorderRule.OrderUpTo, ReorderPoint = 4, OrderUpTo = 12 }, From("a", 30));
        for (var i = 0; i < 6; i++)
        {
            var n = i;
            shop.Plant.Order(shop.Product, o => o with { Release = At(n * 20) });
        }

        var (simulator, events) = shop.Run();

        // Positions 8 6 4 → order 8 → 12; then 10, 8, 6.
        var order = events.Single(e => e.Kind == PlantEventKind.SupplyOrdered);
        Assert.Equal((40, 8.0), (Minutes(order.Time.Milliseconds), order.Value));
        Assert.Equal(70, Minutes(events.Single(e => e.Kind == PlantEventKind.SupplyReceived).Time.Milliseconds));
        Assert.Equal(6, MaterialQuantity.Units(simulator.State.Materials[0].OnHand));
        Assert.Equal(1, PlantKpis.Of(simulator.State).MaterialTotal!.FillRate);
    }

    [Fact]
    public void Fixed_quantity_orders_multiples_and_per_order_exactly_what_is_needed()
    {
        List<PlantEvent> Ordered(Material steel, double quantity)
        {
            var shop = new Shop(steel, From("a", 30));
            shop.Plant.Order(shop.Product, o => o with { Quantity = quantity });
            return [.. shop.Run().Events.Where(e => e.Kind == PlantEventKind.SupplyOrdered)];
        }

        // Position 5 − 20 = −15: three times 10 is the least that lifts it above 3.
        Assert.Equal(20, Ordered(Steel_(5) with { Reorder = ReorderRule.FixedQuantity, ReorderPoint = 3, OrderQuantity = 10 }, 10).Single().Value);
        Assert.Equal(15, Ordered(Steel_(5) with { Reorder = ReorderRule.PerOrder }, 10).Single().Value);
        Assert.Equal(19, Ordered(Steel_(5) with { Reorder = ReorderRule.PerOrder, SafetyStock = 4 }, 10).Single().Value);
    }

    [Fact]
    public void Periodic_review_orders_up_to_the_level_at_every_period_and_never_between()
    {
        var shop = new Shop(Steel_(6) with { Reorder = ReorderRule.Periodic, ReviewPeriod = Duration.FromMinutes(100), OrderUpTo = 6 }, From("a", 10));
        shop.Plant.Order(shop.Product, o => o with { Release = At(30) });
        shop.Plant.Order(shop.Product, o => o with { Quantity = 2, Release = At(150) });
        shop.Plant.Order(shop.Product, o => o with { Release = At(350) });

        var (_, events) = shop.Run();

        Assert.Equal([(100, 2.0), (200, 4.0)], events.Where(e => e.Kind == PlantEventKind.SupplyOrdered).Select(e => ((int)Minutes(e.Time.Milliseconds), e.Value)));
    }

    [Fact]
    public void A_source_rounds_up_to_its_lot_and_makes_no_more_a_day_than_it_can()
    {
        var shop = new Shop(Steel_(0) with { Reorder = ReorderRule.PerOrder }, From("a", 60) with { MinLot = 100, CapacityPerDay = 2400 });
        shop.Plant.Order(shop.Product, o => o with { Quantity = 60 }); // 120 units take 72 minutes to make
        shop.Plant.Order(shop.Product, o => o with { Quantity = 10, Release = At(12) }); // 20 → 100, made after the first: 60 minutes

        var (_, events) = shop.Run();

        Assert.Equal([120.0, 100.0], events.Where(e => e.Kind == PlantEventKind.SupplyOrdered).Select(e => e.Value));
        Assert.Equal([132.0, 192.0], events.Where(e => e.Kind == PlantEventKind.SupplyReceived).Select(e => Minutes(e.Time.Milliseconds)));
    }

    [Fact]
    public void A_closed_supplier_delays_what_is_under_way_and_the_next_order_goes_elsewhere()
    {
        var shop = new Shop(Steel_(0) with { Reorder = ReorderRule.PerOrder }, From("near", 50), From("far", 90))
        {
            Disturbances = [new SupplyDisturbance { Supplier = "near", From = At(20), To = At(120) }],
        };
        shop.Plant.Order(shop.Product);
        shop.Plant.Order(shop.Product, o => o with { Release = At(30) });
        shop.Plant.Order(shop.Product, o => o with { Release = At(130) });

        var (_, events) = shop.Run();

        Assert.Equal([0, 1, 0], events.Where(e => e.Kind == PlantEventKind.SupplyOrdered).Select(e => e.Arg));
        Assert.Equal([120.0, 150.0, 180.0], events.Where(e => e.Kind == PlantEventKind.SupplyReceived).Select(e => Minutes(e.Time.Milliseconds)));
    }

    [Fact]
    public void A_slow_supplier_takes_its_factor_longer_and_an_unreliable_one_is_late_as_often_as_it_says()
    {
        var shop = new Shop(Steel_(0) with { Reorder = ReorderRule.PerOrder }, From("a", 50) with { Reliability = 0.7, LateFactor = 3 })
        {
            Disturbances = [new SupplyDisturbance { Supplier = "a", From = At(-1), To = At(500), LeadTimeFactor = 2 }],
        };
        for (var i = 0; i < 2000; i++)
        {
            var n = i;
            shop.Plant.Order(shop.Product, o => o with { Release = At(n) });
        }

        var (_, events) = shop.Run();

        var ordered = events.Where(e => e.Kind == PlantEventKind.SupplyOrdered).Select(e => Minutes(e.Time.Milliseconds));
        var waits = ordered.Zip(events.Where(e => e.Kind == PlantEventKind.SupplyExpected), (o, e) => (Ordered: o, Wait: e.Value / Minute - o)).ToList();
        Assert.All(waits.Where(w => w.Ordered < 500), w => Assert.True(w.Wait is 100 or 300));
        Assert.All(waits.Where(w => w.Ordered >= 500), w => Assert.True(w.Wait is 50 or 150));
        Assert.InRange(waits.Count(w => w.Wait is 150 or 300) / 2000.0, 0.27, 0.33);
    }

    [Fact]
    public void Allocation_at_release_keeps_material_for_operations_that_come_later()
    {
        double SecondOrder(AllocationMoment moment)
        {
            var plant = new TinyPlant();
            var (cut, weld) = (plant.Class("cut"), plant.Class("weld"));
            plant.Machine(cut);
            plant.Machine(weld);
            var slow = plant.Product((cut, 50), (weld, 10));
            var quick = plant.Product((weld, 10));
            plant.Extra = plant.Extra with
            {
                Allocation = moment, Materials = [Steel_(1)],
                BillOfMaterials = [new BillLine(slow, 1, Steel, 1), new BillLine(quick, 0, Steel, 1)],
            };
            plant.Order(slow);
            var second = plant.Order(quick, o => o with { Release = At(20) });
            var scenario = plant.Build() with { Receipts = [Receipt(1, 200)] };
            var simulator = new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy(), new RandomSource(1, 0));
            simulator.RunToCompletion(At(1000));
            Assert.Equal(0, simulator.OpenOrders);
            return Minutes(simulator.State.Orders[second].CompletedAt);
        }

        Assert.Equal(30, SecondOrder(AllocationMoment.WhenReady)); // it takes the steel that the first order will want at 50
        Assert.Equal(210, SecondOrder(AllocationMoment.AtRelease));
    }

    [Fact]
    public void Lots_are_used_first_in_first_out_or_first_expired_first_out_and_thrown_away_when_they_expire()
    {
        List<int> Used(LotPicking picking)
        {
            var shop = new Shop(Steel_(0) with { Tracked = true, Picking = picking, ShelfLife = Duration.FromMinutes(200) })
            {
                Receipts = [Receipt(2, 0, "old"), Receipt(4, 10, "new"), Receipt(9, 390, "newest")],
            };
            shop.Plant.Order(shop.Product, o => o with { Release = At(20) });
            shop.Plant.Order(shop.Product, o => o with { Release = At(220) });
            shop.Plant.Order(shop.Product, o => o with { Release = At(400) });
            var (simulator, events) = shop.Run();
            Assert.Equal(4 * MaterialQuantity.One, simulator.State.Materials[0].Scrapped); // all of "new" at 210
            return [.. events.Where(e => e.Kind == PlantEventKind.MaterialConsumed).Select(e => simulator.State.Lots[e.Arg].Receipt)];
        }

        Assert.Equal([0, 2, 2], Used(LotPicking.Fifo));
        Assert.Equal([0, 2, 2], Used(LotPicking.Fefo));
    }

    [Fact]
    public void A_lot_on_hold_is_not_used_even_if_promised_and_its_release_lets_the_job_go_on()
    {
        var shop = new Shop(Steel_(0) with { Tracked = true })
        {
            Receipts = [Receipt(2, 0, "bad"), Receipt(2, 40, "good")],
            Decisions = [new LotDecision(At(5), 0, LotAction.Hold), new LotDecision(At(100), 0, LotAction.Release)],
        };
        // The machine is busy until 10; the second job was promised the bad lot at 1.
        var other = shop.Plant.Product((new EquipmentClassId(0), 10));
        shop.Plant.Order(other);
        var promised = shop.Plant.Order(shop.Product, o => o with { Release = At(1) });
        var next = shop.Plant.Order(shop.Product, o => o with { Release = At(2) });

        var (simulator, events) = shop.Run();

        Assert.Equal(50, Minutes(simulator.State.Orders[promised].CompletedAt)); // from the good lot
        Assert.Equal(110, Minutes(simulator.State.Orders[next].CompletedAt));
        var uses = events.Where(e => e.Kind == PlantEventKind.MaterialConsumed).Select(e => simulator.State.Lots[e.Arg].Receipt);
        Assert.Equal([1, 0], uses);
        Assert.Equal(LotStatus.Consumed, simulator.State.Lots[1].Status);
    }

    [Fact]
    public void What_is_made_for_stock_is_used_by_other_orders_and_can_be_traced_both_ways()
    {
        var plant = new TinyPlant();
        var c = plant.Class("brew");
        plant.Machine(c);
        var (beer, bottle) = (plant.Product((c, 60)), plant.Product((c, 5)));
        plant.Extra = plant.Extra with
        {
            Materials =
            [
                new Material { Id = "malt", Name = "malt", Unit = "kg", InitialStock = 100, Tracked = true },
                new Material { Id = "base", Name = "base", Unit = "l", Tracked = true },
            ],
            BillOfMaterials = [new BillLine(beer, 0, new MaterialId(0), 0.2), new BillLine(bottle, 0, new MaterialId(1), 0.5)],
        };
        plant.Order(beer, o => o with { Quantity = 100 });
        var wish = plant.Order(bottle, o => o with { Quantity = 60 });
        var scenario = plant.Build();
        scenario = scenario with { Plant = scenario.Plant with { Products = [scenario.Plant.Products[0] with { StockedAs = new MaterialId(1) }, scenario.Plant.Products[1]] } };
        var simulator = new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy(), new RandomSource(1, 0));

        simulator.RunToCompletion(At(1000));

        Assert.Equal(65, Minutes(simulator.State.Orders[wish].CompletedAt));
        Assert.Equal(70, MaterialQuantity.Units(simulator.State.Materials[1].OnHand)); // 100 − 30
        var (malt, bottles) = (2, simulator.State.LotOf(1));
        var back = simulator.State.Genealogy.Walk(bottles, TraceDirection.Backward);
        Assert.Equal([bottles, simulator.State.LotOf(0), malt], back.Lots);
        Assert.Equal([30.0, 20.0], back.Edges.Select(e => MaterialQuantity.Units(e.Quantity)));
        var forward = simulator.State.Genealogy.Walk(malt, TraceDirection.Forward);
        Assert.Equal([malt, simulator.State.LotOf(0), bottles], forward.Lots);
        Assert.Equal(LotStatus.Shipped, simulator.State.Lots[bottles].Status);
    }

    [Fact]
    public void Foresight_scores_the_gap_between_lead_time_and_cover_up_the_bill_of_materials()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c);
        var (half, whole) = (plant.Product((c, 1)), plant.Product((c, 1)));
        plant.Extra = plant.Extra with
        {
            Materials =
            [
                new Material { Id = "chip", Name = "chip", InitialStock = 70, Criticality = 3 },
                new Material { Id = "board", Name = "board", InitialStock = 1000 },
            ],
            Sources = [new MaterialSource { Material = new MaterialId(0), Supplier = "s", LeadTime = Distribution.Constant(20.0 * Duration.MillisecondsPerDay) }],
            BillOfMaterials = [new BillLine(half, 0, new MaterialId(0), 1), new BillLine(whole, 0, new MaterialId(1), 1)],
        };
        plant.Order(half, o => o with { Quantity = 140, Release = SimTime.FromHours(1) });
        var scenario = plant.Build() with { Receipts = [Receipt(30, 60)] };
        scenario = scenario with { Plant = scenario.Plant with { Products = [scenario.Plant.Products[0] with { StockedAs = new MaterialId(1) }, scenario.Plant.Products[1]] } };

        var kpis = PlantKpis.Of(new PlantState(CompiledScenario.Compile(scenario)));

        // 140 over the horizon of 7 days: 20 a day; (70 + 30) / 20 = 5 days; gap 15; single source × 2; criticality 3.
        Assert.Equal(5, kpis.Materials[0].CoverDays);
        Assert.Equal(90, kpis.Materials[0].Score);
        Assert.Equal(90, kpis.Materials[1].Score);
        Assert.Equal((90, 1), MaterialForesight.OfProducts(scenario.Plant, kpis.Materials)[1]);
    }
}
