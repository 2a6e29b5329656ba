using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Ui.Reports;

/// <summary>Key figures: the table, their spread over the replications, and the differences between alternatives.</summary>
internal static class FigureSections
{
    private const double Gap = 20;
    private const int EnoughForABox = 5;

    public static void Write(Markup html, ReportPage page)
    {
        var comparison = page.Content.Experiment.Comparison;
        KpiDescriptor<PlantKpis>[] shown = [.. KpiCatalogue.Headline.Select(k => KpiCatalogue.Find(k)!).Where(k => comparison.Variants.Any(v => v[k.Key].Values.Any(x => x is not (null or 0))))];
        page.Open(html, "figures");
        Table(html, page, shown);
        html.Raw("</section>");
        var spread = shown.Where(k => comparison.Variants.Any(v => v[k.Key].Interval is { HalfWidth: > 0 })).ToArray();
        if (comparison.Variants[0].Runs.Length >= EnoughForABox && spread.Length > 0)
        {
            page.Open(html, "spread");
            html.Raw("<div class=\"panels\">");
            foreach (var kpi in spread)
            {
                html.Raw(Boxes(page, kpi));
            }

            html.Raw("</div></section>");
        }

        if (comparison.Variants.Length > 1 && comparison.Variants[0].Runs.Length > 1)
        {
            page.Open(html, "differences");
            html.Raw("<div class=\"panels\">");
            foreach (var kpi in shown.Where(k => comparison.Variants.Skip(1).Any(v => v[k.Key].Difference is { Mean: not null, Interval.HalfWidth: > 0 })))
            {
                html.Raw(Differences(page, kpi));
            }

            html.Raw("</div></section>");
        }
    }

    private static void Table(Markup html, ReportPage page, KpiDescriptor<PlantKpis>[] shown)
    {
        var variants = page.Content.Experiment.Comparison.Variants;
        html.Raw("<div class=\"wide\"><table><thead><tr>").Element("th", page.Texts["report.figure"]).Element("th", page.Texts["report.unit"]);
        foreach (var variant in variants)
        {
            html.Element("th", variant.Name, "n");
        }

        html.Raw("</tr></thead><tbody>");
        foreach (var kpi in shown)
        {
            html.Raw("<tr>").Element("th", kpi.Name.In(page.Language)).Element("td", kpi.ShownUnit(page.Scenario.Currency), "u");
            foreach (var variant in variants)
            {
                var figure = variant[kpi.Key];
                html.Raw("<td class=\"n\">").Element("span", kpi.Format(figure.Mean), "v");
                if (figure.Interval is { HalfWidth: > 0 } interval)
                {
                    html.Element("span", " ±" + kpi.Format(interval.HalfWidth, figure.Mean), "pm");
                }

                if (figure.Difference is { Mean: { } difference } d && difference != 0)
                {
                    html.Raw("<br>").Element("span", Signed(kpi, difference, figure.Mean) + (d.Interval is { HalfWidth: > 0 } i ? " ±" + kpi.Format(i.HalfWidth, figure.Mean) : ""), "d " + Css(d.Verdict));
                }

                html.Raw("</td>");
            }

            html.Raw("</tr>");
        }

        html.Raw("</tbody></table></div>");
        if (variants.Length > 1)
        {
            html.Element("p", page.Texts["report.figures.note", variants[0].Name], "note");
        }
    }

    /// <summary>A box per alternative: whiskers to the extremes, box from P25 to P75, the median, the mean as a dot.</summary>
    private static string Boxes(ReportPage page, KpiDescriptor<PlantKpis> kpi)
    {
        var variants = page.Content.Experiment.Comparison.Variants;
        var values = variants.Select(v => v[kpi.Key].Values.OfType<double>().Select(x => Shown(kpi, x)).Order().ToArray()).ToArray();
        var (svg, axis, left, bottom) = Panel(page, kpi, variants.Length, values.SelectMany(v => v));
        for (var i = 0; i < variants.Length; i++)
        {
            var y = 40 + i * Gap;
            svg.Text(left - 6, y + 4, ReportPage.Fit(variants[i].Name, 15), "t", "end");
            if (values[i].Length == 0)
            {
                continue;
            }

            var v = values[i];
            double At(double p) => axis.At(Quantiles.Of(v, p));
            var tip = $"{variants[i].Name}: {string.Join(" / ", new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(p => kpi.Format(Raw(kpi, Quantiles.Of(v, p)))))}";
            svg.Line(At(0), y, At(1), y, "whisker").Line(At(0), y - 4, At(0), y + 4, "whisker").Line(At(1), y - 4, At(1), y + 4, "whisker")
                .Rect(At(0.25), y - 6, Math.Max(1, At(0.75) - At(0.25)), 12, "box", tip).Line(At(0.5), y - 6, At(0.5), y + 6, "median")
                .Dot(axis.At(v.Average()), y, 2.6, "mean");
        }

        return svg.ToString();
    }

