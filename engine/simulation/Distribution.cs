using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Simulation;

/// <summary>Shape of a <see cref="Distribution"/>.</summary>
public enum DistributionKind : byte
{
    Constant,
    Uniform,
    Triangular,
    Exponential,
    TruncatedNormal,
    Lognormal,
    Gamma,
    Weibull,
    Empirical,
}

/// <summary>A probability distribution over real numbers; immutable, compared by value.</summary>
/// <remarks>Samples are addressed through a <see cref="RandomSource"/>: the same address always gives the same
/// draw, and (but for gamma) the same luck: a uniform number that makes one machine slow makes every machine slow.</remarks>
public sealed record Distribution
{
    private Distribution(DistributionKind kind, double a, double b, double c, ImmutableArray<double> values)
    {
        Kind = kind;
        A = a;
        B = b;
        C = c;
        Values = values;
        KeptMass = kind == DistributionKind.TruncatedNormal ? NormalDistribution.Cumulative(-DistributionMoments.Cut(this)) : 1;
        Mean = DistributionMoments.Mean(this);
    }

    public DistributionKind Kind { get; }

    /// <summary>First parameter: value, minimum, mean, median, shape or scale; see the factory of the kind.</summary>
    public double A { get; }

    /// <summary>Second parameter.</summary>
    public double B { get; }

    /// <summary>Third parameter.</summary>
    public double C { get; }

    /// <summary>Sorted observations of an empirical distribution; empty otherwise.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>Expected value, exact.</summary>
    public double Mean { get; }

    /// <summary>Mean squared distance from the mean, exact; of an empirical distribution that of the observations themselves (divided by n).</summary>
    public double Variance => DistributionMoments.Variance(this);

    /// <summary>Square root of the <see cref="Variance"/>.</summary>
    public double StandardDeviation => Math.Sqrt(Variance);

    /// <summary>Share of the untruncated normal that lies above the cut; 1 for the other kinds.</summary>
    internal double KeptMass { get; }

    /// <summary>Whether every sample is the same.</summary>
    public bool IsConstant => Kind == DistributionKind.Constant;

    public static Distribution Constant(double value) => Make(DistributionKind.Constant, value);

    /// <exception cref="ArgumentOutOfRangeException">min > max.</exception>
    public static Distribution Uniform(double min, double max)
    {
        Require(min <= max, nameof(min), min, "must not exceed the maximum");
        return Make(DistributionKind.Uniform, min, max);
    }

    /// <exception cref="ArgumentOutOfRangeException">Not min ≤ mode ≤ max.</exception>
    public static Distribution Triangular(double min, double mode, double max)
    {
        Require(min <= mode && mode <= max, nameof(mode), mode, "must lie between minimum and maximum");
        return Make(DistributionKind.Triangular, min, mode, max);
    }

    /// <param name="mean">1/rate, > 0.</param>
    public static Distribution Exponential(double mean)
    {
        Require(mean > 0, nameof(mean), mean, "must be > 0");
        return Make(DistributionKind.Exponential, mean);
    }

    /// <summary>Normal with the given parameters conditioned on being ≥ <paramref name="min"/>.</summary>
    /// <param name="mean">Mean before truncation.</param>
    /// <param name="deviation">Standard deviation before truncation, > 0.</param>
    /// <param name="min">Smallest value.</param>
    public static Distribution TruncatedNormal(double mean, double deviation, double min = 0)
    {
        Require(deviation > 0, nameof(deviation), deviation, "must be > 0");
        Require((min - mean) / deviation < 6, nameof(min), min, "cuts off practically everything (over six deviations above the mean)");
        return Make(DistributionKind.TruncatedNormal, mean, deviation, min);
    }

    /// <param name="median">exp(μ), > 0.</param>
    /// <param name="sigma">Standard deviation of the logarithm, ≥ 0.</param>
    public static Distribution Lognormal(double median, double sigma)
    {
        Require(median > 0, nameof(median), median, "must be > 0");
        Require(sigma >= 0, nameof(sigma), sigma, "must be ≥ 0");
        return Make(DistributionKind.Lognormal, median, sigma);
    }

    /// <param name="shape">k > 0.</param>
    /// <param name="scale">θ > 0; the mean is kθ.</param>
    public static Distribution Gamma(double shape, double scale)
    {
        Require(shape > 0, nameof(shape), shape, "must be > 0");
        Require(scale > 0, nameof(scale), scale, "must be > 0");
        return Make(DistributionKind.Gamma, shape, scale);
    }

    /// <param name="shape">β > 0; 1 is exponential, above 1 wears out.</param>
    /// <param name="scale">η > 0: the 63.2 % quantile.</param>
    public static Distribution Weibull(double shape, double scale)
    {
        Require(shape > 0, nameof(shape), shape, "must be > 0");
        Require(scale > 0, nameof(scale), scale, "must be > 0");
        return Make(DistributionKind.Weibull, shape, scale);
    }

    /// <summary>Resamples observations, each equally likely.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No observation.</exception>
    public static Distribution Empirical(IEnumerable<double> observations)
    {
        ImmutableArray<double> sorted = [.. observations.Order()];
        Require(sorted.Length > 0, nameof(observations), 0, "must contain an observation");
        foreach (var value in sorted)
            Require(double.IsFinite(value), nameof(observations), value, "must be finite");

        return new Distribution(DistributionKind.Empirical, 0, 0, 0, sorted);
    }

    /// <summary>The distribution of this times a factor: every draw is the same draw multiplied.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not > 0 and finite.</exception>
    public Distribution Times(double factor)
    {
        Require(factor > 0 && double.IsFinite(factor), nameof(factor), factor, "must be > 0");
        return Kind switch
        {
            DistributionKind.Empirical => Empirical(Values.Select(v => v * factor)),
            DistributionKind.Gamma or DistributionKind.Weibull => Make(Kind, A, B * factor),
            DistributionKind.Lognormal => Make(Kind, A * factor, B),
            _ => Make(Kind, A * factor, B * factor, C * factor),
        };
    }

    /// <summary>The draw at an address; the same address always gives the same draw.</summary>
    /// <param name="random">Seed and replication.</param>
    /// <param name="stream">Key of the thing that draws.</param>
    /// <param name="index">Which draw of that thing: 0, 1, 2, …</param>
    public double Sample(in RandomSource random, ulong stream, long index) =>
        DistributionSampling.Sample(this, random.Stream(stream), index);

    /// <summary>The draw at an index of a stream.</summary>
    public double Sample(in RandomStream stream, long index) => DistributionSampling.Sample(this, stream, index);

    /// <summary>The value that a share <paramref name="p"/> of the samples does not exceed; may be infinite at 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ p ≤ 1.</exception>
    public double Quantile(double p)
    {
        Require(p is >= 0 and <= 1, nameof(p), p, "is a probability and lies between 0 and 1");
        return DistributionSampling.Quantile(this, p);
    }

    public bool Equals(Distribution? other) =>
        other is not null && Kind == other.Kind && A.Equals(other.A) && B.Equals(other.B) && C.Equals(other.C)
        && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Kind, A, B, C, Values.Length);

    private static Distribution Make(DistributionKind kind, double a, double b = 0, double c = 0)
    {
        Require(double.IsFinite(a) && double.IsFinite(b) && double.IsFinite(c), nameof(a), a, "must be finite");
        return new Distribution(kind, a, b, c, []);
    }

    private static void Require(bool condition, string name, double value, string what)
    {
        if (!condition)
        {
            throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} {what}."));
        }
    }
}
