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

    /// <summary>Kind of an observation that says what a sample or an inspection showed: <see cref="Verdict"/> about a <see cref="Job"/> or a <see cref="Lot"/>.</summary>
    public const string QualityKind = "QualityResult";

    /// <summary>Kind of an observation that says how many heads of a <see cref="Crew"/> are missing from now to the next shift.</summary>
    public const string AbsenceKind = "CrewAbsent";

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

    /// <summary>For <c>JobAssigned</c>: when it reaches the equipment, and for <c>TransportStarted</c>: when it is unloaded; left out, at once.</summary>
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

    /// <summary>For <c>UtilityRate</c>, and for <c>BatchHeld</c> and <c>JobWaits</c> with the reason <c>Utility</c>: id of the utility.</summary>
    public string? Utility { get; init; }

    /// <summary>Id of the material.</summary>
    public string? Material { get; init; }

    /// <summary>Name of a lot: as a firm receipt names it, <c>order/lot</c>, <c>material#number</c>; <c>#n</c> is the n-th lot of the twin, from 0.</summary>
    public string? Lot { get; init; }

    /// <summary>Name of the supplier.</summary>
    public string? Supplier { get; init; }

    /// <summary>Place of a delivery under way, from 0; left out, the one of the material (and supplier, and lot) that is expected first.</summary>
    public int? Delivery { get; init; }

    /// <summary>Id of the crew (auxiliary).</summary>
    public string? Crew { get; init; }

    /// <summary>Number of a side job, from 0.</summary>
    public int? SideJob { get; init; }

    /// <summary>For <c>QualityResult</c>: <c>passed</c>, <c>addition</c>, <c>redye</c> of a batch; <c>passed</c>, <c>hold</c>, <c>scrap</c> of a lot.</summary>
    public string? Verdict { get; init; }

    /// <summary>For <c>ConditionMeasured</c>, and for <c>EquipmentDown</c> where it is known: id of the failure mode.</summary>
    public string? FailureMode { get; init; }

    /// <summary>For <c>MaintenanceOrdered</c> and <c>MaintenanceTakenUp</c>: id of the maintenance plan.</summary>
    public string? Plan { get; init; }

    /// <summary>For <c>MaintenanceOrdered</c>: when it may begin; left out, at once. For <c>ReservationHeld</c>: the first booked moment.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PlantMoment Begins { get; init; }

    /// <summary>For <c>ReservationOffered</c> … <c>ReservationReleased</c>: id in reservations.csv, or the job that booked for itself.</summary>
    public string? Reservation { get; init; }

    /// <summary>For <c>FixtureReady</c> and <c>FixtureChangeStarted</c>: id of the fixture loop; <see cref="Family"/> is what the fixture holds.</summary>
    public string? FixtureLoop { get; init; }

    /// <summary>For <c>FixtureChangeStarted</c>: id of the family that it is fitted for.</summary>
    public string? ToFamily { get; init; }

    /// <summary>For <c>TransportStarted</c> and <c>VehicleArrived</c>: the vehicle as <c>fleet/number</c>, counted from 1.</summary>
    public string? Vehicle { get; init; }

    /// <summary>Milliseconds, quantity or mm/s, as the kind says.</summary>
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
