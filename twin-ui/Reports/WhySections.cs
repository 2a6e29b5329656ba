using DigitalTwin.Plant.Explanation;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Reports;

/// <summary>Where the time of orders went, and why the latest are late.</summary>
internal static class WhySections
{
    private const int MostOrders = 20;
    private const double Row = 20;

    public static void Write(Markup html, ReportPage page)
    {
        var runs = page.Content.Watched.Where(w => w.Flows.Length > 0).ToArray();
        if (runs.Length == 0)
        {
            return;
        }

        page.Open(html, "why");
        var parts = FlowParts.All.Where(p => runs.Any(r => r.Flows.Any(f => f[p.Part] > 0))).ToArray();
        ReportPage.Legend(html, parts.Select(p => ($"p-{p.Key}", p.Name.In(page.Language))));
        html.Raw("<div class=\"wide\">").Raw(Overview(page, runs, parts)).Raw("</div>");
        foreach (var run in runs)
        {
            var late = run.Flows.Where(f => f.LatenessMs > 0).OrderByDescending(f => f.LatenessMs).ToArray();
            var shown = (late.Length > 0 ? late : [.. run.Flows.OrderByDescending(f => f.FlowMs)]).Take(MostOrders).ToArray();
            var heading = late.Length > 0 ? page.Texts["report.why.late", shown.Length, late.Length, run.Flows.Length] : page.Texts["report.why.slow", shown.Length];
            html.Element("h3", (runs.Length > 1 ? run.Plan.Name + " · " : "") + heading).Raw("<div class=\"wide\">").Raw(Orders(page, run, shown, parts)).Raw("</div>");
        }

        html.Raw("</section>");
    }

    /// <summary>Shares of the flow time, all orders and late ones, a bar each per alternative.</summary>
    private static string Overview(ReportPage page, WatchedRun[] runs, FlowPartDescriptor[] parts)
    {
        const double Left = 190, Right = 940;
        var rows = runs.SelectMany(r => new[]
        {
            (Name: Prefix(r) + page.Texts["report.why.all"], Flows: r.Flows.ToArray()),
            (Name: Prefix(r) + page.Texts["report.why.onlylate"], Flows: r.Flows.Where(f => f.LatenessMs > 0).ToArray()),
        }).Where(r => r.Flows.Length > 0).ToArray();
        var svg = new Svg(ReportPage.Width, rows.Length * 28 + 8, page.Texts["report.why"]);
        for (var i = 0; i < rows.Length; i++)
        {
            var (y, x) = (i * 28 + 4.0, Left);
            var total = rows[i].Flows.Sum(f => (double)f.FlowMs);
            svg.Text(Left - 8, y + 15, ReportPage.Fit(rows[i].Name, 28), "t", "end");
            foreach (var part in parts)
            {
                var ms = rows[i].Flows.Sum(f => (double)f[part.Part]);
                var width = total > 0 ? ms / total * (Right - Left) : 0;
                if (width > 0)
                {
                    svg.Rect(x, y, width, 20, $"p-{part.Key}", $"{part.Name.In(page.Language)}: {ReportPage.Percent(ms / total)}");
                    if (width > 44)
                    {
                        svg.Text(x + width / 2, y + 14, ReportPage.Percent(ms / total), $"in i-{part.Key}", "middle");
                    }
                }

                x += width;
            }

            svg.Text(Right + 8, y + 15, page.Texts["report.hours", ReportPage.Hours(total / rows[i].Flows.Length)], "ax");
        }

        return svg.ToString();

        string Prefix(WatchedRun run) => runs.Length > 1 ? run.Plan.Name + " · " : "";
    }

    private static string Orders(ReportPage page, WatchedRun run, OrderFlow[] shown, FlowPartDescriptor[] parts)
    {
        const double Left = 190, Right = 860;
        var bottom = shown.Length * Row + 4;
        var axis = new Axis(0, shown.Max(f => f.FlowMs) / (double)Duration.MillisecondsPerHour, Left, Right, 8);
        var svg = new Svg(ReportPage.Width, bottom + 20, page.Texts["report.why"]);
        axis.DrawBelow(svg, 0, bottom);
        for (var i = 0; i < shown.Length; i++)
        {
            var flow = shown[i];
            var y = i * Row + 3;
            var name = run.Plan.Plant.Scenario.Orders[flow.Order].Id + (flow.Complete ? "" : $" ({page.Texts["report.open"]})");
            svg.Text(Left - 8, y + 11, ReportPage.Fit(name, 28), "t", "end");
            var ms = 0L;
            foreach (var part in parts.Where(p => flow[p.Part] > 0))
            {
                var from = axis.At(ms / (double)Duration.MillisecondsPerHour);
                ms += flow[part.Part];
                svg.Rect(from, y, axis.At(ms / (double)Duration.MillisecondsPerHour) - from, Row - 6, $"p-{part.Key}", $"{name} · {part.Name.In(page.Language)}: {page.Texts["report.hours", ReportPage.Hours(flow[part.Part])]}");
            }

            if (flow.LatenessMs is { } late and > 0)
            {
                svg.Text(Math.Min(axis.At(ms / (double)Duration.MillisecondsPerHour), Right) + 8, y + 11, page.Texts["report.why.lateby", ReportPage.Hours(late)], "ax lateby");
            }
        }

        return svg.ToString();
    }
}
