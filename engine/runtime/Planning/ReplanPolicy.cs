namespace DigitalTwin.Runtime.Planning;

/// <summary>Who decides about a repaired schedule.</summary>
public enum ReplanMode
{
    /// <summary>Nothing is even proposed.</summary>
    Off,

    /// <summary>A repair is proposed; a person applies it.</summary>
    Propose,

    /// <summary>A repair within the limits is applied by the policy; beyond them a person decides.</summary>
    WithinLimits,
}

/// <summary>What brings a repair about.</summary>
public enum ReplanTrigger
{
    Breakdown,
    RushOrder,
    Drift,
    Timer,

    /// <summary>A person asked.</summary>
    Asked,
}

/// <summary>When a plant's schedule in force is repaired, and what may happen without a person.</summary>
public sealed record ReplanPolicy
{
    public ReplanMode Mode { get; init; } = ReplanMode.Propose;

    public bool OnBreakdown { get; init; } = true;

    public bool OnRushOrder { get; init; } = true;

    public bool OnDrift { get; init; } = true;

    /// <summary>Plant minutes between two repairs by the clock, > 0; <c>null</c> for none.</summary>
    public double? EveryMinutes { get; init; }

    /// <summary>Wall-clock seconds between two repairs, ≥ 0: what happens meanwhile is repaired together.</summary>
    public double QuietSeconds { get; init; } = 10;

    /// <summary>Price of one moved operation, in units of the objective, ≥ 0.</summary>
    public double Stability { get; init; } = 1;

    /// <summary>Work planned to begin within so many minutes stays, ≥ 0.</summary>
    public double FrozenMinutes { get; init; } = 30;

    /// <summary>Search time, in (0, 60].</summary>
    public double TimeLimitSeconds { get; init; } = 2;

    /// <summary>The policy applies no repair that moves more operations, ≥ 0.</summary>
    public int MostMoved { get; init; } = 10;

    /// <summary>The policy applies no repair that makes more orders late, ≥ 0.</summary>
    public int MostNewlyLate { get; init; }

    /// <summary>What is wrong with it, or <c>null</c>.</summary>
    public string? Problem() =>
        EveryMinutes is { } m && !(m > 0) ? $"everyMinutes {m:R} must be > 0"
        : !(QuietSeconds >= 0) ? $"quietSeconds {QuietSeconds:R} must be ≥ 0"
        : !(Stability >= 0 && double.IsFinite(Stability)) ? $"stability {Stability:R} must be ≥ 0"
        : !(FrozenMinutes >= 0 && double.IsFinite(FrozenMinutes)) ? $"frozenMinutes {FrozenMinutes:R} must be ≥ 0"
        : !(TimeLimitSeconds is > 0 and <= 60) ? $"timeLimitSeconds {TimeLimitSeconds:R} must be > 0 and at most 60"
        : MostMoved < 0 || MostNewlyLate < 0 ? "mostMoved and mostNewlyLate must be ≥ 0"
        : null;
}

/// <summary>Where a proposal stands.</summary>
public enum ProposalStatus
{
    /// <summary>Somebody may apply it.</summary>
    Open,
    Applied,

    /// <summary>A person does not want it.</summary>
    Dismissed,

    /// <summary>A later proposal took its place, or another schedule is in force.</summary>
    Outdated,
}
