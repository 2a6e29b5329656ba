using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Search;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;

namespace DigitalTwin.Tests.Unit.Scheduler.Search;

public sealed class ShopBridgeTests
{
    [Fact]
    public void Chains_without_promises_on_machines_that_take_one_at_a_time_are_a_job_shop()
    {
        var shop = ShopBridge.Build(SchedulingProblem.Build(Shop()));
        Assert.Equal((6, 2), (shop?.Shop.Count, shop?.Shop.Machines));
        Assert.Equal([1, 3, 1, 3, 1, 3], shop!.Shop.OptionTime); // of 20 minutes
    }

    [Fact]
    public void Whatever_more_than_length_counts_is_no_job_shop()
    {
        Assert.Null(Build(Shop(order: o => o with { Due = SimTime.FromHours(1) })));
        Assert.Null(Build(Shop(machine: m => m with { Slots = 2 })));
        Assert.Null(Build(Shop(step: s => s with { Batches = true })));
        Assert.Null(Build(Shop(step: s => s with { Setup = Duration.FromMinutes(5) })));
        Assert.Null(Build(Shop(step: s => s with { MaxWait = Duration.FromMinutes(5) })));

        static ShopBridge? Build(CompiledScenario plant) => ShopBridge.Build(SchedulingProblem.Build(plant));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_planned_job_shop_is_as_short_as_it_can_be_and_its_schedule_can_be_executed(int workers)
    {
        var plant = Shop();
        var result = new Planner().Plan(
            new PlanningRequest { Plant = plant, TimeLimit = Duration.FromSeconds(60), Workers = workers }, stop: TestContext.Current.CancellationToken);
        Assert.Equal(PlanningOutcome.Optimal, result.Outcome);
        Assert.Equal(200.0 / 60, result.Objective.Terms.Single(t => t.Name == "makespan").Amount, 9); // 20 first, then 60 thrice on the other machine
        Assert.Empty(ScheduleChecker.Check(plant, result.Schedule));
    }

    /// <summary>Three orders of 20 minutes on one machine, then 60 on the other.</summary>
    private static CompiledScenario Shop(Func<Order, Order>? order = null, Func<Equipment, Equipment>? machine = null, Func<Operation, Operation>? step = null)
    {
        var plant = new TinyPlant();
        var (cut, drill) = (plant.Class("cut"), plant.Class("drill"));
        plant.Machine(cut, machine ?? (m => m));
        plant.Machine(drill, machine ?? (m => m));
        var product = plant.Product((step ?? (s => s))(TinyPlant.Step(cut, 20)), TinyPlant.Step(drill, 60) with { Predecessors = [0] });
        for (var i = 0; i < 3; i++)
        {
            plant.Order(product, order ?? (o => o));
        }

        return plant.Compile();
    }
}
