using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

/// <summary>Crews in plants small enough to follow by hand. Times are minutes after the epoch, a Monday at midnight.</summary>
public class CrewTests
{
    private static AuxiliaryResource Pool(string id, int count, params string[] skills) => new() { Id = id, Name = id, Count = count, Skills = [.. skills] };

    private static WorkCalendar Daily(string id, int from, int to) =>
        new() { Id = id, Name = id, Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(from, 0), new TimeOnly(to % 24, 0))] };

    private static double[] Times(IEnumerable<PlantEvent> events, PlantEventKind kind, int equipment = -1) =>
        [.. events.Where(e => e.Kind == kind && (equipment < 0 || e.Equipment == equipment)).Select(e => e.Time.Milliseconds / 60_000.0)];

    private static ImmutableArray<Disturbance> Breakdowns(params (int Machine, double At, double Repair)[] list) =>
        [.. list.Select(b => new Disturbance { Equipment = new EquipmentId(b.Machine), Time = SimTime.FromHours(b.At / 60), Duration = Duration.FromMinutes(b.Repair) })];

    [Fact]
    public void One_repairer_mends_one_machine_after_the_other_and_the_second_is_down_meanwhile()
    {
        var plant = new TinyPlant { Disturbances = Breakdowns((0, 10, 30), (1, 20, 5)) };
        plant.Extra = plant.Extra with { Auxiliaries = [Pool("fitter", 1)] };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { RepairCrew = new CrewNeed("fitter") });
        plant.Machine(c, m => m with { RepairCrew = new CrewNeed("fitter") });
        var product = plant.Product((c, 60));
        plant.Order(product);
        plant.Order(product);

        var (simulator, events) = plant.Run();

        Assert.Equal([10, 40], Times(events, PlantEventKind.RepairStarted));
        Assert.Equal([40, 45], Times(events, PlantEventKind.RepairEnded));
        Assert.Equal([85, 90], Times(events, PlantEventKind.BatchEnded)); // 20 of 60 done, down from 20 to 45; 10 of 60 done, down from 10 to 40
        Assert.Equal(20 * 60_000, simulator.State.Meters[1].CrewWaitMs); // from 20 to 40
        Assert.Equal(0, simulator.State.Meters[0].CrewWaitMs);
        Assert.Equal(35 * 60_000, simulator.State.CrewMeters[0].BusyMs);
        Assert.Equal(90 * 60_000, simulator.State.CrewMeters[0].OnDutyMs);
    }

    [Fact]
    public void The_more_critical_machine_is_repaired_first_and_equals_in_the_order_of_their_breakdowns()
    {
        var plant = new TinyPlant { Disturbances = Breakdowns((0, 10, 30), (1, 11, 10), (2, 12, 10), (3, 13, 10)) };
        plant.Extra = plant.Extra with { Auxiliaries = [Pool("fitter", 1)] };
        var c = plant.Class("c");
        for (var i = 0; i < 4; i++)
        {
            var criticality = i == 2 ? 5 : 1;
            plant.Machine(c, m => m with { RepairCrew = new CrewNeed("fitter"), Criticality = criticality });
        }

        plant.Order(plant.Product((c, 100)));

        var (_, events) = plant.Run();

        Assert.Equal([0, 2, 1, 3], events.Where(e => e.Kind == PlantEventKind.RepairStarted).Select(e => e.Equipment));
    }

    [Fact]
    public void Small_calls_for_another_skill_do_not_keep_a_large_one_waiting_for_ever()
    {
        var plant = new TinyPlant { Disturbances = Breakdowns((1, 10, 30), (2, 15, 30), (0, 20, 5), (3, 25, 10)) };
        plant.Extra = plant.Extra with { Auxiliaries = [Pool("fitter", 2, "hands")] };
        var c = plant.Class("c");
        for (var i = 0; i < 4; i++)
        {
            var need = i == 0 ? new CrewNeed("fitter", 2) : new CrewNeed("hands");
            plant.Machine(c, m => m with { RepairCrew = need });
        }

        plant.Order(plant.Product((c, 100)));

        var (_, events) = plant.Run();

        Assert.Equal([1, 2, 0, 3], events.Where(e => e.Kind == PlantEventKind.RepairStarted).Select(e => e.Equipment));
        Assert.Equal([10, 15, 45, 50], Times(events, PlantEventKind.RepairStarted)); // the one who is free at 40 waits for the other
    }

    [Fact]
    public void A_side_job_stops_for_a_repair_and_goes_on_afterwards_where_it_was()
    {
        var plant = new TinyPlant { Disturbances = Breakdowns((0, 10, 5)) };
        plant.Extra = plant.Extra with
        {
            Auxiliaries = [Pool("fitter", 1) with { SideJobs = 1, SideJobTime = Distribution.Constant(30 * 60_000) }],
        };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { RepairCrew = new CrewNeed("fitter") });
        plant.Order(plant.Product((c, 70)));

        var (simulator, events) = plant.Run();

        Assert.Equal([0, 15, 35, 65], Times(events, PlantEventKind.SideJobStarted)); // 10 done, 5 away, 20 left; then the next
        Assert.Equal([10], Times(events, PlantEventKind.SideJobInterrupted));
        Assert.Equal([35, 65], Times(events, PlantEventKind.SideJobEnded));
        Assert.Equal(2, simulator.State.CrewMeters[0].SideJobsDone);
        Assert.Equal(70 * 60_000, simulator.State.CrewMeters[0].SideMs); // all of 75 but the repair
        Assert.Equal(5 * 60_000, simulator.State.CrewMeters[0].BusyMs);
    }

    [Fact]
    public void Nobody_is_at_work_beyond_those_on_duty_and_a_repair_waits_for_the_morning()
    {
        var plant = new TinyPlant { Disturbances = Breakdowns((0, 60, 30)) };
        plant.Extra = plant.Extra with
        {
            Calendars = [Daily("day", 6, 14)],
            Auxiliaries = [Pool("fitter", 2) with { Shifts = [new CrewShift(new CalendarId(0), 2)] }],
        };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { RepairCrew = new CrewNeed("fitter") });
        plant.Order(plant.Product((c, 120)));

        var (_, events) = plant.Run();

        Assert.Equal([360], Times(events, PlantEventKind.RepairStarted));
        Assert.Equal([450], Times(events, PlantEventKind.BatchEnded)); // 60 done, 60 left after 390
    }

    [Theory]
    [InlineData(ShiftEndRule.Finish, new[] { 830.0 }, 900.0)]
    [InlineData(ShiftEndRule.Hold, new[] { 830.0, 1800 }, 1850.0)]
    public void At_the_end_of_the_shift_a_repair_is_finished_or_waits_for_the_next_and_loses_nothing(ShiftEndRule rule, double[] started, double ended)
    {
        var plant = new TinyPlant { Disturbances = Breakdowns((0, 830, 70)) };
        plant.Extra = plant.Extra with
        {
            Calendars = [Daily("day", 6, 14)], // until 840
            Auxiliaries = [Pool("fitter", 1) with { Shifts = [new CrewShift(new CalendarId(0), 1)], AtShiftEnd = rule }],
        };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { RepairCrew = new CrewNeed("fitter") });
        plant.Order(plant.Product((c, 900)));

        var (simulator, events) = plant.Run();

        Assert.Equal(started, Times(events, PlantEventKind.RepairStarted));
        Assert.Equal([ended - (rule == ShiftEndRule.Hold ? -10 : 0)], Times(events, PlantEventKind.RepairEnded)); // 10 done by 840, 60 left from 1800
        Assert.Equal(0, simulator.OpenOrders);
    }

    [Fact]
    public void One_setter_sets_up_one_machine_at_a_time_and_the_other_waits_visibly()
    {
        var plant = new TinyPlant();
        plant.Extra = plant.Extra with { Auxiliaries = [Pool("setter", 1)] };
        var c = plant.Class("c");
        plant.Machine(c, m => m with { SetupCrew = new CrewNeed("setter") });
        plant.Machine(c, m => m with { SetupCrew = new CrewNeed("setter") });
        var product = plant.Product(TinyPlant.Step(c, 30) with { Setup = Duration.FromMinutes(10) });
        plant.Order(product);
        plant.Order(product);

        var (simulator, events) = plant.Run();

        Assert.Equal([0, 10], Times(events, PlantEventKind.SetupStarted));
        Assert.Equal([40, 50], Times(events, PlantEventKind.BatchEnded));
        Assert.Equal(10 * 60_000, simulator.State.Meters[1].CrewWaitMs);
        var waits = Assert.Single(events, e => e is { Kind: PlantEventKind.CrewRequested });
        Assert.Equal((1, (int)CrewTask.Setup), (waits.Equipment, waits.Arg));
    }

    [Fact]
    public void An_operator_is_needed_only_while_loading_and_unloading_and_serves_several_vats()
    {
        var plant = new TinyPlant();
        plant.Extra = plant.Extra with { Auxiliaries = [Pool("operator", 1)] };
        var vat = plant.Class("vat");
        plant.Machine(vat);
        plant.Machine(vat);
        var product = plant.Product(TinyPlant.Step(vat, 0) with
        {
            Phases =
            [
                new Phase { Name = "load", Kind = PhaseKind.Load, Hold = Duration.FromMinutes(10), Crew = new CrewNeed("operator") },
                new Phase { Name = "dye", Hold = Duration.FromMinutes(55) },
                new Phase { Name = "unload", Kind = PhaseKind.Unload, Hold = Duration.FromMinutes(20), Crew = new CrewNeed("operator") },
            ],
        });
        plant.Order(product);
        plant.Order(product);

        var (simulator, events) = plant.Run();

        // Loads 0–10 and 10–20; dyes until 65 and 75; unloads 65–85 and, after a wait of 10, 85–105.
        Assert.Equal([0, 10], Times(events, PlantEventKind.BatchStarted));
        Assert.Equal([85, 105], Times(events, PlantEventKind.BatchEnded));
        var held = Assert.Single(events, e => e.Kind == PlantEventKind.BatchHeld);
        Assert.Equal((75 * 60_000L, (int)HoldReason.Operator), (held.Time.Milliseconds, held.Arg));
        Assert.Equal(20 * 60_000, simulator.State.Meters[1].CrewWaitMs); // 10 before loading, 10 before unloading
        Assert.Equal(60 * 60_000, simulator.State.CrewMeters[0].BusyMs);
        Assert.Equal(0, simulator.State.AuxiliaryInUse[0]);
    }

    [Fact]
    public void Who_can_do_it_too_steps_in_when_the_first_choice_is_busy()
    {
        var plant = new TinyPlant { Disturbances = Breakdowns((0, 10, 30), (1, 10, 30), (2, 10, 30)) };
        plant.Extra = plant.Extra with { Auxiliaries = [Pool("fitter", 1, "mechanics"), Pool("helper", 1, "mechanics", "sweeping")] };
        var c = plant.Class("c");
        for (var i = 0; i < 3; i++)
        {
            plant.Machine(c, m => m with { RepairCrew = new CrewNeed("mechanics") });
        }

        plant.Order(plant.Product((c, 100)));

        var (_, events) = plant.Run();

        Assert.Equal([(0, 10.0), (1, 10), (0, 40)], events.Where(e => e.Kind == PlantEventKind.RepairStarted).Select(e => (e.Arg, e.Time.Milliseconds / 60_000.0)));
    }

    [Fact]
    public void People_leave_a_batch_whose_machine_breaks_and_serve_another_meanwhile()
    {
        var plant = new TinyPlant { Disturbances = Breakdowns((0, 10, 20)) };
        plant.Extra = plant.Extra with { Auxiliaries = [Pool("operator", 1)] };
        var c = plant.Class("c");
        plant.Machine(c);
        plant.Machine(c);
        var product = plant.Product(TinyPlant.Step(c, 30) with { Crew = new CrewNeed("operator") });
        plant.Order(product);
        plant.Order(product);

        var (_, events) = plant.Run();

        Assert.Equal([0, 10], Times(events, PlantEventKind.BatchStarted)); // the second waits for the operator until the first machine breaks
        Assert.Equal([40, 60], Times(events, PlantEventKind.BatchEnded)); // repaired at 30 the first waits until 40 for its last 20
    }

    [Fact]
    public void A_fork_and_a_state_taken_up_anew_go_on_with_calls_and_side_jobs()
    {
        var plant = new TinyPlant { Disturbances = Breakdowns((0, 10, 30), (1, 12, 30), (2, 14, 30)) };
        plant.Extra = plant.Extra with
        {
            Auxiliaries = [Pool("fitter", 1) with { SideJobs = 3, SideJobTime = Distribution.Exponential(7 * 60_000) }],
        };
        var c = plant.Class("c");
        for (var i = 0; i < 3; i++)
        {
            plant.Machine(c, m => m with { RepairCrew = new CrewNeed("fitter") });
        }

        var product = plant.Product((c, 100));
        for (var i = 0; i < 6; i++)
        {
            plant.Order(product);
        }

        var recorder = new EventRecorder();
        var simulator = new PlantSimulator(plant.Compile(), new DispatchPolicy(), new RandomSource(1, 0), sink: recorder);
        simulator.RunUntil(SimTime.FromHours(0.4));
        var before = recorder.Events.Count;
        var (fork, anew) = (new EventRecorder(), new EventRecorder());
        var forked = simulator.Fork(fork);
        var resumed = new PlantSimulator(simulator.State.Plant, new DispatchPolicy(), new RandomSource(1, 0), simulator.State, anew);
        foreach (var each in (PlantSimulator[])[simulator, forked, resumed])
        {
            each.RunToCompletion(SimTime.FromHours(100));
        }

        Assert.Equal(recorder.Events.Skip(before), fork.Events);
        Assert.Equal(recorder.Events.Skip(before), anew.Events);
        Assert.Equal(0, simulator.OpenOrders);
    }
}
