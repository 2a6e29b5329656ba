using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;

namespace DigitalTwin.Plant.Explanation;

/// <summary>Books every millisecond of every job, from the moment it could be worked on to its end, to one <see cref="FlowPart"/>.</summary>
/// <remarks>
/// Reads events and state only, so a simulated, a replayed and a live plant are explained alike; costs nothing where it is not attached and
/// allocates nothing per event. What keeps a waiting job is what somebody said (<see cref="PlantEventKind.JobWaits"/>), else what the
/// machines that could do it were doing: all at work → queue; none at work → breakdown, maintenance or off shift; one free but with maintenance
/// ordered → maintenance; one free → auxiliaries that are all in use, else the plan, else batch company, else a shift too short. Setup counts before travel where both happen side by side.
/// </remarks>
public sealed partial class FlowTracker : IPlantWatcher
{
    private CompiledScenario _plant;
    private WaitPlaces _places;
    private bool[] _planned; // per job
    private Mode[] _mode; // per job
    private FlowPart[] _part; // per job: what an active job's time goes to
    private long[] _since; // per job: booked up to here
    private long[] _activated; // per job: its predecessors were done; −1 not yet
    private long[] _parts; // per job × part, ms
    private long[] _noted; // per job × place reason: the clocks when it was last booked

    /// <param name="from">The plant when the tracker begins to watch. Times before are taken from what the state remembers.</param>
    /// <param name="schedule">The schedule that is followed, or <c>null</c>.</param>
    public FlowTracker(PlantState from, Schedule? schedule = null)
    {
        _plant = from.Plant;
        var jobs = _plant.Jobs.JobCount;
        _places = new WaitPlaces(from, schedule);
        _planned = PlannedJobs(schedule, jobs);
        _mode = new Mode[jobs];
        _part = new FlowPart[jobs];
        _since = new long[jobs];
        _activated = new long[jobs];
        Array.Fill(_activated, -1);
        _parts = new long[jobs * FlowParts.Count];
        _noted = new long[jobs * WaitPlaces.Reasons];
        Remember(from);
    }

    private enum Mode : byte
    {
        /// <summary>Predecessors are not done.</summary>
        Inactive,

        /// <summary>Predecessors are done, not ready yet.</summary>
        Resting,

        /// <summary>In the queue.</summary>
        Queued,

        /// <summary>Chosen by a machine, not started.</summary>
        Assigned,

        /// <summary>On the machine.</summary>
        Active,

        Done,
    }

    public void Before(in PlantEvent e, PlantState state)
    {
        var now = e.Time.Milliseconds;
        if (e.Equipment >= 0 && state.Equipment[e.Equipment].Reserved is var reserved && reserved >= 0)
        {
            for (var job = reserved; job >= 0; job = state.Jobs[job].NextInBatch)
            {
                Book(job, state, now);
            }
        }

        switch (e.Kind)
        {
            case PlantEventKind.JobWaits or PlantEventKind.JobReady or PlantEventKind.JobAssigned or PlantEventKind.TransportStarted:
                Book(e.Job, state, now);
                if (e.Kind == PlantEventKind.JobReady && state.Jobs[e.Job] is { Status: JobStatus.Assigned } job && job.Lead == e.Job)
                {
                    _places.TakeAuxiliaries(e.Job, -1, now);
                }

                break;
            case PlantEventKind.BatchRework:
                _places.TakeAuxiliaries(e.Job, -1, now);
                for (var member = e.Job; member >= 0; member = state.Jobs[member].NextInBatch)
                {
                    Book(member, state, now);
                    _mode[member] = e.Arg == PlantState.AsChildJobs ? Mode.Done : Mode.Queued;
                    Note(member, now);
                }

                break;
            case PlantEventKind.WaitExceeded: GoBack(e.Job, state, now); break;
        }
    }

    public void After(in PlantEvent e, PlantState state)
    {
        var now = e.Time.Milliseconds;
        if (e.Equipment >= 0)
        {
            _places.Look(state, e.Equipment, now);
        }

        switch (e.Kind)
        {
            case PlantEventKind.OrderReleased: ActivateOrder(e.Order, state, now); break;
            case PlantEventKind.MakeUpReleased: ActivateLot(e.Arg, state, now); break;
            case PlantEventKind.JobReady: _mode[e.Job] = Mode.Queued; Note(e.Job, now); break;
            case PlantEventKind.JobAssigned:
                _mode[e.Job] = Mode.Assigned;
                if (e.Job == e.Arg)
                {
                    _places.TakeAuxiliaries(e.Job, +1, now);
                }

                break;
            case PlantEventKind.BatchStarted: Enter(e.Job, Working(e.Job, state.Jobs[e.Job]), state, now); break;
            case PlantEventKind.BatchHeld: Enter(e.Job, FlowParts.Of((HoldReason)e.Arg), state, now); break;
            case PlantEventKind.BatchResumed or PlantEventKind.AdditionStarted: Enter(e.Job, Working(e.Job, state.Jobs[e.Job]), state, now); break;
            case PlantEventKind.BatchBlocked: Enter(e.Job, FlowPart.Blocked, state, now); break;
            case PlantEventKind.BatchEnded: End(e.Job, state, now); break;
            case PlantEventKind.BatchRework when e.Arg == PlantState.AsChildJobs: ActivateRework(e.Job, state, now); break;
        }
    }

