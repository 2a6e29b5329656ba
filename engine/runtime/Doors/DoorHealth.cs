namespace DigitalTwin.Runtime.Doors;

/// <summary>Whether something comes through a door.</summary>
public enum DoorStatus
{
    /// <summary>Not opened yet.</summary>
    Starting,

    /// <summary>Takes in what comes.</summary>
    Open,

    /// <summary>The other side is away, or the twin cannot remember anything now; tried again by itself.</summary>
    Waiting,

    /// <summary>Closed for good: stopped, or its settings cannot work.</summary>
    Closed,
}

/// <summary>How a door fares, for people and programs.</summary>
public sealed record DoorHealth
{
    /// <summary>Name in <c>doors.yaml</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>mqtt</c>, <c>sparkplug</c>, <c>folder</c> or <c>sql</c>.</summary>
    public required string Kind { get; init; }

    public required DoorStatus Status { get; init; }

    /// <summary>Where it leads, without secrets.</summary>
    public required string Source { get; init; }

    /// <summary>Since when it has this status.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it waits or is closed; <c>null</c> when all is well.</summary>
    public string? Trouble { get; init; }

    /// <summary>When something came through it last; <c>null</c> when nothing has.</summary>
    public DateTimeOffset? LastReceivedAt { get; init; }

    /// <summary>Messages, files or rows that came.</summary>
    public long Received { get; init; }

    /// <summary>Observations taken up.</summary>
    public long Accepted { get; init; }

    /// <summary>Observations known already.</summary>
    public long Duplicates { get; init; }

    /// <summary>Kept and marked, without effect.</summary>
    public long Refused { get; init; }

    /// <summary>Messages that meant nothing to the mapping.</summary>
    public long Ignored { get; init; }

    /// <summary>Messages that nobody acknowledges (MQTT quality of service 0) and that found the queue full.</summary>
    public long Lost { get; init; }

    /// <summary>Times that it had to be opened again.</summary>
    public long Reconnects { get; init; }

    /// <summary>What else there is to say: rebirths asked for, the high-water mark, files done.</summary>
    public string Detail { get; init; } = "";
}
