using DigitalTwin.Plant.Experiments;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Reports;

/// <summary>Orders: when they will be ready (P10, P50, P90), against their due dates, and how probable it is that they are on time.</summary>
internal static class OrderSections
{
    private const int MostOrders = 40;
    private const double Row = 17;

    public static void Write(Markup html, ReportPage page)
    {
        var first = page.Content.Experiment.Alternatives[0];
        if (first.Runs.Length < 2 || first.Orders.Length == 0)
        {
            return;
        }

        foreach (var alternative in page.Content.Experiment.Alternatives.Take(3))
        {
            var shown = alternative.Orders.Where(o => o.P10 is not null || o.OnTime is not null)
                .OrderBy(o => o.OnTime is { } p ? Math.Abs(p.Share - 0.5) : 1).ThenByDescending(o => o.TardinessMeanHours ?? 0).Take(MostOrders)
                .OrderBy(o => o.OnTime?.Share ?? 2).ThenBy(o => o.P50 ?? SimTime.Never).ToArray();
            if (shown.Length == 0)
            {
                continue;
            }

            html.Raw("<section>").Element("h2", page.Texts["report.orders"] + (page.Content.Experiment.Alternatives.Length > 1 ? $" · {alternative.Name}" : ""));
            html.Element("p", page.Texts["report.orders.says", shown.Length, alternative.Orders.Length], "sub");
            ReportPage.Legend(html, [("fband", page.Texts["report.orders.band"]), ("fmedian", page.Texts["report.orders.median"]), ("due", page.Texts["report.orders.due"])]);
            html.Raw("<div class=\"wide\">").Raw(Draw(page, alternative, shown)).Raw("</div></section>");
        }
    }

    private static string Draw(ReportPage page, AlternativeReport alternative, OrderBand[] shown)
    {
        const double Left = 150, Right = 780, Bars = 800, BarsEnd = 900;
        var bottom = 24 + shown.Length * Row;
        var end = alternative.Runs.Max(r => r.Kpis.To.Milliseconds);
        long Ms(SimTime? time) => time?.Milliseconds ?? end;
        // Dues that lie far outside the forecasts are marked at the edge: drawn to scale they would squeeze everything else.
        var (low, high) = (shown.Min(o => Ms(o.P10)), shown.Max(o => Ms(o.P90)));
        var room = Math.Max(Duration.MillisecondsPerHour, (high - low) / 2);
        var from = Math.Max(low - room, shown.Min(o => Math.Min(Ms(o.P10), o.Order.Due?.Milliseconds ?? long.MaxValue)) - room / 20);
        var to = Math.Min(high + room, shown.Max(o => Math.Max(Ms(o.P90), o.Order.Due?.Milliseconds ?? 0)) + room / 20);
        var axis = new TimeAxis(page.Scenario.Clock, from, to, Left, Right);
        var svg = new Svg(ReportPage.Width, bottom + 22, page.Texts["report.orders"]);
        svg.Text(Bars, 14, page.Texts["report.orders.ontime"], "h");
        axis.DrawBelow(svg, 20, bottom);
        for (var i = 0; i < shown.Length; i++)
        {
            var order = shown[i];
            var y = 24 + i * Row + Row / 2;
            svg.Text(Left - 8, y + 4, ReportPage.Fit(order.Order.Id, 22), "t", "end");
            if (order.P10 is { } p10)
            {
                var tip = $"{order.Order.Id}: P10 {page.Short(p10)} · P50 {(order.P50 is { } m ? page.Short(m) : "–")} · P90 {(order.P90 is { } h ? page.Short(h) : "–")}";
                svg.Rect(axis.At(p10.Milliseconds), y - 4, Math.Max(2, axis.At(Ms(order.P90)) - axis.At(p10.Milliseconds)), 8, "fband", tip);
            }

            if (order.P50 is { } p50)
            {
                svg.Line(axis.At(p50.Milliseconds), y - 5, axis.At(p50.Milliseconds), y + 5, "fmedian");
            }

            if (order.Order.Due is { } due)
            {
                var at = axis.At(Math.Clamp(due.Milliseconds, from, to));
                if (due.Milliseconds < from || due.Milliseconds > to)
                {
                    var tip = due.Milliseconds < from ? -6 : 6;
                    svg.Path([(at, y - 4), (at + tip, y), (at, y + 4)], "dueout", closed: true);
                }
                else
                {
                    svg.Line(at, y - Row / 2 + 1, at, y + Row / 2 - 1, "due");
                }
            }

            if (order.OnTime is { } onTime)
            {
                svg.Rect(Bars, y - 4, BarsEnd - Bars, 8, "track").Rect(Bars, y - 4, (BarsEnd - Bars) * onTime.Share, 8, onTime.Share >= 0.9 ? "gfill" : onTime.Share >= 0.5 ? "wfill" : "bfill")
                    .Line(Bars + (BarsEnd - Bars) * onTime.Low, y, Bars + (BarsEnd - Bars) * onTime.High, y, "whisker")
                    .Text(BarsEnd + 8, y + 4, $"{ReportPage.Percent(onTime.Share)} ({ReportPage.Percent(onTime.Low)}–{ReportPage.Percent(onTime.High)})", "ax");
            }
        }

        return svg.ToString();
    }
}
