namespace DigitalTwin.Runtime.Floor;

/// <summary>Where a plant's commands go.</summary>
public enum FloorWay
{
    /// <summary>Nowhere: commands are refused.</summary>
    None,

    /// <summary>HTTP webhook.</summary>
    Http,

    /// <summary>MQTT broker.</summary>
    Mqtt,
}

/// <summary>How a plant's floor is reached.</summary>
public sealed record FloorSettings
{
    public FloorWay Way { get; init; }

    /// <summary>Webhook: <c>https://gateway/jobs</c>; broker: <c>mqtt://host:1883</c>.</summary>
    public string Url { get; init; } = "";

    /// <summary>Shown to a webhook as a bearer token; to a broker as the password. Never shown again.</summary>
    public string? Token { get; init; }

    /// <summary>User at the broker.</summary>
    public string? User { get; init; }

    /// <summary>MQTT: commands go to <c>prefix/plant/commands</c>, answers come from <c>prefix/plant/answers</c>.</summary>
    public string Topic { get; init; } = "twin";

    /// <summary>Seconds until a try counts as failed, in (0, 300].</summary>
    public double TimeoutSeconds { get; init; } = 10;

    /// <summary>Tries, 1 to 100; the pause doubles from one second to five minutes.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>What is wrong with it, or <c>null</c>.</summary>
    public string? Problem() =>
        Way == FloorWay.Http && !(Uri.TryCreate(Url, UriKind.Absolute, out var u) && u.Scheme is "http" or "https") ? $"url '{Url}' is not an address. Write it like https://gateway/jobs"
        : Way == FloorWay.Mqtt && !(Uri.TryCreate(Url, UriKind.Absolute, out var b) && b.Scheme is "mqtt" or "mqtts") ? $"url '{Url}' is not a broker. Write it like mqtt://localhost:1883"
        : !(TimeoutSeconds is > 0 and <= 300) ? $"timeoutSeconds {TimeoutSeconds:R} must be > 0 and at most 300"
        : Attempts is < 1 or > 100 ? $"attempts {Attempts} must be 1 to 100"
        : Topic.Length is 0 or > 200 || Topic.AsSpan().ContainsAny('#', '+', '\0') ? $"topic '{Topic}' must be 1 to 200 characters without # and +"
        : null;
}
