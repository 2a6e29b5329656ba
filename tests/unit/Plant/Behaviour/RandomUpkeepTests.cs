using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

/// <summary>Failure modes and maintenance plans in random plants.</summary>
public class RandomUpkeepTests
{
    private static readonly SimTime Limit = SimTime.FromHours(24 * 200);

    private static readonly Gen<CompiledScenario> Any = Gen.Select(RandomPlants.Any, Gen.ULong, (plant, seed) => CompiledScenario.Compile(RandomPlants.WithUpkeep(plant.Scenario, new RandomSource(seed, 1))));

    private static PlantSimulator Simulate(CompiledScenario plant, IPlantEventSink? sink = null) =>
        new(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(4, 0), sink: sink);

    private static string Stuck(PlantSimulator simulator)
    {
        var (state, plant) = (simulator.State, simulator.State.Plant);
        var machines = Enumerable.Range(0, state.Equipment.Length).Select(e => $"{plant.Plant.Equipment[e].Id} {state.Equipment[e].Status} active {state.Equipment[e].ActiveCount} reserved {state.Equipment[e].Reserved} ordered {(state.Usage.Length > 0 ? state.Usage[e] : default).Ordered} in hand {(state.Usage.Length > 0 ? state.Usage[e] : default).InHand} awaits {state.CrewOf(e).Awaits} failures {state.Meters[e].Failures} done {state.Meters[e].MaintenancesDone} batches {state.Meters[e].Batches}");
        var jobs = Enumerable.Range(0, state.Jobs.Length).Where(j => state.Jobs[j].Status is not (DigitalTwin.Plant.Lifecycles.JobStatus.Done or DigitalTwin.Plant.Lifecycles.JobStatus.Cancelled)).Take(5).Select(j => $"{plant.JobName(j)} {state.Jobs[j].Status} {state.Jobs[j].WaitsFor}");
        return string.Join('\n', machines.Concat(jobs));
    }

    private static void SameUpkeep(PlantState expected, PlantState actual)
    {
        Assert.Equal(expected.Usage.ToArray(), actual.Usage.ToArray());
        Assert.Equal(expected.Wear.ToArray(), actual.Wear.ToArray());
        Assert.Equal(expected.Maintenance.ToArray(), actual.Maintenance.ToArray());
        Assert.Equal(expected.Meters.ToArray(), actual.Meters.ToArray());
        Assert.Equal(expected.Equipment.ToArray(), actual.Equipment.ToArray());
        Assert.Equal(expected.Jobs.ToArray(), actual.Jobs.ToArray());
    }

    [Fact]
    public void Work_gets_done_between_failures_and_maintenance_and_the_events_fold_to_the_state() =>
        Any.Sample(plant =>
        {
            var recorder = new EventRecorder();
            var simulator = Simulate(plant, recorder);
            simulator.RunToCompletion(Limit);
            Assert.True(simulator.OpenOrders == 0, Stuck(simulator));

            var folded = new PlantState(plant);
            foreach (var e in recorder.Events)
            {
                folded.Apply(e);
            }

            folded.AdvanceTo(simulator.Now);
            SameUpkeep(simulator.State, folded);
            for (var e = 0; e < folded.Usage.Length; e++)
            {
                var (first, end) = plant.Upkeep.PlansOf(e);
                var plans = folded.Maintenance[first..end].ToArray();
                Assert.Equal(folded.Usage[e].Ordered, plans.Count(p => p.Ordered > 0));
                Assert.Equal(folded.Usage[e].InHand, plans.Count(p => p.InHand));
            }
        }, iter: 250);

    [Fact]
    public void A_fork_goes_on_bit_identically_and_a_state_taken_up_anew_completes_every_order() =>
        Gen.Select(Any, Gen.Double[0, 40]).Sample((plant, hours) =>
        {
            var straight = new EventRecorder();
            var simulator = Simulate(plant, straight);
            simulator.RunUntil(SimTime.FromHours(hours));
            var before = straight.Events.Count;
            var forked = new EventRecorder();
            var fork = simulator.Fork(forked);
            var anew = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(9, 0), simulator.State);
            foreach (var each in (PlantSimulator[])[fork, anew, simulator])
            {
                each.RunToCompletion(Limit);
            }

            Assert.Equal(straight.Events.Skip(before), forked.Events);
            SameUpkeep(simulator.State, fork.State);
            Assert.True(anew.OpenOrders == 0, Stuck(anew));
        }, iter: 120);

    [Fact]
    public void A_state_taken_up_anew_with_the_same_luck_has_the_same_failures_readings_and_maintenance()
    {
        var plant = Wearing(SharedFactoryGenerator.Create(6, 40, 200));
        var recorder = new EventRecorder();
        var simulator = Simulate(plant, recorder);
        simulator.RunUntil(SimTime.FromHours(60));
        var before = recorder.Events.Count;
        var anew = new EventRecorder();
        var resumed = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(4, 0), simulator.State, anew);
        simulator.RunUntil(SimTime.FromHours(80));
        resumed.RunUntil(SimTime.FromHours(80));

        static bool IsUpkeep(PlantEvent e) => e.Kind is PlantEventKind.ConditionMeasured or PlantEventKind.EquipmentDown or PlantEventKind.MaintenanceOrdered or PlantEventKind.PotentialFailure;
        var expected = recorder.Events.Skip(before).Where(IsUpkeep).ToList();
        Assert.Equal(expected, anew.Events.Where(IsUpkeep));
        Assert.True(expected.Count > 10, $"{expected.Count} events");
    }

    [Fact]
    public void Wear_readings_and_maintenance_allocate_nothing_per_event()
    {
        var plant = Wearing(SharedFactoryGenerator.Create(6, 40, 400));
        var simulator = Simulate(plant);
        simulator.RunUntil(SimTime.FromHours(140));
        var (events, done, bytes) = (simulator.State.Version, Done(simulator.State), GC.GetAllocatedBytesForCurrentThread());

        simulator.RunUntil(SimTime.FromHours(250));

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - bytes);
        Assert.True(simulator.State.Version - events > 500);
        Assert.True(Done(simulator.State) > done + 20);

        static int Done(PlantState state) => state.Meters.ToArray().Sum(m => m.MaintenancesDone + m.Failures);
    }

    private static CompiledScenario Wearing(Scenario scenario)
    {
        var classes = scenario.Plant.EquipmentClasses.Length;
        return CompiledScenario.Compile(scenario with
        {
            Plant = scenario.Plant with
            {
                FailureModes =
                [
                    .. Enumerable.Range(0, classes).Select(c => new FailureMode
                    {
                        Id = $"bearing-{c}", Class = new EquipmentClassId(c), Clock = UsageClock.Working, Life = Distribution.Weibull(2, 100 * 3.6e6), TimeToRepair = Distribution.Lognormal(3.6e6, 0.5),
                        Signal = new ConditionSignal { Baseline = 1, Limit = 9, PfInterval = Distribution.Lognormal(20 * 3.6e6, 0.4), InspectionEvery = c % 2 == 0 ? Duration.FromHours(8) : null, Noise = 0.1 },
                    }),
                ],
                MaintenancePlans =
                [
                    .. Enumerable.Range(0, classes).Select(c => new MaintenancePlan
                    {
                        Id = $"renew-{c}", Class = new EquipmentClassId(c), Watches = c, AtLevel = 4, Renews = [c], Every = 80 * 3.6e6, Clock = UsageClock.Working, Duration = Distribution.Constant(3.6e6),
                        Defer = Duration.FromHours(4),
                    }),
                ],
            },
        });
    }
}
