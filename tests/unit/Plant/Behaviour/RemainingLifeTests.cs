using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class RemainingLifeTests
{
    private static readonly ConditionSignal s_signal = new() { Baseline = 1, Limit = 16, PfInterval = Distribution.Constant(100) };

    private static ConditionReading[] Trend(ConditionSignal signal, double[] ages, Func<int, double>? noise = null) =>
        [.. ages.Select((a, i) => new ConditionReading(a, signal.Level(a, 100, 200) * Math.Exp(noise?.Invoke(i) ?? 0), (long)a))];

    [Fact]
    public void Readings_without_noise_tell_the_failure_to_the_hour()
    {
        var trend = RemainingLife.Fit(Trend(s_signal, [20, 60, 110, 125, 140, 150]), s_signal, 160)!;

        Assert.Equal(4, trend.Readings); // those on the baseline do not count
        Assert.Equal(100, trend.RisesAtAge, 6);
        Assert.Equal(Math.Log(16) / 100, trend.Growth, 9);
        Assert.Equal([40, 40, 40], ((double[])[trend.P10, trend.P50, trend.P90]).Select(t => Math.Round(t, 2)));
    }

    [Fact]
    public void Without_a_rise_there_is_no_estimate()
    {
        Assert.Null(RemainingLife.Fit(Trend(s_signal, [20, 40, 60, 80]), s_signal, 90));
        Assert.Null(RemainingLife.Fit(Trend(s_signal, [20, 60, 110, 130]), s_signal, 130)); // two readings are no trend
        Assert.Null(RemainingLife.Fit([new(1, 5, 0), new(2, 4, 0), new(3, 3, 0)], s_signal, 4));
        Assert.Null(RemainingLife.Fit([], s_signal, 4));
    }

    [Fact]
    public void Eight_of_ten_failures_lie_between_P10_and_P90_of_what_noisy_readings_tell()
    {
        var signal = s_signal with { Noise = 0.12 };
        var random = new RandomSource(7, 0);
        var (inside, below, count) = (0, 0, 1500);
        for (var k = 0; k < count; k++)
        {
            var readings = Trend(signal, [115, 122, 129, 136, 143, 150], i => 0.12 * NormalDistribution.Inverse(random.Uniform((ulong)k, i)));
            var trend = RemainingLife.Fit(readings, signal with { Baseline = 0.2 }, 150)!;
            inside += trend.P10 <= 50 && 50 <= trend.P90 ? 1 : 0;
            below += trend.P50 <= 50 ? 1 : 0;
        }

        Assert.InRange(inside / (double)count, 0.77, 0.83); // ± 3 standard errors
        Assert.InRange(below / (double)count, 0.46, 0.54);
    }

    [Theory]
    [InlineData(DistributionKind.Weibull)]
    [InlineData(DistributionKind.Exponential)]
    [InlineData(DistributionKind.Lognormal)]
    [InlineData(DistributionKind.Gamma)]
    public void Hazard_and_age_are_inverse_to_each_other(DistributionKind kind)
    {
        var law = kind switch
        {
            DistributionKind.Weibull => Distribution.Weibull(2.2, 300),
            DistributionKind.Exponential => Distribution.Exponential(300),
            DistributionKind.Lognormal => Distribution.Lognormal(300, 0.7),
            _ => Distribution.Gamma(3, 100),
        };
        foreach (var hazard in (double[])[0.001, 0.1, 1, 3, 9])
        {
            Assert.Equal(hazard, Lifetimes.HazardAt(law, Lifetimes.AgeAt(law, hazard)), 6);
            Assert.Equal(Math.Exp(-hazard), 1 - Probability(law, Lifetimes.AgeAt(law, hazard)), 6);
        }
    }

    /// <summary>P(life ≤ x) by bisection on the quantile.</summary>
    private static double Probability(Distribution law, double x)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = law.Quantile(middle) <= x ? (middle, high) : (low, middle);
        }

        return low;
    }
}
