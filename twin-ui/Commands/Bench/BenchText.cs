using System.Globalization;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands.Bench;

/// <summary>A bench report for eyes.</summary>
internal static class BenchText
{
    public static string Line(BenchRow row) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Instance.Name,-18} {Value(row.Ours.Value),10}  best known {Value(row.Instance.BestKnown),10}  gap {Gap(row.Gap),8}{(row.Ours.Proved ? " proved" : "")}  first {Seconds(row.Ours.SecondsToFirst)}  best {Seconds(row.Ours.SecondsToBest)}{(row.Peer is null ? "" : $"  CP-SAT {Value(row.Peer.Value)} {Gap(row.PeerGap)} in {Seconds(row.Peer.Seconds)}")}");

    public static IEnumerable<Table> Tables(BenchReport report)
    {
        var table = Shell.Table(string.Create(CultureInfo.InvariantCulture,
            $"{report.Run.Set.Name}: {report.Rows.Count} instances, {report.Run.Limits.Seconds} s, {report.Run.Limits.Workers} workers, mean gap to best known"));
        table.AddColumns("family", "instances", "ours", "proved");
        if (report.Run.CpSat)
        {
            table.AddColumns("CP-SAT, same run", "better", "worse");
        }

        table.AddColumns([.. report.Published]);
        foreach (var family in report.Summaries)
        {
            string[] peer = report.Run.CpSat ? [Gap(family.PeerMeanGap), Value(family.Better), Value(family.Worse)] : [];
            table.AddRow([family.Family, Value(family.Count), Gap(family.MeanGap), Value(family.Proved), .. peer, .. report.Published.Select(p => Gap(family.Published(p)))]);
        }

        yield return table;
    }

    public static string Gap(double? gap) => gap is { } g ? g.ToString("0.00 %", CultureInfo.InvariantCulture) : "–";

    public static string Value(double? value) => value is { } v ? v.ToString("0.######", CultureInfo.InvariantCulture) : "–";

    public static string Seconds(double? seconds) => seconds is { } s ? s.ToString("0.0 s", CultureInfo.InvariantCulture) : "–";
}
