using System.Collections.Immutable;

namespace DigitalTwin.Plant.Explanation;

/// <summary>Which machine is the bottleneck at each moment: the one whose uninterrupted active period is the longest.</summary>
/// <remarks>Active period method: C. Roser, M. Nakano, M. Tanaka, "Shifting bottleneck detection", Winter Simulation Conference 2002. Where the
/// periods of two bottlenecks that follow each other overlap, the bottleneck is shifting between them; elsewhere it is sole.</remarks>
public sealed record ShiftingBottleneck
{
    /// <summary>The momentary bottlenecks in order of time; moments at which no machine is active are in none.</summary>
    public required ImmutableArray<ActivePeriod> Momentary { get; init; }

    /// <summary>Milliseconds as the only bottleneck, per equipment.</summary>
    public required ImmutableArray<long> SoleMs { get; init; }

    /// <summary>Milliseconds in which the bottleneck shifts to or from a machine, per equipment.</summary>
    public required ImmutableArray<long> ShiftingMs { get; init; }

    /// <summary>Finds the bottlenecks.</summary>
    /// <param name="periods">Active periods in any order; those of one machine do not overlap.</param>
    /// <param name="machines">Number of machines.</param>
    public static ShiftingBottleneck Of(IReadOnlyList<ActivePeriod> periods, int machines)
    {
        var momentary = Sweep(periods, out var chain);
        var (sole, shifting) = (new long[machines], new long[machines]);
        Share(chain, sole, shifting);
        return new ShiftingBottleneck { Momentary = [.. momentary], SoleMs = [.. sole], ShiftingMs = [.. shifting] };
    }

    /// <summary>At each moment the longest period that covers it; of equally long ones the earlier, then the lower machine.</summary>
    private static List<ActivePeriod> Sweep(IReadOnlyList<ActivePeriod> periods, out List<ActivePeriod> chain)
    {
        var byStart = periods.Where(p => p.LengthMs > 0).OrderBy(p => p.FromMs).ThenBy(p => p.Equipment).ToArray();
        var covering = new PriorityQueue<ActivePeriod, (long, long, int)>();
        var momentary = new List<ActivePeriod>();
        chain = [];
        var (next, now) = (0, byStart.Length > 0 ? byStart[0].FromMs : 0);
        while (next < byStart.Length || covering.Count > 0)
        {
            for (; next < byStart.Length && byStart[next].FromMs <= now; next++)
            {
                covering.Enqueue(byStart[next], (-byStart[next].LengthMs, byStart[next].FromMs, byStart[next].Equipment));
            }

            while (covering.TryPeek(out var over, out _) && over.ToMs <= now)
            {
                covering.Dequeue();
            }

            if (!covering.TryPeek(out var longest, out _))
            {
                now = next < byStart.Length ? byStart[next].FromMs : now;
                continue;
            }

            var until = next < byStart.Length ? Math.Min(longest.ToMs, byStart[next].FromMs) : longest.ToMs;
            if (momentary.Count > 0 && momentary[^1] is var last && last.Equipment == longest.Equipment && last.ToMs == now)
            {
                momentary[^1] = last with { ToMs = until };
            }
            else
            {
                momentary.Add(new ActivePeriod(longest.Equipment, now, until));
            }

            if (chain.Count == 0 || chain[^1] != longest)
            {
                chain.Add(longest);
            }

            now = until;
        }

        return momentary;
    }

    private static void Share(List<ActivePeriod> chain, long[] sole, long[] shifting)
    {
        var borders = chain.Distinct()
            .SelectMany(p => new[] { (At: p.FromMs, Opens: true, p.Equipment), (At: p.ToMs, Opens: false, p.Equipment) })
            .OrderBy(b => b.At).ThenBy(b => b.Opens)
            .ToArray();
        var open = new HashSet<int>();
        for (var i = 0; i < borders.Length; i++)
        {
            _ = borders[i].Opens ? open.Add(borders[i].Equipment) : open.Remove(borders[i].Equipment);
            var ms = i + 1 < borders.Length ? borders[i + 1].At - borders[i].At : 0;
            var shares = open.Count > 1 ? shifting : sole;
            foreach (var machine in open)
            {
                shares[machine] += ms;
            }
        }
    }
}
