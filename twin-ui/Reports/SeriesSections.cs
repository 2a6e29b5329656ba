namespace DigitalTwin.Ui.Reports;

/// <summary>The plant over time: mean and middle 80 % of the replications, a panel per series, a colour per alternative.</summary>
internal static class SeriesSections
{
    private const int MostLines = 4;

    public static void Write(Markup html, ReportPage page)
    {
        var alternatives = page.Content.Experiment.Alternatives.Where(a => a.Series.Length > 0).Take(MostLines).ToArray();
        if (alternatives.Length == 0)
        {
            return;
        }

        page.Open(html, "series");
        if (alternatives.Length > 1)
        {
            ReportPage.Legend(html, alternatives.Select((a, i) => ($"a{i}", a.Name)));
        }

        html.Raw("<div class=\"panels two\">");
        for (var s = 0; s < alternatives[0].Series.Length; s++)
        {
            if (alternatives.Any(a => a.Series[s].P90.Any(v => v != 0)))
            {
                html.Raw(Panel(page, s));
            }
        }

        html.Raw("</div></section>");
    }

    private static string Panel(ReportPage page, int s)
    {
        const double Width = 510, Height = 190, Left = 48, Right = Width - 10, Top = 28, Bottom = Height - 22;
        var bands = page.Content.Experiment.Alternatives.Where(a => a.Series.Length > 0).Take(MostLines).Select(a => a.Series[s]).ToArray();
        var series = bands[0].Series;
        var scale = series.Unit == "1" ? 100 : 1;
        var unit = series.Unit == "1" ? "%" : series.Unit;
        var title = series.Name.In(page.Language) + (unit.Length > 0 ? $", {unit}" : "");
        var svg = new Svg(Width, Height, title);
        svg.Text(0, 14, title, "h");
        var y = new Axis(0, bands.Max(b => b.P90.Max()) * scale, Bottom, Top, 4);
        var end = bands.Max(b => (b.From + b.Every * (b.Mean.Length - 1)).Milliseconds);
        var x = new TimeAxis(page.Scenario.Clock, bands[0].From.Milliseconds, end, Left, Right);
        x.DrawBelow(svg, Top, Bottom);
        y.DrawLeft(svg, Left, Right);
        for (var a = 0; a < bands.Length; a++)
        {
            var band = bands[a];
            double X(int i) => x.At((band.From + band.Every * i).Milliseconds);
            if (page.Content.Experiment.Alternatives[0].Runs.Length > 1)
            {
                svg.Path(
                    Enumerable.Range(0, band.P90.Length).Select(i => (X(i), y.At(band.P90[i] * scale)))
                        .Concat(Enumerable.Range(0, band.P10.Length).Reverse().Select(i => (X(i), y.At(band.P10[i] * scale)))), $"band a{a}", closed: true);
            }

            svg.Path(Enumerable.Range(0, band.Mean.Length).Select(i => (X(i), y.At(band.Mean[i] * scale))), $"line l{a}");
        }

        return svg.ToString();
    }
}