    /// <summary>When a job's predecessors were done (its order released, where it has none), ms; −1 where they are not.</summary>
    internal long ActivatedAt(int job) => _activated[job];

    /// <summary>Adds a job's parts so far to <paramref name="sum"/>.</summary>
    /// <param name="job">The job.</param>
    /// <param name="state">The plant at the moment of asking.</param>
    /// <param name="now">That moment, ms.</param>
    /// <param name="sum">One per <see cref="FlowPart"/>.</param>
    internal void AddParts(int job, PlantState state, long now, Span<long> sum)
    {
        Book(job, state, now);
        var parts = _parts.AsSpan(job * FlowParts.Count, FlowParts.Count);
        for (var i = 0; i < parts.Length; i++)
        {
            sum[i] += parts[i];
        }
    }

    private FlowPart Working(int job, in JobState lead) =>
        lead.Attempt > 0 || lead.Additions > 0 || _plant.ReworkOf(job) >= 0 ? FlowPart.Rework : FlowPart.Processing;

    private void ActivateRework(int lead, PlantState state, long now)
    {
        for (var job = lead; job >= 0; job = state.Jobs[job].NextInBatch)
        {
            var child = _plant.CompiledJobOf(job).First + _plant.ReworkBy(job)[0];
            if (state.Jobs[child].Status == JobStatus.Waiting)
            {
                Activate(child, now);
            }
        }
    }

    /// <summary>A lot waited too long: its wait belongs to the operation that is done again, which has not ended after all.</summary>
    private void GoBack(int job, PlantState state, long now)
    {
        Book(job, state, now);
        var before = _plant.RepeatedBefore(job);
        var own = _parts.AsSpan(job * FlowParts.Count, FlowParts.Count);
        var earlier = _parts.AsSpan(before * FlowParts.Count, FlowParts.Count);
        for (var i = 0; i < own.Length; i++)
        {
            earlier[i] += own[i];
        }

        own.Clear();
        (_mode[job], _activated[job]) = (Mode.Inactive, -1);
        (_mode[before], _since[before]) = (Mode.Queued, now);
        Note(before, now);
    }

    private ref long PartOf(int job, FlowPart part) => ref _parts[job * FlowParts.Count + (int)part];

    private void ActivateOrder(int order, PlantState state, long now)
    {
        var table = _plant.Jobs;
        var end = table.LotFirstJob[table.OrderFirstLot[order + 1]];
        for (var job = table.LotFirstJob[table.OrderFirstLot[order]]; job < end; job++)
        {
            if (state.Jobs[job].PendingPredecessors == 0 && state.Jobs[job].Status != JobStatus.Dormant)
            {
                Activate(job, now);
            }
        }
    }

    private void ActivateLot(int lot, PlantState state, long now)
    {
        for (var job = _plant.Jobs.LotFirstJob[lot]; job < _plant.Jobs.LotFirstJob[lot + 1]; job++)
        {
            if (state.Jobs[job] is { PendingPredecessors: 0, Status: JobStatus.Waiting })
            {
                Activate(job, now);
            }
        }
    }

    private void Activate(int job, long now)
    {
        if (_mode[job] == Mode.Inactive)
        {
            _mode[job] = Mode.Resting;
            _activated[job] = now;
            _since[job] = now;
        }
    }

    private void Enter(int lead, FlowPart part, PlantState state, long now)
    {
        for (var job = lead; job >= 0; job = state.Jobs[job].NextInBatch)
        {
            Book(job, state, now);
            _mode[job] = Mode.Active;
            _part[job] = part;
        }
    }

    private void End(int lead, PlantState state, long now)
    {
        _places.TakeAuxiliaries(lead, -1, now);
        for (var job = lead; job >= 0; job = state.Jobs[job].NextInBatch)
        {
            Book(job, state, now);
            _mode[job] = Mode.Done;
            var first = job - _plant.Jobs.OperationIndexOf(job);
            foreach (var successor in _plant.SuccessorsOf(job))
            {
                if (state.Jobs[first + successor].PendingPredecessors == 0)
                {
                    Activate(first + successor, now);
                }
            }
        }
    }

