namespace DigitalTwin.Simulation.Statistics;

/// <summary>Quantiles of observations.</summary>
public static class Quantiles
{
    /// <summary>The <paramref name="p"/>-quantile of ascending values, interpolated between neighbours.</summary>
    /// <remarks>Definition 7 of Hyndman and Fan (1996), the one of spreadsheets: 0 gives the least, 0.5 the median, 1 the greatest.</remarks>
    /// <param name="sorted">Ascending; at least one value.</param>
    /// <param name="p">Between 0 and 1.</param>
    /// <exception cref="ArgumentException">No value.</exception>
    /// <exception cref="ArgumentOutOfRangeException">p outside 0…1.</exception>
    public static double Of(ReadOnlySpan<double> sorted, double p)
    {
        if (sorted.IsEmpty)
            throw new ArgumentException("A quantile needs at least one value.", nameof(sorted));
        if (p is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies between 0 and 1.");

        var position = p * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
