using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Booking: which offered hours a waiting job asks for, and which booked hours an owner takes back.
public sealed partial class PlantSimulator
{
    /// <summary>How far ahead firms book.</summary>
    private static readonly Duration s_bookingHorizon = Duration.FromDays(30);

    /// <summary>After how long a firm that found nothing looks again.</summary>
    private static readonly Duration s_nextLook = Duration.FromHours(1);

    /// <summary>Work that can be booked: batches with company and machines with several slots take what comes.</summary>
    private bool IsBookable(int job, int equipment) =>
        !_plant.CompiledOperationOf(job).Batches && _plant.CompiledEquipmentOf(equipment).Slots == 1;

    /// <summary>Whether a job's firm can come onto a machine at all: as its owner, without an offer, walking in, or by a booking.</summary>
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
            if (_plant.CompiledJobOf(job).Quantity >= terms.MinimumLot && (terms.WalkIn || (_plant.Capacity.Books && IsBookable(job, equipment))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Books the earliest offered hours that a job fits, if its own machines are not expected to take it before; among equals the cheapest.</summary>
    private void Book(int job)
    {
        var group = _plant.GroupOf(job);
        var tenant = _plant.CompiledJobOf(job).Tenant;
        var (best, bestStart, bestPrice, bestLength) = (-1, _now + s_bookingHorizon, double.PositiveInfinity, Duration.Zero);
        var looksAgain = false;
        foreach (var equipment in _plant.Groups[group])
        {
            if (!_plant.FitsEquipment(job, equipment) || BelongsElsewhere(job, equipment))
            {
                continue;
            }

            if (_plant.Capacity.OfferedOf(equipment) is null || _plant.Capacity.OwnerOf(equipment) == tenant)
            {
                var queued = _plant.MeanProcessingTime(job, equipment) * (_queues.Count(group) / (double)_plant.Groups[group].Length);
                var own = FreeAt(equipment) + queued;
                (best, bestStart, bestPrice) = own < bestStart ? (-1, own, 0) : (best, bestStart, bestPrice); // nothing to be booked
                continue;
            }

            if (!IsBookable(job, equipment))
            {
                continue;
            }

            looksAgain = true;
            if (FreeAt(equipment) > bestStart)
            {
                continue;
            }

            if (FindHours(job, equipment, out var start, out var length, out var price) && (start, price).CompareTo((bestStart, bestPrice)) < 0
                && !OwnerHasWork(equipment, _plant.Capacity.OwnerOf(equipment)))
            {
                (best, bestStart, bestPrice, bestLength) = (equipment, start, price, length);
            }
        }

        if (best >= 0)
        {
            Make(_plant.Capacity.PlaceOf(job), best, job, bestStart, bestLength);
        }
        else if (looksAgain)
        {
            Schedule(_now + s_nextLook, new Pending(PendingKind.Waiting, Job: job), AfterDispatch);
        }
    }

    /// <summary>The earliest hours of any offer of a machine that a job fits and nobody has booked.</summary>
    private bool FindHours(int job, int equipment, out SimTime start, out Duration length, out double price)
    {
        (start, price) = (SimTime.Never, 0);
        length = LengthOn(job, equipment, out var possible);
        if (!possible)
        {
            return false;
        }

        var quantity = _plant.CompiledJobOf(job).Quantity;
        var (offer, end) = _plant.Capacity.OffersOf(equipment);
        for (; offer < end; offer++)
        {
            ref readonly var terms = ref _plant.Capacity.TermsOf(offer);
            if (quantity < terms.MinimumLot)
            {
                continue;
            }

            var from = SimTime.Max(FreeAt(equipment), _now + Duration.Max(new Duration(terms.NoticeMs), TravelTo(job, equipment)));
            var at = FindInHours(job, equipment, _plant.Capacity.HoursOf(offer), from, length);
            if (at < start)
            {
                (start, price) = (at, terms.PricePerHour);
            }
        }

        return start < SimTime.Never;
    }

    /// <summary>Setup as the machine stands now, and the expected processing.</summary>
    private Duration LengthOn(int job, int equipment, out bool possible)
    {
        var changeover = ChangeoverFor(job, equipment);
        possible = changeover.Possible;
        return Duration.Max(new Duration(1), changeover.Total + _plant.MeanProcessingTime(job, equipment));
    }

    private SimTime FindInHours(int job, int equipment, CalendarTimeline hours, SimTime from, Duration length)
    {
        var limit = _now + s_bookingHorizon;
        var long_ = length > hours.LongestWindow;
        for (var at = from; at < limit;)
        {
            at = hours.NextWorking(at);
            if (at >= limit)
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

    /// <summary>When a machine is expected to be through with what it has begun or is being prepared for.</summary>
    private SimTime FreeAt(int equipment)
    {
        ref readonly var machine = ref Equipment(equipment);
        var free = SimTime.Max(_now, new SimTime(machine.ExpectedEnd));
        if (machine.Reserved is var next && next >= 0)
        {
            free = SimTime.Max(free, new SimTime(Job(next).ArriveAt)) + _plant.MeanProcessingTime(next, equipment, Job(next).Load);
        }

        for (var lead = machine.FirstActive; lead >= 0; lead = Job(lead).NextActive)
        {
            var left = _plant.MeanProcessingTime(lead, equipment, Job(lead).Load) - new Duration(State.ProgressMs(lead, _now));
            free = SimTime.Max(free, _now + Duration.Max(Duration.Zero, left));
        }

        return free;
    }

    /// <summary>An owner's job that would be late otherwise takes the hours that others have booked on its machine, with notice and before their start.</summary>
    private bool TakeBack(int job)
    {
        ref readonly var work = ref _plant.CompiledJobOf(job);
        if (work.Tenant < 0 || work.DueMs == long.MaxValue)
        {
            return false;
        }

        var (best, bestStart, bestLength) = (-1, SimTime.Never, Duration.Zero);
        var unaided = SimTime.Never; // earliest end without a recall
        foreach (var equipment in _plant.Groups[_plant.GroupOf(job)])
        {
            if (!_plant.FitsEquipment(job, equipment) || BelongsElsewhere(job, equipment) || (_plant.Capacity.OfferedOf(equipment) is not null && _plant.Capacity.OwnerOf(equipment) != work.Tenant))
            {
                continue;
            }

            var length = LengthOn(job, equipment, out var possible);
            if (!possible)
            {
                continue;
            }

            var free = InShift(job, equipment, FreeAt(equipment), length);
            unaided = SimTime.Min(unaided, FindGap(equipment, free, length) + length);
            if (free < bestStart && State.FirstReservation(equipment) >= 0 && CanRecall(equipment, free, length, work.Tenant))
            {
                (best, bestStart, bestLength) = (equipment, free, length);
            }
        }

        if (best < 0 || unaided + RestAfter(job) <= new SimTime(work.DueMs) || bestStart + bestLength >= unaided)
        {
            return false;
        }

        Recall(best, bestStart, bestLength, job);
        Make(_plant.Capacity.PlaceOf(job), best, job, bestStart, bestLength);
        _wokenEquipment.Add(best);
        return true;
    }

    private bool Touches(in ReservationState booking, SimTime start, Duration length) =>
        booking.IsActive && booking.End > start.Milliseconds && booking.End > _now.Milliseconds && booking.Start < (start + length).Milliseconds;

    private bool CanRecall(int equipment, SimTime start, Duration length, int owner)
    {
        var any = false;
        for (var place = State.FirstReservation(equipment); place >= 0; place = State.Reservations[place].Next)
        {
            ref readonly var booking = ref State.Reservations[place];
            if (!Touches(booking, start, length))
            {
                continue;
            }

            var notice = booking.Offer >= 0 ? _plant.Capacity.TermsOf(booking.Offer).NoticeMs : 0;
            if (booking.Firm == owner || booking.Status == ReservationStatus.Used || booking.Start <= _now.Milliseconds || booking.Start - notice < _now.Milliseconds)
            {
                return false;
            }

            any = true;
        }

        return any;
    }

    private void Recall(int equipment, SimTime start, Duration length, int ownersJob)
    {
        for (var place = State.FirstReservation(equipment); place >= 0;)
        {
            var next = State.Reservations[place].Next;
            if (Touches(State.Reservations[place], start, length))
            {
                var loser = State.Reservations[place].Job;
                Emit(PlantEventKind.ReservationRecalled, equipment, ownersJob, arg: place);
                AskAnew(loser);
            }

            place = next;
        }
    }

    /// <summary>Expected processing of the operations of a lot that come after a job's, one after the other.</summary>
    private Duration RestAfter(int job)
    {
        var rest = Duration.Zero;
        var last = _plant.Jobs.LotFirstJob[_plant.Jobs.JobLot[job] + 1];
        for (var next = job + 1; next < last; next++)
        {
            rest += _plant.LeastProcessingTime(next);
        }

        return rest;
    }
}
