using System.Collections.Immutable;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Experiments;

/// <summary>What one replication came to.</summary>
public sealed record RunResult
{
    /// <summary>Which repetition, ≥ 0: with the seed, the address of all its luck.</summary>
    public required int Replication { get; init; }

    public required PlantKpis Kpis { get; init; }

    /// <summary>Hash of the whole event stream: equal hashes mean bit-identical runs.</summary>
    public required ulong EventHash { get; init; }

    /// <summary>Events written.</summary>
    public required long Events { get; init; }

    /// <summary>Completion of each order by its index; <c>null</c> where it was not complete at the end.</summary>
    public required ImmutableArray<SimTime?> Completions { get; init; }

    /// <summary>Whether every order was complete (or cancelled) at the end.</summary>
    public required bool AllComplete { get; init; }

    /// <summary>Whether a watcher ended it before its time: the figures cover what had happened until then.</summary>
    public bool Interrupted { get; init; }

    /// <summary>The plant over time; <c>null</c> when the plan asked for no samples.</summary>
    public RunSamples? Samples { get; init; }
}
