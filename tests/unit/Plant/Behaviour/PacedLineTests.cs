using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class PacedLineTests
{
    private static double[] SecondsOf(IEnumerable<PlantEvent> events, PlantEventKind kind, int equipment) =>
        [.. events.Where(e => e.Kind == kind && e.Equipment == equipment).Select(e => e.Time.Milliseconds / 1000.0)];

    /// <summary>Units of these work contents (seconds per station), takt 60 s, window 20 s.</summary>
    private static TinyPlant Line(LineOverload overload, params double[][] units)
    {
        var plant = new TinyPlant();
        EquipmentClassId[] stations = [.. units[0].Select((_, s) => plant.Class($"s{s}"))];
        foreach (var station in stations)
        {
            plant.Machine(station);
        }

        foreach (var unit in units)
        {
            plant.Order(plant.Product([.. unit.Select((seconds, s) => (stations[s], seconds / 60))]));
        }

        plant.Extra = plant.Extra with
        {
            Lines =
            [
                new ProductionLine
                {
                    Id = "L", Name = "L", Takt = Duration.FromSeconds(60), StationWindow = Duration.FromSeconds(20), Overload = overload, Stations = [.. stations],
                },
            ],
        };
        return plant;
    }

    [Fact]
    public void A_line_does_not_wait_for_ever_for_a_unit_that_is_done_again()
    {
        var plant = Line(LineOverload.StopLine, [.. Enumerable.Repeat(0, 30).Select(_ => new double[] { 70, 60, 60 })]).Build();
        plant = plant with
        {
            Plant = plant.Plant with { WorkMasters = [.. plant.Plant.WorkMasters.Select(w => w with { Operations = [.. w.Operations.Select((o, k) => o with { ReworkProbability = k == 0 ? 0.3 : 0, ReworkTime = Distribution.Constant(200_000) })] })] },
        };
        var simulator = new PlantSimulator(CompiledScenario.Compile(plant), new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunToCompletion(SimTime.FromHours(24));

        Assert.Equal(0, simulator.OpenOrders);
        Assert.Contains(simulator.State.Jobs.ToArray(), j => j.Attempt > 0);
    }

    /// <summary>A loop of fixtures from one station to another.</summary>
    private static Scenario WithLoop(Scenario plant, int enter, int leave, params int[] counts) => plant with
    {
        Orders = [.. plant.Orders.Select((o, i) => o with { Family = new FamilyId(i % counts.Length) })],
        Plant = plant.Plant with
        {
            Families = [.. counts.Select((_, f) => new Family { Id = $"f{f}", Name = $"f{f}" })],
            FixtureLoops =
            [
                new FixtureCircuit
                {
                    Id = "loop", Name = "loop", Enter = new EquipmentClassId(enter), Leave = new EquipmentClassId(leave),
                    Fixtures = [.. counts.Select((c, f) => new FixtureCount(new FamilyId(f), c)).Where(f => f.Count > 0)],
                },
            ],
        },
    };

    private static List<PlantEvent> Events(Scenario plant)
    {
        var recorder = new EventRecorder();
        var simulator = new PlantSimulator(CompiledScenario.Compile(plant), new DispatchPolicy(), new RandomSource(1, 0), sink: recorder);
        simulator.RunToCompletion(SimTime.FromHours(100));
        Assert.Equal(0, simulator.OpenOrders);
        return recorder.Events;
    }

    [Fact]
    public void Where_a_line_carries_fixtures_what_is_ahead_of_a_stop_goes_on_so_that_they_come_back()
    {
        var units = Enumerable.Repeat(new double[] { 60, 60, 60, 60 }, 3);
        var events = Events(WithLoop(Line(LineOverload.StopLine, [.. units]).Build(), enter: 1, leave: 3, 1));

        // Unit 1 is at stations 2 and 3 from 80 and 160 on. At 220 unit 2 should be done at station 2 and has no fixture: the line stands, but unit 1
        // goes on to station 4 and gives it back at 280. Unit 2 works until 340, is at station 3 until 400, when unit 3 (280 of line time) stops the line.
        // Unit 3 works at station 2 until 520 and at station 3 until 580. Nobody behind it stops the line, so it is at station 4 a takt of 80 after 520.
        Assert.Equal([80.0, 280, 460], SecondsOf(events, PlantEventKind.BatchStarted, 1));
        Assert.Equal([220.0, 400, 600], SecondsOf(events, PlantEventKind.BatchStarted, 3));
        Assert.Equal([220.0, 400], SecondsOf(events, PlantEventKind.LineStopped, 1));
    }

    [Fact]
    public void Fixtures_kept_for_those_behind_are_changed_for_the_unit_that_is_next_on_the_line() =>
        Assert.Equal(4, Events(WithLoop(Line(LineOverload.StopLine, [60, 60, 60], [60, 60, 60], [60, 60, 60], [60, 60, 60]).Build(), 1, 1, 0, 1)).Count(e => e.Kind == PlantEventKind.OrderCompleted));

    [Fact]
    public void A_utility_worker_finishes_what_does_not_fit_into_takt_and_window()
    {
        var (simulator, events) = Line(LineOverload.UtilityWork, [90, 60], [70, 60], [40, 60]).Run();

        // Station 1: in reach of unit k from 60 k to 60 k + 80. 0 + 90 − 60 = 30: 10 over; 20 + 70 − 60 = 30: 10 over; 20 + 40 − 60 = 0.
        // Station 2: in reach from 60 k + 80, each done in 60.
        Assert.Equal([0.0, 80, 140], SecondsOf(events, PlantEventKind.BatchStarted, 0));
        Assert.Equal([80.0, 140, 180], SecondsOf(events, PlantEventKind.BatchEnded, 0));
        Assert.Equal([80.0, 140, 200], SecondsOf(events, PlantEventKind.BatchStarted, 1));
        Assert.Equal([(80.0, 10.0), (140.0, 10.0)], events.Where(e => e.Kind == PlantEventKind.UtilityWorked).Select(e => (e.Time.Milliseconds / 1000.0, e.Value / 1000)));
        simulator.State.AdvanceTo(simulator.Now);
        var line = PlantKpis.Of(simulator.State).Lines[0];
        Assert.Equal((3, 3, 20 / 60.0, 2, 0), (line.Launches, line.Units, line.UtilityWorkMinutes, line.Overloads, line.Stops));
        Assert.Equal((90 + 70 + 40 - 20) / 3600.0, PlantKpis.Of(simulator.State).Equipment[0].ActualProductionTime, 9);
    }

    [Fact]
    public void Work_that_a_utility_worker_takes_over_draws_what_it_lacks_and_stops_drawing()
    {
        var plant = Line(LineOverload.UtilityWork, [90, 75], [70, 75]).Build();
        plant = plant with
        {
            Plant = plant.Plant with
            {
                Utilities = [new Utility { Id = "steam", Name = "steam" }],
                WorkMasters = [.. plant.Plant.WorkMasters.Select(w => w with
                {
                    Operations = [.. w.Operations.Select(o => o with
                    {
                        FixedTime = Distribution.Constant(0), Phases = [new Phase { Name = "run", Hold = Duration.FromMilliseconds(o.FixedTime.Mean), Draws = [new UtilityDraw(new UtilityId(0)) { Amount = 1 }] }],
                    })],
                })],
            },
        };
        var simulator = new PlantSimulator(CompiledScenario.Compile(plant), new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunToCompletion(SimTime.FromHours(1));

        // 80 of 90 s, 60 of 70 s (80–140), 75 of 75 s (80–155), and from 155 until the border at 220 65 of 75 s, each 1 kg in all; the rest of each
        // is drawn by the utility worker who finishes it.
        Assert.Equal(4, simulator.State.Utilities[0].Amount, 9);
        Assert.Equal(0, simulator.State.Utilities[0].Rate, 9);
    }

    [Fact]
    public void A_line_that_may_not_be_helped_stands_until_the_station_is_done()
    {
        var (simulator, events) = Line(LineOverload.StopLine, [90, 60], [70, 60], [40, 60]).Run();

        // Unit 1 is over at 80 and done at 90; unit 2 is out of reach at 140 of line time = 150, done at 160. Line time is 20 s behind from then on.
        Assert.Equal([80.0, 150], SecondsOf(events, PlantEventKind.LineStopped, 0));
        Assert.Equal([90.0, 160], SecondsOf(events, PlantEventKind.LineResumed, 0));
        Assert.Equal([90.0, 160, 200], SecondsOf(events, PlantEventKind.BatchEnded, 0));
        Assert.Equal([90.0, 160, 220], SecondsOf(events, PlantEventKind.BatchStarted, 1));
        simulator.State.AdvanceTo(simulator.Now);
        var line = PlantKpis.Of(simulator.State).Lines[0];
        Assert.Equal((2, 20 / 3600.0, 0.0), (line.Stops, line.StopHours, line.UtilityWorkMinutes));
        Assert.Equal(280, simulator.Now.Milliseconds / 1000.0);
    }

    [Fact]
    public void A_broken_station_stops_the_line_when_its_unit_should_be_done()
    {
        var plant = Line(LineOverload.UtilityWork, [50, 50], [50, 50]);
        plant.Disturbances = [new Disturbance { Time = SimTime.Zero + Duration.FromSeconds(100), Equipment = new EquipmentId(1), Duration = Duration.FromSeconds(100) }];

        var (_, events) = plant.Run();

        // Unit 1 is at station 2 from 80; broken at 100 with 30 s to go; out of reach at 160; repaired at 200, done at 230.
        Assert.Equal([160.0], SecondsOf(events, PlantEventKind.LineStopped, 1));
        Assert.Equal([230.0], SecondsOf(events, PlantEventKind.LineResumed, 1));
        // Unit 2 would be in reach at 140, and is done with at 280.
        Assert.Equal([80.0, 230], SecondsOf(events, PlantEventKind.BatchStarted, 1));
        Assert.DoesNotContain(events, e => e.Kind == PlantEventKind.UtilityWorked);
    }

    [Fact]
    public void Outside_working_hours_a_line_neither_moves_nor_counts_as_stopped()
    {
        var plant = Line(LineOverload.UtilityWork, [50, 50], [50, 50]);
        var calendar = new WorkCalendar
        {
            Id = "c", Name = "c",
            Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(0, 1)), new WeeklyWindow(Weekdays.Daily, new TimeOnly(1, 0), new TimeOnly(2, 0))],
        };
        plant.Extra = plant.Extra with { Calendars = [calendar] };
        var scenario = plant.Build();
        scenario = scenario with
        {
            Plant = scenario.Plant with
            {
                Equipment = [.. scenario.Plant.Equipment.Select(e => e with { Calendar = new CalendarId(0) })],
                WorkMasters = [.. scenario.Plant.WorkMasters.Select(w => w with { Operations = [.. w.Operations.Select(o => o with { Interruptible = true })] })],
            },
        };
        var recorder = new EventRecorder();
        var simulator = new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0), sink: recorder);
        simulator.RunToCompletion(SimTime.FromHours(10));

        // The break comes at 60 s, when unit 1 has 20 s to go to station 2.
        Assert.Equal([0.0, 3600], SecondsOf(recorder.Events, PlantEventKind.BatchStarted, 0));
        Assert.Equal([3620.0, 3680], SecondsOf(recorder.Events, PlantEventKind.BatchStarted, 1));
        simulator.State.AdvanceTo(simulator.Now);
        Assert.Equal((0, 0L), (simulator.State.LineMeters[0].Stops, simulator.State.LineMeters[0].StoppedMs));
    }

    [Fact]
    public void Option_rules_and_levelling_are_judged_by_the_order_of_launches()
    {
        var plant = Line(LineOverload.Drift, [10], [10], [10], [10]);
        var scenario = plant.Build();
        scenario = scenario with
        {
            Plant = scenario.Plant with
            {
                Products = [.. scenario.Plant.Products.Select((p, i) => p with { Options = i is 0 or 1 ? ["ice"] : [] })],
                Lines = [scenario.Plant.Lines[0] with { OptionRules = [new OptionRule("ice", 1, 2)] }],
            },
        };
        var simulator = new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(1, 0));
        simulator.RunToCompletion(SimTime.FromHours(10));
        simulator.State.AdvanceTo(simulator.Now);

        // Carriers 1 1 0 0: one window of two with two; (1 − ½)² + (2 − 1)² + (2 − 1½)² + (2 − 2)² = 1.5.
        var kpis = PlantKpis.Of(simulator.State);
        Assert.Equal((1.0, 1.5), (kpis.OptionViolations, kpis.LevellingDeviation));
    }

    private static readonly Gen<TinyPlant> Any =
        from stations in Gen.Int[1, 4]
        from units in Gen.Int[20, 110].Array[stations].Array[1, 25]
        from stops in Gen.Bool
        from fails in Gen.Bool
        from releases in Gen.Bool
        select Shaken(Line(stops ? LineOverload.StopLine : LineOverload.UtilityWork, [.. units.Select(u => u.Select(s => (double)s).ToArray())]), fails, releases);

    private static TinyPlant Shaken(TinyPlant plant, bool fails, bool releases)
    {
        plant.Disturbances = !fails ? [] :
        [
            new Disturbance { Time = SimTime.Zero + Duration.FromSeconds(130), Equipment = new EquipmentId(0), Duration = Duration.FromSeconds(77) },
            new Disturbance { Time = SimTime.Zero + Duration.FromSeconds(400), Equipment = new EquipmentId(0), Duration = Duration.FromSeconds(30) },
        ];
        plant.Dispatch = releases ? DispatchRule.Spt : DispatchRule.Fifo;
        return plant;
    }

    private static PlantSimulator Simulate(CompiledScenario plant, IPlantEventSink? sink = null) =>
        new(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0), sink: sink);

    [Fact]
    public void Every_line_lets_every_unit_through_in_order_and_its_events_fold_to_its_state() =>
        Any.Sample(tiny =>
        {
            var plant = tiny.Compile();
            var recorder = new EventRecorder();
            var simulator = Simulate(plant, recorder);
            simulator.RunToCompletion(SimTime.FromHours(100));
            Assert.Equal(0, simulator.OpenOrders);
            var folded = new PlantState(plant);
            foreach (var e in recorder.Events)
            {
                folded.Apply(e);
            }

            folded.AdvanceTo(simulator.Now);
            Assert.Equal(simulator.State.Lines.ToArray(), folded.Lines.ToArray());
            Assert.Equal(simulator.State.LineMeters.ToArray(), folded.LineMeters.ToArray());
            var orders = plant.Plant.Equipment.Select((_, s) => recorder.Events.Where(e => e.Kind == PlantEventKind.BatchStarted && e.Equipment == s).Select(e => plant.Jobs.JobLot[e.Job]).ToArray());
            Assert.Single(orders.Select(o => string.Join(',', o)).Distinct());
            Assert.Equal(0, simulator.State.Lines[0].Overdue);
        }, iter: 200);

    [Fact]
    public void A_fork_of_a_moving_line_goes_on_like_the_straight_run_and_its_state_alone_has_a_future() =>
        Gen.Select(Any, Gen.Int[0, 1500]).Sample((tiny, seconds) =>
        {
            var plant = tiny.Compile();
            var straight = new EventRecorder();
            var simulator = Simulate(plant, straight);
            simulator.RunUntil(SimTime.Zero + Duration.FromSeconds(seconds));
            var before = straight.Events.Count;
            var (forked, resumed) = (new EventRecorder(), new EventRecorder());
            var fork = simulator.Fork(forked);
            var anew = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0), simulator.State, resumed);
            fork.RunToCompletion(SimTime.FromHours(100));
            simulator.RunToCompletion(SimTime.FromHours(100));
            anew.RunToCompletion(SimTime.FromHours(100));
            Assert.Equal(straight.Events.Skip(before), forked.Events);
            Assert.Equal(0, anew.OpenOrders);
            Assert.Equal(simulator.Now, anew.Now);
            Assert.Equal(simulator.State.LineMeters[0].UtilityMs, anew.State.LineMeters[0].UtilityMs);
        }, iter: 200);
}
