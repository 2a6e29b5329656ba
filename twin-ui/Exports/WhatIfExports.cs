using DigitalTwin.Runtime.WhatIf;

namespace DigitalTwin.Ui.Exports;

/// <summary>The tables of answers side by side.</summary>
public static class WhatIfExports
{
    /// <summary>Every figure of every answer, a row each.</summary>
    public static ExportTable Figures(WhatIfComparison comparison) => new("figures",
        ["whatif", "name", "figure", "unit", "p10", "p50", "p90", "mean", "difference", "half_width", "verdict"],
    [
        .. comparison.Ids.SelectMany((id, i) => comparison.Figures.Where(f => f.Answers[i] is not null).Select(f => new object?[]
        {
            id, comparison.Names[i], f.Key, f.Unit, f.Answers[i]!.P10, f.Answers[i]!.P50, f.Answers[i]!.P90, f.Answers[i]!.Mean,
            f.Answers[i]!.Difference, f.Answers[i]!.HalfWidth, f.Answers[i]!.Verdict?.ToString(),
        })),
    ]);

    /// <summary>Every order of every answer, a row each.</summary>
    public static ExportTable Orders(WhatIfComparison comparison) => new("orders",
        ["whatif", "name", "order", "due", "p10", "p50", "p90", "on_time", "on_time_low", "on_time_high", "tardiness_mean_h"],
    [
        .. comparison.Ids.SelectMany((id, i) => comparison.Orders.Where(o => o.Answers[i] is not null).Select(o => new object?[]
        {
            id, comparison.Names[i], o.Id, o.Answers[i]!.Due, o.Answers[i]!.P10, o.Answers[i]!.P50, o.Answers[i]!.P90,
            o.Answers[i]!.OnTime, o.Answers[i]!.OnTimeLow, o.Answers[i]!.OnTimeHigh, o.Answers[i]!.TardinessHours,
        })),
    ]);
}
