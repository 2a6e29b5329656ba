using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Processing: cleaning and setup while the batch travels, then phases, sample, addition or rework, and out.
public sealed partial class PlantSimulator
{
    /// <summary>Begins the next piece of preparation for the reserved batch, or starts it.</summary>
    /// <param name="setter">Pool whose people have come to set it up; −1 when they are still to be asked for.</param>
    /// <param name="letIn">The utilities have just made room for it.</param>
    private void Prepare(int equipment, int setter = -1, bool letIn = false)
    {
        if (Equipment(equipment).OffShift || WaitsToPrepare(equipment))
        {
            return; // the next shift, or whoever lets it draw, goes on from here
        }

        if (setter < 0 && State.CrewOf(equipment).Awaits != CrewTask.None)
        {
            return; // whoever comes goes on from here
        }

        var lead = Equipment(equipment).Reserved;
        var family = _plant.FamilyOf(lead);
        var plan = ChangeoverFor(lead, equipment);
        if ((plan.NeedsCleaning || (plan.SetupTime > Duration.Zero && Equipment(equipment).ActiveCount == 0))
            && !((letIn || HasUtilitiesToPrepare(equipment, plan, setter)) && HasSetter(equipment, setter)))
        {
            return;
        }

        if (plan.NeedsCleaning)
        {
            Emit(PlantEventKind.CleaningStarted, equipment, lead, arg: plan.Cleaning, value: plan.CleaningTime.Milliseconds);
            DrawForChangeover(equipment);
            _preparationHandles[equipment] = Schedule(_now + plan.CleaningTime, new Pending(PendingKind.EndPreparation, equipment));
        }
        else if (plan.SetupTime > Duration.Zero && Equipment(equipment).ActiveCount == 0)
        {
            Emit(PlantEventKind.SetupStarted, equipment, lead, arg: family, value: plan.SetupTime.Milliseconds);
            DrawForChangeover(equipment);
            _preparationHandles[equipment] = Schedule(_now + plan.SetupTime, new Pending(PendingKind.EndPreparation, equipment));
        }
        else
        {
            if (setter >= 0 && State.CrewOf(equipment).Awaits != CrewTask.None)
            {
                Emit(PlantEventKind.CrewRequested, equipment, arg: (int)CrewTask.None);
            }

            _mayStart[equipment] = true;
            StartWhenPossible(equipment);
        }
    }

    private void EndPreparation(int equipment)
    {
        var lead = Equipment(equipment).Reserved;
        LeavePhase(~equipment);
        if (Equipment(equipment).Status == EquipmentStatus.Cleaning)
        {
            Emit(PlantEventKind.CleaningEnded, equipment);
            if (lead >= 0)
            {
                Prepare(equipment);
            }
        }
        else
        {
            Emit(PlantEventKind.SetupEnded, equipment, lead);
            _mayStart[equipment] = true;
            StartWhenPossible(equipment);
        }

        if (lead < 0)
        {
            _wokenEquipment.Add(equipment);
        }
    }

    /// <summary>Starts the prepared batch when its members are there and the shift lets it; otherwise comes back then.</summary>
    private void StartWhenPossible(int equipment)
    {
        ref readonly var machine = ref Equipment(equipment);
        var lead = machine.Reserved;
        if (lead < 0 || !_mayStart[equipment] || machine.OffShift || !IsUp(machine.Status) || State.CrewOf(equipment).Awaits != CrewTask.None)
        {
            return; // whatever ends the obstacle tries again
        }

        var earliest = EarliestStart(equipment, lead);
        if (earliest > _now)
        {
            if (earliest != SimTime.Never)
            {
                Schedule(earliest, new Pending(PendingKind.StartBatch, equipment));
            }

            return;
        }

        if (_overPromised && !BatchMaterialUsable(lead))
        {
            return; // whatever brings material tries again
        }

        if ((_auxiliaryPromised[lead] || MayTakeAuxiliaries(equipment, lead)) && HasCrewToStart(equipment, lead, out var crew))
        {
            StartBatch(equipment, lead, crew);
        }
    }

    private SimTime EarliestStart(int equipment, int lead)
    {
        var earliest = _now;
        for (var job = lead; job >= 0; job = Job(job).NextInBatch)
        {
            if (Job(job).ArriveAt < 0 && _plant.Fleets is not null)
            {
                return SimTime.Never; // the vehicle that brings it tries again
            }

            earliest = SimTime.Max(earliest, new SimTime(Job(job).ArriveAt));
        }

        if (_paced && _plant.Lines!.PacedLineOf(equipment) is var paced && paced >= 0)
        {
            earliest = SimTime.Max(earliest, InReachAt(paced, equipment, lead));
        }
        else if (_plant.LaunchLineOf(equipment) is var line && line >= 0)
        {
            earliest = SimTime.Max(earliest, new SimTime(_lastLaunch[line]) + _plant.Plant.Lines[line].Takt);
        }

        if (earliest != SimTime.Never && _plant.CalendarOf(equipment) is { } calendar && !_plant.CompiledOperationOf(lead).Interruptible)
        {
            earliest = calendar.StartOfUninterrupted(earliest, _plant.MeanProcessingTime(lead, equipment, Job(lead).Load));
        }

        return earliest;
    }

