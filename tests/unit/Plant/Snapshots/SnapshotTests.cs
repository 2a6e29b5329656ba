using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Behaviour;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Snapshots;

public class SnapshotTests
{
    private static readonly SimTime Limit = SimTime.FromHours(24 * 120);

    private static RunInProgress Start(CompiledScenario plant, DispatchRule? rule = null)
    {
        var hash = new EventHash();
        return new RunInProgress(new PlantSimulator(plant, new DispatchPolicy { Rule = rule ?? plant.Scenario.Dispatch }, new RandomSource(4, 2), sink: hash), hash);
    }

    [Fact]
    public void Going_on_from_a_loaded_snapshot_is_bit_identical_with_going_straight_on() =>
        Gen.Select(RandomPlants.Any, Gen.Enum<DispatchRule>(), Gen.Double[0, 60]).Sample((plant, rule, hours) =>
        {
            var straight = Start(plant, rule);
            straight.Simulator.RunUntil(SimTime.FromHours(hours));
            var bytes = PlantSnapshot.Save(straight);
            var again = PlantSnapshot.Load(bytes, plant);
            ForkTests.AssertSame(StatePicture.Of(straight.Simulator), StatePicture.Of(again.Simulator));

            // To the end, with one more save and load on the way.
            straight.Simulator.RunUntil(SimTime.FromHours(hours + 5));
            var (middle, hash) = (again.Simulator.Fork(again.Hash), again.Hash);
            middle.RunUntil(SimTime.FromHours(hours + 5));
            var last = PlantSnapshot.Load(PlantSnapshot.Save(new RunInProgress(middle, hash)), plant);
            var end = last.Simulator.Fork(last.Hash);
            end.RunToCompletion(Limit);
            straight.Simulator.RunToCompletion(Limit);

            Assert.Equal((straight.Hash.Value, straight.Hash.Count), (last.Hash.Value, last.Hash.Count));
            ForkTests.AssertSame(StatePicture.Of(straight.Simulator), StatePicture.Of(end));
        }, iter: 200);

    [Fact]
    public void A_plan_half_followed_is_in_the_snapshot()
    {
        var hash = new EventHash();
        var simulator = ForkTests.FollowingItsOwnPlan(hash);
        simulator.RunUntil(SimTime.FromHours(11));
        var again = PlantSnapshot.Load(PlantSnapshot.Save(new RunInProgress(simulator, hash)), simulator.State.Plant);
        var end = again.Simulator.Fork(again.Hash);

        simulator.RunToCompletion(Limit);
        end.RunToCompletion(Limit);

        Assert.Equal(hash.Value, again.Hash.Value);
        Assert.Equal(simulator.Policy.Schedule!.Batches.Length, again.Simulator.Policy.Schedule!.Batches.Length);
        Assert.Equal("done", again.Simulator.Policy.Schedule.Origin);
    }

    [Fact]
    public void Everything_in_a_policy_and_its_schedule_is_saved()
    {
        var batch = new PlannedBatch
        {
            Equipment = new EquipmentId(1), Jobs = [new JobId(2), new JobId(0)], SetupStart = new SimTime(5), Start = new SimTime(6), End = new SimTime(9),
            Family = new FamilyId(1), Lock = LockKind.Time, HoldUntilStart = true,
        };
        var policy = new DispatchPolicy
        {
            Rule = DispatchRule.Atc, AtcLookAhead = 3.5,
            Schedule = new Schedule { Origin = "人", MadeAt = new SimTime(4), Batches = [batch, batch with { Jobs = [new JobId(1)], Family = null, Lock = LockKind.Machine, HoldUntilStart = false }] },
        };
        var plant = DeterminismTests.Lively(12);

        var loaded = PlantSnapshot.Load(PlantSnapshot.Save(new RunInProgress(new PlantSimulator(plant, policy, new RandomSource(1, 0)), new EventHash())), plant).Simulator.Policy;

        Assert.Equal((policy.Rule, policy.AtcLookAhead, policy.Schedule.Origin, policy.Schedule.MadeAt), (loaded.Rule, loaded.AtcLookAhead, loaded.Schedule!.Origin, loaded.Schedule.MadeAt));
        Assert.Equal(policy.Schedule.Batches.Select(b => b with { Jobs = [] }), loaded.Schedule.Batches.Select(b => b with { Jobs = [] }));
        Assert.Equal(policy.Schedule.Batches.SelectMany(b => b.Jobs), loaded.Schedule.Batches.SelectMany(b => b.Jobs));

        // Who adds a property here saves it in SavedTerms and sets it above.
        Assert.Equal(["AtcLookAhead", "OwnRule", "Rule", "Schedule"], Properties(typeof(DispatchPolicy)));
        Assert.Equal(["Batches", "MadeAt", "Origin"], Properties(typeof(Schedule)));
        Assert.Equal(["End", "Equipment", "Family", "HoldUntilStart", "Jobs", "Lock", "Locked", "SetupStart", "Start"], Properties(typeof(PlannedBatch)));
    }

