using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Explanation;

/// <summary>One replication with everything that explains it.</summary>
/// <param name="Plan">What was run.</param>
/// <param name="Result">Its key figures.</param>
/// <param name="State">The plant at the end; its meters cover the whole run, the warm-up included.</param>
/// <param name="Flows">Every released order, by its index.</param>
/// <param name="Bottleneck">Over the whole run.</param>
public sealed record WatchedRun(RunPlan Plan, RunResult Result, PlantState State, ImmutableArray<OrderFlow> Flows, BottleneckReport Bottleneck)
{
    // Bucket lengths that people think in; the shortest that gives no more than this many is taken.
    private const int MostBuckets = 60;
    private static readonly double[] Hours = [0.25, 0.5, 1, 2, 4, 8, 12, 24, 48, 168];

    /// <summary>Runs a replication under observation; its events are the same as without.</summary>
    /// <param name="plan">What is run.</param>
    /// <param name="replication">Which repetition, ≥ 0.</param>
    /// <param name="bucket">Length of the bottleneck's stretches of time; <c>null</c> chooses one that suits the scenario's horizon.</param>
    /// <param name="sink">Receives every event as well, or <c>null</c>.</param>
    /// <param name="watch">As for <see cref="Experiment.Run"/>.</param>
    public static WatchedRun Of(RunPlan plan, int replication, Duration? bucket = null, IPlantEventSink? sink = null, Func<SimTime, bool>? watch = null)
    {
        var from = plan.GoOnFrom?.Simulator.State ?? plan.From ?? new PlantState(plan.Plant);
        var flow = new FlowTracker(from, plan.Policy.Schedule);
        var bottleneck = new BottleneckTracker(from, bucket ?? BucketFor(Duration.Min(plan.Plant.Scenario.Horizon, plan.Until - from.Now)));
        var observed = new PlantWatch(from, flow, bottleneck);
        var result = Experiment.Run(plan, replication, sink is null ? observed : new EventTee(observed, sink), watch);
        observed.State.AdvanceTo(result.Kpis.To);
        return new WatchedRun(plan, result, observed.State, OrderFlow.Of(flow, observed.State), BottleneckReport.Of(bottleneck, result.Kpis.To));
    }

    /// <summary>A length of time that divides a span into a readable number of stretches.</summary>
    public static Duration BucketFor(Duration span) =>
        Duration.FromHours(Hours.FirstOrDefault(h => span.Hours <= h * MostBuckets, Math.Ceiling(span.Hours / MostBuckets / 168) * 168));
}
