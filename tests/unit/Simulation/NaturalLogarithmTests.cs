using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Simulation;

/// <summary>Exponential samples against the library's logarithm: inversion must stay exact.</summary>
public sealed class NaturalLogarithmTests
{
    [Fact]
    public void Exponential_quantiles_are_logarithms_to_the_last_digits()
    {
        var d = Distribution.Exponential(1);
        for (var i = 1; i < 300_000; i++)
            AssertClose(i / 300_000.0);
        for (var p = 0.5; p > 1e-16; p /= 1.7)
        {
            AssertClose(p);
            AssertClose(1 - p);
        }

        Assert.Equal(0, d.Quantile(0));
        Assert.Equal(double.PositiveInfinity, d.Quantile(1));

        void AssertClose(double p) => Assert.InRange(d.Quantile(p) / -Math.Log(1 - p), 1 - 1e-15, 1 + 1e-15);
    }

    [Fact]
    public void Exponential_quantiles_never_fall_while_the_probability_rises()
    {
        var d = Distribution.Exponential(1);
        foreach (var from in new[] { 0, 1e-9, 1.0 / 256, 0.2727, 0.3125, 0.5, 1 - 1.0 / 128, 0.999 }) // around seams of the tables, too
        {
            var before = -1.0;
            for (var i = -1000; i < 1000; i++)
            {
                var quantile = d.Quantile(Math.Max(0, from + i * 1e-13));
                Assert.True(quantile >= before - 1e-15);
                before = quantile;
            }
        }
    }

    [Fact]
    public void Exponential_samples_follow_the_distribution_in_the_test_of_Kolmogorov_and_Smirnov()
    {
        const int draws = 200_000;
        var d = Distribution.Exponential(3);
        var stream = new RandomSource(9, 0).Stream(4);
        var samples = Enumerable.Range(0, draws).Select(i => d.Sample(stream, i)).Order().ToArray();
        var distance = samples.Select((x, i) => Math.Abs(1 - Math.Exp(-x / 3) - (i + 0.5) / draws)).Max();
        Assert.InRange(distance * Math.Sqrt(draws), 0, 1.95); // exceeded once in a thousand seeds
    }

    [Fact]
    public void A_stream_gives_the_draws_of_its_source()
    {
        var random = new RandomSource(9, 2);
        var stream = random.Stream(77);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(random.Bits(77, i, 3), stream.Bits(i, 3));
            Assert.Equal(random.Uniform(77, i), stream.Uniform(i));
            Assert.Equal(Distribution.Gamma(0.5, 2).Sample(random, 77, i), Distribution.Gamma(0.5, 2).Sample(stream, i));
        }
    }
}
