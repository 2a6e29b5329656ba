using DigitalTwin.Plant.Kpis;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/kpis</c>: key figures so far, by their ISO 22400 names where these exist.</summary>
internal static class KpisApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/plants/{plant}/kpis", (string plant, SessionRegistry sessions) =>
        ApiTools.With(sessions, plant, s =>
        {
            var view = s.View();
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
        })).Needs(Permit.See);
}

/// <summary>One key figure.</summary>
internal sealed record KpiDocument(string Key, string Name, string? NameZh, string Unit, string Formula, string Better, double? Value)
{
    public static KpiDocument Of(KpiDescriptor kpi, double? value, string currency) =>
        new(kpi.Key, kpi.Name.En, kpi.Name.Zh, kpi.Unit == "money" ? currency : kpi.Unit, kpi.Formula, kpi.Better.ToString(), value is { } v && double.IsFinite(v) ? v : null);
}
