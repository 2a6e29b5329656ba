namespace DigitalTwin.Simulation.Statistics;

/// <summary>The standard normal distribution: density, cumulative probability and its inverse.</summary>
public static class NormalDistribution
{
    private const double SeriesLimit = 2.5;
    private static readonly double RootTwoPi = Math.Sqrt(2 * Math.PI);

    /// <summary>φ(x).</summary>
    public static double Density(double x) => Math.Exp(-0.5 * x * x) / RootTwoPi;

    /// <summary>Φ(x), with about 13 correct digits also far out in the lower tail.</summary>
    /// <remarks>Near the middle Φ(x) = ½ + φ(x)(x + x³/3 + x⁵/(3·5) + …) (Marsaglia, 2004); outside, the continued
    /// fraction 1−Φ(x) = φ(x)/(x + 1/(x + 2/(x + 3/…))) (Laplace).</remarks>
    public static double Cumulative(double x)
    {
        if (double.IsNaN(x))
            return double.NaN;
        if (x < -SeriesLimit)
            return UpperTail(-x);
        if (x > SeriesLimit)
            return 1 - UpperTail(x);

        var term = x;
        var sum = x;
        for (var k = 3; Math.Abs(term) > 1e-18; k += 2)
        {
            term *= x * x / k;
            sum += term;
        }

        return 0.5 + Density(x) * sum;
    }

    /// <summary>The x with Φ(x) = <paramref name="p"/>, to about 1e-15 relative; ∓∞ at 0 and 1.</summary>
    /// <remarks>Wichura's rational approximations, algorithm AS 241 (Applied Statistics 37, 1988).</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ p ≤ 1.</exception>
    public static double Inverse(double p)
    {
        if (p is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "A probability lies between 0 and 1.");

        var q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
            return q * Central(0.180625 - q * q);

        var tail = Math.Min(p, 1 - p);
        if (tail <= 0)
            return q < 0 ? double.NegativeInfinity : double.PositiveInfinity;

        var r = Math.Sqrt(-Math.Log(tail));
        var x = r <= 5 ? NearTail(r - 1.6) : FarTail(r - 5);
        return q < 0 ? -x : x;
    }

    private static double UpperTail(double x)
    {
        if (x > 40)
            return 0;

        var fraction = x;
        for (var k = 160; k >= 1; k--)
            fraction = x + k / fraction;

        return Density(x) / fraction;
    }

    private static double Central(double r) =>
        (((((((r * 2509.0809287301226727 + 33430.575583588128105) * r + 67265.770927008700853) * r
            + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r
            + 3.387132872796366608)
        / (((((((r * 5226.495278852545925 + 28729.085735721942674) * r + 39307.89580009271061) * r
            + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1);

    private static double NearTail(double r) =>
        (((((((r * 7.7454501427834140764e-4 + .0227238449892691845833) * r + .24178072517745061177) * r
            + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r
            + 1.42343711074968357734)
        / (((((((r * 1.05075007164441684324e-9 + 5.475938084995344946e-4) * r + .0151986665636164571966) * r
            + .14810397642748007459) * r + .68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1);

    private static double FarTail(double r) =>
        (((((((r * 2.01033439929228813265e-7 + 2.71155556874348757815e-5) * r + .0012426609473880784386) * r
            + .026532189526576123093) * r + .29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r
            + 6.6579046435011037772)
        / (((((((r * 2.04426310338993978564e-15 + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
            + 7.868691311456132591e-4) * r + .0148753612908506148525) * r + .13692988092273580531) * r + .59983220655588793769) * r + 1);
}
