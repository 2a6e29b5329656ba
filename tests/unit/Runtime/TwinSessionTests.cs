using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public class TwinSessionTests
{
    [Fact]
    public async Task Whoever_commands_sees_at_once_what_came_of_it()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant, with: o => o with { SnapshotAge = TimeSpan.FromHours(1) });
        Assert.Equal(0, session.View().Schedule.Version);

        await session.ApplyScheduleAsync(OneBatch(plant), 0, "ann", TestContext.Current.CancellationToken);
        Assert.Equal(1, session.View().Schedule.Version);

        await session.RevokeScheduleAsync(1, "ann", TestContext.Current.CancellationToken);
        Assert.Equal(0, session.View().Schedule.Version);
    }

    [Fact]
    public async Task Observed_state_equals_the_plants_own_state()
    {
        var plant = RuntimePlants.Lively();
        var report = RuntimePlants.Report(plant, 9);
        await using var session = RuntimePlants.Open(plant);

        var receipt = await session.IngestAsync(report, cancellation: TestContext.Current.CancellationToken);

        Assert.Empty(receipt.Refused);
        Assert.Equal(report.Count, receipt.Accepted);
        var itself = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(7, 0));
        itself.RunUntil(SimTime.FromHours(9));
        var seen = session.Snapshot().Fork();
        seen.AdvanceTo(itself.State.Now);
        Assert.Equal(RuntimePlants.Picture(itself.State), RuntimePlants.Picture(seen));
    }

    [Fact]
    public async Task A_restart_folds_the_journal_to_the_same_session()
    {
        var plant = RuntimePlants.Lively();
        using var journal = new KeptJournal();
        var cancel = TestContext.Current.CancellationToken;
        string before;
        ScheduleInForce schedule;
        int bars;
        await using (var session = RuntimePlants.Open(plant, journal))
        {
            await session.IngestAsync(RuntimePlants.Report(plant, 12), cancellation: cancel);
            await session.ApplyScheduleAsync(OneBatch(plant), 0, "ann", cancel);
            var orders = await session.AddOrdersAsync([new OrderDocument { Id = "rush", Product = plant.Plant.Products[0].Id, Quantity = 12 }], cancel);
            Assert.Equal(1, orders.Added);
            await session.LockAsync(session.Names.Job($"rush/1/{plant.Plant.WorkMasters[0].Operations[0].Id}"), locked: true, cancellation: cancel);
            before = RuntimePlants.Picture(session.Snapshot());
            schedule = session.ScheduleInForce;
            bars = session.History(SimTime.Zero, SimTime.Never).Bars.Count;
        }

        await using var again = RuntimePlants.Open(plant, journal);

        Assert.Equal(before, RuntimePlants.Picture(again.Snapshot()));
        Assert.Equal((schedule.Version, schedule.User), (again.ScheduleInForce.Version, again.ScheduleInForce.User));
        Assert.Equal(schedule.Schedule!.Batches[0].Jobs, again.ScheduleInForce.Schedule!.Batches[0].Jobs);
        Assert.Equal(bars, again.History(SimTime.Zero, SimTime.Never).Bars.Count);
        Assert.True(again.Names.Order("rush") >= 0);
    }

    [Fact]
    public async Task A_repeated_delivery_changes_nothing_even_after_a_restart()
    {
        var plant = RuntimePlants.Lively();
        using var journal = new KeptJournal();
        var report = RuntimePlants.Report(plant, 12);
        var cancel = TestContext.Current.CancellationToken;
        string before;
        await using (var session = RuntimePlants.Open(plant, journal))
        {
            await session.IngestAsync(report, cancellation: cancel);
            before = RuntimePlants.Picture(session.Snapshot());
        }

        await using var again = RuntimePlants.Open(plant, journal);
        var receipt = await again.IngestAsync(report, cancellation: cancel);

        Assert.Equal((0, report.Count, 0), (receipt.Accepted, receipt.Duplicates, receipt.Refused.Count));
        Assert.Equal(before, RuntimePlants.Picture(again.Snapshot()));
    }

    [Fact]
    public async Task An_impossible_observation_is_kept_with_its_reason_and_the_rest_is_taken()
    {
        var plant = RuntimePlants.Lively();
        var report = RuntimePlants.Report(plant, 12);
        var machine = plant.Plant.Equipment[0].Id;
        using var journal = new KeptJournal();
        await using var session = RuntimePlants.Open(plant, journal);
        Observation[] strange =
        [
            new() { Id = "x1", Time = PlantMoment.At(new SimTime(1)), Kind = "RepairEnded", Equipment = machine },
            new() { Id = "x2", Time = PlantMoment.At(new SimTime(1)), Kind = "EquipmentDown", Equipment = "no such machine" },
            new() { Id = "x3", Time = PlantMoment.Parse("2026-03-02 09:00"), Kind = "EquipmentDown", Equipment = machine },
            new() { Id = "x4", Time = PlantMoment.At(new SimTime(-5)), Kind = "EquipmentDown", Equipment = machine },
            new() { Id = "x5", Time = PlantMoment.At(new SimTime(long.MaxValue / 2)), Kind = "EquipmentDown", Equipment = machine },
            new() { Id = "x6", Time = PlantMoment.At(new SimTime(1)), Kind = "JobLocked", Job = "whatever" },
            new() { Id = "", Time = PlantMoment.At(new SimTime(1)), Kind = "EquipmentDown", Equipment = machine },
            new() { Id = "x8", Time = PlantMoment.At(new SimTime(1)), Kind = "Exploded", Equipment = machine },
        ];

        var receipt = await session.IngestAsync([.. strange, .. report], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(report.Count, receipt.Accepted);
        Assert.Equal(["#7", "x1", "x2", "x3", "x4", "x5", "x6", "x8"], receipt.Refused.Select(r => r.Id).Order(StringComparer.Ordinal));
        Assert.All(receipt.Refused, r => Assert.NotEmpty(r.Reason));
        Assert.Contains(receipt.Refused, r => r.Id == "x1" && r.Reason.Contains($"equipment {machine} is ", StringComparison.Ordinal));
        Assert.Contains(receipt.Refused, r => r.Id == "x3" && r.Reason.Contains("Maybe write", StringComparison.Ordinal));
        await session.DisposeAsync();
        await using var again = RuntimePlants.Open(plant, journal);
        Assert.Equal(8, again.Refused().Count);
        Assert.Contains(again.Refused(), m => m.Content.Contains("no such machine", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_dispatchers_who_saw_the_same_version_one_wins_and_the_other_is_told()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var cancel = TestContext.Current.CancellationToken;

        var outcomes = await Task.WhenAll(
            session.ApplyScheduleAsync(OneBatch(plant), 0, "ann", cancel), session.ApplyScheduleAsync(OneBatch(plant), 0, "bob", cancel));

        var winner = Assert.Single(outcomes, o => o.Done);
        var loser = Assert.Single(outcomes, o => o.IsConflict);
        Assert.Equal(1, winner.InForce.Version);
        Assert.Equal(winner.InForce.User, loser.InForce.User);
        Assert.Contains(winner.InForce.User, loser.Problems[0], StringComparison.Ordinal);
        Assert.Equal(1, session.ScheduleInForce.Version);

        Assert.True((await session.RevokeScheduleAsync(1, "cy", cancel)).Done);
        Assert.Null(session.ScheduleInForce.Schedule);
        Assert.Equal(2, (await session.ApplyScheduleAsync(OneBatch(plant), 0, "ann", cancel)).InForce.Version);
    }

    [Fact]
    public async Task A_schedule_that_cannot_belong_to_the_plant_is_refused_by_name()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var wrong = OneBatch(plant);
        wrong = wrong with { Batches = [wrong.Batches[0], wrong.Batches[0]] };

        var outcome = await session.ApplyScheduleAsync(wrong, 0, "ann", TestContext.Current.CancellationToken);

        Assert.False(outcome.Done);
        Assert.Contains("planned twice", Assert.Single(outcome.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_locked_while_a_schedule_was_made_stays_where_it_is()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var cancel = TestContext.Current.CancellationToken;
        var inForce = OneBatch(plant);
        await session.ApplyScheduleAsync(inForce, 0, "ann", cancel);
        Assert.True(await session.LockAsync(0, locked: true, cancellation: cancel));
        var elsewhere = new Schedule { Batches = [inForce.Batches[0] with { Equipment = new(plant.EligibleEquipment(0).Last()) }] };

        var refused = await session.ApplyScheduleAsync(elsewhere, 1, "bob", cancel);
        await session.LockAsync(0, locked: false, cancellation: cancel);
        var applied = await session.ApplyScheduleAsync(elsewhere, 1, "bob", cancel);

        Assert.Contains("is locked to M1", Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.True(applied.Done);
        Assert.False(await session.LockAsync(999_999, locked: true, cancellation: cancel));
    }

    [Fact]
    public async Task A_full_queue_makes_the_sender_wait_and_loses_nothing()
    {
        var plant = RuntimePlants.Lively();
        using var journal = new KeptJournal { Closed = true };
        await using var session = RuntimePlants.Open(plant, journal, o => o with { QueueLimit = 2 });
        var machine = plant.Plant.Equipment[0].Id;
        var cancel = TestContext.Current.CancellationToken;
        var deliveries = new List<Task<IngestReceipt>>();
        for (var i = 0; i < 10; i++)
        {
            deliveries.Add(session.IngestAsync(
                [new Observation { Id = $"s{i}", Time = PlantMoment.At(new SimTime(i)), Kind = i % 2 == 0 ? "SourceLost" : "SourceRecovered", Equipment = machine }],
                cancellation: cancel));
        }

        await journal.Reached.WaitAsync(cancel);
        Assert.True(session.Statistics.Waiting <= 2);
        Assert.All(deliveries, d => Assert.False(d.IsCompleted)); // nobody is told before the journal has it

        journal.Open();
        var receipts = await Task.WhenAll(deliveries);
        Assert.Equal(10, receipts.Sum(r => r.Accepted));
    }

    [Fact]
    public async Task When_the_journal_fails_nothing_is_acknowledged_and_the_same_delivery_can_be_sent_again()
    {
        var plant = RuntimePlants.Lively();
        using var journal = new KeptJournal { Failing = true };
        await using var session = RuntimePlants.Open(plant, journal);
        var report = RuntimePlants.Report(plant, 12);
        var cancel = TestContext.Current.CancellationToken;
        var before = RuntimePlants.Picture(session.Snapshot());

        await Assert.ThrowsAsync<JournalUnavailableException>(() => session.IngestAsync(report, cancellation: cancel));
        Assert.NotNull(session.Fault);
        Assert.Equal(before, RuntimePlants.Picture(session.Snapshot()));

        journal.Failing = false;
        var receipt = await session.IngestAsync(report, cancellation: cancel);
        Assert.Equal(report.Count, receipt.Accepted);
        Assert.Null(session.Fault);
    }

    [Fact]
    public async Task Orders_enter_all_or_none()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var product = plant.Plant.Products[0].Id;
        OrderDocument good = new() { Id = "good", Product = product, Quantity = 3 };

        var outcome = await session.AddOrdersAsync(
            [good, new() { Id = plant.Scenario.Orders[0].Id, Product = product, Quantity = 1 }, new() { Id = "bad", Product = "nothing", Quantity = -1 }],
            TestContext.Current.CancellationToken);

        Assert.Equal(0, outcome.Added);
        Assert.Equal(2, outcome.Problems.Count);
        Assert.Contains("quantity -1 must be > 0", outcome.Problems[1], StringComparison.Ordinal);
        Assert.Equal(plant.Scenario.Orders.Length, session.Plant.Scenario.Orders.Length);
        Assert.Equal(1, session.TryAddOrders([good]).Added);
        Assert.Equal(plant.Scenario.Orders.Length, session.Plant.Scenario.Orders.Length);
    }

    [Fact]
    public async Task Starting_over_is_for_demos_only_and_begins_at_the_epoch()
    {
        var plant = RuntimePlants.Lively();
        await using var real = RuntimePlants.Open(plant);
        await Assert.ThrowsAsync<InvalidOperationException>(() => real.StartOverAsync("because", TestContext.Current.CancellationToken));

        await using var demo = RuntimePlants.Open(plant, with: o => o with { MayStartOver = true });
        await demo.IngestAsync(RuntimePlants.Report(plant, 12), cancellation: TestContext.Current.CancellationToken);
        var before = demo.Version;
        Assert.Equal(2, await demo.StartOverAsync("the order book was finished", TestContext.Current.CancellationToken));

        Assert.Equal(RuntimePlants.Picture(new PlantState(plant)), RuntimePlants.Picture(demo.Snapshot()));
        Assert.True(demo.Version > before);
        Assert.Equal("the order book was finished", demo.Note);
    }

    internal static Schedule OneBatch(CompiledScenario plant) => new()
    {
        Origin = "test",
        Batches =
        [
            new PlannedBatch
            {
                Equipment = new(plant.EligibleEquipment(0).First()), Jobs = [new(0)],
                SetupStart = SimTime.Zero, Start = SimTime.Zero, End = SimTime.FromHours(1),
            },
        ],
    };
}
