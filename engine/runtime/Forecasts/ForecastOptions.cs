using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Forecasts;

/// <summary>How forecasts are made.</summary>
public sealed record ForecastOptions
{
    /// <summary>Futures per forecast, ≥ 1. The service makes fewer where they take longer than <see cref="Budget"/>.</summary>
    public int Futures { get; init; } = 20;

    /// <summary>Fewest futures that the service makes, however long they take.</summary>
    public int FewestFutures { get; init; } = 5;

    /// <summary>Wall-clock time that one forecast of the service should not exceed.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Threads that simulate, ≥ 1; half of the processors, so that the plant's door stays free.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Root of the futures' luck; the emulated plant of a demo draws from another.</summary>
    public ulong Seed { get; init; } = RandomSource.Key("forecast");

    /// <summary>At most one forecast in so long.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Share of the time that may go into forecasting, in (0, 1].</summary>
    public double LoadShare { get; init; } = 0.25;
}
