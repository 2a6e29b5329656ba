using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>A named sequence of draws for a generator: same source and name, same sequence.</summary>
internal sealed class Draws(RandomSource source, string name)
{
    private readonly ulong _stream = RandomSource.Key(name);
    private long _next;

    /// <summary>In (0, 1).</summary>
    public double Uniform() => source.Uniform(_stream, _next++);

    public double Between(double low, double high) => low + Uniform() * (high - low);

    /// <summary>A whole number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Whole(int low, int high) => low + (int)(Uniform() * (high - low + 1));

    public bool Chance(double probability) => Uniform() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[(int)(Uniform() * items.Count)];

    /// <summary>An index, with probability proportional to its weight.</summary>
    public int Weighted(IReadOnlyList<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        var at = Uniform() * total;
        for (var i = 0; i < weights.Count - 1; i++)
        {
            at -= weights[i];
            if (at < 0)
            {
                return i;
            }
        }

        return weights.Count - 1;
    }

    /// <summary>Fisher–Yates.</summary>
    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var j = Whole(0, i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Integers in proportion to weights that add up to a total exactly (largest remainders).</summary>
    public static int[] Share(int total, IReadOnlyList<double> weights)
    {
        var sum = weights.Sum();
        var exact = weights.Select(w => w / sum * total).ToArray();
        var shares = exact.Select(x => (int)Math.Floor(x)).ToArray();
        foreach (var i in Enumerable.Range(0, shares.Length).OrderByDescending(i => exact[i] - shares[i]).ThenBy(i => i).Take(total - shares.Sum()))
        {
            shares[i]++;
        }

        return shares;
    }
}
