using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Tests.Unit.Simulation.Statistics;

public sealed class KimNelsonTests
{
    /// <summary>Normal alternatives with common luck: value = mean + √ρ·common + √(1−ρ)·own.</summary>
    private static KimNelson Race(double[] means, double correlation, int macro, double indifference = 1, double confidence = 0.9)
    {
        var race = new KimNelson(means.Length, indifference, confidence);
        var random = new RandomSource(17, macro);
        for (var round = 0; !race.IsDone; round++)
        {
            var common = NormalDistribution.Inverse(random.Uniform(1000, round));
            race.Observe([.. means.Select((m, i) =>
                m + 3 * (Math.Sqrt(correlation) * common + Math.Sqrt(1 - correlation) * NormalDistribution.Inverse(random.Uniform((ulong)i, round))))]);
        }

        return race;
    }

    private static double[] Slippage(int count) => [.. Enumerable.Range(0, count).Select(i => i == 2 ? 1.0 : 0.0)];

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    public void The_best_of_normals_that_lie_the_indifference_apart_is_found_as_often_as_promised(double correlation)
    {
        // The hardest case: all others exactly δ below. 400 races, standard error 1.5 %.
        const int Races = 400;
        var right = Enumerable.Range(0, Races).Count(m => Race(Slippage(6), correlation, m).Best == 2);

        Assert.InRange(right / (double)Races, 0.9 - 0.03, 1);
    }

    [Fact]
    public void Common_luck_and_distance_both_spare_effort()
    {
        int Effort(double[] means, double correlation) => Enumerable.Range(0, 40).Sum(m => Race(means, correlation, m).Rounds);
        var hard = Effort(Slippage(6), 0);

        Assert.InRange(Effort(Slippage(6), 0.8), 0, hard / 2);
        Assert.InRange(Effort([0, -5, 5, -10, 1, 0], 0), 0, hard / 2);
    }

    [Fact]
    public void Losers_are_dropped_early_and_name_who_beat_them()
    {
        var race = Race([0, 9.5, 10, -20], 0.5, 0);

        Assert.Contains(race.Best, new[] { 1, 2 });
        Assert.Equal(race.FirstStage, race.DroppedAt(3));
        Assert.NotNull(race.DroppedBy(3));
        Assert.True(race.DroppedAt(3) <= race.DroppedAt(race.Best == 1 ? 2 : 1));
        Assert.Null(race.DroppedAt(race.Best));
        Assert.True(race.Rounds <= race.MostRounds);
        Assert.Equal([race.Best], race.Surviving);
    }

    [Fact]
    public void First_stage_constants_are_those_of_the_paper()
    {
        // k = 2, n₀ = 10, α = 0.05: η = ½((2·0.05)^(−2/9) − 1), h² = 2η·9. Differences ±√(9/10) have variance 1, so N = ⌊h²⌋ for δ = 1.
        var race = new KimNelson(2, indifference: 1);
        var h2 = 9 * (Math.Pow(0.1, -2.0 / 9) - 1);
        for (var r = 0; r < 10; r++)
        {
            race.Observe([r % 2 == 0 ? Math.Sqrt(0.9) : -Math.Sqrt(0.9), 0]);
        }

        Assert.Equal(Math.Max(10, (int)h2 + 1), race.MostRounds);
    }

    [Fact]
    public void Equal_alternatives_end_at_once_and_one_alternative_needs_no_race()
    {
        var race = new KimNelson(3, indifference: 0.1);
        for (var r = 0; r < 10; r++)
        {
            Assert.False(race.IsDone);
            race.Observe([r, r, r]);
        }

        Assert.True(race.IsDone);
        Assert.Equal(0, race.Best);
        Assert.True(new KimNelson(1, 1).IsDone);
        Assert.Throws<ArgumentOutOfRangeException>(() => new KimNelson(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KimNelson(2, 1, 0.4));
        Assert.Throws<ArgumentException>(() => new KimNelson(2, 1).Observe([1]));
        Assert.Throws<ArgumentException>(() => new KimNelson(2, 1).Observe([1, double.NaN]));
    }
}
