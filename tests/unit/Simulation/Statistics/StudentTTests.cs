using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Tests.Unit.Simulation.Statistics;

public sealed class StudentTTests
{
    [Theory] // Two-sided 95 % and others, from the usual tables, here to more digits
    [InlineData(0.975, 1, 12.706204736174698)]
    [InlineData(0.975, 2, 4.3026527297494637)]
    [InlineData(0.975, 5, 2.5705818356363152)]
    [InlineData(0.975, 10, 2.2281388519862744)]
    [InlineData(0.975, 30, 2.0422724563012373)]
    [InlineData(0.995, 9, 3.2498355415921258)]
    [InlineData(0.9, 19, 1.3277282090267987)]
    [InlineData(0.9995, 4, 8.6103015813792744)]
    public void Quantiles_match_the_tables(double p, double degrees, double t)
    {
        Assert.Equal(t, StudentT.Quantile(p, degrees), 9);
        Assert.Equal(-t, StudentT.Quantile(1 - p, degrees), 7);
        Assert.Equal(p, StudentT.Cumulative(t, degrees), 12);
    }

    [Fact]
    public void One_and_two_degrees_of_freedom_have_closed_forms()
    {
        for (var p = 0.001; p < 1; p += 0.0037)
        {
            Assert.Equal(1, StudentT.Quantile(p, 1) / Math.Tan(Math.PI * (p - 0.5)), 10);
            Assert.Equal(1, StudentT.Quantile(p, 2) / ((2 * p - 1) * Math.Sqrt(2 / (4 * p * (1 - p)))), 10);
        }
    }

    [Fact]
    public void Both_methods_agree_where_one_hands_over_to_the_other()
    {
        foreach (var p in new[] { 0.6, 0.9, 0.975, 0.9999, 0.0001 })
        {
            Assert.Equal(StudentT.Quantile(p, 2000), StudentT.Quantile(p, 2000.0001), 8);
            Assert.Equal(p, StudentT.Cumulative(StudentT.Quantile(p, 5000), 5000), 10);
            Assert.Equal(NormalDistribution.Inverse(p), StudentT.Quantile(p, 1e15), 12);
        }
    }

    [Fact]
    public void Ends_and_middle_are_exact()
    {
        Assert.Equal(0, StudentT.Quantile(0.5, 3));
        Assert.Equal(double.PositiveInfinity, StudentT.Quantile(1, 3));
        Assert.Equal(double.NegativeInfinity, StudentT.Quantile(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Quantile(0.9, 0));
    }
}
