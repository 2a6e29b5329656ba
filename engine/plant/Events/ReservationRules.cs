using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

/// <summary>Which events of bookings a state permits.</summary>
internal static class ReservationRules
{
    public static bool Permits(PlantState state, in PlantEvent e)
    {
        if ((uint)e.Arg >= (uint)state.Reservations.Length || e.Equipment < 0)
        {
            return false;
        }

        ref readonly var booking = ref state.Reservations[e.Arg];
        if (ReservationLifecycle.Table.Next((int)booking.Status, (int)TriggerOf(e.Kind)) < 0)
        {
            return false;
        }

        return e.Kind switch
        {
            PlantEventKind.ReservationOffered => e.Value > 0 && state.Plant.Capacity.OfferedOf(e.Equipment) is not null
                && (e.Arg < state.Plant.Capacity.Rows ? e.Job < 0 : e.Job == e.Arg - state.Plant.Capacity.Rows),
            PlantEventKind.ReservationRecalled => booking.Equipment == e.Equipment && e.Time.Milliseconds < booking.Start,
            PlantEventKind.ReservationHeld => booking.Equipment == e.Equipment && e.Value >= 0,
            _ => booking.Equipment == e.Equipment,
        };
    }

    public static ReservationTrigger TriggerOf(PlantEventKind kind) => kind switch
    {
        PlantEventKind.ReservationOffered => ReservationTrigger.Offer,
        PlantEventKind.ReservationHeld => ReservationTrigger.Hold,
        PlantEventKind.ReservationConfirmed => ReservationTrigger.Confirm,
        PlantEventKind.ReservationUsed => ReservationTrigger.Use,
        PlantEventKind.ReservationRecalled => ReservationTrigger.Recall,
        PlantEventKind.ReservationExpired => ReservationTrigger.Expire,
        _ => ReservationTrigger.Release,
    };
}
