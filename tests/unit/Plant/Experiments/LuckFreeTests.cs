using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios.Generators;

namespace DigitalTwin.Tests.Unit.Plant.Experiments;

public sealed class LuckFreeTests
{
    [Fact]
    public void Without_luck_every_seed_gives_the_same_events_and_expected_times_stay()
    {
        var scenario = DyehouseGenerator.Create(40) with { Dispatch = DigitalTwin.Plant.Model.DispatchRule.Edd };
        var lucky = CompiledScenario.Compile(scenario);
        var calm = CompiledScenario.Compile(scenario.WithoutLuck());
        var plan = RunPlan.Of(calm);

        Assert.Equal(Experiment.Run(plan, 0).EventHash, Experiment.Run(plan with { Seed = 99 }, 7).EventHash);
        Assert.NotEqual(Experiment.Run(RunPlan.Of(lucky), 0).EventHash, Experiment.Run(RunPlan.Of(lucky), 1).EventHash);
        for (var job = 0; job < lucky.Jobs.JobCount; job++)
        {
            var equipment = lucky.EligibleEquipment(job).First();
            Assert.Equal(lucky.MeanProcessingTime(job, equipment), calm.MeanProcessingTime(job, equipment));
        }
    }
}
