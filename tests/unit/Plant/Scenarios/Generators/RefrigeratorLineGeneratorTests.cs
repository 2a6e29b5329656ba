using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Generators;

public sealed class RefrigeratorLineGeneratorTests
{
    private static readonly Scenario s_scenario = RefrigeratorLineGenerator.Create();
    private static readonly ProductionLine s_line = s_scenario.Plant.Lines.Single();

    [Fact]
    public void A_day_has_1500_units_of_216_models_on_30_stations_with_26_fixtures()
    {
        var plant = CompiledScenario.Compile(s_scenario);
        Assert.Equal(1500, plant.Jobs.LotCount);
        Assert.Equal(216, s_scenario.Orders.Select(o => o.Product).Distinct().Count());
        Assert.Equal(30, s_line.Stations.Length);
        Assert.Equal(26, s_scenario.Plant.Equipment.Count(e => e.Changeover is not null));
        Assert.Equal(20, s_line.Takt.Seconds);
        Assert.Empty(WorkContent.Impossible(plant));
    }

    [Fact]
    public void Options_are_rarer_than_their_rules_allow()
    {
        foreach (var rule in s_line.OptionRules)
        {
            var units = s_scenario.Orders.Where(o => s_scenario.Plant.Products[o.Product].Options.Contains(rule.Option)).Sum(o => o.Quantity);
            Assert.InRange(units / 1500, 0.02, 0.9 * rule.Max / rule.Window);
        }
    }

    [Fact]
    public void Mean_work_of_every_station_keeps_the_takt_and_single_models_exceed_it()
    {
        var plant = CompiledScenario.Compile(s_scenario);
        var (hours, places) = (WorkContent.HoursByClass(plant), WorkContent.Places(plant.Plant));
        var overloaded = 0;
        foreach (var station in s_line.Stations)
        {
            var id = s_scenario.Plant.EquipmentClasses[station].Id;
            var seconds = hours[id] * 3600 / 1500 / places[id];
            Assert.True(seconds <= 20, $"{id}: {seconds} s a unit");
        }

        for (var job = 0; job < plant.Jobs.JobCount; job++)
        {
            var operation = plant.OperationOf(job);
            overloaded += operation.UsesWorkFactor && plant.MeanProcessingTime(job, plant.EligibleEquipment(job).First()).Seconds > 20 ? 1 : 0;
        }

        Assert.True(overloaded > 1000); // so the sequence matters
    }

    [Fact]
    public void The_foaming_loop_is_the_bottleneck()
    {
        var plant = CompiledScenario.Compile(s_scenario);
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = s_scenario.Dispatch }, new RandomSource(s_scenario.Seed, 0));
        simulator.RunUntil(SimTime.FromHours(4)); // before the first break
        var kpis = PlantKpis.Of(simulator.State);
        Assert.InRange(Busy("foaming"), 0.75, 1); // full while it fills, about 80 % over the whole day
        Assert.True(Busy("shell-forming") < Busy("foaming"));

        double Busy(string id) => kpis.Equipment
            .Where(k => plant.Plant.EquipmentClasses[plant.Plant.Equipment[k.Equipment].Class].Id == id)
            .Average(k => k.ActualProcessingTime / k.PlannedBusyTime);
    }

    [Fact]
    public void Fewer_units_than_models_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RefrigeratorLineGenerator.Create(units: 100));
}