    private static IEnumerable<string> Properties(Type type) =>
        type.GetProperties(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public).Select(p => p.Name).Order(StringComparer.Ordinal);

    [Fact]
    public void A_run_under_code_of_ones_own_is_not_saved()
    {
        var policy = new DispatchPolicy { OwnRule = new DigitalTwin.Plant.Dispatching.FifoRule() };
        var simulator = new PlantSimulator(DeterminismTests.Lively(5), policy, new RandomSource(1, 0));
        Assert.Throws<NotSupportedException>(() => PlantSnapshot.Save(new RunInProgress(simulator, new EventHash())));
    }

    [Fact]
    public void Every_flipped_bit_and_every_cut_is_noticed()
    {
        var (plant, bytes) = Saved();
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Int[1, 255]).Sample((at, bits) =>
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= (byte)bits;
            Assert.Throws<SnapshotException>(() => PlantSnapshot.Load(damaged, plant));
            Assert.Throws<SnapshotException>(() => PlantSnapshot.Describe(damaged));
        }, iter: 500);
        Gen.Int[0, bytes.Length - 1].Sample(length => Assert.Throws<SnapshotException>(() => PlantSnapshot.Load(bytes.AsMemory(0, length), plant)), iter: 200);
        Assert.Contains("cut short", Refusal(bytes[..^1], plant), StringComparison.Ordinal);
        Assert.Contains("cut short", Refusal(bytes[..10], plant), StringComparison.Ordinal);
        Assert.Contains("empty", Refusal([], plant), StringComparison.Ordinal);
        Assert.Contains("not a snapshot", Refusal("PK\u0003\u0004 something"u8.ToArray(), plant), StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_of_another_version_is_refused_with_a_way_out()
    {
        var (plant, bytes) = Saved();
        Assert.Contains("Use the newer program", Refusal(Resealed(bytes, b => b[8]++), plant), StringComparison.Ordinal);
        Assert.Contains("Save a new one", Refusal(Resealed(bytes, b => b[8]--), plant), StringComparison.Ordinal);

        // Another build: some block in the middle has another tag, or there is more than this build knows.
        var entry = bytes.AsSpan().LastIndexOf(BitConverter.GetBytes(BlockTag.Of<int>("_openOrders")));
        Assert.True(entry > 100);
        Assert.Contains("'_openOrders' is not where", Refusal(Resealed(bytes, b => b[entry]++), plant), StringComparison.Ordinal);
        Assert.Contains("another version of this program", Refusal(Sealed([.. bytes[..^32], 1, 2, 3]), plant), StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_of_another_scenario_is_refused_with_a_way_out()
    {
        var (plant, bytes) = Saved();
        Assert.Contains("not of 'other'", Refusal(bytes, CompiledScenario.Compile(plant.Scenario with { Id = "other" })), StringComparison.Ordinal);
        var due = plant.Scenario with { Orders = [plant.Scenario.Orders[0] with { Due = SimTime.FromHours(1) }, .. plant.Scenario.Orders.Skip(1)] };
        Assert.Contains("was changed since", Refusal(bytes, CompiledScenario.Compile(due)), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_in_a_scenario_but_words_for_people_counts_for_whose_snapshot_it_is()
    {
        var scenario = DyehouseGenerator.Create(5);
        var digest = ScenarioDigest.Of(scenario);
        Assert.Equal(digest, ScenarioDigest.Of(DyehouseGenerator.Create(5)));
        Assert.Equal(digest, ScenarioDigest.Of(scenario with { Description = "new words", Name = "another name" }));
        var machine = scenario.Plant.Equipment[3];
        foreach (var other in (Scenario[])
            [
                scenario with { Seed = 99 },
                scenario with { Plant = scenario.Plant with { Equipment = scenario.Plant.Equipment.SetItem(3, machine with { RunningKw = 1.5 }) } },
                scenario with { Plant = scenario.Plant with { Equipment = scenario.Plant.Equipment.SetItem(3, machine with { TimeToRepair = Distribution.Exponential(77) }) } },
                scenario with { Plant = scenario.Plant with { Auxiliaries = [] } },
                scenario with { Plant = scenario.Plant with { Travel = scenario.Plant.Travel.SetItem((new SiteId(0), new SiteId(0)), Duration.FromMinutes(1)) } },
                scenario with { Clock = scenario.Clock with { Epoch = scenario.Clock.Epoch.AddMinutes(1) } },
                scenario with { Orders = scenario.Orders.SetItem(0, scenario.Orders[0] with { DyeLot = "another" }) },
                scenario with { Orders = [.. scenario.Orders.Reverse()] },
            ])
        {
            Assert.NotEqual(digest, ScenarioDigest.Of(other));
        }
    }

    [Fact]
    public void A_scenario_that_went_through_its_files_is_the_same_scenario()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var scenario = DyehouseGenerator.Create(5);
            ScenarioWriter.Write(scenario, folder.FullName);
            var first = ScenarioReader.Read(folder.FullName).Scenario!;
            Assert.Equal(ScenarioDigest.Of(first), ScenarioDigest.Of(ScenarioReader.Read(folder.FullName).Scenario!));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_snapshot_says_what_it_holds()
    {
        var (plant, bytes) = Saved();
        var info = PlantSnapshot.Describe(bytes);
        var run = PlantSnapshot.Load(bytes, plant);
        Assert.Equal((plant.Scenario.Id, SimTime.FromHours(4), 4ul, 2, bytes.Length), (info.ScenarioId, info.Time, info.Seed, info.Replication, info.Bytes));
        Assert.Equal((run.Simulator.State.Version, run.Simulator.OpenOrders, run.Hash.Value, run.Hash.Count), (info.Events, info.OpenOrders, info.EventHash, info.HashedEvents));
        Assert.Equal(MomentText.Format(info.Time, plant.Scenario.Clock), info.LocalTime);
    }

    [Fact]
    public void A_file_is_replaced_as_a_whole_and_refusals_name_it()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "noon.twin");
            var run = Start(DeterminismTests.Lively(12));
            SnapshotFile.Write(path, run);
            run.Simulator.RunUntil(SimTime.FromHours(4));
            SnapshotFile.Write(path, run);
            Assert.Equal([path], Directory.GetFiles(folder.FullName));
            Assert.Equal(run.Hash.Value, SnapshotFile.Read(path, run.Simulator.State.Plant).Hash.Value);
            Assert.True(SnapshotFile.IsOne(path));

            File.WriteAllBytes(path, File.ReadAllBytes(path)[..^5]);
            Assert.StartsWith($"{path}: ", Assert.Throws<SnapshotException>(() => SnapshotFile.Describe(path)).Message, StringComparison.Ordinal);
            Assert.False(SnapshotFile.IsOne(Path.Combine(folder.FullName, "nothing")));
            Assert.ThrowsAny<IOException>(() => SnapshotFile.Write(Path.Combine(path, "in a file"), run));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(30)]
    public void An_experiment_goes_on_from_a_snapshot_as_if_it_had_never_stopped(double warmUpHours)
    {
        var plan = RunPlan.Of(DeterminismTests.Lively()) with { WarmUp = Duration.FromHours(warmUpHours), Until = Limit };
        RunInProgress? half = null;
        Experiment.Run(plan with { Until = SimTime.FromHours(10), StopWhenComplete = false }, 2, atEnd: run => half = run);
        var loaded = PlantSnapshot.Load(PlantSnapshot.Save(half!), plan.Plant);
        var goOn = plan with { GoOnFrom = loaded, Policy = loaded.Simulator.Policy };

        var straight = Experiment.Run(plan, 2);
        var first = Experiment.Run(goOn, 2);

        Assert.Equal((straight.EventHash, straight.Events), (first.EventHash, first.Events));
        Assert.Equal(straight.Kpis.From, first.Kpis.From);
        Assert.All(KpiCatalogue.Plant, kpi => Assert.Equal(kpi.Value(straight.Kpis) ?? -1, kpi.Value(first.Kpis) ?? -1, 6));
        Assert.NotEqual(straight.EventHash, Experiment.Run(goOn, 3).EventHash);
        Assert.NotEqual(straight.EventHash, Experiment.Run(goOn with { Policy = new DispatchPolicy { Rule = DispatchRule.Spt } }, 2).EventHash);
        Assert.Equal(first.EventHash, Experiment.Run(goOn, 2).EventHash); // the saved run itself did not move
    }

    private static (CompiledScenario Plant, byte[] Bytes) Saved()
    {
        var run = Start(DeterminismTests.Lively(12));
        run.Simulator.RunUntil(SimTime.FromHours(4));
        return (run.Simulator.State.Plant, PlantSnapshot.Save(run));
    }

    private static string Refusal(byte[] bytes, CompiledScenario plant) =>
        Assert.Throws<SnapshotException>(() => PlantSnapshot.Load(bytes, plant)).Message;

    private static byte[] Resealed(byte[] bytes, Action<byte[]> change)
    {
        var changed = bytes[..^32];
        change(changed);
        return [.. changed, .. System.Security.Cryptography.SHA256.HashData(changed)];
    }

    private static byte[] Sealed(byte[] content) => [.. content, .. System.Security.Cryptography.SHA256.HashData(content)];
}
