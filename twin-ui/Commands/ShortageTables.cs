using System.Globalization;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary>What <c>twin materials</c> says about shortages to come, and how well that was foreseen before.</summary>
internal static class ShortageTables
{
    public static Table Ahead(Shell shell, Scenario scenario, ShortageOutlook outlook, IReadOnlyList<MaterialKpis> kpis)
    {
        var byMaterial = kpis.ToDictionary(k => k.Material);
        var table = Shell.Table(new Label($"Shortages in the next {outlook.Ahead}", $"未来{outlook.Ahead}缺料预测").In(shell.Language));
        foreach (var (en, zh) in ((string, string)[])
        [
            ("Material", "物料"), ("Probability, %", "概率"), ("Earliest (P10)", "最早（P10）"), ("Expected (P50)", "预计（P50）"), ("Cover, d", "覆盖天数"), ("Lead P90, d", "交期P90"),
            ("Gap, d", "缺口天数"), ("Single source", "独家"), ("Risk", "缺料风险"),
        ])
        {
            table.AddColumn(new TableColumn(new Text(new Label(en, zh).In(shell.Language))));
        }

        foreach (var m in Sorted(outlook))
        {
            var k = byMaterial[m.Material];
            table.AddRow(((string[])
            [
                scenario.Plant.Materials[m.Material].Id, m.IsShort ? new Label("short now", "已缺料").In(shell.Language) : N(m.Probability * 100),
                When(scenario, m.Earliest), When(scenario, m.Expected), N(k.CoverDays), N(k.LeadTimeP90Days), N(k.GapDays),
                k.SingleSource ? new Label("yes", "是").In(shell.Language) : "", N(k.Score),
            ]).Select(c => new Text(c)));
        }

        return table;
    }

    public static Table Backtest(Shell shell, ShortageBacktest backtest, BacktestOptions options)
    {
        var table = Shell.Table(new Label(
            $"Line stops for want of material: {backtest.Stops}, and {backtest.TooEarly} before anybody could warn", $"缺料停线：{backtest.Stops}次，另有{backtest.TooEarly}次无法预警").In(shell.Language));
        foreach (var (en, zh) in ((string, string)[])
        [
            ("By", "方法"), ($"Foreseen ≥ {options.Notice.Hours / 24:0.#} d ahead", "提前预警次数"), ("Share, %", "占比"), ("95 %", "95%区间"), ("Warnings", "预警数"), ("Right, %", "正确率"),
        ])
        {
            table.AddColumn(new TableColumn(new Text(new Label(en, zh).In(shell.Language))));
        }

        foreach (var (name, score) in ((Label, ForesightScore)[])[(new("futures", "仿真预测"), backtest.Outlook), (new("cover against lead time", "覆盖与交期对比"), backtest.Score)])
        {
            var share = Simulation.Statistics.WilsonInterval.Of(score.Foreseen, backtest.Stops);
            table.AddRow(((string[])
            [
                name.In(shell.Language), N(score.Foreseen), backtest.Stops > 0 ? N(share.Share * 100) : "–", $"{N(share.Low * 100)} … {N(share.High * 100)}", N(score.Alarms),
                score.Alarms > 0 ? N(score.TrueAlarms * 100.0 / score.Alarms) : "–",
            ]).Select(c => new Text(c)));
        }

        return table;
    }

    public static object ForScripts(Scenario scenario, ShortageOutlook outlook) => new
    {
        AheadDays = outlook.Ahead.Hours / 24,
        Shortages = Sorted(outlook).Select(m => new
        {
            scenario.Plant.Materials[m.Material].Id, m.Probability, m.IsShort, Earliest = m.Earliest is { } e ? When(scenario, e) : null, Expected = m.Expected is { } x ? When(scenario, x) : null,
        }),
    };

    public static object ForScripts(ShortageBacktest backtest) => new
    {
        backtest.Stops, backtest.TooEarly, backtest.Outlook, backtest.Score, ForeseenShare = backtest.ForeseenShare?.Share, Low = backtest.ForeseenShare?.Low, High = backtest.ForeseenShare?.High,
    };

    private static IEnumerable<MaterialOutlook> Sorted(ShortageOutlook outlook) =>
        outlook.Materials.Where(m => m.Probability > 0).OrderByDescending(m => m.IsShort).ThenByDescending(m => m.Probability).ThenBy(m => m.Expected).ThenBy(m => m.Material.Index);

    private static string When(Scenario scenario, SimTime? time) => time is { } t ? scenario.Clock.ToWallClock(t).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "–";

    private static string N(double? value) => value is { } v && double.IsFinite(v) ? v.ToString(Math.Abs(v) >= 100 ? "#,0" : "#,0.##", CultureInfo.InvariantCulture) : "–";
}
