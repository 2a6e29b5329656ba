using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler.Explanation;

public class WhyNotTests
{
    private static WhyNotResult Ask(TinyPlant tiny, int job, int? machine = null, double? byHours = null)
    {
        var plant = tiny.Compile();
        return WhyNot.Of(
            new WhyNotRequest
            {
                Plant = plant, Current = DispatchSchedule.Build(plant, DispatchRule.Edd), Job = new JobId(job), TimeLimit = Duration.FromSeconds(0.1),
                Equipment = machine is { } m ? new EquipmentId(m) : null, StartBy = byHours is { } h ? SimTime.FromHours(h) : null,
            }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_price_of_beginning_earlier_is_what_the_others_lose()
    {
        var tiny = new TinyPlant();
        var mill = tiny.Class("mill");
        tiny.Machine(mill);
        tiny.Order(tiny.Product((mill, 120)), o => o with { Due = SimTime.FromHours(2), Priority = 3 });
        tiny.Order(tiny.Product((mill, 60)), o => o with { Due = SimTime.FromHours(3) });

        var result = Ask(tiny, job: 1, byHours: 0);

        Assert.Equal(WhyNotObstacle.None, result.Obstacle);
        Assert.Equal(3.0, result.Price!.Value, 9); // an hour late at priority 3; the makespan is the same
        Assert.Equal(3.0, result.PricePushed!.Value, 9);
        Assert.Equal(0, Assert.Single(result.Diff!.NewlyLate).Order.Index);
        Assert.Equal(SimTime.Zero, result.Schedule!.Batches.First(b => b.Jobs[0].Index == 1).Start);
        Assert.DoesNotContain(result.Schedule.Batches, b => b.Locked);
    }

    [Fact]
    public void Each_obstacle_has_its_name()
    {
        var tiny = new TinyPlant();
        var (mill, drill) = (tiny.Class("mill"), tiny.Class("drill"));
        tiny.Machine(mill);
        tiny.Machine(drill);
        tiny.Machine(mill, m => m with { CapacityMax = 0.5 });
        tiny.Order(tiny.Product((mill, 60), (drill, 60)), o => o with { Release = SimTime.FromHours(1) });

        Assert.Equal(WhyNotObstacle.AlreadySo, Ask(tiny, 0, machine: 0).Obstacle);
        Assert.Equal(WhyNotObstacle.WrongMachine, Ask(tiny, 0, machine: 1).Obstacle);
        Assert.Equal(WhyNotObstacle.ClosedMachine, Ask(tiny, 0, machine: 2).Obstacle);
        var early = Ask(tiny, 1, byHours: 1.5);
        Assert.Equal((WhyNotObstacle.TooEarly, SimTime.FromHours(2)), (early.Obstacle, early.Earliest));
    }

    [Fact]
    public void Wishes_on_random_plants_are_fulfilled_by_executable_plans_or_named_as_impossible()
    {
        var priced = 0;
        for (var seed = 0; seed < 6; seed++)
        {
            var plant = RandomPlant.WithEverything(seed, orders: 8);
            var current = DispatchSchedule.Build(plant, DispatchRule.Edd);
            foreach (var batch in current.Batches.Where((_, i) => i % 5 == seed % 5))
            {
                var by = batch.Start - (batch.Start - SimTime.Zero) * 0.3;

                var result = WhyNot.Of(
                    new WhyNotRequest { Plant = plant, Current = current, Job = batch.Jobs[0], StartBy = by, TimeLimit = Duration.FromSeconds(0.05) }, TestContext.Current.CancellationToken);

                if (result.Schedule is { } schedule)
                {
                    Assert.True(ScheduleChecker.IsExecutable(plant, schedule));
                    Assert.True(result.Price >= 0);
                    Assert.True(schedule.Batches.First(b => b.Jobs.Contains(batch.Jobs[0])).Start <= by);
                    priced++;
                }
                else if (result.Obstacle == WhyNotObstacle.TooEarly)
                {
                    Assert.True(by < result.Earliest && result.Earliest <= batch.Start);
                }
            }
        }

        Assert.True(priced > 5);
    }
}
