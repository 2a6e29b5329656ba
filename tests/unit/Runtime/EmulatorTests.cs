using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Emulation;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public class EmulatorTests
{
    [Fact]
    public async Task The_twin_mirrors_the_emulated_plant_exactly()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var emulator = new Emulator(plant, new SessionDoor(session));
        var cancel = TestContext.Current.CancellationToken;
        await emulator.BeginAsync(cancel);
        for (var minutes = 19; minutes < 1000; minutes += 19)
        {
            await emulator.AdvanceAsync(SimTime.Zero + Duration.FromMinutes(minutes), cancel);
            AssertSame(emulator.State!, session.Snapshot());
        }

        Assert.Equal(0, emulator.Refused);
        Assert.True(emulator.Delivered > 300);
    }

    [Fact]
    public async Task The_twin_is_not_told_how_long_a_batch_will_take()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var emulator = new Emulator(plant, new SessionDoor(session));
        var cancel = TestContext.Current.CancellationToken;
        await emulator.BeginAsync(cancel);
        await emulator.AdvanceAsync(SimTime.FromHours(9), cancel);

        var seen = session.Snapshot();
        var running = Enumerable.Range(0, seen.Jobs.Length).Where(j => seen.Jobs[j] is { Status: JobStatus.Running } s && s.Lead == j).ToList();
        Assert.NotEmpty(running);
        Assert.All(running, j => Assert.True(seen.Jobs[j].Estimated));
        Assert.Contains(running, j => seen.Jobs[j].PlannedMs != emulator.State!.Jobs[j].PlannedMs);
    }

    [Fact]
    public async Task An_emulator_that_begins_beside_a_running_twin_goes_on_from_what_the_twin_remembers()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        var cancel = TestContext.Current.CancellationToken;
        var first = new Emulator(plant, new SessionDoor(session));
        await first.BeginAsync(cancel);
        await first.AdvanceAsync(SimTime.FromHours(12), cancel);
        var left = session.Snapshot();

        var second = new Emulator(plant, new SessionDoor(session));
        await second.BeginAsync(cancel);
        AssertSame(second.State!, left);

        for (var hours = 13; hours < 400 && session.Snapshot().Orders.ToArray().Any(o => o.Status != OrderStatus.Complete); hours++)
        {
            await second.AdvanceAsync(SimTime.FromHours(hours), cancel);
        }

        Assert.All(session.Snapshot().Orders.ToArray(), o => Assert.Equal(OrderStatus.Complete, o.Status));
        Assert.Equal(0, second.Refused);
    }

    [Fact]
    public async Task The_emulated_plant_takes_up_new_orders_and_follows_the_schedule_in_force()
    {
        var plant = RuntimePlants.Lively(orders: 3);
        await using var session = RuntimePlants.Open(plant);
        var cancel = TestContext.Current.CancellationToken;
        var emulator = new Emulator(plant, new SessionDoor(session));
        await emulator.BeginAsync(cancel);
        await emulator.AdvanceAsync(SimTime.FromHours(1), cancel);
        await session.AddOrdersAsync([new OrderDocument { Id = "rush", Product = plant.Plant.Products[0].Id, Quantity = 12, Family = plant.Plant.Families[0].Id }], cancel);
        var job = session.Names.Job($"rush/1/{plant.Plant.WorkMasters[0].Operations[0].Id}");
        var machine = session.Plant.EligibleEquipment(job).Last();
        await emulator.AdvanceAsync(SimTime.FromHours(1.01), cancel); // sees the order
        var schedule = new Schedule
        {
            Batches = [new PlannedBatch { Equipment = new(machine), Jobs = [new(job)], SetupStart = SimTime.FromHours(9), Start = SimTime.FromHours(9), End = SimTime.FromHours(10), HoldUntilStart = true }],
        };
        Assert.True((await session.ApplyScheduleAsync(schedule, 0, "ann", cancel)).Done);
        await emulator.AdvanceAsync(SimTime.FromHours(1.02), cancel); // sees the schedule
        await emulator.AdvanceAsync(SimTime.FromHours(20), cancel);

        var done = session.Snapshot().Jobs[job];
        Assert.Equal((JobStatus.Done, machine), (done.Status, done.Equipment));
        Assert.True(done.StartAt >= SimTime.FromHours(9).Milliseconds);
        Assert.Equal(0, emulator.Refused);
    }

    [Fact]
    public async Task A_delivery_that_failed_is_delivered_later_and_once()
    {
        var plant = RuntimePlants.Lively();
        using var journal = new KeptJournal();
        await using var session = RuntimePlants.Open(plant, journal);
        var emulator = new Emulator(plant, new SessionDoor(session));
        var cancel = TestContext.Current.CancellationToken;
        await emulator.BeginAsync(cancel);
        journal.Failing = true;
        await Assert.ThrowsAsync<DoorClosedException>(() => emulator.AdvanceAsync(SimTime.FromHours(8), cancel));
        journal.Failing = false;
        await emulator.AdvanceAsync(SimTime.FromHours(9), cancel); // delivers what waited, lives no further
        await emulator.AdvanceAsync(SimTime.FromHours(9), cancel);

        AssertSame(emulator.State!, session.Snapshot());
        Assert.Equal((0, 0), (emulator.Refused, session.Statistics.Duplicates));
    }

    [Fact]
    public async Task When_the_demo_starts_over_the_emulated_plant_begins_again_with_other_luck()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant, with: o => o with { MayStartOver = true });
        var emulator = new Emulator(plant, new SessionDoor(session));
        var cancel = TestContext.Current.CancellationToken;
        await emulator.BeginAsync(cancel);
        await emulator.AdvanceAsync(SimTime.FromHours(12), cancel);
        var first = Picture(session.Snapshot(), SimTime.FromHours(12));
        await session.StartOverAsync("again", cancel);
        await emulator.AdvanceAsync(SimTime.FromHours(12.1), cancel); // learns that the twin began again
        await emulator.AdvanceAsync(SimTime.FromHours(12), cancel);

        AssertSame(emulator.State!, session.Snapshot());
        Assert.NotEqual(first, Picture(session.Snapshot(), SimTime.FromHours(12)));
    }

    private static void AssertSame(PlantState plant, PlantState twin)
    {
        var now = SimTime.Max(plant.Now, twin.Now);
        Assert.Equal(Picture(plant, now), Picture(twin, now));
    }

    /// <summary>Without versions: decisions of people count in only one of them.</summary>
    private static string Picture(PlantState state, SimTime now)
    {
        var fork = state.Fork();
        fork.AdvanceTo(now);
        var text = RuntimePlants.Picture(fork);
        return text[text.IndexOf('\n', StringComparison.Ordinal)..];
    }
}
