using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Runtime.Drift;
using DigitalTwin.Runtime.Emulation;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public sealed class DriftTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("drift-").FullName;
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0.05, 5)]
    [InlineData(0.1, 12)]
    [InlineData(0.2, 40)]
    public void A_shift_of_20_percent_is_found_within_so_many_jobs_at_a_spread_of(double spread, int within)
    {
        var options = new DriftOptions();
        var late = 0;
        for (var run = 0; run < 200; run++)
        {
            var random = new RandomSource(11, run);
            var law = Distribution.Lognormal(1.2 * Math.Exp(-spread * spread / 2), spread);
            var detector = new DriftDetector();
            var jobs = 0;
            while (detector.Up <= options.Threshold && jobs < 1000)
            {
                detector.Add(law.Sample(random, 3, jobs++), 1, Math.Max(spread, options.LeastSpread), options);
            }

            late += jobs > within ? 1 : 0;
        }

        Assert.True(late <= 20, $"{late} of 200 runs took more than {within} jobs");
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public void A_calm_machine_raises_less_than_one_false_alarm_in_20_000_jobs(double spread)
    {
        var options = new DriftOptions();
        var law = Distribution.Lognormal(Math.Exp(-spread * spread / 2), spread);
        var random = new RandomSource(5, 0);
        var (alarms, detector) = (0, new DriftDetector());
        for (var job = 0; job < 400_000; job++)
        {
            detector.Add(law.Sample(random, 1, job), 1, spread, options);
            if (detector.Sum > options.Threshold)
            {
                alarms++;
                detector.Reset();
            }
        }

        Assert.True(alarms <= 20, $"{alarms} false alarms in 400 000 jobs");
    }

    [Fact]
    public void A_plant_that_behaves_as_its_model_says_stays_calm_and_a_machine_that_slows_down_by_20_percent_is_named()
    {
        var plant = RuntimePlants.Lively(300);
        var busy = Busiest(plant);
        var calm = 0;
        for (var seed = 0; seed < 8; seed++)
        {
            calm += Watch(plant, plant, (ulong)(100 + seed)).Alarms.Count(a => a.Kind == DriftKind.Processing);
        }

        var slow = Watch(plant, Slower(plant, busy, 1 / 1.2), 100);

        Assert.Equal(0, calm);
        var alarm = Assert.Single(slow.Alarms, a => a.Kind == DriftKind.Processing);
        Assert.Equal(busy, alarm.Subject);
        Assert.InRange(alarm.Estimate, 1.1, 1.35);
    }

    [Fact]
    public void An_alarm_clears_by_itself_when_the_machine_is_as_fast_as_before()
    {
        var options = new DriftOptions();
        var detector = new DriftDetector();
        for (var i = 0; i < 50; i++)
        {
            detector.Add(1.2, 1, 0.1, options);
        }

        var raised = detector.Up > options.Threshold;
        var jobs = 0;
        while (detector.Sum >= options.ClearBelow && jobs < 100)
        {
            detector.Add(1.0, 1, 0.1, options);
            jobs++;
        }

        Assert.True(raised);
        Assert.InRange(jobs, 1, 40);
    }

    [Fact]
    public async Task A_live_twin_of_a_machine_that_slows_down_raises_an_alarm_that_people_acknowledge_and_that_survives_a_restart()
    {
        var plant = RuntimePlants.Lively(300);
        var busy = Busiest(plant);
        await using var sessions = new SessionRegistry();
        var session = await sessions.OpenAsync(plant, new TwinSessionOptions { SnapshotAge = TimeSpan.Zero });
        var options = new DriftServiceOptions { File = id => Path.Combine(_folder, id, "drift.json") };
        DriftAlarm alarm;
        using (var service = new DriftService(sessions, options, TimeProvider.System, NullLogger<DriftService>.Instance))
        {
            service.Look();
            await EmulateAsync(Slower(plant, busy, 1 / 1.2), session, service, 400);

            alarm = service.Find(plant.Scenario.Id)!.Alarms.First(a => a.Kind == DriftKind.Processing);
            Assert.Equal(busy, alarm.Subject);
            Assert.Contains(session.View().Alarms, a => a.Id == alarm.Id);
            var book = service.Find(plant.Scenario.Id)!;
            Assert.Equal("dispatcher", book.Acknowledge(alarm.Id, "dispatcher", DateTimeOffset.UnixEpoch, session)!.AcknowledgedBy);
            Assert.Null(book.Acknowledge(alarm.Id, "another", DateTimeOffset.UnixEpoch, session));
        }

        using var again = new DriftService(sessions, options, TimeProvider.System, NullLogger<DriftService>.Instance);
        again.Look();
        var kept = again.Find(plant.Scenario.Id)!.Alarms.Single(a => a.Id == alarm.Id);
        Assert.Equal((AlarmStatus.Acknowledged, "dispatcher", busy), (kept.Status, kept.AcknowledgedBy, kept.Subject));
        Assert.Equal(AlarmStatus.Cleared, again.Find(plant.Scenario.Id)!.Clear(alarm.Id, "dispatcher", session)!.Status);
        Assert.DoesNotContain(session.Alarms, a => a.Id == alarm.Id);
    }

    [Fact]
    public async Task A_damaged_memory_is_put_aside_and_drift_begins_anew()
    {
        await using var sessions = new SessionRegistry();
        var session = await sessions.OpenAsync(RuntimePlants.Lively(3));
        var file = Path.Combine(_folder, "drift.json");
        await File.WriteAllTextAsync(file, "{\"alarms\":[", Stop);
        using var service = new DriftService(sessions, new DriftServiceOptions { File = _ => file }, TimeProvider.System, NullLogger<DriftService>.Instance);

        service.Look();

        Assert.Empty(service.Find(session.Id)!.Alarms);
        Assert.True(File.Exists(file + ".damaged"));
    }

    [Fact]
    public async Task A_follower_sees_exactly_what_the_session_folds_and_one_that_falls_behind_is_let_go()
    {
        var plant = RuntimePlants.Lively(20);
        await using var session = RuntimePlants.Open(plant);
        using var follower = session.Follow(10_000);
        using var lazy = session.Follow(1);
        var copy = new FollowedPlant(follower.Start);
        foreach (var part in RuntimePlants.Report(plant, 12).Chunk(50))
        {
            await session.IngestAsync(part, cancellation: Stop);
        }

        while (follower.TryRead() is { } step)
        {
            foreach (var change in step)
            {
                copy.Apply(change);
            }
        }

        copy.State.AdvanceTo(session.View().Now);
        Assert.Equal(RuntimePlants.Picture(session.View().State), RuntimePlants.Picture(copy.State));
        Assert.Null(follower.LetGo);
        Assert.NotNull(lazy.LetGo);
    }

    private static async Task EmulateAsync(CompiledScenario world, TwinSession session, DriftService service, int hours)
    {
        var emulator = new Emulator(world, new SessionDoor(session), new EmulatorOptions { Seed = 3 });
        await emulator.BeginAsync(Stop);
        for (var h = 4; h <= hours; h += 4)
        {
            await emulator.AdvanceAsync(SimTime.FromHours(h), Stop);
            service.Look();
        }

        Assert.Equal(0, emulator.Refused);
    }

    /// <summary>What a watch that believes in <paramref name="model"/> makes of a plant that really is <paramref name="world"/>.</summary>
    private static DriftWatch Watch(CompiledScenario model, CompiledScenario world, ulong seed)
    {
        var watch = new Watcher(model);
        var simulator = new PlantSimulator(world, new DispatchPolicy { Rule = world.Scenario.Dispatch }, new RandomSource(seed, 0), sink: watch);
        simulator.RunUntil(SimTime.FromHours(2000));
        return watch.Drift;
    }

    private static string Busiest(CompiledScenario plant)
    {
        var watch = new Watcher(plant);
        new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0), sink: watch).RunUntil(SimTime.FromHours(2000));
        return watch.Drift.Detectors.Where(d => d.Key.Kind == DriftKind.Processing).MaxBy(d => d.Value.Count).Key.Subject;
    }

    private static CompiledScenario Slower(CompiledScenario plant, string equipment, double factor)
    {
        var patched = ScenarioPatch.Apply(plant.Scenario, [new ScaleParameter($"equipment.{equipment}.speed_factor", factor.ToString("R", System.Globalization.CultureInfo.InvariantCulture))]);
        return CompiledScenario.Compile(patched.Scenario ?? throw new InvalidOperationException(string.Join('\n', patched.Diagnostics)));
    }

    private sealed class Watcher(CompiledScenario model) : IPlantEventSink
    {
        private readonly PlantState _state = new(model);

        public DriftWatch Drift { get; } = new("plant", new DriftOptions());

        public void On(in PlantEvent e)
        {
            Drift.On(e, _state, null);
            _state.Apply(e);
        }
    }
}
