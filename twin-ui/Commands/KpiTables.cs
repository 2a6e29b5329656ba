using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DigitalTwin.Ui.Commands;

/// <summary>Key figures as tables, driven by the descriptors.</summary>
internal static class KpiTables
{
    private const int ColumnGap = 3;
    private static readonly Label Figure = new("Figure", "指标");
    private static readonly Label Value = new("Value", "数值");
    private static readonly Label Unit = new("Unit", "单位");
    private static readonly Label Meaning = new("Formula", "公式");
    private static readonly Label Machine = new("Equipment", "设备");
    private static readonly Label Total = new("Total", "合计");
    private static readonly Label Better = new("better", "更优");
    private static readonly Label Worse = new("worse", "更差");
    private static readonly Label Same = new("same", "相同");

    /// <summary>The plant's figures that a table shows.</summary>
    public static ImmutableArray<KpiDescriptor<PlantKpis>> Shown(bool all) =>
        all ? KpiCatalogue.Plant : [.. KpiCatalogue.Headline.Select(key => KpiCatalogue.Find(key)!)];

    /// <summary>Figures of one variant: the value, or mean ± half-width over several replications.</summary>
    public static Table Figures(Shell shell, IReadOnlyList<RunResult> runs, string currency, bool all)
    {
        var table = Shell.Table();
        table.AddColumn(Figure.In(shell.Language));
        table.AddColumn(new TableColumn(Value.In(shell.Language)).RightAligned());
        if (runs.Count > 1)
        {
            table.AddColumn(new TableColumn("± 95 %").RightAligned());
        }

        table.AddColumn(Unit.In(shell.Language));
        if (all)
        {
            table.AddColumn(Meaning.In(shell.Language));
        }

        foreach (var kpi in Shown(all))
        {
            var summary = KpiSummary.Of(kpi, runs);
            if (!all && SaysNothing(kpi, runs))
            {
                continue;
            }

            List<string> cells = [kpi.Name.In(shell.Language), kpi.Format(summary.Mean)];
            if (runs.Count > 1)
            {
                cells.Add(kpi.Format(summary.Interval?.HalfWidth));
            }

            cells.Add(kpi.ShownUnit(currency));
            if (all)
            {
                cells.Add(kpi.Formula);
            }

            table.AddRow(cells.Select(c => new Text(c)).ToArray<IRenderable>());
        }

        return table;
    }

    /// <summary>The figures by which machines differ, a row each and the total below; as many columns as the width holds.</summary>
    public static Table ByEquipment(Shell shell, PlantModel plant, PlantKpis kpis)
    {
        string[] keys = ["oee", "loading", "setup-rate", "e10-udt", "batches", "availability", "effectiveness", "quality-ratio", "changeovers", "energy"];
        var rows = kpis.Equipment.Select(k => (Name: plant.Equipment[k.Equipment].Id, Kpis: k)).Append((Name: Total.In(shell.Language), Kpis: kpis.Total)).ToArray();
        var table = Shell.Table();
        table.AddColumn(new TableColumn(Machine.In(shell.Language)).NoWrap());
        var left = shell.Out.Profile.Width - rows.Max(r => r.Name.Length) - ColumnGap;
        var columns = new List<KpiDescriptor<EquipmentKpis>>();
        foreach (var kpi in keys.Select(key => KpiCatalogue.Equipment.First(d => d.Key == key)))
        {
            var unit = kpi.ShownUnit("");
            var heading = unit.Length > 0 ? $"{kpi.Name.In(shell.Language)}, {unit}" : kpi.Name.In(shell.Language);
            left -= Math.Max(heading.Split(' ').Max(w => w.Length), rows.Max(r => kpi.Format(kpi.Value(r.Kpis)).Length)) + ColumnGap;
            if (left < 0)
            {
                break;
            }

            columns.Add(kpi);
            table.AddColumn(new TableColumn(new Text(heading)).RightAligned());
        }

        foreach (var (name, row) in rows)
        {
            table.AddRow(columns.Select(kpi => new Text(kpi.Format(kpi.Value(row)))).Prepend(new Text(name)).ToArray<IRenderable>());
        }

        return table;
    }

