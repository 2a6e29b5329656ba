using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class FixtureTests
{
    private static double[] MinutesOf(IEnumerable<PlantEvent> events, PlantEventKind kind, int equipment) =>
        [.. events.Where(e => e.Kind == kind && e.Equipment == equipment).Select(e => e.Time.Milliseconds / 60_000.0)];

    /// <summary>Foam (several places) 10 min, open 2 min, in a loop of fixtures; then pack.</summary>
    private static TinyPlant Foaming(string units, int a, int b, double change = 8, double back = 1, int? places = null)
    {
        var plant = new TinyPlant();
        FamilyId[] families = [plant.Family("a"), plant.Family("b")];
        var (foam, open) = (plant.Class("foam"), plant.Class("open"));
        plant.Machine(foam, m => m with { Slots = 9 });
        plant.Machine(open);
        var product = plant.Product((foam, 10), (open, 2));
        foreach (var unit in units)
        {
            plant.Order(product, o => o with { Family = families[unit - 'a'] });
        }

        plant.Extra = plant.Extra with
        {
            FixtureLoops =
            [
                new FixtureCircuit
                {
                    Id = "loop", Name = "loop", Enter = foam, Leave = open, Change = Duration.FromMinutes(change), Return = Duration.FromMinutes(back), ChangePlaces = places,
                    Fixtures = [.. new[] { new FixtureCount(families[0], a), new FixtureCount(families[1], b) }.Where(f => f.Count > 0)],
                },
            ],
        };
        return plant;
    }

    [Fact]
    public void Units_enter_the_loop_as_fixtures_of_their_family_come_back()
    {
        var (simulator, events) = Foaming("aaa", 1, 0).Run();

        // 0–12 in the loop, back at 13.
        Assert.Equal([0.0, 13, 26], MinutesOf(events, PlantEventKind.BatchStarted, 0));
        Assert.Equal([13.0, 26], events.Where(e => e.Kind == PlantEventKind.FixtureReady).Select(e => e.Time.Milliseconds / 60_000.0));
        simulator.State.AdvanceTo(simulator.Now);
        var loop = PlantKpis.Of(simulator.State).FixtureLoops[0];
        Assert.Equal((36.0 / 60, (13 + 26) / 60.0, 0), (loop.InUseHours, loop.WaitHours, loop.Changes));
        Assert.Equal(36.0 / 38, KpiCatalogue.Find("fixture-use")!.Value(PlantKpis.Of(simulator.State))!.Value, 9);
    }

    [Fact]
    public void A_fixture_that_nobody_waits_for_is_changed_for_a_family_that_lacks_one()
    {
        var (simulator, events) = Foaming("aab", 2, 1).Run();
        Assert.Equal([0.0, 0, 0], MinutesOf(events, PlantEventKind.BatchStarted, 0));

        (simulator, events) = Foaming("aaaa", 2, 2).Run();
        Assert.Equal([0.0, 0, 8, 8], MinutesOf(events, PlantEventKind.BatchStarted, 0));

        (simulator, events) = Foaming("aaaa", 2, 2, places: 1).Run();
        Assert.Equal([0.0, 0, 8, 13], MinutesOf(events, PlantEventKind.BatchStarted, 0));
        Assert.Equal(2, events.Count(e => e.Kind == PlantEventKind.FixtureChangeStarted));
    }

    [Fact]
    public void A_family_without_any_fixture_gets_one_though_others_wait_too()
    {
        var (_, events) = Foaming("aaaab", 2, 0).Run();

        // Both are taken at 0; the first is back at 13 and is fitted for the b.
        Assert.Contains(events, e => e.Kind == PlantEventKind.FixtureChangeStarted && e.Arg == 0 && e.Value == 1 && e.Time == SimTime.Zero + Duration.FromMinutes(13));
        Assert.Equal(5, events.Count(e => e.Kind == PlantEventKind.OrderCompleted));
    }

    [Fact]
    public void What_fails_at_the_end_of_the_loop_is_mended_outside_and_its_fixture_goes_back()
    {
        var plant = new TinyPlant();
        var family = plant.Family("a");
        var (foam, bench) = (plant.Class("foam"), plant.Class("bench"));
        plant.Machine(foam);
        plant.Machine(bench);
        var product = plant.Product(
            TinyPlant.Step(foam, 10) with { Id = "foam", ReworkProbability = 0.999999999, ReworkBy = [1] }, TinyPlant.Step(bench, 30) with { Predecessors = [0] });
        plant.Order(product, o => o with { Family = family });
        plant.Order(product, o => o with { Family = family });
        plant.Extra = plant.Extra with
        {
            FixtureLoops = [new FixtureCircuit { Id = "loop", Name = "loop", Enter = foam, Leave = foam, Return = Duration.FromMinutes(1), Fixtures = [new FixtureCount(family, 1)] }],
        };

        var (simulator, events) = plant.Run();

        Assert.Equal([0.0, 11], MinutesOf(events, PlantEventKind.BatchStarted, 0));
        Assert.Equal([10.0], MinutesOf(events, PlantEventKind.BatchStarted, 1)); // the second one passes
        Assert.Equal(0, simulator.OpenOrders);
    }

    [Fact]
    public void A_batch_in_the_loop_does_not_wait_for_those_who_wait_for_its_fixtures()
    {
        var plant = new TinyPlant();
        var family = plant.Family("a");
        var (fill, bake) = (plant.Class("fill"), plant.Class("bake"));
        plant.Machine(fill);
        plant.Machine(bake, m => m with { CapacityMin = 4, CapacityMax = 4 });
        var product = plant.Product(TinyPlant.Step(fill, 5), TinyPlant.Step(bake, 30) with { Batches = true });
        for (var unit = 0; unit < 4; unit++)
        {
            plant.Order(product, o => o with { Family = family });
        }

        plant.Extra = plant.Extra with
        {
            FixtureLoops = [new FixtureCircuit { Id = "loop", Name = "loop", Enter = fill, Leave = bake, Fixtures = [new FixtureCount(family, 3)] }],
        };

        // Four make a full batch, but there are fixtures for three: they start when the third is there.
        Assert.Equal([15.0, 50], MinutesOf(plant.Run().Events, PlantEventKind.BatchStarted, 1));
    }

    [Fact]
    public void Waiting_for_a_fixture_is_named()
    {
        var plant = Foaming("aa", 1, 0).Compile();
        var start = new PlantState(plant);
        var tracker = new FlowTracker(start);
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0), sink: new PlantWatch(start, tracker));
        simulator.RunToCompletion(SimTime.FromHours(99));

        var flow = OrderFlow.Of(tracker, simulator.State)[1];

        Assert.Equal(Duration.FromMinutes(13).Milliseconds, flow[FlowPart.Auxiliary]);
        Assert.Equal(Duration.FromMinutes(12).Milliseconds, flow[FlowPart.Processing]);
        Assert.Equal(0, flow[FlowPart.Queue]);
    }

    private static readonly Gen<TinyPlant> Any =
        from units in Gen.Int[0, 1].Array[1, 20]
        from a in Gen.Int[0, 3]
        from b in Gen.Int[1, 3]
        from change in Gen.Int[0, 9]
        from back in Gen.Int[0, 3]
        from places in Gen.Int[1, 3]
        select Foaming(string.Concat(units.Select(u => (char)('a' + u))), a, b, change, back, places == 3 ? null : places);

    [Fact]
    public void Fixtures_are_neither_lost_nor_found_every_unit_gets_one_and_forks_go_on_alike() =>
        Gen.Select(Any, Gen.Int[0, 120]).Sample((tiny, minutes) =>
        {
            var plant = tiny.Compile();
            var straight = new EventRecorder();
            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Edd }, new RandomSource(1, 0), sink: straight);
            simulator.RunUntil(SimTime.Zero + Duration.FromMinutes(minutes));
            Count(simulator.State);
            var before = straight.Events.Count;
            var (forked, resumed) = (new EventRecorder(), new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), simulator.State));
            simulator.Fork(forked).RunToCompletion(SimTime.FromHours(99));
            simulator.RunToCompletion(SimTime.FromHours(99));
            resumed.RunToCompletion(SimTime.FromHours(99));
            Assert.Equal(straight.Events.Skip(before), forked.Events);
            Assert.Equal(0, simulator.OpenOrders);
            Assert.Equal(0, resumed.OpenOrders);
            Count(simulator.State);
            var folded = new PlantState(plant);
            foreach (var e in straight.Events)
            {
                folded.Apply(e);
            }

            folded.AdvanceTo(simulator.Now);
            Assert.Equal(simulator.State.Fixtures.ToArray(), folded.Fixtures.ToArray());
            Assert.Equal(simulator.State.FixtureMeters.ToArray(), folded.FixtureMeters.ToArray());
        }, iter: 200);

    private static void Count(PlantState state)
    {
        var all = state.Fixtures.ToArray();
        Assert.Equal(state.Plant.Plant.FixtureLoops[0].Fixtures.Sum(f => f.Count), all.Sum(p => p.Free + p.InUse + p.Coming));
        Assert.All(all, p => Assert.True(p is { Free: >= 0, InUse: >= 0, Coming: >= 0, Waiting: >= 0 }));
        Assert.Equal(all.Sum(p => p.Coming), state.FixtureTrips.Length);
    }
}
