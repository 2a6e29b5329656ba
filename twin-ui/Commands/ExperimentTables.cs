using System.Globalization;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DigitalTwin.Ui.Commands;

/// <summary>An experiment as a planner reads it: what differs, which is better and by how much, which orders change sides.</summary>
internal static class ExperimentTables
{
    private const int OrdersShown = 12;
    private const int OrdersShownOfMany = 5;
    // Lateness where there is any, else how long orders take, else the whole.
    private static readonly string[] s_figures = ["tardiness-weighted", "lead-time-mean", "makespan"];

    private static readonly Label s_order = new("Order", "订单");
    private static readonly Label s_due = new("Due", "交期");
    private static readonly Label s_before = new("On time, base", "按期 基准");
    private static readonly Label s_after = new("On time, here", "按期 本方案");
    private static readonly Label s_ready = new("Ready P50 … P90", "完成 P50 … P90");
    private static readonly Label s_shift = new("Shift, h", "平移 h");
    private static readonly Label s_alternative = new("Alternative", "方案");
    private static readonly Label s_effort = new("Replications", "重复次数");
    private static readonly Label s_mean = new("Mean", "均值");
    private static readonly Label s_dropped = new("Dropped against", "淘汰于");
    private static readonly Label s_beats = new("Better than the best", "优于最佳的概率");

    public static void Print(Shell shell, ExperimentReport report, bool all)
    {
        var count = report.Comparison.Variants[0].Runs.Length;
        var most = report.Alternatives.Max(a => a.Runs.Length);
        shell.Line($"{report.Scenario.Name.In(shell.Language)} · seed {report.Seed} · {count}{(most > count ? $"–{most}" : "")} replications, same luck for all");
        foreach (var alternative in report.Alternatives.Where(a => !a.Changes.IsEmpty))
        {
            shell.Line($"  {alternative.Name}: {string.Join("; ", alternative.Changes)}");
        }

        if (report.WarmUp is { } warmUp)
        {
            shell.Line($"Warm-up {warmUp.WarmUp}: found in '{warmUp.Series.Name.In(shell.Language)}' of {warmUp.Pilot} pilot runs by MSER-5, thrown away everywhere.");
        }

        foreach (var table in KpiTables.SideBySide(shell, report.Comparison, report.Scenario.Currency, all))
        {
            shell.Show(table);
        }

        foreach (var alternative in report.Alternatives.Skip(1))
        {
            Orders(shell, report, alternative);
        }

        Selection(shell, report);
        for (var index = 1; index < report.Alternatives.Length; index++)
        {
            InShort(shell, report, index);
        }

        Footnotes(shell, report, count);
    }

    /// <summary>The figure that the alternatives are judged by when one must do.</summary>
    private static KpiDescriptor<PlantKpis> MainFigure(ExperimentReport report) =>
        report.Selection?.Kpi ?? report.Precision?.Kpi ?? s_figures.Select(key => KpiCatalogue.Find(key)!)
            .First(kpi => kpi.Key == s_figures[^1] || report.Comparison.Variants.Any(v => v[kpi.Key].Mean is not (null or 0)));

    private static void InShort(Shell shell, ExperimentReport report, int index)
    {
        var kpi = MainFigure(report);
        var (summary, first) = (report.Comparison.Variants[index][kpi.Key], report.Comparison.Variants[0][kpi.Key]);
        var name = report.Alternatives[index].Name;
        if (summary.Difference is not { Mean: { } mean } difference)
        {
            shell.Line($"{name}: {kpi.Name.In(shell.Language)} cannot be compared.");
            return;
        }

        var share = first.Mean is { } b && b != 0 ? string.Create(CultureInfo.InvariantCulture, $", {mean / Math.Abs(b) * 100:+0.0;−0.0} %") : "";
        var half = difference.Interval is { } interval ? $" ± {kpi.Format(interval.HalfWidth, first.Mean)}" : "";
        var sign = mean > 0 ? "+" : "";
        var verdict = difference.Verdict switch
        {
            Verdict.Better => "better",
            Verdict.Worse => "worse",
            Verdict.Different => "different",
            _ when difference.Interval is { HalfWidth: 0 } => "the same",
            _ => "no difference shown",
        };
        var isShown = difference.Verdict is Verdict.Better or Verdict.Worse;
        shell.Line($"{name}: {kpi.Name.In(shell.Language)} {sign}{kpi.Format(mean, first.Mean).Replace('-', '−')}{half} {kpi.ShownUnit(report.Scenario.Currency)}{share} → {verdict}; less in {difference.Down}, more in {difference.Up} of {difference.Pairs} runs"
            + (isShown && difference.Median is { } median && !median.Excludes(0) ? "; the median alone does not show it" : "") + ".");
    }

