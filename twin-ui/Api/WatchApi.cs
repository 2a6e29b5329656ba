using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Runtime.Watch;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/condition</c>, <c>…/supply</c>, <c>…/warnings</c>, <c>…/carbon</c>: what is watched in a live plant.</summary>
internal static class WatchApi
{
    private const int MostOrders = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        var plant = api.MapGroup("/plants/{plant}").Needs(Permit.See);
        plant.MapGet("/condition", (string plant, SessionRegistry sessions, WatchService watch, CancellationToken stop) =>
            ApiTools.With(sessions, plant, s => Results.Ok(Condition(s, watch.Look(s, stop)))));
        plant.MapGet("/supply", (string plant, SessionRegistry sessions, WatchService watch, CancellationToken stop) =>
            ApiTools.With(sessions, plant, s => Results.Ok(Supply(s, watch.Look(s, stop)))));
        plant.MapGet("/warnings", (string plant, SessionRegistry sessions, WatchService watch, CancellationToken stop) => ApiTools.With(sessions, plant, s =>
        {
            var (report, clock) = (watch.Look(s, stop), s.Plant.Scenario.Clock);
            return Results.Ok(report.Warnings.Select(w => new { kind = w.Kind.ToString(), subject = w.Subject, since = clock.ToWallClock(w.Since), severe = w.Severe, text = w.Text }));
        }));
        plant.MapGet("/carbon", (string plant, int? offset, int? limit, SessionRegistry sessions) =>
            ApiTools.With(sessions, plant, s => Results.Ok(Carbon(s.View().State, Math.Max(0, offset ?? 0), Math.Clamp(limit ?? 100, 1, MostOrders)))));
    }

    private static object Condition(TwinSession session, PlantWatchReport report)
    {
        var plant = session.Plant;
        return new
        {
            at = Wall(session, report.At),
            components = report.Conditions.Select(c => new
            {
                equipment = plant.Plant.Equipment[c.Equipment].Id, failureMode = plant.Upkeep.Mode(c.Mode).Id, c.AgeHours, levelMmPerS = c.Level, zone = c.Zone?.ToString(),
                measuredAt = c.MeasuredAt is { } m ? Wall(session, m) : (DateTimeOffset?)null, c.Readings, growthPer100Hours = Finite(c.GrowthPer100Hours),
                pAtAgeHours = Finite(c.RisesAtAgeHours), remainingP10Hours = Finite(c.RemainingP10Hours), remainingP50Hours = Finite(c.RemainingP50Hours), remainingP90Hours = Finite(c.RemainingP90Hours), c.Ordered,
            }),
            advice = report.Advice.Select(a => new
            {
                equipment = plant.Plant.Equipment[a.Equipment].Id, plan = plant.Upkeep.Plan(a.Plan).Id, hours = a.Length.Hours, latest = Wall(session, a.Latest), inTime = a.InTime,
                choices = a.Choices.Select(c => new { start = Wall(session, c.Start), tardinessHours = c.TardinessHours, why = c.Why }),
            }),
        };
    }

    private static object Supply(TwinSession session, PlantWatchReport report)
    {
        var model = session.Plant.Plant;
        return new
        {
            at = Wall(session, report.At),
            aheadDays = report.Outlook?.Ahead.Days,
            materials = report.Materials.Select(m =>
            {
                var ahead = report.Outlook?.Materials[m.Material.Index];
                return new
                {
                    material = model.Materials[m.Material].Id, unit = model.Materials[m.Material].Unit, m.Stock, m.OnHold, m.OnOrder, m.DailyUse,
                    coverDays = Finite(m.CoverDays), leadTimeP90Days = Finite(m.LeadTimeP90Days), gapDays = Finite(m.GapDays), m.SingleSource,
                    risk = Finite(m.Score), shortNow = ahead?.IsShort, shortageProbability = ahead?.Probability,
                    expected = ahead?.Expected is { } e ? Wall(session, e) : (DateTimeOffset?)null, earliest = ahead?.Earliest is { } p10 ? Wall(session, p10) : (DateTimeOffset?)null,
                };
            }),
        };
    }

    /// <summary>The meters so far, allocated: the orders' sums and what is unallocated are what the meters show.</summary>
    private static object Carbon(PlantState state, int offset, int limit)
    {
        var report = FootprintReport.Of(state);
        var (clock, orders) = (state.Plant.Scenario.Clock, state.Plant.Scenario.Orders);
        var used = report.Orders.Where(o => o.CarbonKg > 0 || o.Total.EnergyKwh > 0).ToList();
        return new
        {
            from = clock.ToWallClock(state.StatisticsSince), to = clock.ToWallClock(state.Now), total = used.Count,
            metered = Use(report.Metered, report.CarbonKg),
            unallocated = Use(report.Unallocated, FootprintReport.CarbonKgOf(state.Plant.Plant.Carbon, report.Unallocated)),
            orders = used.OrderByDescending(o => o.CarbonKg).ThenBy(o => o.Order.Index).Skip(offset).Take(limit).Select(o => new
            {
                order = orders[o.Order].Id, quantity = o.Quantity, unit = orders[o.Order].Unit, carbonKg = o.CarbonKg, carbonKgPerUnit = o.CarbonKgPerUnit, directKwh = o.Direct.EnergyKwh,
                indirectKwh = o.Indirect.EnergyKwh, energyCost = o.Total.EnergyCost, waterM3 = o.Total.WaterM3, steamKg = o.Total.SteamKg, gasM3 = o.Total.GasM3,
            }),
        };

        static object Use(in ResourceUse use, double carbon) => new { carbonKg = carbon, energyKwh = use.EnergyKwh, energyCost = use.EnergyCost, waterM3 = use.WaterM3, steamKg = use.SteamKg, gasM3 = use.GasM3 };
    }

    /// <summary>JSON knows no infinity: what never ends is left out.</summary>
    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;

    private static DateTimeOffset Wall(TwinSession session, SimTime time) => session.Plant.Scenario.Clock.ToWallClock(time);
}
