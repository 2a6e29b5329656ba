namespace DigitalTwin.Simulation.Statistics;

/// <summary>Where the median lies, whatever the distribution: the interval that belongs to the sign test.</summary>
/// <remarks>
/// The k-th smallest and k-th largest of n independent observations hold the median between them with probability
/// 1 − 2·P(B ≤ k − 1), B binomial (n, ½), whatever they are distributed like (Conover, Practical Nonparametric Statistics, §3.2).
/// The largest k that keeps the promise is taken, so the confidence is at least, and usually a little more than, what was asked for.
/// </remarks>
/// <param name="Median">Of the observations.</param>
/// <param name="Low">k-th smallest.</param>
/// <param name="High">k-th largest.</param>
/// <param name="Level">Confidence that it really has, ≥ what was asked for.</param>
public readonly record struct MedianInterval(double Median, double Low, double High, double Level)
{
    /// <summary>Whether the median is shown to differ from a value.</summary>
    public bool Excludes(double value) => Low > value || High < value;

    /// <summary>The interval of observations in any order; <c>null</c> where there are too few of them for the level (six for 95 %).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public static MedianInterval? Of(ReadOnlySpan<double> values, double level = 0.95)
    {
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1. Maybe 0.95 was meant.");

        // Walk inwards while both tails together stay below what may be missed.
        var n = values.Length;
        var (term, tail, k) = (Math.Pow(0.5, n), 0.0, 0);
        while (k < n / 2 && 2 * (tail + term) <= 1 - level)
        {
            tail += term;
            term *= (n - k) / (k + 1.0);
            k++;
        }

        // With more than a thousand values ½ⁿ is nothing; the normal approximation is then as good.
        if (n > 1000)
        {
            k = (int)Math.Floor((n - NormalDistribution.Inverse(0.5 + level / 2) * Math.Sqrt(n)) / 2);
            tail = NormalDistribution.Cumulative((2 * k - n) / Math.Sqrt(n));
        }

        if (k == 0)
            return null;

        var sorted = values.ToArray();
        Array.Sort(sorted);
        return new MedianInterval(Quantiles.Of(sorted, 0.5), sorted[k - 1], sorted[n - k], 1 - 2 * tail);
    }
}
