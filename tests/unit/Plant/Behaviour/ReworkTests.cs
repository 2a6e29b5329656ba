using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class ReworkTests
{
    private const double Sure = 0.999999999;
    private const long Minute = Duration.MillisecondsPerMinute;

    /// <summary>Dye (60 min in a vat), strip (30 min in a tank) and redye (45 min in a vat) where that failed, dry (20 min).</summary>
    private static TinyPlant Dyehouse(double failing, int vats = 1, bool batches = false)
    {
        var plant = new TinyPlant();
        var (vat, tank, dryer) = (plant.Class("vat"), plant.Class("tank"), plant.Class("dryer"));
        for (var v = 0; v < vats; v++)
        {
            plant.Machine(vat, m => m with { CapacityMax = 100 });
        }

        plant.Machine(tank, m => m with { CapacityMax = 100 });
        plant.Machine(dryer, m => m with { Slots = 4 });
        plant.Product(
            TinyPlant.Step(vat, 60) with { Id = "dye", ReworkProbability = failing, ReworkBy = [1, 2], Batches = batches },
            TinyPlant.Step(tank, 30) with { Id = "strip", Predecessors = [0], Batches = batches },
            TinyPlant.Step(vat, 45) with { Id = "redye", Predecessors = [1], Batches = batches },
            TinyPlant.Step(dryer, 20) with { Id = "dry", Predecessors = [0] });
        return plant;
    }

    private static double Minutes(long ms) => ms / (double)Minute;

    [Fact]
    public void What_fails_is_stripped_and_redyed_by_child_jobs_before_the_order_goes_on()
    {
        var plant = Dyehouse(Sure);
        plant.Order(new ProductId(0), o => o with { Quantity = 40 });

        var (simulator, events) = plant.Run();

        var state = simulator.State;
        Assert.Single(events, e => e.Kind == PlantEventKind.BatchRework && e.Arg == PlantState.AsChildJobs);
        Assert.Equal([60, 90, 135, 155], state.Jobs.ToArray().Select(j => Minutes(j.EndAt)));
        Assert.Equal(155, Minutes(state.Orders[0].CompletedAt));
        Assert.All(state.Jobs.ToArray(), j => Assert.Equal(JobStatus.Done, j.Status));
        Assert.Equal(4, state.JobCountOf(0));
        Assert.Equal((40, 0), (state.Meters[0].ReworkQuantity, state.Meters[0].RightFirstTimeQuantity)); // neither the first dyeing nor the second was right first time
        Assert.Equal(40 / 80.0, PlantKpis.Of(state).Equipment[0].ReworkShare);
        Assert.Equal(0, state.Orders[0].Scrapped);
    }

    [Fact]
    public void What_passes_never_wakes_its_rework()
    {
        var plant = Dyehouse(0);
        plant.Order(new ProductId(0), o => o with { Quantity = 40 });

        var state = plant.Run().Simulator.State;

        Assert.Equal(80, Minutes(state.Orders[0].CompletedAt));
        Assert.Equal([JobStatus.Done, JobStatus.Dormant, JobStatus.Dormant, JobStatus.Done], state.Jobs.ToArray().Select(j => j.Status));
        Assert.Equal(2, state.JobCountOf(0));
        Assert.Equal(0, state.Orders[0].JobsLeft);
    }

    [Fact]
    public void A_failed_batch_gives_its_vat_to_others_and_its_child_waits_in_line()
    {
        var plant = Dyehouse(Sure);
        plant.Order(new ProductId(0), o => o with { Quantity = 40 });
        plant.Order(new ProductId(0), o => o with { Quantity = 40 });

        var jobs = plant.Run().Simulator.State.Jobs.ToArray();

        Assert.Equal((60, 120), (Minutes(jobs[4].StartAt), Minutes(jobs[4].EndAt))); // the second order dyes while the first is stripped
        Assert.Equal((90, 120), (Minutes(jobs[2].ReadyAt), Minutes(jobs[2].StartAt))); // the child waits for the vat
        Assert.Equal(165, Minutes(jobs[2].EndAt));
    }

    [Fact]
    public void A_child_goes_to_any_vat_that_is_free()
    {
        var plant = Dyehouse(Sure, vats: 2);
        plant.Order(new ProductId(0), o => o with { Quantity = 40 });
        plant.Order(new ProductId(0), o => o with { Quantity = 40, Release = new SimTime(70 * Minute), Priority = 1 });

        var jobs = plant.Run().Simulator.State.Jobs.ToArray();

        Assert.Equal(0, jobs[0].Equipment);
        Assert.Equal(0, jobs[4].Equipment);
        Assert.Equal((1, 90), (jobs[2].Equipment, Minutes(jobs[2].StartAt)));
    }

    [Fact]
    public void Members_that_fail_together_are_mended_together()
    {
        var plant = Dyehouse(Sure, batches: true);
        plant.Order(new ProductId(0), o => o with { Quantity = 40 });
        plant.Order(new ProductId(0), o => o with { Quantity = 50 });

        var (simulator, events) = plant.Run();

        Assert.Equal(1 + 1 + 1 + 2, events.Count(e => e.Kind == PlantEventKind.BatchStarted)); // dye, strip, redye, dry twice
        Assert.Equal(155, Minutes(simulator.State.Orders[1].CompletedAt));
        Assert.Equal(90, simulator.State.Meters[0].ReworkQuantity);
    }

    [Fact]
    public void A_child_that_fails_is_repeated_or_mended_as_it_says_itself()
    {
        var plant = new TinyPlant();
        var vat = plant.Class("vat");
        plant.Machine(vat);
        plant.Product(
            TinyPlant.Step(vat, 60) with { Id = "dye", ReworkProbability = Sure, ReworkBy = [1, 3] },
            TinyPlant.Step(vat, 30) with { Id = "strip", Predecessors = [0], ReworkProbability = Sure, ReworkBy = [2] },
            TinyPlant.Step(vat, 10) with { Id = "heavy-strip", Predecessors = [1] },
            TinyPlant.Step(vat, 45) with { Id = "redye", Predecessors = [1], ReworkProbability = 0.5 },
            TinyPlant.Step(vat, 20) with { Id = "dry", Predecessors = [0] });
        plant.Order(new ProductId(0));

        Gen.ULong.Sample(seed =>
        {
            var (simulator, events) = plant.Run(seed: seed);
            var again = events.Count(e => e.Kind == PlantEventKind.BatchRework && e.Arg != PlantState.AsChildJobs);
            var called = events.Count(e => e.Kind == PlantEventKind.BatchRework && e.Arg == PlantState.AsChildJobs);
            Assert.Equal(0, simulator.OpenOrders);
            if (called == 2) // a sample fails 99 times in 100
            {
                Assert.Equal(60 + 30 + 10 + 45 * (again + 1) + 20, Minutes(simulator.State.Orders[0].CompletedAt));
            }
        }, iter: 50);
    }

    [Fact]
    public void Nobody_mends_what_was_cancelled()
    {
        var plant = Dyehouse(Sure);
        plant.Order(new ProductId(0), o => o with { Quantity = 40 });
        var before = new PlantSimulator(plant.Compile(), new DispatchPolicy(), new RandomSource(1, 0));
        before.RunUntil(new SimTime(30 * Minute));
        var state = before.State.Fork();
        state.Apply(new PlantEvent(state.Now, PlantEventKind.OrderCancelled, Order: 0, Source: EventSource.Commanded));
        var simulator = new PlantSimulator(state.Plant, new DispatchPolicy(), new RandomSource(1, 0), state);

        simulator.RunUntil(SimTime.FromHours(24));

        Assert.Equal([JobStatus.Done, JobStatus.Dormant, JobStatus.Dormant, JobStatus.Cancelled], simulator.State.Jobs.ToArray().Select(j => j.Status));
        Assert.Equal(EquipmentStatus.Idle, simulator.State.Equipment[0].Status);
    }

    [Fact]
    public void Rework_is_a_part_of_why_the_order_is_late_and_the_parts_sum_exactly()
    {
        var plant = Dyehouse(Sure);
        plant.Order(new ProductId(0), o => o with { Quantity = 40 });
        plant.Order(new ProductId(0), o => o with { Quantity = 40 });
        var start = new PlantState(plant.Compile());
        var tracker = new FlowTracker(start);
        var watch = new PlantWatch(start, tracker);
        new PlantSimulator(start.Plant, new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0), sink: watch).RunToCompletion(SimTime.FromHours(100));

        var flow = OrderFlow.Of(tracker, watch.State)[0];

        Assert.Equal(["dye", "strip", "redye", "dry"], flow.Steps.Select(s => start.Plant.OperationOf(s.Job).Id));
        Assert.Equal(flow.FlowMs, flow.Parts.Sum());
        Assert.Equal((80, 75, 30), (flow[FlowPart.Processing] / Minute, flow[FlowPart.Rework] / Minute, flow[FlowPart.Queue] / Minute));
    }

    /// <summary>Every routing of a random plant with an operation that mends its first.</summary>
    private static CompiledScenario WithRework(CompiledScenario plant) => CompiledScenario.Compile(plant.Scenario with
    {
        Plant = plant.Plant with
        {
            WorkMasters = [.. plant.Plant.WorkMasters.Select(w => w with
            {
                Operations =
                [
                    w.Operations[0] with { ReworkBy = [w.Operations.Length], ReworkProbability = 0.4 }, .. w.Operations.Skip(1),
                    w.Operations[0] with { Id = "mend", ReworkProbability = 0.2, Predecessors = [0], LossProbability = 0 },
                ],
            })],
        },
    });

    [Fact]
    public void Whatever_the_plant_every_order_ends_the_parts_sum_and_a_fork_goes_on_bit_identically() =>
        Gen.Select(RandomPlants.Any, Gen.Double[0, 60], Gen.ULong[1, 50]).Sample((random, hours, seed) =>
        {
            var plant = WithRework(random);
            var (straight, forked) = (new EventHash(), new EventHash());
            var start = new PlantState(plant);
            var tracker = new FlowTracker(start);
            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(seed, 0), sink: new PlantWatch(start, tracker));
            simulator.RunUntil(SimTime.FromHours(hours));
            var fork = simulator.Fork(forked);
            var other = simulator.Fork(straight);
            other.RunToCompletion(SimTime.FromHours(24 * 120));
            simulator.RunToCompletion(SimTime.FromHours(24 * 120));
            fork.RunToCompletion(SimTime.FromHours(24 * 120));

            Assert.Equal(straight.Value, forked.Value);
            foreach (var flow in OrderFlow.Of(tracker, simulator.State))
            {
                Assert.Equal(flow.FlowMs, flow.Parts.Sum());
                Assert.DoesNotContain(flow.Parts, p => p < 0);
            }

            for (var job = 0; job < plant.Jobs.JobCount; job++)
            {
                // A child was done exactly where its parent ended in rework.
                Assert.True(simulator.State.Orders[plant.Jobs.OrderOf(job)].Status != OrderStatus.Complete || simulator.State.Jobs[job].Status is JobStatus.Done or JobStatus.Dormant);
            }
        }, iter: 150);

    [Fact]
    public void Any_state_of_a_redyeing_plant_has_the_future_that_a_straight_run_has() => Gen.Int[1, 40].Sample(quarter =>
    {
        var plant = Dyehouse(0.4, vats: 2, batches: true);
        for (var i = 0; i < 12; i++)
        {
            var n = i;
            plant.Order(new ProductId(0), o => o with { Quantity = 30 + n * 7 % 40, Release = new SimTime(n * 25 * Minute) });
        }

        var compiled = plant.Compile();
        var straight = new PlantSimulator(compiled, new DispatchPolicy(), new RandomSource(3, 0));
        straight.RunUntil(new SimTime(quarter * 17 * Minute));
        var resumed = new PlantSimulator(compiled, new DispatchPolicy(), new RandomSource(3, 0), straight.State);
        straight.RunToCompletion(SimTime.FromHours(500));
        resumed.RunToCompletion(SimTime.FromHours(500));

        Assert.Equal(straight.State.Orders.ToArray().Select(o => o.CompletedAt), resumed.State.Orders.ToArray().Select(o => o.CompletedAt));
    }, iter: 40);

    [Fact]
    public void Mending_allocates_nothing_per_event()
    {
        var plant = Dyehouse(0.4, vats: 3, batches: true);
        for (var i = 0; i < 1500; i++)
        {
            var n = i;
            plant.Order(new ProductId(0), o => o with { Quantity = 30 + n * 7 % 40, Release = new SimTime(n * 15 * Minute) });
        }

        var simulator = new PlantSimulator(plant.Compile(), new DispatchPolicy(), new RandomSource(3, 0));
        simulator.RunUntil(SimTime.FromHours(140));
        var (events, bytes) = (simulator.State.Version, GC.GetAllocatedBytesForCurrentThread());
        simulator.RunUntil(SimTime.FromHours(250));

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - bytes);
        Assert.True(simulator.State.Version - events > 500);
        Assert.True(simulator.State.Jobs.ToArray().Count(j => j.Status == JobStatus.Dormant) < plant.Compile().Jobs.JobCount / 2);
    }
}
