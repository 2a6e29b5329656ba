using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Experiments;

/// <summary>What the replications say about one order of one alternative: when it will be ready, and how sure that is in time.</summary>
public sealed record OrderBand
{
    /// <summary>The order as the alternative has it.</summary>
    public required Order Order { get; init; }

    /// <summary>Replications that counted.</summary>
    public required int Runs { get; init; }

    /// <summary>Completion that one replication in ten does not exceed; <c>null</c> where it lies beyond the end of the runs.</summary>
    public required SimTime? P10 { get; init; }

    /// <summary>Median completion; <c>null</c> where it lies beyond the end of the runs.</summary>
    public required SimTime? P50 { get; init; }

    /// <summary>Completion that nine in ten do not exceed; <c>null</c> where it lies beyond the end of the runs.</summary>
    public required SimTime? P90 { get; init; }

    /// <summary>Probability of being on time; <c>null</c> without a due date, or when no replication reached it.</summary>
    public required WilsonInterval? OnTime { get; init; }

    /// <summary>Mean hours after the due date, open orders counted as late so far; <c>null</c> without a due date.</summary>
    public required double? TardinessMeanHours { get; init; }

    /// <summary>Against the same order of the baseline; <c>null</c> for the baseline itself and for an order that it does not have.</summary>
    public required OrderChange? Change { get; init; }

    /// <summary>Bands of all orders of an alternative, in the order of its book.</summary>
    /// <param name="scenario">The alternative's scenario.</param>
    /// <param name="runs">Its replications.</param>
    /// <param name="baseline">Scenario and runs of the baseline, replication by replication the same; <c>null</c> for itself.</param>
    public static ImmutableArray<OrderBand> Of(
        Scenario scenario, IReadOnlyList<RunResult> runs, (Scenario Scenario, IReadOnlyList<RunResult> Runs)? baseline, double level = 0.95)
    {
        var known = baseline?.Scenario.Orders.Select((o, i) => (o.Id, i)).ToDictionary(o => o.Id, o => o.i, StringComparer.Ordinal);
        return
        [
            .. scenario.Orders.Select((order, o) => Of(order, o, runs, level,
                known is not null && known.TryGetValue(order.Id, out var b) ? OrderChange.Of(baseline!.Value.Scenario.Orders[b], b, baseline.Value.Runs, order, o, runs, level) : null)),
        ];
    }

    private static OrderBand Of(Order order, int o, IReadOnlyList<RunResult> runs, double level, OrderChange? change)
    {
        var ends = runs.Select(r => r.Completions[o] ?? SimTime.Never).Order().ToArray();
        var judged = runs.Select(r => IsOnTime(order, o, r)).OfType<bool>().ToArray();
        var late = new Tally();
        foreach (var run in order.Due is null ? [] : runs)
        {
            late.Add(Math.Max(0, ((run.Completions[o] ?? run.Kpis.To) - order.Due!.Value).Hours));
        }

        return new OrderBand
        {
            Order = order,
            Runs = runs.Count,
            P10 = Quantile(ends, 0.1),
            P50 = Quantile(ends, 0.5),
            P90 = Quantile(ends, 0.9),
            OnTime = judged.Length > 0 ? WilsonInterval.Of(judged.Count(onTime => onTime), judged.Length, level) : null,
            TardinessMeanHours = late.Count > 0 ? late.Mean : null,
            Change = change,
        };
    }

    /// <summary>Whether an order was on time in a run; <c>null</c> without due date, or when the run ended before anybody knew.</summary>
    internal static bool? IsOnTime(Order order, int index, RunResult run) =>
        order.Due is not { } due ? null
        : run.Completions[index] is { } end ? end <= due
        : due < run.Kpis.To ? false
        : null;

    /// <summary>Interpolated like all quantiles here; unknown as soon as an order that never ended would count.</summary>
    private static SimTime? Quantile(SimTime[] sorted, double p)
    {
        if (sorted.Length == 0)
        {
            return null;
        }

        var position = p * (sorted.Length - 1);
        var (below, above) = (sorted[(int)position], sorted[(int)Math.Ceiling(position)]);
        return above == SimTime.Never ? null : below + (above - below) * (position - Math.Floor(position));
    }
}

/// <summary>What became of an order against the baseline under the same luck.</summary>
/// <param name="BaselineOnTime">Probability of being on time there; <c>null</c> where it has no due date or none was judged.</param>
/// <param name="BecameLate">Replications in which it was on time in the baseline and is late here.</param>
/// <param name="BecameOnTime">Replications in which it was late in the baseline and is on time here.</param>
/// <param name="Pairs">Replications in which both are known.</param>
/// <param name="ShiftHours">Mean (completion here − completion there) over the replications in which both ended; <c>null</c> when none did.</param>
/// <param name="IsShown">Whether chance alone would hardly do it (two-sided sign test of the replications that differ).</param>
public sealed record OrderChange(WilsonInterval? BaselineOnTime, int BecameLate, int BecameOnTime, int Pairs, double? ShiftHours, bool IsShown)
{
    /// <summary>Change of the probability of being on time, −1…1; 0 where nothing is known.</summary>
    public double OnTimeGain => Pairs == 0 ? 0 : (BecameOnTime - BecameLate) / (double)Pairs;

    internal static OrderChange Of(Order before, int b, IReadOnlyList<RunResult> baseline, Order after, int a, IReadOnlyList<RunResult> runs, double level)
    {
        var (late, onTime, pairs, there, judged) = (0, 0, 0, 0, 0);
        var shift = new Tally();
        for (var r = 0; r < Math.Min(baseline.Count, runs.Count); r++)
        {
            if (OrderBand.IsOnTime(before, b, baseline[r]) is { } was)
            {
                judged++;
                there += was ? 1 : 0;
                if (OrderBand.IsOnTime(after, a, runs[r]) is { } now)
                {
                    pairs++;
                    late += was && !now ? 1 : 0;
                    onTime += !was && now ? 1 : 0;
                }
            }

            if (baseline[r].Completions[b] is { } endThere && runs[r].Completions[a] is { } endHere)
            {
                shift.Add((endHere - endThere).Hours);
            }
        }

        return new OrderChange(
            judged > 0 ? WilsonInterval.Of(there, judged, level) : null, late, onTime, pairs, shift.Count > 0 ? shift.Mean : null,
            SignTest.PValue(late, onTime) <= 1 - level);
    }
}
