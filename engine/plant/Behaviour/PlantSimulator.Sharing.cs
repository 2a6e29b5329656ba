using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Sharing: other firms' work begins only in offered hours, and the owner's goes first.
public sealed partial class PlantSimulator
{
    private readonly List<int> _refusedForOwner = []; // equipment on which others gave way to the owner
    private long _refusedVersion; // state at which they were last looked at

    /// <summary>Whether the owner of equipment, and those who booked it, let this job in now.</summary>
    private bool OwnerAllows(int job, int equipment, Duration preparation)
    {
        var booked = false;
        if (State.FirstReservation(equipment) is var first && first >= 0)
        {
            switch (LookAtBookings(first, job, preparation + _plant.MeanProcessingTime(job, equipment)))
            {
                case Booked.ByAnother: return false;
                case Booked.Now: return true;
                case Booked.Later: booked = true; break;
            }
        }

        var owner = _plant.Capacity.OwnerOf(equipment);
        if (_plant.Capacity.OfferedOf(equipment) is not { } offered || _plant.CompiledJobOf(job).Tenant == owner)
        {
            return true;
        }

        if (!offered.IsWorking(_now) || _plant.Capacity.OpenOffer(equipment, _now, _plant.CompiledJobOf(job).Quantity, walkIn: !booked && IsBookable(job, equipment)) < 0)
        {
            return false; // the next window wakes the machine
        }

        var time = preparation + _plant.MeanProcessingTime(job, equipment);
        if (_now + time > offered.NextChange(_now) && time <= offered.LongestWindow)
        {
            return false; // it fits into a later window
        }

        if (!HasWaitedTooLong(job) && OwnerHasWork(equipment, owner))
        {
            if (!_refusedForOwner.Contains(equipment))
            {
                _refusedForOwner.Add(equipment);
            }

            return false;
        }

        return true;
    }

    /// <summary>The part of <see cref="OwnerAllows"/> that costs next to nothing: it is the owner's, an offer is open to it, or it has booked here.</summary>
    private bool MayCome(int job, int equipment)
    {
        ref readonly var work = ref _plant.CompiledJobOf(job);
        if (_plant.Capacity.OfferedOf(equipment) is null || work.Tenant == _plant.Capacity.OwnerOf(equipment)
            || _plant.Capacity.OpenOffer(equipment, _now, work.Quantity, walkIn: IsBookable(job, equipment)) >= 0)
        {
            return true;
        }

        if (_plant.Capacity.Rows == 0)
        {
            return _plant.Capacity.Books && State.Reservations[_plant.Capacity.PlaceOf(job)] is { IsActive: true } own && own.Equipment == equipment;
        }

        for (var place = State.FirstReservation(equipment); place >= 0; place = State.Reservations[place].Next)
        {
            if (State.IsFor(State.Reservations[place], job))
            {
                return true;
            }
        }

        return false;
    }

    private bool OwnerHasWork(int equipment, int owner)
    {
        foreach (var group in _plant.EquipmentGroups[equipment])
        {
            foreach (var job in _queues.Of(group))
            {
                if (_plant.CompiledJobOf(job).Tenant == owner && IsFree(job) && IsPossible(job, equipment, out _))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Machines on which others gave way are looked at again when anything has happened since.</summary>
    private bool RetryRefused()
    {
        if (_refusedForOwner.Count == 0 || State.Version == _refusedVersion)
        {
            return false;
        }

        _refusedVersion = State.Version;
        foreach (var equipment in _refusedForOwner)
        {
            _wokenEquipment.Add(equipment);
        }

        _refusedForOwner.Clear();
        return true;
    }

    /// <summary>A machine is looked at again whenever its offer opens.</summary>
    private void OpenOffer(int equipment)
    {
        _wokenEquipment.Add(equipment);
        ScheduleOffer(equipment);
    }

    private void ScheduleOffer(int equipment)
    {
        if (_plant.Capacity.OfferedOf(equipment) is not null)
        {
            var opens = SimTime.Never;
            var (offer, end) = _plant.Capacity.OffersOf(equipment);
            for (; offer < end; offer++)
            {
                opens = SimTime.Min(opens, NextOpening(_plant.Capacity.HoursOf(offer)));
            }

            if (opens != SimTime.Never)
            {
                Schedule(opens, new Pending(PendingKind.OpenOffer, equipment), priority: -1);
            }
        }
    }

    private SimTime NextOpening(CalendarTimeline hours)
    {
        var opens = hours.IsWorking(_now) ? hours.NextChange(_now) : _now;
        return opens == SimTime.Never ? opens : hours.NextWorking(opens);
    }

    private void ResumeOffers()
    {
        for (var equipment = 0; _plant.Capacity.InUse && equipment < _plant.Plant.Equipment.Length; equipment++)
        {
            ScheduleOffer(equipment);
        }
    }
}
