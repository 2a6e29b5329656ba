using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Promise;
using DigitalTwin.Scheduler.Repair;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler.Promise;

public class OrderPromiseTests
{
    [Fact]
    public void Promises_on_random_plants_are_executable_and_nobody_pays_for_them()
    {
        var (kept, squeezed) = (0, 0);
        for (var seed = 0; seed < 25; seed++)
        {
            var plant = RandomPlant.WithEverything(seed);
            var current = DispatchSchedule.Build(plant, DispatchRule.Edd);
            var now = SimTime.FromHours(seed % 3 * 4);
            var from = seed % 3 == 0 ? null : DisruptedPlant.At(plant, current, now, []).State;
            if (!Executable(plant, current, from))
            {
                continue; // the plant has not gone by the plan to the minute: nothing to promise against
            }

            var like = plant.Scenario.Orders[seed % plant.Scenario.Orders.Length];
            var order = like with { Id = "NEW", Release = now, Quantity = 5 + seed, DyeLot = "" };

            var promise = OrderPromise.Of(plant, current, order, from);

            var mine = plant.Scenario.Orders.Length;
            Assert.True(Executable(promise.Plant, promise.Schedule, from, current));
            Assert.Equal(promise.InGaps, EndOf(promise.Plant, promise.Schedule, mine));
            var places = Places(promise.Schedule);
            Assert.All(Places(current).Where(p => places.ContainsKey(p.Key)), p => Assert.Equal(p.Value, places[p.Key]));
            kept++;
            if (promise.Moved is { } moved)
            {
                Assert.True(Executable(promise.Plant, moved, from, current));
                Assert.Equal(promise.WithMoves, EndOf(promise.Plant, moved, mine));
                Assert.True(promise.Date < promise.InGaps);
                for (var o = 0; o < mine; o++)
                {
                    var (before, after) = (EndOf(plant, current, o), EndOf(promise.Plant, moved, o));
                    Assert.True(after <= SimTime.Max(before, plant.Scenario.Orders[o].Due ?? SimTime.Never), $"seed {seed}: order {o} pays");
                }

                squeezed++;
            }
        }

        Assert.True(kept > 12 && squeezed > 3, $"{kept} kept, {squeezed} squeezed");
    }

    [Fact]
    public void The_first_gap_that_is_long_enough_with_both_setups_is_used()
    {
        var (plant, current, product, families) = TwoJobsApart(firstEnd: 2, secondStart: 6, due: 7);

        // a → b takes an hour, b → a another: 1 + 2 + 1 fit between 2 and 6; 3 hours do not.
        var fits = OrderPromise.Of(plant, current, New(product, 2, families[1]));
        var notFit = OrderPromise.Of(plant, current, New(product, 3, families[1]));

        Assert.Equal(SimTime.FromHours(5), fits.InGaps);
        Assert.Equal(SimTime.FromHours(11), notFit.InGaps);
        Assert.Equal(SimTime.FromHours(7), notFit.WithMoves); // the second job goes to 2, and the order behind it
    }

    [Fact]
    public void Others_make_room_as_far_as_they_are_not_late()
    {
        var (plant, current, product, families) = TwoJobsApart(firstEnd: 2, secondStart: 6, due: 20);

        var promise = OrderPromise.Of(plant, current, New(product, 9, families[0]));

        Assert.Equal(SimTime.FromHours(16), promise.InGaps);
        Assert.True(promise.Date < promise.InGaps);
    }

    [Fact]
    public void An_order_that_cannot_be_made_is_refused_by_name()
    {
        var (plant, current, product, families) = TwoJobsApart(2, 6, 7);

        Assert.Contains("'O1' already", Error(New(product, 1, families[0]) with { Id = "O1" }), StringComparison.Ordinal);
        Assert.Contains("load of 1E+300", Error(New(product, 1, families[0]) with { Quantity = 1e300 }), StringComparison.Ordinal);

        string Error(Order order) => Assert.Throws<PlanningException>(() => OrderPromise.Of(plant, current, order)).Message;
    }

    private static Order New(ProductId product, double hours, FamilyId family) => new() { Id = "NEW", Product = product, Quantity = hours, Family = family };

    /// <summary>A mill with a job of family a from 0 and another planned at a later moment; a piece takes an hour, a changeover too.</summary>
    private static (CompiledScenario Plant, Schedule Current, ProductId Product, FamilyId[] Families) TwoJobsApart(double firstEnd, double secondStart, double due)
    {
        var tiny = new TinyPlant();
        var mill = tiny.Class("mill");
        FamilyId[] families = [tiny.Family("a"), tiny.Family("b")];
        var hour = new Changeover(Duration.FromHours(1), 0);
        tiny.Extra = new PlantModel
        {
            ChangeoverRules = [new MatrixChangeover { Id = "m", Default = hour, Pairs = System.Collections.Immutable.ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty }],
        };
        tiny.Machine(mill, m => m with { Changeover = new ChangeoverRuleId(0), InitialFamily = families[0], CapacityMax = 1000 });
        var product = tiny.Product(TinyPlant.Step(mill, 0) with { UnitTime = Distribution.Constant(Duration.MillisecondsPerHour) });
        tiny.Order(product, o => o with { Quantity = firstEnd, Family = families[0], Due = SimTime.FromHours(firstEnd) });
        tiny.Order(product, o => o with { Quantity = 1, Family = families[0], Due = SimTime.FromHours(due) });
        var plant = tiny.Compile();
        return (plant, new Schedule { Batches = [Batch(0, 0, firstEnd), Batch(1, secondStart, secondStart + 1)] }, product, families);

        PlannedBatch Batch(int job, double from, double to) => new()
        {
            Equipment = new EquipmentId(0), Jobs = [new JobId(job)], Family = families[0],
            SetupStart = SimTime.FromHours(from), Start = SimTime.FromHours(from), End = SimTime.FromHours(to),
        };
    }

    private static Dictionary<int, (int, SimTime, SimTime)> Places(Schedule schedule) =>
        schedule.Batches.SelectMany(b => b.Jobs.Select(j => (j.Index, (b.Equipment.Index, b.Start, b.End)))).ToDictionary();

    private static SimTime EndOf(CompiledScenario plant, Schedule schedule, int order) =>
        schedule.Batches.Where(b => b.Jobs.Any(j => plant.Jobs.OrderOf(j) == order)).Select(b => b.End).DefaultIfEmpty(SimTime.Zero).Max();

    private static bool Executable(CompiledScenario plant, Schedule schedule, DigitalTwin.Plant.Events.PlantState? from, Schedule? current = null)
    {
        var open = from is null ? schedule : schedule with
        {
            Batches = [.. schedule.Batches.Select(b => b with { Jobs = [.. b.Jobs.Where(j => j >= from.Jobs.Length || from.Jobs[j].StartAt < 0 && from.Jobs[j].Equipment < 0)] }).Where(b => !b.Jobs.IsEmpty)],
        };
        var state = from?.Fork();
        state?.GrowTo(plant);
        return ScheduleChecker.IsExecutable(plant, open, state, current);
    }
}
