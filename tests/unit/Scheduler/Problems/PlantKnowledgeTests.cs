using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler.Problems;

/// <summary>What a plan knows of its plant beyond machines and orders, and what it says that it does not know.</summary>
public class PlantKnowledgeTests
{
    private static PlanningResult Plan(CompiledScenario plant, PlantState? from = null, Schedule? current = null) => new Planner().Plan(new PlanningRequest
    {
        Plant = plant, From = from, Current = current, TimeLimit = Duration.FromSeconds(2), Workers = 1,
    });

    private static double[] Starts(PlanningResult result) => [.. result.Schedule.Batches.OrderBy(b => b.Jobs[0].Index).Select(b => b.Start.Milliseconds / 60_000.0)];

    /// <summary>One machine, orders of an hour each, that use 10 of a material of which some is there.</summary>
    private static TinyPlant Fed(double stock, double? leadDays = null, int orders = 1)
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c);
        var product = plant.Product((c, 60));
        plant.Extra = plant.Extra with
        {
            Materials = [new Material { Id = "steel", Name = "steel", Unit = "kg", InitialStock = stock, Reorder = leadDays is null ? ReorderRule.None : ReorderRule.PerOrder }],
            BillOfMaterials = [new BillLine(product, 0, new MaterialId(0), 10)],
            Sources = leadDays is { } d ? [new MaterialSource { Material = new MaterialId(0), Supplier = "mill", LeadTime = Distribution.Constant(d * Duration.MillisecondsPerDay) }] : [],
        };
        for (var i = 0; i < orders; i++)
        {
            plant.Order(product);
        }

        return plant;
    }

    [Fact]
    public void Work_is_planned_no_sooner_than_its_material_can_be_there()
    {
        Assert.Equal([0.0], Starts(Plan(Fed(stock: 10).Compile())));
        Assert.Equal([2 * 24 * 60.0], Starts(Plan(Fed(stock: 9, leadDays: 2).Compile()))); // ordered now at the earliest
        var receipt = Fed(stock: 4).Build() with { Receipts = [new FirmReceipt { Material = new MaterialId(0), Quantity = 6, Time = SimTime.FromHours(5) }] };
        Assert.Equal([300.0], Starts(Plan(CompiledScenario.Compile(receipt))));
        Assert.Equal([0.0], Starts(Plan(Fed(stock: 0).Compile()))); // nobody delivers: no date, and the plan says that it knows no more
    }

    [Fact]
    public void Material_that_is_promised_already_sets_no_date()
    {
        var plant = Fed(stock: 10, leadDays: 2, orders: 2).Compile();
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(0.5)); // one works with all of the stock, the other waits for a delivery at 48:00

        Assert.Equal([48 * 60.0], Starts(Plan(plant, simulator.State)));
    }

    [Fact]
    public void Hours_of_planned_maintenance_are_left_free()
    {
        var plant = Hours(3);
        plant.Disturbances = [new Disturbance { Kind = DisturbanceKind.Maintenance, Equipment = new EquipmentId(0), Time = SimTime.FromHours(1.5), Duration = Duration.FromHours(2) }];

        // One hour fits before 1:30; the others come after 3:30.
        Assert.Equal([0.0, 210, 270], Starts(Plan(plant.Compile())).Order());
        Assert.Empty(ScheduleChecker.Check(plant.Compile(), Plan(plant.Compile()).Schedule));
    }

    [Fact]
    public void Maintenance_by_the_calendar_is_left_free_in_its_window()
    {
        var plant = Hours(3);
        plant.Extra = plant.Extra with
        {
            Calendars = [new WorkCalendar { Id = "w", Name = "w", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(2, 0), new TimeOnly(4, 0))] }],
            MaintenancePlans =
            [
                new MaintenancePlan
                {
                    Id = "service", Class = new EquipmentClassId(0), Clock = UsageClock.Calendar, Every = 30 * 60_000, LeadTime = Duration.FromMinutes(10),
                    Duration = Distribution.Constant(45 * 60_000), Window = new CalendarId(0),
                },
            ],
        };

        Assert.Equal([0.0, 60, 165], Starts(Plan(plant.Compile())).Order()); // due at 0:30, ready at 0:40, its window opens at 2:00
    }

    [Fact]
    public void Work_that_pauses_and_times_that_a_person_fixed_stay_where_they_are_and_the_plan_says_so()
    {
        var plant = Hours(1, interruptible: true);
        plant.Disturbances = [new Disturbance { Kind = DisturbanceKind.Maintenance, Equipment = new EquipmentId(0), Time = SimTime.FromHours(0.5), Duration = Duration.FromHours(2) }];
        var result = Plan(plant.Compile());
        Assert.Equal([0.0], Starts(result));
        Assert.Equal(["maintenance-of-pausing-work"], result.NotKnown.Select(s => s.Key));

        var fix = Hours(1);
        fix.Disturbances = plant.Disturbances;
        var current = new Schedule
        {
            Batches = [new PlannedBatch { Equipment = new EquipmentId(0), Jobs = [new JobId(0)], SetupStart = SimTime.FromHours(1), Start = SimTime.FromHours(1), End = SimTime.FromHours(2), Lock = LockKind.Time }],
        };
        Assert.Equal([60.0], Starts(Plan(fix.Compile(), current: current)));
    }

    [Fact]
    public void A_plan_says_what_it_does_not_know()
    {
        Assert.Empty(Plan(Hours(1).Compile()).NotKnown);
        var plant = Fed(stock: 10);
        plant.Extra = plant.Extra with
        {
            Utilities = [new Utility { Id = "boiler", Name = "boiler", RateCap = 5 }, new Utility { Id = "air", Name = "air" }],
            MaintenancePlans = [new MaintenancePlan { Id = "service", Class = new EquipmentClassId(0), Clock = UsageClock.Running, Every = 1e9, Duration = Distribution.Constant(1) }],
        };
        var known = Plan(plant.Compile()).NotKnown;

        Assert.Equal(["utility-caps", "material-competition", "maintenance-by-use"], known.Select(s => s.Key));
        Assert.Contains("boiler", known[0].Says.En, StringComparison.Ordinal);
        Assert.DoesNotContain("air", known[0].Says.En, StringComparison.Ordinal);
        Assert.All(known, s => Assert.NotEqual(s.Says.In("en"), s.Says.In("zh-CN")));
    }

    [Fact]
    public void A_batch_that_a_utility_slows_down_is_expected_to_end_at_its_present_speed()
    {
        // Two phases of an hour draw 10 kg/h each of 10: half speed, two hours. After half an hour a quarter of each is done.
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c);
        plant.Machine(c);
        plant.Extra = plant.Extra with { Utilities = [new Utility { Id = "boiler", Name = "boiler", Kind = UtilityKind.Steam, RateCap = 10 }] };
        var product = plant.Product(TinyPlant.Step(c, 0) with { Phases = [new Phase { Name = "heat", Hold = Duration.FromHours(1), SteamKgPerUnit = 10 }] });
        plant.Order(product);
        plant.Order(product);
        var compiled = plant.Compile();
        var simulator = new PlantSimulator(compiled, new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(0.5));

        Assert.Equal(Duration.FromHours(0.25).Milliseconds, simulator.State.ProgressMs(0, simulator.State.Now));
        var problem = SchedulingProblem.Build(compiled, simulator.State, null, null);
        Assert.All(problem.Machines, m => Assert.Equal([Duration.FromHours(2).Milliseconds], m.CommittedEnds));
    }

    private static TinyPlant Hours(int orders, bool interruptible = false)
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c);
        var product = plant.Product(TinyPlant.Step(c, 60) with { Interruptible = interruptible });
        for (var i = 0; i < orders; i++)
        {
            plant.Order(product);
        }

        return plant;
    }
}
