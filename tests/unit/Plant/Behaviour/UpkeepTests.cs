using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

/// <summary>Failure modes and maintenance plans in plants small enough to follow by hand. Times are minutes.</summary>
public class UpkeepTests
{
    private const double Minute = 60_000;

    internal static Distribution Minutes(double minutes) => Distribution.Constant(minutes * Minute);

    private static double[] Times(IEnumerable<PlantEvent> events, PlantEventKind kind) =>
        [.. events.Where(e => e.Kind == kind).Select(e => Math.Round(e.Time.Milliseconds / Minute, 2))];

    internal static FailureMode Mode(double life, double repair, UsageClock clock = UsageClock.Running) => new()
    {
        Id = "wear", Class = new EquipmentClassId(0), Clock = clock, Life = Minutes(life), TimeToRepair = Minutes(repair),
    };

    internal static MaintenancePlan Plan(double? every, double duration, UsageClock clock = UsageClock.Running) => new()
    {
        Id = "service", Class = new EquipmentClassId(0), Clock = clock, Every = every * Minute, Duration = Minutes(duration),
    };

    private static ConditionSignal Signal(double? inspectionEvery = null) => new()
    {
        Baseline = 1, Limit = 16, PfInterval = Minutes(100), InspectionEvery = inspectionEvery is { } m ? Duration.FromMinutes(m) : null,
    };

    /// <summary>One machine (or more) and jobs that are there from the start.</summary>
    private static TinyPlant Works(double[] jobs, FailureMode[] modes, MaintenancePlan[] plans, int machines = 1, double release = 0)
    {
        var plant = new TinyPlant();
        plant.Extra = plant.Extra with { FailureModes = [.. modes], MaintenancePlans = [.. plans], Auxiliaries = [new AuxiliaryResource { Id = "fitter", Name = "fitter", Count = 1 }] };
        var c = plant.Class("c");
        for (var m = 0; m < machines; m++)
        {
            plant.Machine(c);
        }

        foreach (var minutes in jobs)
        {
            plant.Order(plant.Product((c, minutes)), o => o with { Release = SimTime.FromHours(release / 60) });
        }

        return plant;
    }

    [Fact]
    public void Maintenance_by_running_hours_begins_when_the_work_in_hand_is_done_and_before_other_work()
    {
        var (simulator, events) = Works([25, 25, 25, 25], [], [Plan(60, 15)]).Run();

        Assert.Equal([60], Times(events, PlantEventKind.MaintenanceOrdered));
        Assert.Equal([75], Times(events, PlantEventKind.MaintenanceStarted));
        Assert.Equal([25, 50, 75, 115], Times(events, PlantEventKind.BatchEnded));
        Assert.Equal(1, simulator.State.Meters[0].MaintenancesDone);
    }

    [Fact]
    public void Deferred_maintenance_lets_work_go_first_that_is_over_in_time_and_no_other()
    {
        var (_, events) = Works([25, 25, 25, 25, 25], [], [Plan(60, 15) with { Defer = Duration.FromMinutes(40) }]).Run(); // at 100 at the latest

        Assert.Equal([100], Times(events, PlantEventKind.MaintenanceStarted));
        Assert.Equal([25, 50, 75, 100, 140], Times(events, PlantEventKind.BatchEnded));

        (_, events) = Works([25, 25, 25, 25, 25], [], [Plan(60, 15) with { Defer = Duration.FromMinutes(39) }]).Run();

        Assert.Equal([75], Times(events, PlantEventKind.MaintenanceStarted)); // nothing fits until 99, so the machine is idle at 75
        Assert.Equal([25, 50, 75, 115, 140], Times(events, PlantEventKind.BatchEnded));
    }

