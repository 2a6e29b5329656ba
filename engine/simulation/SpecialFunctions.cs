namespace DigitalTwin.Simulation;

/// <summary>Gamma, incomplete gamma and incomplete beta functions, to about 1e-14 relative.</summary>
/// <remarks>Formula numbers are those of the NIST Digital Library of Mathematical Functions (dlmf.nist.gov).</remarks>
internal static class SpecialFunctions
{
    private const double Tiny = 1e-300;
    private const double Precision = 1e-16;
    private const int Terms = 10_000;

    /// <summary>Γ(x) for x > 0.</summary>
    public static double Gamma(double x) => Math.Exp(LogGamma(x));

    /// <summary>ln Γ(x) for x > 0: shifted upwards by Γ(x+1) = xΓ(x), then Stirling's series (5.11.1).</summary>
    public static double LogGamma(double x)
    {
        var product = 1.0;
        while (x < 15)
            product *= x++;

        var r = 1 / (x * x);
        var series = (1 / 12.0 - r * (1 / 360.0 - r * (1 / 1260.0 - r * (1 / 1680.0 - r * (1 / 1188.0 - r * (691 / 360360.0)))))) / x;
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + series - Math.Log(product);
    }

    /// <summary>Lower regularised incomplete gamma function P(a, x): the cdf of a gamma variable of shape a and scale 1.</summary>
    public static double GammaP(double a, double x)
    {
        if (x <= 0)
            return 0;
        if (double.IsPositiveInfinity(x))
            return 1;

        var front = Math.Exp(a * Math.Log(x) - x - LogGamma(a));
        return x < a + 1 ? front * LowerSeries(a, x) : 1 - front * UpperFraction(a, x);
    }

    /// <summary>Regularised incomplete beta function I_x(a, b).</summary>
    public static double BetaI(double a, double b, double x)
    {
        if (x <= 0)
            return 0;
        if (x >= 1)
            return 1;

        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + a * Math.Log(x) + b * Math.Log(1 - x));
        return x < (a + 1) / (a + b + 2) ? front * BetaFraction(a, b, x) / a : 1 - front * BetaFraction(b, a, 1 - x) / b;
    }

    // 8.11.4
    private static double LowerSeries(double a, double x)
    {
        var term = 1 / a;
        var sum = term;
        for (var n = 1; n < Terms && term > sum * Precision; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return sum;
    }

    // 8.9.2, contracted; evaluated with Lentz's method (3.10(iii))
    private static double UpperFraction(double a, double x)
    {
        var b = x + 1 - a;
        var c = 1 / Tiny;
        var d = 1 / b;
        var h = d;
        for (var n = 1; n < Terms; n++)
        {
            var an = n * (a - n);
            b += 2;
            d = 1 / Guard(an * d + b);
            c = Guard(b + an / c);
            h *= d * c;
            if (Math.Abs(d * c - 1) < Precision)
                break;
        }

        return h;
    }

    // 8.17.22, evaluated with Lentz's method
    private static double BetaFraction(double a, double b, double x)
    {
        var c = 1.0;
        var d = 1 / Guard(1 - (a + b) * x / (a + 1));
        var h = d;
        for (var m = 1; m < Terms; m++)
        {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / Guard(1 + even * d);
            c = Guard(1 + even / c);
            h *= d * c;

            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / Guard(1 + odd * d);
            c = Guard(1 + odd / c);
            h *= d * c;
            if (Math.Abs(d * c - 1) < Precision)
                break;
        }

        return h;
    }

    private static double Guard(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
