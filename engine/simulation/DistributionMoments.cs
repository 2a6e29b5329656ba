using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Simulation;

/// <summary>Mean and variance of every kind, in closed form.</summary>
internal static class DistributionMoments
{
    public static double Mean(Distribution d) => d.Kind switch
    {
        DistributionKind.Constant => d.A,
        DistributionKind.Uniform => d.A + (d.B - d.A) / 2,
        DistributionKind.Triangular => (d.A + d.B + d.C) / 3,
        DistributionKind.Exponential => d.A,
        DistributionKind.TruncatedNormal => d.A + d.B * Hazard(d),
        DistributionKind.Lognormal => d.A * Math.Exp(d.B * d.B / 2),
        DistributionKind.Gamma => d.A * d.B,
        DistributionKind.Weibull => d.B * SpecialFunctions.Gamma(1 + 1 / d.A),
        DistributionKind.Empirical => d.Values.Average(),
        _ => throw Unknown(d),
    };

    public static double Variance(Distribution d) => d.Kind switch
    {
        DistributionKind.Constant => 0,
        DistributionKind.Uniform => Square(d.B - d.A) / 12,
        DistributionKind.Triangular => (Square(d.B - d.A) + Square(d.C - d.B) + Square(d.C - d.A)) / 36,
        DistributionKind.Exponential => d.A * d.A,
        DistributionKind.TruncatedNormal => TruncatedVariance(d),
        DistributionKind.Lognormal => Square(d.Mean) * (Math.Exp(d.B * d.B) - 1),
        DistributionKind.Gamma => d.A * d.B * d.B,
        DistributionKind.Weibull => d.B * d.B * SpecialFunctions.Gamma(1 + 2 / d.A) - Square(d.Mean),
        DistributionKind.Empirical => d.Values.Average(x => Square(x - d.Mean)),
        _ => throw Unknown(d),
    };

    public static ArgumentOutOfRangeException Unknown(Distribution d) => new(nameof(d), d.Kind, "Unknown distribution kind.");

    /// <summary>Where a truncated normal is cut, in deviations from the mean.</summary>
    public static double Cut(Distribution d) => (d.C - d.A) / d.B;

    // λ = φ(α)/(1 − Φ(α)); the mean of the conditioned standard normal (Johnson, Kotz and Balakrishnan, §13.10.1)
    private static double Hazard(Distribution d) =>
        NormalDistribution.Density(Cut(d)) / NormalDistribution.Cumulative(-Cut(d));

    private static double TruncatedVariance(Distribution d)
    {
        var hazard = Hazard(d);
        return d.B * d.B * (1 + Cut(d) * hazard - hazard * hazard);
    }

    private static double Square(double x) => x * x;
}
