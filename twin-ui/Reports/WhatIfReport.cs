using System.Globalization;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Runtime.WhatIf;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Reports;

/// <summary>Answers to what-ifs as one HTML file: what a link that is passed on shows.</summary>
public static class WhatIfReport
{
    private const int OrdersShown = 40;

    /// <summary>The report as text; the first answer is the baseline of the others.</summary>
    public static string Render(WhatIfComparison comparison, IReadOnlyList<WhatIfOutcome> outcomes, Texts texts)
    {
        var first = outcomes[0];
        var html = new Markup();
        html.Raw("<!DOCTYPE html>\n<html lang=\"").Raw(texts.Language).Raw("\"><head><meta charset=\"utf-8\">")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">")
            .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Element("title", $"{first.Plant} · {texts["whatif.report"]}").Raw("<style>").Raw(HtmlReport.Style).Raw("</style></head><body><main><header>")
            .Element("h1", first.Plant)
            .Element("p", $"{texts["whatif.report"]} · {texts["whatif.from", Wall(first.From)]} · {texts["whatif.futures", first.Futures]} · {texts["report.seed", first.Seed.ToString(CultureInfo.InvariantCulture)]}", "sub")
            .Raw("<ol class=\"alts\">");
        for (var i = 0; i < outcomes.Count; i++)
        {
            var changes = outcomes[i].Changes.Length > 0 ? string.Join("; ", outcomes[i].Changes) : texts["whatif.unchanged"];
            var plan = outcomes[i].ScheduleVersion > 0 ? texts["whatif.schedule", outcomes[i].ScheduleVersion] : texts["whatif.rule"];
            html.Raw("<li>").Element("b", comparison.Names[i]).Text($" – {changes} · {plan}").Raw("</li>");
        }

        html.Raw("</ol>");
        if (!comparison.Paired)
        {
            html.Element("p", texts["whatif.unpaired"], "warn");
        }

        html.Raw("</header>");
        Figures(html, comparison, texts);
        Orders(html, comparison, texts);
        return html.Raw("</main></body></html>\n").ToString();
    }

    private static void Figures(Markup html, WhatIfComparison comparison, Texts texts)
    {
        html.Raw("<section>").Element("h2", texts["report.figures"]).Element("p", texts["whatif.figures.says"], "sub");
        Head(html, comparison, [texts["report.figure"], texts["report.unit"]]);
        foreach (var figure in comparison.Figures)
        {
            if (KpiCatalogue.Headline.Contains(figure.Key) && figure.Answers.Any(a => a?.P90 is not (null or 0)) && KpiCatalogue.Find(figure.Key) is { } kpi)
            {
                html.Raw("<tr>").Element("th", texts.Language == "en" ? figure.Name : figure.NameZh).Element("td", figure.Unit == "1" ? "%" : figure.Unit, "u");
                foreach (var answer in figure.Answers)
                {
                    Value(html, kpi, answer);
                }

                html.Raw("</tr>");
            }
        }

        html.Raw("</tbody></table></div></section>");
    }

    private static void Value(Markup html, KpiDescriptor<PlantKpis> kpi, ComparedValue? a)
    {
        html.Raw("<td class=\"n\">").Element("span", kpi.Format(a?.P50), "v").Element("span", $" {kpi.Format(a?.P10)} … {kpi.Format(a?.P90)}", "pm");
        if (a is { Difference: { } d } && d != 0)
        {
            var css = a.Verdict switch { Verdict.Better => "good", Verdict.Worse => "bad", Verdict.Different => "other", _ => "same" };
            html.Raw("<br>").Element("span", (d > 0 ? "+" : "−") + kpi.Format(Math.Abs(d), a.Mean) + (a.HalfWidth is { } h ? " ±" + kpi.Format(h, a.Mean) : ""), "d " + css);
        }

        html.Raw("</td>");
    }

    private static void Orders(Markup html, WhatIfComparison comparison, Texts texts)
    {
        var shown = comparison.Orders.Where(o => o.Answers.Any(a => a?.OnTime is not null))
            .OrderBy(o => o.Answers.Min(a => a?.OnTime ?? 1)).ThenBy(o => o.Id, StringComparer.Ordinal).Take(OrdersShown).ToArray();
        if (shown.Length == 0)
        {
            return;
        }

        html.Raw("<section>").Element("h2", texts["report.orders"]).Element("p", texts["report.orders.says", shown.Length, comparison.Orders.Length], "sub");
        Head(html, comparison, [texts["whatif.order"], texts["report.orders.due"]]);
        foreach (var order in shown)
        {
            html.Raw("<tr>").Element("th", order.Id).Element("td", order.Answers.OfType<WhatIfOrder>().First().Due is { } due ? Wall(due) : "–", "u");
            foreach (var a in order.Answers)
            {
                html.Raw("<td class=\"n\">").Element("span", a?.OnTime is { } p ? ReportPage.Percent(p) : "–", "v")
                    .Element("span", a is null ? "" : $" {Short(a.P10)} … {Short(a.P50)} … {Short(a.P90)}", "pm").Raw("</td>");
            }

            html.Raw("</tr>");
        }

        html.Raw("</tbody></table></div></section>");
    }

    private static void Head(Markup html, WhatIfComparison comparison, string[] first)
    {
        html.Raw("<div class=\"wide\"><table><thead><tr>");
        foreach (var title in first)
        {
            html.Element("th", title);
        }

        foreach (var name in comparison.Names)
        {
            html.Element("th", name, "n");
        }

        html.Raw("</tr></thead><tbody>");
    }

    private static string Wall(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Short(DateTimeOffset? time) => time?.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "–";
}
