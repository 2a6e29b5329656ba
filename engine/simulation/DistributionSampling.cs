using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Simulation;

/// <summary>Quantiles and addressed samples of every kind.</summary>
/// <remarks>
/// Every kind but gamma samples by inversion, so the same luck (uniform number) gives a long time on every machine:
/// what common random numbers need. That is why there is no ziggurat here: it would draw from the same distribution, but the
/// luck of an exponential repair and of a lognormal one would have nothing in common any more. Logarithms are taken by
/// <see cref="NaturalLogarithm"/> where they are on the hot path. Gamma has no closed inverse and draws its further uniforms from further lanes.
/// </remarks>
internal static class DistributionSampling
{
    public static double Quantile(Distribution d, double p) => d.Kind switch
    {
        DistributionKind.Constant => d.A,
        DistributionKind.Uniform => d.A + (d.B - d.A) * p,
        DistributionKind.Triangular => Triangular(d, p),
        DistributionKind.Exponential => p < 1 ? -d.A * NaturalLogarithm.Of(1 - p) : double.PositiveInfinity,
        DistributionKind.TruncatedNormal => TruncatedNormal(d, p),
        DistributionKind.Lognormal => d.A * Math.Exp(d.B * NormalDistribution.Inverse(p)),
        DistributionKind.Gamma => d.B * GammaQuantile(d.A, p),
        DistributionKind.Weibull => d.B * Math.Pow(-Math.Log(1 - p), 1 / d.A),
        DistributionKind.Empirical => d.Values[Math.Min((int)(p * d.Values.Length), d.Values.Length - 1)],
        _ => throw DistributionMoments.Unknown(d),
    };

    public static double Sample(Distribution d, in RandomStream stream, long index) => d.Kind switch
    {
        DistributionKind.Constant => d.A,
        DistributionKind.Exponential => -d.A * NaturalLogarithm.Of(1 - stream.Uniform(index)),
        DistributionKind.Gamma => d.B * Gamma(d.A, stream, index),
        _ => Quantile(d, stream.Uniform(index)),
    };

    private static double Triangular(Distribution d, double p)
    {
        var (min, mode, max) = (d.A, d.B, d.C);
        var width = max - min;
        return p * width < mode - min
            ? min + Math.Sqrt(p * width * (mode - min))
            : max - Math.Sqrt((1 - p) * width * (max - mode));
    }

    /// <summary>Works from whichever tail is nearer, so that a cut far out loses no digits.</summary>
    private static double TruncatedNormal(Distribution d, double p)
    {
        var kept = d.KeptMass;
        var above = (1 - p) * kept;
        var z = above < 0.5 ? -NormalDistribution.Inverse(above) : NormalDistribution.Inverse(1 - kept + p * kept);
        return Math.Max(d.C, d.A + d.B * z);
    }

    /// <summary>Marsaglia and Tsang (2000); shape below 1 by the factor U^(1/shape). Lane 0 is the boost's, then two lanes per attempt.</summary>
    private static double Gamma(double shape, in RandomStream stream, long index)
    {
        var boost = shape < 1 ? Math.Pow(stream.Uniform(index), 1 / shape) : 1;
        var d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        for (var lane = 1; ; lane += 2)
        {
            var x = NormalDistribution.Inverse(stream.Uniform(index, lane));
            var root = 1 + c * x;
            if (root <= 0)
                continue;

            var v = root * root * root;
            if (Math.Log(stream.Uniform(index, lane + 1)) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return d * v * boost;
        }
    }

    /// <summary>Bisection on the cdf: exact to the last digits for every shape, and not on a hot path.</summary>
    private static double GammaQuantile(double shape, double p)
    {
        if (p <= 0)
            return 0;
        if (p >= 1)
            return double.PositiveInfinity;

        var (low, high) = (0.0, Math.Max(1, 2 * shape));
        while (SpecialFunctions.GammaP(shape, high) < p)
            (low, high) = (high, 2 * high);

        while (true)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high)
                return middle;
            if (SpecialFunctions.GammaP(shape, middle) < p)
                low = middle;
            else
                high = middle;
        }
    }
}
