using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Model;

/// <summary>Hours of a firm's equipment that others may use, week by week.</summary>
/// <remarks>Once equipment is offered at all, work of other firms begins on it only in offered hours, and only while the owner has none waiting that
/// could run there. Equipment without an offer stays open or closed as <see cref="Equipment.Shared"/> says.</remarks>
/// <param name="Equipment">Owned and shared equipment.</param>
/// <param name="Window">When it is offered, in the plant's local time.</param>
/// <param name="From">First moment of the offer.</param>
/// <param name="To">End of the offer; <c>null</c> until further notice.</param>
/// <param name="PricePerHour">Asked per machine hour, ≥ 0.</param>
/// <param name="MinimumLot">Smallest lot that others may bring, in the order's unit; 0 takes any.</param>
/// <param name="Notice">Shortest time between a booking, or its recall by the owner, and the start of the booked hours.</param>
/// <param name="WalkIn">Whether others may also begin without a booking when the machine stands free in offered hours.</param>
public sealed record CapacityOffer(
    EquipmentId Equipment, WeeklyWindow Window, SimTime From, SimTime? To = null, double PricePerHour = 0,
    double MinimumLot = 0, Duration Notice = default, bool WalkIn = true);
