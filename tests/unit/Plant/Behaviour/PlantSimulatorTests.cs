using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class PlantSimulatorTests
{
    private static double CompletedAt(PlantSimulator simulator, OrderId order) =>
        new SimTime(simulator.State.Orders[order].CompletedAt).Milliseconds / 60_000.0;

    private static double StartedAt(PlantSimulator simulator, int job) => simulator.State.Jobs[job].StartAt / 60_000.0;

    /// <summary>A ends at 10 min and rests an hour, B ends at 30 min: C, which needs both, begins at 70 min, also after a restart in between.</summary>
    [Fact]
    public void Where_branches_meet_the_longest_rest_counts_whichever_ends_last()
    {
        var plant = new TinyPlant();
        var (a, b, c) = (plant.Class("a"), plant.Class("b"), plant.Class("c"));
        plant.Machine(a);
        plant.Machine(b);
        plant.Machine(c);
        plant.Order(plant.Product(TinyPlant.Step(a, 10) with { MinWait = Duration.FromMinutes(60) }, TinyPlant.Step(c, 1), TinyPlant.Step(b, 30)));
        var scenario = plant.Build();
        var steps = scenario.Plant.WorkMasters[0].Operations;
        scenario = scenario with
        {
            Plant = scenario.Plant with { WorkMasters = [scenario.Plant.WorkMasters[0] with { Operations = [steps[0], steps[2] with { Predecessors = [] }, steps[1] with { Predecessors = [0, 1] }] }] },
        };
        var simulator = new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(40 / 60.0));
        var restarted = new PlantSimulator(simulator.State.Plant, new DispatchPolicy(), new RandomSource(1, 0), simulator.State);
        simulator.RunToCompletion(SimTime.FromHours(9));
        restarted.RunToCompletion(SimTime.FromHours(9));

        Assert.Equal(70 * Duration.MillisecondsPerMinute, simulator.State.Jobs[2].StartAt);
        Assert.Equal(70 * Duration.MillisecondsPerMinute, restarted.State.Jobs[2].StartAt);
    }

    [Fact]
    public void A_flow_of_two_steps_is_as_long_as_their_sum()
    {
        var plant = new TinyPlant();
        var (cut, sew) = (plant.Class("cut"), plant.Class("sew"));
        plant.Machine(cut);
        plant.Machine(sew);
        var product = plant.Product((cut, 10), (sew, 20));
        var (first, second) = (plant.Order(product), plant.Order(product));

        var (simulator, _) = plant.Run();

        Assert.Equal(30, CompletedAt(simulator, first));
        Assert.Equal(50, CompletedAt(simulator, second)); // waits for the sewing machine from 20 to 30
        Assert.Equal(0, simulator.OpenOrders);
    }

    [Theory]
    [InlineData(DispatchRule.Fifo, new[] { 0, 1, 2 })]
    [InlineData(DispatchRule.Edd, new[] { 0, 2, 1 })]
    [InlineData(DispatchRule.Spt, new[] { 0, 1, 2 })]
    public void Rules_order_the_queue_as_their_names_say(DispatchRule rule, int[] expected)
    {
        var plant = new TinyPlant { Dispatch = rule };
        var c = plant.Class("c");
        plant.Machine(c);
        var first = plant.Product((c, 10));
        var quick = plant.Product((c, 5));
        var slow = plant.Product((c, 50));
        plant.Order(first, o => o with { Due = SimTime.FromHours(1) });
        plant.Order(quick, o => o with { Release = SimTime.FromHours(0.1), Due = SimTime.FromHours(9) });
        plant.Order(slow, o => o with { Release = SimTime.FromHours(0.1), Due = SimTime.FromHours(2) });

        var (simulator, events) = plant.Run();

        var order = events.Where(e => e.Kind == PlantEventKind.BatchStarted).Select(e => simulator.State.Plant.Jobs.OrderOf(e.Job));
        Assert.Equal(expected, order);
    }

    [Fact]
    public void Matrix_changeovers_take_their_time_and_least_changeover_avoids_them()
    {
        double Makespan(DispatchRule rule)
        {
            var plant = new TinyPlant { Dispatch = rule };
            var c = plant.Class("vat");
            var (dark, white) = (plant.Family("dark"), plant.Family("white"));
            plant.Extra = plant.Extra with
            {
                ChangeoverRules = [new MatrixChangeover
                {
                    Id = "m", Default = new Changeover(Duration.FromMinutes(100)),
                    Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty,
                }],
            };
            plant.Machine(c, m => m with { Changeover = new ChangeoverRuleId(0) });
            var product = plant.Product((c, 10));
            foreach (var family in (FamilyId[])[dark, white, dark, white])
            {
                plant.Order(product, o => o with { Family = family });
            }

            var (simulator, _) = plant.Run();
            return simulator.Now.Milliseconds / 60_000.0;
        }

        Assert.Equal(40 + 3 * 100, Makespan(DispatchRule.Fifo));
        Assert.Equal(40 + 1 * 100, Makespan(DispatchRule.LeastChangeover));
    }

    [Fact]
    public void A_forbidden_succession_passes_through_the_cleaning()
    {
        var plant = new TinyPlant();
        var c = plant.Class("vat");
        var (dark, white) = (plant.Family("dark"), plant.Family("white"));
        plant.Extra = plant.Extra with
        {
            ChangeoverRules = [new MatrixChangeover
            {
                Id = "m",
                Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty
                    .Add((dark, white), new Changeover(Duration.Zero, Allowed: false)),
                Cleaning = new Changeover(Duration.FromMinutes(60)),
            }],
        };
        plant.Machine(c, m => m with { Changeover = new ChangeoverRuleId(0) });
        var product = plant.Product((c, 10));
        plant.Order(product, o => o with { Family = dark });
        plant.Order(product, o => o with { Family = white });

        var (simulator, events) = plant.Run();

        Assert.Equal(80, simulator.Now.Milliseconds / 60_000.0);
        Assert.Single(events, e => e.Kind == PlantEventKind.CleaningStarted);
    }

    [Fact]
    public void Residue_forces_the_weakest_cleaning_that_suffices()
    {
        var plant = new TinyPlant();
        var c = plant.Class("vat");
        var black = plant.Family("black", soil: 7);
        var light = plant.Family("light", soil: 1, limit: 5);
        plant.Extra = plant.Extra with
        {
            ChangeoverRules = [new ResidueChangeover
            {
                Id = "r",
                Cleanings = [new CleaningOperation("strip", 4, Duration.FromMinutes(7)), new CleaningOperation("heavy", 63, Duration.FromMinutes(14))],
            }],
        };
        plant.Machine(c, m => m with { Changeover = new ChangeoverRuleId(0) });
        var product = plant.Product((c, 10));
        plant.Order(product, o => o with { Family = black });
        plant.Order(product, o => o with { Family = light });

        var (simulator, events) = plant.Run();

        Assert.Equal(10 + 7 + 10, simulator.Now.Milliseconds / 60_000.0); // 7 − 4 = 3 < 5
        Assert.Equal(0, Assert.Single(events, e => e.Kind == PlantEventKind.CleaningStarted).Arg);
        Assert.Equal(3 + 1, simulator.State.Equipment[0].Residue);
    }

    [Fact]
    public void Batches_join_lots_of_one_family_up_to_the_capacity()
    {
        var plant = new TinyPlant();
        var c = plant.Class("oven");
        var (red, blue) = (plant.Family("red"), plant.Family("blue"));
        plant.Machine(c, m => m with { CapacityMax = 100, CapacityNominal = 100 });
        var product = plant.Product(TinyPlant.Step(c, 30) with { Batches = true });
        foreach (var (family, quantity) in ((FamilyId, double)[])[(red, 60), (blue, 50), (red, 40), (red, 10)])
        {
            plant.Order(product, o => o with { Family = family, Quantity = quantity });
        }

        var (simulator, events) = plant.Run();

        Assert.Equal(3, events.Count(e => e.Kind == PlantEventKind.BatchStarted)); // 60+40 red, blue, 10 red
        Assert.Equal(90, simulator.Now.Milliseconds / 60_000.0);
    }

    [Fact]
    public void A_batch_below_the_minimum_waits_for_company_but_not_for_ever()
    {
        var plant = new TinyPlant();
        var c = plant.Class("oven", batchWaitMinutes: 45);
        plant.Machine(c, m => m with { CapacityMin = 60, CapacityMax = 100 });
        var product = plant.Product(TinyPlant.Step(c, 30) with { Batches = true });
        plant.Order(product, o => o with { Quantity = 30 });
        plant.Order(product, o => o with { Quantity = 40, Release = SimTime.FromHours(2) });

        var (simulator, _) = plant.Run();

        Assert.Equal(45, StartedAt(simulator, 0)); // waited its 45 minutes
        Assert.Equal(120, StartedAt(simulator, 1)); // nothing else can come: starts at once
    }

    [Fact]
    public void Interruptible_work_pauses_outside_the_shift_and_other_work_waits_for_a_window_it_fits()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Extra = plant.Extra with
        {
            Calendars = [new WorkCalendar { Id = "day", Name = "day", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(8, 0), new TimeOnly(16, 0))] }],
        };
        plant.Machine(c, m => m with { Calendar = new CalendarId(0) });
        plant.Machine(plant.Class("d"), m => m with { Calendar = new CalendarId(0) });
        var pausing = plant.Product(TinyPlant.Step(c, 600) with { Interruptible = true });
        var whole = plant.Product(TinyPlant.Step(new EquipmentClassId(1), 300));
        var a = plant.Order(pausing);
        plant.Order(whole);
        var b = plant.Order(whole);

        var (simulator, events) = plant.Run();

        Assert.Equal(24 * 60 + 8 * 60 + 120, CompletedAt(simulator, a)); // 8 h on Monday, 2 h on Tuesday
        Assert.Equal(24 * 60 + 8 * 60 + 300, CompletedAt(simulator, b)); // the second 5 h do not fit on Monday
        Assert.Contains(events, e => e.Kind == PlantEventKind.BatchHeld && e.Arg == (int)HoldReason.ShiftEnd);
    }

    [Fact]
    public void A_breakdown_interrupts_and_the_batch_resumes_where_it_was()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        var machine = plant.Machine(c);
        var order = plant.Order(plant.Product((c, 60)));
        plant.Disturbances = [new Disturbance { Time = SimTime.FromHours(0.5), Equipment = machine, Duration = Duration.FromMinutes(20) }];

        var (simulator, _) = plant.Run();

        Assert.Equal(80, CompletedAt(simulator, order));
        Assert.Equal(20 * 60_000, simulator.State.TimeInStatus[(int)EquipmentStatus.Repair]);
    }

    [Fact]
    public void A_breakdown_during_setup_repeats_the_setup()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        var machine = plant.Machine(c);
        var order = plant.Order(plant.Product(TinyPlant.Step(c, 60) with { Setup = Duration.FromMinutes(30) }));
        plant.Disturbances = [new Disturbance { Time = SimTime.FromHours(0.25), Equipment = machine, Duration = Duration.FromMinutes(20) }];

        var (simulator, _) = plant.Run();

        Assert.Equal(15 + 20 + 30 + 60, CompletedAt(simulator, order));
    }

    [Fact]
    public void A_full_buffer_blocks_the_machine_before_it()
    {
        var plant = new TinyPlant();
        var (first, second) = (plant.Class("first"), plant.Class("second", buffer: 1));
        plant.Machine(first);
        plant.Machine(second);
        var product = plant.Product((first, 10), (second, 30));
        for (var i = 0; i < 4; i++)
        {
            plant.Order(product);
        }

        var (simulator, events) = plant.Run();

        // 2nd enters at 10, 3rd waits in the buffer from 20 to 40; the 3rd unit of work ends at 30 and is blocked until 40.
        Assert.Equal([30.0, 50.0], events.Where(e => e.Kind == PlantEventKind.BatchBlocked).Select(e => e.Time.Milliseconds / 60_000.0).Take(2));
        Assert.Equal(10 + 4 * 30, simulator.Now.Milliseconds / 60_000.0);
    }

    [Fact]
    public void Travel_between_sites_delays_the_start()
    {
        var plant = new TinyPlant();
        var (a, b) = (plant.Class("a"), plant.Class("b"));
        plant.Extra = plant.Extra with
        {
            Sites = [new Site { Id = "N", Name = "N" }, new Site { Id = "S", Name = "S" }],
            Travel = ImmutableDictionary<(SiteId, SiteId), Duration>.Empty.Add((new SiteId(0), new SiteId(1)), Duration.FromMinutes(25)),
        };
        plant.Machine(a);
        plant.Machine(b, m => m with { Site = new SiteId(1) });
        plant.Order(plant.Product((a, 10), (b, 5)));

        var (simulator, _) = plant.Run();

        Assert.Equal(40, simulator.Now.Milliseconds / 60_000.0);
    }

    [Fact]
    public void Auxiliaries_limit_how_much_runs_at_once()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c);
        plant.Machine(c);
        plant.Extra = plant.Extra with { Auxiliaries = [new AuxiliaryResource { Id = "frame", Name = "frame", Count = 1 }] };
        var product = plant.Product(TinyPlant.Step(c, 10) with { Auxiliaries = [new AuxiliaryNeed(new AuxiliaryId(0), 1)] });
        plant.Order(product);
        plant.Order(product);

        var (simulator, _) = plant.Run();

        Assert.Equal(20, simulator.Now.Milliseconds / 60_000.0);
    }

    [Fact]
    public void A_schedule_is_followed_in_its_order_on_its_machines()
    {
        var plant = new TinyPlant { Dispatch = DispatchRule.Fifo };
        var c = plant.Class("c");
        var (one, two) = (plant.Machine(c), plant.Machine(c));
        var product = plant.Product((c, 10));
        for (var i = 0; i < 3; i++)
        {
            plant.Order(product);
        }

        PlannedBatch Planned(int job, EquipmentId on, double start, bool hold = false) => new()
        {
            Equipment = on, Jobs = [new JobId(job)], HoldUntilStart = hold,
            SetupStart = SimTime.FromHours(start / 60), Start = SimTime.FromHours(start / 60), End = SimTime.FromHours((start + 10) / 60),
        };
        var schedule = new Schedule { Batches = [Planned(2, one, 0), Planned(0, one, 10), Planned(1, two, 45, hold: true)] };

        var (simulator, _) = plant.Run(new DispatchPolicy { Schedule = schedule });

        Assert.Equal([10.0, 45.0, 0.0], Enumerable.Range(0, 3).Select(j => StartedAt(simulator, j)));
        Assert.Equal(two.Index, simulator.State.Jobs[1].Equipment);
    }

    [Fact]
    public void Rework_repeats_the_operation_and_is_counted()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c);
        plant.Order(plant.Product(TinyPlant.Step(c, 10) with { ReworkProbability = 0.5 }));

        var runs = Enumerable.Range(1, 40).Select(seed => plant.Run(seed: (ulong)seed).Simulator).ToList();

        Assert.All(runs, r => Assert.Equal(10 * (1 + r.State.Jobs[0].Attempt), r.Now.Milliseconds / 60_000.0));
        Assert.Contains(runs, r => r.State.Jobs[0].Attempt == 0);
        Assert.Contains(runs, r => r.State.Jobs[0].Attempt >= 2);
    }
}
