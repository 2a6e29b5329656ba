using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Booking: which offered hours a waiting job asks for.
public sealed partial class PlantSimulator
{
    /// <summary>How far ahead firms book.</summary>
    private static readonly Duration s_bookingHorizon = Duration.FromDays(30);

    /// <summary>After how long a firm that found nothing looks again; later when its job has waited longer.</summary>
    private static readonly Duration s_nextLook = Duration.FromHours(2);

    /// <summary>Work that can be booked: batches with company and machines with several slots take what comes.</summary>
    private bool IsBookable(int job, int equipment) =>
        !_plant.CompiledOperationOf(job).Batches && _plant.CompiledEquipmentOf(equipment).Slots == 1;

    /// <summary>Whether a job's firm can come onto a machine at all: as its owner, without an offer, walking in, by a booking, or as work that cannot be booked.</summary>
    private bool IsEverOpenTo(int job, int equipment)
    {
        if (!_plant.Capacity.InUse || _plant.Capacity.OfferedOf(equipment) is null || _plant.Capacity.OwnerOf(equipment) == _plant.CompiledJobOf(job).Tenant)
        {
            return true;
        }

        var (offer, end) = _plant.Capacity.OffersOf(equipment);
        for (; offer < end; offer++)
        {
            ref readonly var terms = ref _plant.Capacity.TermsOf(offer);
            if (_plant.CompiledJobOf(job).Quantity >= terms.MinimumLot && (terms.WalkIn || _plant.Capacity.Books || !IsBookable(job, equipment)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Books the earliest offered hours that a job fits, if its own machines are not expected to take it before; among equals the cheapest.</summary>
    private void Book(int job)
    {
        var unaided = ExpectedUnaided(job);
        var tenant = _plant.CompiledJobOf(job).Tenant;
        var (best, bestStart, bestPrice, bestLength) = (-1, unaided, double.NegativeInfinity, Duration.Zero); // a booking must be sooner than without
        var bookable = false;
        foreach (var equipment in _plant.Groups[_plant.GroupOf(job)])
        {
            if (_plant.Capacity.OfferedOf(equipment) is null || _plant.Capacity.OwnerOf(equipment) == tenant
                || !_plant.FitsEquipment(job, equipment) || !IsBookable(job, equipment))
            {
                continue;
            }

            bookable = true; // perhaps not now: what is kept for express orders, or for another dye lot, is looked at again
            if (!MayTake(job, equipment))
            {
                continue;
            }

            var length = LengthOn(job, equipment, out var possible);
            if (!possible)
            {
                continue;
            }

            var (start, price) = FindHours(job, equipment, _now + TravelTo(job, equipment), length, bestStart);
            if ((start, price).CompareTo((bestStart, bestPrice)) < 0 && !OwnerHasWork(equipment, _plant.Capacity.OwnerOf(equipment)))
            {
                (best, bestStart, bestPrice, bestLength) = (equipment, start, price, length);
            }
        }

        if (best >= 0)
        {
            Make(_plant.Capacity.PlaceOf(job), best, job, bestStart, bestLength);
        }
        else if (bookable)
        {
            LookAgainLater(job, unaided);
        }
    }

    private void LookAgainLater(int job, SimTime unaided)
    {
        if (Job(job).WaitsFor == WaitReason.None && unaided == _now + s_bookingHorizon)
        {
            Emit(PlantEventKind.JobWaits, job: job, arg: (int)WaitReason.Reservation); // for somebody to offer something
        }

        Schedule(_now + Duration.Max(s_nextLook, _now - new SimTime(Job(job).ReadyAt)), new Pending(PendingKind.Waiting, Job: job), AfterDispatch);
    }

    private bool MayTake(int job, int equipment) =>
        _plant.FitsEquipment(job, equipment) && !BelongsElsewhere(job, equipment) && !(_plant.KeepsExpress && IsKeptForExpress(job, equipment));

    /// <summary>When the firm's own machines and those open to all are expected to come to a job; the booking horizon when there are none.</summary>
    private SimTime ExpectedUnaided(int job)
    {
        var group = _plant.GroupOf(job);
        var (unaided, tenant) = (_now + s_bookingHorizon, _plant.CompiledJobOf(job).Tenant);
        foreach (var equipment in _plant.Groups[group])
        {
            if ((_plant.Capacity.OfferedOf(equipment) is null || _plant.Capacity.OwnerOf(equipment) == tenant) && MayTake(job, equipment))
            {
                var queued = _plant.MeanProcessingTime(job, equipment) * (_queues.Count(group) / (double)_plant.Groups[group].Length);
                unaided = SimTime.Min(unaided, FreeAt(equipment) + queued);
            }
        }

        return unaided;
    }

    /// <summary>The earliest hours of any offer of a machine that a job fits and nobody has booked; <see cref="SimTime.Never"/> when none begin by a limit.</summary>
    private (SimTime Start, double Price) FindHours(int job, int equipment, SimTime notBefore, Duration length, SimTime limit)
    {
        var (start, price) = (SimTime.Never, 0.0);
        var quantity = _plant.CompiledJobOf(job).Quantity;
        var (offer, end) = _plant.Capacity.OffersOf(equipment);
        for (; offer < end; offer++)
        {
            ref readonly var terms = ref _plant.Capacity.TermsOf(offer);
            if (quantity < terms.MinimumLot)
            {
                continue;
            }

            var from = SimTime.Max(notBefore, _now + new Duration(terms.NoticeMs));
            from = from > limit ? from : SimTime.Max(from, FreeAt(equipment));
            var at = FindInHours(job, equipment, _plant.Capacity.HoursOf(offer), from, length, limit);
            if (at < start)
            {
                (start, price) = (at, terms.PricePerHour);
            }
        }

        return (start, price);
    }

    /// <summary>Offered hours of another firm's machine that a job would fit, as the plant stands; <c>null</c> when there are none.</summary>
    /// <param name="job">A job of any order of the book; it need not be ready.</param>
    /// <param name="equipment">A machine that may run it.</param>
    /// <param name="notBefore">When the job is there.</param>
    internal (SimTime Start, Duration Setup, Duration Processing, double PricePerHour)? OfferFor(int job, int equipment, SimTime notBefore)
    {
        if (_plant.Capacity.OfferedOf(equipment) is null || _plant.Capacity.OwnerOf(equipment) == _plant.CompiledJobOf(job).Tenant || !IsBookable(job, equipment))
        {
            return null;
        }

        var changeover = ChangeoverFor(job, equipment);
        var processing = _plant.MeanProcessingTime(job, equipment);
        var (start, price) = changeover.Possible ? FindHours(job, equipment, notBefore, changeover.Total + processing, _now + s_bookingHorizon) : (SimTime.Never, 0);
        return start < SimTime.Never ? (start, changeover.Total, processing, price) : null;
    }

    /// <summary>Setup as the machine stands now, and the expected processing.</summary>
    private Duration LengthOn(int job, int equipment, out bool possible)
    {
        var changeover = ChangeoverFor(job, equipment);
        possible = changeover.Possible;
        return Duration.Max(new Duration(1), changeover.Total + _plant.MeanProcessingTime(job, equipment));
    }

    private SimTime FindInHours(int job, int equipment, CalendarTimeline hours, SimTime from, Duration length, SimTime limit)
    {
        var long_ = length > hours.LongestWindow;
        for (var at = from; at <= limit;)
        {
            at = hours.NextWorking(at);
            if (at > limit)
            {
                return SimTime.Never;
            }

            if (hours.NextChange(at) < at + length && !long_)
            {
                at = hours.NextChange(at);
            }
            else if (InShift(job, equipment, at, length) is var shift && shift > at)
            {
                at = shift;
            }
            else if (FindGap(equipment, at, length) is var gap && gap > at)
            {
                at = gap;
            }
            else
            {
                return at;
            }
        }

        return SimTime.Never;
    }

    /// <summary>The earliest moment from which a machine's own working hours let such work begin.</summary>
    private SimTime InShift(int job, int equipment, SimTime at, Duration length) =>
        _plant.CalendarOf(equipment) is not { } calendar ? at
        : _plant.CompiledOperationOf(job).Interruptible ? calendar.NextWorking(at)
        : calendar.StartOfUninterrupted(at, length);

    /// <summary>The earliest moment from which no booking of a machine is touched by work of a length.</summary>
    private SimTime FindGap(int equipment, SimTime from, Duration length)
    {
        for (var place = State.FirstReservation(equipment); place >= 0; place = State.Reservations[place].Next)
        {
            ref readonly var booking = ref State.Reservations[place];
            if (booking.End > from.Milliseconds && booking.Start < (from + length).Milliseconds)
            {
                from = new SimTime(booking.End);
            }
        }

        return from;
    }

    private SimTime FreeAt(int equipment) => MachineOutlook.FreeAt(State, equipment, _now);
}
