using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>When firms book offered hours by themselves in a simulation.</summary>
public enum BookingPolicy
{
    /// <summary>Never: only the reservations of the scenario count.</summary>
    None,

    /// <summary>When a job has become ready and no machine has taken it: the earliest offered hours that it fits.</summary>
    WhenWaiting,
}

/// <summary>The rules of a shared factory that its firms agreed on.</summary>
public sealed record MarketRules
{
    /// <summary>No market: every rule off.</summary>
    public static readonly MarketRules None = new();

    /// <summary>How firms book in a simulation.</summary>
    public BookingPolicy Booking { get; init; }

    /// <summary>How long a booking is held for a firm that has not confirmed, > 0.</summary>
    public Duration Hold { get; init; } = Duration.FromHours(4);

    /// <summary>Time until a firm confirms a booking (ms); one that takes longer than <see cref="Hold"/> loses it.</summary>
    public Distribution Decision { get; init; } = Distribution.Constant(0);

    /// <summary>Whether an owner takes booked hours back, with notice and before their start, for an own order that would be late otherwise.</summary>
    public bool Recall { get; init; } = true;

    /// <summary>Longest time that a ready job may be passed over: one that has waited longer goes first, the longest waiting before the others,
    /// and in offered hours even before the owner's. <c>null</c> leaves it to the dispatch rule.</summary>
    public Duration? MaxWait { get; init; }

    /// <summary>Share in [0, 1) of the slots of machines open to all, class by class, that only express orders may take.</summary>
    public double ExpressShare { get; init; }

    /// <summary>Added to setup and time of an express order on another firm's machine, as a share of them, ≥ 0.</summary>
    public double ExpressPremium { get; init; }

    /// <summary>What the platform takes on top of what the owner gets, as a share in [0, 1).</summary>
    public double Fee { get; init; }
}
