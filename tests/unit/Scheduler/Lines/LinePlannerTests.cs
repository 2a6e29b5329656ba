using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler;
using DigitalTwin.Scheduler.Lines;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Scheduler.Lines;

public class LinePlannerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Schedules_of_random_lines_pass_the_checker() =>
        SmallFactory.Random().Sample(plant =>
        {
            var result = Plan(plant);

            Assert.Empty(ScheduleChecker.Check(plant, result.Schedule));
            Assert.True(result.Objective.Total <= result.First!.Total);
            Assert.True(result.Bound <= result.Objective.Total);
        }, iter: 25, threads: 1);

    [Fact]
    public void Simulation_without_luck_executes_a_line_schedule_to_the_millisecond() =>
        SmallFactory.Random(anyBuffer: false).Sample(ExecutesAsPlanned, iter: 20, threads: 1);

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(3, 4)]
    [InlineData(2, 6)]
    public void Simulation_without_luck_blocks_where_the_schedule_expects_it(int buffer, int fixtures)
    {
        var plant = SmallFactory.Build([(82, 1, 0), (77, 2, 0), (71, 4, 0)], [(0, 30, 20), (1, 30, 40), (2, 30, 5)], buffer, fixtures, clean: false);
        ExecutesAsPlanned(plant);
        var free = SmallFactory.Build([(82, 1, 0), (77, 2, 0), (71, 4, 0)], [(0, 30, 20), (1, 30, 40), (2, 30, 5)], null, fixtures, clean: false);
        Assert.True(LastLaunch(Plan(plant).Schedule) > LastLaunch(Plan(free).Schedule), "Blocking should delay launches here.");

        static SimTime LastLaunch(Schedule schedule) => schedule.Batches.Where(b => b.Equipment.Index == 0).Max(b => b.Start);
    }

    [Fact]
    public void Launches_keep_the_takt_and_the_order_of_the_sequence()
    {
        var plant = SmallFactory.Build([(60, 1, 0), (50, 0, 1)], [(0, 6, 60), (1, 6, 60)]);

        var schedule = Plan(plant, Duration.FromSeconds(2)).Schedule;

        var launches = schedule.Batches.Where(b => b.Equipment.Index == 0).OrderBy(b => b.Start).ToList();
        Assert.All(launches.Zip(launches.Skip(1)), pair => Assert.True(pair.Second.Start - pair.First.Start >= Duration.FromSeconds(60)));
        var problem = LineProblemBuilder.Build(plant, 0);
        Assert.Equal(
            LaunchOrder.Of(problem, plant, 0, schedule).Select(u => problem.Units[u].Lot),
            launches.Select(b => plant.Jobs.JobLot[b.Jobs[0]]));
        // Six ice makers in twelve: the rule 1:2 can be kept, and is.
        Assert.Equal(0, LaunchOrder.Terms(plant, schedule, plant.Scenario.Objective).Single(t => t.Name == "option-violations").Amount);
    }

    [Fact]
    public void Planning_goes_on_from_a_running_line() =>
        (from plant in SmallFactory.Random()
         from minutes in Gen.Int[1, 15]
         select (plant, minutes)).Sample(x =>
         {
             var first = Plan(x.plant).Schedule;
             var simulator = new PlantSimulator(x.plant, new DispatchPolicy { Schedule = first }, new RandomSource(1, 0));
             simulator.RunUntil(SimTime.Zero + Duration.FromMinutes(x.minutes));
             var now = simulator.State;

             var result = Plan(x.plant, from: now, current: first);

             Assert.Empty(ScheduleChecker.Check(x.plant, result.Schedule, now, first));
             var started = Enumerable.Range(0, now.Jobs.Length).Where(j => now.Jobs[j].Status is not (JobStatus.Waiting or JobStatus.Ready)).ToHashSet();
             Assert.DoesNotContain(result.Schedule.Batches, b => started.Contains(b.Jobs[0]));
         }, iter: 20, threads: 1);

    [Fact]
    public void Units_up_to_the_last_locked_one_keep_their_places()
    {
        var plant = SmallFactory.Build([(60, 1, 0), (50, 2, 1), (55, 0, 2)], [(0, 5, 20), (1, 5, 40), (2, 5, 5)]);
        var first = Plan(plant).Schedule;
        var launches = first.Batches.Where(b => b.Equipment.Index == 0).OrderBy(b => b.Start).ToList();
        var locked = first with { Batches = first.Batches.Replace(launches[6], launches[6] with { Locked = true }) };

        var again = Plan(plant, from: new PlantState(plant), current: locked);

        Assert.Empty(ScheduleChecker.Check(plant, again.Schedule, new PlantState(plant), locked));
        Assert.Equal(
            launches.Take(7).Select(b => b.Jobs[0]),
            again.Schedule.Batches.Where(b => b.Equipment.Index == 0).OrderBy(b => b.Start).Take(7).Select(b => b.Jobs[0]));
    }

    [Fact]
    public void Fixtures_are_divided_among_families_by_demand_and_a_sequence_within_their_shares_changes_none()
    {
        // 200 s of curing are four launches of 60 s; four fixtures for families in demand 9 : 3 are divided 3 : 1.
        var plant = SmallFactory.Build([(50, 0, 0), (50, 0, 2)], [(0, 9, 300), (1, 3, 300)], fixtures: 4);

        var problem = LineProblemBuilder.Build(plant, 0);

        Assert.Equal(["ice", "glass", "fixture cabinet-0", "fixture cabinet-2"], problem.Options);
        Assert.Equal(2, problem.Levelled);
        Assert.Equal([new LineRule(2, 3, 4), new LineRule(3, 1, 4)], problem.Fixtures.Rules);
        Assert.True(problem.Fixtures.Price > 0);
        var good = LineEvaluator.Evaluate(problem, [0, 1, 2, 9, 3, 4, 5, 10, 6, 7, 8, 11]);
        var bad = LineEvaluator.Evaluate(problem, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        Assert.Equal((0, 8), (good.Overflows, bad.Overflows));
        var setups = Plan(plant, Duration.FromMilliseconds(300)).Schedule.Batches.Count(b => b.SetupStart < b.Start);
        Assert.Equal(4, setups); // each fixture once, from clean
    }

    [Fact]
    public void Units_are_not_begun_before_their_release_and_the_line_goes_on_meanwhile()
    {
        var plain = SmallFactory.Build([(60, 1, 0), (50, 0, 1)], [(0, 6, 60), (1, 6, 60)]);
        var late = plain.Scenario.Orders[0] with { Release = SimTime.Zero + Duration.FromMinutes(8) };
        var plant = CompiledScenario.Compile(plain.Scenario with { Orders = [late, plain.Scenario.Orders[1]] });

        var schedule = Plan(plant, Duration.FromSeconds(1)).Schedule;

        Assert.Empty(ScheduleChecker.Check(plant, schedule));
        var launches = schedule.Batches.Where(b => b.Equipment.Index == 0).OrderBy(b => b.Start).Select(b => plant.Jobs.OrderOf(b.Jobs[0])).ToList();
        Assert.Equal(1, launches[0]);
        Assert.True(schedule.Batches.Max(b => b.End) < SimTime.Zero + Duration.FromMinutes(40));
    }

    [Fact]
    public void Suits_only_plants_with_something_to_launch()
    {
        var plant = SmallFactory.Build([(60, 1, 0)], [(0, 2, 60)]);
        Assert.True(LinePlanner.Suits(new PlanningRequest { Plant = plant }));

        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunToCompletion(SimTime.Zero + Duration.FromDays(2));
        Assert.False(LinePlanner.Suits(new PlanningRequest { Plant = plant, From = simulator.State }));
    }

    [Fact]
    public void A_stop_is_honoured_and_the_best_so_far_returned()
    {
        var plant = SmallFactory.Build([(60, 1, 0), (75, 7, 1), (55, 2, 2)], [(0, 30, 20), (1, 30, 40), (2, 30, 5)]);
        using var stop = new CancellationTokenSource();

        var result = new LinePlanner().Plan(
            new PlanningRequest { Plant = plant, TimeLimit = Duration.FromHours(1), Workers = 1 },
            report: _ => stop.Cancel(), stop: stop.Token);

        Assert.Equal(PlanningOutcome.Stopped, result.Outcome);
        Assert.Empty(ScheduleChecker.Check(plant, result.Schedule));
    }

    private static void ExecutesAsPlanned(CompiledScenario plant)
    {
        var schedule = Plan(plant).Schedule;

        var simulator = new PlantSimulator(plant, new DispatchPolicy { Schedule = schedule }, new RandomSource(1, 0));
        simulator.RunToCompletion(SimTime.Zero + Duration.FromDays(2));

        foreach (var batch in schedule.Batches)
        {
            var job = simulator.State.Jobs[batch.Jobs[0]];
            Assert.Equal(
                (plant.JobName(batch.Jobs[0]), batch.Equipment.Index, batch.Start.Milliseconds),
                (plant.JobName(batch.Jobs[0]), job.Equipment, job.StartAt));
        }
    }

    private static PlanningResult Plan(CompiledScenario plant, Duration? limit = null, PlantState? from = null, Schedule? current = null) =>
        new Planner().Plan(
            new PlanningRequest { Plant = plant, TimeLimit = limit ?? Duration.FromMilliseconds(60), Workers = 1, From = from, Current = current },
            stop: Stop);
}
