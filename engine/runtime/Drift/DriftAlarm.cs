namespace DigitalTwin.Runtime.Drift;

/// <summary>What deviates.</summary>
public enum DriftKind
{
    /// <summary>Processing times of a machine against the model: a ratio.</summary>
    Processing,

    /// <summary>Setups of a machine against the model: a ratio.</summary>
    Setup,

    /// <summary>Starts on a machine against the schedule in force: hours late.</summary>
    Start,

    /// <summary>Ends on a machine against the schedule in force: hours late.</summary>
    Finish,

    /// <summary>Completions against the forecast bands: share of orders outside P10…P90, expected 0.2.</summary>
    Forecast,

    /// <summary>One order against its forecast band: hours outside.</summary>
    Order,
}

/// <summary>Where an alarm stands.</summary>
public enum AlarmStatus
{
    Raised,

    /// <summary>Somebody has seen it.</summary>
    Acknowledged,

    /// <summary>It deviates no more, or somebody has dealt with it.</summary>
    Cleared,
}

/// <summary>Something deviates from what was predicted. Plain data.</summary>
public sealed record DriftAlarm
{
    /// <summary>1, 2, 3, … within the plant.</summary>
    public required int Id { get; init; }

    public required DriftKind Kind { get; init; }

    /// <summary>Id of the machine or of the order; the plant's for <see cref="DriftKind.Forecast"/>.</summary>
    public required string Subject { get; init; }

    /// <summary>Plant time, ms since the epoch.</summary>
    public required long RaisedAtMs { get; init; }

    /// <summary>Moving mean when it was raised: a ratio, hours late, or a share; see <see cref="DriftKind"/>.</summary>
    public required double Estimate { get; init; }

    /// <summary>Observations since it began to deviate.</summary>
    public required int Observations { get; init; }

    public AlarmStatus Status { get; init; }

    public string? AcknowledgedBy { get; init; }

    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Plant time; <c>null</c> while it is not.</summary>
    public long? ClearedAtMs { get; init; }

    /// <summary>Who cleared it; <c>null</c> when it came back by itself.</summary>
    public string? ClearedBy { get; init; }
}
