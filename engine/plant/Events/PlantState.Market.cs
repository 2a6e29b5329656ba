using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

// Market: bookings of offered hours, in a list per machine by their start, and what others did on shared machines.
public sealed partial class PlantState
{
    private ReservationState[] _reservations = []; // by place; empty where nothing can be booked
    private int[] _firstReservation = []; // per equipment: earliest active booking + 1, 0 none
    private long[] _sharedSetupMs = []; // per lead job: setup and cleaning made for it; empty where nothing is offered
    private MarketMeters _market;

    /// <summary>Bookings by place (<see cref="Behaviour.CapacityPlan"/>).</summary>
    public ReadOnlySpan<ReservationState> Reservations => _reservations;

    /// <summary>Running totals of the market.</summary>
    public MarketMeters Market => _market;

    /// <summary>The active booking of equipment that begins first, −1 when it has none; the others follow by <see cref="ReservationState.Next"/>.</summary>
    public int FirstReservation(int equipment) => _firstReservation.Length > 0 ? _firstReservation[equipment] - 1 : -1;

    /// <summary>Setup and cleaning that a batch had on its machine, ms; counted only where something is offered.</summary>
    public long SharedSetupMs(int lead) => _sharedSetupMs.Length > 0 ? _sharedSetupMs[lead] : 0;

    private void ExchangeMarket(StateExchange exchange, PlantState? other)
    {
        exchange.Array(ref _reservations, other?._reservations);
        exchange.Array(ref _firstReservation, other?._firstReservation);
        exchange.Array(ref _sharedSetupMs, other?._sharedSetupMs);
        exchange.Value(ref _market, other?._market);
    }

    private void GrowMarket()
    {
        if (!Plant.Capacity.InUse)
        {
            return;
        }

        Array.Resize(ref _sharedSetupMs, Plant.Jobs.JobCount);
        Array.Resize(ref _reservations, Plant.Capacity.Places);
        Array.Resize(ref _firstReservation, _reservations.Length > 0 ? _equipment.Length : 0);
    }

    private void FoldReservation(in PlantEvent e)
    {
        ref var booking = ref _reservations[e.Arg];
        var before = booking.Status;
        booking.Status = (ReservationStatus)ReservationLifecycle.Table.Next((int)before, (int)ReservationRules.TriggerOf(e.Kind));
        switch (e.Kind)
        {
            case PlantEventKind.ReservationOffered: OfferReservation(ref booking, e); return;
            case PlantEventKind.ReservationHeld: HoldReservation(ref booking, e); return;
            case PlantEventKind.ReservationConfirmed:
                _market.Confirmed++;
                _market.ResponseMs += e.Time.Milliseconds - booking.AskedAt;
                _market.BookedHours += Hours(booking.LengthMs);
                return;
            case PlantEventKind.ReservationUsed: _market.Used++; break;
            case PlantEventKind.ReservationRecalled: _market.Recalled++; break;
            case PlantEventKind.ReservationExpired: _market.Expired++; break;
            default: _market.Released++; break;
        }

        if (before == ReservationStatus.Confirmed && booking.Status != ReservationStatus.Used)
        {
            _market.BookedHours -= Hours(booking.LengthMs);
        }

        if (!booking.IsActive)
        {
            Strike(e.Arg);
        }
    }

    private static double Hours(long ms) => ms / (double)Duration.MillisecondsPerHour;

    private void OfferReservation(ref ReservationState booking, in PlantEvent e)
    {
        var row = e.Job < 0 ? Plant.Scenario.Reservations[e.Arg] : null;
        booking.Asks++;
        booking.Equipment = e.Equipment;
        booking.Job = e.Job;
        booking.Firm = row?.Firm.Index ?? Plant.CompiledJobOf(e.Job).Tenant;
        booking.Order = row is null ? Plant.CompiledJobOf(e.Job).Order : row.Order?.Index ?? -1;
        booking.LengthMs = (long)e.Value;
        booking.AskedAt = e.Time.Milliseconds;
    }

