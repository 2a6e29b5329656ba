using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Key figures of one fixture loop over the window of the statistics.</summary>
/// <param name="Loop">Index of the loop in the plant model.</param>
/// <param name="FixtureHours">Fixtures × hours.</param>
/// <param name="InUseHours">Σ over fixtures of the hours taken by units.</param>
/// <param name="WaitHours">Σ over units of the hours in which they waited to enter and no fixture of their family was free.</param>
/// <param name="Changes">Changes to another family begun.</param>
public sealed record FixtureKpis(int Loop, double FixtureHours, double InUseHours, double WaitHours, int Changes)
{
    internal static ImmutableArray<FixtureKpis> Of(PlantState state)
    {
        var loops = state.Plant.Plant.FixtureLoops;
        var families = state.Plant.Plant.Families.Length;
        var hours = (state.Now - state.StatisticsSince).Hours;
        return
        [
            .. loops.Select((loop, i) =>
            {
                var pools = state.FixtureMeters.Slice(i * families, families).ToArray();
                return new FixtureKpis(
                    i, hours * loop.Fixtures.Sum(f => f.Count), pools.Sum(p => p.InUseMs) / (double)Duration.MillisecondsPerHour,
                    pools.Sum(p => p.WaitMs) / (double)Duration.MillisecondsPerHour, pools.Sum(p => p.Changes));
            }),
        ];
    }
}