    /// <summary>A row per alternative: the differences pair by pair as faint dots, their mean with its interval, and zero.</summary>
    private static string Differences(ReportPage page, KpiDescriptor<PlantKpis> kpi)
    {
        var variants = page.Content.Experiment.Comparison.Variants;
        var others = variants.Skip(1).ToArray();
        var pairs = others.Select(v => Pairs(variants[0][kpi.Key], v[kpi.Key]).Select(x => Shown(kpi, x)).ToArray()).ToArray();
        var (svg, axis, left, bottom) = Panel(page, kpi, others.Length, pairs.SelectMany(p => p).Append(0));
        svg.Line(axis.At(0), 26, axis.At(0), bottom, "zero");
        for (var i = 0; i < others.Length; i++)
        {
            var y = 40 + i * Gap;
            var difference = others[i][kpi.Key].Difference!;
            svg.Text(left - 6, y + 4, ReportPage.Fit(others[i].Name, 15), "t", "end");
            for (var r = 0; r < pairs[i].Length; r++)
            {
                svg.Dot(axis.At(pairs[i][r]), y - 4 + r % 5 * 2, 1.6, "pair");
            }

            if (difference is { Mean: { } mean, Interval: { } interval })
            {
                var css = Css(difference.Verdict);
                svg.Line(axis.At(Shown(kpi, mean - interval.HalfWidth)), y, axis.At(Shown(kpi, mean + interval.HalfWidth)), y, "interval " + css)
                    .Dot(axis.At(Shown(kpi, mean)), y, 4, "estimate " + css, $"{others[i].Name}: {Signed(kpi, mean, mean)} ±{kpi.Format(interval.HalfWidth)}");
            }
        }

        return svg.ToString();
    }

    private static (Svg Svg, Axis Axis, double Left, double Bottom) Panel(ReportPage page, KpiDescriptor<PlantKpis> kpi, int rows, IEnumerable<double> values)
    {
        const double Width = 336, Left = 102;
        var unit = kpi.ShownUnit(page.Scenario.Currency);
        var title = kpi.Name.In(page.Language) + (unit.Length > 0 ? $", {unit}" : "");
        var bottom = 30 + rows * Gap;
        var all = values.DefaultIfEmpty(0).ToArray();
        var axis = new Axis(all.Min(), all.Max(), Left, Width - 30, 4);
        var svg = new Svg(Width, bottom + 20, title);
        svg.Text(0, 14, title, "h");
        axis.DrawBelow(svg, 26, bottom);
        return (svg, axis, Left, bottom);
    }

    private static IEnumerable<double> Pairs(KpiSummary baseline, KpiSummary variant) =>
        baseline.Values.Zip(variant.Values).Where(p => p is { First: not null, Second: not null }).Select(p => p.Second!.Value - p.First!.Value);

    private static double Shown(KpiDescriptor kpi, double value) => kpi.Unit == "1" ? value * 100 : value;

    private static double Raw(KpiDescriptor kpi, double shown) => kpi.Unit == "1" ? shown / 100 : shown;

    private static string Signed(KpiDescriptor kpi, double value, double? like) => (value > 0 ? "+" : "") + kpi.Format(value, like).Replace('-', '−');

    private static string Css(Verdict verdict) => verdict switch { Verdict.Better => "good", Verdict.Worse => "bad", Verdict.Different => "other", _ => "same" };
}
