namespace DigitalTwin.Plant.Lifecycles;

/// <summary>Where a booking of offered hours stands.</summary>
public enum ReservationStatus : byte
{
    /// <summary>Not asked for.</summary>
    None,

    /// <summary>An offer fits what was asked for.</summary>
    Offered,

    /// <summary>The hours are kept for the firm until it confirms or the hold runs out.</summary>
    Held,

    /// <summary>The firm comes.</summary>
    Confirmed,

    /// <summary>The machine has begun with the firm's work.</summary>
    Used,

    /// <summary>The owner took the hours back before their start.</summary>
    Recalled,

    /// <summary>Nobody confirmed in time, or the hours passed by.</summary>
    Expired,

    /// <summary>The firm gave it back: its work went elsewhere.</summary>
    Released,
}

/// <summary>What moves a booking from one <see cref="ReservationStatus"/> to the next.</summary>
public enum ReservationTrigger : byte
{
    Offer,
    Hold,
    Confirm,
    Use,
    Recall,
    Expire,
    Release,
}

/// <summary>The lifecycle of a booking. Whoever lost one may ask anew.</summary>
public static class ReservationLifecycle
{
    /// <summary>Compiled once; immutable.</summary>
    public static readonly Lifecycle<ReservationStatus, ReservationTrigger> Table = new(machine =>
    {
        machine.Configure(ReservationStatus.None)
            .Permit(ReservationTrigger.Offer, ReservationStatus.Offered);

        machine.Configure(ReservationStatus.Offered)
            .Permit(ReservationTrigger.Hold, ReservationStatus.Held);

        machine.Configure(ReservationStatus.Held)
            .Permit(ReservationTrigger.Confirm, ReservationStatus.Confirmed)
            .Permit(ReservationTrigger.Recall, ReservationStatus.Recalled)
            .Permit(ReservationTrigger.Expire, ReservationStatus.Expired)
            .Permit(ReservationTrigger.Release, ReservationStatus.Released);

        machine.Configure(ReservationStatus.Confirmed)
            .Permit(ReservationTrigger.Use, ReservationStatus.Used)
            .Permit(ReservationTrigger.Recall, ReservationStatus.Recalled)
            .Permit(ReservationTrigger.Expire, ReservationStatus.Expired)
            .Permit(ReservationTrigger.Release, ReservationStatus.Released);

        foreach (var over in (ReservationStatus[])[ReservationStatus.Recalled, ReservationStatus.Expired, ReservationStatus.Released])
        {
            machine.Configure(over).Permit(ReservationTrigger.Offer, ReservationStatus.Offered);
        }

        machine.Configure(ReservationStatus.Used)
            .Permit(ReservationTrigger.Offer, ReservationStatus.Offered); // its work must be done again
    });
}
