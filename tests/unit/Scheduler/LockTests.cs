using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler;

public class LockTests
{
    private static Schedule Plan(CompiledScenario plant, Schedule current) => new Planner().Plan(
        new PlanningRequest { Plant = plant, Current = current, TimeLimit = Duration.FromSeconds(0.5), Workers = 1 }, stop: TestContext.Current.CancellationToken).Schedule;

    [Theory]
    [InlineData(LockKind.Machine)]
    [InlineData(LockKind.Place)]
    [InlineData(LockKind.Time)]
    public void What_is_locked_stays_as_it_is_locked_and_the_rest_is_planned_around_it(LockKind kind)
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var plant = RandomPlant.WithEverything(seed);
            var dispatched = DispatchSchedule.Build(plant, DispatchRule.Edd);
            var current = dispatched with { Batches = [.. dispatched.Batches.Select((b, i) => i % 4 == seed % 4 ? b with { Lock = kind } : b)] };

            var plan = Plan(plant, current);

            Assert.True(ScheduleChecker.IsExecutable(plant, plan, null, current));
            foreach (var locked in current.Batches.Where(b => b.Lock == kind))
            {
                Assert.All(locked.Jobs, j =>
                {
                    var batch = plan.Batches.First(b => b.Jobs.Contains(j));
                    Assert.Equal(locked.Equipment, batch.Equipment);
                    Assert.True(kind != LockKind.Time || batch.Start == locked.Start);
                });
            }

            var passedOn = plan.Batches.Where(b => b.Lock == kind).SelectMany(b => b.Jobs).ToHashSet();
            Assert.Superset(current.Batches.Where(b => b.Lock == kind).SelectMany(b => b.Jobs).ToHashSet(), passedOn);
        }
    }

    [Fact]
    public void The_checker_sees_each_kind_of_lock_broken()
    {
        var (plant, current) = TwoMills();

        Assert.Contains("locked to M1 but planned on M2", Broken(LockKind.Machine, b => b with { Equipment = new EquipmentId(1) }), StringComparison.Ordinal);
        Assert.Contains("left its equipment M1", Broken(LockKind.Place, b => b with { Equipment = new EquipmentId(1) }), StringComparison.Ordinal);
        Assert.Contains("is locked to start at", Broken(LockKind.Time, b => b with { SetupStart = b.SetupStart + Duration.FromHours(5), Start = b.Start + Duration.FromHours(5), End = b.End + Duration.FromHours(5) }), StringComparison.Ordinal);

        string Broken(LockKind kind, Func<PlannedBatch, PlannedBatch> change)
        {
            var locked = current with { Batches = [current.Batches[0] with { Lock = kind }, .. current.Batches.Skip(1)] };
            Assert.True(ScheduleChecker.IsExecutable(plant, current, null, locked));
            return ScheduleChecker.Check(plant, current with { Batches = [change(current.Batches[0]), .. current.Batches.Skip(1)] }, null, locked).First(v => v.Rule == ScheduleRule.Lock).Message;
        }
    }

    [Fact]
    public void A_lock_to_a_time_is_the_root_of_what_waits_for_it()
    {
        var (plant, current) = TwoMills();
        var later = current.Batches[0] with { Lock = LockKind.Time, SetupStart = SimTime.FromHours(6), Start = SimTime.FromHours(6), End = SimTime.FromHours(7) };
        var locked = current with { Batches = [later, .. current.Batches.Skip(1)] };

        var why = WhyLate.Of(plant, locked, plant.Jobs.OrderOf(later.Jobs[0]));

        Assert.Equal((WhyKind.Lock, SimTime.FromHours(6)), (why.Steps[0].Kind, why.Steps[0].From));
        Assert.Equal(Duration.FromHours(4), why.Steps[0].Gain); // the other job on the mill ends at 2
    }

    [Fact]
    public void A_machine_lock_holds_in_a_repair_even_when_the_machine_is_down()
    {
        var (plant, current) = TwoMills();
        var locked = current with { Batches = [.. current.Batches.Select(b => b with { Lock = LockKind.Machine })] };
        var moment = DisruptedPlant.At(plant, locked, SimTime.FromHours(0.5), [new MachineBreakdown(new EquipmentId(0), SimTime.FromHours(0.5), Duration.FromHours(9))]);

        var result = PlanRepair.Run(
            new RepairRequest { Plant = moment.Plant, From = moment.State, Current = locked, Stability = 0, TimeLimit = Duration.FromSeconds(0.2), Workers = 1 }, null, TestContext.Current.CancellationToken);

        Assert.Equal(0, result.Diff.Count(MoveKind.Reassigned));
        Assert.All(result.Schedule.Batches, b => Assert.Equal(LockKind.Machine, b.Lock));
    }

    [Fact]
    public void A_lock_to_a_machine_that_cannot_do_the_job_is_refused_by_name()
    {
        var (plant, current) = TwoMills();
        var locked = current with { Batches = [current.Batches[0] with { Equipment = new EquipmentId(2), Lock = LockKind.Machine }, .. current.Batches.Skip(1)] };

        Assert.Contains("is locked to M3, which cannot do it", Assert.Throws<PlanningException>(() => Plan(plant, locked)).Message, StringComparison.Ordinal);
    }

    private static (CompiledScenario Plant, Schedule Current) TwoMills()
    {
        var tiny = new TinyPlant();
        var mill = tiny.Class("mill");
        tiny.Machine(mill);
        tiny.Machine(mill);
        tiny.Machine(tiny.Class("drill"));
        var product = tiny.Product((mill, 60));
        for (var i = 0; i < 4; i++)
        {
            tiny.Order(product, o => o with { Due = SimTime.FromHours(2) });
        }

        var plant = tiny.Compile();
        var schedule = DispatchSchedule.Build(plant, DispatchRule.Edd);
        return (plant, schedule with { Batches = [.. schedule.Batches.OrderBy(b => b.Equipment.Index).ThenBy(b => b.Start)] });
    }
}
