using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Experiments;

public sealed class RunningBaseTests
{
    private static readonly CompiledScenario Plant = CompiledScenario.Compile(DyehouseGenerator.Create(40));

    /// <summary>The dyehouse after ten hours.</summary>
    private static PlantState Running()
    {
        var simulator = new PlantSimulator(Plant, new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(10));
        return simulator.State;
    }

    private static ulong Future(PlantState from)
    {
        var plan = RunPlan.Of(from.Plant) with { From = from };
        return Experiment.Run(plan, 3).EventHash;
    }

    private static string Refusal(PlantState state, params ScenarioPatch[] patches)
    {
        var result = RunningBase.Apply(state, patches);
        Assert.Null(result.State);
        return string.Join('\n', result.Diagnostics);
    }

    [Fact]
    public void A_patch_that_changes_nothing_has_the_same_future()
    {
        var state = Running();

        Assert.Equal(Future(state), Future(RunningBase.Apply(state, []).State!));
        Assert.Equal(Future(state), Future(RunningBase.Apply(state, [new SetParameter("seed", "1")]).State!));
        Assert.NotEqual(Future(state), Future(RunningBase.Apply(state, [new ScaleParameter("equipment.*.speed_factor", "1.1")]).State!));
    }

    [Fact]
    public void Orders_come_and_go_and_the_running_plant_itself_stays_as_it_is()
    {
        var state = Running();
        var waiting = Enumerable.Range(0, state.Orders.Length).First(o => state.Orders[o].StartedAt < 0 && state.Orders[o].Status != OrderStatus.Complete);
        var book = Plant.Scenario.Orders;
        var product = Plant.Plant.Products[book[waiting].Product].Id;

        var patched = RunningBase.Apply(state, [new CancelOrders([book[waiting].Id]), new RushOrder([new("id", "R"), new("product", product), new("quantity", $"{book[waiting].Quantity}"), new("priority", "9")])]).State!;

        Assert.Equal(OrderStatus.Cancelled, patched.Orders[waiting].Status);
        Assert.NotEqual(OrderStatus.Cancelled, state.Orders[waiting].Status);
        Assert.Equal("R", patched.Plant.Scenario.Orders[^1].Id);
        var end = Experiment.Run(RunPlan.Of(patched.Plant) with { From = patched, Until = SimTime.FromHours(300) }, 0);
        Assert.True(end.Completions[^1] > state.Now);
        Assert.Null(end.Completions[waiting]);
        Assert.True(end.AllComplete);
    }

    [Fact]
    public void What_would_move_running_things_is_refused_by_name()
    {
        var state = Running();
        var machine = Plant.Plant.Equipment[0].Id;
        var begun = Plant.Scenario.Orders[Enumerable.Range(0, state.Orders.Length).First(o => state.Orders[o].StartedAt >= 0)].Id;

        Assert.Contains("machine 'V999' is new", Refusal(state, new AddMachine(machine, [new("id", "V999")])), StringComparison.Ordinal);
        Assert.Contains("is not possible on a running plant", Refusal(state, new RemoveMachines([machine])), StringComparison.Ordinal);
        Assert.Contains("is in production, and its quantity changes", Refusal(state, new ScaleParameter($"orders.{begun}.quantity", "0.999")), StringComparison.Ordinal);
        Assert.Contains("is past: the plant stands at", Refusal(state, new StopMachine(DisturbanceKind.Breakdown, machine, "2026-03-02 09:00", "2 h")), StringComparison.Ordinal);
        Assert.Contains("is not in the book", Refusal(state, new CancelOrders(["B9999x"])), StringComparison.Ordinal);
        Assert.NotNull(RunningBase.Apply(state, [new StopMachine(DisturbanceKind.Breakdown, machine, "2026-03-03 09:00", "2 h"), new ChangeDispatch("atc")]).State);
    }

    [Fact]
    public void A_state_fits_a_plant_only_where_every_named_thing_is_in_its_place()
    {
        var scenario = Plant.Scenario;
        string? Misfit(Scenario other) => RunningBase.Misfit(Plant, CompiledScenario.Compile(other));

        Assert.Null(Misfit(scenario with { Orders = scenario.Orders.Add(scenario.Orders[0] with { Id = "more" }) }));
        Assert.Contains("order", Misfit(scenario with { Orders = scenario.Orders.RemoveAt(1) }), StringComparison.Ordinal);
        Assert.Contains("tenants.csv names other things: nobody", Misfit(scenario with { Plant = scenario.Plant with { Tenants = scenario.Plant.Tenants.Add(new Tenant { Id = "nobody", Name = "Nobody" }) } }), StringComparison.Ordinal);
        Assert.Contains("the clock is another", Misfit(scenario with { Clock = new PlantClock(new DateTime(2026, 1, 1), "UTC") }), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_refusals_are_told_at_their_two_patches()
    {
        var refusals = RunningBase.Apply(Running(),
        [
            new AddMachine(Plant.Plant.Equipment[0].Id, [new("id", "V998")]) { Place = new PatchText("add_machine", "w.yaml", 4) },
            new ChangeDispatch("atc") { Place = new PatchText("dispatch", "w.yaml", 5) },
            new AddMachine(Plant.Plant.Equipment[0].Id, [new("id", "V999")]) { Place = new PatchText("add_machine", "w.yaml", 6) },
        ]).Diagnostics;

        Assert.Equal([4, 6], refusals.Select(d => d.Line));
    }
}
