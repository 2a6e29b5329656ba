using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>The jets are written by hand; what they give is measured.</summary>
public class JetsTests
{
    private static readonly HandWrittenScenario s_jets = new("jets");

    [Fact]
    public void One_run_gives_the_expected_figures() => s_jets.GivesTheExpectedFigures();

    [Fact]
    public void Ropes_share_ports_by_colour_and_hardly_any_port_runs_too_empty()
    {
        var plant = s_jets.Read();
        var recorder = new EventRecorder();
        var simulator = HandWrittenScenario.Simulate(plant, recorder);
        simulator.RunToCompletion(SimTime.FromHours(24 * 30));

        Assert.Equal(0, simulator.OpenOrders);
        var (batches, light) = (0, 0);
        foreach (var start in recorder.Events.Where(e => e.Kind == PlantEventKind.BatchStarted && plant.Plant.Equipment[e.Equipment].PortMax < double.PositiveInfinity))
        {
            var jet = plant.Plant.Equipment[start.Equipment];
            var load = recorder.Events.Where(e => e.Kind == PlantEventKind.JobAssigned && e.Arg == start.Job).Sum(e => plant.Jobs.QuantityOf(e.Job));
            var ports = Math.Ceiling(load / jet.PortMax - 1e-9);
            Assert.InRange(ports, 1, jet.Ports);
            (batches, light) = (batches + 1, light + (load / ports < jet.PortMin ? 1 : 0));
        }

        Assert.True(batches > 200, $"{batches} batches");
        Assert.InRange(light / (double)batches, 0.001, 0.35); // orders of light ropes, after six hours
        Assert.Contains(PlantKpis.Of(simulator.State).Equipment, k => k.PortUse is > 0.5 and <= 1);
    }
}
