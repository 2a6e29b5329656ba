using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Experiments;

public class HistoryComparisonTests
{
    [Fact]
    public void A_simulation_agrees_with_its_own_events_and_an_error_put_in_comes_out()
    {
        var plant = Line(minutes: 20);
        var recorder = new EventRecorder();
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0), sink: recorder);
        simulator.RunToCompletion(SimTime.FromHours(100));
        var window = new HistoryWindow("all", 0, 10, SimTime.Zero, SimTime.FromHours(5));

        var same = HistoryComparison.Of(_ => plant, recorder.Events, [window], 2)[0];
        Assert.Equal((0, 0, 0, 0), (same.LeadDistance, same.CompletionBiasDays, same.CompletionErrorDays, same.UtilisationMeanError));

        // Half as fast: the n-th of ten orders, all there from the start, ends 20 n minutes later.
        var slow = HistoryComparison.Of(_ => Line(minutes: 40), recorder.Events, [window], 1)[0];
        Assert.Equal(5.5 * 20 / (24 * 60), slow.CompletionBiasDays, 12);
        Assert.Equal(0.5, slow.LeadDistance, 12);
        Assert.Equal(1 - 200 / 300.0, slow.UtilisationMeanError, 12);
    }

    /// <summary>The record ends after 200 min: of ten orders that end every 40 min in the simulation it would have shown five.</summary>
    [Fact]
    public void Orders_that_a_record_could_not_have_shown_to_their_end_are_left_out_where_asked()
    {
        var plant = Line(minutes: 20);
        var recorder = new EventRecorder();
        new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(1, 0), sink: recorder).RunToCompletion(SimTime.FromHours(100));
        var end = recorder.Events[^1].Time;
        var window = new HistoryWindow("all", 0, 10, SimTime.Zero, end);

        var compared = HistoryComparison.Of(_ => Line(minutes: 40), recorder.Events, [window, window with { SeenUntil = end }], 1);

        Assert.Equal((10, 10), (compared[0].RecordedLeadDays.Length, compared[0].SimulatedLeadDays.Length));
        Assert.Equal((10, 5), (compared[1].RecordedLeadDays.Length, compared[1].SimulatedLeadDays.Length));
    }

    private static CompiledScenario Line(double minutes)
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c);
        var product = plant.Product((c, minutes));
        for (var i = 0; i < 10; i++)
        {
            plant.Order(product);
        }

        return plant.Compile();
    }
}
