using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Ui.Exports;

namespace DigitalTwin.Tests.Unit.Plant.Experiments;

public sealed class PlanWithoutLuckTests
{
    [Theory]
    [InlineData(DispatchRule.Edd)]
    [InlineData(DispatchRule.LeastChangeover)]
    public void A_plan_followed_without_luck_never_comes_out_later_than_planned(DispatchRule rule)
    {
        var plant = CompiledScenario.Compile(WithoutFrames(DyehouseGenerator.Create(200).WithoutLuck()));
        var schedule = DispatchSchedule.Build(plant, rule);
        var batches = new ExecutedBatches(plant);
        var run = Experiment.Run(RunPlan.Of(plant) with { Policy = new DispatchPolicy { Schedule = schedule } }, 0, batches);
        var planned = schedule.Batches.SelectMany(b => b.Jobs.Select(j => (j.Index, b))).ToDictionary(p => p.Index, p => p.b);
        var n = 0;
        foreach (var bar in batches.Bars.OrderBy(b => b.Start))
        {
            var p = planned[bar.Jobs[0]];
            if ((p.Equipment.Index, p.Start, p.End, p.SetupStart) != (bar.Equipment, bar.Start, bar.End!.Value, bar.SetupStart) && n++ < 12)
            {
                TestContext.Current.TestOutputHelper!.WriteLine(
                    $"{plant.JobName(bar.Jobs[0])} x{bar.Jobs.Count}/{p.Jobs.Length} plan {plant.Plant.Equipment[p.Equipment].Id} {p.SetupStart} {p.Start} {p.End}; done {plant.Plant.Equipment[bar.Equipment].Id} {bar.SetupStart} {bar.Start} {bar.End} hold {p.HoldUntilStart}");
            }
        }

        Assert.Equal(0, n);
        Assert.True(run.AllComplete);
    }

    private static Scenario WithoutFrames(Scenario scenario) => scenario with
    {
        Plant = scenario.Plant with
        {
            WorkMasters = [.. scenario.Plant.WorkMasters.Select(w => w with { Operations = [.. w.Operations.Select(o => o with { Auxiliaries = [] })] })],
        },
    };
}
