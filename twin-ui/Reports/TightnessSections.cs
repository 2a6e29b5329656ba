using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Explanation;

namespace DigitalTwin.Ui.Reports;

/// <summary>How machines spend their time, and which of them is the bottleneck when.</summary>
internal static class TightnessSections
{
    private const int MostMachines = 40;
    private const int MostRows = 12;
    private const double Row = 20;

    public static void Write(Markup html, ReportPage page)
    {
        var runs = page.Content.Watched;
        if (runs.Count == 0)
        {
            return;
        }

        page.Open(html, "use");
        var uses = MachineUses.All.Where(u => u.Use != MachineUse.OffShift && runs.Any(r => r.Bottleneck.Machines.Any(m => m.Total(u.Use) > 0))).ToArray();
        ReportPage.Legend(html, uses.Select(u => ($"u-{u.Key}", u.Name.In(page.Language))));
        foreach (var run in runs)
        {
            Title(html, run, runs.Count);
            html.Raw("<div class=\"wide\">").Raw(Uses(page, run, uses)).Raw("</div>");
        }

        html.Raw("</section>");
        page.Open(html, "bottleneck");
        foreach (var run in runs)
        {
            Title(html, run, runs.Count);
            html.Raw("<div class=\"wide\">").Raw(OverTime(page, run)).Raw(Queues(page, run)).Raw("</div>");
        }

        html.Raw("</section>");
    }

    private static void Title(Markup html, WatchedRun run, int runs)
    {
        if (runs > 1)
        {
            html.Element("h3", run.Plan.Name);
        }
    }

    /// <summary>A stacked bar per machine, or per class where there are many machines.</summary>
    private static string Uses(ReportPage page, WatchedRun run, MachineUseDescriptor[] uses)
    {
        const double Left = 190, Right = 940;
        var (report, plant) = (run.Bottleneck, run.Plan.Plant.Plant);
        var rows = report.Machines.Length <= MostMachines
            ? report.Machines.Select(m => (Name: plant.Equipment[m.Equipment].Id, Row: (Tightness)m))
            : report.Classes.Select(c => (Name: $"{plant.EquipmentClasses[c.Class].Name.In(page.Language)} ×{c.Machines.Length}", Row: (Tightness)c));
        var sorted = rows.OrderByDescending(r => r.Row.ShareOf(MachineUse.Working) + r.Row.ShareOf(MachineUse.Setup)).Take(MostMachines).ToArray();
        var bottom = sorted.Length * Row + 4;
        var axis = new Axis(0, 100, Left, Right, 5);
        var svg = new Svg(ReportPage.Width, bottom + 20, page.Texts["report.use"]);
        axis.DrawBelow(svg, 0, bottom);
        for (var i = 0; i < sorted.Length; i++)
        {
            var (y, done) = (i * Row + 3, 0.0);
            svg.Text(Left - 8, y + 11, ReportPage.Fit(sorted[i].Name, 28), "t", "end");
            foreach (var use in uses)
            {
                var share = sorted[i].Row.ShareOf(use.Use) * 100;
                if (share > 0)
                {
                    svg.Rect(axis.At(done), y, axis.At(done + share) - axis.At(done), Row - 6, $"u-{use.Key}", $"{sorted[i].Name} · {use.Name.In(page.Language)}: {ReportPage.Percent(share / 100)}");
                }

                done += share;
            }

            svg.Text(Right + 8, y + 11, ReportPage.Percent(sorted[i].Row.ShareOf(MachineUse.Working)), "ax");
        }

        return svg.ToString();
    }

