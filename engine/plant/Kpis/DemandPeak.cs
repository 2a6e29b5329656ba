using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>The highest 15-minute mean load of a site's meter, and what it costs.</summary>
/// <param name="Kw">Highest quarter-hour mean in the window, kW.</param>
/// <param name="Cost">Σ over the calendar months touched of the month's highest mean × the tariff's demand price. A month that the window
/// only touches is charged in full, as the supplier would.</param>
public sealed record DemandPeak(double Kw, double Cost)
{
    internal static DemandPeak Of(PlantState state, SiteId site)
    {
        var kwh = state.ProfileOf(site).Kwh;
        var price = state.Plant.Plant.Sites[site].Tariff is { } t ? state.Plant.Plant.Tariffs[t].DemandPricePerKwMonth : 0;
        var clock = state.Plant.Scenario.Clock;
        var (peak, cost) = (0.0, 0.0);
        for (var quarter = 0; quarter < kwh.Length;)
        {
            var monthEnd = Math.Min(kwh.Length, FirstQuarterAfterMonthOf(clock, quarter));
            var monthPeak = 0.0;
            for (; quarter < monthEnd; quarter++)
            {
                monthPeak = Math.Max(monthPeak, kwh[quarter] * 4);
            }

            peak = Math.Max(peak, monthPeak);
            cost += monthPeak * price;
        }

        return new DemandPeak(peak, cost);
    }

    private static int FirstQuarterAfterMonthOf(PlantClock clock, int quarter)
    {
        var start = clock.ToWallClock(new SimTime(quarter * LoadProfile.QuarterMs)).DateTime;
        var next = new DateTime(start.Year, start.Month, 1, 0, 0, 0, DateTimeKind.Unspecified).AddMonths(1);
        var ms = clock.FromLocal(next).Milliseconds;
        return (int)Math.Max(quarter + 1L, (ms + LoadProfile.QuarterMs - 1) / LoadProfile.QuarterMs);
    }
}
