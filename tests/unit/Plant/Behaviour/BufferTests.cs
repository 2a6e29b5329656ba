using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class BufferTests
{
    private static double[] MinutesOf(IEnumerable<PlantEvent> events, PlantEventKind kind, int equipment) =>
        [.. events.Where(e => e.Kind == kind && e.Equipment == equipment).Select(e => e.Time.Milliseconds / 60_000.0)];

    [Fact]
    public void Batches_that_end_in_the_same_moment_do_not_overfill_a_buffer()
    {
        var plant = new TinyPlant();
        var (first, second) = (plant.Class("first"), plant.Class("second", buffer: 1));
        for (var m = 0; m < 4; m++)
        {
            plant.Machine(first);
        }

        var last = plant.Machine(second);
        var product = plant.Product((first, 10), (second, 30));
        for (var i = 0; i < 4; i++)
        {
            plant.Order(product);
        }

        var (_, events) = plant.Run();

        // All four end at 10: one is taken, one waits, two stay where they are until 40 and 70.
        Assert.Equal([10.0, 10.0], events.Where(e => e.Kind == PlantEventKind.BatchBlocked).Select(e => e.Time.Milliseconds / 60_000.0));
        Assert.Equal([10.0, 10.0, 40.0, 70.0], events.Where(e => e.Kind == PlantEventKind.BatchEnded && e.Equipment != last).Select(e => e.Time.Milliseconds / 60_000.0));
        Assert.Equal([10.0, 40.0, 70.0, 100.0], MinutesOf(events, PlantEventKind.BatchStarted, last));
    }

    [Fact]
    public void Work_that_a_free_machine_takes_passes_a_buffer_full_of_work_that_it_cannot_take()
    {
        var plant = new TinyPlant();
        var (left, right) = (plant.Family("left"), plant.Family("right"));
        var (first, second) = (plant.Class("first"), plant.Class("second", buffer: 1));
        var source = plant.Machine(first);
        var onlyLeft = plant.Machine(second, m => m with { AllowedFamilies = [left] });
        var onlyRight = plant.Machine(second, m => m with { AllowedFamilies = [right] });
        var product = plant.Product((first, 10), (second, 100));
        plant.Order(product, o => o with { Family = left });
        plant.Order(product, o => o with { Family = left });
        plant.Order(product, o => o with { Family = right });
        plant.Order(product, o => o with { Family = right });

        var (_, events) = plant.Run();

        // The second waits in the only place from 20; the third goes through at 30 all the same; the fourth is blocked at 40 until 110.
        Assert.Equal([10.0, 110.0], MinutesOf(events, PlantEventKind.BatchStarted, onlyLeft));
        Assert.Equal([30.0, 130.0], MinutesOf(events, PlantEventKind.BatchStarted, onlyRight));
        Assert.Equal([40.0], MinutesOf(events, PlantEventKind.BatchBlocked, source));
        Assert.Equal([10.0, 20.0, 30.0, 110.0], MinutesOf(events, PlantEventKind.BatchEnded, source));
    }

    [Fact]
    public void A_batch_of_more_lots_than_the_buffer_has_places_leaves_when_it_is_empty()
    {
        var plant = new TinyPlant();
        var (vat, press) = (plant.Class("vat"), plant.Class("press", buffer: 1));
        var first = plant.Machine(vat, m => m with { CapacityMin = 3, CapacityMax = 3 });
        var second = plant.Machine(press);
        var product = plant.Product(TinyPlant.Step(vat, 10) with { Batches = true }, TinyPlant.Step(press, 20));
        for (var i = 0; i < 6; i++)
        {
            plant.Order(product);
        }

        var (_, events) = plant.Run();

        // The second three are done at 20 and leave at 50, when the last of the first three is taken.
        Assert.Equal([10.0, 50.0], MinutesOf(events, PlantEventKind.BatchEnded, first));
        Assert.Equal([20.0], MinutesOf(events, PlantEventKind.BatchBlocked, first));
        Assert.Equal([10.0, 30, 50, 70, 90, 110], MinutesOf(events, PlantEventKind.BatchStarted, second));
    }

    [Fact]
    public void A_circle_of_full_machines_is_found_and_named()
    {
        var plant = new TinyPlant();
        var (a, b) = (plant.Class("a", buffer: 0), plant.Class("b", buffer: 0));
        plant.Machine(a);
        plant.Machine(b);
        var product = plant.Product((a, 10), (b, 10), (a, 10));
        plant.Order(product);
        plant.Order(product);

        var (simulator, _) = plant.Run();

        Assert.Equal(2, simulator.OpenOrders);
        var deadlock = BlockingDeadlock.Find(simulator.State);
        Assert.NotNull(deadlock);
        Assert.Equal([(0, 1), (1, 0)], deadlock.Links.Select(l => (l.Equipment, l.WaitsFor)).Order());
        Assert.Contains("M1 holds O2/1/", deadlock.Describe(simulator.State.Plant), StringComparison.Ordinal);
        Assert.Contains("which waits for M2", deadlock.Describe(simulator.State.Plant), StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_in_the_circle_lets_it_go_on()
    {
        var plant = new TinyPlant();
        var (a, b) = (plant.Class("a", buffer: 0), plant.Class("b", buffer: 1));
        plant.Machine(a);
        plant.Machine(b);
        var product = plant.Product((a, 10), (b, 10), (a, 10));
        plant.Order(product);
        plant.Order(product);

        var (simulator, _) = plant.Run();

        Assert.Equal(0, simulator.OpenOrders);
        Assert.Null(BlockingDeadlock.Find(simulator.State));
    }

    [Fact]
    public void A_machine_starves_while_it_stands_ready_with_empty_queues()
    {
        var plant = new TinyPlant();
        var (first, second) = (plant.Class("first"), plant.Class("second", buffer: 0));
        plant.Machine(first);
        plant.Machine(second);
        var product = plant.Product((first, 10), (second, 15));
        plant.Order(product);
        plant.Order(product);
        plant.Order(product, o => o with { Release = SimTime.Zero + Duration.FromMinutes(60) });

        var (simulator, _) = plant.Run();
        simulator.State.AdvanceTo(simulator.Now);
        var kpis = PlantKpis.Of(simulator.State);

        // First: works 0–10, 10–20, blocked 20–25, starves 25–60, works 60–70, starves to the end at 85.
        // Second: starves 0–10, works 10–40, starves 40–70, works 70–85.
        Assert.Equal([(35.0 + 15) / 60, (10.0 + 30) / 60], kpis.Equipment.Select(e => e.Starved));
        Assert.Equal([5.0 / 60, 0], kpis.Equipment.Select(e => e.Blocked));
        Assert.Equal(90.0 / 60, KpiCatalogue.Find("starved")!.Value(kpis)!.Value, 9);
    }

    [Fact]
    public void A_machine_that_waits_for_company_does_not_starve()
    {
        var plant = new TinyPlant();
        var vat = plant.Class("vat");
        plant.Machine(vat, m => m with { CapacityMin = 2, CapacityMax = 2 });
        var product = plant.Product(TinyPlant.Step(vat, 10) with { Batches = true });
        plant.Order(product, o => o with { Release = SimTime.Zero + Duration.FromMinutes(5) });
        plant.Order(product, o => o with { Release = SimTime.Zero + Duration.FromMinutes(35) });

        var (simulator, _) = plant.Run();

        Assert.Equal(Duration.FromMinutes(5).Milliseconds, simulator.State.Meters[0].StarvedMs);
    }

    /// <summary>Lines whose machines take some families only, in whole minutes, so that much happens in the same moment.</summary>
    private static readonly Gen<TinyPlant> Line =
        from stages in Gen.Int[2, 4]
        from buffers in Gen.Int[0, 2].Array[4]
        from machines in Gen.Select(Gen.Int[0, 3], Gen.Int[1, 4]).Array[12]
        from orders in Gen.Select(Gen.Int[0, 1], Gen.Int[0, 8]).Array[1, 30]
        from fails in Gen.Bool
        select Build(stages, buffers, machines, orders, fails);

    private static TinyPlant Build(int stages, int[] buffers, (int Families, int Minutes)[] machines, (int Family, int Release)[] orders, bool fails)
    {
        var plant = new TinyPlant { Dispatch = (DispatchRule)(orders.Length % 5) };
        FamilyId[] families = [plant.Family("a"), plant.Family("b")];
        var steps = new List<Operation>();
        for (var s = 0; s < stages; s++)
        {
            var c = plant.Class($"c{s}", buffer: s == 0 ? null : buffers[s]);
            foreach (var (which, minutes) in machines.AsSpan(s * 3, 3))
            {
                plant.Machine(c, m => m with
                {
                    AllowedFamilies = which < 2 ? [families[which]] : [], SpeedFactor = 1.0 / minutes,
                    TimeToFailure = fails ? Distribution.Exponential(9e5) : null, TimeToRepair = Distribution.Constant(180_000),
                });
            }

            plant.Machine(c);
            steps.Add(TinyPlant.Step(c, 1));
        }

        var product = plant.Product([.. steps]);
        foreach (var (family, release) in orders)
        {
            plant.Order(product, o => o with { Family = families[family], Release = SimTime.Zero + Duration.FromMinutes(release) });
        }

        return plant;
    }

    [Fact]
    public void No_line_ever_holds_more_than_its_buffers_and_every_line_completes() =>
        Line.Sample(tiny =>
        {
            var plant = tiny.Compile();
            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(3, 0));
            while (simulator.OpenOrders > 0 && simulator.NextTime < SimTime.FromHours(100))
            {
                simulator.RunUntil(simulator.NextTime);
                for (var g = 0; g < plant.Groups.Length; g++)
                {
                    Assert.True(simulator.State.ReadyInGroup[g] <= plant.BufferOf(g), $"{simulator.State.ReadyInGroup[g]} wait in {plant.BufferOf(g)} places at {simulator.Now}");
                }

                Assert.Null(BlockingDeadlock.Find(simulator.State));
            }

            Assert.Equal(0, simulator.OpenOrders);
        }, iter: 500);
}
