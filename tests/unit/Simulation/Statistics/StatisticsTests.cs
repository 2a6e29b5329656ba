using CsCheck;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Tests.Unit.Simulation.Statistics;

public sealed class StatisticsTests
{
    [Fact]
    public void Tally_matches_the_definition()
    {
        var tally = TallyOf(2, 4, 4, 4, 5, 5, 7, 9);
        Assert.Equal(8, tally.Count);
        Assert.Equal(5, tally.Mean);
        Assert.Equal(32.0 / 7, tally.Variance, 14);
        Assert.Equal(Math.Sqrt(32.0 / 7), tally.StandardDeviation, 14);
        Assert.Equal((2, 9, 40), (tally.Min, tally.Max, tally.Sum));
    }

    [Fact]
    public void Tally_keeps_its_digits_when_the_mean_is_huge()
    {
        var tally = TallyOf(1e12 + 4, 1e12 + 7, 1e12 + 13, 1e12 + 16);
        Assert.Equal(30, tally.Variance, 9);
    }

    [Fact]
    public void An_empty_tally_says_so_and_one_observation_gives_no_confidence()
    {
        var tally = new Tally();
        Assert.True(double.IsNaN(tally.Mean) && double.IsNaN(tally.Min) && double.IsNaN(tally.ConfidenceInterval().Mean));
        tally.Add(3);
        Assert.Equal(new ConfidenceInterval(3, double.PositiveInfinity, 0.95), tally.ConfidenceInterval());
        Assert.Throws<ArgumentOutOfRangeException>(() => tally.Add(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => tally.ConfidenceInterval(95));
    }

    [Fact]
    public void Merging_tallies_equals_adding_everything_to_one() =>
        Gen.Select(Gen.Double[-1e3, 1e3].Array[0, 30], Gen.Double[-1e3, 1e3].Array[0, 30]).Sample((a, b) =>
        {
            var merged = TallyOf(a);
            merged.Merge(TallyOf(b));
            var whole = TallyOf([.. a, .. b]);
            Assert.Equal(whole.Count, merged.Count);
            Assert.Equal((whole.Min, whole.Max), (merged.Min, merged.Max));
            Assert.Equal(whole.Mean, merged.Mean, 1e-9);
            Assert.Equal(whole.Variance, merged.Variance, 1e-6);
        });

    [Theory]
    [InlineData(0.9, 5)]
    [InlineData(0.95, 10)]
    [InlineData(0.99, 3)]
    public void An_interval_covers_the_truth_as_often_as_it_promises(double level, int observations)
    {
        const int intervals = 10_000;
        var random = new RandomSource(8, 0);
        var covered = 0;
        for (var i = 0; i < intervals; i++)
        {
            var tally = new Tally();
            for (var k = 0; k < observations; k++)
                tally.Add(10 + 3 * NormalDistribution.Inverse(random.Uniform((ulong)i, k)));
            if (tally.ConfidenceInterval(level).Contains(10))
                covered++;
        }

        var noise = 4 * Math.Sqrt(level * (1 - level) / intervals);
        Assert.InRange(covered / (double)intervals, level - noise, level + noise);
    }

    [Fact]
    public void A_confidence_interval_reads_plainly()
    {
        var interval = TallyOf(1, 2, 3).ConfidenceInterval();
        Assert.Equal(4.302652729749464 / Math.Sqrt(3), interval.HalfWidth, 10);
        Assert.Equal("2 ± 2.48 (95%)", interval.ToString());
        Assert.True(interval.Contains(0) && !interval.Contains(5));
    }

    [Fact]
    public void Time_weighted_mean_weighs_by_how_long_a_value_was_held()
    {
        var load = new TimeWeighted(SimTime.FromHours(1), 10);
        load.Set(SimTime.FromHours(3), 40);
        load.Change(SimTime.FromHours(4), -40);
        Assert.Equal(12, load.Mean(SimTime.FromHours(6)), 12);
        Assert.Equal(60, load.IntegralHours(SimTime.FromHours(6)), 12);
        Assert.Equal((0, 40, 0), (load.Min, load.Max, load.Value));
        Assert.Throws<ArgumentOutOfRangeException>(() => load.Set(SimTime.FromHours(3), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => load.Mean(SimTime.FromHours(3)));
    }

    [Fact]
    public void Restarting_after_the_warm_up_keeps_the_value_and_forgets_the_rest()
    {
        var queue = new TimeWeighted(SimTime.Zero, 100);
        queue.Set(SimTime.FromHours(1), 4);
        queue.Restart(SimTime.FromHours(2));
        Assert.Equal(4, queue.Mean(SimTime.FromHours(2)));
        queue.Set(SimTime.FromHours(3), 8);
        Assert.Equal(6, queue.Mean(SimTime.FromHours(4)), 12);
        Assert.Equal((4, 8), (queue.Min, queue.Max));
    }

    [Fact]
    public void Batch_means_merge_neighbours_and_keep_the_mean()
    {
        var batches = new BatchMeans(4);
        for (var i = 1; i <= 16; i++)
            batches.Add(i);

        Assert.Equal((16, 4), (batches.Count, batches.BatchSize));
        Assert.Equal([2.5, 6.5, 10.5, 14.5], batches.Means.ToArray());
        Assert.Equal(8.5, batches.Mean, 14);
        batches.Add(17);
        Assert.Equal(17, batches.Count);
        Assert.Equal(8.5, batches.Mean, 14);
    }

    [Fact]
    public void Batch_means_are_honest_about_dependent_observations()
    {
        // x(i) = 0.9 x(i−1) + noise: true standard error of the mean is √((1+0.9)/(1−0.9)) ≈ 4.4 times the naive one.
        var random = new RandomSource(1, 0);
        int naive = 0, batched = 0;
        const int runs = 300;
        for (var run = 0; run < runs; run++)
        {
            var (tally, batches, x) = (new Tally(), new BatchMeans(), 0.0);
            for (var i = 0; i < 5000; i++)
            {
                x = 0.9 * x + NormalDistribution.Inverse(random.Uniform((ulong)run, i));
                tally.Add(x);
                batches.Add(x);
            }

            naive += tally.ConfidenceInterval().Contains(0) ? 1 : 0;
            batched += batches.ConfidenceInterval().Contains(0) ? 1 : 0;
        }

        Assert.InRange(naive, 0, 0.6 * runs);
        Assert.InRange(batched, 0.9 * runs, runs);
    }

    [Fact]
    public void Quantiles_interpolate_between_neighbours()
    {
        double[] sorted = [1, 2, 4, 8];
        Assert.Equal(1, Quantiles.Of(sorted, 0));
        Assert.Equal(3, Quantiles.Of(sorted, 0.5));
        Assert.Equal(1.75, Quantiles.Of(sorted, 0.25), 14);
        Assert.Equal(8, Quantiles.Of(sorted, 1));
        Assert.Equal(7, Quantiles.Of([7], 0.3));
        Assert.Throws<ArgumentException>(() => Quantiles.Of([], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantiles.Of(sorted, double.NaN));
    }

    private static Tally TallyOf(params double[] values)
    {
        var tally = new Tally();
        foreach (var value in values)
            tally.Add(value);
        return tally;
    }
}
