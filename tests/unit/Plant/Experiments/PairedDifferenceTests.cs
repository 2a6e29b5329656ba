using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;

namespace DigitalTwin.Tests.Unit.Plant.Experiments;

public sealed class PairedDifferenceTests
{
    private static readonly double?[] Baseline = [10, 12, 9, 14, 11];

    [Fact]
    public void Interval_is_student_t_over_the_paired_differences()
    {
        // Differences 1, 2, 3, 2, 2: mean 2, standard deviation √0.5, t(0.975; 4) = 2.776445.
        var difference = PairedDifference.Of(Baseline, [11, 14, 12, 16, 13], KpiDirection.Down);

        Assert.Equal(5, difference.Pairs);
        Assert.Equal(2, difference.Mean!.Value, 1e-12);
        Assert.Equal(2.7764451052 * Math.Sqrt(0.5 / 5), difference.Interval!.Value.HalfWidth, 1e-9);
        Assert.Equal(Verdict.Worse, difference.Verdict);
    }

    [Theory]
    [InlineData(KpiDirection.Up, Verdict.Better)]
    [InlineData(KpiDirection.Down, Verdict.Worse)]
    [InlineData(KpiDirection.Neutral, Verdict.Different)]
    public void More_is_judged_by_the_direction_of_the_figure(KpiDirection direction, Verdict verdict) =>
        Assert.Equal(verdict, PairedDifference.Of(Baseline, [11, 14, 12, 16, 13], direction).Verdict);

    [Fact]
    public void An_interval_that_holds_zero_shows_no_difference() =>
        Assert.Equal(Verdict.NoDifferenceShown, PairedDifference.Of(Baseline, [12, 11, 10, 13, 12], KpiDirection.Up).Verdict);

    [Fact]
    public void Pairing_shows_what_separate_intervals_would_hide()
    {
        double?[] noisy = [100, 900, 300, 700, 500];
        double?[] shifted = [101, 902, 301, 702, 501];

        Assert.Equal(Verdict.Better, PairedDifference.Of(noisy, shifted, KpiDirection.Up).Verdict);
    }

    [Fact]
    public void Missing_values_take_their_pair_out_and_one_pair_shows_nothing()
    {
        var difference = PairedDifference.Of([1, null, 3], [2, 5, null], KpiDirection.Up);

        Assert.Equal((1, 1.0, Verdict.NoDifferenceShown), (difference.Pairs, difference.Mean, difference.Verdict));
        Assert.Null(difference.Interval);
    }

    [Fact]
    public void Rounding_is_no_result() =>
        Assert.Equal(Verdict.NoDifferenceShown, PairedDifference.Of([0.3, 0.3, 0.3], [0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2], KpiDirection.Up).Verdict);
}
