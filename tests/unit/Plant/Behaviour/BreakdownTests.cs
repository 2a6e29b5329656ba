using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

/// <summary>Breakdowns and maintenance in plants small enough to follow by hand. Times are minutes.</summary>
public class BreakdownTests
{
    private static double[] Times(IEnumerable<PlantEvent> events, PlantEventKind kind) =>
        [.. events.Where(e => e.Kind == kind).Select(e => e.Time.Milliseconds / 60_000.0)];

    private static Disturbance Stop(DisturbanceKind kind, double at, double minutes) =>
        new() { Kind = kind, Equipment = new EquipmentId(0), Time = SimTime.FromHours(at / 60), Duration = Duration.FromMinutes(minutes) };

    [Fact]
    public void A_machine_does_not_break_during_maintenance_and_its_time_to_failure_goes_on_afterwards()
    {
        var plant = new TinyPlant { Disturbances = [Stop(DisturbanceKind.Maintenance, 30, 120)] };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { TimeToFailure = Distribution.Constant(60 * 60_000), TimeToRepair = Distribution.Constant(10 * 60_000) });
        plant.Order(plant.Product((c, 20)));
        plant.Order(plant.Product((c, 40)), o => o with { Release = SimTime.FromHours(2.4) });

        var (_, events) = plant.Run();

        Assert.Equal([30], Times(events, PlantEventKind.MaintenanceStarted));
        Assert.Equal([150], Times(events, PlantEventKind.MaintenanceEnded));
        Assert.Equal([180], Times(events, PlantEventKind.EquipmentDown)); // 30 up before, 30 after
        Assert.Equal([20, 200], Times(events, PlantEventKind.BatchEnded));
    }

    [Fact]
    public void A_breakdown_during_maintenance_is_repaired_and_then_the_rest_of_the_maintenance_is_done()
    {
        var plant = new TinyPlant { Disturbances = [Stop(DisturbanceKind.Maintenance, 0, 100), Stop(DisturbanceKind.Breakdown, 40, 15)] };
        var c = plant.Class("c");
        plant.Machine(c);
        plant.Order(plant.Product((c, 10)), o => o with { Release = SimTime.FromHours(0.1) });

        var (simulator, events) = plant.Run();

        Assert.Equal([0, 55], Times(events, PlantEventKind.MaintenanceStarted));
        Assert.Equal([115], Times(events, PlantEventKind.MaintenanceEnded)); // 40 done, 15 of repair, 60 left
        Assert.Equal([125], Times(events, PlantEventKind.BatchEnded));
        Assert.Equal(100 * 60_000, simulator.State.TimeInStatus[(int)EquipmentStatus.Maintenance]);
    }

    [Theory]
    [InlineData(AfterBreakdown.Resume, new[] { 0.0 }, 70)] // 20 done, 10 of repair, 40 left
    [InlineData(AfterBreakdown.Repeat, new[] { 0.0 }, 90)] // all 60 after 30
    [InlineData(AfterBreakdown.Scrap, new[] { 0.0, 30 }, 90)]
    public void After_a_breakdown_a_batch_goes_on_begins_anew_or_is_scrapped(AfterBreakdown after, double[] started, double ended)
    {
        var plant = new TinyPlant { Disturbances = [Stop(DisturbanceKind.Breakdown, 20, 10)] };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { AfterBreakdown = after });
        plant.Order(plant.Product((c, 60)), o => o with { Quantity = 7 });

        var (simulator, events) = plant.Run();

        Assert.Equal(started, Times(events, PlantEventKind.BatchStarted));
        Assert.Equal([ended], Times(events, PlantEventKind.BatchEnded));
        Assert.Equal(after == AfterBreakdown.Scrap ? 7 : 0, simulator.State.Orders[0].Scrapped);
    }

    [Fact]
    public void A_batch_that_begins_anew_goes_through_its_phases_again()
    {
        var plant = new TinyPlant { Disturbances = [Stop(DisturbanceKind.Breakdown, 25, 10)] };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { AfterBreakdown = AfterBreakdown.Repeat });
        plant.Order(plant.Product(TinyPlant.Step(c, 0) with
        {
            Phases = ImmutableArray.Create(new Phase { Name = "heat", Hold = Duration.FromMinutes(20) }, new Phase { Name = "hold", Hold = Duration.FromMinutes(40) }),
        }));

        var (_, events) = plant.Run();

        Assert.Equal([(0, 0.0), (1, 20), (0, 35), (1, 55)], events.Where(e => e.Kind == PlantEventKind.PhaseStarted).Select(e => (e.Arg, e.Time.Milliseconds / 60_000.0)));
        Assert.Equal([95], Times(events, PlantEventKind.BatchEnded));
    }
}
