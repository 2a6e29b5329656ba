namespace DigitalTwin.Runtime.Doors;

/// <summary>Everything in a <c>doors.yaml</c>.</summary>
public sealed record PlantDoors
{
    public IReadOnlyList<DoorSettings> Doors { get; init; } = [];

    public SilenceLimits Silence { get; init; } = new();
}

/// <summary>How long equipment may say nothing before its source counts as silent (STALE).</summary>
public sealed record SilenceLimits
{
    /// <summary>For equipment that <see cref="Equipment"/> does not name; <c>null</c> for no limit.</summary>
    public TimeSpan? Default { get; init; }

    /// <summary>By equipment id.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Equipment { get; init; } = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);

    /// <summary>Whether there is any limit at all.</summary>
    public bool Any => Default is not null || Equipment.Count > 0;
}

/// <summary>One entry of a <c>doors.yaml</c>.</summary>
public abstract record DoorSettings
{
    /// <summary>Unique in the file; part of the ids that the door makes, so do not rename a door that has delivered.</summary>
    public required string Name { get; init; }

    /// <summary>What a message or a row means; <c>null</c> where they are observations as they stand.</summary>
    public Mapping? Mapping { get; init; }
}

/// <summary>Where a broker is, and as whom to speak to it.</summary>
public sealed record BrokerSettings
{
    public required string Host { get; init; }

    public int Port { get; init; } = 1883;

    public bool Tls { get; init; }

    public string? User { get; init; }

    /// <summary>Environment variable that holds the password; a file should not.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary>The password itself, for those who keep it elsewhere than in a file of doors.</summary>
    internal string? Password { get; init; }

    /// <summary>Client id at the broker: the same after a restart, so that the broker keeps what came meanwhile.</summary>
    public string? ClientId { get; init; }

    /// <summary>Messages under way without acknowledgement, at most: beyond it the broker waits (back-pressure).</summary>
    public int InFlight { get; init; } = 1000;
}

/// <summary>JSON observations, or what a mapping makes of other messages, from topics of an MQTT broker.</summary>
public sealed record MqttSettings : DoorSettings
{
    public required BrokerSettings Broker { get; init; }

    /// <summary>Topic filters; <c>twin/{plant}/observations/#</c> when empty.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];
}

/// <summary>Edge nodes that speak Sparkplug B.</summary>
public sealed record SparkplugSettings : DoorSettings
{
    public required BrokerSettings Broker { get; init; }

    /// <summary>Group to listen to; <c>+</c> for all.</summary>
    public string Group { get; init; } = "+";

    /// <summary>Id of the twin as a host application (its STATE topic).</summary>
    public required string HostId { get; init; }
}

/// <summary>A folder that CSV, Excel, JSON and NDJSON files are dropped into.</summary>
public sealed record FolderSettings : DoorSettings
{
    public required string Path { get; init; }

    /// <summary>How often to look.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A file that has not changed for so long is complete.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>Which kind of database.</summary>
public enum SqlKind
{
    Sqlite,
    Postgresql,
}

/// <summary>A view of a database that is read again and again.</summary>
public sealed record SqlSettings : DoorSettings
{
    public required SqlKind Database { get; init; }

    /// <summary>Connection string, or <c>null</c> where <see cref="ConnectionVariable"/> names an environment variable that holds it.</summary>
    public string? Connection { get; init; }

    public string? ConnectionVariable { get; init; }

    /// <summary>Name of the view or table, with its schema where it has one.</summary>
    public required string View { get; init; }

    /// <summary>Column that rises with every new row: a number, a time or a text.</summary>
    public required string Mark { get; init; }

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Rows read at a time.</summary>
    public int Batch { get; init; } = 1000;

    /// <summary>Rows below the mark that are read again each time, because a transaction may commit after one that began later. Repeats are
    /// recognised by their ids.</summary>
    public int Reread { get; init; } = 1000;
}
