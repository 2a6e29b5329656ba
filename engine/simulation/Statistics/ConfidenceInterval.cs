using System.Globalization;
using System.Runtime.InteropServices;

namespace DigitalTwin.Simulation.Statistics;

/// <summary>Where the true mean lies with the given confidence: <see cref="Mean"/> ± <see cref="HalfWidth"/>.</summary>
/// <param name="Mean">Observed mean; NaN without observations.</param>
/// <param name="HalfWidth">≥ 0; +∞ when there are too few observations to say anything.</param>
/// <param name="Level">Confidence, between 0 and 1, e.g. 0.95.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ConfidenceInterval(double Mean, double HalfWidth, double Level)
{
    public double Low => Mean - HalfWidth;

    public double High => Mean + HalfWidth;

    /// <summary>Half-width per unit of mean; below 0.05, say, a result is precise enough to decide on.</summary>
    public double RelativeHalfWidth => HalfWidth / Math.Abs(Mean);

    public bool Contains(double value) => Low <= value && value <= High;

    /// <summary>The interval of Student for the mean of independent observations.</summary>
    /// <param name="mean">Their mean.</param>
    /// <param name="standardDeviation">Their standard deviation (divided by n − 1).</param>
    /// <param name="count">How many.</param>
    /// <param name="level">Between 0 and 1, both excluded.</param>
    public static ConfidenceInterval OfMean(double mean, double standardDeviation, long count, double level)
    {
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1. Maybe 0.95 was meant.");
        if (count < 2)
            return new ConfidenceInterval(count == 0 ? double.NaN : mean, double.PositiveInfinity, level);

        var t = StudentT.Quantile(0.5 + level / 2, count - 1);
        return new ConfidenceInterval(mean, t * standardDeviation / Math.Sqrt(count), level);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Mean:G5} ± {HalfWidth:G3} ({Level:0.##%})");
}
