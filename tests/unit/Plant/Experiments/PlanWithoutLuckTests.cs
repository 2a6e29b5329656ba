using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Ui.Exports;

namespace DigitalTwin.Tests.Unit.Plant.Experiments;

public sealed class PlanWithoutLuckTests
{
    private static readonly Scenario Dyehouse = DyehouseGenerator.Create(200).WithoutLuck();

    [Theory]
    [InlineData(DispatchRule.Edd)]
    [InlineData(DispatchRule.Atc)]
    [InlineData(DispatchRule.LeastChangeover)]
    public void A_plan_followed_without_luck_starts_every_batch_on_its_machine_and_never_later_than_planned(DispatchRule rule)
    {
        var plant = CompiledScenario.Compile(Dyehouse);

        foreach (var (planned, done) in Follow(plant, DispatchSchedule.Build(plant, rule)))
        {
            Assert.Equal((planned.Equipment.Index, planned.Jobs.Length), (done.Equipment, done.Jobs.Count));
            Assert.True(done.Start <= planned.Start, $"{plant.JobName(done.Jobs[0])} was planned for {planned.Start} and began {done.Start}");
        }
    }

    [Theory]
    [InlineData(DispatchRule.Edd)]
    [InlineData(DispatchRule.LeastChangeover)]
    public void Where_no_auxiliary_is_scarce_it_comes_out_exactly_as_planned(DispatchRule rule)
    {
        var plant = CompiledScenario.Compile(WithoutFrames(Dyehouse));

        foreach (var (planned, done) in Follow(plant, DispatchSchedule.Build(plant, rule)))
        {
            Assert.Equal(
                (planned.Equipment.Index, planned.SetupStart, planned.Start, planned.End),
                (done.Equipment, done.SetupStart, done.Start, done.End!.Value));
        }
    }

    private static List<(PlannedBatch Planned, ExecutedBatch Done)> Follow(CompiledScenario plant, Schedule schedule)
    {
        var batches = new ExecutedBatches(plant);
        var run = Experiment.Run(RunPlan.Of(plant) with { Policy = new DispatchPolicy { Schedule = schedule } }, 0, batches);
        Assert.True(run.AllComplete);
        Assert.Equal(schedule.Batches.Length, batches.Bars.Count);
        var planned = schedule.Batches.SelectMany(b => b.Jobs.Select(j => (Job: j.Index, Batch: b))).ToDictionary(p => p.Job, p => p.Batch);
        return [.. batches.Bars.Select(b => (planned[b.Jobs[0]], b))];
    }

    private static Scenario WithoutFrames(Scenario scenario) => scenario with
    {
        Plant = scenario.Plant with
        {
            WorkMasters = [.. scenario.Plant.WorkMasters.Select(w => w with { Operations = [.. w.Operations.Select(o => o with { Auxiliaries = [] })] })],
        },
    };
}
