using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Truth;

/// <summary>Thirty replications of a plant with Poisson arrivals, and the interval that the truth must lie in.</summary>
internal static class Replicated
{
    public const double Minute = Duration.MillisecondsPerMinute;
    private const int Replications = 30;

    /// <summary>Asserts that a true mean lies in the 99 % interval of the replications' means.</summary>
    public static void Holds(double truth, Func<int, double> replication)
    {
        var tally = new Tally();
        for (var r = 0; r < Replications; r++)
        {
            tally.Add(replication(r));
        }

        var interval = tally.ConfidenceInterval(0.99);
        Assert.True(
            Math.Abs(truth - interval.Mean) <= interval.HalfWidth, $"the truth {truth:0.0000} is not in {interval.Mean:0.0000} ± {interval.HalfWidth:0.0000}");
    }

    /// <summary>Several truths about the same replications, each by itself.</summary>
    public static void Hold(double[] truths, Func<int, double[]> replication)
    {
        var results = Enumerable.Range(0, Replications).Select(replication).ToArray();
        for (var i = 0; i < truths.Length; i++)
        {
            var which = i;
            Holds(truths[which], r => results[r][which]);
        }
    }

    /// <summary>Orders that arrive at random, by a mean time between them in minutes.</summary>
    public static void Arrivals(TinyPlant plant, int replication, double meanMinutes, int count, Func<double, ProductId> product)
    {
        var random = new RandomSource(2026, replication);
        var between = Distribution.Exponential(meanMinutes * Minute);
        var at = SimTime.Zero;
        for (var i = 0; i < count; i++)
        {
            at += Duration.FromMilliseconds(between.Sample(random, RandomSource.Key("arrivals"), i));
            var release = at;
            plant.Order(product(random.Uniform(RandomSource.Key("kinds"), i)), o => o with { Release = release });
        }
    }

    public static PlantSimulator Simulate(TinyPlant plant, int replication) =>
        new(plant.Compile(), new DispatchPolicy { Rule = DispatchRule.Fifo }, new RandomSource(5, replication));

    /// <summary>Mean time in the system of all orders but the first tenth, minutes.</summary>
    public static double MeanSojourn(PlantSimulator simulator)
    {
        var sojourns = new Tally();
        for (var o = simulator.State.Orders.Length / 10; o < simulator.State.Orders.Length; o++)
        {
            sojourns.Add((simulator.State.Orders[o].CompletedAt - simulator.State.Orders[o].ReleasedAt) / Minute);
        }

        return sojourns.Mean;
    }
}
