using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Energy drawn in the windows of one name, and what it cost, over all sites.</summary>
/// <param name="Name">Name of the window; empty outside all windows.</param>
/// <remarks>Read from the quarter-hours of the load, whose energy is taken as even: exact where windows begin on quarter-hours of simulation time.</remarks>
public sealed record TariffWindowKpis(string Name, double Kwh, double Cost)
{
    internal static ImmutableArray<TariffWindowKpis> Of(PlantState state)
    {
        var sums = new Dictionary<string, (double Kwh, double Cost)>(StringComparer.Ordinal);
        var order = new List<string>();
        var plant = state.Plant.Plant;
        for (var s = 0; s < plant.Sites.Length; s++)
        {
            if (plant.Sites[s].Tariff is { } t && state.Plant.TariffOfSite(new SiteId(s)) is { } timeline)
            {
                Add(plant.Tariffs[t], timeline, state.ProfileOf(new SiteId(s)).Kwh);
            }
        }

        return [.. order.Select(name => new TariffWindowKpis(name, sums[name].Kwh, sums[name].Cost))];

        void Add(Tariff tariff, TariffTimeline timeline, ReadOnlySpan<double> kwh)
        {
            for (var q = 0; q < kwh.Length; q++)
            {
                var (at, end) = (new SimTime(q * LoadProfile.QuarterMs), new SimTime((q + 1) * LoadProfile.QuarterMs));
                while (kwh[q] != 0 && at < end)
                {
                    var next = SimTime.Min(end, timeline.NextChange(at));
                    var part = kwh[q] * (next - at).Milliseconds / LoadProfile.QuarterMs;
                    var window = timeline.WindowAt(at);
                    var name = window < 0 ? "" : tariff.Windows[window].Name;
                    if (!sums.TryGetValue(name, out var sum))
                    {
                        order.Add(name);
                    }

                    sums[name] = (sum.Kwh + part, sum.Cost + part * timeline.PriceAt(at));
                    at = next;
                }
            }
        }
    }
}
