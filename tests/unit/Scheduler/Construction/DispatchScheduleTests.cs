using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler.Construction;

public class DispatchScheduleTests
{
    [Fact]
    public void Every_rule_makes_executable_schedules_of_random_plants()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var plant = RandomPlant.WithEverything(seed);
            foreach (var rule in Enum.GetValues<DispatchRule>())
            {
                var schedule = DispatchSchedule.Build(plant, rule);

                Assert.Empty(ScheduleChecker.Check(plant, schedule).Where(v => v.Severity == ViolationSeverity.Error).Select(v => $"seed {seed} {rule}: {v.Message}"));
            }
        }
    }

    [Fact]
    public void Earliest_due_date_goes_first_and_shortest_first_under_SPT()
    {
        var tiny = new TinyPlant();
        var one = tiny.Class("one");
        tiny.Machine(one);
        var (slow, quick) = (tiny.Product((one, 60)), tiny.Product((one, 10)));
        tiny.Order(slow, o => o with { Due = SimTime.FromHours(1) });
        tiny.Order(quick, o => o with { Due = SimTime.FromHours(2) });
        var plant = tiny.Compile();

        Assert.Equal([0, 1], JobsInOrder(DispatchSchedule.Build(plant, DispatchRule.Edd)));
        Assert.Equal([1, 0], JobsInOrder(DispatchSchedule.Build(plant, DispatchRule.Spt)));
    }

    [Fact]
    public void Lots_of_one_family_fill_a_vat_together_and_another_family_waits()
    {
        var tiny = new TinyPlant();
        var dye = tiny.Class("dye");
        var (dark, light) = (tiny.Family("dark"), tiny.Family("light"));
        tiny.Machine(dye, m => m with { CapacityMin = 10, CapacityMax = 30 });
        var product = tiny.Product(TinyPlant.Step(dye, 60) with { Batches = true });
        foreach (var (kg, family) in new[] { (10, dark), (10, light), (10, dark), (10, dark), (10, dark) })
        {
            tiny.Order(product, o => o with { Quantity = kg, Family = family, Due = SimTime.FromHours(1) });
        }

        var schedule = DispatchSchedule.Build(tiny.Compile(), DispatchRule.Fifo);

        Assert.Equal([3, 1, 1], schedule.Batches.Select(b => b.Jobs.Length).OrderDescending());
        Assert.Equal(3, schedule.Batches.Select(b => b.Start).Distinct().Count());
    }

    [Fact]
    public void Ten_thousand_operations_are_all_planned()
    {
        var tiny = new TinyPlant();
        var classes = Enumerable.Range(0, 10).Select(c => tiny.Class($"c{c}")).ToArray();
        foreach (var c in classes)
        {
            for (var i = 0; i < 5; i++)
            {
                tiny.Machine(c);
            }
        }

        var product = tiny.Product([.. classes.Select((c, i) => (c, 10.0 + i))]);
        for (var i = 0; i < 1000; i++)
        {
            var due = SimTime.FromHours(i % 50);
            tiny.Order(product, o => o with { Due = due });
        }

        var plant = tiny.Compile();
        var schedule = DispatchSchedule.Build(plant, DispatchRule.Atc);

        Assert.Equal(10_000, schedule.Batches.Length);
        Assert.True(ScheduleChecker.IsExecutable(plant, schedule));
    }

    private static IEnumerable<int> JobsInOrder(Schedule schedule) => schedule.Batches.OrderBy(b => b.Start).Select(b => b.Jobs[0].Index);
}
