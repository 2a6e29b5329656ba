using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Reports;

/// <summary>The electric load over time and over the day, in front of the tariff's windows.</summary>
internal static class EnergySections
{
    private const double Left = 60;
    private const double Right = 900;
    private const int QuartersADay = 96;
    private const int MostDaysOfWindows = 10;

    public static void Write(Markup html, ReportPage page)
    {
        var sites = page.Content.Watched.SelectMany(run => Enumerable.Range(0, run.Plan.Plant.Plant.Sites.Length).Select(s => (Run: run, Site: new SiteId(s))))
            .Where(s => s.Run.State.ProfileOf(s.Site).PeakKw > 0).ToArray();
        if (sites.Length == 0)
        {
            return;
        }

        page.Open(html, "energy");
        var prices = sites.Select(s => TariffOf(s.Run.Plan.Plant, s.Site)).OfType<TariffTimeline>().SelectMany(PricesOf).Distinct().Order().ToArray();
        if (prices.Length > 1)
        {
            ReportPage.Legend(html, prices.Select((price, i) => (PriceCss(prices, price), page.Texts["report.energy.price", price.ToString("0.###", CultureInfo.InvariantCulture), page.Scenario.Currency])));
        }

        foreach (var (run, site) in sites.GroupBy(s => s.Run).SelectMany(g => g.OrderByDescending(s => g.Key.State.ProfileOf(s.Site).PeakKw).Take(3)))
        {
            var name = run.Plan.Plant.Plant.Sites[site].Name.In(page.Language);
            html.Element("h3", (page.Content.Watched.Count > 1 ? run.Plan.Name + " · " : "") + name).Raw("<div class=\"wide\">")
                .Raw(OverTime(page, run, site, prices)).Raw(OverTheDay(page, run, site, prices)).Raw("</div>");
        }

        html.Raw("</section>");
    }

