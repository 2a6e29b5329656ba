using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Generators;

public sealed class SharedFactoryGeneratorTests
{
    private static readonly Scenario s_scenario = SharedFactoryGenerator.Create();

    [Fact]
    public void Thirty_firms_share_500_machines_for_3000_orders()
    {
        Assert.Equal(30, s_scenario.Plant.Tenants.Length);
        Assert.Equal(500, s_scenario.Plant.Equipment.Length);
        Assert.Equal(3000, s_scenario.Orders.Length);
        Assert.Equal(30 * 29 / 2, s_scenario.Plant.Travel.Count);
        Assert.All(s_scenario.Plant.Travel.Values, t => Assert.InRange(t.Minutes, 30, 120));
        Assert.InRange(s_scenario.Plant.Equipment.Count(e => e.Shared) / 500.0, 0.8, 0.92);
        Assert.Equal(30, s_scenario.Plant.Tenants.Select(t => t.Name.En).Distinct().Count());
        Assert.Empty(WorkContent.Impossible(CompiledScenario.Compile(s_scenario)));
    }

    [Fact]
    public void Bulk_quantities_follow_the_log_and_a_fifth_are_samples()
    {
        var bulk = s_scenario.Orders.Where(o => o.Kind == OrderKind.Bulk).Select(o => o.Quantity).Order().ToList();
        Assert.InRange(1 - bulk.Count / 3000.0, 0.18, 0.22);
        Assert.InRange(bulk[bulk.Count / 10], 4, 10);
        Assert.InRange(bulk[bulk.Count / 2], 32, 40);
        Assert.InRange(bulk[bulk.Count * 9 / 10], 220, 300);
        Assert.All(s_scenario.Orders.Where(o => o.Kind == OrderKind.Sample), o => Assert.InRange(o.Quantity, 1, 10));
    }

    [Fact]
    public void All_trades_get_machines_for_the_hours_that_the_orders_ask_of_them()
    {
        var plant = CompiledScenario.Compile(s_scenario);
        var (hours, places) = (WorkContent.HoursByClass(plant), WorkContent.Places(plant.Plant));
        var window = s_scenario.Orders.Max(o => o.Release);
        for (var c = 0; c < plant.Plant.EquipmentClasses.Length; c++)
        {
            // Without setups, which take more of a die caster's time than casting does; at least one machine even where half of one would do.
            var machine = plant.Plant.Equipment.ToList().FindIndex(e => e.Class.Index == c);
            var open = plant.CalendarOf(machine)?.WorkBetween(SimTime.Zero, window).Hours ?? window.Hours;
            var trade = plant.Plant.EquipmentClasses[c].Id;
            Assert.InRange(hours[trade] / (places[trade] * open), 0.01, 0.9);
        }
    }

    [Fact]
    public void Three_hundred_firms_with_5000_machines_and_50_000_orders_are_divided_into_districts()
    {
        var scenario = SharedFactoryGenerator.Create(300, 5000, 50_000);
        Assert.Equal((300, 5000, 50_000), (scenario.Plant.Tenants.Length, scenario.Plant.Equipment.Length, scenario.Orders.Length));
        Assert.Equal(10 * 9, scenario.Plant.EquipmentClasses.Length);
        var plant = CompiledScenario.Compile(scenario);
        Assert.True(plant.Groups.Max(g => g.Length) <= 500);
        Assert.Equal(300, scenario.Plant.Tenants.Select(t => t.Name.En).Distinct().Count());
    }

    [Theory]
    [InlineData(1, 9, 1)]
    [InlineData(3, 40, 50)]
    [InlineData(700, 600, 10)]
    public void Odd_sizes_give_plants_that_can_make_every_order(int firms, int machines, int orders)
    {
        var scenario = SharedFactoryGenerator.Create(firms, machines, orders);
        Assert.Equal(machines, scenario.Plant.Equipment.Length);
        Assert.Empty(WorkContent.Impossible(CompiledScenario.Compile(scenario)));
    }
}
