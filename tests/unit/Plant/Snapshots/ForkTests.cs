using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Behaviour;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Snapshots;

public class ForkTests
{
    private static readonly SimTime Limit = SimTime.FromHours(24 * 120);

    private static PlantSimulator Simulate(CompiledScenario plant, IPlantEventSink? sink = null, int replication = 0) =>
        new(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(4, replication), sink: sink);

    [Fact]
    public void Every_field_that_changes_is_forked_and_saved()
    {
        var list = new StateList();
        foreach (var seed in Enumerable.Range(1, 4))
        {
            list.Walk(Simulate(RandomPlants.Build((ulong)seed, 3, 2, 12, 65535)));
        }

        list.Walk(FollowingItsOwnPlan());

        Architecture.Floor.None(list.Forgotten());
        Architecture.Floor.None(typeof(PlantSimulator).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && System.Array.Exists(t.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IExchanged<>)))
            .Except(list.Classes).Select(t => $"{t.Name} is part of no running plant that this test looks at: let RandomPlants have one"));
        Assert.True(list.Classes.Count >= 10);
    }

    [Fact]
    public void A_field_without_a_line_is_found()
    {
        var list = new StateList();
        list.Walk(new Forgetful());
        Assert.Equal(["Property", "_forgotten", "_list"], list.Forgotten().Select(f => f.Split(' ')[0].Split('.')[1]).Order(StringComparer.Ordinal));
    }

    private sealed class Forgetful : IExchanged<Forgetful>
    {
        private int[] _known = [1];
        private int[] _forgotten = [2];
        private readonly List<int> _list = [];

        public int Property { get; private set; } = 3;

        public void Exchange(StateExchange exchange, Forgetful? other)
        {
            exchange.Array(ref _known, other?._known);
            (_forgotten, Property) = ([_list.Count], Property);
        }
    }

    [Fact]
    public void A_fork_remembers_exactly_what_the_original_remembers() =>
        Gen.Select(RandomPlants.Any, Gen.Double[0, 60], Gen.Double[0, 60]).Sample((plant, hours, other) =>
        {
            var simulator = Simulate(plant);
            simulator.RunUntil(SimTime.FromHours(hours));
            var copy = Simulate(plant, replication: 3);
            copy.RunUntil(SimTime.FromHours(other));
            copy.CopyFrom(simulator);

            AssertSame(StatePicture.Of(simulator), StatePicture.Of(simulator.Fork()));
            AssertSame(StatePicture.Of(simulator), StatePicture.Of(copy));
        }, iter: 200);

    [Fact]
    public void A_simulator_that_becomes_a_copy_goes_on_like_the_original_whatever_it_did_before() =>
        Gen.Select(RandomPlants.Any, Gen.Double[0, 60], Gen.Double[0, 60]).Sample((plant, hours, other) =>
        {
            var straight = new EventRecorder();
            var simulator = Simulate(plant, straight);
            simulator.RunUntil(SimTime.FromHours(hours));
            var before = straight.Events.Count;
            var copied = new EventRecorder();
            var copy = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Spt }, new RandomSource(5, 3), sink: copied);
            copy.RunUntil(SimTime.FromHours(other));
            copied.Events.Clear();

            copy.CopyFrom(simulator);
            copy.RunToCompletion(Limit);
            simulator.RunToCompletion(Limit);

            Assert.Equal(straight.Events.Skip(before), copied.Events);
            AssertSame(StatePicture.Of(simulator), StatePicture.Of(copy));
        }, iter: 200);

    [Fact]
    public void A_fork_with_other_luck_goes_another_way_and_leaves_the_original_alone()
    {
        var plant = DeterminismTests.Lively();
        var simulator = Simulate(plant);
        simulator.RunUntil(SimTime.FromHours(10));
        var before = StatePicture.Of(simulator);
        var (same, seed, replication) = (new EventHash(), new EventHash(), new EventHash());

        simulator.Fork(same).RunToCompletion(Limit);
        simulator.Fork(new RandomSource(5, 0), seed).RunToCompletion(Limit);
        simulator.Fork(new RandomSource(4, 1), replication).RunToCompletion(Limit);

        AssertSame(before, StatePicture.Of(simulator));
        Assert.Equal(3, new HashSet<ulong> { same.Value, seed.Value, replication.Value }.Count);
    }

    [Fact]
    public void A_plan_half_followed_is_forked()
    {
        var straight = new EventRecorder();
        var simulator = FollowingItsOwnPlan(straight);
        simulator.RunUntil(SimTime.FromHours(11));
        var before = straight.Events.Count;
        var (forked, copied) = (new EventRecorder(), new EventRecorder());
        var fork = simulator.Fork(forked);
        var copy = Simulate(simulator.State.Plant, copied);
        copy.CopyFrom(simulator);

        fork.RunToCompletion(Limit);
        copy.RunToCompletion(Limit);
        simulator.RunToCompletion(Limit);

        Assert.Equal(straight.Events.Skip(before), forked.Events);
        Assert.Equal(straight.Events.Skip(before), copied.Events);
        Assert.True(copied.Events.Count > 100);
    }

    [Fact]
    public void Copies_of_one_moment_in_a_loop_allocate_nothing()
    {
        var simulator = Simulate(DeterminismTests.Lively());
        simulator.RunUntil(SimTime.FromHours(10));
        var twin = simulator.Fork();
        for (var i = 0; i < 3; i++)
        {
            Look(i);
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 3; i < 6; i++)
        {
            twin.CopyFrom(simulator, new RandomSource(4, i % 3));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - bytes);

        void Look(int replication)
        {
            twin.CopyFrom(simulator, new RandomSource(4, replication));
            twin.RunToCompletion(Limit);
        }
    }

    [Fact]
    public void Only_a_run_of_the_same_scenario_can_be_copied_from()
    {
        var simulator = Simulate(DeterminismTests.Lively(5));
        var other = Simulate(DeterminismTests.Lively(6));
        Assert.Throws<ArgumentException>(() => simulator.CopyFrom(other));
        Assert.Throws<ArgumentException>(() => simulator.State.CopyFrom(other.State));
    }

    internal static void AssertSame(List<(string Name, Array Values)> expected, List<(string Name, Array Values)> actual)
    {
        Assert.Equal(expected.Select(b => b.Name), actual.Select(b => b.Name));
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.True(expected[i].Values.Cast<object>().SequenceEqual(actual[i].Values.Cast<object>()), $"{expected[i].Name} differs");
        }
    }

    /// <summary>A plant that follows what was done under other luck.</summary>
    internal static PlantSimulator FollowingItsOwnPlan(IPlantEventSink? sink = null)
    {
        var plant = DeterminismTests.Lively();
        var first = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0));
        first.RunToCompletion(Limit);
        var state = first.State;
        var schedule = new DigitalTwin.Plant.Planning.Schedule
        {
            Origin = "done",
            Batches =
            [
                .. Enumerable.Range(0, state.Jobs.Length).GroupBy(j => state.Jobs[j].Lead).Select(batch => new DigitalTwin.Plant.Planning.PlannedBatch
                {
                    Equipment = new EquipmentId(state.Jobs[batch.Key].Equipment), Jobs = [.. batch.Select(j => new JobId(j))],
                    SetupStart = new SimTime(state.Jobs[batch.Key].StartAt), Start = new SimTime(state.Jobs[batch.Key].StartAt), End = new SimTime(state.Jobs[batch.Key].EndAt),
                }),
            ],
        };
        return new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Spt, Schedule = schedule }, new RandomSource(2, 0), sink: sink);
    }
}
