using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class AllocationTests
{
    /// <summary>Memory grows while the plant fills up and whenever the load profile doubles; this window lies between two such moments.</summary>
    [Theory]
    [InlineData(DispatchRule.Edd)]
    [InlineData(DispatchRule.Atc)]
    [InlineData(DispatchRule.LeastChangeover)]
    public void A_running_factory_allocates_nothing_per_event(DispatchRule rule)
    {
        var plant = CompiledScenario.Compile(SharedFactoryGenerator.Create(6, 40, 400));
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = rule }, new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(140));
        var (events, bytes) = (simulator.State.Version, GC.GetAllocatedBytesForCurrentThread());

        simulator.RunUntil(SimTime.FromHours(250));

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - bytes);
        Assert.True(simulator.State.Version - events > 500);
    }
}
