using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Exports;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>The order list as a file: CSV (UTF-8 with BOM, so that Excel reads Chinese), xlsx or JSON.</summary>
public static class OrderExport
{
    /// <summary>The file, from its beginning. Headings are in the viewer's language; JSON keeps its property names.</summary>
    /// <param name="ending">One of <see cref="TableFile.Endings"/>.</param>
    public static MemoryStream Write(string ending, IEnumerable<OrderRow> rows, PlantClock clock, Texts texts) => TableFile.Write(Table(rows, clock, texts), ending);

    /// <summary>The orders as a table.</summary>
    public static ExportTable Table(IEnumerable<OrderRow> rows, PlantClock clock, Texts texts) => TableFile.Of(
        texts["nav.orders"], "order.", [.. Columns.Select(c => c.Key)], rows.Select(r => Columns.Select(c => c.Cell(r, clock, texts)).ToArray()), texts);

    private static readonly (string Key, Func<OrderRow, PlantClock, Texts, object?> Cell)[] Columns =
    [
        ("order.id", (r, _, _) => r.Id),
        ("order.product", (r, _, _) => r.Product),
        ("order.family", (r, _, _) => r.Family),
        ("order.tenant", (r, _, _) => r.Tenant),
        ("order.quantity", (r, _, _) => r.Order.Quantity),
        ("order.unit", (r, _, _) => r.Order.Unit),
        ("order.priority", (r, _, _) => r.Order.Priority),
        ("order.status", (r, _, t) => t[$"order.status.{r.Status.ToString().ToLowerInvariant()}"]),
        ("order.progress", (r, _, _) => Math.Round(r.Progress, 4)),
        ("order.release", (r, c, _) => At(r.Order.Release, c)),
        ("order.due", (r, c, _) => At(r.Order.Due, c)),
        ("order.planned", (r, c, _) => At(r.Planned, c)),
        ("order.p10", (r, c, _) => At(r.Forecast?.P10, c)),
        ("order.p50", (r, c, _) => At(r.Forecast?.P50, c)),
        ("order.p90", (r, c, _) => At(r.Forecast?.P90, c)),
        ("order.actual", (r, c, _) => At(r.Completed, c)),
        ("order.latehours", (r, _, _) => r.Lateness is { } late ? Math.Round(late.Hours, 2) : null),
        ("order.outlook", (r, _, t) => t[$"outlook.{r.Outlook.ToString().ToLowerInvariant()}"]),
    ];

    private static DateTimeOffset? At(SimTime? time, PlantClock clock) => time is { } t && t != SimTime.Never ? clock.ToWallClock(t) : null;
}
