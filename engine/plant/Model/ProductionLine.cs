using System.Collections.Immutable;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>A mixed-model line: stations passed in order at a common pace.</summary>
public sealed record ProductionLine
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>Time between two launches, > 0.</summary>
    public required Duration Takt { get; init; }

    /// <summary>How far beyond the takt a worker may drift before a utility worker must help, ≥ 0.</summary>
    /// <remarks>Worker position w ← max(0, min(w + p − takt, window)); the excess is utility work (Boysen et al., 2009).</remarks>
    public Duration StationWindow { get; init; }

    /// <summary>What happens with work that takes longer than takt and window allow.</summary>
    public LineOverload Overload { get; init; }

    /// <summary>Equipment classes of the stations in flow order.</summary>
    public required ImmutableArray<EquipmentClassId> Stations { get; init; }

    public ImmutableArray<OptionRule> OptionRules { get; init; } = [];
}

/// <summary>What happens with work at a station of a line that takes longer than takt and window allow.</summary>
public enum LineOverload
{
    /// <summary>Nothing: buffers decouple the stations, and each takes its time. Utility work is measured, not done.</summary>
    Drift,

    /// <summary>Units move at the takt; a utility worker finishes what is left when a unit leaves the reach of a station.</summary>
    UtilityWork,

    /// <summary>Units move at the takt, and the line stands until the station is done.</summary>
    StopLine,
}

/// <summary>At most <paramref name="Max"/> of any <paramref name="Window"/> consecutive units may carry the option (h:q).</summary>
public sealed record OptionRule(string Option, int Max, int Window);
