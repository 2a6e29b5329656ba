using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Tests.Unit.Simulation.Statistics;

public class KolmogorovSmirnovTests
{
    [Fact]
    public void Distance_is_the_largest_gap_of_the_two_staircases()
    {
        Assert.Equal(0, KolmogorovSmirnov.Distance([1, 2, 3], [3, 1, 2]));
        Assert.Equal(1, KolmogorovSmirnov.Distance([1, 2], [3, 4]));
        Assert.Equal(0.5, KolmogorovSmirnov.Distance([1, 2, 3, 4], [3, 4, 5, 6]));
        Assert.Equal(1 / 3.0, KolmogorovSmirnov.Distance([1, 1, 2], [1, 2, 2]), 12); // ties step together
    }

    [Fact]
    public void Two_samples_of_one_law_exceed_the_critical_distance_about_once_in_twenty()
    {
        var exceeded = 0;
        for (var r = 0; r < 400; r++)
        {
            var random = new DigitalTwin.Simulation.RandomSource(7, r);
            double[] Sample(ulong stream) => [.. Enumerable.Range(0, 80).Select(i => random.Uniform(stream, i))];
            exceeded += KolmogorovSmirnov.Distance(Sample(1), Sample(2)) > KolmogorovSmirnov.Critical(80, 80) ? 1 : 0;
        }

        Assert.InRange(exceeded, 4, 32); // 20 expected; ties of the staircase make it a little conservative
    }
}
