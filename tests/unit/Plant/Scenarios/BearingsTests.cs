using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>The bearing shop is written by hand; what it gives is measured.</summary>
public class BearingsTests
{
    private static readonly HandWrittenScenario s_bearings = new("bearings");

    [Fact]
    public void One_run_gives_the_expected_figures() => s_bearings.GivesTheExpectedFigures();

    [Fact]
    public void Worn_spindles_are_told_before_they_fail_and_a_slot_is_found_for_them()
    {
        var plant = s_bearings.Read();
        var simulator = HandWrittenScenario.Simulate(plant);
        var (told, inside, failed) = (new Dictionary<int, (double At, double P10, double P90)>(), 0, 0);
        for (var day = 100; day < 360; day++)
        {
            var before = simulator.State.Meters.ToArray().Select(m => m.Failures).ToArray();
            simulator.RunUntil(SimTime.FromHours(24 * day));
            for (var e = 0; e < before.Length; e++)
            {
                if (simulator.State.Meters[e].Failures > before[e] && told.Remove(e, out var estimate))
                {
                    failed++;
                    inside += day - estimate.At >= estimate.P10 - 1 && day - estimate.At <= estimate.P90 + 1 ? 1 : 0;
                }
            }

            foreach (var k in ConditionKpis.Of(simulator.State).Where(k => k is { Readings: > 0, RemainingP50Hours: not null, Zone: VibrationZone.C or VibrationZone.B } && !told.ContainsKey(k.Equipment)))
            {
                Assert.NotNull(k.Slot);
                Assert.True(k.RemainingP10Hours <= k.RemainingP50Hours && k.RemainingP50Hours <= k.RemainingP90Hours);
                told.Add(k.Equipment, (day, k.RemainingP10Hours!.Value / 24, k.RemainingP90Hours!.Value / 24));
            }
        }

        Assert.True(failed >= 10, $"{failed} failures were foretold");
        Assert.True(inside >= failed * 0.5, $"{inside} of {failed} failures came between P10 and P90 of the first estimate");
    }
}
