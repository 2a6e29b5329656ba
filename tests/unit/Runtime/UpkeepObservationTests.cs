using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

/// <summary>Vibration, failures and work orders of a real plant, by names.</summary>
public class UpkeepObservationTests
{
    private static readonly CompiledScenario s_plant = Spindle();
    private readonly ObservationTranslator _translator = new(new PlantNames(s_plant));

    private static CompiledScenario Spindle()
    {
        var plant = new TinyPlant();
        plant.Extra = plant.Extra with
        {
            FailureModes =
            [
                new FailureMode
                {
                    Id = "bearing", Class = new EquipmentClassId(0), Clock = UsageClock.Calendar, Life = Distribution.Weibull(2, 3000 * 3.6e6), TimeToRepair = Distribution.Constant(4 * 3.6e6),
                    Signal = new ConditionSignal { Baseline = 1, Limit = 11.2, PfInterval = Distribution.Constant(300 * 3.6e6), InspectionEvery = Duration.FromDays(30), Noise = 0.02 },
                },
            ],
            MaintenancePlans = [new MaintenancePlan { Id = "change", Class = new EquipmentClassId(0), Watches = 0, AtLevel = 7.1, Renews = [0], Duration = Distribution.Constant(3.6e6) }],
        };
        plant.Machine(plant.Class("c"));
        plant.Order(plant.Product((new EquipmentClassId(0), 10)), o => o with { Release = SimTime.FromHours(3000) });
        return plant.Compile();
    }

    private PlantEvent Read(Observation observation)
    {
        Assert.True(_translator.TryRead(observation with { Id = "1", Equipment = "M1" }, out var e, out var problem), problem);
        return e;
    }

    private static Observation At(double hours, string kind) => new() { Kind = kind, Time = PlantMoment.At(SimTime.FromHours(hours)) };

    [Fact]
    public void Every_kind_is_read_and_written_by_names()
    {
        foreach (var observation in (Observation[])
        [
            At(1, "ConditionMeasured") with { FailureMode = "bearing", Value = 2.25 },
            At(2, "EquipmentDown") with { FailureMode = "bearing" },
            At(3, "EquipmentDown"),
            At(4, "MaintenanceOrdered") with { Plan = "change", Begins = PlantMoment.At(SimTime.FromHours(9)) },
            At(5, "MaintenanceTakenUp") with { Plan = "change" },
        ])
        {
            var e = Read(observation);
            Assert.Equal(e, Read(_translator.Write(e, "1")));
        }

        Assert.Equal(9 * 3_600_000, Read(At(4, "MaintenanceOrdered") with { Plan = "change", Begins = PlantMoment.At(SimTime.FromHours(9)) }).Value);
        Assert.Equal(4 * 3_600_000, Read(At(4, "MaintenanceOrdered") with { Plan = "change" }).Value); // at once
    }

    [Theory]
    [InlineData("ConditionMeasured", null, "failure mode '' is not one of M1")]
    [InlineData("ConditionMeasured", "pump", "failure mode 'pump' is not one of M1")]
    [InlineData("MaintenanceTakenUp", "bearing", "maintenance plan '' is not one of M1")]
    [InlineData("WearBegun", "bearing", "WearBegun is known to simulations only, nobody can observe it. Maybe ConditionMeasured with the vibration")]
    public void What_cannot_be_is_refused_with_the_way_out(string kind, string? mode, string problem)
    {
        Assert.False(_translator.TryRead(At(1, kind) with { Id = "1", Equipment = "M1", FailureMode = mode, Value = 1 }, out _, out var why));
        Assert.Equal(problem, why);
    }

