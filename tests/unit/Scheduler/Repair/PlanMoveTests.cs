using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler.Repair;

public class PlanMoveTests
{
    [Fact]
    public void Whatever_is_moved_by_hand_in_random_plants_is_refused_with_a_word_or_passes_the_checker_on_the_machine_asked_for()
    {
        var moved = 0;
        for (var seed = 0; seed < 12; seed++)
        {
            var plant = RandomPlant.WithEverything(seed);
            var current = DispatchSchedule.Build(plant, DispatchRule.Edd);
            var moment = DisruptedPlant.At(plant, current, SimTime.FromHours(2), []);
            foreach (var batch in current.Batches.Where((_, i) => i % 3 == 0))
            {
                var targets = PlanMove.Targets(moment.Plant, current, batch.Jobs[0]);
                var machine = targets[seed % targets.Count];
                var result = PlanMove.Of(Request(moment, current, batch.Jobs[0], machine, batch.Start + Duration.FromHours(seed - 4)));
                if (result.Schedule is null)
                {
                    Assert.NotEqual(PlanMoveObstacle.None, result.Obstacle);
                    continue;
                }

                moved++;
                Assert.True(ScheduleChecker.IsExecutable(moment.Plant, result.Schedule, moment.State, current));
                var placed = result.Schedule.Batches.Single(b => b.Jobs.Contains(batch.Jobs[0]));
                Assert.Equal(machine, placed.Equipment.Index);
                Assert.Equal(batch.Jobs.Select(j => j.Index).Order(), placed.Jobs.Select(j => j.Index).Order());
            }
        }

        Assert.True(moved > 30, $"only {moved} moves were possible");
    }

    [Fact]
    public void What_is_put_later_is_late_and_the_lateness_is_told()
    {
        var plant = RandomPlant.WithEverything(3);
        var current = DispatchSchedule.Build(plant, DispatchRule.Edd);
        var moment = DisruptedPlant.At(plant, current, SimTime.Zero, []);
        var batch = current.Batches.First(b => plant.OrderOf(b.Jobs[0]).Due is not null);

        var result = PlanMove.Of(Request(moment, current, batch.Jobs[0], batch.Equipment, SimTime.FromHours(24 * 60)));

        Assert.Equal(PlanMoveObstacle.None, result.Obstacle);
        Assert.True(result.Schedule!.Batches.Single(b => b.Jobs.Contains(batch.Jobs[0])).Start >= SimTime.FromHours(24 * 60));
        Assert.True(result.Tardiness > Duration.FromHours(24));
        Assert.Contains(plant.Jobs.OrderOf(batch.Jobs[0]), result.NewlyLate.Select(o => o.Index).Append(plant.Jobs.OrderOf(batch.Jobs[0])));
        Assert.True(result.Shifted > 0);
    }

    [Fact]
    public void What_is_locked_begun_unplanned_or_on_a_machine_that_cannot_stays_where_it_is()
    {
        var plant = RandomPlant.WithEverything(5);
        var current = DispatchSchedule.Build(plant, DispatchRule.Edd);
        var moment = DisruptedPlant.At(plant, current, SimTime.FromHours(6), []);
        var open = current.Batches.First(b => b.Jobs.All(j => moment.State.Jobs[j].StartAt < 0 && moment.State.Jobs[j].Equipment < 0));
        var begun = current.Batches.First(b => moment.State.Jobs[b.Jobs[0]].StartAt >= 0);

        Assert.Equal(PlanMoveObstacle.Begun, PlanMove.Of(Request(moment, current, begun.Jobs[0], begun.Equipment, SimTime.FromHours(9))).Obstacle);
        var locked = current with { Batches = current.Batches.Replace(open, open with { Locked = true }) };
        Assert.Equal(PlanMoveObstacle.Locked, PlanMove.Of(Request(moment, locked, open.Jobs[0], open.Equipment, SimTime.FromHours(9))).Obstacle);
        Assert.Equal(PlanMoveObstacle.NotPlanned, PlanMove.Of(Request(moment, Schedule.Empty, open.Jobs[0], open.Equipment, SimTime.FromHours(9))).Obstacle);
        var wrong = Enumerable.Range(0, plant.Plant.Equipment.Length).Except(PlanMove.Targets(plant, current, open.Jobs[0])).First();
        Assert.Equal(PlanMoveObstacle.WrongMachine, PlanMove.Of(Request(moment, current, open.Jobs[0], wrong, SimTime.FromHours(9))).Obstacle);
    }

    private static PlanMoveRequest Request(DisruptedPlant moment, Schedule current, JobId job, int machine, SimTime start) =>
        new() { Plant = moment.Plant, From = moment.State, Current = current, Job = job, Equipment = new EquipmentId(machine), Start = start };
}
