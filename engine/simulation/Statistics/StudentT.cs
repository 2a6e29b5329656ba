namespace DigitalTwin.Simulation.Statistics;

/// <summary>Student's t distribution: what small samples need instead of the normal.</summary>
public static class StudentT
{
    private const double ManyDegrees = 2000;

    /// <summary>Probability of a value ≤ <paramref name="t"/>.</summary>
    /// <param name="t">Any number.</param>
    /// <param name="degreesOfFreedom">> 0; need not be whole.</param>
    /// <exception cref="ArgumentOutOfRangeException">Degrees of freedom not > 0.</exception>
    public static double Cumulative(double t, double degreesOfFreedom)
    {
        RequireDegrees(degreesOfFreedom);
        var tail = UpperTail(Math.Abs(t), degreesOfFreedom);
        return t < 0 ? tail : 1 - tail;
    }

    /// <summary>The t that a share <paramref name="p"/> of the values does not exceed, to about 12 digits; ∓∞ at 0 and 1.</summary>
    /// <remarks>Bisection on the tail probability; from 2000 degrees of freedom on the expansion about the normal quantile
    /// (Abramowitz and Stegun, 26.7.5), which is then as exact and does not tire.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ p ≤ 1, or degrees of freedom not > 0.</exception>
    public static double Quantile(double p, double degreesOfFreedom)
    {
        RequireDegrees(degreesOfFreedom);
        var z = NormalDistribution.Inverse(p);
        if (double.IsInfinity(z) || p == 0.5)
            return z;
        if (degreesOfFreedom > ManyDegrees)
            return Expand(z, degreesOfFreedom);

        var t = PositiveQuantile(Math.Min(p, 1 - p), degreesOfFreedom);
        return p < 0.5 ? -t : t;
    }

    private static double PositiveQuantile(double tail, double degrees)
    {
        var (low, high) = (0.0, 2.0);
        while (UpperTail(high, degrees) > tail)
            (low, high) = (high, 2 * high);

        while (true)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high)
                return middle;
            if (UpperTail(middle, degrees) > tail)
                low = middle;
            else
                high = middle;
        }
    }

    // Abramowitz and Stegun, 26.7.1; of the two forms the one that does not subtract nearly equal numbers
    private static double UpperTail(double t, double degrees)
    {
        var square = t * t;
        return square > degrees
            ? 0.5 * SpecialFunctions.BetaI(degrees / 2, 0.5, degrees / (degrees + square))
            : 0.5 - 0.5 * SpecialFunctions.BetaI(0.5, degrees / 2, square / (degrees + square));
    }

    private static double Expand(double z, double n)
    {
        var s = z * z;
        var g1 = z * (s + 1) / 4;
        var g2 = z * ((5 * s + 16) * s + 3) / 96;
        var g3 = z * (((3 * s + 19) * s + 17) * s - 15) / 384;
        var g4 = z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160;
        return z + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n;
    }

    private static void RequireDegrees(double degrees)
    {
        if (!(degrees > 0))
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "Degrees of freedom must be > 0.");
    }
}