    [Fact]
    public void A_twin_told_by_names_knows_all_that_can_be_known_of_the_bearing_shop()
    {
        var scenario = ScenarioReader.Read(Path.Combine(SharedData.Repository, "scenarios", "bearings")).Scenario!;
        var plans = scenario.Plant.MaintenancePlans;
        var plant = CompiledScenario.Compile(scenario with { Plant = scenario.Plant with { MaintenancePlans = [plans[0] with { AtLevel = 4.5 }, .. plans[1..]] } });
        var told = new Told(plant);
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0), sink: told);
        simulator.RunUntil(SimTime.FromHours(24 * 220));
        told.State.AdvanceTo(simulator.Now);

        Assert.Equal(simulator.State.Usage.ToArray(), told.State.Usage.ToArray());
        Assert.Equal(simulator.State.Maintenance.ToArray(), told.State.Maintenance.ToArray());
        Assert.Equal(simulator.State.Wear.ToArray().Select(w => w with { Life = 0, Rises = 0, Draws = 0 }), told.State.Wear.ToArray());
        Assert.True(told.Kinds.IsSupersetOf([PlantEventKind.ConditionMeasured, PlantEventKind.EquipmentDown, PlantEventKind.MaintenanceOrdered, PlantEventKind.MaintenanceTakenUp]));

        // Whatever was hidden from it, its forecast goes on: the components wear, are measured, and fail.
        var after = new EventRecorder();
        new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(5, 0), told.State, after).RunUntil(SimTime.FromHours(24 * 300));
        Assert.Contains(after.Events, e => e.Kind == PlantEventKind.MaintenanceOrdered);
    }

    /// <summary>Hears of everything by names, but for what nobody sees.</summary>
    private sealed class Told(CompiledScenario plant) : IPlantEventSink
    {
        private readonly ObservationTranslator _translator = new(new PlantNames(plant));

        public PlantState State { get; } = new(plant);

        public HashSet<PlantEventKind> Kinds { get; } = [];

        public void On(in PlantEvent e)
        {
            Kinds.Add(e.Kind);
            if (!ObservationTranslator.IsHidden(e.Kind))
            {
                Assert.True(_translator.TryRead(_translator.Write(e, "x"), out var read, out var problem), problem);
                State.Apply(read with { Source = e.Source });
            }
        }
    }

    [Fact]
    public void The_future_of_a_measured_machine_fails_when_its_trend_says_and_is_maintained_at_the_alarm()
    {
        var (state, signal) = (new PlantState(s_plant), s_plant.Upkeep.Mode(0).Signal!);
        for (var hour = 1000; hour <= 1150; hour += 30)
        {
            state.Apply(Read(At(hour, "ConditionMeasured") with { FailureMode = "bearing", Value = signal.Level(hour, 950, 1250) }));
        }

        state.AdvanceTo(SimTime.FromHours(1150));
        Assert.Equal(100, RemainingLife.Of(state, 0)!.P50 / 3.6e6, 1);

        var fates = Enumerable.Range(0, 40).Select(replication =>
        {
            var recorder = new EventRecorder();
            var future = new PlantSimulator(s_plant, new DispatchPolicy(), new RandomSource(3, replication), state, recorder);
            future.RunUntil(SimTime.FromHours(1400));
            return recorder.Events.First(e => e.Kind == PlantEventKind.EquipmentDown).Time.Milliseconds / 3.6e6;
        }).ToList();

        Assert.All(fates, hour => Assert.InRange(hour, 1240, 1260)); // nobody runs it, so nobody measures it: no alarm
        Assert.InRange(fates.Average(), 1248, 1252);
        Assert.True(fates.Distinct().Count() > 30);

        state.Apply(Read(At(1200, "ConditionMeasured") with { FailureMode = "bearing", Value = signal.Level(1200, 950, 1250) }));
        var ordered = new EventRecorder();
        new PlantSimulator(s_plant, new DispatchPolicy(), new RandomSource(3, 0), state, ordered).RunUntil(SimTime.FromHours(1300));
        Assert.Equal(7.49, state.Wear[0].Level, 2);
        Assert.Equal(1200, ordered.Events.First(e => e.Kind == PlantEventKind.MaintenanceStarted).Time.Milliseconds / 3.6e6);
        Assert.DoesNotContain(ordered.Events, e => e.Kind == PlantEventKind.EquipmentDown);
    }
}
