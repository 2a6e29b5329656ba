using CsCheck;
using DigitalTwin.Scheduler.Shops;

namespace DigitalTwin.Tests.Unit.Scheduler.Shops;

/// <summary>Small random shops: alternatives, re-entrance, operations of no duration, ready times, waits and setups among them.</summary>
internal static class RandomShop
{
    /// <param name="operations">At most so many.</param>
    public static Gen<ShopProblem> Of(int operations) => Gen.Int[0, int.MaxValue - 1].Select(seed => Create(seed, operations));

    public static ShopProblem Create(int seed, int operations)
    {
        var random = new Random(seed);
        var machines = random.Next(1, 5);
        var (flexible, extras, longest) = (random.Next(2) == 0, random.Next(2) == 0, random.Next(3, 30));
        var jobs = new List<IReadOnlyList<IReadOnlyList<ShopOption>>>();
        for (var left = operations; left > 0;)
        {
            var length = random.Next(1, Math.Min(left, 4) + 1);
            left -= length;
            jobs.Add([.. Enumerable.Range(0, length).Select(_ => Operation(random, machines, flexible, longest))]);
        }

        var count = jobs.Sum(j => j.Count);
        return extras
            ? ShopProblem.Create(jobs, machines, Numbers(random, count, 12), Numbers(random, count, 5), Numbers(random, machines, 8), Setups(random, count, machines))
            : ShopProblem.Create(jobs, machines);
    }

    private static IReadOnlyList<ShopOption> Operation(Random random, int machines, bool flexible, int longest)
    {
        var all = Enumerable.Range(0, machines).OrderBy(_ => random.Next()).ToArray();
        return [.. all.Take(flexible ? random.Next(1, machines + 1) : 1).Select(m => new ShopOption(m, random.Next(0, longest)))];
    }

    private static int[] Numbers(Random random, int count, int below) => [.. Enumerable.Range(0, count).Select(_ => random.Next(0, below))];

    /// <summary>Setups that keep the triangle inequality, as those between families do when a detour costs more.</summary>
    private static ShopSetups? Setups(Random random, int count, int machines)
    {
        if (random.Next(3) == 0)
        {
            return null;
        }

        const int Classes = 3;
        return new ShopSetups(
            Numbers(random, count, Classes), Classes,
            [.. Enumerable.Range(0, machines).Select(_ => (int[]?)[.. Enumerable.Range(0, (Classes + 1) * Classes).Select(i => i / Classes == i % Classes ? 0 : random.Next(4, 8))])],
            beforeArrival: random.Next(2) == 0);
    }
}
