using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Market: waiting jobs book offered hours, bookings are confirmed, used, recalled or lapse; who has waited too long goes first.
public sealed partial class PlantSimulator
{
    private const int AfterDispatch = LastPriority + 1;
    private const ulong DecisionPurpose = 0xDEC1DE;

    /// <summary>Ordinary work that has waited so long takes capacity kept for express orders: whatever else it could go to may be closed to it for good.</summary>
    private static readonly Duration s_keptPatience = Duration.FromDays(10);

    private readonly bool _ageing; // a longest wait is agreed
    private readonly bool _marketInUse; // jobs that begin to wait are noted

    /// <summary>What the bookings of a machine mean to a job that would begin now.</summary>
    private enum Booked
    {
        /// <summary>Nothing: nobody's hours are touched.</summary>
        Not,

        /// <summary>It would run into hours of somebody else.</summary>
        ByAnother,

        /// <summary>These are its own hours.</summary>
        Now,

        /// <summary>Its own hours are still to come, and the owner has had the notice: it may begin before them where nothing else is in the way.</summary>
        Later,
    }

    private Booked LookAtBookings(int first, int job, Duration time)
    {
        var own = Booked.Not;
        for (var place = first; place >= 0; place = State.Reservations[place].Next)
        {
            ref readonly var booking = ref State.Reservations[place];
            if (booking.End <= _now.Milliseconds)
            {
                continue;
            }

            if (State.IsFor(booking, job))
            {
                if (booking.Start <= _now.Milliseconds && booking.Job >= 0)
                {
                    return Booked.Now; // whatever the setup makes of it
                }

                own = booking.Start <= _now.Milliseconds || own == Booked.Now ? Booked.Now : HadNotice(booking) ? Booked.Later : own;
            }
            else if (booking.Start < (_now + time).Milliseconds)
            {
                return Booked.ByAnother;
            }
        }

        return own;
    }

    private bool HadNotice(in ReservationState booking) =>
        booking.Offer < 0 || booking.AskedAt + _plant.Capacity.TermsOf(booking.Offer).NoticeMs <= _now.Milliseconds;

    /// <summary>A job is in the queue from now: it ages, and books what is offered when nobody takes it.</summary>
    private void NoteWaiting(int job)
    {
        if (_limitsWaits)
        {
            NoteWaitLimit(job);
        }

        if (_ageing)
        {
            Schedule(new SimTime(Job(job).ReadyAt) + _plant.Plant.Market.MaxWait!.Value, new Pending(PendingKind.Aged, Job: job), priority: -1);
        }

        if (_plant.KeepsExpress && !_plant.CompiledJobOf(job).MayUseExpress)
        {
            Schedule(new SimTime(Job(job).ReadyAt) + s_keptPatience, new Pending(PendingKind.Aged, Job: job), priority: -1);
        }

        if (_plant.Capacity.Books && !_plant.CompiledOperationOf(job).Batches)
        {
            Schedule(_now, new Pending(PendingKind.Waiting, Job: job), AfterDispatch);
        }
    }

    private bool HasWaitedTooLong(int job) =>
        _ageing && _now - new SimTime(Job(job).ReadyAt) >= _plant.Plant.Market.MaxWait!.Value;

    /// <summary>Before every score of a rule, the longest waiting first. Queues are ordered by it from the moment a job is too old.</summary>
    private double ScoreOfAged(int job) => double.MinValue / 2 + Job(job).ReadyAt * 1e290;

    private void Age(int job)
    {
        if (Job(job).Status != JobStatus.Ready)
        {
            return;
        }

        var group = _plant.GroupOf(job);
        if (HasWaitedTooLong(job) || (_limitsWaits && IsExpiring(job)))
        {
            _queues.Remove(group, job);
            _queues.Add(group, FloorOf(job), Job(job).ReadyAt, job);
        }

        _wokenGroups.Add(group);
    }

    /// <summary>Nobody has taken a job that became ready: an owner's urgent one takes booked hours back, any other asks for some.</summary>
    private void ReviewWaiting(int job)
    {
        if (Job(job).Status != JobStatus.Ready || !IsFree(job) || State.Reservations[_plant.Capacity.PlaceOf(job)].IsActive)
        {
            return;
        }

        if (!_plant.Plant.Market.Recall || !TakeBack(job))
        {
            Book(job);
        }
    }

    /// <summary>Something about a booking is due: its making, the firm's word, its start, the end of its hold or of its hours.</summary>
    private void ReviewBooking(int place)
    {
        ref readonly var booking = ref State.Reservations[place];
        var now = _now.Milliseconds;
        if (place < _plant.Capacity.Rows && booking.Status == ReservationStatus.None)
        {
            MakeRow(place);
        }
        else if (booking.Status is ReservationStatus.Held or ReservationStatus.Confirmed && booking.Job >= 0 && Job(booking.Job).Status != JobStatus.Ready)
        {
            GiveBack(place); // its order was cancelled
        }
        else if (booking.Status == ReservationStatus.Held && DecidesAt(place) <= now)
        {
            Emit(PlantEventKind.ReservationConfirmed, booking.Equipment, booking.Job, arg: place);
        }
        else if ((booking.Status == ReservationStatus.Held && booking.Expires <= now) || (booking.Status is ReservationStatus.Held or ReservationStatus.Confirmed && booking.End <= now))
        {
            Lapse(place);
        }

        if (booking.IsActive && (booking.Start == now || booking.End == now))
        {
            _wokenEquipment.Add(booking.Equipment);
        }

        ScheduleReview(place);
    }

