using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace DigitalTwin.Ui.Commands.Bench;

/// <summary>A bench report as files: CSV for machines, Markdown for people, SVG for the eye.</summary>
internal static class BenchFiles
{
    public static void Write(string folder, BenchReport report, string commandLine)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, report.Run.Set.Name);
        File.WriteAllText(path + ".csv", Csv(report));
        File.WriteAllText(path + ".md", Markdown(report, commandLine));
        File.WriteAllText(path + ".svg", BenchPlot.Svg(report));
    }

    internal static string Csv(BenchReport report)
    {
        var text = new StringBuilder("instance,family,size,best_known,lower_bound,value,gap,bound,proved,seconds_to_first,seconds_to_best,seconds,cpsat_value,cpsat_gap,cpsat_bound,cpsat_seconds");
        foreach (var solver in report.Published)
        {
            text.Append(CultureInfo.InvariantCulture, $",\"{solver}\"");
        }

        text.Append('\n');
        foreach (var r in report.Rows)
        {
            string[] cells =
            [
                r.Instance.Name, r.Instance.Family, Cell(r.Instance.Size), Cell(r.Instance.BestKnown), Cell(r.Instance.LowerBound),
                Cell(r.Ours.Value), Cell(r.Gap), Cell(r.Ours.Bound), r.Ours.Proved ? "1" : "0", Cell(r.Ours.SecondsToFirst), Cell(r.Ours.SecondsToBest), Cell(r.Ours.Seconds),
                Cell(r.Peer?.Value), Cell(r.PeerGap), Cell(r.Peer?.Bound), Cell(r.Peer?.Seconds),
                .. report.Published.Select(p => r.Instance.Published.TryGetValue(p, out var value) ? Cell(value) : ""),
            ];
            text.AppendJoin(',', cells).Append('\n');
        }

        return text.ToString();
    }

    internal static string Markdown(BenchReport report, string commandLine)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {report.Run.Set.Name}: {report.Run.Set.About}\n\n`{commandLine}`\n\n{Build()}, {Machine()}\n\n");
        text.Append("Gap: above the best known value, mean over the family; published solvers over the instances they solved.\n\n");
        string[] heads = ["family", "instances", "ours", "proved", .. report.Run.CpSat ? (string[])["CP-SAT, same run", "better than it", "worse"] : [], .. report.Published];
        Row(text, heads);
        Row(text, heads.Select(_ => "---"));
        foreach (var f in report.Summaries)
        {
            string[] peer = report.Run.CpSat ? [BenchText.Gap(f.PeerMeanGap), BenchText.Value(f.Better), BenchText.Value(f.Worse)] : [];
            Row(text, [f.Family, BenchText.Value(f.Count), BenchText.Gap(f.MeanGap), BenchText.Value(f.Proved), .. peer, .. report.Published.Select(p => BenchText.Gap(f.Published(p)))]);
        }

        text.Append(CultureInfo.InvariantCulture, $"\n![gap by instance]({report.Run.Set.Name}.svg)\n\n");
        string[] columns = ["instance", "size", "best known", "ours", "gap", "bound", "first", "best after", "CP-SAT", "CP-SAT gap"];
        Row(text, columns);
        Row(text, columns.Select(_ => "---"));
        foreach (var r in report.Rows)
        {
            Row(text,
            [
                r.Instance.Name, BenchText.Value(r.Instance.Size), BenchText.Value(r.Instance.BestKnown), BenchText.Value(r.Ours.Value) + (r.Ours.Proved ? " (proved)" : ""),
                BenchText.Gap(r.Gap), BenchText.Value(r.Ours.Bound), BenchText.Seconds(r.Ours.SecondsToFirst), BenchText.Seconds(r.Ours.SecondsToBest),
                BenchText.Value(r.Peer?.Value) + (r.Peer?.Proved == true ? " (proved)" : ""), BenchText.Gap(r.PeerGap),
            ]);
        }

        return text.ToString();
    }

    /// <summary>Version and commit, as the build stamped them.</summary>
    private static string Build() =>
        $"version {typeof(BenchFiles).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown"}";

    private static string Machine()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var model = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim() : null;
        return string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores {model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Cell(double? value) => value is { } v && double.IsFinite(v) ? v.ToString("0.######", CultureInfo.InvariantCulture) : "";
}
