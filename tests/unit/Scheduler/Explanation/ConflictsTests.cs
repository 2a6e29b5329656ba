using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Explanation;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler.Explanation;

public class ConflictsTests
{
    private static ConflictResult Find(CompiledScenario plant, Schedule? current = null) =>
        Conflicts.Find(new ConflictRequest { Plant = plant, Current = current }, TestContext.Current.CancellationToken);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Brute_force_agrees_that_the_set_contradicts_itself_that_each_part_is_needed_and_that_each_way_out_works(int seed)
    {
        var plant = RandomPlant.FlexibleShop(seed, orders: 3, setups: false);

        var result = Find(plant);

        if (CanKeep(plant, [.. Deadlines(plant), .. Everything(plant)]))
        {
            Assert.Equal(ConflictStatus.Feasible, result.Status);
            Assert.Empty(result.Conflict);
            return;
        }

        Assert.Equal(ConflictStatus.Conflict, result.Status);
        Assert.True(result.IsMinimal);
        Assert.True(!CanKeep(plant, result.Conflict), "the set can be kept");
        foreach (var part in result.Conflict)
        {
            Assert.True(CanKeep(plant, result.Conflict.Where(g => g != part)), $"{part} is not needed");
        }

        Assert.NotEmpty(result.Relaxations);
        foreach (var way in result.Relaxations)
        {
            Assert.True(CanKeep(plant, result.Conflict, way), $"{way} does not help");
            if (way.By > Duration.FromMinutes(15))
            {
                Assert.True(!CanKeep(plant, result.Conflict, way with { By = way.By - Duration.FromMinutes(15) }), $"{way} is more than needed");
            }
        }

        Assert.Equal(result.Relaxations.Select(r => r.Cost).Order(), result.Relaxations.Select(r => r.Cost));
    }

    /// <summary>Batches, changeovers, calendars, crews: where a schedule is known that keeps all dates, no conflict may be claimed.</summary>
    [Fact]
    public void Dates_that_a_known_schedule_keeps_are_never_called_a_conflict()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var plant = RandomPlant.WithEverything(seed, orders: 6);
            var schedule = DispatchSchedule.Build(plant, DispatchRule.Spt);
            var dated = CompiledScenario.Compile(plant.Scenario with
            {
                Orders = [.. plant.Scenario.Orders.Select((o, i) => o with { Due = schedule.Batches.Where(b => b.Jobs.Any(j => plant.Jobs.OrderOf(j) == i)).Max(b => b.End) })],
            });

            var result = Conflicts.Find(new ConflictRequest { Plant = dated, SecondsPerQuestion = 3 }, TestContext.Current.CancellationToken);

