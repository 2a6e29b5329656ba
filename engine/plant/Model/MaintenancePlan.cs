using System.Collections.Immutable;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>What the interval of a plan is counted from.</summary>
public enum IntervalStart
{
    /// <summary>From the last time that the component it renews was renewed, by maintenance or by repair (age replacement).</summary>
    Renewal,

    /// <summary>From the last maintenance by this plan, whatever was repaired since (block replacement).</summary>
    Maintenance,
}

/// <summary>Preventive maintenance of equipment: by interval, by condition, or only when somebody orders it.</summary>
/// <remarks>Exactly one of <see cref="Class"/> and <see cref="Equipment"/> is set. When it becomes due it is ordered; from <see cref="LeadTime"/> after
/// that it begins as soon as the machine is idle, and from <see cref="Defer"/> later on no work begins before it.</remarks>
public sealed record MaintenancePlan
{
    /// <summary>Unique in the plant.</summary>
    public required string Id { get; init; }

    /// <summary>Every machine of this class has it.</summary>
    public EquipmentClassId? Class { get; init; }

    /// <summary>This machine has it.</summary>
    public EquipmentId? Equipment { get; init; }

    /// <summary>What <see cref="Every"/> is counted in.</summary>
    public UsageClock Clock { get; init; }

    /// <summary>Interval: ms of <see cref="Clock"/>, or a count where it counts batches or load; <c>null</c> for none.</summary>
    public double? Every { get; init; }

    /// <summary>What the interval is counted from.</summary>
    public IntervalStart CountedFrom { get; init; }

    /// <summary>Failure mode (index in the plant) whose readings order it.</summary>
    public int? Watches { get; init; }

    /// <summary>Reading from which it is ordered, mm/s; <c>null</c> for none.</summary>
    public double? AtLevel { get; init; }

    /// <summary>From the order until it can begin: parts, people.</summary>
    public Duration LeadTime { get; init; }

    /// <summary>How long work may go first after that: only what is expected to be over in time begins.</summary>
    public Duration Defer { get; init; }

    /// <summary>It begins only while this calendar works; <c>null</c> at any time.</summary>
    public CalendarId? Window { get; init; }

    /// <summary>How long it takes (ms).</summary>
    public required Distribution Duration { get; init; }

    /// <summary>Who does it; <c>null</c> needs nobody.</summary>
    public CrewNeed? Crew { get; init; }

    /// <summary>Failure modes (indices in the plant) whose life it begins anew.</summary>
    public ImmutableArray<int> Renews { get; init; } = [];

    /// <summary>It is done together with other maintenance of the machine by the same skill when it is ordered too, or when this share of its
    /// interval or less is left, in [0, 1); <c>null</c> always by itself. The times add up.</summary>
    public double? TogetherWithin { get; init; }

    /// <summary>Cost of doing it once, in the scenario's currency, ≥ 0.</summary>
    public double Cost { get; init; }
}
