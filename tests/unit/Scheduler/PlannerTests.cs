using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler;

public class PlannerTests
{
    private static PlanningResult Plan(CompiledScenario plant, double seconds = 20, int workers = 2) =>
        new Planner().Plan(new PlanningRequest { Plant = plant, TimeLimit = Duration.FromSeconds(seconds), Workers = workers }, stop: TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Small_flexible_shops_agree_with_brute_force(bool setups)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var plant = RandomPlant.FlexibleShop(seed, orders: 3, setups);

            var result = Plan(plant);

            Assert.Equal(PlanningOutcome.Optimal, result.Outcome);
            Assert.Equal(BruteForce.BestValue(plant), result.Objective.Total, 9);
            Assert.Equal(result.Objective.Total, result.Bound!.Value, 6);
        }
    }

    [Fact]
    public void Batches_on_vats_agree_with_brute_force()
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new RandomPlant(seed);
            var tiny = new TinyPlant();
            var dye = tiny.Class("dye");
            FamilyId[] families = [tiny.Family("dark"), tiny.Family("light")];
            tiny.Machine(dye, m => m with { CapacityMax = 25 });
            tiny.Machine(dye, m => m with { CapacityMax = 40, SpeedFactor = 0.7 });
            var product = tiny.Product(TinyPlant.Step(dye, 60) with { Batches = true });
            for (var i = 0; i < 5; i++)
            {
                tiny.Order(product, o => o with
                {
                    Quantity = random.Whole(5, 20), Family = families[random.Whole(0, 1)], Due = SimTime.FromHours(random.Whole(0, 3)), Priority = random.Whole(1, 3),
                });
            }

            var plant = tiny.Compile();

            Assert.Equal(BruteForce.BestValue(plant), Plan(plant).Objective.Total, 6);
        }
    }

    [Theory]
    [InlineData("jsp/instances/ft/ft06.txt", 55)]
    [InlineData("jsp/instances/la/la01.txt", 666)]
    [InlineData("fjsp/instances/fattahi/sfjs05.txt", 119)]
    [InlineData("fjsp/instances/fattahi/mfjs01.txt", 468)]
    public void Public_instances_reach_their_known_optimum(string file, double optimum)
    {
        var path = SharedData.Require(["benchmarks", .. file.Split('/')]);
        var plant = CompiledScenario.Compile(file.StartsWith("jsp", StringComparison.Ordinal) ? JobShopFile.Read(path) : FlexibleJobShopFile.Read(path));

        var result = Plan(plant);

        Assert.Equal(optimum, result.Objective.Terms.First(t => t.Name == "makespan").Amount * 60, 6);
        Assert.Equal(PlanningOutcome.Optimal, result.Outcome);
    }

    [Fact]
    public void Random_plants_get_executable_schedules_no_worse_than_dispatch()
    {
        for (var seed = 100; seed < 104; seed++)
        {
            var plant = RandomPlant.WithEverything(seed);
            var reported = new List<Schedule>();

            var result = new Planner().Plan(
                new PlanningRequest { Plant = plant, TimeLimit = Duration.FromSeconds(0.7) }, p => reported.AddRange(p.Schedule is { } s ? [s] : []), TestContext.Current.CancellationToken);

            Assert.All(reported.Append(result.Schedule), s => Assert.True(ScheduleChecker.IsExecutable(plant, s)));
            Assert.True(result.Objective.Total <= result.First!.Total);
            Assert.True(result.Bound <= result.Objective.Total + 1e-9, $"seed {seed}: bound {result.Bound} above {result.Objective.Total}");
            Assert.Equal(result.Objective.Total, ObjectiveEvaluator.Evaluate(plant, result.Schedule, plant.Scenario.Objective).Total, 9);
        }
    }

    [Fact]
    public void A_stop_is_honoured_and_the_best_so_far_comes_back()
    {
        var plant = RandomPlant.WithEverything(3, orders: 60);
        using var stop = new CancellationTokenSource();
        var calls = 0;

        var result = new Planner().Plan(
            new PlanningRequest { Plant = plant, TimeLimit = Duration.FromSeconds(100) },
            p =>
            {
                calls++;
                if (p.Schedule is not null)
                {
                    stop.Cancel();
                }
            },
            stop.Token);

        Assert.Equal(PlanningOutcome.Stopped, result.Outcome);
        Assert.True(ScheduleChecker.IsExecutable(plant, result.Schedule));
        Assert.True(calls >= 1);
        Assert.True(result.Elapsed < Duration.FromSeconds(50));
    }

    [Fact]
    public void The_schedule_in_force_is_kept_unless_something_is_strictly_better()
    {
        var plant = RandomPlant.FlexibleShop(2, orders: 3, setups: true);
        var best = Plan(plant).Schedule;

        var again = new Planner().Plan(new PlanningRequest { Plant = plant, Current = best, TimeLimit = Duration.FromSeconds(20) }, stop: TestContext.Current.CancellationToken);

        Assert.Equal(best.Batches, again.Schedule.Batches);
    }

    [Fact]
    public void Planning_goes_on_from_a_running_plant_and_leaves_started_work_alone()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var plant = RandomPlant.WithEverything(seed);
            var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(1, 0));
            simulator.RunUntil(SimTime.FromHours(9.37));

            var result = new Planner().Plan(new PlanningRequest { Plant = plant, From = simulator.State, TimeLimit = Duration.FromSeconds(0.3) }, stop: TestContext.Current.CancellationToken);

            Assert.DoesNotContain(ScheduleChecker.Check(plant, result.Schedule, simulator.State), v => v.Severity == ViolationSeverity.Error);
        }
    }

    [Fact]
    public void Work_waits_for_a_cheaper_hour_only_where_energy_is_priced_and_the_order_can_wait()
    {
        var tiny = new TinyPlant();
        var one = tiny.Class("one");
        tiny.Extra = new PlantModel
        {
            Sites = [new Site { Id = "A", Name = new Label("A"), Tariff = new TariffId(0) }],
            Tariffs = [new Tariff { Id = "t", Name = new Label("t"), BasePrice = 1, Windows = [new TariffWindow("valley", Weekdays.Daily, new TimeOnly(6, 0), new TimeOnly(8, 0), 0.2)] }],
        };
        tiny.Machine(one, m => m with { RunningKw = 100 });
        tiny.Machine(one, m => m with { RunningKw = 100 });
        var product = tiny.Product((one, 60));
        tiny.Order(product, o => o with { Due = SimTime.FromHours(1) });
        tiny.Order(product, o => o with { Due = SimTime.FromHours(9) });
        var plant = tiny.Compile();

        var priced = new Planner().Plan(
            new PlanningRequest { Plant = plant, Objective = new ObjectiveWeights { Tardiness = 100, EnergyCost = 1 }, TimeLimit = Duration.FromSeconds(5) },
            stop: TestContext.Current.CancellationToken);
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Schedule = priced.Schedule }, new RandomSource(1, 0));
        simulator.RunToCompletion(SimTime.FromHours(48));

        Assert.All(Plan(plant, 5).Schedule.Batches, b => Assert.Equal(SimTime.Zero, b.Start));
        Assert.Equal(SimTime.Zero, StartOf(priced.Schedule, 0));
        Assert.Equal(SimTime.FromHours(6), StartOf(priced.Schedule, 1));
        Assert.Equal(SimTime.FromHours(6).Milliseconds, simulator.State.Jobs[1].StartAt);

        static SimTime StartOf(Schedule schedule, int job) => schedule.Batches.First(b => b.Jobs.Contains(new JobId(job))).Start;
    }

    [Fact]
    public void Without_luck_and_scarce_auxiliaries_no_job_ends_later_than_planned_and_most_end_to_the_millisecond()
    {
        for (var seed = 0; seed < 15; seed++)
        {
            var plant = RandomPlant.WithEverything(seed, crews: false);
            var planned = DispatchSchedule.Build(plant, DispatchRule.Atc);

            var simulator = new PlantSimulator(plant, new DispatchPolicy { Schedule = planned }, new RandomSource(1, 0));
            simulator.RunToCompletion(SimTime.FromHours(24 * 60));

            Assert.Equal(0, simulator.OpenOrders);
            var late = planned.Batches.SelectMany(b => b.Jobs.Select(j => simulator.State.Jobs[j].EndAt - b.End.Milliseconds)).ToList();
            Assert.True(late.Max() <= 0, $"seed {seed}: a job ended {late.Max()} ms after its plan");
            Assert.True(late.Count(l => l == 0) > late.Count / 2, $"seed {seed}: only {late.Count(l => l == 0)} of {late.Count} jobs ended as planned");
        }
    }

    [Fact]
    public void Contradictions_are_named_with_a_way_out()
    {
        var tiny = new TinyPlant();
        var one = tiny.Class("one");
        tiny.Machine(one, m => m with { CapacityMax = 5 });
        tiny.Order(tiny.Product((one, 60)), o => o with { Quantity = 9 });
        var plant = tiny.Compile();

        Assert.Contains("load of 9", Error(new PlanningRequest { Plant = plant }), StringComparison.Ordinal);
        Assert.Contains("time limit", Error(new PlanningRequest { Plant = plant, TimeLimit = Duration.Zero }), StringComparison.Ordinal);
        Assert.Contains("workers", Error(new PlanningRequest { Plant = plant, Workers = 0 }), StringComparison.Ordinal);
        Assert.Contains("weight 'tardiness'", Error(new PlanningRequest { Plant = plant, Objective = new ObjectiveWeights { Tardiness = -1 } }), StringComparison.Ordinal);
        var elsewhere = new Schedule { Batches = [new PlannedBatch { Equipment = new EquipmentId(7), Jobs = [new JobId(0)], SetupStart = default, Start = default, End = default }] };
        Assert.Contains("equipment number 7", Error(new PlanningRequest { Plant = plant, Current = elsewhere }), StringComparison.Ordinal);

        static string Error(PlanningRequest request) => Assert.Throws<PlanningException>(() => new Planner().Plan(request, stop: TestContext.Current.CancellationToken)).Message;
    }
}
