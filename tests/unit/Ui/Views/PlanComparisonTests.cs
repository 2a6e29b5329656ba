using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Views;

namespace DigitalTwin.Tests.Unit.Ui.Views;

public sealed class PlanComparisonTests
{
    [Fact]
    public void A_schedule_beside_itself_differs_in_nothing()
    {
        var schedule = SmallTwin.OneAfterTheOther(SimTime.FromHours(6));
        var comparison = PlanComparison.Of(SmallTwin.After(6, schedule), schedule, SmallTwin.Plant.Scenario.Objective, found: null, first: null);
        Assert.False(comparison.AgainstDispatch);
        Assert.NotEmpty(comparison.Terms);
        Assert.All(comparison.Terms, t => Assert.Equal(0, t.Difference));
        Assert.Equal(comparison.TotalBefore, comparison.Total);
    }

    [Fact]
    public void A_schedule_that_comes_a_day_later_is_worse_in_lateness_and_makespan()
    {
        var today = SmallTwin.OneAfterTheOther(SimTime.FromHours(6));
        var tomorrow = SmallTwin.OneAfterTheOther(SimTime.FromHours(30));
        var comparison = PlanComparison.Of(SmallTwin.After(6, today), tomorrow, SmallTwin.Plant.Scenario.Objective, found: null, first: null);
        Assert.True(comparison.Terms.Single(t => t.Name == "tardiness").Difference > 0);
        Assert.Equal(24, comparison.Terms.Single(t => t.Name == "makespan").Difference!.Value, 6);
        Assert.True(comparison.Total > comparison.TotalBefore);
    }

    [Fact]
    public void Without_a_schedule_in_force_a_finished_search_stands_beside_its_first_schedule()
    {
        var first = new ObjectiveReport([new ObjectiveTerm("tardiness", 1e6, "h·priority", 1)]);
        var found = new ObjectiveReport([new ObjectiveTerm("tardiness", 4e5, "h·priority", 1), new ObjectiveTerm("makespan", 70, "h", 0.01)]);
        var comparison = PlanComparison.Of(
            SmallTwin.After(6), SmallTwin.OneAfterTheOther(SimTime.FromHours(6)), SmallTwin.Plant.Scenario.Objective, found, first);
        Assert.True(comparison.AgainstDispatch);
        Assert.Equal(-6e5, comparison.Terms.Single(t => t.Name == "tardiness").Difference);
        Assert.Null(comparison.Terms.Single(t => t.Name == "makespan").Before);
        Assert.Null(comparison.TotalBefore);
        Assert.Equal(4e5 + 0.7, comparison.Total, 6);
    }
}