    private static void Orders(Shell shell, ExperimentReport report, AlternativeReport alternative)
    {
        var changed = alternative.Orders.Where(o => o.Change is { } c && (c.BecameLate > 0 || c.BecameOnTime > 0)).ToList();
        var (late, onTime) = (changed.Where(o => Side(o.Change!.BaselineOnTime) && !Side(o.OnTime)).ToList(), changed.Where(o => !Side(o.Change!.BaselineOnTime) && Side(o.OnTime)).ToList());
        var fresh = alternative.Orders.Where(o => o.Change is null).ToList(); // the base does not have them
        if (changed.Count + fresh.Count == 0)
        {
            shell.Line($"{alternative.Name}: no order changes between on time and late.");
            return;
        }

        shell.Line($"{alternative.Name}: likely late instead of on time: {Listed(late)}; likely on time instead of late: {Listed(onTime)}."
            + (changed.Count(o => o.Change!.IsShown) is > 0 and var shown ? $" Shown for {shown}." : ""));
        var rows = fresh.Take(3).Concat(changed.OrderByDescending(o => o.Change!.IsShown).ThenByDescending(o => Math.Abs(o.Change!.OnTimeGain)).ThenBy(o => o.Order.Id, StringComparer.Ordinal)).Take(report.Alternatives.Length > 3 ? OrdersShownOfMany : OrdersShown).ToList();
        var table = Shell.Table();
        foreach (var (heading, right) in ((Label, bool)[])[(s_order, false), (s_due, false), (s_before, true), (s_after, true), (s_ready, false), (s_shift, true)])
        {
            var column = new TableColumn(new Text(heading.In(shell.Language))).NoWrap();
            table.AddColumn(right ? column.RightAligned() : column);
        }

        foreach (var order in rows)
        {
            table.AddRow(new IRenderable[]
            {
                new Text(order.Order.Id + (order.Change is null ? " *" : "")),
                new Text(Moment(report, order.Order.Due)),
                new Text(order.Change is null ? "" : Percent(order.Change.BaselineOnTime, interval: false)),
                new Text(Percent(order.OnTime, interval: true), Colour(order)),
                new Text($"{Moment(report, order.P50)} … {Moment(report, order.P90)}"),
                new Text(order.Change?.ShiftHours is { } shift ? shift.ToString("+0.0;−0.0;0", CultureInfo.InvariantCulture) : ""),
            });
        }

        shell.Show(table);
        if (fresh.Count > 0)
        {
            shell.Line("  * not in the base.");
        }

        if (changed.Count + fresh.Count > rows.Count)
        {
            shell.Line($"  … and {changed.Count + fresh.Count - rows.Count} more; --json and --csv have all.");
        }
    }

