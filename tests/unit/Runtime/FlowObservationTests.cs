using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

/// <summary>Fixtures, vehicles and lines of a real plant, by names.</summary>
public class FlowObservationTests
{
    /// <summary>A line of two stations with a stop, then a loop of few fixtures at another site, to which vehicles go.</summary>
    private static CompiledScenario Factory()
    {
        var plant = new TinyPlant();
        FamilyId[] families = [plant.Family("a"), plant.Family("b")];
        EquipmentClassId[] classes = [plant.Class("s0"), plant.Class("s1"), plant.Class("foam")];
        plant.Machine(classes[0]);
        plant.Machine(classes[1]);
        plant.Machine(classes[2], m => m with { Site = new SiteId(1), Slots = 4 });
        var product = plant.Product((classes[0], 3), (classes[1], 7), (classes[2], 30));
        for (var i = 0; i < 12; i++)
        {
            plant.Order(product, o => o with { Family = families[i % 3 == 0 ? 1 : 0] });
        }

        plant.Extra = plant.Extra with
        {
            Sites = [new Site { Id = "N", Name = "N" }, new Site { Id = "S", Name = "S" }],
            Travel = ImmutableDictionary<(SiteId, SiteId), Duration>.Empty.Add((new SiteId(0), new SiteId(1)), Duration.FromMinutes(4)),
            Fleets = [new VehicleFleet { Id = "lift", Name = "lift", Count = 1, Home = new SiteId(1) }, new VehicleFleet { Id = "cart", Name = "cart", Count = 2 }],
            FixtureLoops = [new FixtureCircuit { Id = "moulds", Name = "moulds", Enter = classes[2], Leave = classes[2], Change = Duration.FromMinutes(2), Return = Duration.FromMinutes(1), Fixtures = [new FixtureCount(families[0], 2)] }],
            Lines = [new ProductionLine { Id = "L", Name = "L", Takt = Duration.FromMinutes(4), StationWindow = Duration.FromMinutes(1), Overload = LineOverload.StopLine, Stations = [classes[0], classes[1]] }],
        };
        return plant.Compile();
    }

    [Fact]
    public void Everything_that_happens_to_fixtures_vehicles_and_lines_is_read_back_by_the_names_it_is_written_with()
    {
        var plant = Factory();
        var recorder = new EventRecorder();
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), sink: recorder);
        simulator.RunToCompletion(SimTime.FromHours(100));
        Assert.Equal(0, simulator.OpenOrders);

        var translator = new ObservationTranslator(new PlantNames(plant));
        var (told, kinds) = (new PlantState(plant), new HashSet<PlantEventKind>());
        foreach (var e in recorder.Events)
        {
            Assert.True(translator.TryRead(translator.Write(e, "1"), out var read, out var problem), $"{e}: {problem}");
            if (e.Kind is PlantEventKind.FixtureChangeStarted or PlantEventKind.FixtureReady or PlantEventKind.TransportStarted or PlantEventKind.VehicleArrived
                or PlantEventKind.LineStopped or PlantEventKind.LineResumed)
            {
                kinds.Add(e.Kind);
                Assert.Equal(e with { Source = EventSource.Observed }, read);
            }

            Assert.True(EventRules.Permits(told, read), $"{e}");
            told.Apply(read);
        }

        simulator.State.AdvanceTo(simulator.Now);
        told.AdvanceTo(simulator.Now);
        Assert.Equal(6, kinds.Count);
        Assert.Equal(simulator.State.Vehicles.ToArray(), told.Vehicles.ToArray());
        Assert.Equal(simulator.State.Fixtures.ToArray(), told.Fixtures.ToArray());
    }

    [Theory]
    [InlineData("VehicleArrived", null, null, null, "VehicleArrived needs \"vehicle\" as fleet/number")]
    [InlineData("VehicleArrived", "cart/3", null, null, "vehicle 'cart/3' does not exist. Maybe it is fleet/number, counted from 1")]
    [InlineData("FixtureReady", null, null, "a", "FixtureReady needs \"fixtureLoop\"")]
    [InlineData("FixtureReady", null, "jigs", "a", "fixture loop 'jigs' is not in the scenario")]
    [InlineData("FixtureReady", null, "moulds", "c", "family 'c' is not in the scenario")]
    [InlineData("FixtureChangeStarted", null, "moulds", "a", "FixtureChangeStarted needs \"toFamily\"")]
    public void What_is_not_named_is_refused_with_the_way_out(string kind, string? vehicle, string? loop, string? family, string problem)
    {
        var observation = new Observation { Id = "1", Kind = kind, Time = PlantMoment.At(SimTime.Zero), Vehicle = vehicle, FixtureLoop = loop, Family = family };

        Assert.False(new ObservationTranslator(new PlantNames(Factory())).TryRead(observation, out _, out var why));
        Assert.Equal(problem, why);
    }
}
