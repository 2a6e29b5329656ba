using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>The foundry is written by hand; what it gives is measured.</summary>
public class FoundryTests
{
    private static readonly HandWrittenScenario s_foundry = new("foundry");

    [Fact]
    public void One_run_gives_the_expected_figures() => s_foundry.GivesTheExpectedFigures();

    [Fact]
    public void Contract_is_kept_heats_stretch_each_other_and_the_orders_bear_the_bill()
    {
        var plant = s_foundry.Read();
        var simulator = HandWrittenScenario.Simulate(plant);
        simulator.RunToCompletion(SimTime.FromHours(24 * 30));
        var kpis = PlantKpis.Of(simulator.State);

        Assert.Equal(0, simulator.OpenOrders);
        Assert.True(kpis.Utilities[0].PeakRate <= 4000 * (1 + 1e-9), $"{kpis.Utilities[0].PeakRate} kW");
        Assert.True(kpis.Utilities[0].StretchHours > 0);
        Assert.True(kpis.Utilities[1].Waits > 0);
        Assert.Contains(kpis.TariffWindows, w => w.Name == "critical peak" && w.Kwh > 0);
        Assert.Equal(kpis.Total.EnergyCost, kpis.TariffWindows.Sum(w => w.Cost), kpis.Total.EnergyCost * 1e-6);
        var report = FootprintReport.Of(simulator.State);
        Assert.Equal(kpis.Total.EnergyKwh, report.Orders.Sum(o => o.Total.EnergyKwh), kpis.Total.EnergyKwh * 1e-9);
        Assert.True(report.Unallocated.IsNothing);
    }
}
