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
        var (events, least) = (simulator.State.Version, long.MaxValue);
        for (var hours = 170; hours <= 250; hours += 20)
        {
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            simulator.RunUntil(SimTime.FromHours(hours));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - bytes); // a collection for another test may count what is left of a block
        }

        Assert.Equal(0, least);
        Assert.True(simulator.State.Version - events > 500);
    }

    [Fact]
    public void Parts_repairs_and_side_jobs_allocate_nothing()
    {
        var plant = CompiledScenario.Compile(MachineShopGenerator.Create(100, 10, 5_000));
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(260)); // the load profile doubles at 256 h and at 512 h
        var (events, repairs, least) = (simulator.State.Version, simulator.State.Equipment[0].Failures, long.MaxValue);
        for (var hours = 310; hours <= 460; hours += 50)
        {
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            simulator.RunUntil(SimTime.FromHours(hours));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - bytes); // a collection for another test may count what is left of a block
        }

        Assert.Equal(0, least);
        Assert.True(simulator.State.Version - events > 100_000);
        Assert.True(simulator.State.Equipment[0].Failures > repairs + 10);
    }

    /// <summary>Machines are up for 300 of 330 minutes and more, less what they wait for one of few repairers.</summary>
    [Fact]
    public void The_machine_shop_makes_as_many_parts_as_its_up_time_allows()
    {
        var plant = CompiledScenario.Compile(MachineShopGenerator.Create(100, 20, 5_000));
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(400));

        var parts = simulator.State.Meters.ToArray().Sum(m => m.Pieces) / (100 * 400 * 6.0);
        Assert.InRange(parts, 300 / 330.0 - 0.005, 300 / 330.0 + 0.005); // twice the repairers needed: hardly a wait
        Assert.InRange(simulator.State.CrewMeters[0].BusyMs / (20 * 400 * 3.6e6), 0.435, 0.475); // 100 × 30 / 330 of 20
        Assert.True(simulator.State.CrewMeters[0].SideJobsDone > 8_000); // the other half of 8 000 hours, two an hour
    }
}
