using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public class SessionExplanationTests
{
    [Fact]
    public async Task A_session_explains_orders_and_machines_as_a_watched_run_does()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        Assert.Null(session.Bottleneck(TimeSpan.Zero));
        await session.IngestAsync(RuntimePlants.Report(plant, 40), cancellation: TestContext.Current.CancellationToken);

        var report = session.Bottleneck(TimeSpan.Zero)!;
        var start = new PlantState(plant);
        var (flows, tight) = (new FlowTracker(start), new BottleneckTracker(start, report.Bucket));
        new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(7, 0), sink: new PlantWatch(start, flows, tight)).RunUntil(SimTime.FromHours(40));
        var expected = BottleneckReport.Of(tight, report.To);
        Assert.Equal(expected.Momentary, report.Momentary);
        Assert.All(Enumerable.Range(0, report.Machines.Length), m => Assert.Equal(expected.Machines[m].UseMs.SelectMany(u => u), report.Machines[m].UseMs.SelectMany(u => u)));
        var state = session.Snapshot();
        var completed = Enumerable.Range(0, state.Orders.Length).Where(o => state.Orders[o].CompletedAt >= 0).ToList();
        Assert.NotEmpty(completed);
        Assert.All(completed, o => Assert.Equal(OrderFlow.Of(flows, state, new OrderId(o)).Parts, session.FlowOf(o)!.Parts));
    }

    [Fact]
    public async Task New_orders_and_another_schedule_on_the_way_leave_no_millisecond_unaccounted()
    {
        var plant = RuntimePlants.Lively();
        var report = RuntimePlants.Report(plant, 60);
        var cancel = TestContext.Current.CancellationToken;
        await using var session = RuntimePlants.Open(plant);

        await session.IngestAsync([.. report.Take(report.Count / 2)], cancellation: cancel);
        await session.AddOrdersAsync([new OrderDocument { Id = "rush", Product = plant.Plant.Products[0].Id, Quantity = 12 }], cancel);
        Assert.True((await session.ApplyScheduleAsync(TwinSessionTests.OneBatch(plant), 0, "ann", cancel)).Done);
        await session.IngestAsync([.. report.Skip(report.Count / 2)], cancellation: cancel);

        Assert.Equal(SimTime.Zero, session.ExplainedSince);
        var explained = Enumerable.Range(0, session.Snapshot().Orders.Length).Select(session.FlowOf).OfType<OrderFlow>().ToList();
        Assert.True(explained.Count > 10);
        Assert.All(explained, f => Assert.Equal(f.FlowMs, f.Parts.Sum()));
        Assert.All(explained, f => Assert.DoesNotContain(f.Parts, p => p < 0));
        Assert.Null(session.FlowOf(session.Names.Order("rush")));
        Assert.Null(session.FlowOf(int.MaxValue));
    }

    [Fact]
    public async Task Time_in_buckets_is_the_time_that_has_passed_however_long_the_buckets()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        await session.IngestAsync(RuntimePlants.Report(plant, 60), cancellation: TestContext.Current.CancellationToken);

        var fine = session.Bottleneck(TimeSpan.Zero)!;
        var coarse = fine.InBucketsOf(Duration.FromDays(7));

        var passed = (double)(fine.To - fine.From).Milliseconds;
        Assert.All(fine.Machines, m => Assert.Equal(passed, m.UseMs.Sum(b => b.Sum()), 3));
        Assert.All(coarse.Machines, m => Assert.Equal(passed, m.UseMs.Sum(b => b.Sum()), 3));
        Assert.Equal(fine.Classes.Select(c => c.QueueMs.Sum()), coarse.Classes.Select(c => c.QueueMs.Sum()), (a, b) => Math.Abs(a - b) < 1e-3);
        Assert.Throws<ArgumentException>(() => fine.InBucketsOf(fine.Bucket * 1.5));
    }

    [Fact]
    public void Buckets_that_became_longer_tell_the_same_as_buckets_that_were_long()
    {
        var plant = RuntimePlants.Lively();
        var start = new PlantState(plant);
        var (fine, coarse) = (new BottleneckTracker(start, Duration.FromHours(1)), new BottleneckTracker(start, Duration.FromHours(6)));
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(7, 0), sink: new PlantWatch(start, fine, coarse));
        simulator.RunUntil(SimTime.FromHours(20));
        var before = fine.Copy();
        fine.Coarsen(6);
        simulator.RunUntil(SimTime.FromHours(50));

        var (a, b) = (BottleneckReport.Of(fine, SimTime.FromHours(50)), BottleneckReport.Of(coarse, SimTime.FromHours(50)));
        Assert.Equal(b.Bucket, a.Bucket);
        Assert.All(Enumerable.Range(0, a.Machines.Length), m =>
            Assert.Equal(b.Machines[m].UseMs.SelectMany(u => u), a.Machines[m].UseMs.SelectMany(u => u), (x, y) => Math.Abs(x - y) < 1e-3));
        Assert.Equal(Duration.FromHours(1), before.Bucket);
    }
}