            Assert.NotEqual(ConflictStatus.Conflict, result.Status);
        }
    }

    [Fact]
    public void A_large_plant_is_searched_around_its_late_orders()
    {
        var tiny = new TinyPlant();
        var mill = tiny.Class("mill");
        tiny.Machine(mill);
        tiny.Machine(mill);
        var product = tiny.Product((mill, 60));
        for (var i = 0; i < 200; i++)
        {
            tiny.Order(product, o => o with { Due = SimTime.FromHours(100 + i) });
        }

        tiny.Order(product, o => o with { Due = SimTime.FromHours(2), Release = SimTime.FromHours(1.5) });
        var plant = tiny.Compile();
        Assert.True(plant.Jobs.JobCount > Conflicts.LargestQuestion);

        var result = Find(plant);

        Assert.Equal([new(ConstraintKind.Deadline, 200), new ConstraintGroup(ConstraintKind.Release, 200)], result.Conflict);
    }

    [Fact]
    public void Overtime_lateness_and_a_second_machine_are_priced_against_each_other()
    {
        var tiny = new TinyPlant();
        var mill = tiny.Class("mill");
        tiny.Extra = new PlantModel { Calendars = [new WorkCalendar { Id = "c", Name = new Label("c"), Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(8, 0))] }] };
        tiny.Machine(mill, m => m with { Calendar = new CalendarId(0) });
        var product = tiny.Product((mill, 300));
        tiny.Order(product, o => o with { Due = SimTime.FromHours(12), Priority = 3 });
        tiny.Order(product, o => o with { Due = SimTime.FromHours(12) }); // 5 h + 5 h in a shift of 8

        var result = Find(tiny.Compile());

        Assert.Equal(
            [new(ConstraintKind.Deadline, 0), new(ConstraintKind.Deadline, 1), new(ConstraintKind.Capacity, 0), new(ConstraintKind.WorkingHours, 0)], result.Conflict);
        var cheapest = result.Relaxations[0];
        Assert.Equal((ConstraintKind.WorkingHours, Duration.FromHours(2), 1, 2.0, true), (cheapest.Group.Kind, cheapest.By, cheapest.Count, cheapest.Cost, cheapest.ResolvesAll));
        Assert.Contains(result.Relaxations, r => r.Group == new ConstraintGroup(ConstraintKind.Deadline, 1) && r.By == Duration.FromHours(17) && r.Cost == 17);
        Assert.Contains(result.Relaxations, r => r.Group == new ConstraintGroup(ConstraintKind.Deadline, 0) && r.Cost == 51);
    }

    [Fact]
    public void Locks_that_contradict_each_other_are_found_without_any_due_date()
    {
        var tiny = new TinyPlant();
        var (mill, drill) = (tiny.Class("mill"), tiny.Class("drill"));
        tiny.Machine(mill);
        tiny.Machine(drill);
        tiny.Order(tiny.Product((mill, 60), (drill, 60)));
        tiny.Order(tiny.Product((drill, 60), (mill, 60)));
        var plant = tiny.Compile();

        // Each machine is to do the second step of one order before the first step of the other.
        var current = new Schedule { Batches = [Locked(0, 3, 0), Locked(0, 0, 1), Locked(1, 1, 0), Locked(1, 2, 1)] };
        var result = Find(plant, current);

        Assert.Equal(ConflictStatus.Conflict, result.Status);
        Assert.All(result.Conflict, g => Assert.True(g.Kind is ConstraintKind.Lock));
        Assert.Equal(2, result.Conflict.Count);
        Assert.All(result.Relaxations, r => Assert.True(r.ResolvesAll));

        static PlannedBatch Locked(int machine, int job, double start) => new()
        {
            Equipment = new EquipmentId(machine), Jobs = [new JobId(job)], Locked = true,
            SetupStart = SimTime.FromHours(start), Start = SimTime.FromHours(start), End = SimTime.FromHours(start + 1),
        };
    }

    [Fact]
    public void An_order_that_cannot_be_made_in_time_by_itself_is_its_own_conflict()
    {
        var tiny = new TinyPlant();
        var mill = tiny.Class("mill");
        tiny.Machine(mill);
        tiny.Order(tiny.Product((mill, 120)), o => o with { Release = SimTime.FromHours(3), Due = SimTime.FromHours(4) });
        tiny.Order(tiny.Product((mill, 60)), o => o with { Due = SimTime.FromHours(9) });

        var result = Find(tiny.Compile());

        Assert.Equal([new(ConstraintKind.Deadline, 0), new ConstraintGroup(ConstraintKind.Release, 0)], result.Conflict);
        Assert.Equal(Duration.FromHours(1), result.Relaxations.Single(r => r.Group.Kind == ConstraintKind.Release).By);
        Assert.Contains("no due date", Assert.Throws<PlanningException>(() => Conflicts.Find(new ConflictRequest { Plant = Undated(), Hard = [new OrderId(0)] }, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);

        static CompiledScenario Undated()
        {
            var tiny = new TinyPlant();
            var mill = tiny.Class("mill");
            tiny.Machine(mill);
            tiny.Order(tiny.Product((mill, 1)));
            return tiny.Compile();
        }
    }

    private static IEnumerable<ConstraintGroup> Deadlines(CompiledScenario plant) =>
        Enumerable.Range(0, plant.Scenario.Orders.Length).Select(o => new ConstraintGroup(ConstraintKind.Deadline, o));

    private static IEnumerable<ConstraintGroup> Everything(CompiledScenario plant) =>
        [
            .. Enumerable.Range(0, plant.Scenario.Orders.Length).Select(o => new ConstraintGroup(ConstraintKind.Release, o)),
            .. Enumerable.Range(0, plant.Plant.EquipmentClasses.Length).Select(c => new ConstraintGroup(ConstraintKind.Capacity, c)),
        ];

    /// <summary>Whether a schedule keeps these constraints, by trying every order of the steps on every machine; knows nothing of the solvers.</summary>
    private static bool CanKeep(CompiledScenario plant, IEnumerable<ConstraintGroup> constraints, Relaxation? given = null)
    {
        var kept = constraints.ToHashSet();
        if (given is { By.Milliseconds: 0 })
        {
            kept.Remove(given.Group);
        }

        var orders = Enumerable.Range(0, plant.Scenario.Orders.Length).Where(o => kept.Contains(new ConstraintGroup(ConstraintKind.Deadline, o))).ToArray();
        return Extend(orders.ToDictionary(o => o, o => (Next: FirstJob(o), Ready: Release(o))), new long[plant.Plant.Equipment.Length]);

        int FirstJob(int o) => plant.Jobs.LotFirstJob[plant.Jobs.OrderFirstLot[o]];

        long By(ConstraintKind kind, int o) => given?.Group == new ConstraintGroup(kind, o) ? given.By.Milliseconds : 0;

        long Release(int o) => kept.Contains(new ConstraintGroup(ConstraintKind.Release, o)) ? Math.Max(0, plant.Scenario.Orders[o].Release.Milliseconds - By(ConstraintKind.Release, o)) : 0;

        bool Extend(Dictionary<int, (int Next, long Ready)> at, long[] free)
        {
            if (at.All(x => x.Value.Next == FirstJob(x.Key + 1)))
            {
                return at.All(x => x.Value.Ready <= plant.Scenario.Orders[x.Key].Due!.Value.Milliseconds + By(ConstraintKind.Deadline, x.Key));
            }

            foreach (var (o, (job, ready)) in at.Where(x => x.Value.Next < FirstJob(x.Key + 1)).ToArray())
            {
                foreach (var e in plant.EligibleEquipment(job))
                {
                    var was = free[e];
                    var limited = kept.Contains(new ConstraintGroup(ConstraintKind.Capacity, plant.Plant.Equipment[e].Class));
                    var end = Math.Max(ready, limited ? was : 0) + plant.MeanProcessingTime(job, e).Milliseconds;
                    free[e] = end;
                    at[o] = (job + 1, end);
                    if (Extend(at, free))
                    {
                        return true;
                    }

                    free[e] = was;
                    at[o] = (job, ready);
                }
            }

            return false;
        }
    }
}
