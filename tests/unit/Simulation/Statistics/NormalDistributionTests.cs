using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Tests.Unit.Simulation.Statistics;

public sealed class NormalDistributionTests
{
    [Theory] // values to 16 digits from tables of the error function
    [InlineData(0, 0.5)]
    [InlineData(1, 0.84134474606854293)]
    [InlineData(-1, 0.15865525393145705)]
    [InlineData(2, 0.97724986805182079)]
    [InlineData(-3, 1.3498980316300945e-3)]
    [InlineData(-5, 2.8665157187919391e-7)]
    [InlineData(-8, 6.2209605742717841e-16)]
    [InlineData(-20, 2.7536241186062337e-89)]
    [InlineData(9, 1)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.PositiveInfinity, 1)]
    public void Cumulative_probability_matches_the_tables(double x, double p) =>
        AssertClose(p, NormalDistribution.Cumulative(x), 1e-12);

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.9599639845400545)]
    [InlineData(0.995, 2.5758293035489008)]
    [InlineData(0.8413447460685429, 1)]
    [InlineData(1e-10, -6.3613409024040562)]
    [InlineData(1e-100, -21.273453560958)]
    public void Inverse_matches_the_tables(double p, double x) => AssertClose(x, NormalDistribution.Inverse(p), 1e-12);

    [Fact]
    public void Inverse_undoes_the_cumulative_probability_everywhere()
    {
        for (var p = 1e-290; p < 0.5; p *= 1.7)
            AssertClose(p, NormalDistribution.Cumulative(NormalDistribution.Inverse(p)), 1e-12);
        for (var x = -5.0; x < 5; x += 0.01)
            Assert.Equal(x, NormalDistribution.Inverse(NormalDistribution.Cumulative(x)), 8);
    }

    [Fact]
    public void Cumulative_probability_rises_also_where_the_formulas_meet()
    {
        for (var x = -2.6; x < 2.6; x += 1e-4)
            Assert.True(NormalDistribution.Cumulative(x) < NormalDistribution.Cumulative(x + 1e-4));
        AssertClose(NormalDistribution.Cumulative(-2.5), NormalDistribution.Cumulative(-2.5 - 1e-15), 1e-12);
    }

    [Fact]
    public void What_is_no_probability_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalDistribution.Inverse(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalDistribution.Inverse(double.NaN));
        Assert.Equal(double.NegativeInfinity, NormalDistribution.Inverse(0));
    }

    private static void AssertClose(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");
}
