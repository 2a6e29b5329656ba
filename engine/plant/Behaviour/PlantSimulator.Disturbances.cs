using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Disturbances: shifts, breakdowns and maintenance stop machines and let them go on.
public sealed partial class PlantSimulator
{
    private const ulong FailurePurpose = 0xFA11;
    private const ulong RepairPurpose = 0x4E9A14;

    private void ChangeShift(int equipment)
    {
        var calendar = _plant.CalendarOf(equipment)!;
        if (calendar.IsWorking(_now))
        {
            StartShift(equipment);
        }
        else
        {
            EndShift(equipment);
        }

        ScheduleShiftChange(equipment);
    }

    private void ScheduleShiftChange(int equipment)
    {
        if (_plant.CalendarOf(equipment)!.NextChange(_now) is var change && change != SimTime.Never)
        {
            Schedule(change, new Pending(PendingKind.ShiftChange, equipment), priority: -1);
        }
    }

    private void StartShift(int equipment)
    {
        if (!Equipment(equipment).OffShift)
        {
            return;
        }

        Emit(PlantEventKind.ShiftStarted, equipment);
        GoOn(equipment);
        if (_paced && _plant.Lines!.PacedLineOf(equipment) is var line && line >= 0)
        {
            MoveLine(line);
        }
    }

    private void EndShift(int equipment)
    {
        if (Equipment(equipment).OffShift)
        {
            return;
        }

        HoldRunning(equipment, HoldReason.ShiftEnd, interruptibleOnly: true);
        Emit(PlantEventKind.ShiftEnded, equipment);
        WithdrawCalls(equipment);
        if (HasUpkeep && State.Usage[equipment].Ordered > 0)
        {
            _wokenEquipment.Add(equipment); // it may be maintained while it is off
        }
    }

    private void HoldRunning(int equipment, HoldReason reason, bool interruptibleOnly = false)
    {
        for (var lead = Equipment(equipment).FirstActive; lead >= 0; lead = Job(lead).NextActive)
        {
            if (Job(lead).Status == JobStatus.Running && (!interruptibleOnly || _plant.CompiledOperationOf(lead).Interruptible))
            {
                Hold(equipment, lead, reason);
            }
        }
    }

    /// <summary>After a stop: held batches resume, a reserved one is prepared anew, or the machine chooses.</summary>
    private void GoOn(int equipment)
    {
        ref readonly var machine = ref Equipment(equipment);
        if (machine.Status is EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance || machine.OffShift)
        {
            return;
        }

        ResumeHeld(equipment);
        UtilitiesChanged();
        GoOnPreparing(equipment);
    }

    /// <summary>A machine that stood still can be worked at again: its reserved batch is prepared or starts, or it chooses.</summary>
    private void GoOnPreparing(int equipment)
    {
        ref readonly var machine = ref Equipment(equipment);
        if (machine.Reserved >= 0)
        {
            if (_mayStart[equipment])
            {
                StartWhenPossible(equipment);
            }
            else if (machine.Status is not (EquipmentStatus.Setup or EquipmentStatus.Cleaning))
            {
                Prepare(equipment);
            }
        }

        _wokenEquipment.Add(equipment);
    }

    private void ScheduleFailure(int equipment)
    {
        if (!_plant.CompiledEquipmentOf(equipment).Fails)
        {
            return;
        }

        var law = _plant.Plant.Equipment[equipment].TimeToFailure!;

        var stream = _plant.EquipmentKey(equipment) ^ FailurePurpose;
        var upSince = new SimTime(Equipment(equipment).UpSince);
        var index = Equipment(equipment).Failures * 16L;
        var at = After(upSince, law.Sample(_random, stream, index));
        // A state that was observed may have outlived this draw: draw again until the machine fails in the future.
        for (var again = 1; at <= _now && again < 16; again++)
        {
            at = After(upSince, law.Sample(_random, stream, index + again));
        }

        if (at <= _now)
        {
            at = After(_now, law.Sample(_random, stream, index + 15));
        }

        _failureHandles[equipment] = Schedule(at, new Pending(PendingKind.Failure, equipment));

        SimTime After(SimTime since, double ms)
        {
            var time = Duration.FromMilliseconds(Math.Max(1, since == upSince ? ms - Equipment(equipment).AgeMs : ms));
            return _plant.CalendarOf(equipment) is { } calendar ? calendar.EndOfInterruptible(since, time) : since + time;
        }
    }

    private void Fail(int equipment)
    {
        var machine = _plant.Plant.Equipment[equipment];
        var ms = machine.TimeToRepair!.Sample(_random, _plant.EquipmentKey(equipment) ^ RepairPurpose, Equipment(equipment).Failures);
        Break(equipment, Duration.FromMilliseconds(Math.Max(1, ms)));
    }

