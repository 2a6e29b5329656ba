using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Experiments;

/// <summary>When a material will stop a job, as far as can be seen.</summary>
/// <param name="Probability">Share of the futures in which a job lacks it before the end of the outlook.</param>
/// <param name="Expected">Median of the first such moment, over the futures that have one; <c>null</c> when none has.</param>
/// <param name="Earliest">P10 of the same.</param>
/// <param name="IsShort">A job lacks it already.</param>
public sealed record MaterialOutlook(MaterialId Material, double Probability, SimTime? Expected, SimTime? Earliest, bool IsShort);

/// <summary>Which materials will stop jobs in the time ahead, and when: many futures of a plant as it stands.</summary>
/// <remarks>
/// The futures know what a planner knows: the order book, stocks, firm receipts, what is ordered and when, and what disturbs suppliers and
/// machines now. They do not know when a delivery under way will really come (its rest of the lead time is drawn anew, given how long it is
/// under way), nor any disturbance that has not begun.
/// </remarks>
public sealed record ShortageOutlook
{
    private const int MostTries = 32;
    private const ulong RestPurpose = 0x4E57;

    public required SimTime At { get; init; }

    public required Duration Ahead { get; init; }

    /// <summary>Per material, by index.</summary>
    public required ImmutableArray<MaterialOutlook> Materials { get; init; }

    /// <summary>Looks ahead from a plant as it stands.</summary>
    /// <param name="state">The plant; it is forked, not changed.</param>
    /// <param name="policy">How machines choose.</param>
    /// <param name="seed">Luck of the futures: their own, not that of the plant.</param>
    /// <param name="futures">How many, ≥ 1.</param>
    /// <param name="ahead">How far, > 0.</param>
    public static ShortageOutlook Of(PlantState state, DispatchPolicy policy, ulong seed, int futures, Duration ahead)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(futures, 1);
        var known = CompiledScenario.Compile(KnownAt(state.Plant.Scenario, state.Now));
        var firsts = Enumerable.Range(0, state.Materials.Length).Select(_ => new List<double>()).ToArray();
        for (var future = 0; future < futures; future++)
        {
            var luck = new RandomSource(seed, future);
            var from = state.Fork();
            from.GrowTo(known);
            DrawRestsOfLeadTimes(from, luck);
            var watch = new FirstShortages(state);
            var simulator = new PlantSimulator(known, policy, luck, from, watch);
            simulator.RunUntil(state.Now + ahead);
            for (var m = 0; m < firsts.Length; m++)
            {
                if (watch.First[m] >= 0)
                {
                    firsts[m].Add(watch.First[m]);
                }
            }
        }

        return new ShortageOutlook
        {
            At = state.Now, Ahead = ahead,
            Materials = [.. firsts.Select((times, m) => Of(m, times, futures, state.Materials[m].WaitingJobs > 0))],
        };
    }

    private static MaterialOutlook Of(int material, List<double> times, int futures, bool isShort)
    {
        times.Sort();
        var sorted = times.ToArray();
        return new MaterialOutlook(
            new MaterialId(material), times.Count / (double)futures,
            times.Count > 0 ? new SimTime((long)Quantiles.Of(sorted, 0.5)) : null, times.Count > 0 ? new SimTime((long)Quantiles.Of(sorted, 0.1)) : null, isShort);
    }

    /// <summary>The scenario without what nobody can know yet.</summary>
    private static Scenario KnownAt(Scenario scenario, SimTime now) => scenario with
    {
        Disturbances = [.. scenario.Disturbances.Where(d => d.Time < now)],
        SupplyDisturbances = [.. scenario.SupplyDisturbances.Where(d => d.From <= now)],
        LotDecisions = [.. scenario.LotDecisions.Where(d => d.Time < now)],
    };

    private static void DrawRestsOfLeadTimes(PlantState state, RandomSource luck)
    {
        for (var place = 0; place < state.Supplies.Length; place++)
        {
            var supply = state.Supplies[place];
            if (supply.Open && supply.Receipt < 0 && supply.Source >= 0)
            {
                state.Apply(new PlantEvent(state.Now, PlantEventKind.SupplyExpected, Arg: place, Value: Due(state, supply, place, luck)));
            }
        }
    }

    private static double Due(PlantState state, in SupplyState supply, int place, RandomSource luck)
    {
        var source = state.Plant.Plant.Sources[supply.Source];
        var (begins, factor, delay) = (supply.OrderedAt, 1.0, 0L);
        foreach (var disturbance in state.Plant.Scenario.SupplyDisturbances.Where(d => d.Supplier == source.Supplier))
        {
            var (from, to) = (disturbance.From.Milliseconds, disturbance.To.Milliseconds);
            if (from <= begins && begins < to)
            {
                factor *= disturbance.LeadTimeFactor ?? 1;
                begins = disturbance.LeadTimeFactor is null ? to : begins;
            }
            else if (from > begins && disturbance.LeadTimeFactor is null)
            {
                delay += to - from; // it closed while this was under way
            }
        }

        var key = state.Plant.Materials.SourceKey(supply.Source) ^ RestPurpose;
        var due = 0.0;
        for (var attempt = 0; attempt < MostTries && due <= state.Now.Milliseconds; attempt++)
        {
            var draw = (place * (long)MostTries + attempt) * 2;
            var late = source.Reliability < 1 && luck.Uniform(key, draw + 1) >= source.Reliability ? source.LateFactor : 1;
            due = begins + delay + Math.Max(0, source.LeadTime.Sample(luck, key, draw)) * factor * late;
        }

        // One that has outlived what its source thinks possible may come any day.
        return due > state.Now.Milliseconds ? due : state.Now.Milliseconds + luck.Uniform(key, place * 2L * MostTries + 2L * MostTries - 1) * 2 * Duration.MillisecondsPerDay;
    }

    private sealed class FirstShortages : IPlantEventSink
    {
        public FirstShortages(PlantState state)
        {
            First = new double[state.Materials.Length];
            for (var m = 0; m < First.Length; m++)
            {
                First[m] = state.Materials[m].WaitingJobs > 0 ? state.Now.Milliseconds : -1;
            }
        }

        /// <summary>Per material, ms; −1 when no job lacks it.</summary>
        public double[] First { get; }

        public void On(in PlantEvent e)
        {
            if (e.Kind == PlantEventKind.MaterialShort && First[e.Arg] < 0)
            {
                First[e.Arg] = e.Time.Milliseconds;
            }
        }
    }
}
