using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>Hours of another firm's offered equipment that a firm has booked, known beforehand.</summary>
/// <remarks>In these hours only the holder's jobs begin on the equipment, and nobody begins what would run into them. Bookings that the
/// simulation makes for waiting jobs (<see cref="MarketRules.Booking"/>) live by the same rules.</remarks>
public sealed record Reservation
{
    /// <summary>Unique among the reservations.</summary>
    public required string Id { get; init; }

    /// <summary>Who booked.</summary>
    public required TenantId Firm { get; init; }

    /// <summary>Equipment of another firm with an offer that covers the hours, with one slot.</summary>
    public required EquipmentId Equipment { get; init; }

    /// <summary>First booked moment.</summary>
    public required SimTime From { get; init; }

    /// <summary>End of the booked hours.</summary>
    public required SimTime To { get; init; }

    /// <summary>The order they are for; <c>null</c> for any of the firm.</summary>
    public OrderId? Order { get; init; }

    /// <summary>When it was asked for.</summary>
    public SimTime Made { get; init; }

    /// <summary>Whether the firm has confirmed when it is made; otherwise it is held until <see cref="Expires"/>, or until work begins in it.</summary>
    public bool Confirmed { get; init; } = true;

    /// <summary>When a reservation that is only held lapses; <c>null</c> after <see cref="MarketRules.Hold"/>.</summary>
    public SimTime? Expires { get; init; }
}
