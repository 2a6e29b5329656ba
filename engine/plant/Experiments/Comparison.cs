using System.Collections.Immutable;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Experiments;

/// <summary>Key figures of several variants side by side, each against the first.</summary>
/// <remarks>
/// Every variant ran the same replications with the same luck, so the differences are taken pair by pair and what is common cancels out.
/// The level holds for each figure by itself: of twenty figures that do not differ at all, one shows a difference by chance.
/// </remarks>
public sealed record Comparison
{
    /// <summary>Variants in the order given; the first is the baseline.</summary>
    public required ImmutableArray<VariantSummary> Variants { get; init; }

    /// <summary>Confidence level of all intervals.</summary>
    public required double Level { get; init; }

    /// <summary>Compares the results of variants.</summary>
    /// <param name="variants">Name and results of each, the baseline first. Replications that not all variants have are left out.</param>
    public static Comparison Of(IReadOnlyList<(string Name, IReadOnlyList<RunResult> Runs)> variants, double level = 0.95)
    {
        var common = variants.Select(v => v.Runs.Select(r => r.Replication)).Aggregate((a, b) => a.Intersect(b)).Order().ToArray();
        var aligned = variants.Select(v =>
        {
            var byReplication = v.Runs.ToDictionary(r => r.Replication);
            return (v.Name, Runs: common.Select(r => byReplication[r]).ToImmutableArray());
        }).ToArray();
        return new Comparison
        {
            Level = level,
            Variants = [.. aligned.Select((v, i) => VariantSummary.Of(v.Name, v.Runs, i == 0 ? null : aligned[0].Runs, level))],
        };
    }
}

/// <summary>One variant of a comparison.</summary>
/// <param name="Figures">One per entry of <see cref="KpiCatalogue.Plant"/>, in its order.</param>
public sealed record VariantSummary(string Name, ImmutableArray<RunResult> Runs, ImmutableArray<KpiSummary> Figures)
{
    internal static VariantSummary Of(string name, ImmutableArray<RunResult> runs, ImmutableArray<RunResult>? baseline, double level) =>
        new(name, runs, [.. KpiCatalogue.Plant.Select(kpi => KpiSummary.Of(kpi, runs, baseline, level))]);

    /// <summary>The figure with a key.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public KpiSummary this[string key] => Figures.First(f => f.Kpi.Key == key);
}

/// <summary>One key figure over the replications of one variant.</summary>
/// <param name="Values">By replication; <c>null</c> where it is not defined.</param>
/// <param name="Mean">Over the replications that have it; <c>null</c> when none has.</param>
/// <param name="Interval">Of the mean; <c>null</c> with fewer than two values.</param>
/// <param name="Difference">Against the baseline; <c>null</c> for the baseline itself.</param>
public sealed record KpiSummary(
    KpiDescriptor<PlantKpis> Kpi, ImmutableArray<double?> Values, double? Mean, ConfidenceInterval? Interval, PairedDifference? Difference)
{
    /// <summary>Tenth, fiftieth and ninetieth percentile over the replications; <c>null</c> when none has the figure.</summary>
    public (double P10, double P50, double P90)? Percentiles
    {
        get
        {
            var sorted = Values.OfType<double>().Order().ToArray();
            return sorted.Length == 0 ? null : (Quantiles.Of(sorted, 0.1), Quantiles.Of(sorted, 0.5), Quantiles.Of(sorted, 0.9));
        }
    }

    /// <summary>Summarises the replications of one variant by itself.</summary>
    public static KpiSummary Of(KpiDescriptor<PlantKpis> kpi, IReadOnlyList<RunResult> runs, double level = 0.95) => Of(kpi, runs, null, level);

    internal static KpiSummary Of(KpiDescriptor<PlantKpis> kpi, IReadOnlyList<RunResult> runs, IReadOnlyList<RunResult>? baseline, double level)
    {
        var values = ValuesOf(kpi, runs);
        var tally = new Tally();
        foreach (var value in values)
        {
            if (value is { } v)
            {
                tally.Add(v);
            }
        }

        return new KpiSummary(
            kpi,
            values,
            tally.Count > 0 ? tally.Mean : null,
            tally.Count > 1 ? tally.ConfidenceInterval(level) : null,
            baseline is null ? null : PairedDifference.Of(ValuesOf(kpi, baseline), values, kpi.Better, level));
    }

    private static ImmutableArray<double?> ValuesOf(KpiDescriptor<PlantKpis> kpi, IReadOnlyList<RunResult> runs) =>
        [.. runs.Select(r => kpi.Value(r.Kpis))];
}
