using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class VehicleTests
{
    private static double[] MinutesOf(IEnumerable<PlantEvent> events, PlantEventKind kind, int equipment) =>
        [.. events.Where(e => e.Kind == kind && e.Equipment == equipment).Select(e => e.Time.Milliseconds / 60_000.0)];

    /// <summary>10 min at site N, 25 min on the road, 10 min at site S.</summary>
    private static TinyPlant TwoSites(int lots, VehicleFleet? fleet, int machines = 4)
    {
        var plant = new TinyPlant();
        var (north, south) = (plant.Class("north"), plant.Class("south"));
        for (var m = 0; m < machines; m++)
        {
            plant.Machine(north, e => e with { Site = new SiteId(0) });
            plant.Machine(south, e => e with { Site = new SiteId(1) });
        }

        plant.Extra = plant.Extra with
        {
            Sites = [new Site { Id = "N", Name = "N" }, new Site { Id = "S", Name = "S" }],
            Travel = ImmutableDictionary<(SiteId, SiteId), Duration>.Empty.Add((new SiteId(0), new SiteId(1)), Duration.FromMinutes(25)),
            Fleets = fleet is null ? [] : [fleet],
            Calendars = [new WorkCalendar { Id = "c", Name = "c", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(1, 0), new TimeOnly(5, 0))] }],
        };
        var product = plant.Product((north, 10), (south, 10));
        for (var i = 0; i < lots; i++)
        {
            plant.Order(product);
        }

        return plant;
    }

    private static VehicleFleet Trucks(int count, int capacity = 1) => new()
    {
        Id = "truck", Name = "truck", Count = count, Capacity = capacity, Loading = Duration.FromMinutes(3), Unloading = Duration.FromMinutes(2),
    };

    private static double[] Starts(IEnumerable<PlantEvent> events) =>
        [.. events.Where(e => e.Kind == PlantEventKind.BatchStarted && e.Equipment % 2 == 1).Select(e => e.Time.Milliseconds / 60_000.0)];

    [Fact]
    public void Lots_wait_for_a_vehicle_that_must_come_back_empty()
    {
        var (simulator, events) = TwoSites(2, Trucks(1)).Run();

        // Ready at 10; loaded 13, there 38, unloaded 40; back at 65, loaded 68, there 93, unloaded 95.
        Assert.Equal([40.0, 95], Starts(events));
        simulator.State.AdvanceTo(simulator.Now);
        var kpis = PlantKpis.Of(simulator.State);
        Assert.Equal((2, 2, 60 / 60.0, 25 / 60.0), (kpis.Fleets[0].Trips, kpis.Fleets[0].Lots, kpis.Fleets[0].LoadedHours, kpis.Fleets[0].EmptyHours));
        Assert.Equal(30 / 60.0, kpis.VehicleWaitHours);
        Assert.Equal(85.0 / 105, kpis.VehicleUse!.Value, 9);
    }

    [Fact]
    public void Lots_of_one_way_go_together_as_far_as_they_fit()
    {
        var (_, events) = TwoSites(3, Trucks(1, capacity: 2)).Run();
        Assert.Equal([40.0, 40, 95], Starts(events));

        (_, events) = TwoSites(3, Trucks(2, capacity: 2)).Run();
        Assert.Equal([40.0, 40, 40], Starts(events));
    }

    [Fact]
    public void Without_vehicles_work_travels_by_itself()
    {
        var (_, events) = TwoSites(3, null).Run();

        Assert.Equal([35.0, 35, 35], Starts(events));
    }

    [Fact]
    public void Trips_begin_in_the_shift_of_the_vehicles()
    {
        var (_, events) = TwoSites(1, Trucks(1) with { Calendar = new CalendarId(0) }).Run();

        Assert.Equal([60.0 + 30], Starts(events));
    }

    [Fact]
    public void Waiting_for_a_vehicle_and_the_way_are_told_apart()
    {
        var plant = TwoSites(2, Trucks(1)).Compile();
        var start = new PlantState(plant);
        var tracker = new FlowTracker(start);
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0), sink: new PlantWatch(start, tracker));
        simulator.RunToCompletion(SimTime.FromHours(99));

        var flows = OrderFlow.Of(tracker, simulator.State);

        Assert.Equal([0, 30], flows.Select(f => f[FlowPart.Vehicle] / 60_000));
        Assert.Equal([30, 55], flows.Select(f => f[FlowPart.Travel] / 60_000));
        Assert.All(flows, f => Assert.Equal(f.FlowMs, f.Parts.Sum()));
    }

    [Fact]
    public void Every_lot_arrives_and_forks_and_states_go_on_alike() =>
        Gen.Select(Gen.Int[1, 15], Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[0, 200], Gen.Bool).Sample((lots, count, capacity, minutes, shift) =>
        {
            var plant = TwoSites(lots, Trucks(count, capacity) with { Calendar = shift ? new CalendarId(0) : null }, machines: 2).Compile();
            var straight = new EventRecorder();
            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0), sink: straight);
            simulator.RunUntil(SimTime.Zero + Duration.FromMinutes(minutes));
            var before = straight.Events.Count;
            var forked = new EventRecorder();
            var resumed = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0), simulator.State);
            simulator.Fork(forked).RunToCompletion(SimTime.FromHours(999));
            simulator.RunToCompletion(SimTime.FromHours(999));
            resumed.RunToCompletion(SimTime.FromHours(999));
            Assert.Equal(straight.Events.Skip(before), forked.Events);
            Assert.Equal((0, 0, 0), (simulator.OpenOrders, resumed.OpenOrders, simulator.State.WaitingForVehicle));
            Assert.Equal(simulator.Now, resumed.Now);
            var folded = new PlantState(plant);
            foreach (var e in straight.Events)
            {
                folded.Apply(e);
            }

            folded.AdvanceTo(simulator.Now);
            Assert.Equal(simulator.State.Vehicles.ToArray(), folded.Vehicles.ToArray());
            Assert.Equal(simulator.State.VehicleWaitMs, folded.VehicleWaitMs);
        }, iter: 150);
}
