using DigitalTwin.Plant.Kpis;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Live;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/replays/{id}/…</c>: a moment of the past, in the same documents as the live plant's.</summary>
internal static class ReplayViewsApi
{
    private const int MostBars = 50_000;
    private const int MostOrders = 1000;

    public static void Map(RouteGroupBuilder api) => Map(api.MapGroup("/plants/{plant}/replays/{id}").Needs(Permit.See), ReplaysApi.IdOf, ReplaysApi.Unknown);

    /// <summary>Maps what can be seen of anything that is looked at like a plant.</summary>
    /// <param name="idOf">Whole id, from the plant's and the thing's.</param>
    public static void Map(RouteGroupBuilder group, Func<string, string, string> idOf, Func<string, string, IResult> unknown)
    {
        group.MapGet("/frame", (string plant, string id, long? since, PlantViews views, FrameBoards boards) =>
            With(views, plant, id, v => Results.Bytes(boards.Of(v).Pull(since ?? 0), "application/octet-stream")));
        group.MapGet("/equipment", (string plant, string id, PlantViews views) => With(views, plant, id, v =>
        {
            var view = v.View();
            return Results.Ok(Enumerable.Range(0, view.State.Equipment.Length).Select(e => EquipmentDocument.Of(view, e)).ToArray());
        }));
        group.MapGet("/equipment/{equipment}", (string plant, string id, string equipment, PlantViews views) => With(views, plant, id, v =>
            v.Names.Equipment(equipment) is >= 0 and var e ? Results.Ok(EquipmentDocument.Of(v.View(), e))
                : ApiTools.Problem(StatusCodes.Status404NotFound, "No such equipment", $"equipment '{equipment}' is not in '{v.Id}'")));
        group.MapGet("/orders", (string plant, string id, int? offset, int? limit, PlantViews views) => With(views, plant, id, v =>
        {
            var view = v.View();
            var page = Enumerable.Range(0, view.State.Orders.Length).Skip(Math.Max(0, offset ?? 0)).Take(Math.Clamp(limit ?? 100, 1, MostOrders));
            return Results.Ok(new { total = view.State.Orders.Length, orders = page.Select(o => OrderStateDocument.Of(view, o)).ToArray() });
        }));
        group.MapGet("/kpis", (string plant, string id, PlantViews views) => With(views, plant, id, v =>
        {
            var state = v.View().State;
            var (kpis, scenario) = (PlantKpis.Of(state), state.Plant.Scenario);
            return Results.Ok(new
            {
                from = scenario.Clock.ToWallClock(kpis.From), to = scenario.Clock.ToWallClock(kpis.To), currency = scenario.Currency,
                plant = KpiCatalogue.Plant.Select(k => KpiDocument.Of(k, k.Value(kpis), scenario.Currency)).ToArray(),
            });
        }));
        group.MapGet("/schedule", (string plant, string id, PlantViews views) => With(views, plant, id, v =>
        {
            var view = v.View();
            return Results.Json(ScheduleDocument.Of(view.Schedule.Schedule, view.Schedule.Version, view.Schedule.User, view.State.Plant, wallClock: true), RuntimeJson.Default.ScheduleDocument);
        }));
        group.MapGet("/history", (string plant, string id, double? hours, int? limit, PlantViews views) => With(views, plant, id, v =>
        {
            var view = v.View();
            var from = hours is { } h ? SimTime.Max(SimTime.Zero, view.Now - Duration.FromHours(Math.Clamp(h, 0, 1e6))) : SimTime.Zero;
            var page = v.History(from, view.Now + Duration.FromMilliseconds(1), limit: Math.Clamp(limit ?? 5000, 1, MostBars));
            return Results.Ok(new { more = page.More, bars = page.Bars.Select(b => BarDocument.Of(b, view.State.Plant)).ToArray() });
        }));

        IResult With(PlantViews views, string plant, string id, Func<IPlantView, IResult> answer) =>
            views.Find(idOf(plant, id)) is { } view ? answer(view) : unknown(plant, id);
    }
}
