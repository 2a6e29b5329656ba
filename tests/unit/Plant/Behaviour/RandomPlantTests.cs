using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class RandomPlantTests
{
    private static readonly SimTime Limit = SimTime.FromHours(24 * 200);

    private static PlantSimulator Simulate(CompiledScenario plant, IPlantEventSink? sink = null) =>
        new(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(4, 0), sink: sink);

    [Fact]
    public void Every_random_plant_completes_all_its_orders_and_its_events_fold_to_its_state() =>
        RandomPlants.Any.Sample(plant =>
        {
            var recorder = new EventRecorder();
            var simulator = Simulate(plant, recorder);
            simulator.RunToCompletion(Limit);
            Assert.True(simulator.OpenOrders == 0, $"{simulator.OpenOrders} orders never completed: {Stuck(simulator)}");

            var folded = new PlantState(plant);
            var last = SimTime.Zero;
            foreach (var e in recorder.Events)
            {
                Assert.True(e.Time >= last);
                last = e.Time;
                folded.Apply(e);
            }

            folded.AdvanceTo(simulator.Now);
            Assert.Equal(simulator.State.AuxiliaryInUse.ToArray(), folded.AuxiliaryInUse.ToArray());
            Assert.Equal(simulator.State.CrewMeters.ToArray(), folded.CrewMeters.ToArray());
            Assert.Equal(simulator.State.SideJobs.ToArray(), folded.SideJobs.ToArray());
            if (Array.TrueForAll(simulator.State.Equipment.ToArray(), m => m.Status is EquipmentStatus.Idle or EquipmentStatus.NonScheduled))
            {
                Assert.All(simulator.State.AuxiliaryInUse.ToArray(), held => Assert.Equal(0, held)); // everybody went home
            }

            Assert.Equal(simulator.State.Jobs.ToArray(), folded.Jobs.ToArray());
            Assert.Equal(simulator.State.Equipment.ToArray(), folded.Equipment.ToArray());
            Assert.Equal(simulator.State.Meters.ToArray(), folded.Meters.ToArray());
            Assert.Equal(simulator.State.Materials.ToArray(), folded.Materials.ToArray());
            Assert.Equal(simulator.State.MaterialMeters.ToArray(), folded.MaterialMeters.ToArray());
            Assert.Equal(simulator.State.Lots.ToArray(), folded.Lots.ToArray());
            Assert.Equal(simulator.State.Supplies.ToArray(), folded.Supplies.ToArray());
            Assert.Equal(simulator.State.Fixtures.ToArray(), folded.Fixtures.ToArray());
            Assert.Equal(simulator.State.Vehicles.ToArray(), folded.Vehicles.ToArray());
            Assert.Equal(simulator.State.Wear.ToArray(), folded.Wear.ToArray());
            Assert.Equal(simulator.State.Maintenance.ToArray(), folded.Maintenance.ToArray());
        }, iter: 400);

    [Fact]
    public void Material_is_neither_lost_nor_found_and_promises_are_what_jobs_were_promised() =>
        Gen.Select(RandomPlants.Any.Where(p => p.Materials.InUse), Gen.Double[0, 60]).Sample((plant, hours) =>
        {
            var simulator = Simulate(plant);
            simulator.RunUntil(SimTime.FromHours(hours));
            Balance(simulator.State);
            simulator.RunToCompletion(Limit);
            Balance(simulator.State);
        }, iter: 300);

    private static void Balance(PlantState state)
    {
        var plant = state.Plant;
        for (var m = 0; m < state.Materials.Length; m++)
        {
            var material = state.Materials[m];
            var initial = DigitalTwin.Plant.Model.MaterialQuantity.Parts(plant.Plant.Materials[m].InitialStock);
            Assert.Equal(initial + material.Received + material.Produced, material.OnHand + material.Consumed + material.Scrapped);
            Assert.True(material is { OnHand: >= 0, OnHold: >= 0, Allocated: >= 0, Backlog: >= 0, OnOrder: >= 0, WaitingJobs: >= 0 });
            Assert.Equal(material.OnHand, state.Lots.ToArray().Where(l => l.Material == m).Sum(l => l.Quantity));
            Assert.Equal(material.OnHold, state.Lots.ToArray().Where(l => l.Material == m && l.Status == LotStatus.Hold).Sum(l => l.Quantity));
            Assert.Equal(material.OnOrder, state.Supplies.ToArray().Where(s => s.Open && s.Material == m).Sum(s => s.Quantity));
            Assert.Equal(material.Allocated, Needed(m, s => s == MaterialNeedStatus.Allocated));
            Assert.Equal(material.Backlog, Needed(m, s => s is MaterialNeedStatus.Requested or MaterialNeedStatus.Short));
            Assert.Equal(material.Consumed, Needed(m, s => s == MaterialNeedStatus.Consumed));
        }

        // What a tracked lot lost went into others, was thrown away, or is still there.
        var used = Enumerable.Range(0, state.Genealogy.Count).Select(e => state.Genealogy[e]).ToLookup(e => e.Parent, e => e.Quantity);
        for (var lot = state.Materials.Length; lot < state.Lots.Length; lot++)
        {
            var l = state.Lots[lot];
            if (l.Material >= 0 && l.Status != LotStatus.Scrapped)
            {
                Assert.Equal(l.Initial, l.Quantity + used[lot].Sum());
            }
        }

        long Needed(int material, Func<MaterialNeedStatus, bool> which)
        {
            var sum = 0L;
            for (var j = 0; j < state.Jobs.Length; j++)
            {
                foreach (var need in plant.MaterialNeedsOf(j))
                {
                    sum += need.Material == material && which(state.JobMaterials[j].Status) ? MaterialPlan.Amount(need, plant.Jobs.QuantityOf(j)) : 0;
                }
            }

            return sum;
        }
    }

    [Fact]
    public void No_machine_takes_more_than_its_slots_and_capacity_and_no_job_starts_before_its_predecessors() =>
        RandomPlants.Any.Sample(plant =>
        {
            var simulator = Simulate(plant, new Watcher(plant));
            simulator.RunToCompletion(Limit);
            for (var job = 0; job < plant.Jobs.JobCount; job++)
            {
                var first = job - plant.Jobs.OperationIndexOf(job);
                foreach (var predecessor in plant.OperationOf(job).Predecessors)
                {
                    ref readonly var before = ref simulator.State.Jobs[first + predecessor];
                    ref readonly var me = ref simulator.State.Jobs[job];
                    var wait = plant.ReworkOf(job) == predecessor ? 0 : plant.OperationOf(first + predecessor).MinWait.Milliseconds; // a failed sample waits for nothing
                    Assert.True(me.Status == JobStatus.Dormant || me.StartAt >= before.EndAt + wait, $"job {job} (attempt {me.Attempt}) of operation {job - first} began at {me.StartAt}, its predecessor {predecessor} (attempt {before.Attempt}, {before.Status}) ended at {before.EndAt}, wait {wait}");
                }
            }
        }, iter: 300);

    [Fact]
    public void A_fork_at_any_moment_goes_on_like_the_straight_run() =>
        Gen.Select(RandomPlants.Any, Gen.Double[0, 60]).Sample((plant, hours) =>
        {
            var straight = new EventRecorder();
            var simulator = Simulate(plant, straight);
            simulator.RunUntil(SimTime.FromHours(hours));
            var before = straight.Events.Count;
            var forked = new EventRecorder();
            var fork = simulator.Fork(forked);
            fork.RunToCompletion(Limit);
            simulator.RunToCompletion(Limit);
            Assert.Equal(straight.Events.Skip(before), forked.Events);
        }, iter: 300);

    [Fact]
    public void Any_state_of_any_plant_has_a_future_that_completes_every_order() =>
        Gen.Select(RandomPlants.Any, Gen.Double[0, 60]).Sample((plant, hours) =>
        {
            var simulator = Simulate(plant);
            simulator.RunUntil(SimTime.FromHours(hours));
            var resumed = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(77, 1), simulator.State);
            resumed.RunToCompletion(Limit);
            Assert.True(resumed.OpenOrders == 0, Stuck(resumed));
        }, iter: 300);

    private static string Stuck(PlantSimulator simulator)
    {
        var plant = simulator.State.Plant;
        var jobs = Enumerable.Range(0, plant.Jobs.JobCount)
            .Where(j => simulator.State.Jobs[j].Status is not (JobStatus.Done or JobStatus.Waiting))
            .Select(j => $"{plant.JobName(j)[..8]} {simulator.State.Jobs[j].Status} on {simulator.State.Jobs[j].Equipment}");
        var machines = simulator.State.Equipment.ToArray().Select((e, i) => $"{i}:{e.Status} reserved {e.Reserved} active {e.ActiveCount} off {e.OffShift}");
        return $"Build({plant.Scenario.Id}) " + string.Join("; ", jobs) + " | " + string.Join("; ", machines);
    }

    /// <summary>Checks at every start that the equipment can hold what it is given.</summary>
    private sealed class Watcher(CompiledScenario plant) : IPlantEventSink
    {
        private readonly PlantState _state = new(plant);

        public void On(in PlantEvent e)
        {
            var free = e.Kind is PlantEventKind.CrewAssigned or PlantEventKind.RepairStarted && e.Arg >= 0
                ? _state.OnDuty[e.Arg] - _state.AuxiliaryInUse[e.Arg]
                : int.MaxValue;
            Assert.True(e.Value <= free || free == int.MaxValue, $"{e.Value} people came where {free} were free");
            _state.Apply(e);
            if (e.Kind != PlantEventKind.BatchStarted)
            {
                return;
            }

            var machine = plant.Plant.Equipment[e.Equipment];
            ref readonly var state = ref _state.Equipment[e.Equipment];
            Assert.True(state.ActiveCount <= machine.Slots);
            Assert.True(_state.Jobs[e.Job].Load <= machine.CapacityMax * (1 + 1e-9));
            for (var job = e.Job; job >= 0; job = _state.Jobs[job].NextInBatch)
            {
                Assert.Equal(plant.BatchKeyOf(e.Job), plant.BatchKeyOf(job));
                Assert.True(plant.CanRun(job, e.Equipment));
            }

            for (var a = 0; a < plant.Plant.Auxiliaries.Length; a++)
            {
                Assert.True(_state.AuxiliaryInUse[a] <= plant.Plant.Auxiliaries[a].Count);
            }
        }
    }
}
