using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Sharing;

/// <summary>The working hours of machines, split by the capability types of ISA-95. The five parts sum to <see cref="Total"/>.</summary>
/// <param name="Used">Past: set up, at work, or standing still with work in it.</param>
/// <param name="Unused">Past: ready with nothing to do.</param>
/// <param name="Committed">Ahead: under way, or booked.</param>
/// <param name="Available">Ahead: open to the viewer and not committed.</param>
/// <param name="Unattainable">Broken or in maintenance, and what lies ahead but is kept by its owner.</param>
/// <param name="Offered">Part of the total that owners offer to others.</param>
public readonly record struct CapacityHours(double Used, double Unused, double Committed, double Available, double Unattainable, double Offered)
{
    /// <summary>All of them.</summary>
    public double Total => Used + Unused + Committed + Available + Unattainable;

    public static CapacityHours operator +(CapacityHours a, CapacityHours b) => new(
        a.Used + b.Used, a.Unused + b.Unused, a.Committed + b.Committed, a.Available + b.Available, a.Unattainable + b.Unattainable, a.Offered + b.Offered);
}

/// <summary>One machine in one week.</summary>
public readonly record struct MachineWeek(EquipmentId Equipment, SimTime Week, CapacityHours Hours);

/// <summary>The machines of one class in one area and week together.</summary>
/// <param name="Class">Equipment class.</param>
/// <param name="Site">Area; <c>null</c> for all together.</param>
/// <param name="Week">Its first moment.</param>
/// <param name="Machines">Machines.</param>
/// <param name="Firms">Firms that own them; the plant itself counts as one.</param>
/// <param name="Hours">Their hours; <c>null</c> where they are withheld because fewer than <see cref="CapacityMap.LeastFirms"/> firms are in the cell.</param>
/// <param name="PricePerHour">Mean price asked per offered hour; <c>null</c> where nothing is offered or the cell is withheld.</param>
public sealed record CapacityCell(EquipmentClassId Class, SiteId? Site, SimTime Week, int Machines, int Firms, CapacityHours? Hours, double? PricePerHour);

/// <summary>A booking as a firm may see it.</summary>
/// <param name="Equipment">Booked machine.</param>
/// <param name="Start">First booked moment.</param>
/// <param name="End">End of the booked hours.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Own">Whether the firm booked it itself; otherwise it is anonymous busy time on the firm's machine.</param>
/// <param name="Order">The order it is for, of own bookings only; <c>null</c> for any, or of somebody else.</param>
public sealed record VisibleBooking(EquipmentId Equipment, SimTime Start, SimTime End, Lifecycles.ReservationStatus Status, bool Own, OrderId? Order);
