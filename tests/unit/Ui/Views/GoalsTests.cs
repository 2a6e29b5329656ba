using DigitalTwin.Plant.Model;
using DigitalTwin.Ui.Resources;
using DigitalTwin.Ui.Views;

namespace DigitalTwin.Tests.Unit.Ui.Views;

public sealed class GoalsTests
{
    private static readonly Scenario Dyehouse = SmallTwin.Plant.Scenario;

    [Fact]
    public void Untouched_sliders_give_the_scenarios_own_weights() => Assert.Equal(Dyehouse.Objective, new Goals(Dyehouse).Weights());

    [Fact]
    public void A_slider_scales_its_own_weight_only()
    {
        var goals = new Goals(Dyehouse);
        var lateness = goals.All.Single(g => g.Key == "tardiness");
        goals[lateness] = Goal.Last;
        Assert.Equal(Dyehouse.Objective with { Tardiness = Dyehouse.Objective.Tardiness * 8 }, goals.Weights());
        goals[lateness] = 0;
        Assert.Equal(0, goals.Weights().Tardiness);
        goals.Reset();
        Assert.Equal(Dyehouse.Objective, goals.Weights());
    }

    [Fact]
    public void A_goal_that_the_scenario_does_not_weigh_begins_switched_off_and_can_be_switched_on()
    {
        var goals = new Goals(Dyehouse with { Objective = new ObjectiveWeights { Instability = 0 } });
        var calm = goals.All.Single(g => g.Key == "instability");
        Assert.Equal(0, goals[calm]);
        goals[calm] = Goal.Middle;
        Assert.Equal(calm.Usual, goals.Weights().Instability);
        Assert.True(calm.Usual > 0);
    }

    [Fact]
    public void Goals_of_lines_appear_only_where_there_are_lines()
    {
        string[] ofLines = ["option-violations", "utility-work", "levelling"];
        Assert.DoesNotContain(new Goals(Dyehouse).All, g => ofLines.Contains(g.Key));
        var line = new ProductionLine { Id = "L1", Name = "Line", Takt = DigitalTwin.Simulation.Duration.FromSeconds(20), Stations = [] };
        var goals = new Goals(Dyehouse with { Plant = Dyehouse.Plant with { Lines = [line] } });
        Assert.All(ofLines, key => Assert.Contains(goals.All, g => g.Key == key));
    }

    [Fact]
    public void Every_goal_is_explained_in_both_languages()
    {
        var line = new ProductionLine { Id = "L1", Name = "Line", Takt = DigitalTwin.Simulation.Duration.FromSeconds(20), Stations = [] };
        foreach (var goal in new Goals(Dyehouse with { Plant = Dyehouse.Plant with { Lines = [line] } }).All)
        {
            foreach (var language in Texts.Languages)
            {
                Assert.Contains($"goal.{goal.Key}", Texts.For(language).All);
                Assert.Contains($"goal.{goal.Key}.says", Texts.For(language).All);
            }
        }
    }
}