    /// <summary>A row per machine that is ever the bottleneck for long; dark where it is, with its sole and shifting shares.</summary>
    private static string OverTime(ReportPage page, WatchedRun run)
    {
        const double Left = 190, Right = 860;
        var (report, plant) = (run.Bottleneck, run.Plan.Plant.Plant);
        var rows = report.Machines.Where(m => m.SoleShare + m.ShiftingShare > 0)
            .OrderByDescending(m => m.SoleShare + m.ShiftingShare / 2).Take(MostRows).ToArray();
        var bottom = 22 + Math.Max(1, rows.Length) * Row;
        var axis = new TimeAxis(page.Scenario.Clock, report.From.Milliseconds, report.To.Milliseconds, Left, Right);
        var svg = new Svg(ReportPage.Width, bottom + 20, page.Texts["report.bottleneck"]);
        svg.Text(Right + 12, 12, page.Texts["report.bottleneck.shares"], "ax");
        axis.DrawBelow(svg, 18, bottom);
        for (var i = 0; i < rows.Length; i++)
        {
            var y = 22 + i * Row;
            var id = plant.Equipment[rows[i].Equipment].Id;
            svg.Rect(Left, y, Right - Left, Row - 6, "track").Text(Left - 8, y + 11, ReportPage.Fit(id, 28), "t", "end");
            foreach (var (from, to) in Merged(report, rows[i].Equipment, (report.To.Milliseconds - report.From.Milliseconds) / 1300))
            {
                svg.Rect(axis.At(from), y, Math.Max(0.6, axis.At(to) - axis.At(from)), Row - 6, "bn", $"{id}: {page.Short(new(from))} – {page.Short(new(to))}");
            }

            svg.Text(Right + 12, y + 11, $"{ReportPage.Percent(rows[i].SoleShare)} + {ReportPage.Percent(rows[i].ShiftingShare)}", "ax");
        }

        return svg.ToString();
    }

    /// <summary>A machine's stretches as the bottleneck; gaps too small to be seen are closed.</summary>
    private static IEnumerable<(long From, long To)> Merged(BottleneckReport report, int equipment, long gap)
    {
        var (from, to) = (-1L, -1L);
        foreach (var stretch in report.Momentary.Where(m => m.Equipment == equipment))
        {
            if (from >= 0 && stretch.FromMs - to > gap)
            {
                yield return (from, to);
                from = -1;
            }

            (from, to) = (from < 0 ? stretch.FromMs : from, stretch.ToMs);
        }

        if (from >= 0)
        {
            yield return (from, to);
        }
    }

    /// <summary>Queues of the classes that are waited for most, over time.</summary>
    private static string Queues(ReportPage page, WatchedRun run)
    {
        const double Left = 190, Right = 860, Top = 28, Bottom = 170;
        var (report, plant) = (run.Bottleneck, run.Plan.Plant);
        var shown = report.Classes.Where(c => c.MeanQueue(report) > 0).OrderByDescending(c => c.MeanQueue(report)).Take(4).ToArray();
        if (shown.Length == 0)
        {
            return "";
        }

        var svg = new Svg(ReportPage.Width, Bottom + 22, page.Texts["report.queues"]);
        svg.Text(Left, 14, page.Texts["report.queues"], "h");
        double Mean(ClassTightness c, int b) => c.QueueMs[b] / Math.Max(1, report.BucketMs(b));
        var buckets = Enumerable.Range(0, shown[0].QueueMs.Length).ToArray();
        var y = new Axis(0, shown.Max(c => buckets.Max(b => Mean(c, b))), Bottom, Top, 4);
        var x = new TimeAxis(page.Scenario.Clock, report.From.Milliseconds, report.To.Milliseconds, Left, Right);
        x.DrawBelow(svg, Top, Bottom);
        y.DrawLeft(svg, Left, Right);
        for (var i = 0; i < shown.Length; i++)
        {
            var c = shown[i];
            svg.Path(
                buckets.SelectMany(b => new[] { report.From.Milliseconds + b * report.Bucket.Milliseconds, report.From.Milliseconds + b * report.Bucket.Milliseconds + report.BucketMs(b) }
                    .Select(ms => (x.At(ms), y.At(Mean(c, b))))), $"line l{i}");
            svg.Rect(Right + 12, Top + i * 18, 10, 10, $"a{i}").Text(Right + 27, Top + 9 + i * 18, ReportPage.Fit(NameOf(plant, c, page.Language), 22), "ax");
        }

        return svg.ToString();
    }

    private static string NameOf(CompiledScenario plant, ClassTightness c, string language) => plant.Plant.EquipmentClasses[c.Class].Name.In(language);
}
