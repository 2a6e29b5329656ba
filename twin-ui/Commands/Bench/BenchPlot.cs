using System.Globalization;
using System.Text;

namespace DigitalTwin.Ui.Commands.Bench;

/// <summary>Gap by instance as a picture: one dot per solver and instance.</summary>
internal static class BenchPlot
{
    private const int Height = 260, Left = 60, Top = 30, Bottom = 90;

    public static string Svg(BenchReport report)
    {
        var width = Math.Max(320, Left + 14 * report.Rows.Count + 20);
        var most = report.Rows.SelectMany(r => new[] { r.Gap, r.PeerGap }).Max() is { } m and > 0 ? m : 0.01;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {Top + Height + Bottom}\" font-family=\"sans-serif\" font-size=\"10\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/><text x=\"{Left}\" y=\"16\" font-size=\"12\">{report.Run.Set.Name}: gap to best known after {report.Run.Limits.Seconds} s — ");
        svg.Append("<tspan fill=\"#1565c0\">● ours</tspan> <tspan fill=\"#c62828\">○ CP-SAT</tspan></text>\n");
        for (var i = 0; i <= 4; i++)
        {
            var y = Y(most * i / 4);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{width - 10}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\" stroke=\"#ddd\"/><text x=\"{Left - 6}\" y=\"{y + 3:0.#}\" text-anchor=\"end\">{BenchText.Gap(most * i / 4)}</text>\n");
        }

        for (var i = 0; i < report.Rows.Count; i++)
        {
            var (row, x) = (report.Rows[i], Left + 10 + 14 * i);
            svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate({x + 3} {Top + Height + 8}) rotate(90)\">{row.Instance.Name}</text>\n");
            if (row.PeerGap is { } peer)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x}\" cy=\"{Y(peer):0.#}\" r=\"3.5\" fill=\"none\" stroke=\"#c62828\"/>");
            }

            if (row.Gap is { } gap)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x}\" cy=\"{Y(gap):0.#}\" r=\"3\" fill=\"#1565c0\"/>\n");
            }
        }

        return svg.Append("</svg>\n").ToString();

        double Y(double gap) => Top + Height * (1 - Math.Clamp(gap / most, 0, 1));
    }
}
