using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Scheduler.Robustness;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Scheduler;

public class RobustChoiceTests
{
    private static readonly CompiledScenario Plant = CompiledScenario.Compile(DyehouseGenerator.Create(40));

    private static IReadOnlyList<RobustCandidate> Search(double robustness, double slack = 0.15) => RobustChoice.Search(
        new PlanningRequest { Plant = Plant, TimeLimit = Duration.FromSeconds(1), Workers = 1 },
        new RunPlan { Name = "executed", Plant = Plant, Policy = new DispatchPolicy(), Seed = 1, Until = SimTime.FromHours(24 * 40), StopWhenComplete = true },
        replications: 6, robustness, slack, stop: TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_chosen_schedule_is_the_best_by_what_the_slider_says_and_both_sides_are_shown(double robustness)
    {
        var candidates = Search(robustness);

        Assert.All(candidates, c => Assert.True(ScheduleChecker.IsExecutable(Plant, c.Schedule)));
        Assert.All(candidates, c => Assert.True(c.P50 <= c.P90));
        Assert.Contains(candidates, c => c.Slack > 0);
        Assert.Equal(robustness == 0 ? candidates.Min(c => c.Nominal.Total) : candidates.Min(c => c.P90), robustness == 0 ? candidates[0].Nominal.Total : candidates[0].P90, 9);
    }

    [Fact]
    public void A_slider_out_of_range_is_refused() =>
        Assert.Contains("between 0 and 1", Assert.Throws<PlanningException>(() => Search(2)).Message, StringComparison.Ordinal);
}
