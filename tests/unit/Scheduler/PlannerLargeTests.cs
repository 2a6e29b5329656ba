using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Scheduler;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler;

public class PlannerLargeTests
{
    [Fact]
    public void Every_schedule_of_a_large_random_plant_passes_the_checker_and_each_is_better_than_the_one_before()
    {
        for (var seed = 0; seed < 2; seed++)
        {
            var plant = RandomPlant.WithEverything(seed, orders: 280);
            Assert.True(plant.Jobs.JobCount > Planner.WholeUpTo);
            var reported = new List<PlanningProgress>();

            var result = new Planner().Plan(
                new PlanningRequest { Plant = plant, TimeLimit = Duration.FromSeconds(2), Workers = 1, Seed = seed }, reported.Add, TestContext.Current.CancellationToken);

            var schedules = reported.Where(p => p.Schedule is not null).ToList();
            Assert.All(schedules, p => Assert.True(ScheduleChecker.IsExecutable(plant, p.Schedule!)));
            Assert.Equal(result.Schedule, schedules[^1].Schedule);
            Assert.True(result.Objective.Total <= result.First!.Total);
            Assert.True(result.Bound <= result.Objective.Total);
        }
    }

    [Fact]
    public void The_dyehouse_is_late_less_than_under_earliest_due_date()
    {
        var plant = CompiledScenario.Compile(DyehouseGenerator.Create());
        var weights = plant.Scenario.Objective;
        var dispatched = ObjectiveEvaluator.Evaluate(plant, DispatchSchedule.Build(plant, DispatchRule.Edd), weights);

        var planned = new Planner().Plan(
            new PlanningRequest { Plant = plant, TimeLimit = Duration.FromSeconds(3) }, stop: TestContext.Current.CancellationToken);

        Assert.True(Tardiness(planned.Objective) < Tardiness(dispatched));
        Assert.True(ScheduleChecker.IsExecutable(plant, planned.Schedule));

        static double Tardiness(ObjectiveReport report) => report.Terms.First(t => t.Name == "tardiness").Amount;
    }

    [Fact]
    public void One_worker_walks_the_same_way_with_the_same_seed()
    {
        var plant = CompiledScenario.Compile(DyehouseGenerator.Create(250));

        var walks = new[] { Walk(), Walk() }.OrderBy(w => w.Count).ToArray();

        // The clock decides only how far each run comes; what it cut short at the end of the shorter one is not compared.
        var cut = walks[0][^1].Phase;
        var common = walks[0].Take(walks[0].FindLastIndex(p => p.Phase != cut) + 1).ToList();
        Assert.NotEmpty(common);
        Assert.Equal(common, walks[1].Take(common.Count));

        List<(string Phase, double Value)> Walk()
        {
            var points = new List<(string Phase, double Value)>();
            new Planner().Plan(
                new PlanningRequest { Plant = plant, TimeLimit = Duration.FromSeconds(2.5), Workers = 1, Seed = 5 },
                p => points.AddRange(p.Schedule is not null ? [(p.Phase, p.Incumbent!.Value)] : []),
                TestContext.Current.CancellationToken);
            return points;
        }
    }

    [Fact]
    public void Progress_comes_while_nothing_improves_and_a_stop_ends_a_large_search()
    {
        var plant = CompiledScenario.Compile(DyehouseGenerator.Create());
        using var stop = new CancellationTokenSource();
        var pulses = 0;

        var result = new Planner().Plan(
            new PlanningRequest { Plant = plant, TimeLimit = Duration.FromSeconds(300) },
            p =>
            {
                if (p.Schedule is null && p.Incumbent is not null && ++pulses == 2)
                {
                    stop.Cancel();
                }
            },
            stop.Token);

        Assert.Equal(PlanningOutcome.Stopped, result.Outcome);
        Assert.True(result.Elapsed < Duration.FromSeconds(150));
    }
}
