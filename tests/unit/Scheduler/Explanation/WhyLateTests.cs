using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler.Explanation;

public class WhyLateTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_chain_touches_from_completion_back_to_a_root(int seed)
    {
        var plant = RandomPlant.WithEverything(seed);
        var schedule = DispatchSchedule.Build(plant, DispatchRule.Edd);
        for (var o = 0; o < plant.Scenario.Orders.Length; o++)
        {
            var why = WhyLate.Of(plant, schedule, o);

            Assert.Equal(schedule.Batches.Where(b => b.Jobs.Any(j => plant.Jobs.OrderOf(j) == o)).Max(b => b.End), why.End);
            Assert.Equal(why.End, why.Steps[^1].To);
            Assert.All(why.Steps.Zip(why.Steps.Skip(1)), p => Assert.Equal(p.First.To, p.Second.From));
            var root = why.Steps[0];
            Assert.True(root.Kind is WhyKind.Release or WhyKind.Now, $"seed {seed}, order {o}: root {root}");
            Assert.Equal(root.Kind == WhyKind.Now ? SimTime.Zero : plant.OrderOf(root.Job).Release, root.From);
            Assert.True(why.Alone <= why.End);
        }
    }

    /// <summary>The checker, which knows nothing of chains, is asked both ways: what a batch is said to wait for stops it from beginning a
    /// millisecond earlier, and once the blocking batch is taken away nothing stops it from beginning as much earlier as claimed.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_link_is_confirmed_by_the_checker(int seed)
    {
        var plant = RandomPlant.WithEverything(seed);
        var schedule = DispatchSchedule.Build(plant, DispatchRule.Atc);
        var confirmed = 0;
        for (var o = 0; o < plant.Scenario.Orders.Length; o++)
        {
            var steps = WhyLate.Of(plant, schedule, o).Steps;
            for (var i = 0; i < steps.Count; i++)
            {
                if (steps[i].Kind != WhyKind.Processing)
                {
                    continue;
                }

                var batch = BatchOf(schedule, steps[i].Job);
                if (i > 0 && steps[i - 1].Kind is not (WhyKind.Choice or WhyKind.Held or WhyKind.LongestWait))
                {
                    Assert.Contains(Errors(plant, Shifted(schedule, batch, new Duration(1))), v => v.Rule != ScheduleRule.Completeness);
                }

                var after = steps.Skip(i + 1).FirstOrDefault(s => s.Kind == WhyKind.Processing);
                if (after is null || steps[i].Gain == Duration.Zero || plant.CalendarOf(after.Equipment) is not null || steps[i].Link is WhyLink.Same)
                {
                    continue;
                }

                var without = schedule with { Batches = schedule.Batches.Remove(batch) };
                var later = BatchOf(schedule, after.Job);
                var moved = Earlier(plant, without, later, steps[i].Gain);
                var refused = Errors(plant, moved).Where(v => v.Rule is not (ScheduleRule.Completeness or ScheduleRule.MaxWait)
                    && v.Job is { } job && later.Jobs.Contains(job)).ToList();
                Assert.True(refused.Count == 0, $"seed {seed}, order {o}: {string.Join(" | ", refused.Select(v => v.Message))}");
                confirmed++;
            }
        }

        Assert.True(confirmed > 0);
    }

    [Fact]
    public void A_queue_a_changeover_and_a_night_are_named_in_their_order()
    {
        var tiny = new TinyPlant();
        var (mill, drill) = (tiny.Class("mill"), tiny.Class("drill"));
        FamilyId[] families = [tiny.Family("a"), tiny.Family("b")];
        tiny.Extra = new PlantModel
        {
            ChangeoverRules = [new MatrixChangeover { Id = "m", Default = new Changeover(Duration.FromHours(1), 0), Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty }],
            Calendars = [new WorkCalendar { Id = "c", Name = new Label("c"), Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(8, 0))] }],
        };
        tiny.Machine(mill, m => m with { Changeover = new ChangeoverRuleId(0), InitialFamily = families[0] });
        tiny.Machine(drill, m => m with { Calendar = new CalendarId(0) });
        tiny.Order(tiny.Product((mill, 180)), o => o with { Family = families[0], Due = SimTime.FromHours(3) });
        tiny.Order(tiny.Product((mill, 120), (drill, 180)), o => o with { Family = families[1], Due = SimTime.FromHours(9) });
        var plant = tiny.Compile();
        var schedule = DispatchSchedule.Build(plant, DispatchRule.Edd);

        var why = WhyLate.Of(plant, schedule, 1);

        Assert.Equal(
            [
                (WhyKind.Now, WhyLink.Same, 0.0), (WhyKind.Processing, WhyLink.Equipment, 3), (WhyKind.Setup, WhyLink.Same, 1),
                (WhyKind.Processing, WhyLink.Predecessor, 2), (WhyKind.Calendar, WhyLink.Same, 18), (WhyKind.Processing, WhyLink.Same, 3),
            ],
            why.Steps.Select(s => (s.Kind, s.Link, s.Length.Hours)));
        Assert.Equal(Duration.FromHours(18), why.Lateness);
        Assert.Equal(Duration.FromHours(3), why.Steps[1].Gain); // without the other order on the mill
        Assert.Equal(SimTime.FromHours(6), why.Alone); // 1 h setup, 2 h mill, 3 h drill in the first shift
    }

    [Fact]
    public void A_schedule_without_the_order_is_refused_by_name()
    {
        var tiny = new TinyPlant();
        var mill = tiny.Class("mill");
        tiny.Machine(mill);
        tiny.Order(tiny.Product((mill, 60)));

        var error = Assert.Throws<PlanningException>(() => WhyLate.Of(tiny.Compile(), Schedule.Empty, 0));

        Assert.Contains("does not plan job O1/1/", error.Message, StringComparison.Ordinal);
    }

    private static PlannedBatch BatchOf(Schedule schedule, JobId job) => schedule.Batches.First(b => b.Jobs.Contains(job));

    private static Schedule Shifted(Schedule schedule, PlannedBatch batch, Duration by) => schedule with
    {
        Batches = schedule.Batches.Replace(batch, batch with { SetupStart = batch.SetupStart - by, Start = batch.Start - by, End = batch.End - by }),
    };

    /// <summary>The batch so much earlier, after the setup that its place then asks for.</summary>
    private static Schedule Earlier(CompiledScenario plant, Schedule schedule, PlannedBatch batch, Duration by)
    {
        var moved = batch with { SetupStart = batch.Start - by, Start = batch.Start - by, End = batch.End - by };
        var sequence = schedule.Batches.Replace(batch, moved).Where(b => b.Equipment == batch.Equipment).OrderBy(b => b.Start).ThenBy(b => b.End);
        var setup = EquipmentReplay.Walk(plant, batch.Equipment, sequence, null).First(r => ReferenceEquals(r.Batch, moved)).Setup;
        return schedule with { Batches = schedule.Batches.Replace(batch, moved with { SetupStart = moved.Start - setup }) };
    }

    private static IEnumerable<Violation> Errors(CompiledScenario plant, Schedule schedule) =>
        ScheduleChecker.Check(plant, schedule).Where(v => v.Severity == ViolationSeverity.Error);
}