    private void HoldReservation(ref ReservationState booking, in PlantEvent e)
    {
        booking.Start = (long)e.Value;
        booking.End = booking.Start + booking.LengthMs;
        var row = booking.Job < 0 ? Plant.Scenario.Reservations[e.Arg] : null;
        booking.Expires = row?.Expires?.Milliseconds ?? e.Time.Milliseconds + Plant.Plant.Market.Hold.Milliseconds;
        booking.Offer = Plant.Capacity.OwnerOf(e.Equipment) == booking.Firm
            ? -1
            : Plant.Capacity.OpenOffer(e.Equipment, new SimTime(booking.Start), booking.Job < 0 ? double.PositiveInfinity : Plant.CompiledJobOf(booking.Job).Quantity, walkIn: false);
        _market.Held++;
        _market.LeadMs += booking.Start - booking.AskedAt;
        Enlist(e.Arg, e.Time.Milliseconds);
    }

    /// <summary>Puts a booking where its start belongs in the list of its machine; used ones whose hours are over fall out.</summary>
    private void Enlist(int place, long now)
    {
        ref var booking = ref _reservations[place];
        ref var link = ref _firstReservation[booking.Equipment];
        while (link > 0)
        {
            ref var other = ref _reservations[link - 1];
            if (other.Status == ReservationStatus.Used && other.End <= now)
            {
                link = other.Link;
            }
            else if (other.Start > booking.Start || (other.Start == booking.Start && link - 1 > place))
            {
                break;
            }
            else
            {
                link = ref other.Link;
            }
        }

        booking.Link = link;
        link = place + 1;
    }

    private void Strike(int place)
    {
        ref var booking = ref _reservations[place];
        ref var link = ref _firstReservation[booking.Equipment];
        while (link > 0 && link != place + 1)
        {
            link = ref _reservations[link - 1].Link;
        }

        if (link > 0)
        {
            link = booking.Link;
        }
    }

    /// <summary>A job was assigned to a machine that is shared: its setup is counted anew, and work that no offer covers is noted.</summary>
    private void NoteShared(in PlantEvent e)
    {
        if (e.Job == e.Arg)
        {
            _sharedSetupMs[e.Job] = 0;
        }

        if (Plant.Capacity.OfferedOf(e.Equipment) is null)
        {
            return;
        }

        var (quantity, tenant) = (Plant.CompiledJobOf(e.Job).Quantity, Plant.CompiledJobOf(e.Job).Tenant);
        if (tenant != Plant.Capacity.OwnerOf(e.Equipment) && Plant.Capacity.OpenOffer(e.Equipment, e.Time, quantity, walkIn: false) < 0
            && !HoldsNow(e.Equipment, e.Job, e.Time.Milliseconds))
        {
            _market.OutsideOffers++;
        }
        else if (BookedByAnother(e.Equipment, e.Job, e.Time.Milliseconds))
        {
            _market.OutsideOffers++;
        }
    }

    /// <summary>Whether a booking of equipment is for a job.</summary>
    internal bool IsFor(in ReservationState booking, int job)
    {
        if (booking.Job >= 0)
        {
            return booking.Job == job;
        }

        ref readonly var work = ref Plant.CompiledJobOf(job);
        return work.Tenant == booking.Firm && (booking.Order < 0 || booking.Order == work.Order);
    }

    private bool HoldsNow(int equipment, int job, long now)
    {
        for (var place = FirstReservation(equipment); place >= 0; place = _reservations[place].Next)
        {
            if (_reservations[place].Start <= now && now < _reservations[place].End && IsFor(_reservations[place], job))
            {
                return true;
            }
        }

        return false;
    }

    private bool BookedByAnother(int equipment, int job, long now)
    {
        var booked = false;
        for (var place = FirstReservation(equipment); place >= 0; place = _reservations[place].Next)
        {
            if (_reservations[place].Start <= now && now < _reservations[place].End)
            {
                if (IsFor(_reservations[place], job))
                {
                    return false;
                }

                booked = true;
            }
        }

        return booked;
    }

    /// <summary>Setup or cleaning that ends now belongs to the batch that it was made for.</summary>
    private void BookSharedSetup(int equipment, long now)
    {
        if (_sharedSetupMs.Length > 0 && _equipment[equipment].Reserved is var lead && lead >= 0)
        {
            _sharedSetupMs[lead] += now - _equipment[equipment].Since;
        }
    }
}
