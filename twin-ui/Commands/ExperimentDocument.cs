using System.Globalization;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Ui.Commands;

/// <summary>An experiment as JSON for scripts: stable keys, plain numbers, moments as ISO 8601.</summary>
internal static class ExperimentDocument
{
    public static object Of(string verb, ExperimentReport report) => new
    {
        Verb = verb,
        Scenario = new { report.Scenario.Id, Path = report.Source },
        report.Seed,
        Replications = report.Comparison.Variants[0].Runs.Length,
        report.Comparison.Level,
        report.Interrupted,
        Baseline = report.Alternatives[0].Name,
        WarmUp = report.WarmUp is { } w ? new { Series = w.Series.Key, Hours = w.WarmUp.Hours, w.Pilot } : null,
        Precision = report.Precision is { } p ? new { Figure = p.Kpi.Key, p.Target, p.IsRelative, p.Replications, p.Reached } : null,
        Selection = report.Selection is { } s
            ? new
            {
                Figure = s.Kpi.Key, s.Indifference, s.Confidence, Best = report.Alternatives[s.Best].Name, s.Decided,
                Procedure = s.Procedure == SelectionProcedure.OptimalBudget ? "ocba" : "kn", s.Budget, s.Probability,
                Effort = s.Effort.Select((e, i) => new { report.Alternatives[i].Name, e.Replications, e.Mean, DroppedBy = e.DroppedBy is { } by ? report.Alternatives[by].Name : null, e.BeatsBest }),
            }
            : null,
        Variants = report.Alternatives.Select((a, i) => new
        {
            a.Name,
            a.Changes,
            Hashes = a.Runs.Select(r => KpiTables.Hash(r.EventHash)),
            AllComplete = a.Runs.All(r => r.AllComplete),
            Kpis = KpiTables.ForScripts(report.Comparison.Variants[i].Figures, report.Scenario.Currency),
            Orders = a.Orders.Select(o => Order(report, o)),
            a.OrdersGone,
        }),
    };

    private static object Order(ExperimentReport report, OrderBand band) => new
    {
        band.Order.Id,
        Due = Iso(report, band.Order.Due),
        P10 = Iso(report, band.P10),
        P50 = Iso(report, band.P50),
        P90 = Iso(report, band.P90),
        OnTime = Wilson(band.OnTime),
        band.TardinessMeanHours,
        Change = band.Change is { } c ? new { BaselineOnTime = Wilson(c.BaselineOnTime), c.BecameLate, c.BecameOnTime, c.Pairs, c.ShiftHours, c.IsShown } : null,
    };

    private static object? Wilson(WilsonInterval? interval) => interval is { } i ? new { i.Share, i.Low, i.High } : null;

    private static string? Iso(ExperimentReport report, SimTime? time) =>
        time is { } t ? report.Scenario.Clock.ToWallClock(t).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) : null;
}
