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

public class PlanRepairTests
{
    private static RepairResult Repair(DisruptedPlant moment, Schedule current, double stability = 1, double seconds = 0.3, Duration frozen = default) => PlanRepair.Run(
        new RepairRequest
        {
            Plant = moment.Plant, From = moment.State, Current = current, Stability = stability, Frozen = frozen,
            TimeLimit = Duration.FromSeconds(seconds), Workers = 1,
        }, null, TestContext.Current.CancellationToken);

    private static MachineBreakdown Down(int machine, double atHours, double hours) =>
        new(new EquipmentId(machine), SimTime.FromHours(atHours), Duration.FromHours(hours));

    [Fact]
    public void Repaired_plans_of_random_plants_pass_the_checker_and_count_their_moves_as_the_objective_does()
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var plant = RandomPlant.WithEverything(seed);
            var current = DispatchSchedule.Build(plant, DispatchRule.Edd);
            var at = 3 + seed * 2.0;
            var moment = DisruptedPlant.At(plant, current, SimTime.FromHours(at), [Down(seed % plant.Plant.Equipment.Length, at, 5)]);

            var result = Repair(moment, current, stability: seed % 3, frozen: Duration.FromHours(seed % 2));

            Assert.True(ScheduleChecker.IsExecutable(plant, result.Schedule, moment.State, current));
            Assert.DoesNotContain(result.Schedule.Batches, b => b.Jobs.Any(j => moment.State.Jobs[j].StartAt >= 0)); // running work never moves
            Assert.True(result.Shifted is null || result.Objective.Total <= result.Shifted.Total + 1e-9);
            var moves = ObjectiveEvaluator.Evaluate(plant, result.Schedule, plant.Scenario.Objective, moment.State, current).Terms.First(t => t.Name == "instability");
            Assert.Equal(moves.Amount, result.Diff.Moved);
        }
    }

    [Fact]
    public void The_frozen_part_keeps_equipment_and_place_and_comes_back_unlocked()
    {
        for (var seed = 20; seed < 24; seed++)
        {
            var plant = RandomPlant.WithEverything(seed);
            var current = DispatchSchedule.Build(plant, DispatchRule.Fifo);
            var moment = DisruptedPlant.At(plant, current, SimTime.FromHours(6), [Down(0, 6, 3)]);

            var result = Repair(moment, current, stability: 0, frozen: Duration.FromHours(4));

            var place = result.Schedule.Batches.SelectMany(b => b.Jobs.Select(j => (j.Index, b.Equipment))).ToDictionary();
            foreach (var batch in current.Batches.Where(b => b.Equipment.Index != 0 && b.SetupStart < SimTime.FromHours(10)))
            {
                Assert.All(batch.Jobs.Where(j => place.ContainsKey(j)), j => Assert.Equal(batch.Equipment, place[j]));
            }

            Assert.DoesNotContain(result.Schedule.Batches, b => b.Locked);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1000, 0)]
    public void The_stability_weight_decides_whether_a_job_leaves_a_machine_that_is_down(double stability, int reassigned)
    {
        var tiny = new TinyPlant();
        var mill = tiny.Class("mill");
        tiny.Machine(mill);
        tiny.Machine(mill);
        tiny.Order(tiny.Product((mill, 60)), o => o with { Release = SimTime.FromHours(1), Due = SimTime.FromHours(2) });
        var plant = tiny.Compile();
        var current = new Schedule { Batches = [Batch(plant, 0, 0, 1, 2)] };
        var moment = DisruptedPlant.At(plant, current, SimTime.FromHours(0.5), [Down(0, 0.5, 1.25)]); // 45 min late there: not a move that counts

        var result = Repair(moment, current, stability);

        Assert.Equal(reassigned, result.Diff.Count(MoveKind.Reassigned));
        Assert.Equal(1 - reassigned, result.Diff.NewlyLate.Count());
        Assert.All(result.Diff.Moves, m => Assert.Equal(new MoveCause(MoveReason.Breakdown, new EquipmentId(0)), m.Cause));
    }

    [Fact]
    public void Everything_behind_a_breakdown_says_that_the_breakdown_moved_it()
    {
        var tiny = new TinyPlant();
        var (mill, drill) = (tiny.Class("mill"), tiny.Class("drill"));
        tiny.Machine(mill);
        tiny.Machine(drill);
        var product = tiny.Product((mill, 60), (drill, 60));
        tiny.Order(product, o => o with { Due = SimTime.FromHours(3) });
        tiny.Order(product, o => o with { Due = SimTime.FromHours(4) });
        var plant = tiny.Compile();
        var current = DispatchSchedule.Build(plant, DispatchRule.Edd); // mill 0–1, 1–2; drill 1–2, 2–3
        var moment = DisruptedPlant.At(plant, current, SimTime.FromHours(0.5), [Down(0, 0.5, 2)]);

        var diff = Repair(moment, current).Diff;

        Assert.Equal(3, diff.Moves.Count); // the first operation runs already
        Assert.All(diff.Moves, m => Assert.Equal(Duration.FromHours(2), m.Shift));
        Assert.Equal((2, 1), (diff.Moves.Count(m => m.Cause.Reason == MoveReason.Breakdown), diff.Moves.Count(m => m.Cause.Reason == MoveReason.Delay)));
        Assert.Equal(2, diff.NewlyLate.Count());
    }

    [Fact]
    public void A_rush_order_goes_before_others_and_they_say_so()
    {
        var tiny = new TinyPlant();
        var mill = tiny.Class("mill");
        tiny.Machine(mill);
        var product = tiny.Product((mill, 120));
        for (var i = 0; i < 3; i++)
        {
            tiny.Order(product, o => o with { Due = SimTime.FromHours(20) });
        }

        var plant = tiny.Compile();
        var current = DispatchSchedule.Build(plant, DispatchRule.Edd);
        var rush = new Order { Id = "R", Product = product, Quantity = 1, Release = SimTime.FromHours(1), Due = SimTime.FromHours(4), Priority = 10 };
        var moment = DisruptedPlant.At(plant, current, SimTime.FromHours(1), [new RushOrder(rush)]);

        var result = Repair(moment, current, stability: 0.5);

        Assert.Equal(SimTime.FromHours(4), result.Diff.Orders.Single(o => o.Order.Index == 3).After);
        Assert.Equal(1, result.Diff.Count(MoveKind.Later)); // the one behind it goes to the end: the other keeps its time
        Assert.All(result.Diff.Moves.Where(m => m.Kind == MoveKind.Later), m => Assert.Equal(new MoveCause(MoveReason.NewOrder, new EquipmentId(0), new JobId(3)), m.Cause));
        Assert.Empty(result.Diff.NewlyLate);
    }

    [Fact]
    public void Running_work_that_takes_longer_and_an_order_whose_material_is_late_delay_what_waits_for_them()
    {
        var tiny = new TinyPlant();
        var mill = tiny.Class("mill");
        tiny.Machine(mill);
        tiny.Machine(tiny.Class("drill"));
        var product = tiny.Product((mill, 60));
        tiny.Order(product);
        tiny.Order(product);
        tiny.Order(tiny.Product((new EquipmentClassId(1), 60)), o => o with { Release = SimTime.FromHours(2) });
        var plant = tiny.Compile();
        var current = DispatchSchedule.Build(plant, DispatchRule.Edd);
        var moment = DisruptedPlant.At(plant, current, SimTime.FromHours(0.5), [new WorkDelay(new JobId(0), Duration.FromHours(3)), new OrderDelay(new OrderId(2), Duration.FromHours(5))]);

        var diff = Repair(moment, current).Diff;

        Assert.Equal([(1, SimTime.FromHours(4)), (2, SimTime.FromHours(7))], diff.Moves.OrderBy(m => m.Job.Index).Select(m => (m.Job.Index, m.ToStart!.Value)));
        Assert.All(diff.Moves, m => Assert.Equal(MoveReason.Delay, m.Cause.Reason));
    }

    [Fact]
    public void Disruptions_that_do_not_fit_are_refused_by_name()
    {
        var tiny = new TinyPlant();
        var mill = tiny.Class("mill");
        tiny.Machine(mill);
        var product = tiny.Product((mill, 60));
        tiny.Order(product);
        tiny.Order(product);
        var plant = tiny.Compile();
        var current = DispatchSchedule.Build(plant, DispatchRule.Edd);

        Assert.Contains("lies after", Error(Down(0, 2, 1)), StringComparison.Ordinal);
        Assert.Contains("not running", Error(new WorkDelay(new JobId(1), Duration.FromHours(1))), StringComparison.Ordinal);
        Assert.Contains("'O1' already", Error(new RushOrder(new Order { Id = "O1", Product = product, Quantity = 1 })), StringComparison.Ordinal);
        var moment = DisruptedPlant.At(plant, current, SimTime.FromHours(0.5), []);
        Assert.Contains("stability weight", Assert.Throws<PlanningException>(() => Repair(moment, current, stability: -1)).Message, StringComparison.Ordinal);

        string Error(Disruption what) => Assert.Throws<PlanningException>(() => DisruptedPlant.At(plant, current, SimTime.FromHours(0.5), [what])).Message;
    }

    private static PlannedBatch Batch(CompiledScenario plant, int job, int equipment, double startHours, double endHours) => new()
    {
        Equipment = new EquipmentId(equipment), Jobs = [new JobId(job)], Family = plant.FamilyOf(job) is var f and >= 0 ? new FamilyId(f) : null,
        SetupStart = SimTime.FromHours(startHours), Start = SimTime.FromHours(startHours), End = SimTime.FromHours(endHours),
    };
}
