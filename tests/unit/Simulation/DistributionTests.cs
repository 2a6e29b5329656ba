using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Simulation;

public sealed class DistributionTests
{
    private const int Draws = 200_000;
    private static readonly RandomSource Random = new(20260101, 3);

    public static TheoryData<string> All { get; } = [.. Named.Keys];

    private static Dictionary<string, Distribution> Named => new()
    {
        ["constant"] = Distribution.Constant(4.5),
        ["uniform"] = Distribution.Uniform(-2, 6),
        ["triangular"] = Distribution.Triangular(1, 2, 7),
        ["triangular, mode at the end"] = Distribution.Triangular(1, 7, 7),
        ["exponential"] = Distribution.Exponential(3),
        ["normal cut in the middle"] = Distribution.TruncatedNormal(5, 2, 4),
        ["normal hardly cut"] = Distribution.TruncatedNormal(5, 1),
        ["normal cut far out"] = Distribution.TruncatedNormal(0, 1, 5.5),
        ["lognormal"] = Distribution.Lognormal(10, 0.4),
        ["gamma, shape 0.4"] = Distribution.Gamma(0.4, 2),
        ["gamma, shape 1"] = Distribution.Gamma(1, 2),
        ["gamma, shape 7.5"] = Distribution.Gamma(7.5, 0.3),
        ["weibull, early failures"] = Distribution.Weibull(0.9, 5),
        ["weibull, wear-out"] = Distribution.Weibull(2.5, 5),
        ["empirical"] = Distribution.Empirical([5, 1, 1, 9, 2.5]),
    };

    [Theory, MemberData(nameof(All))]
    public void A_multiple_draws_the_same_luck_multiplied(string name)
    {
        var (once, twice) = (Named[name], Named[name].Times(2.5));
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(2.5 * once.Sample(Random, 7, i), twice.Sample(Random, 7, i), 1e-9 * (1 + Math.Abs(once.Mean)) * 100);
        }

