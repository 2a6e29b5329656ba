using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/forecast</c>: when each open order will be complete, from simulated futures.</summary>
internal static class ForecastApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/plants/{plant}/forecast", (string plant, HttpContext http) =>
        ApiTools.See(http, plant, seen =>
        {
            var forecast = seen.Session.Forecast;
            var whole = seen.Session.Plant;
            var orders = Enumerable.Range(0, forecast.Orders.Length).Where(seen.Sees).ToList();
            var rows = ListAnswer.Page(http, orders).Select(o => OrderForecastDocument.Of(whole, o, forecast.Orders[o])).ToList();
            return ListAnswer.Of(http, "forecast", rows, new
            {
                version = forecast.Version,
                madeAt = whole.Scenario.Clock.ToWallClock(forecast.MadeAt),
                futures = forecast.Futures,
                tookSeconds = forecast.Took.TotalSeconds,
                ordersAtRisk = orders.Count(o => forecast.Orders[o].OnTime < 0.5),
                orders = rows,
            });
        })).Needs(Permit.See, firmsToo: true);
}

/// <summary>The forecast of one order.</summary>
internal sealed record OrderForecastDocument
{
    public required string Order { get; init; }
    public DateTimeOffset? Due { get; init; }
    public DateTimeOffset? P10 { get; init; }
    public DateTimeOffset? P50 { get; init; }
    public DateTimeOffset? P90 { get; init; }
    public required double OnTime { get; init; }
    public required double TardinessHours { get; init; }

    public static OrderForecastDocument Of(DigitalTwin.Plant.Behaviour.CompiledScenario plant, int o, OrderForecast forecast)
    {
        var order = plant.Scenario.Orders[o];
        return new OrderForecastDocument
        {
            Order = order.Id,
            Due = Wall(order.Due),
            P10 = Wall(forecast.P10),
            P50 = Wall(forecast.P50),
            P90 = Wall(forecast.P90),
            OnTime = forecast.OnTime,
            TardinessHours = forecast.Tardiness,
        };

        DateTimeOffset? Wall(DigitalTwin.Simulation.SimTime? t) => t is { } time ? plant.Scenario.Clock.ToWallClock(time) : null;
    }
}
