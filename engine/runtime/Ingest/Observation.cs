using System.Text.Json.Serialization;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>Something a plant reports: a plant event by names.</summary>
/// <remarks>
/// The JSON of every door. <see cref="Kind"/> is a name of <c>PlantEventKind</c>, or <see cref="ClockKind"/>. Fields that the kind does
/// not need may be left out. See <see cref="ObservationTranslator"/> for what each kind needs.
/// </remarks>
public sealed record Observation
{
    /// <summary>Kind of an observation that says only what time it is in the plant; it needs no id and is not remembered.</summary>
    public const string ClockKind = "Clock";

    /// <summary>Unique per plant, ≤ 200 characters: a second observation with the same id is a repeat and changes nothing.</summary>
    public string Id { get; init => field = value ?? ""; } = ""; // a door may hand in null

    /// <summary>When it happened.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PlantMoment Time { get; init; }

    /// <summary>What happened.</summary>
    public string Kind { get; init => field = value ?? ""; } = "";

    /// <summary>Id of the equipment.</summary>
    public string? Equipment { get; init; }

    /// <summary>Id of the order.</summary>
    public string? Order { get; init; }

    /// <summary>The job as <c>order/lot/operation</c>, lots counted from 1; for a batch, its lead job.</summary>
    public string? Job { get; init; }

    /// <summary>For <c>JobAssigned</c>: lead job of the batch it joins; left out, it leads its own.</summary>
    public string? Lead { get; init; }

    /// <summary>For <c>JobAssigned</c>: when it reaches the equipment; left out, at once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PlantMoment Arrives { get; init; }

    /// <summary>Id of the family; empty for none; left out, the job's own.</summary>
    public string? Family { get; init; }

    /// <summary>For <c>PhaseStarted</c>: index of the phase, from 0.</summary>
    public int? Phase { get; init; }

    /// <summary>For <c>CleaningStarted</c>: id of the cleaning of a residue rule.</summary>
    public string? Cleaning { get; init; }

    /// <summary>For <c>BatchHeld</c>: a name of <c>HoldReason</c>; left out, <c>Operator</c>. For <c>JobWaits</c>: a name of <c>WaitReason</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>For <c>UtilityRate</c> and for <c>BatchHeld</c> with the reason <c>Utility</c>: id of the utility.</summary>
    public string? Utility { get; init; }

    /// <summary>Milliseconds or quantity, as the kind says.</summary>
    public double? Value { get; init; }
}

/// <summary>What became of a delivery of observations.</summary>
public sealed record IngestReceipt
{
    /// <summary>Taken up; on disk before this receipt was written.</summary>
    public int Accepted { get; init; }

    /// <summary>Known already: repeats, which change nothing.</summary>
    public int Duplicates { get; init; }

    /// <summary>Accepted although an event with a later time was known.</summary>
    public int Late { get; init; }

    /// <summary>Kept and marked, with the reason; they did not change the state.</summary>
    public IReadOnlyList<RefusedObservation> Refused { get; init; } = [];

    /// <summary>Version of the session that includes this delivery.</summary>
    public long Version { get; init; }

    /// <summary>Which run of the session took it (a demo starts over).</summary>
    public int Run { get; init; }

    /// <summary>Version of the schedule in force, 0 for none: a sender that follows schedules sees when to fetch.</summary>
    public int ScheduleVersion { get; init; }

    /// <summary>Orders in the book: a sender that makes them sees when to fetch.</summary>
    public int Orders { get; init; }

    [JsonIgnore]
    public bool AllAccepted => Refused.Count == 0;
}

/// <summary>An observation that the twin could not believe.</summary>
/// <param name="Id">Its id, or its position in the delivery (<c>#3</c>) when it has none.</param>
/// <param name="Reason">What is wrong and the way out.</param>
public sealed record RefusedObservation(string Id, string Reason);

/// <summary>A refused observation as the journal keeps it.</summary>
/// <param name="ReceivedAt">When it came in.</param>
/// <param name="Content">The observation as JSON, or the raw text where it was no JSON.</param>
public sealed record MarkedObservation(DateTimeOffset ReceivedAt, string Id, string Reason, string Content);
