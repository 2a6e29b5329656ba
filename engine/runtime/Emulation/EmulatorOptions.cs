namespace DigitalTwin.Runtime.Emulation;

/// <summary>How an emulated plant behaves.</summary>
public sealed record EmulatorOptions
{
    /// <summary>Plant seconds per wall-clock second, > 0.</summary>
    public double Speed { get; init; } = 60;

    /// <summary>Seed of the plant's hidden luck; <c>null</c> derives one from the scenario's seed, different from what the twin uses.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Wall-clock time between deliveries, > 0.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Wall-clock pause before a finished demo begins again.</summary>
    public TimeSpan RestAfterEnd { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Pause before a failed delivery is tried again.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The wall clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
