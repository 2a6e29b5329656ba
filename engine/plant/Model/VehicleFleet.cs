using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>Vehicles of one kind that bring work from site to site. With a fleet nothing travels by itself: it waits for a vehicle.</summary>
/// <remarks>A vehicle goes empty to where the work is, loads, travels (the sites' travel time ÷ <see cref="SpeedFactor"/>), unloads and stays
/// there. Work that waits at the same site for the same site goes along as far as it fits.</remarks>
public sealed record VehicleFleet
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>How many vehicles, ≥ 1.</summary>
    public required int Count { get; init; }

    /// <summary>Lots that one takes in a trip, ≥ 1.</summary>
    public int Capacity { get; init; } = 1;

    /// <summary>Site where they stand at the epoch.</summary>
    public SiteId Home { get; init; }

    /// <summary>Speed relative to the travel times, > 0.</summary>
    public double SpeedFactor { get; init; } = 1;

    /// <summary>Time to load a trip, ≥ 0.</summary>
    public Duration Loading { get; init; }

    /// <summary>Time to unload it, ≥ 0.</summary>
    public Duration Unloading { get; init; }

    /// <summary>When trips begin; <c>null</c> round the clock. A trip that has begun is finished.</summary>
    public CalendarId? Calendar { get; init; }
}