    [Fact]
    public void Maintenance_waits_for_its_lead_time_and_its_window_while_work_goes_on()
    {
        var night = new WorkCalendar { Id = "night", Name = "night", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(3, 0), new TimeOnly(4, 0))] };
        var plant = Works([25, 25, 25, 25, 25, 25, 25, 25], [], [Plan(60, 15) with { LeadTime = Duration.FromMinutes(30), Window = new CalendarId(0) }]);
        plant.Extra = plant.Extra with { Calendars = [night] };

        var (_, events) = plant.Run();

        // Ordered at 60, ready at 90, but its window opens at 180: seven jobs fit before.
        Assert.Equal([180], Times(events, PlantEventKind.MaintenanceStarted));
        Assert.Equal([25, 50, 75, 100, 125, 150, 175, 220], Times(events, PlantEventKind.BatchEnded));
    }

    /// <summary>The last two jobs: one waits while the machine is kept free for maintenance (150 to 180) and maintained (180 to 195), another breaks off.</summary>
    [Fact]
    public void Time_that_a_machine_is_kept_for_maintenance_or_maintained_is_not_its_breakdowns()
    {
        var night = new WorkCalendar { Id = "night", Name = "night", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(3, 0), new TimeOnly(4, 0))] };
        var plant = Works([50, 50, 50, 50], [Mode(170, 8)], [Plan(60, 15) with { Window = new CalendarId(0) }]);
        plant.Extra = plant.Extra with { Calendars = [night] };
        var compiled = plant.Compile();
        var tracker = new FlowTracker(new PlantState(compiled));
        var simulator = new PlantSimulator(compiled, new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0), sink: new PlantWatch(new PlantState(compiled), tracker));
        simulator.RunToCompletion(SimTime.FromHours(100));

        // Three jobs until 150; the fourth would not be over at 180; maintained until 195; at 215 it has run for 170 and breaks for 8.
        var flow = OrderFlow.Of(tracker, simulator.State)[3];
        Assert.Equal((253, 150, 45, 8, 50), (flow.FlowMs / Minute, flow[FlowPart.Queue] / Minute, flow[FlowPart.Maintenance] / Minute, flow[FlowPart.Breakdown] / Minute, flow[FlowPart.Processing] / Minute));
        Assert.Equal(flow.FlowMs, flow.Parts.Sum());
    }

    [Fact]
    public void Maintenance_by_count_comes_after_so_many_batches_or_pieces()
    {
        var byBatches = Plan(null, 10, UsageClock.Batches) with { Every = 2 };
        var byPieces = Plan(null, 10, UsageClock.Quantity) with { Every = 3 };

        Assert.Equal([20, 50], Times(Works([10, 10, 10, 10, 10], [], [byBatches]).Run().Events, PlantEventKind.MaintenanceStarted));
        Assert.Equal([30], Times(Works([10, 10, 10, 10, 10], [], [byPieces]).Run().Events, PlantEventKind.MaintenanceStarted));
    }

    [Fact]
    public void Failure_modes_compete_each_on_its_own_clock_and_a_repair_begins_only_its_own_life_anew()
    {
        var modes = new[] { Mode(40, 10), Mode(100, 5, UsageClock.Calendar) with { Id = "age" } };

        var (simulator, events) = Works([90], modes, []).Run();

        // Runs 0–40 and 50–90; the second repair ends at 100, when the other component is 100 old.
        Assert.Equal([40, 90, 100], Times(events, PlantEventKind.EquipmentDown));
        Assert.Equal([0, 0, 1], events.Where(e => e.Kind == PlantEventKind.EquipmentDown).Select(e => e.Arg));
        Assert.Equal([115], Times(events, PlantEventKind.BatchEnded));
        Assert.Equal((2, 1), (simulator.State.Wear[0].Failures, simulator.State.Wear[1].Failures));
    }

    [Theory]
    [InlineData(AfterBreakdown.Resume, new double[] { 20 }, 90)]
    [InlineData(AfterBreakdown.Repeat, new double[] { 20 }, 140)]
    [InlineData(AfterBreakdown.Scrap, new double[] { 20, 80 }, 140)]
    public void The_mode_that_broke_the_machine_decides_what_becomes_of_the_batch(AfterBreakdown after, double[] started, double ended)
    {
        var (simulator, events) = Works([60], [Mode(70, 10, UsageClock.Calendar) with { AfterBreakdown = after, Cost = 7 }], [], release: 20).Run();

        Assert.Equal([70], Times(events, PlantEventKind.EquipmentDown)); // 50 of 60 done
        Assert.Equal(started, Times(events, PlantEventKind.BatchStarted));
        Assert.Equal([ended], Times(events, PlantEventKind.BatchEnded));
        Assert.Equal(7, simulator.State.Meters[0].FailureCost);
    }

    [Theory]
    [InlineData(Restoration.AsNew)]
    [InlineData(Restoration.Minimal)]
    public void Component_is_as_good_as_new_after_its_repair_or_works_on_at_its_age(Restoration restores)
    {
        var mode = Mode(1, 1, UsageClock.Working) with { Life = Distribution.Weibull(2, 100 * Minute), Restores = restores };
        var plant = Works([1], [mode], [], release: 500);
        var recorder = new EventRecorder();
        var random = new RandomSource(1, 0);
        var simulator = new PlantSimulator(plant.Compile(), new DispatchPolicy(), random, sink: recorder);
        simulator.RunUntil(SimTime.FromHours(8));

        var book = simulator.State.Plant.Upkeep;
        var (worked, expected) = (0.0, new List<double>());
        for (var k = 0; k < 4; k++)
        {
            var life = Math.Ceiling(book.DrawLife(0, restores == Restoration.Minimal ? worked : 0, k, random));
            worked = restores == Restoration.Minimal ? life : worked + life;
            expected.Add(worked + k * Minute);
        }

        var seen = recorder.Events.Where(e => e.Kind == PlantEventKind.EquipmentDown).Select(e => (double)e.Time.Milliseconds).Take(4).ToList();
        Assert.Equal(expected.Take(seen.Count).Select(t => Math.Round(t / 10)), seen.Select(t => Math.Round(t / 10)));
        Assert.True(seen.Count >= 3);
    }

    [Fact]
    public void Vibration_is_flat_until_P_and_exponential_to_the_limit_at_F()
    {
        var signal = Signal();

        Assert.Equal([1, 1, 2, 4, 16], ((double[])[0, 100, 125, 150, 200]).Select(age => Math.Round(signal.Level(age, 100, 200), 9)));
        Assert.Equal(150, signal.AgeAt(4, 100, 200), 9);
        Assert.Equal([VibrationZone.A, VibrationZone.B, VibrationZone.C, VibrationZone.D], ((double[])[2.2, 2.3, 4.5, 7.1]).Select(signal.ZoneOf));
        Assert.Equal([VibrationZone.A, VibrationZone.B, VibrationZone.C, VibrationZone.D], ((double[])[3.4, 3.5, 7.1, 11.2]).Select((signal with { Support = MachineSupport.Flexible }).ZoneOf));
    }

    [Fact]
    public void Inspections_read_the_vibration_of_a_running_machine_and_a_failure_comes_at_F()
    {
        var (simulator, events) = Works([300], [Mode(200, 10) with { Signal = Signal(50) with { ReadingCost = 2 } }], []).Run();

        var readings = events.Where(e => e.Kind == PlantEventKind.ConditionMeasured).Select(e => (e.Time.Milliseconds / Minute, Math.Round(e.Value, 9))).Take(5);
        Assert.Equal([(50.0, 1.0), (100, 1), (150, 4), (200, 16), (260, 1)], readings); // repaired at 210 it is measured again 50 later
        Assert.Equal(100, Times(events, PlantEventKind.PotentialFailure)[0]);
        Assert.Equal([200], Times(events, PlantEventKind.EquipmentDown));
        Assert.Equal(12, simulator.State.Meters[0].MaintenanceCost); // and at 310
    }

    [Fact]
    public void Alarm_of_a_monitor_orders_maintenance_within_its_lead_time_and_prevents_the_failure()
    {
        var plan = Plan(null, 10) with { Watches = 0, AtLevel = 4, LeadTime = Duration.FromMinutes(20), Renews = [0], Cost = 5 };

        var (simulator, events) = Works([30, 30, 30, 30, 30, 30], [Mode(200, 60) with { Signal = Signal() }], [plan]).Run();

        var alarm = events.Last(e => e.Kind == PlantEventKind.ConditionMeasured);
        Assert.Equal((150 * 60_000, 4.0), (alarm.Time.Milliseconds, alarm.Value));
        Assert.Equal([150], Times(events, PlantEventKind.MaintenanceOrdered));
        Assert.Equal([170], Times(events, PlantEventKind.MaintenanceStarted)); // 30 more minutes of work do not fit before
        Assert.Equal([30, 60, 90, 120, 150, 210], Times(events, PlantEventKind.BatchEnded));
        Assert.Equal((0, 1, 5), (simulator.State.Meters[0].Failures, simulator.State.Meters[0].FailuresPrevented, simulator.State.Meters[0].MaintenanceCost));
        Assert.Equal(0, simulator.State.Wear[0].Readings); // a new component has none
    }

    [Theory]
    [InlineData(IntervalStart.Renewal, new double[0])]
    [InlineData(IntervalStart.Maintenance, new double[] { 110 })]
    public void Interval_is_counted_from_the_repair_that_renewed_the_component_or_regardless_of_it(IntervalStart from, double[] ordered)
    {
        var plan = Plan(100, 5, UsageClock.Working) with { Renews = [0], CountedFrom = from };

        var (_, events) = Works([140], [Mode(60, 10, UsageClock.Working)], [plan]).Run();

        Assert.Equal(60, Times(events, PlantEventKind.EquipmentDown)[0]);
        Assert.Equal(ordered, Times(events, PlantEventKind.MaintenanceOrdered));
    }

    [Fact]
    public void Plans_that_may_are_done_in_one_stop()
    {
        var first = Plan(60, 10, UsageClock.Calendar) with { TogetherWithin = 0 };
        var second = Plan(100, 20, UsageClock.Calendar) with { Id = "other", TogetherWithin = 0.5 };

        var never = Plan(null, 30, UsageClock.Calendar) with { Id = "never", TogetherWithin = 0.9 }; // without an interval it is only done when ordered

        var (simulator, events) = Works([1], [], [first, second, never], release: 230).Run();

        Assert.Equal([60, 150], Times(events, PlantEventKind.MaintenanceStarted)); // both end at 90; at 150 the second has 40 of 100 left again
        Assert.All(events.Where(e => e.Kind == PlantEventKind.MaintenanceStarted), e => Assert.Equal(30 * Minute, e.Value));
        Assert.Equal([2, 2, 0], simulator.State.Maintenance.ToArray().Select(p => p.Done));
    }

    [Fact]
    public void One_fitter_maintains_one_machine_after_the_other_and_the_second_may_work_meanwhile()
    {
        var plan = Plan(60, 30, UsageClock.Calendar) with { Crew = new CrewNeed("fitter"), Defer = Duration.FromHours(2) };

        var plant = Works([20], [], [plan], machines: 2, release: 65);
        plant.Order(plant.Product((new EquipmentClassId(0), 1)), o => o with { Release = SimTime.FromHours(119 / 60.0) });
        var (simulator, events) = plant.Run();

        Assert.Equal([(0, 60.0), (1, 90)], events.Where(e => e.Kind == PlantEventKind.MaintenanceStarted).Select(e => (e.Equipment, e.Time.Milliseconds / Minute)));
        Assert.Equal([85, 120], Times(events, PlantEventKind.BatchEnded)); // the first on the second machine, which had waited for the fitter from 60 to 65
        Assert.Equal(5 * 60_000 + 5 * 60_000, simulator.State.Meters[1].CrewWaitMs); // and from 85 to 90
        Assert.Equal(1, events.Count(e => e is { Kind: PlantEventKind.CrewRequested, Arg: (int)CrewTask.None }));
    }

    [Fact]
    public void A_breakdown_during_maintenance_leaves_its_rest_to_be_done_and_only_then_renews()
    {
        var plant = Works([200], [Mode(1000, 5)], [Plan(60, 40, UsageClock.Calendar) with { Renews = [0], Crew = new CrewNeed("fitter") }], release: 61);
        plant.Disturbances = [new Disturbance { Equipment = new EquipmentId(0), Time = SimTime.FromHours(80 / 60.0), Duration = Duration.FromMinutes(10) }];

        var (simulator, events) = plant.Run();

        Assert.Equal([60, 90], Times(events, PlantEventKind.MaintenanceStarted)[..2]); // 20 done, broken until 90, 20 left
        Assert.Equal(110, Times(events, PlantEventKind.MaintenanceEnded)[0]);
        Assert.Equal(0, events.Count(e => e.Kind == PlantEventKind.CrewRequested));
        Assert.Equal(40 * 60_000, simulator.State.TimeInStatus[(int)EquipmentStatus.Maintenance]);
    }

    [Fact]
    public void Maintenance_is_done_while_the_machine_is_off_shift()
    {
        var day = new WorkCalendar { Id = "day", Name = "day", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(2, 0))] };
        var plant = Works([], [], [Plan(60, 15) with { Defer = Duration.FromHours(5) }]);
        plant = new TinyPlant { Extra = plant.Extra with { Calendars = [day] } };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Calendar = new CalendarId(0) });
        for (var i = 0; i < 7; i++)
        {
            plant.Order(plant.Product((c, 20)));
        }

        var (_, events) = plant.Run();

        Assert.Equal([120], Times(events, PlantEventKind.MaintenanceStarted)); // six jobs first, then the shift is over
        Assert.Equal(24 * 60 + 20, Times(events, PlantEventKind.BatchEnded)[^1]);
    }
}
