using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/kpis</c>: key figures so far, by their ISO 22400 names where these exist.</summary>
internal static class KpisApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/plants/{plant}/kpis", (string plant, HttpContext http) =>
        ApiTools.SeeState(http, plant, (seen, view) =>
        {
            if (!seen.IsWhole)
            {
                return Results.Ok(FirmKpis.Of(seen, view));
            }

            var kpis = PlantKpis.Of(view.State);
            var scenario = view.State.Plant.Scenario;
            return Results.Ok(new
            {
                from = scenario.Clock.ToWallClock(kpis.From),
                to = scenario.Clock.ToWallClock(kpis.To),
                currency = scenario.Currency,
                plant = KpiCatalogue.Plant.Select(k => KpiDocument.Of(k, k.Value(kpis), scenario.Currency)),
                equipment = kpis.Equipment.Select((e, i) => new
                {
                    id = scenario.Plant.Equipment[i].Id,
                    values = KpiCatalogue.Equipment.ToDictionary(k => k.Key, k => k.Value(e)),
                }),
            });
        })).Needs(Permit.See, firmsToo: true);
}

/// <summary>One key figure.</summary>
internal sealed record KpiDocument(string Key, string Name, string? NameZh, string Unit, string Formula, string Better, double? Value)
{
    public static KpiDocument Of(KpiDescriptor kpi, double? value, string currency) =>
        new(kpi.Key, kpi.Name.En, kpi.Name.Zh, kpi.Unit == "money" ? currency : kpi.Unit, kpi.Formula, kpi.Better.ToString(), value is { } v && double.IsFinite(v) ? v : null);
}

/// <summary>How a firm's own orders fare. What machines do in all, and use, is not told: it would say what others do there.</summary>
internal sealed record FirmKpis
{
    public required string Firm { get; init; }
    public required int Orders { get; init; }
    public required int Open { get; init; }
    public required int Complete { get; init; }

    /// <summary>Open orders past their due date.</summary>
    public required int Late { get; init; }

    /// <summary>Share of the completed orders with due date that were in time, in [0, 1]; <c>null</c> while there is none.</summary>
    public double? OnTime { get; init; }

    /// <summary>Mean hours that completed orders were late, early ones counted as 0.</summary>
    public double? MeanTardinessHours { get; init; }

    /// <summary>Electricity allocated to the firm's batches so far.</summary>
    public required double EnergyKwh { get; init; }

    public static FirmKpis Of(TenantView seen, TwinView view)
    {
        var orders = seen.Orders(view).Where(o => view.State.Orders[o].Status != OrderStatus.Cancelled).ToList();
        var done = orders.Where(o => view.State.Orders[o].CompletedAt >= 0).ToList();
        var late = done.Where(o => view.State.Plant.Scenario.Orders[o].Due is not null)
            .Select(o => Math.Max(0, view.State.Orders[o].CompletedAt - view.State.Plant.Scenario.Orders[o].Due!.Value.Milliseconds) / 3_600_000.0).ToList();
        return new FirmKpis
        {
            Firm = seen.Caller.Firm!,
            Orders = orders.Count,
            Open = orders.Count - done.Count,
            Complete = done.Count,
            Late = orders.Except(done).Count(o => OrderStateDocument.IsLate(view, o)),
            OnTime = late.Count == 0 ? null : late.Count(h => h == 0) / (double)late.Count,
            MeanTardinessHours = late.Count == 0 ? null : late.Average(),
            EnergyKwh = orders.Sum(o => view.State.OrderUse[o].EnergyKwh),
        };
    }
}