    private void StartBatch(int equipment, int lead, int crew)
    {
        _mayStart[equipment] = false;
        if (_plant.LaunchLineOf(equipment) is var line && line >= 0)
        {
            _lastLaunch[line] = _now.Milliseconds;
        }

        if (_auxiliaryPromised[lead])
        {
            _auxiliaryPromised[lead] = false;
            foreach (var need in _plant.NeedsOf(lead))
            {
                _auxiliaryReserved[need.Auxiliary] -= need.Count;
            }
        }

        var time = _plant.CompiledOperationOf(lead).CountsPieces
            ? _plant.PlanPieces(lead, equipment, Job(lead).Load, Job(lead).Attempt, _random)
            : _plant.DrawProcessingTime(lead, equipment, Job(lead).Load, Job(lead).Attempt, _random);
        Emit(PlantEventKind.BatchStarted, equipment, lead, arg: _plant.FamilyOf(lead), value: time.Milliseconds);
        if (_lines is not null)
        {
            ConsumeMaterials(equipment, lead);
        }

        if (_paced && _plant.Lines!.PacedLineOf(equipment) is var moving && moving >= 0 && _plant.Lines.StationOf(equipment) == 0)
        {
            ScheduleBorders(moving, lead);
        }

        if (_plant.CompiledOperationOf(lead).PhaseCount == 0 || EnterPhase(equipment, lead, 0))
        {
            if (crew >= 0)
            {
                AssignCrew(equipment, lead, crew, FirstNeedOf(lead));
            }

            ScheduleProgress(equipment, lead);
        }

        if (_crews is not null)
        {
            foreach (var need in _plant.NeedsOf(lead))
            {
                LeaveSideJobs(need.Auxiliary);
            }
        }

        if (Equipment(equipment).ActiveCount < _plant.CompiledEquipmentOf(equipment).Slots)
        {
            _wokenEquipment.Add(equipment);
        }
    }

    /// <summary>Puts the end of the current phase, or of the batch, into the calendar.</summary>
    private void ScheduleProgress(int equipment, int lead)
    {
        ref readonly var job = ref Job(lead);
        var worked = State.ProgressMs(lead, _now);
        if (_plant.CountsPieces && State.PiecesLeft(lead) > 0)
        {
            SchedulePiece(equipment, lead, worked);
        }
        else if (job.Phase >= 0 && job.Phase < _plant.CompiledOperationOf(lead).PhaseCount - 1 && job.Additions == 0)
        {
            _batchHandles[lead] = Schedule(_now + TimeFor(lead, State.PhaseEndMs(lead, job.Phase) - worked), new Pending(PendingKind.EndPhase, equipment, lead));
        }
        else
        {
            _batchHandles[lead] = Schedule(_now + TimeFor(lead, job.PlannedMs - worked), new Pending(PendingKind.EndBatch, equipment, lead));
        }
    }

    /// <summary>Time that progress takes at the batch's present speed.</summary>
    private Duration TimeFor(int lead, long progress) => new(
        progress <= 0 ? 0 : State.UtilityJobs.Length > 0 ? (long)Math.Ceiling(progress / State.UtilityJobs[lead].Speed) : progress);

    private void EndPhase(int equipment, int lead)
    {
        if (_plant.Crews.ForBatches)
        {
            EnterPhaseWithCrew(equipment, lead);
        }
        else if (EnterPhase(equipment, lead, Job(lead).Phase + 1))
        {
            ScheduleProgress(equipment, lead);
        }
    }

    private void Hold(int equipment, int lead, HoldReason reason)
    {
        _calendar.Cancel(_batchHandles[lead]);
        LeavePhase(lead);
        Emit(PlantEventKind.BatchHeld, equipment, lead, arg: (int)reason);
    }

    private void ResumeHeld(int equipment)
    {
        for (var lead = Equipment(equipment).FirstActive; lead >= 0; lead = Job(lead).NextActive)
        {
            if (Job(lead).Status != JobStatus.Held || WaitsForUtility(lead))
            {
                continue; // whatever lets it in goes on
            }

            if (_plant.Crews.ForBatches)
            {
                GoOnWithBatch(equipment, lead);
            }
            else
            {
                Emit(PlantEventKind.BatchResumed, equipment, lead);
                if (Job(lead).Phase < 0 && _plant.CompiledOperationOf(lead).PhaseCount > 0)
                {
                    if (!EnterPhase(equipment, lead, 0)) // it begins anew
                    {
                        continue;
                    }
                }
                else
                {
                    GoOnDrawing(lead);
                }

                ScheduleProgress(equipment, lead);
            }
        }
    }

    private static bool IsUp(EquipmentStatus status) =>
        status is not (EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance or EquipmentStatus.NonScheduled
            or EquipmentStatus.Setup or EquipmentStatus.Cleaning or EquipmentStatus.Held);
}