    /// <param name="mode">Failure mode that broke it; −1 for none.</param>
    private void Break(int equipment, Duration repair, int mode = -1)
    {
        if (Equipment(equipment).Status is EquipmentStatus.Down or EquipmentStatus.Repair)
        {
            return; // already broken
        }

        if (Equipment(equipment).Status == EquipmentStatus.Maintenance)
        {
            _calendar.Cancel(_repairHandles[equipment]); // what is left of the maintenance comes after the repair
        }

        var after = mode >= 0 ? _plant.Upkeep.Mode(mode).AfterBreakdown : _plant.Plant.Equipment[equipment].AfterBreakdown;
        if (after == AfterBreakdown.Scrap)
        {
            ScrapRunning(equipment);
        }

        _calendar.Cancel(_failureHandles[equipment]);
        _calendar.Cancel(_preparationHandles[equipment]);
        _mayStart[equipment] = false; // what was prepared must be prepared again
        LeavePhase(~equipment);
        Emit(PlantEventKind.EquipmentDown, equipment, arg: mode, value: repair.Milliseconds);
        WithdrawCalls(equipment);
        _maintenanceDue[equipment] = Math.Max(_maintenanceDue[equipment], Equipment(equipment).MaintenanceLeftMs);
        BeginRepair(equipment);
        HoldRunning(equipment, HoldReason.Breakdown);
        if (after == AfterBreakdown.Repeat)
        {
            RestartHeld(equipment);
        }
    }

    /// <summary>What runs is lost: its members are done again, with new material, wherever there is room.</summary>
    private void ScrapRunning(int equipment)
    {
        for (var lead = Equipment(equipment).FirstActive; lead >= 0;)
        {
            var next = Job(lead).NextActive;
            if (Job(lead).Status == JobStatus.Running)
            {
                _calendar.Cancel(_batchHandles[lead]);
                for (var job = lead; job >= 0; job = Job(job).NextInBatch)
                {
                    Emit(PlantEventKind.Scrapped, equipment, job, arg: PlantState.MadeAgain, value: _plant.Jobs.QuantityOf(job));
                }

                RepeatBatch(equipment, lead);
            }

            lead = next;
        }
    }

    private void RestartHeld(int equipment)
    {
        for (var lead = Equipment(equipment).FirstActive; lead >= 0; lead = Job(lead).NextActive)
        {
            if (Job(lead).Status == JobStatus.Held)
            {
                var time = _plant.CompiledOperationOf(lead).CountsPieces ? Duration.Zero // only the piece in work begins anew
                    : _plant.DrawProcessingTime(lead, equipment, Job(lead).Load, Job(lead).Attempt, _random);
                Emit(PlantEventKind.BatchRestarted, equipment, lead, value: time.Milliseconds);
            }
        }
    }

    /// <summary>The repair begins when its people are there; until then the machine is down.</summary>
    private void BeginRepair(int equipment)
    {
        var need = RepairNeedOf(equipment);
        if (!need.Exists)
        {
            StartRepair(equipment, -1);
        }
        else if (TakeNow(need, out var pool))
        {
            StartRepair(equipment, pool);
        }
        else
        {
            CallToMachine(equipment, CrewTask.Repair, need);
        }
    }

    private void StartRepair(int equipment, int pool)
    {
        var ms = Equipment(equipment).RepairMs;
        var left = new Duration(ms > 0 ? ms : (long)(_plant.Plant.Equipment[equipment].TimeToRepair?.Mean ?? Duration.MillisecondsPerHour));
        if (pool < 0)
        {
            Emit(PlantEventKind.RepairStarted, equipment);
        }
        else
        {
            Emit(PlantEventKind.RepairStarted, equipment, arg: pool, value: RepairNeedOf(equipment).Count);
            LeaveSideJobs(pool);
        }

        _repairHandles[equipment] = Schedule(_now + left, new Pending(PendingKind.EndRepair, equipment));
    }

    private void EndRepair(int equipment)
    {
        Emit(PlantEventKind.RepairEnded, equipment);
        ScheduleFailure(equipment);
        GoOn(equipment);
    }

    private void Disturb(Disturbance disturbance)
    {
        var equipment = disturbance.Equipment.Index;
        if (disturbance.Kind == DisturbanceKind.Breakdown)
        {
            Break(equipment, disturbance.Duration);
        }
        else
        {
            _maintenanceDue[equipment] = disturbance.Duration.Milliseconds;
            _wokenEquipment.Add(equipment);
        }
    }

    /// <summary>Planned maintenance waits until the machine is empty and then comes before any work.</summary>
    /// <param name="equipment">The machine.</param>
    /// <param name="pool">Pool whose people have come; −1 when they are still to be asked for.</param>
    private bool StartDueMaintenance(int equipment, int pool = -1)
    {
        if (_maintenanceDue[equipment] == 0 || !IsEmpty(equipment))
        {
            return false;
        }

        var need = NeedInHand(equipment);
        if (need.Exists && pool < 0 && !TakeNow(need, out pool))
        {
            CallForMaintenance(equipment, need);
            return false;
        }

        var length = new Duration(_maintenanceDue[equipment]);
        _maintenanceDue[equipment] = 0;
        BeginMaintenance(equipment, length, pool, need);
        return true;
    }

    private void EndMaintenance(int equipment)
    {
        Emit(PlantEventKind.MaintenanceEnded, equipment);
        ScheduleFailure(equipment);
        GoOn(equipment);
    }
}