    /// <summary>Books a job's time since it was last booked. Before an event that changes what it waits for, never after.</summary>
    private void Book(int job, PlantState state, long now)
    {
        var ms = now - _since[job];
        if (ms <= 0)
        {
            return;
        }

        switch (_mode[job])
        {
            case Mode.Resting: PartOf(job, FlowParts.Of(state.Jobs[job].WaitsFor, FlowPart.MinWait)) += ms; break;
            case Mode.Queued: BookQueue(job, state, now, ms); break;
            case Mode.Assigned: BookPreparation(job, state, now, ms); break;
            case Mode.Active: PartOf(job, _part[job]) += ms; break;
            default: return;
        }

        _since[job] = now;
    }

    private void Note(int job, long now)
    {
        for (var reason = 0; reason < WaitPlaces.Reasons; reason++)
        {
            _noted[job * WaitPlaces.Reasons + reason] = _places.ClockOf(job, reason, now);
        }
    }

    private void BookQueue(int job, PlantState state, long now, long ms)
    {
        if (state.Jobs[job].WaitsFor is var said && said != WaitReason.None)
        {
            PartOf(job, FlowParts.Of(said, FlowPart.Queue)) += ms;
        }
        else
        {
            var left = ms;
            for (var reason = 1; reason < WaitPlaces.Reasons; reason++)
            {
                var waited = _places.ClockOf(job, reason, now) - _noted[job * WaitPlaces.Reasons + reason];
                PartOf(job, PartOf((PlaceReason)reason, job)) += waited;
                left -= waited;
            }

            PartOf(job, FlowPart.Queue) += left;
        }

        Note(job, now);
    }

    private FlowPart PartOf(PlaceReason reason, int job) => reason switch
    {
        PlaceReason.Free when _planned[job] => FlowPart.PlanKept,
        PlaceReason.Free when _plant.OperationOf(job).Batches => FlowPart.BatchCompany,
        PlaceReason.Free when !_plant.OperationOf(job).Interruptible && HasShifts(job) => FlowPart.OffShift,
        PlaceReason.ShortOfAuxiliaries => FlowPart.Auxiliary,
        PlaceReason.Broken => FlowPart.Breakdown,
        PlaceReason.KeptForMaintenance when _planned[job] => FlowPart.PlanKept,
        PlaceReason.KeptForMaintenance when _plant.OperationOf(job).Batches => FlowPart.BatchCompany,
        PlaceReason.KeptForMaintenance or PlaceReason.InMaintenance => FlowPart.Maintenance,
        PlaceReason.OffShift => FlowPart.OffShift,
        _ => FlowPart.Queue,
    };

    private bool HasShifts(int job)
    {
        foreach (var equipment in _plant.Groups[_plant.GroupOf(job)])
        {
            if (_plant.CalendarOf(equipment) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An assigned job: its machine's state has not changed since it was last booked.</summary>
    private void BookPreparation(int job, PlantState state, long now, long ms)
    {
        ref readonly var me = ref state.Jobs[job];
        ref readonly var machine = ref state.Equipment[me.Equipment];
        switch (machine.Status)
        {
            case EquipmentStatus.Setup: PartOf(job, FlowPart.Setup) += ms; return;
            case EquipmentStatus.Cleaning: PartOf(job, FlowPart.Cleaning) += ms; return;
        }

        if (me.WaitsFor != WaitReason.None)
        {
            PartOf(job, FlowParts.Of(me.WaitsFor, FlowPart.Queue)) += ms;
            return;
        }

        var travel = Math.Clamp(me.ArriveAt - _since[job], 0, ms);
        PartOf(job, FlowPart.Travel) += travel;
        ms -= travel;
        switch (machine.Status)
        {
            case EquipmentStatus.Down or EquipmentStatus.Repair: PartOf(job, FlowPart.Breakdown) += ms; return;
            case EquipmentStatus.Maintenance: PartOf(job, FlowPart.Maintenance) += ms; return;
            case EquipmentStatus.NonScheduled: PartOf(job, FlowPart.OffShift) += ms; return;
        }

        if (machine.OffShift)
        {
            PartOf(job, FlowPart.OffShift) += ms;
            return;
        }

        var company = Math.Clamp(LastArrival(me.Lead, state) - Math.Max(_since[job], me.ArriveAt), 0, ms);
        PartOf(job, FlowPart.BatchCompany) += company;
        PartOf(job, ReadyToStart(job)) += ms - company;
    }

    /// <summary>What a batch waits for that is complete, at a machine that is ready for it.</summary>
    private FlowPart ReadyToStart(int job) =>
        _plant.OperationOf(job).Auxiliaries.Length > 0 ? FlowPart.Auxiliary
        : !_plant.OperationOf(job).Interruptible && HasShifts(job) ? FlowPart.OffShift
        : FlowPart.Queue; // the takt of a line, or a slot

    private static long LastArrival(int lead, PlantState state)
    {
        var last = long.MinValue;
        for (var job = lead; job >= 0; job = state.Jobs[job].NextInBatch)
        {
            last = Math.Max(last, state.Jobs[job].ArriveAt);
        }

        return last;
    }
}