    private static void Selection(Shell shell, ExperimentReport report)
    {
        if (report.Selection is not { } selection)
        {
            return;
        }

        var table = Shell.Table();
        var estimates = selection.Procedure == SelectionProcedure.OptimalBudget;
        foreach (var heading in (Label[])[s_alternative, s_mean, s_effort, estimates ? s_beats : s_dropped])
        {
            var column = new TableColumn(new Text(heading.In(shell.Language)));
            table.AddColumn(heading == s_mean || heading == s_effort || heading == s_beats ? column.RightAligned() : column);
        }

        for (var a = 0; a < selection.Effort.Length; a++)
        {
            var effort = selection.Effort[a];
            table.AddRow(
                new Text(report.Alternatives[a].Name, a == selection.Best ? new Style(Color.Green, decoration: Decoration.Bold) : Style.Plain),
                new Text(selection.Kpi.Format(effort.Mean)),
                new Text(effort.Replications.ToString(CultureInfo.InvariantCulture)),
                new Text(estimates && a != selection.Best ? effort.BeatsBest is { } p ? Probability(p) : "" : effort.DroppedBy is { } by ? report.Alternatives[by].Name : a == selection.Best ? "best" : "still in the race"));
        }

        shell.Show(table);
        var total = selection.Effort.Sum(e => e.Replications);
        if (selection.Probability is { } probability)
        {
            shell.Line($"{report.Alternatives[selection.Best].Name} is best by {selection.Kpi.Name.In(shell.Language)} with an estimated probability of {Probability(probability)}, or within {selection.Kpi.Format(selection.Indifference)} {selection.Kpi.ShownUnit(report.Scenario.Currency)} of the best ({total} of {selection.Budget} runs)."
                + (selection.Decided || report.Interrupted ? "" : $" Maybe --budget {selection.Budget * 3}?"));
            return;
        }

        shell.Line(selection.Decided
            ? $"{report.Alternatives[selection.Best].Name} is best by {selection.Kpi.Name.In(shell.Language)} with probability ≥ {selection.Confidence * 100:0.#} %, or within {selection.Kpi.Format(selection.Indifference)} {selection.Kpi.ShownUnit(report.Scenario.Currency)} of the best ({total} runs)."
            : $"{report.Alternatives[selection.Best].Name} leads, but it is not decided after {total} runs. Maybe a larger --indifference or --max-replications?");
    }

    private static void Footnotes(Shell shell, ExperimentReport report, int count)
    {
        var unfinished = report.Comparison.Variants.Where(v => v.Runs.Any(r => !r.AllComplete)).Select(v => v.Name).ToArray();
        if (unfinished.Length > 0)
        {
            shell.Line($"Not all orders were complete at the end with {string.Join(", ", unfinished)}.");
        }

        if (report.Precision is { } precision)
        {
            var target = precision.IsRelative ? $"{(precision.Target * 100).ToString("0.###", CultureInfo.InvariantCulture)} %" : $"{precision.Kpi.Format(precision.Target)} {precision.Kpi.ShownUnit(report.Scenario.Currency)}";
            shell.Line(precision.Reached
                ? $"{precision.Kpi.Name.In(shell.Language)} is known to ± {target} in every alternative after {precision.Replications} replications."
                : $"{precision.Kpi.Name.In(shell.Language)} is not known to ± {target} after {precision.Replications} replications. Maybe --max-replications {precision.Replications * 4}?");
        }

        shell.Line(count < 2
            ? "One replication shows no interval. Maybe --replications 30?"
            : "± half of the 95 % interval of the paired difference; better or worse is said\nwhere it does not hold zero, which one figure in twenty may do by chance.");
    }

    private static string Probability(double p) => FormattableString.Invariant($"{p * 100:0.0} %");

    private static bool Side(WilsonInterval? onTime) => onTime is { Share: >= 0.5 };

    private static string Listed(List<OrderBand> orders) =>
        orders.Count == 0 ? "none" : $"{orders.Count} ({string.Join(", ", orders.Take(4).Select(o => o.Order.Id))}{(orders.Count > 4 ? ", …" : "")})";

    private static string Moment(ExperimentReport report, SimTime? time) =>
        time is { } t ? report.Scenario.Clock.ToWallClock(t).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture) : "–";

    private static string Percent(WilsonInterval? onTime, bool interval) => onTime is not { } w ? "–"
        : FormattableString.Invariant($"{w.Share * 100:0} %") + (interval ? FormattableString.Invariant($" ({w.Low * 100:0}–{w.High * 100:0})") : "");

    private static Style Colour(OrderBand order) => order.Change is not { IsShown: true } change ? Style.Plain
        : change.OnTimeGain < 0 ? new Style(Color.Red) : new Style(Color.Green);
}
