using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Explanation;

public class OrderFlowTests
{
    private const long Minute = Duration.MillisecondsPerMinute;

    [Fact]
    public void The_parts_of_every_order_sum_exactly_to_its_flow_time_whatever_the_plant_and_the_moment() =>
        Gen.Select(RandomPlants.Any, Gen.Double[0, 120]).Sample((plant, hours) =>
        {
            var start = new PlantState(plant);
            var tracker = new FlowTracker(start);
            var watch = new PlantWatch(start, tracker);
            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(4, 0), sink: watch);
            simulator.RunUntil(SimTime.FromHours(hours));
            CheckSums(tracker, simulator.State);
            simulator.RunToCompletion(SimTime.FromHours(24 * 120));
            CheckSums(tracker, simulator.State);
        }, iter: 300);

    [Fact]
    public void Watching_from_any_moment_on_sums_exactly_too() =>
        Gen.Select(RandomPlants.Any, Gen.Double[0, 60]).Sample((plant, hours) =>
        {
            var before = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(4, 0));
            before.RunUntil(SimTime.FromHours(hours));
            var tracker = new FlowTracker(before.State);
            var simulator = before.Fork(new PlantWatch(before.State, tracker));
            simulator.RunToCompletion(SimTime.FromHours(24 * 120));
            foreach (var flow in OrderFlow.Of(tracker, simulator.State))
            {
                Assert.Equal(flow.FlowMs, flow.Parts.Sum());
                Assert.DoesNotContain(flow.Parts, p => p < 0);
            }
        }, iter: 200);

    [Fact]
    public void Watching_changes_nothing() =>
        RandomPlants.Any.Sample(plant =>
        {
            var (plain, watched) = (new EventHash(), new EventHash());
            var start = new PlantState(plant);
            new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(4, 0), sink: plain).RunToCompletion(SimTime.FromHours(24 * 120));
            new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(4, 0), sink: new Both(watched, new PlantWatch(start, new FlowTracker(start))))
                .RunToCompletion(SimTime.FromHours(24 * 120));
            Assert.Equal(plain.Value, watched.Value);
        }, iter: 50);

    [Fact]
    public void Queue_setup_processing_and_required_rest_are_told_apart()
    {
        var plant = new TinyPlant();
        var (cut, pack) = (plant.Class("cut"), plant.Class("pack"));
        plant.Machine(cut);
        plant.Machine(pack);
        var product = plant.Product(
            TinyPlant.Step(cut, 30) with { Setup = Duration.FromMinutes(10), MinWait = Duration.FromMinutes(15) }, TinyPlant.Step(pack, 20));
        plant.Order(product);
        plant.Order(product);

        var flows = Explain(plant);

        Expect(flows[0], (FlowPart.Setup, 10), (FlowPart.Processing, 50), (FlowPart.MinWait, 15));
        Expect(flows[1], (FlowPart.Queue, 40), (FlowPart.Setup, 10), (FlowPart.Processing, 50), (FlowPart.MinWait, 15));
        Assert.Equal(40 * Minute, flows[1].Steps[0][FlowPart.Queue]);
        Assert.Equal(0, flows[1].Steps[1][FlowPart.Queue]);
    }

    [Fact]
    public void Of_parallel_branches_only_the_one_that_ended_last_is_on_the_chain()
    {
        var plant = new TinyPlant();
        var (a, b, c) = (plant.Class("a"), plant.Class("b"), plant.Class("c"));
        plant.Machine(a);
        plant.Machine(b);
        plant.Machine(c);
        var product = plant.Product(
            TinyPlant.Step(a, 10), TinyPlant.Step(b, 60) with { Predecessors = [0] }, TinyPlant.Step(c, 20) with { Predecessors = [0] },
            TinyPlant.Step(a, 5) with { Predecessors = [1, 2] });
        plant.Order(product);

        var flow = Explain(plant)[0];

        Expect(flow, (FlowPart.Processing, 75));
        Assert.Equal([0, 1, 3], flow.Steps.Select(s => s.Job.Index));
    }

    [Fact]
    public void A_breakdown_a_shift_and_maintenance_are_named_when_nobody_else_could_have_done_it()
    {
        var plant = new TinyPlant
        {
            Extra = new PlantModel
            {
                Calendars = [new WorkCalendar { Id = "day", Name = "day", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(2, 0))] }],
            },
            Disturbances =
            [
                new Disturbance { Time = At(5), Equipment = new EquipmentId(0), Kind = DisturbanceKind.Breakdown, Duration = Duration.FromMinutes(25) },
            ],
        };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Calendar = new CalendarId(0) });
        var product = plant.Product(TinyPlant.Step(c, 70) with { Interruptible = true });
        plant.Order(product); // 0–5 works, 5–30 broken, 30–95 works
        plant.Order(product); // queues 5, broken 25, queues 65, works 25 to 2:00, works 45 the next day
        plant.Order(product, o => o with { Release = At(150) }); // off shift until the next day, then queues 45

        var flows = Explain(plant);

        Expect(flows[0], (FlowPart.Processing, 70), (FlowPart.Breakdown, 25));
        Expect(flows[1], (FlowPart.Queue, 70), (FlowPart.Breakdown, 25), (FlowPart.Processing, 70), (FlowPart.OffShift, 22 * 60));
        Expect(flows[2], (FlowPart.OffShift, 21 * 60 + 30), (FlowPart.Queue, 45), (FlowPart.Processing, 70));
    }

    [Fact]
    public void A_small_batch_waits_for_company_and_travels()
    {
        var plant = new TinyPlant
        {
            Extra = new PlantModel
            {
                Sites = [new Site { Id = "A", Name = "A" }, new Site { Id = "B", Name = "B" }],
                Travel = System.Collections.Immutable.ImmutableDictionary<(SiteId, SiteId), Duration>.Empty.Add((new SiteId(0), new SiteId(1)), Duration.FromMinutes(12)),
            },
        };
        var (wind, dye) = (plant.Class("wind"), plant.Class("dye", batchWaitMinutes: 60));
        plant.Machine(wind);
        plant.Machine(dye, m => m with { Site = new SiteId(1), CapacityMin = 2, CapacityMax = 2 });
        var product = plant.Product(TinyPlant.Step(wind, 10), TinyPlant.Step(dye, 30) with { Batches = true });
        plant.Order(product);
        plant.Order(product, o => o with { Release = At(25) });

        var flows = Explain(plant);

        Expect(flows[0], (FlowPart.Processing, 40), (FlowPart.BatchCompany, 25), (FlowPart.Travel, 12));
        Expect(flows[1], (FlowPart.Processing, 40), (FlowPart.Travel, 12));
    }

    [Fact]
    public void Want_of_a_crew_and_a_full_buffer_are_named()
    {
        var plant = new TinyPlant { Extra = new PlantModel { Auxiliaries = [new AuxiliaryResource { Id = "crew", Name = "crew", Count = 1 }] } };
        var (a, b) = (plant.Class("a"), plant.Class("b", buffer: 0));
        plant.Machine(a);
        plant.Machine(a);
        plant.Machine(b);
        var product = plant.Product(
            TinyPlant.Step(a, 10) with { Auxiliaries = [new AuxiliaryNeed(new AuxiliaryId(0), 1)] }, TinyPlant.Step(b, 30));
        plant.Order(product); // a 0–10, b 10–40
        plant.Order(product); // crew 0–10, a 10–20, blocked 20–40, b 40–70

        var flows = Explain(plant);

        Expect(flows[0], (FlowPart.Processing, 40));
        Expect(flows[1], (FlowPart.Auxiliary, 10), (FlowPart.Processing, 40), (FlowPart.Blocked, 20));
    }

    [Fact]
    public void What_somebody_says_about_a_wait_counts_until_it_is_over()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c);
        plant.Order(plant.Product((c, 10)));
        var scenario = plant.Compile();
        var start = new PlantState(scenario);
        var tracker = new FlowTracker(start);
        var watch = new PlantWatch(start, tracker);
        watch.On(new PlantEvent(SimTime.Zero, PlantEventKind.OrderReleased, Order: 0));
        watch.On(new PlantEvent(At(0), PlantEventKind.JobWaits, Job: 0, Arg: (int)WaitReason.Material));
        watch.On(new PlantEvent(At(7), PlantEventKind.JobReady, Job: 0));
        watch.On(new PlantEvent(At(9), PlantEventKind.JobWaits, Job: 0, Arg: (int)WaitReason.Utility));
        watch.On(new PlantEvent(At(12), PlantEventKind.JobAssigned, 0, 0, Arg: 0));
        watch.On(new PlantEvent(At(12), PlantEventKind.BatchStarted, 0, 0, Value: 10 * Minute));
        watch.On(new PlantEvent(At(22), PlantEventKind.BatchEnded, 0, 0));
        watch.On(new PlantEvent(At(22), PlantEventKind.OrderCompleted, Order: 0));

        Expect(OrderFlow.Of(tracker, watch.State)[0],
            (FlowPart.Material, 7), (FlowPart.Queue, 2), (FlowPart.Utility, 3), (FlowPart.Processing, 10));
    }

    private static SimTime At(double minutes) => SimTime.Zero + Duration.FromMinutes(minutes);

    private static void CheckSums(FlowTracker tracker, PlantState state)
    {
        foreach (var flow in OrderFlow.Of(tracker, state))
        {
            Assert.Equal(flow.FlowMs, flow.Parts.Sum());
            Assert.DoesNotContain(flow.Parts, p => p < 0);
            Assert.Equal(0, flow[FlowPart.Unexplained]);
            Assert.Equal(flow.ReleasedMs, flow.Steps[0].FromMs);
            Assert.Equal(flow.EndMs, flow.Steps[^1].ToMs);
            foreach (var step in flow.Steps)
            {
                Assert.Equal(step.ToMs - step.FromMs, step.Parts.Sum());
            }

            Assert.Equal(state.Orders[flow.Order].Status == OrderStatus.Complete, flow.Complete);
        }
    }

    private static IReadOnlyList<OrderFlow> Explain(TinyPlant plant)
    {
        var scenario = plant.Compile();
        var start = new PlantState(scenario);
        var tracker = new FlowTracker(start);
        var simulator = new PlantSimulator(
            scenario, new DispatchPolicy { Rule = plant.Dispatch }, new RandomSource(1, 0), sink: new PlantWatch(start, tracker));
        simulator.RunToCompletion(SimTime.FromHours(24 * 60));
        return OrderFlow.Of(tracker, simulator.State);
    }

    private static void Expect(OrderFlow flow, params (FlowPart Part, double Minutes)[] parts)
    {
        var seen = FlowParts.All.Where(p => flow[p.Part] != 0).Select(p => (p.Part, flow[p.Part] / (double)Minute)).Order();
        Assert.Equal(parts.Order(), seen);
    }

    private sealed class Both(IPlantEventSink first, IPlantEventSink second) : IPlantEventSink
    {
        public void On(in PlantEvent e)
        {
            first.On(e);
            second.On(e);
        }
    }
}
