using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Tests.Unit.Simulation.Statistics;

public sealed class Mser5Tests
{
    private static readonly RandomSource Random = new(3, 0);

    /// <summary>Luck around a level that decays from the start to zero with a time constant.</summary>
    private static double[] Series(int length, double start, double constant, ulong stream = 1) =>
        [.. Enumerable.Range(0, length).Select(i => start * Math.Exp(-i / constant) + NormalDistribution.Inverse(Random.Uniform(stream, i)))];

    [Fact]
    public void Statistic_is_the_definition_worked_out_by_brute_force()
    {
        var series = Series(200, 20, 15);
        var result = Mser5.Of(series);

        var means = series.Chunk(5).Select(c => c.Average()).ToArray();
        var all = Enumerable.Range(0, means.Length - 4).Select(d =>
        {
            var rest = means[d..];
            return rest.Sum(z => Math.Pow(z - rest.Average(), 2)) / Math.Pow(rest.Length, 2);
        }).ToArray();
        Assert.Equal(Array.IndexOf(all, all.Min()) * 5, result.Truncated);
        Assert.Equal(all.Min(), result.Statistic, 1e-12);
        Assert.Equal(200, result.Observations);
    }

    [Theory]
    [InlineData(50, 20)]
    [InlineData(80, 40)]
    [InlineData(200, 25)]
    public void A_known_transient_is_cut_where_it_has_died_down_and_not_much_later(double start, double constant)
    {
        var result = Mser5.Of(Series(1000, start, constant));

        // The level has sunk below the noise after constant·ln(start) steps.
        var gone = constant * Math.Log(start);
        Assert.True(result.IsSettled);
        Assert.InRange(result.Truncated, gone * 0.6, gone * 1.6);
    }

    [Fact]
    public void A_series_that_begins_in_its_steady_state_loses_little() =>
        Assert.InRange(Mser5.Of(Series(1000, 0, 1)).Truncated, 0, 150);

    [Fact]
    public void A_series_that_still_climbs_at_its_end_is_refused() =>
        Assert.False(Mser5.Of([.. Series(400, 0, 1).Select((x, i) => x + i * 0.1)]).IsSettled);

    [Fact]
    public void A_level_series_is_kept_whole_and_a_short_one_is_never_settled()
    {
        Assert.Equal(0, Mser5.Of(new double[100]).Truncated);
        Assert.False(Mser5.Of(new double[45]).IsSettled);
        Assert.Throws<ArgumentException>(() => Mser5.Of([1, 2, 3, 4, 5, 6, 7, 8, 9]));
    }
}
