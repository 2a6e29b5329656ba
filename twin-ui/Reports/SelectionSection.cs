using System.Globalization;
using DigitalTwin.Plant.Experiments;

namespace DigitalTwin.Ui.Reports;

/// <summary>Which alternative is best, how sure that is, and where the runs went.</summary>
internal static class SelectionSection
{
    private const double Row = 22, Left = 210, Right = 300;

    public static void Write(Markup html, ReportPage page)
    {
        if (page.Content.Experiment.Selection is not { } selection)
        {
            return;
        }

        page.Open(html, "selection");
        html.Element("p", Sentence(page, selection));
        html.Raw(Bars(page, selection)).Raw("</section>");
    }

    private static string Sentence(ReportPage page, SelectionReport selection)
    {
        var experiment = page.Content.Experiment;
        var (best, figure) = (experiment.Alternatives[selection.Best].Name, selection.Kpi.Name.In(page.Language));
        var within = $"{selection.Kpi.Format(selection.Indifference)} {selection.Kpi.ShownUnit(page.Scenario.Currency)}".TrimEnd();
        return selection.Probability is { } p ? page.Texts["report.selection.estimated", best, figure, Percent(p), within]
            : selection.Decided ? page.Texts["report.selection.promised", best, figure, Percent(selection.Confidence), within]
            : page.Texts["report.selection.open", best, figure];
    }

    /// <summary>A bar of runs per alternative; beside it the mean and what is known about its chance.</summary>
    private static string Bars(ReportPage page, SelectionReport selection)
    {
        var experiment = page.Content.Experiment;
        var bottom = 30 + selection.Effort.Length * Row;
        var axis = new Axis(0, selection.Effort.Max(e => e.Replications), Left, ReportPage.Width - Right);
        var svg = new Svg(ReportPage.Width, bottom + 20, page.Texts["report.selection.runs"]);
        svg.Text(Left, 14, page.Texts["report.selection.runs"], "h").Text(ReportPage.Width - Right + 20, 14, page.Texts["report.selection.mean"], "h");
        axis.DrawBelow(svg, 26, bottom);
        for (var a = 0; a < selection.Effort.Length; a++)
        {
            var (effort, y) = (selection.Effort[a], 40 + a * Row);
            var name = experiment.Alternatives[a].Name;
            svg.Text(Left - 8, y + 4, ReportPage.Fit(name, 30), "t", "end")
                .Rect(Left, y - 7, Math.Max(1, axis.At(effort.Replications) - Left), 14, a == selection.Best ? "a0" : "box", $"{name}: {effort.Replications.ToString(CultureInfo.InvariantCulture)}")
                .Text(ReportPage.Width - Right + 20, y + 4, $"{selection.Kpi.Format(effort.Mean)} · {Chance(page, selection, a)}", "t");
        }

        return svg.ToString();
    }

    private static string Chance(ReportPage page, SelectionReport selection, int a) =>
        a == selection.Best ? page.Texts["report.selection.best"]
        : selection.Effort[a].BeatsBest is { } p ? page.Texts["report.selection.beats", Percent(p)]
        : selection.Effort[a].DroppedBy is { } by ? page.Texts["report.selection.dropped", page.Content.Experiment.Alternatives[by].Name]
        : page.Texts["report.selection.racing"];

    private static string Percent(double p) => (p * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
