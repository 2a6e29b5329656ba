using System.Globalization;
using System.Reflection;
using System.Text;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Reports;

/// <summary>An experiment as one HTML file: no scripts, no requests, drawings inline; light, dark and on paper.</summary>
public static class HtmlReport
{
    private static readonly Lazy<string> s_style = new(ReadStyle);

    /// <summary>The style sheet of all reports.</summary>
    internal static string Style => s_style.Value;

    /// <summary>Writes the report to a file, UTF-8.</summary>
    /// <param name="language"><c>en</c> or <c>zh-CN</c>.</param>
    public static void Write(string path, ReportContent content, string language) =>
        File.WriteAllText(path, Render(content, language), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    /// <summary>The report as text.</summary>
    public static string Render(ReportContent content, string language)
    {
        var page = new ReportPage(content, Texts.For(language));
        var scenario = content.Experiment.Scenario;
        var html = new Markup();
        html.Raw("<!DOCTYPE html>\n<html lang=\"").Raw(page.Texts.Language).Raw("\"><head><meta charset=\"utf-8\">")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">")
            .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Element("title", $"{scenario.Name.In(page.Language)} · {page.Texts["report.title"]}")
            .Raw("<style>").Raw(s_style.Value).Raw("</style></head><body><main>");
        Head(html, page);
        SelectionSection.Write(html, page);
        FigureSections.Write(html, page);
        SeriesSections.Write(html, page);
        OrderSections.Write(html, page);
        WhySections.Write(html, page);
        TightnessSections.Write(html, page);
        EnergySections.Write(html, page);
        return html.Raw("</main></body></html>\n").ToString();
    }

    private static void Head(Markup html, ReportPage page)
    {
        var experiment = page.Content.Experiment;
        var scenario = experiment.Scenario;
        var runs = experiment.Alternatives[0].Runs;
        html.Raw("<header>").Element("h1", scenario.Name.In(page.Language));
        html.Element("p", string.Join(" · ", [
            page.Texts["report.title"], experiment.Source,
            page.Texts["report.seed", experiment.Seed.ToString(CultureInfo.InvariantCulture)],
            page.Texts["report.replications", experiment.Comparison.Variants[0].Runs.Length],
            $"{page.Wall(runs[0].Kpis.From)} → {page.Wall(runs[0].Kpis.To)}"]), "sub");
        if (experiment.Alternatives.Length > 1 || experiment.Alternatives[0].Changes.Length > 0)
        {
            html.Raw("<ol class=\"alts\">");
            foreach (var alternative in experiment.Alternatives)
            {
                html.Raw("<li>").Element("b", alternative.Name).Text(alternative.Changes.Length > 0 ? " – " + string.Join("; ", alternative.Changes) : "").Raw("</li>");
            }

            html.Raw("</ol>");
        }

        if (experiment.Interrupted)
        {
            html.Element("p", page.Texts["report.interrupted"], "warn");
        }

        html.Raw("</header>");
    }

    private static string ReadStyle()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")
            ?? throw new InvalidOperationException("The report's style sheet is not compiled in. Maybe Reports/report.css is missing?");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>What every section of a report needs.</summary>
internal sealed record ReportPage(ReportContent Content, Texts Texts)
{
    /// <summary>Width of a full drawing.</summary>
    public const double Width = 1040;

    public string Language => Texts.Language;

    public Scenario Scenario => Content.Experiment.Scenario;

    /// <summary>A moment as people of the plant read it.</summary>
    public string Wall(SimTime time) => Scenario.Clock.ToWallClock(time).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A moment within the report's window.</summary>
    public string Short(SimTime time) => Scenario.Clock.ToWallClock(time).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A text cut to what a row's label can hold; a Chinese character counts as two.</summary>
    public static string Fit(string text, int columns)
    {
        var width = 0;
        for (var i = 0; i < text.Length; i++)
        {
            width += text[i] > '\u2e7f' ? 2 : 1;
            if (width > columns)
            {
                return text[..Math.Max(0, i - 1)] + "…";
            }
        }

        return text;
    }

    public static string Percent(double share) => (share * 100).ToString(share is > 0 and < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    public static string Hours(double ms)
    {
        var hours = ms / Duration.MillisecondsPerHour;
        return hours.ToString(Math.Abs(hours) >= 100 ? "#,0" : Math.Abs(hours) >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture).Replace('-', '−');
    }

    public void Open(Markup html, string key)
    {
        html.Raw("<section>").Element("h2", Texts[$"report.{key}"]);
        if (Texts[$"report.{key}.says"] is var says && !says.StartsWith("report.", StringComparison.Ordinal))
        {
            html.Element("p", says, "sub");
        }
    }

    /// <summary>Coloured squares with what they mean.</summary>
    public static void Legend(Markup html, IEnumerable<(string Css, string Name)> entries)
    {
        html.Raw("<p class=\"legend\">");
        foreach (var (css, name) in entries)
        {
            html.Raw($"<span><svg viewBox=\"0 0 12 12\" class=\"key\"><rect width=\"12\" height=\"12\" rx=\"2\" class=\"{css}\"/></svg>").Text(name).Raw("</span>");
        }

        html.Raw("</p>");
    }
}