    private static string OverTime(ReportPage page, WatchedRun run, SiteId site, double[] prices)
    {
        const double Top = 26, Bottom = 190;
        var kwh = run.State.ProfileOf(site).Kwh;
        var until = Math.Min(run.State.Now.Milliseconds, kwh.Length * LoadProfile.QuarterMs);
        var peak = run.State.ProfileOf(site).PeakKw;
        var svg = new Svg(ReportPage.Width, Bottom + 22, page.Texts["report.energy"]);
        svg.Text(Left, 14, page.Texts["report.energy.load"], "h");
        var x = new TimeAxis(page.Scenario.Clock, 0, until, Left, Right);
        var y = new Axis(0, peak, Bottom, Top, 4);
        if (TariffOf(run.Plan.Plant, site) is { } tariff && until <= MostDaysOfWindows * Duration.MillisecondsPerDay)
        {
            Windows(svg, tariff, prices, 0, until, x.At, Top, Bottom);
        }

        x.DrawBelow(svg, Top, Bottom);
        y.DrawLeft(svg, Left, Right);
        // As many points as the drawing can show: the highest quarter-hour of each, so that no peak is lost.
        var merge = Math.Max(1, (int)Math.Ceiling(kwh.Length / 900.0));
        var points = new List<(double, double)> { (x.At(0), y.At(0)) };
        var highest = 0;
        for (var q = 0; q < kwh.Length; q += merge)
        {
            var top = q;
            for (var i = q; i < Math.Min(kwh.Length, q + merge); i++)
            {
                top = kwh[i] > kwh[top] ? i : top;
            }

            highest = kwh[top] > kwh[highest] ? top : highest;
            points.Add((x.At(q * LoadProfile.QuarterMs), y.At(kwh[top] * 4)));
            points.Add((x.At(Math.Min(until, (q + merge) * LoadProfile.QuarterMs)), y.At(kwh[top] * 4)));
        }

        points.Add((x.At(until), y.At(0)));
        svg.Path(points, "load", closed: true);
        var at = x.At(highest * LoadProfile.QuarterMs);
        svg.Dot(at, y.At(peak), 3.5, "peak").Text(Right + 10, Top + 10, page.Texts["report.energy.peak"], "ax")
            .Text(Right + 10, Top + 26, $"{peak.ToString("#,0", CultureInfo.InvariantCulture)} kW", "t")
            .Text(Right + 10, Top + 42, page.Short(new SimTime(highest * LoadProfile.QuarterMs)), "ax");
        return svg.ToString();
    }

    /// <summary>Mean load by quarter-hour of the day, in front of the windows of the first full working day.</summary>
    private static string OverTheDay(ReportPage page, WatchedRun run, SiteId site, double[] prices)
    {
        const double Top = 26, Bottom = 170;
        var kwh = run.State.ProfileOf(site).Kwh;
        var full = (int)(Math.Min(run.State.Now.Milliseconds, kwh.Length * LoadProfile.QuarterMs) / LoadProfile.QuarterMs);
        if (full < QuartersADay)
        {
            return "";
        }

        var clock = page.Scenario.Clock;
        var midnight = clock.FromLocal(clock.ToWallClock(SimTime.Zero).DateTime.Date).Milliseconds;
        var (sum, high, count) = (new double[QuartersADay], new double[QuartersADay], new int[QuartersADay]);
        for (var q = 0; q < full; q++)
        {
            var slot = (int)((q * LoadProfile.QuarterMs - midnight) / LoadProfile.QuarterMs % QuartersADay);
            sum[slot] += kwh[q] * 4;
            high[slot] = Math.Max(high[slot], kwh[q] * 4);
            count[slot]++;
        }

        var svg = new Svg(ReportPage.Width, Bottom + 22, page.Texts["report.energy.day"]);
        svg.Text(Left, 14, page.Texts["report.energy.day"], "h");
        double X(double ms) => Left + ms / Duration.MillisecondsPerDay * (Right - Left);
        var y = new Axis(0, high.Max(), Bottom, Top, 4);
        if (TariffOf(run.Plan.Plant, site) is { } tariff)
        {
            Windows(svg, tariff, prices, midnight, midnight + Duration.MillisecondsPerDay, ms => X(ms - midnight), Top, Bottom);
        }

        for (var hour = 0; hour <= 24; hour += 3)
        {
            var at = X(hour * (double)Duration.MillisecondsPerHour);
            svg.Line(at, Top, at, Bottom, "grid").Text(at, Bottom + 14, hour.ToString("00", CultureInfo.InvariantCulture) + ":00", "ax", "middle");
        }

        y.DrawLeft(svg, Left, Right);
        svg.Path([(Left, Bottom), .. Steps(q => sum[q] / Math.Max(1, count[q])), (Right, Bottom)], "load", closed: true);
        svg.Path(Steps(q => high[q]), "line highest").Text(Right + 10, Top + 10, page.Texts["report.energy.mean"], "ax").Text(Right + 10, Top + 26, page.Texts["report.energy.highest"], "ax");
        return svg.ToString();

        IEnumerable<(double, double)> Steps(Func<int, double> kw) => Enumerable.Range(0, QuartersADay)
            .SelectMany(q => new[] { (X(q * (double)LoadProfile.QuarterMs), y.At(kw(q))), (X((q + 1) * (double)LoadProfile.QuarterMs), y.At(kw(q))) });
    }

    private static void Windows(Svg svg, TariffTimeline tariff, double[] prices, long from, long to, Func<long, double> x, double top, double bottom)
    {
        if (prices.Length < 2)
        {
            return;
        }

        for (var i = 0; i < tariff.Count; i++)
        {
            var (start, price) = tariff.Step(i);
            var end = i + 1 < tariff.Count ? tariff.Step(i + 1).Start.Milliseconds : to;
            var (a, b) = (Math.Max(from, start.Milliseconds), Math.Min(to, end));
            if (b > a)
            {
                svg.Rect(x(a), top, x(b) - x(a), bottom - top, PriceCss(prices, price));
            }
        }
    }

    private static TariffTimeline? TariffOf(CompiledScenario plant, SiteId site)
    {
        for (var e = 0; e < plant.Plant.Equipment.Length; e++)
        {
            if (plant.Plant.Equipment[e].Site == site)
            {
                return plant.TariffOf(e);
            }
        }

        return null;
    }

    private static IEnumerable<double> PricesOf(TariffTimeline tariff) => Enumerable.Range(0, Math.Min(tariff.Count, 400)).Select(i => tariff.Step(i).Price);

    private static string PriceCss(double[] prices, double price) => "price" + (int)Math.Round(Array.IndexOf(prices, price) / Math.Max(1.0, prices.Length - 1) * 4);
}
