using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Exports;

/// <summary>The tables of an experiment.</summary>
public static class ExperimentExports
{
    /// <summary>Every figure of every replication, a row each: what a statistics program wants.</summary>
    public static ExportTable Figures(ExperimentReport report) => new("figures", ["alternative", "replication", "figure", "unit", "value"],
    [
        .. report.Alternatives.SelectMany(a => a.Runs.SelectMany(run => KpiCatalogue.Plant.Select(kpi => new object?[]
        {
            a.Name, run.Replication, kpi.Key, kpi.Unit == "money" ? report.Scenario.Currency : kpi.Unit, kpi.Value(run.Kpis),
        }))),
    ]);

    /// <summary>Every order of every alternative: when it will be ready and how sure that is in time.</summary>
    public static ExportTable Orders(ExperimentReport report) => new("orders",
        ["alternative", "order", "due", "p10", "p50", "p90", "on_time", "on_time_low", "on_time_high", "tardiness_mean_h", "on_time_base", "became_late", "became_on_time", "shift_h", "shown"],
    [
        .. report.Alternatives.SelectMany(a => a.Orders.Select(o => new object?[]
        {
            a.Name, o.Order.Id, Wall(report.Scenario, o.Order.Due), Wall(report.Scenario, o.P10), Wall(report.Scenario, o.P50), Wall(report.Scenario, o.P90),
            o.OnTime?.Share, o.OnTime?.Low, o.OnTime?.High, o.TardinessMeanHours,
            o.Change?.BaselineOnTime?.Share, o.Change?.BecameLate, o.Change?.BecameOnTime, o.Change?.ShiftHours, o.Change?.IsShown,
        })),
    ]);

    /// <summary>Writes the figures to a file and the orders beside it, as <c>name.orders.csv</c>.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void WriteCsv(ExperimentReport report, string path)
    {
        Write(Figures(report), path);
        Write(Orders(report), Path.ChangeExtension(path, ".orders.csv"));
    }

    private static void Write(ExportTable table, string path)
    {
        using var stream = File.Create(path);
        table.WriteTo(stream, ExportFormat.Csv);
    }

    private static DateTimeOffset? Wall(Scenario scenario, SimTime? time) => time is { } t ? scenario.Clock.ToWallClock(t) : null;
}
