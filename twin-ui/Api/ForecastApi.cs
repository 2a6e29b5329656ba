using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/forecast</c>: when each open order will be complete, from simulated futures.</summary>
internal static class ForecastApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/plants/{plant}/forecast", (string plant, SessionRegistry sessions) =>
        ApiTools.With(sessions, plant, s =>
        {
            var forecast = s.Forecast;
            var whole = s.Plant;
            return Results.Ok(new
            {
                version = forecast.Version,
                madeAt = whole.Scenario.Clock.ToWallClock(forecast.MadeAt),
                futures = forecast.Futures,
                tookSeconds = forecast.Took.TotalSeconds,
                ordersAtRisk = forecast.OrdersAtRisk,
                orders = forecast.Orders.Select((f, o) => OrderForecastDocument.Of(whole, o, f)),
            });
        })).Needs(Permit.See);
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
