using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

/// <summary>Where one booking stands. Times are ms since the epoch.</summary>
public struct ReservationState
{
    public ReservationStatus Status;

    /// <summary>Times asked for, rows included.</summary>
    public short Asks;

    /// <summary>Equipment booked; meaningful from Offered on.</summary>
    public int Equipment;

    /// <summary>Job that booked; −1 for a row of the scenario.</summary>
    public int Job;

    /// <summary>Firm that booked; −1 for the plant's own orders.</summary>
    public int Firm;

    /// <summary>Order it is for; −1 for any of the firm.</summary>
    public int Order;

    /// <summary>Offer it is booked from (<c>CapacityPlan.TermsOf</c>); −1 when it is the owner's own.</summary>
    public int Offer;

    /// <summary>Booked time, ms.</summary>
    public long LengthMs;

    public long AskedAt;
    public long Start;
    public long End;

    /// <summary>When a hold runs out.</summary>
    public long Expires;

    /// <summary>Next booking of the same equipment by start, as place + 1; 0 at the end.</summary>
    internal int Link;

    /// <summary>Next booking of the same equipment by start; −1 at the end.</summary>
    public readonly int Next => Link - 1;

    /// <summary>Whether it keeps its hours from others now.</summary>
    public readonly bool IsActive => Status is ReservationStatus.Held or ReservationStatus.Confirmed || (Status == ReservationStatus.Used && Job < 0);
}

/// <summary>Running totals of the market since the statistics were reset.</summary>
public struct MarketMeters
{
    /// <summary>Bookings held.</summary>
    public int Held;

    public int Confirmed;
    public int Used;
    public int Recalled;
    public int Expired;
    public int Released;

    /// <summary>Hours confirmed, less those recalled, given back or passed by unused.</summary>
    public double BookedHours;

    /// <summary>Σ over confirmations: from asking to the firm's word, ms.</summary>
    public long ResponseMs;

    /// <summary>Σ over bookings held: from asking to the start of the hours, ms.</summary>
    public long LeadMs;

    /// <summary>Work of others assigned outside the offered hours, against the minimum lot, or into hours booked by somebody else: only a schedule
    /// that is followed, or a shop floor, does that.</summary>
    public int OutsideOffers;
}
