using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios.Generators;

/// <summary>The generators are for others too: any size and seed gives a plant that reads without a word and gets its work done.</summary>
public sealed class OtherSizesTests
{
    [Theory]
    [InlineData(1, 9)]
    [InlineData(60, 2)]
    [InlineData(845, 3)]
    public void Dyehouse(int batches, int seed) => Works(DyehouseGenerator.Create(batches, (ulong)seed));

    [Theory]
    [InlineData(216, 5)]
    public void Refrigerator_line(int units, int seed) => Works(RefrigeratorLineGenerator.Create(units, (ulong)seed));

    [Theory]
    [InlineData(1, 9, 1, 1)]
    [InlineData(4, 60, 120, 2)]
    [InlineData(60, 1000, 300, 3)]
    public void Shared_factory(int firms, int machines, int orders, int seed) => Works(SharedFactoryGenerator.Create(firms, machines, orders, (ulong)seed));

    [Theory]
    [InlineData(1, 1, 20)]
    [InlineData(40, 4, 150)]
    public void Machine_shop(int machines, int repairers, int parts) => Works(MachineShopGenerator.Create(machines, repairers, parts));

    [Theory]
    [InlineData(1, 9)]
    [InlineData(60, 2)]
    public void Electronics_supply(int orders, int seed) => Works(ElectronicsSupplyGenerator.Create(orders, (ulong)seed));

    private static void Works(Scenario scenario)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"twin-size-{Environment.ProcessId}-{scenario.Id}-{scenario.Seed}");
        ScenarioWriter.Write(scenario, folder);
        try
        {
            Assert.Empty(ScenarioReader.Read(folder).Diagnostics);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        var simulator = new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy { Rule = scenario.Dispatch }, new RandomSource(scenario.Seed, 0));
        simulator.RunToCompletion(SimTime.Zero + scenario.Horizon * 10);
        Assert.Equal(0, simulator.OpenOrders);
    }
}
