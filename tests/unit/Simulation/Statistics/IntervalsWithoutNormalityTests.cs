using CsCheck;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Tests.Unit.Simulation.Statistics;

public sealed class IntervalsWithoutNormalityTests
{
    // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_interval_is_that_of_the_published_table(int successes, int trials, double low, double high)
    {
        var interval = WilsonInterval.Of(successes, trials);

        Assert.Equal(low, interval.Low, 0.00005);
        Assert.Equal(high, interval.High, 0.00005);
        Assert.Equal(successes / (double)trials, interval.Share);
    }

    [Fact]
    public void Wilson_interval_stays_inside_the_possible_and_is_symmetric() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 200], Gen.Double[0.5, 0.999]).Sample((a, b, level) =>
        {
            var interval = WilsonInterval.Of(Math.Min(a, b), Math.Max(a, b), level);
            var mirrored = WilsonInterval.Of(Math.Max(a, b) - Math.Min(a, b), Math.Max(a, b), level);
            Assert.InRange(interval.Low, 0, interval.High);
            Assert.InRange(interval.High, 0, 1);
            Assert.Equal(1 - interval.High, mirrored.Low, 1e-12);
        });

    [Fact]
    public void Nothing_seen_means_everything_is_possible()
    {
        var interval = WilsonInterval.Of(0, 0);
        Assert.Equal((0, 1), (interval.Low, interval.High));
        Assert.True(double.IsNaN(interval.Share));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(1, 2, 95));
    }

    [Theory]
    [InlineData(0.1, 30)]
    [InlineData(0.5, 30)]
    [InlineData(0.97, 100)]
    public void Wilson_interval_covers_the_truth_about_as_often_as_it_promises(double truth, int trials)
    {
        // Exact coverage: Σ over all outcomes, not a sample of them.
        var (covered, probability) = (0.0, Math.Pow(1 - truth, trials));
        for (var k = 0; k <= trials; k++)
        {
            var interval = WilsonInterval.Of(k, trials);
            covered += interval.Low <= truth && truth <= interval.High ? probability : 0;
            probability *= (trials - k) / (k + 1.0) * truth / (1 - truth);
        }

        Assert.InRange(covered, 0.93, 0.99);
    }

    [Theory]
    [InlineData(6, 1, 0.96875)]
    [InlineData(10, 2, 1 - 2 * 11 / 1024.0)]
    [InlineData(20, 6, 0.9586)]
    [InlineData(30, 10, 0.9572)]
    public void Median_interval_takes_the_order_statistics_of_the_table(int count, int k, double level)
    {
        var shuffled = Enumerable.Range(1, count).Select(i => (double)((i * 7 - 1) % count + 1)).ToArray(); // 1…count, where 7 does not divide count
        var interval = MedianInterval.Of(shuffled)!.Value;

        Assert.Equal((k, count + 1 - k), (interval.Low, interval.High));
        Assert.Equal(level, interval.Level, 0.0001);
        Assert.Equal((count + 1) / 2.0, interval.Median);
    }

    [Fact]
    public void Five_observations_cannot_promise_95_percent_for_a_median()
    {
        Assert.Null(MedianInterval.Of([1, 2, 3, 4, 5]));
        Assert.NotNull(MedianInterval.Of([1, 2, 3, 4, 5], 0.9));
        Assert.Throws<ArgumentOutOfRangeException>(() => MedianInterval.Of([1, 2], 95));
    }

    [Fact]
    public void Exact_and_approximate_median_intervals_meet()
    {
        double[] Ranks(int n) => [.. Enumerable.Range(1, n).Select(i => (double)i)];
        var (exact, approximate) = (MedianInterval.Of(Ranks(1000))!.Value, MedianInterval.Of(Ranks(1002))!.Value);

        Assert.Equal(exact.Low, approximate.Low, 2.0);
        Assert.Equal(exact.Level, approximate.Level, 0.005);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(30)]
    public void Median_interval_of_a_very_skewed_distribution_covers_as_often_as_it_says(int count)
    {
        const int Intervals = 4000;
        var random = new RandomSource(11, 0);
        var skewed = Distribution.Lognormal(Math.Exp(1), 2);
        var (covered, promised) = (0, 0.0);
        for (var i = 0; i < Intervals; i++)
        {
            var values = new double[count];
            for (var k = 0; k < count; k++)
            {
                values[k] = skewed.Sample(random, 5, i * count + k);
            }

            var interval = MedianInterval.Of(values)!.Value;
            promised = interval.Level;
            covered += interval.Excludes(Math.Exp(1)) ? 0 : 1;
        }

        Assert.InRange(covered / (double)Intervals, promised - 0.012, promised + 0.012);
    }

    [Theory]
    [InlineData(0, 6, 0.03125)]
    [InlineData(1, 9, 0.021484375)]
    [InlineData(5, 5, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(7, 1, 0.0703125)]
    public void Sign_test_counts_the_binomial_tails(int up, int down, double p) => Assert.Equal(p, SignTest.PValue(up, down), 1e-12);
}