        Assert.Equal(2.5 * once.Mean, twice.Mean, 9);
    }

    [Theory, MemberData(nameof(All))]
    public void Samples_have_the_mean_and_variance_of_theory(string name)
    {
        var d = Named[name];
        var samples = Samples(d);
        var mean = samples.Average();
        var squares = samples.Select(x => (x - d.Mean) * (x - d.Mean)).ToArray();
        var variance = squares.Average();
        var varianceOfSquares = squares.Average(s => (s - variance) * (s - variance));

        Assert.InRange(mean, d.Mean - 4.5 * Error(d.Variance) - 1e-12, d.Mean + 4.5 * Error(d.Variance) + 1e-12);
        Assert.InRange(variance, d.Variance - 4.5 * Error(varianceOfSquares) - 1e-12, d.Variance + 4.5 * Error(varianceOfSquares) + 1e-12);
        Assert.Equal(Math.Sqrt(d.Variance), d.StandardDeviation, 12);

        static double Error(double variance) => Math.Sqrt(variance / Draws);
    }

    [Theory, MemberData(nameof(All))]
    public void A_share_p_of_the_samples_lies_below_the_p_quantile(string name)
    {
        var d = Named[name];
        if (d.Kind is DistributionKind.Constant or DistributionKind.Empirical)
            return; // steps: the share jumps over p

        var samples = Samples(d);
        foreach (var p in new[] { 0.01, 0.25, 0.5, 0.9, 0.999 })
        {
            var quantile = d.Quantile(p);
            var share = samples.Count(x => x <= quantile) / (double)Draws;
            Assert.InRange(share, p - 4.5 * Math.Sqrt(p * (1 - p) / Draws), p + 4.5 * Math.Sqrt(p * (1 - p) / Draws));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void The_same_address_gives_the_same_draw_and_another_address_another(string name)
    {
        var d = Named[name];
        var key = RandomSource.Key(name);
        var again = new RandomSource(20260101, 3);
        for (var i = 99; i >= 0; i--)
            Assert.Equal(d.Sample(Random, key, i), d.Sample(again, key, i));

        if (d.Kind is DistributionKind.Constant or DistributionKind.Empirical)
            return;

        var other = new RandomSource(20260101, 4);
        Assert.All(Enumerable.Range(0, 100), i => Assert.NotEqual(d.Sample(Random, key, i), d.Sample(other, key, i)));
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(i => d.Sample(Random, key, i)).Distinct().Count());
    }

    [Fact]
    public void Means_are_the_textbook_numbers()
    {
        Assert.Equal(4.5, Distribution.Constant(4.5).Mean);
        Assert.Equal(2, Distribution.Uniform(-2, 6).Mean);
        Assert.Equal(10.0 / 3, Distribution.Triangular(1, 2, 7).Mean, 14);
        Assert.Equal(3, Distribution.Exponential(3).Mean);
        Assert.Equal(Math.Sqrt(2 / Math.PI), Distribution.TruncatedNormal(0, 1).Mean, 14);
        Assert.Equal(10 * Math.Exp(0.08), Distribution.Lognormal(10, 0.4).Mean, 13);
        Assert.Equal(2.25, Distribution.Gamma(7.5, 0.3).Mean, 14);
        Assert.Equal(5 * Math.Sqrt(Math.PI) / 2, Distribution.Weibull(2, 5).Mean, 13);
        Assert.Equal(5, Distribution.Weibull(1, 5).Mean, 13);
        Assert.Equal(3.7, Distribution.Empirical([5, 1, 1, 9, 2.5]).Mean, 14);
    }

    [Fact]
    public void Variances_are_the_textbook_numbers()
    {
        Assert.Equal(64.0 / 12, Distribution.Uniform(-2, 6).Variance, 14);
        Assert.Equal((1 + 4 + 49 - 2 - 7 - 14) / 18.0, Distribution.Triangular(1, 2, 7).Variance, 14);
        Assert.Equal(9, Distribution.Exponential(3).Variance);
        Assert.Equal(1 - 2 / Math.PI, Distribution.TruncatedNormal(0, 1).Variance, 14);
        Assert.Equal(7.5 * 0.09, Distribution.Gamma(7.5, 0.3).Variance, 14);
        Assert.Equal(25 * (1 - Math.PI / 4), Distribution.Weibull(2, 5).Variance, 12);
        Assert.Equal(25, Distribution.Weibull(1, 5).Variance, 12);
    }

    [Fact]
    public void Quantiles_are_the_textbook_numbers()
    {
        Assert.Equal(3 * Math.Log(2), Distribution.Exponential(3).Quantile(0.5), 13);
        Assert.Equal(10, Distribution.Lognormal(10, 0.4).Quantile(0.5), 13);
        Assert.Equal(5, Distribution.Weibull(2.5, 5).Quantile(1 - Math.Exp(-1)), 13);
        Assert.Equal(2 * Math.Log(4), Distribution.Gamma(1, 2).Quantile(0.75), 12);
        Assert.Equal(18.307038053275146, Distribution.Gamma(5, 2).Quantile(0.95), 10); // χ² with 10 degrees of freedom
        Assert.Equal(2, Distribution.Triangular(1, 2, 7).Quantile(1.0 / 6), 14);
        Assert.Equal(0.67448975019608171, Distribution.TruncatedNormal(0, 1).Quantile(0.5), 14);
        Assert.Equal(2.5, Distribution.Empirical([5, 1, 1, 9, 2.5]).Quantile(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.Exponential(3).Quantile(double.NaN));
    }

    [Theory, MemberData(nameof(All))]
    public void Samples_stay_inside_the_support(string name)
    {
        var d = Named[name];
        var samples = Samples(d);
        Assert.True(Array.TrueForAll(samples, double.IsFinite));
        Assert.InRange(samples.Min(), d.Quantile(0), double.MaxValue);
        Assert.InRange(samples.Max(), double.MinValue, d.Quantile(1));
    }

    [Fact]
    public void The_same_luck_is_slow_everywhere()
    {
        var inverted = Named.Values.Where(d => d.Kind is not (DistributionKind.Gamma or DistributionKind.Constant)).ToArray();
        for (var i = 0; i < 1000; i++)
        {
            var slower = Random.Uniform(1, i) > Random.Uniform(2, i);
            Assert.All(inverted, d => Assert.True(slower
                ? d.Sample(Random, 1, i) >= d.Sample(Random, 2, i)
                : d.Sample(Random, 1, i) <= d.Sample(Random, 2, i)));
        }
    }

    [Fact]
    public void Impossible_parameters_are_refused_by_name()
    {
        Assert.Contains("mean", Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.Exponential(0)).Message, StringComparison.Ordinal);
        Assert.Contains("shape", Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.Gamma(double.NaN, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("scale", Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.Weibull(1, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("mode", Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.Triangular(1, 9, 7)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.Uniform(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.TruncatedNormal(0, 1, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.Empirical([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.Empirical([1, double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.Constant(double.PositiveInfinity));
    }

    [Fact]
    public void Equal_distributions_compare_equal_by_value()
    {
        Assert.Equal(Distribution.Empirical([3, 1, 2]), Distribution.Empirical([1, 2, 3]));
        Assert.NotEqual(Distribution.Empirical([1, 2, 3]), Distribution.Empirical([1, 2, 4]));
        Assert.Equal(Distribution.Gamma(1, 2), Distribution.Gamma(1, 2));
        Assert.NotEqual(Distribution.Gamma(1, 2), Distribution.Weibull(1, 2));
    }

    private static double[] Samples(Distribution d)
    {
        var samples = new double[Draws];
        for (var i = 0; i < Draws; i++)
            samples[i] = d.Sample(Random, 77, i);
        return samples;
    }
}