    private void ScheduleReview(int place)
    {
        ref readonly var booking = ref State.Reservations[place];
        if (!booking.IsActive)
        {
            return;
        }

        var next = long.MaxValue;
        Consider(booking.Start);
        Consider(booking.End);
        if (booking.Status == ReservationStatus.Held)
        {
            Consider(booking.Expires);
            Consider(DecidesAt(place));
        }

        if (next < long.MaxValue)
        {
            Schedule(new SimTime(next), new Pending(PendingKind.Market, Job: place), priority: -1);
        }

        void Consider(long time)
        {
            if (time > _now.Milliseconds && time < next)
            {
                next = time;
            }
        }
    }

    /// <summary>When the firm gives its word, ms; never for a row that says it does not.</summary>
    private long DecidesAt(int place)
    {
        ref readonly var booking = ref State.Reservations[place];
        if (booking.Job < 0)
        {
            return _plant.Scenario.Reservations[place].Confirmed ? booking.AskedAt : long.MaxValue;
        }

        var takes = _plant.Plant.Market.Decision.Sample(_random, RandomSource.Key(_plant.JobKey(booking.Job), unchecked((int)DecisionPurpose)), booking.Asks);
        return booking.AskedAt + Duration.FromMilliseconds(Math.Max(0, takes)).Milliseconds;
    }

    /// <summary>A reservation of the scenario is made, unless its hours are gone by now.</summary>
    private void MakeRow(int place)
    {
        var row = _plant.Scenario.Reservations[place];
        if (row.To <= _now || (FindGap(row.Equipment, row.From, row.To - row.From) is var gap && gap != row.From))
        {
            return;
        }

        Make(place, row.Equipment, -1, row.From, row.To - row.From);
    }

    private void Make(int place, int equipment, int job, SimTime start, Duration length)
    {
        Emit(PlantEventKind.ReservationOffered, equipment, job, arg: place, value: length.Milliseconds);
        Emit(PlantEventKind.ReservationHeld, equipment, job, arg: place, value: start.Milliseconds);
        if (DecidesAt(place) <= _now.Milliseconds)
        {
            Emit(PlantEventKind.ReservationConfirmed, equipment, job, arg: place);
        }

        if (job >= 0)
        {
            Emit(PlantEventKind.JobWaits, job: job, arg: (int)WaitReason.Reservation);
        }

        ScheduleReview(place);
    }

    /// <summary>A job goes to a machine: its booking there is used, one elsewhere is given back.</summary>
    private void UseBooking(int job, int equipment)
    {
        if (_plant.Capacity.Books && _plant.Capacity.PlaceOf(job) is var own && State.Reservations[own].IsActive)
        {
            if (State.Reservations[own].Equipment == equipment)
            {
                Use(own, job);
            }
            else
            {
                GiveBack(own);
            }
        }

        for (var place = State.FirstReservation(equipment); place >= 0; place = State.Reservations[place].Next)
        {
            ref readonly var booking = ref State.Reservations[place];
            if (booking.Job < 0 && booking.Status != ReservationStatus.Used && booking.Start <= _now.Milliseconds && _now.Milliseconds < booking.End
                && State.IsFor(booking, job))
            {
                Use(place, job);
            }
        }
    }

    private void Use(int place, int job)
    {
        if (State.Reservations[place].Status == ReservationStatus.Held)
        {
            Emit(PlantEventKind.ReservationConfirmed, State.Reservations[place].Equipment, job, arg: place); // whoever comes has confirmed
        }

        Emit(PlantEventKind.ReservationUsed, State.Reservations[place].Equipment, job, arg: place);
    }

    private void GiveBack(int place)
    {
        var equipment = State.Reservations[place].Equipment;
        Emit(PlantEventKind.ReservationReleased, equipment, State.Reservations[place].Job, arg: place);
        _wokenEquipment.Add(equipment);
    }

    /// <summary>The hours are free again; a job that lost them asks anew.</summary>
    private void Lapse(int place)
    {
        var (equipment, job) = (State.Reservations[place].Equipment, State.Reservations[place].Job);
        Emit(PlantEventKind.ReservationExpired, equipment, job, arg: place);
        _wokenEquipment.Add(equipment);
        AskAnew(job);
    }

    private void AskAnew(int job)
    {
        if (job >= 0 && Job(job).Status == JobStatus.Ready)
        {
            Emit(PlantEventKind.JobWaits, job: job, arg: (int)WaitReason.None);
            Schedule(_now, new Pending(PendingKind.Waiting, Job: job), AfterDispatch);
        }
    }

    private void ResumeMarket()
    {
        for (var place = 0; place < State.Reservations.Length; place++)
        {
            if (State.Reservations[place].IsActive)
            {
                Schedule(_now, new Pending(PendingKind.Market, Job: place), priority: -1);
            }
            else if (place < _plant.Capacity.Rows && State.Reservations[place].Status == ReservationStatus.None)
            {
                Schedule(_plant.Scenario.Reservations[place].Made, new Pending(PendingKind.Market, Job: place), priority: -1);
            }
        }

        for (var job = 0; _marketInUse && job < _plant.Jobs.JobCount; job++)
        {
            if (Job(job).Status == JobStatus.Ready)
            {
                NoteWaiting(job);
            }
        }
    }
}
