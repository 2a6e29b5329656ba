using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler.Problems;

public class ScheduleCheckerTests
{
    /// <summary>Two machines of one class at two sites, a third of another class; steps of 60 min.</summary>
    private static (TinyPlant Plant, EquipmentClassId One, EquipmentClassId Other) Shop(Func<Equipment, Equipment>? with = null)
    {
        var plant = new TinyPlant();
        var (one, other) = (plant.Class("one"), plant.Class("other"));
        plant.Extra = new PlantModel
        {
            Sites = [new Site { Id = "A", Name = new Label("A") }, new Site { Id = "B", Name = new Label("B") }],
            Travel = ImmutableDictionary<(SiteId, SiteId), Duration>.Empty.Add((new SiteId(0), new SiteId(1)), Duration.FromMinutes(10)),
            Auxiliaries = [new AuxiliaryResource { Id = "crew", Name = new Label("crew"), Count = 1 }],
            Calendars = [new WorkCalendar { Id = "day", Name = new Label("day"), Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(8, 0))] }],
        };
        plant.Machine(one, with);
        plant.Machine(one, m => with is null ? m : with(m));
        plant.Machine(other, m => m with { Site = new SiteId(1) });
        return (plant, one, other);
    }

    private static PlannedBatch Batch(int equipment, int setupMinute, int startMinute, int endMinute, params int[] jobs) => new()
    {
        Equipment = new EquipmentId(equipment), Jobs = [.. jobs.Select(j => new JobId(j))],
        SetupStart = Minute(setupMinute), Start = Minute(startMinute), End = Minute(endMinute),
    };

    private static SimTime Minute(int minute) => SimTime.Zero + Duration.FromMinutes(minute);

    private static void Finds(ScheduleRule rule, CompiledScenario plant, IEnumerable<PlannedBatch> batches, ViolationSeverity severity = ViolationSeverity.Error, PlantState? from = null, Schedule? current = null)
    {
        var violations = ScheduleChecker.Check(plant, new Schedule { Batches = [.. batches] }, from, current);
        Assert.Contains(violations, v => v.Rule == rule && v.Severity == severity && v.Message.Length > 0);
        Assert.DoesNotContain(violations, v => v.Rule != rule);
    }

    private static void IsFine(CompiledScenario plant, params PlannedBatch[] batches) =>
        Assert.Empty(ScheduleChecker.Check(plant, new Schedule { Batches = [.. batches] }));

    [Fact]
    public void A_forgotten_a_doubled_and_an_unknown_job_are_found()
    {
        var (tiny, one, _) = Shop();
        var product = tiny.Product((one, 60));
        tiny.Order(product);
        tiny.Order(product);
        var plant = tiny.Compile();

        IsFine(plant, Batch(0, 0, 0, 60, 0), Batch(1, 0, 0, 60, 1));
        Finds(ScheduleRule.Completeness, plant, [Batch(0, 0, 0, 60, 0)]);
        Finds(ScheduleRule.Completeness, plant, [Batch(0, 0, 0, 60, 0), Batch(1, 0, 0, 60, 1), Batch(0, 60, 60, 120, 0)]);
        Finds(ScheduleRule.Completeness, plant, [Batch(0, 0, 0, 60, 7)]);
        Finds(ScheduleRule.Completeness, plant, [Batch(9, 0, 0, 60, 0)]);
    }

    [Fact]
    public void Equipment_that_cannot_do_the_job_is_found()
    {
        var (tiny, one, _) = Shop();
        tiny.Order(tiny.Product((one, 60)));

        Finds(ScheduleRule.Eligibility, tiny.Compile(), [Batch(2, 0, 0, 60, 0)]);
    }

    [Fact]
    public void Too_much_load_is_an_error_and_too_little_a_warning()
    {
        var (tiny, one, _) = Shop(m => m with { CapacityMin = 20, CapacityMax = 30 });
        var product = tiny.Product(TinyPlant.Step(one, 60) with { Batches = true });
        tiny.Order(product, o => o with { Quantity = 20 });
        tiny.Order(product, o => o with { Quantity = 15 });
        var plant = tiny.Compile();

        Finds(ScheduleRule.Load, plant, [Batch(0, 0, 0, 60, 0, 1)]);
        Finds(ScheduleRule.Load, plant, [Batch(0, 0, 0, 60, 0), Batch(1, 0, 0, 60, 1)], ViolationSeverity.Warning);
    }

    [Fact]
    public void Two_families_or_dye_lots_in_one_batch_are_found_and_so_is_company_where_nothing_batches()
    {
        var (tiny, one, _) = Shop();
        var (dark, light) = (tiny.Family("dark"), tiny.Family("light"));
        var dye = tiny.Product(TinyPlant.Step(one, 60) with { Batches = true });
        var cut = tiny.Product((one, 60));
        tiny.Order(dye, o => o with { Family = dark });
        tiny.Order(dye, o => o with { Family = light });
        tiny.Order(cut);
        tiny.Order(cut);
        tiny.Order(dye, o => o with { Family = dark, DyeLot = "L1" });
        var plant = tiny.Compile();
        var darkBatch = Batch(0, 0, 0, 60, 0) with { Family = dark };
        var lightBatch = Batch(0, 120, 120, 180, 1) with { Family = light };
        var lotBatch = Batch(0, 180, 180, 240, 4) with { Family = dark };

        IsFine(plant, darkBatch, lightBatch, Batch(1, 0, 0, 60, 2), Batch(1, 60, 60, 120, 3), lotBatch);
        Finds(ScheduleRule.BatchFamily, plant, [Batch(0, 0, 0, 60, 0, 1) with { Family = dark }, Batch(1, 0, 0, 60, 2), Batch(1, 60, 60, 120, 3), lotBatch]);
        Finds(ScheduleRule.BatchFamily, plant, [darkBatch, lightBatch, Batch(1, 0, 0, 60, 2, 3), lotBatch]);
        Finds(ScheduleRule.BatchFamily, plant, [Batch(0, 0, 0, 60, 0, 4) with { Family = dark }, lightBatch, Batch(1, 0, 0, 60, 2), Batch(1, 60, 60, 120, 3)]);
        Finds(ScheduleRule.BatchFamily, plant, [darkBatch with { Family = light }, lightBatch, Batch(1, 0, 0, 60, 2), Batch(1, 60, 60, 120, 3), lotBatch]);
    }

    [Fact]
    public void Overlap_is_found_setup_included_and_slots_allow_as_many_as_there_are()
    {
        var (tiny, one, _) = Shop(m => m with { Slots = m.Id == "M2" ? 2 : 1 });
        var product = tiny.Product(TinyPlant.Step(one, 60) with { Setup = Duration.Zero });
        for (var i = 0; i < 3; i++)
        {
            tiny.Order(product);
        }

        var plant = tiny.Compile();
        IsFine(plant, Batch(1, 0, 0, 60, 0), Batch(1, 30, 30, 90, 1), Batch(0, 0, 0, 60, 2));
        Finds(ScheduleRule.Overlap, plant, [Batch(0, 0, 0, 60, 0), Batch(0, 59, 59, 119, 1), Batch(1, 0, 0, 60, 2)]);
        Finds(ScheduleRule.Overlap, plant, [Batch(0, 0, 0, 60, 0), Batch(0, 50, 60, 120, 1), Batch(1, 0, 0, 60, 2)]);
        Finds(ScheduleRule.Overlap, plant, [Batch(1, 0, 0, 60, 0), Batch(1, 10, 10, 70, 1), Batch(1, 20, 20, 80, 2)]);
    }

    [Fact]
    public void Two_families_side_by_side_and_setup_beside_work_are_found()
    {
        var (tiny, one, _) = Shop(m => m with { Slots = 2, Changeover = new ChangeoverRuleId(0) });
        var (dark, light) = (tiny.Family("dark"), tiny.Family("light"));
        tiny.Extra = tiny.Extra with
        {
            ChangeoverRules = [new MatrixChangeover { Id = "m", Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty.Add((dark, light), new Changeover(Duration.FromMinutes(20))) }],
        };
        var product = tiny.Product((one, 60));
        tiny.Order(product, o => o with { Family = dark });
        tiny.Order(product, o => o with { Family = light });
        var plant = tiny.Compile();
        var first = Batch(0, 0, 0, 60, 0) with { Family = dark };

        IsFine(plant, first, Batch(0, 60, 80, 140, 1) with { Family = light });
        Finds(ScheduleRule.Overlap, plant, [first, Batch(0, 10, 30, 90, 1) with { Family = light }]);
        Finds(ScheduleRule.Overlap, plant, [first, Batch(0, 50, 70, 130, 1) with { Family = light }]);
    }

    [Fact]
    public void A_setup_too_short_and_a_forbidden_succession_are_found_and_a_cleaning_opens_the_way()
    {
        var (tiny, one, _) = Shop(m => m with { Changeover = new ChangeoverRuleId(0) });
        var (dark, light) = (tiny.Family("dark"), tiny.Family("light"));
        var matrix = new MatrixChangeover
        {
            Id = "m",
            Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty
                .Add((dark, light), new Changeover(Duration.Zero, 0, Allowed: false)).Add((light, dark), new Changeover(Duration.FromMinutes(20))),
        };
        tiny.Extra = tiny.Extra with { ChangeoverRules = [matrix] };
        var product = tiny.Product((one, 60));
        tiny.Order(product, o => o with { Family = dark });
        tiny.Order(product, o => o with { Family = light });
        var plant = tiny.Compile();
        PlannedBatch Dark(int setup, int start) => Batch(0, setup, start, start + 60, 0) with { Family = dark };
        PlannedBatch Light(int setup, int start) => Batch(0, setup, start, start + 60, 1) with { Family = light };

        IsFine(plant, Light(0, 0), Dark(60, 80));
        Finds(ScheduleRule.Changeover, plant, [Light(0, 0), Dark(60, 79)]);
        Finds(ScheduleRule.Changeover, plant, [Dark(0, 0), Light(60, 300)]);

        tiny.Extra = tiny.Extra with { ChangeoverRules = [matrix with { Cleaning = new Changeover(Duration.FromMinutes(45)) }] };
        IsFine(tiny.Compile(), Dark(0, 0), Light(60, 105));
        Finds(ScheduleRule.Changeover, tiny.Compile(), [Dark(0, 0), Light(60, 104)]);
    }

    [Fact]
    public void Residue_that_was_not_stripped_is_found()
    {
        var (tiny, one, _) = Shop(m => m with { Changeover = new ChangeoverRuleId(0) });
        var (dark, light) = (tiny.Family("dark", soil: 7), tiny.Family("light", soil: 1, limit: 5));
        tiny.Extra = tiny.Extra with { ChangeoverRules = [new ResidueChangeover { Id = "r", Cleanings = [new CleaningOperation("strip", 27, Duration.FromMinutes(30))] }] };
        var product = tiny.Product((one, 60));
        tiny.Order(product, o => o with { Family = dark });
        tiny.Order(product, o => o with { Family = light });
        var plant = tiny.Compile();
        var first = Batch(0, 0, 0, 60, 0) with { Family = dark };

        IsFine(plant, first, Batch(0, 60, 90, 150, 1) with { Family = light });
        Finds(ScheduleRule.Changeover, plant, [first, Batch(0, 60, 89, 149, 1) with { Family = light }]);
    }

    [Fact]
    public void A_wrong_processing_time_is_found()
    {
        var (tiny, one, _) = Shop();
        tiny.Order(tiny.Product((one, 60)));

        Finds(ScheduleRule.ProcessingTime, tiny.Compile(), [Batch(0, 0, 0, 59, 0)]);
        Finds(ScheduleRule.ProcessingTime, tiny.Compile(), [Batch(0, 0, 0, 61, 0)]);
    }

    [Fact]
    public void Work_outside_the_working_hours_is_found_and_interruptible_work_may_span_the_night()
    {
        foreach (var interruptible in (bool[])[false, true])
        {
            var (tiny, one, _) = Shop(m => m with { Calendar = new CalendarId(0) }); // 0:00–8:00
            tiny.Order(tiny.Product(TinyPlant.Step(one, 60) with { Interruptible = interruptible }));
            var plant = tiny.Compile();
            var overnight = Batch(0, 450, 450, 1470, 0); // 7:30 to 0:30

            IsFine(plant, Batch(0, 420, 420, 480, 0));
            if (interruptible)
            {
                IsFine(plant, overnight);
                Finds(ScheduleRule.Calendar, plant, [Batch(0, 500, 500, 1500, 0)]);
            }
            else
            {
                Finds(ScheduleRule.Calendar, plant, [Batch(0, 450, 450, 510, 0)]);
            }
        }
    }

    [Fact]
    public void A_start_before_release_or_in_the_past_is_found()
    {
        var (tiny, one, _) = Shop();
        tiny.Order(tiny.Product((one, 60)), o => o with { Release = Minute(30) });
        var plant = tiny.Compile();
        var later = new PlantState(plant);
        later.AdvanceTo(Minute(90));

        IsFine(plant, Batch(0, 30, 30, 90, 0));
        Finds(ScheduleRule.Release, plant, [Batch(0, 29, 29, 89, 0)]);
        Assert.Contains(
            ScheduleChecker.Check(plant, new Schedule { Batches = [Batch(0, 30, 30, 90, 0)] }, later), v => v.Rule == ScheduleRule.Release);
    }

    [Fact]
    public void Predecessors_shortest_waits_and_transport_are_enforced()
    {
        var (tiny, one, other) = Shop();
        tiny.Order(tiny.Product(TinyPlant.Step(one, 60) with { MinWait = Duration.FromMinutes(15) }, TinyPlant.Step(other, 60)));
        var plant = tiny.Compile();

        IsFine(plant, Batch(0, 0, 0, 60, 0), Batch(2, 85, 85, 145, 1)); // 60 + 15 wait + 10 travel
        Finds(ScheduleRule.Precedence, plant, [Batch(0, 0, 0, 60, 0), Batch(2, 84, 84, 144, 1)]);
        Finds(ScheduleRule.Precedence, plant, [Batch(0, 0, 0, 60, 0), Batch(2, 74, 85, 145, 1)]);
    }

    [Fact]
    public void A_wait_that_is_too_long_is_found()
    {
        var (tiny, one, other) = Shop();
        tiny.Order(tiny.Product(TinyPlant.Step(one, 60) with { MaxWait = Duration.FromMinutes(30) }, TinyPlant.Step(other, 60)));
        var plant = tiny.Compile();

        IsFine(plant, Batch(0, 0, 0, 60, 0), Batch(2, 90, 90, 150, 1));
        Finds(ScheduleRule.MaxWait, plant, [Batch(0, 0, 0, 60, 0), Batch(2, 91, 91, 151, 1)]);
    }

    [Fact]
    public void More_auxiliaries_than_there_are_is_found()
    {
        var (tiny, one, _) = Shop();
        var product = tiny.Product(TinyPlant.Step(one, 60) with { Auxiliaries = [new AuxiliaryNeed(new AuxiliaryId(0), 1)] });
        tiny.Order(product);
        tiny.Order(product);
        var plant = tiny.Compile();

        IsFine(plant, Batch(0, 0, 0, 60, 0), Batch(1, 60, 60, 120, 1));
        Finds(ScheduleRule.Auxiliary, plant, [Batch(0, 0, 0, 60, 0), Batch(1, 59, 59, 119, 1)]);
    }

    [Fact]
    public void Started_work_must_not_be_planned_again()
    {
        var (tiny, one, _) = Shop();
        var product = tiny.Product((one, 60));
        tiny.Order(product);
        tiny.Order(product);
        tiny.Order(product);
        var plant = tiny.Compile();
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunUntil(Minute(30)); // two machines run jobs 0 and 1

        Assert.Empty(ScheduleChecker.Check(plant, new Schedule { Batches = [Batch(0, 60, 60, 120, 2)] }, simulator.State));
        Finds(ScheduleRule.StartedWork, plant, [Batch(0, 60, 60, 120, 2), Batch(1, 60, 60, 120, 1)], from: simulator.State);
        Finds(ScheduleRule.Overlap, plant, [Batch(0, 40, 40, 100, 2)], from: simulator.State);
    }

    [Fact]
    public void A_locked_batch_keeps_its_equipment_and_its_place()
    {
        var (tiny, one, _) = Shop();
        var product = tiny.Product((one, 60));
        for (var i = 0; i < 3; i++)
        {
            tiny.Order(product);
        }

        var plant = tiny.Compile();
        var current = new Schedule { Batches = [Batch(0, 0, 0, 60, 0), Batch(0, 60, 60, 120, 1) with { Locked = true }, Batch(1, 0, 0, 60, 2)] };

        Assert.Empty(ScheduleChecker.Check(plant, current, null, current));
        Assert.Empty(ScheduleChecker.Check(plant, new Schedule { Batches = [Batch(0, 0, 0, 60, 1), Batch(1, 60, 60, 120, 0), Batch(1, 0, 0, 60, 2)] }, null, current));
        Finds(ScheduleRule.Lock, plant, [Batch(0, 0, 0, 60, 0), Batch(1, 60, 60, 120, 1), Batch(1, 0, 0, 60, 2)], current: current);
        Finds(ScheduleRule.Lock, plant, [Batch(0, 0, 0, 60, 2), Batch(0, 60, 60, 120, 1), Batch(1, 0, 0, 60, 0)], current: current);
    }
}
