using CsCheck;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Tests.Unit.Simulation.Statistics;

public sealed class OptimalBudgetTests
{
    private const int First = 10, Step = 10;

    /// <summary>One value of a normal alternative with common luck: mean + 3·(√ρ·common + √(1−ρ)·own).</summary>
    private static double Value(double mean, int alternative, int round, double correlation, int macro)
    {
        var random = new RandomSource(23, macro);
        var (common, own) = (NormalDistribution.Inverse(random.Uniform(1000, round)), NormalDistribution.Inverse(random.Uniform((ulong)alternative, round)));
        return mean + 3 * (Math.Sqrt(correlation) * common + Math.Sqrt(1 - correlation) * own);
    }

    /// <summary>Spends a budget on normal alternatives; stops as the experiments do.</summary>
    private static OptimalBudget Spend(double[] means, double correlation, int macro, int total, double indifference = 0, double confidence = 2, bool common = true)
    {
        var budget = new OptimalBudget(means.Length, indifference, common);
        var more = means.Select(_ => First).ToArray();
        while (true)
        {
            for (var a = 0; a < means.Length; a++)
            {
                for (var i = 0; i < more[a]; i++)
                {
                    budget.Observe(a, Value(means[a], a, budget.Count(a), correlation, macro));
                }
            }

            if (budget.Spent >= total || (confidence < 1 && budget.IsKnown(confidence)))
            {
                return budget;
            }

            more = budget.Next(Math.Min(Step, total - budget.Spent));
        }
    }

    private static OptimalBudget With(bool common, double indifference, params double[][] values)
    {
        var budget = new OptimalBudget(values.Length, indifference, common);
        for (var a = 0; a < values.Length; a++)
        {
            foreach (var value in values[a])
            {
                budget.Observe(a, value);
            }
        }

        return budget;
    }

    [Fact]
    public void What_is_handed_out_is_what_was_asked_for_and_the_budget_is_never_exceeded() =>
        Gen.Select(Gen.Double[-50, 50].Array[2, 12].Array[1, 8], Gen.Int[0, 500], Gen.Bool, Gen.Double[0, 5]).Sample((values, extra, common, indifference) =>
        {
            var more = With(common, indifference, values).Next(extra);

            Assert.Equal(extra, more.Sum());
            Assert.All(more, n => Assert.True(n >= 0));
        }, iter: 2000);

    [Fact]
    public void With_own_luck_the_shares_are_those_of_the_paper()
    {
        // Means 3, 2, 1 with standard deviations 1, 1, 2: N₂ : N₃ = (1/1)² : (2/2)² = 1 : 1, N₁ = 1·√(1/1 + 1/4) = 1.118.
        static double[] Around(double mean, double sd) => [.. Enumerable.Range(0, 10).Select(i => mean + (i % 2 == 0 ? 1 : -1) * sd * Math.Sqrt(0.9))];
        var more = With(common: false, 0, Around(3, 1), Around(2, 1), Around(1, 2)).Next(100_000);

        var total = 100_030 / (Math.Sqrt(1.25) + 2);
        Assert.Equal([Math.Sqrt(1.25) * total - 10, total - 10, total - 10], more.Select(n => (double)n), (a, b) => Math.Abs(a - b) <= 1);
    }

    [Fact]
    public void With_common_luck_only_the_differences_count_and_the_best_is_there_for_every_pair()
    {
        // Differences to the best of 1 ± 1 and 2 ± 1, however much all three swing together: 1 : 1/4, and the best as often as the first.
        double[] swing = [900, -400, 30, 77, -5, 8, 1000, -3, 20, 41];
        double[] Behind(double by) => [.. swing.Select((s, i) => s - by + (i % 2 == 0 ? 1 : -1))];
        var more = With(common: true, 0, swing, Behind(1), Behind(2)).Next(9 * 100 - 30);

        Assert.Equal([390, 390, 90], more);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    public void The_best_of_normals_is_found_as_often_as_the_estimate_says(double correlation)
    {
        // Random systems whose means are themselves normal: the estimate must not promise more than comes true.
        const int Races = 600;
        var (right, promised) = (0, 0.0);
        for (var macro = 0; macro < Races; macro++)
        {
            var random = new RandomSource(77, macro);
            var means = Enumerable.Range(0, 6).Select(i => 2 * NormalDistribution.Inverse(random.Uniform(5, i))).ToArray();
            var budget = Spend(means, correlation, macro, 150);
            right += means[budget.Best] == means.Max() ? 1 : 0;
            promised += budget.Probability;
        }

        Assert.InRange(right / (double)Races, promised / Races - 0.02, 1);
        Assert.InRange(promised / Races, 0.5, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    public void Stopping_at_a_confidence_keeps_it_even_where_all_others_lie_the_indifference_below(double correlation)
    {
        const int Races = 400;
        var means = Enumerable.Range(0, 6).Select(i => i == 2 ? 1.0 : 0.0).ToArray();
        var right = Enumerable.Range(0, Races).Count(m => Spend(means, correlation, m, 2000, indifference: 1, confidence: 0.9).Best == 2);

        Assert.InRange(right / (double)Races, 0.9 - 0.03, 1);
    }

    [Fact]
    public void The_same_budget_finds_the_best_more_often_than_equal_shares_do()
    {
        double[] means = [0, -1, -4, -5, -6, -6, -7, -8, -9, -9];
        const int Races = 400, Total = 300;
        var spent = Enumerable.Range(0, Races).Count(m => Spend(means, 0, m, Total).Best == 0);
        var equal = Enumerable.Range(0, Races).Count(m =>
            means.Select((mean, a) => Enumerable.Range(0, Total / means.Length).Average(r => Value(mean, a, r, 0, m))).ToArray() is var sums && sums[0] == sums.Max());

        Assert.True(spent > equal + Races * 0.03, $"{spent} against {equal}");
    }

    [Fact]
    public void Equal_and_certain_alternatives_need_nothing_more()
    {
        Assert.Equal(1, With(true, 0, [5, 7, 6], [4, 6, 5]).Probability); // always one less
        Assert.Equal(1, With(true, 0.1, [5, 7, 6], [5, 7, 6]).Probability); // the same
        Assert.Equal(0, With(true, 0, [5, 7, 6], [5, 7, 6]).Best);
        Assert.Equal([4, 3, 3], With(true, 0, [1, 1], [1, 1], [0, 0]).Next(10));
        Assert.Equal([7], With(true, 0, [1, 2]).Next(7));
        Assert.Throws<ArgumentException>(() => With(true, 0, [double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OptimalBudget(2, -1));
    }
}
