using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Simulation;

public sealed class RandomSourceTests
{
    private const int Draws = 100_000;
    private static readonly RandomSource Random = new(42, 0);

    // |r| of independent draws exceeds 4.5/√n once in 150 000 cases; these are fixed seeds anyway.
    private static readonly double Noise = 4.5 / Math.Sqrt(Draws);

    [Fact]
    public void A_draw_depends_on_every_coordinate_and_on_nothing_else()
    {
        var draw = Random.Bits(7, 3, 1);
        Assert.Equal(draw, new RandomSource(42, 0).Bits(7, 3, 1));
        ulong[] others =
        [
            new RandomSource(43, 0).Bits(7, 3, 1), new RandomSource(42, 1).Bits(7, 3, 1), Random.Bits(8, 3, 1),
            Random.Bits(7, 4, 1), Random.Bits(7, 3, 2), new RandomSource(0, 42).Bits(7, 3, 1), Random.Bits(3, 7, 1), Random.Bits(7, 1, 3),
        ];
        Assert.DoesNotContain(draw, others);
        Assert.Equal(others.Length, others.Distinct().Count());
    }

    [Fact]
    public void Draws_never_change_between_versions()
    {
        // A changed number here means that every scenario's expected KPIs and every stored hash change, too.
        Assert.Equal(0x072599B00E3E324DUL, Random.Bits(0, 0));
        Assert.Equal(0xEC6E751E3AA598F2UL, Random.Bits(RandomSource.Key("vat-07"), 12, 1));
        Assert.Equal(0x670EEB37A426A5A2UL, RandomSource.Key("vat-07", 3));
    }

    [Fact]
    public void The_default_source_is_seed_0_replication_0()
    {
        Assert.Equal(default, new RandomSource(0, 0));
        Assert.Equal(default(RandomSource).Bits(5, 6), new RandomSource(0, 0).Bits(5, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomSource(0, -1));
    }

    [Fact]
    public void Uniforms_are_open_at_both_ends_and_fill_every_cell_evenly()
    {
        const int cells = 1000;
        var counts = new int[cells];
        for (var i = 0; i < Draws; i++)
        {
            var u = Random.Uniform(1, i);
            Assert.True(u is > 0 and < 1);
            counts[(int)(u * cells)]++;
        }

        const double expected = (double)Draws / cells;
        var chiSquare = counts.Sum(c => (c - expected) * (c - expected) / expected);
        var limit = Distribution.Gamma((cells - 1) / 2.0, 2).Quantile(0.9999); // χ² with 999 degrees of freedom
        var least = Distribution.Gamma((cells - 1) / 2.0, 2).Quantile(0.0001);
        Assert.InRange(chiSquare, least, limit);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void Successive_draws_of_one_stream_do_not_correlate(int lag) =>
        Assert.InRange(Correlation(i => Random.Uniform(9, i), i => Random.Uniform(9, i + lag)), -Noise, Noise);

    [Fact]
    public void Streams_replications_seeds_and_lanes_do_not_correlate()
    {
        var next = new RandomSource(42, 1);
        var seed = new RandomSource(43, 0);
        (Func<long, double>, Func<long, double>)[] pairs =
        [
            (i => Random.Uniform(1, i), i => Random.Uniform(2, i)),
            (i => Random.Uniform((ulong)i, 0), i => Random.Uniform((ulong)i + 1, 0)),
            (i => Random.Uniform(1, i), i => next.Uniform(1, i)),
            (i => Random.Uniform(1, i), i => seed.Uniform(1, i)),
            (i => Random.Uniform(1, i), i => Random.Uniform(1, i, 1)),
            (i => new RandomSource((ulong)i, 0).Uniform(1, 0), i => new RandomSource((ulong)i + 1, 0).Uniform(1, 0)),
            (i => new RandomSource(42, (int)i).Uniform(1, 0), i => new RandomSource(42, (int)i + 1).Uniform(1, 0)),
            (i => Random.Uniform(RandomSource.Key($"m{i}", 1), 0), i => Random.Uniform(RandomSource.Key($"m{i}", 2), 0)),
            (i => Random.Uniform(RandomSource.Key(77, (int)i), 0), i => Random.Uniform(RandomSource.Key(77, (int)i + 1), 0)),
        ];
        Assert.All(pairs, pair => Assert.InRange(Correlation(pair.Item1, pair.Item2), -Noise, Noise));
    }

    [Fact]
    public void Every_output_bit_flips_in_half_of_the_cases_when_an_input_bit_flips()
    {
        const int trials = 4000;
        for (var bit = 0; bit < 64; bit += 9)
        {
            var flips = new int[64];
            for (var i = 0; i < trials; i++)
            {
                var changed = Random.Bits((ulong)i, i) ^ Random.Bits((ulong)i ^ (1UL << bit), i);
                for (var b = 0; b < 64; b++)
                    flips[b] += (int)((changed >> b) & 1);
            }

            Assert.All(flips, f => Assert.InRange(f, trials / 2 - 5 * Math.Sqrt(trials) / 2, trials / 2 + 5 * Math.Sqrt(trials) / 2));
        }
    }

    [Fact]
    public void Keys_of_names_purposes_and_children_are_all_different()
    {
        var keys = new HashSet<ulong>();
        var made = 0;
        for (var i = 0; i < 3000; i++)
        {
            for (var purpose = 0UL; purpose < 4; purpose++, made++)
                keys.Add(RandomSource.Key($"machine-{i}", purpose));
            for (var child = -1; child < 5; child++, made++)
                keys.Add(RandomSource.Key(RandomSource.Key($"machine-{i}"), child));
        }

        Assert.Equal(made, keys.Count);
        Assert.NotEqual(RandomSource.Key("ab"), RandomSource.Key("ba"));
    }

    private static double Correlation(Func<long, double> x, Func<long, double> y)
    {
        var sum = 0.0;
        for (var i = 0; i < Draws; i++)
            sum += (x(i) - 0.5) * (y(i) - 0.5);
        return sum / Draws * 12;
    }
}
