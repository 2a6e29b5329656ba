using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Recall: an owner's urgent job takes back hours that others have booked.
public sealed partial class PlantSimulator
{
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
