using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>The highest 15-minute mean load of a site's meter, and what it costs.</summary>
/// <param name="Kw">Highest quarter-hour mean in the window, kW.</param>
/// <param name="Cost">Σ over the calendar months touched (local time) of the demand charge on the month's highest mean. A month that the window
/// only touches is charged in full, as the supplier would.</param>
/// <param name="ProRatedCost">The same with each month charged by the share of it that the load covers: what a week bears of its month.</param>
public sealed record DemandPeak(double Kw, double Cost, double ProRatedCost = 0)
{
    /// <summary>Of a load in quarter-hours since the epoch.</summary>
    /// <param name="kwh">Energy of each quarter-hour.</param>
    /// <param name="tariff">What demand costs; <c>null</c> when it is free.</param>
    /// <param name="firstQuarter">First quarter-hour that counts.</param>
    public static DemandPeak Of(ReadOnlySpan<double> kwh, Tariff? tariff, PlantClock clock, int firstQuarter = 0)
    {
        var (peak, cost, proRated) = (0.0, 0.0, 0.0);
        foreach (var month in Months(kwh, tariff, clock, firstQuarter))
        {
            peak = Math.Max(peak, month.PeakKw);
            cost += month.Charge;
            proRated += month.Charge * month.Share;
        }

        return new DemandPeak(peak, cost, proRated);
    }

    internal static DemandPeak Of(PlantState state, SiteId site) =>
        Of(state.ProfileOf(site).Kwh, TariffOf(state, site), state.Plant.Scenario.Clock, FirstQuarter(state));

    /// <summary>What each month that the window of the statistics touches is charged for at a site.</summary>
    public static IReadOnlyList<DemandMonth> MonthsOf(PlantState state, SiteId site) =>
        Months(state.ProfileOf(site).Kwh, TariffOf(state, site), state.Plant.Scenario.Clock, FirstQuarter(state));

    private static List<DemandMonth> Months(ReadOnlySpan<double> kwh, Tariff? tariff, PlantClock clock, int firstQuarter)
    {
        var months = new List<DemandMonth>();
        for (var quarter = firstQuarter; quarter < kwh.Length;)
        {
            var (begin, length) = (quarter, QuartersOfMonth(clock, quarter));
            var end = Math.Min(kwh.Length, FirstQuarterAfterMonthOf(clock, quarter));
            var peak = 0.0;
            for (; quarter < end; quarter++)
            {
                peak = Math.Max(peak, kwh[quarter] * 4);
            }

            months.Add(new DemandMonth(begin, end, peak, tariff?.DemandCharge(peak) ?? 0, (end - begin) / length));
        }

        return months;
    }

    private static Tariff? TariffOf(PlantState state, SiteId site) => state.Plant.Plant.Sites[site].Tariff is { } t ? state.Plant.Plant.Tariffs[t] : null;

    private static int FirstQuarter(PlantState state) => (int)(state.StatisticsSince.Milliseconds / LoadProfile.QuarterMs);

    private static double QuartersOfMonth(PlantClock clock, int quarter)
    {
        var start = clock.ToWallClock(new SimTime(quarter * LoadProfile.QuarterMs)).DateTime;
        var first = new DateTime(start.Year, start.Month, 1, 0, 0, 0, DateTimeKind.Unspecified);
        return (clock.FromLocal(first.AddMonths(1)) - clock.FromLocal(first)).Milliseconds / (double)LoadProfile.QuarterMs;
    }

    internal static int FirstQuarterAfterMonthOf(PlantClock clock, int quarter)
    {
        var start = clock.ToWallClock(new SimTime(quarter * LoadProfile.QuarterMs)).DateTime;
        var next = new DateTime(start.Year, start.Month, 1, 0, 0, 0, DateTimeKind.Unspecified).AddMonths(1);
        var ms = clock.FromLocal(next).Milliseconds;
        return (int)Math.Max(quarter + 1L, (ms + LoadProfile.QuarterMs - 1) / LoadProfile.QuarterMs);
    }
}