    /// <summary>Variants side by side, each but the first with its difference against the first; as many tables as the width needs.</summary>
    public static IEnumerable<Table> SideBySide(Shell shell, Comparison comparison, string currency, bool all)
    {
        var kpis = Shown(all).Where(kpi => all || !comparison.Variants.All(v => SaysNothing(kpi, v.Runs))).ToArray();
        var baseline = comparison.Variants[0];
        var names = Column(kpis, kpi => new Text(Titled(shell, kpi, currency)));
        var first = Column(kpis, kpi => new Text(kpi.Format(baseline[kpi.Key].Mean)));
        var others = comparison.Variants.Skip(1).Select(v => (
            v.Name,
            Means: Column(kpis, kpi => new Text(kpi.Format(v[kpi.Key].Mean))),
            Differences: Column(kpis, kpi => Difference(shell, kpi, baseline[kpi.Key].Mean, v[kpi.Key].Difference!)))).ToList();
        for (var next = 0; next < Math.Max(1, others.Count);)
        {
            var table = Shell.Table();
            table.AddColumn(Figure.In(shell.Language));
            table.AddColumn(new TableColumn(new Text(baseline.Name)).RightAligned());
            var columns = new List<IRenderable[]> { names, first };
            var left = shell.Out.Profile.Width - Width(names, "") - Width(first, baseline.Name);
            for (var taken = 0; next < others.Count; taken++, next++)
            {
                var (name, means, differences) = others[next];
                left -= Width(means, name) + Width(differences, baseline.Name + "vs ");
                if (left < 0 && taken > 0)
                {
                    break;
                }

                table.AddColumn(new TableColumn(new Text(name)).RightAligned());
                table.AddColumn(new TableColumn(new Text($"vs {baseline.Name}")));
                columns.AddRange([means, differences]);
            }

            for (var k = 0; k < kpis.Length; k++)
            {
                table.AddRow(columns.Select(c => c[k]));
            }

            next = others.Count == 0 ? 1 : next;
            yield return table;
        }
    }

    private static Text[] Column(KpiDescriptor<PlantKpis>[] kpis, Func<KpiDescriptor<PlantKpis>, Text> cell) => [.. kpis.Select(cell)];

    private static string Titled(Shell shell, KpiDescriptor kpi, string currency) =>
        kpi.ShownUnit(currency) is { Length: > 0 } unit ? $"{kpi.Name.In(shell.Language)}, {unit}" : kpi.Name.In(shell.Language);

    private static int Width(Text[] cells, string heading) => Math.Max(heading.Length, cells.Max(c => c.Length)) + 4;

    /// <summary>Whether a plant does not have the figure at all (no due dates, no meters, no changeovers): left out of a headline table.</summary>
    public static bool SaysNothing(KpiDescriptor<PlantKpis> kpi, IReadOnlyList<RunResult> runs) =>
        runs.All(r => kpi.Value(r.Kpis) is null or 0) && !(kpi.Group == KpiGroup.Orders && runs.Any(r => r.Kpis.Orders.OnTimeShare is not null));

    private static Text Difference(Shell shell, KpiDescriptor kpi, double? like, PairedDifference difference)
    {
        if (difference.Mean is not { } mean)
        {
            return new Text("–");
        }

        var sign = mean > 0 ? "+" : "";
        var text = sign + kpi.Format(mean, like).Replace('-', '−') + (difference.Interval is { HalfWidth: > 0 } i ? $" ±{kpi.Format(i.HalfWidth, like)}" : "");
        return difference.Verdict switch
        {
            Verdict.Better => new Text($"{text} {Better.In(shell.Language)}", new Style(Color.Green)),
            Verdict.Worse => new Text($"{text} {Worse.In(shell.Language)}", new Style(Color.Red)),
            Verdict.Different => new Text(text),
            _ => new Text(difference.Interval is { HalfWidth: 0 } ? Same.In(shell.Language) : text, new Style(Color.Grey)),
        };
    }

    /// <summary>Figures for scripts: stable keys, plain numbers in the descriptor's unit (shares as fractions).</summary>
    public static IEnumerable<object> ForScripts(IReadOnlyList<KpiSummary> figures, string currency) =>
        figures.Select(f => new
        {
            f.Kpi.Key,
            Unit = f.Kpi.Unit == "money" ? currency : f.Kpi.Unit,
            Better = f.Kpi.Better.ToString().ToLowerInvariant(),
            f.Mean,
            HalfWidth = f.Interval?.HalfWidth,
            Difference = f.Difference is { } d
                ? new { d.Mean, HalfWidth = d.Interval?.HalfWidth, d.Pairs, Verdict = Name(d.Verdict) }
                : null,
        });

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Better => "better",
        Verdict.Worse => "worse",
        Verdict.Different => "different",
        _ => "no-difference-shown",
    };

    /// <summary>A hash as people compare it.</summary>
    public static string Hash(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);
}
