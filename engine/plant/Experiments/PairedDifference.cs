using DigitalTwin.Plant.Kpis;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Experiments;

/// <summary>What a comparison shows about one key figure.</summary>
public enum Verdict
{
    /// <summary>The interval of the difference contains zero, or there are too few pairs to say.</summary>
    NoDifferenceShown,

    Better,

    Worse,

    /// <summary>Different, in a figure of which neither way is better.</summary>
    Different,
}

/// <summary>Difference of a key figure between two variants that saw the same luck, replication by replication.</summary>
/// <param name="Pairs">Replications in which both have the figure.</param>
/// <param name="Mean">Mean of (variant − baseline); <c>null</c> without a pair.</param>
/// <param name="Interval">Student-t confidence interval of the mean; <c>null</c> with fewer than two pairs.</param>
public sealed record PairedDifference(int Pairs, double? Mean, ConfidenceInterval? Interval, Verdict Verdict)
{
    // Differences below this share of the figure itself are rounding, not results.
    private const double RoundingShare = 1e-9;

    /// <summary>Replications in which the variant has more than the baseline.</summary>
    public int Up { get; init; }

    /// <summary>Replications in which the variant has less than the baseline.</summary>
    public int Down { get; init; }

    /// <summary>Where the median difference lies, whatever the distribution; <c>null</c> with too few pairs for the level.</summary>
    public MedianInterval? Median { get; init; }

    /// <summary>Compares pair by pair; a pair in which either value is missing does not count.</summary>
    /// <param name="baseline">Figure of the baseline, by replication.</param>
    /// <param name="variant">Figure of the variant, by replication.</param>
    /// <param name="level">Confidence level in (0, 1).</param>
    public static PairedDifference Of(
        IReadOnlyList<double?> baseline, IReadOnlyList<double?> variant, KpiDirection better, double level = 0.95)
    {
        var differences = new Tally();
        var values = new List<double>(baseline.Count);
        var size = 0.0;
        for (var r = 0; r < Math.Min(baseline.Count, variant.Count); r++)
        {
            if (baseline[r] is { } a && variant[r] is { } b)
            {
                differences.Add(b - a);
                values.Add(b - a);
                size = Math.Max(size, Math.Max(Math.Abs(a), Math.Abs(b)));
            }
        }

        if (differences.Count < 2)
        {
            return new PairedDifference((int)differences.Count, differences.Count == 1 ? differences.Mean : null, null, Verdict.NoDifferenceShown);
        }

        var (up, down) = (values.Count(d => d > size * RoundingShare), values.Count(d => d < -size * RoundingShare));
        var interval = differences.ConfidenceInterval(level);
        var shown = Math.Abs(interval.Mean) > interval.HalfWidth && Math.Abs(interval.Mean) > size * RoundingShare;
        return new PairedDifference((int)differences.Count, interval.Mean, interval, shown ? VerdictOf(interval.Mean, better) : Verdict.NoDifferenceShown)
        {
            Up = up,
            Down = down,
            Median = MedianInterval.Of([.. values], level),
        };
    }

    private static Verdict VerdictOf(double difference, KpiDirection better) => better switch
    {
        KpiDirection.Neutral => Verdict.Different,
        KpiDirection.Up => difference > 0 ? Verdict.Better : Verdict.Worse,
        _ => difference < 0 ? Verdict.Better : Verdict.Worse,
    };
}
