using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Views;

/// <summary>How probable it is that each order is late: the colour "risk" of the Gantt.</summary>
public static class OrderRisk
{
    /// <summary>Per order the probability of being late, as far as the forecast's futures tell; −1 without due date or forecast.</summary>
    public static double[] Of(TwinView view, PlantForecast forecast)
    {
        var orders = view.State.Plant.Scenario.Orders;
        var known = forecast.Run == view.Run;
        return [.. orders.Select((order, o) => order.Due is not null && known && forecast.Of(o) is { } f ? Math.Round(1 - f.OnTime, 3) : -1)];
    }
}
