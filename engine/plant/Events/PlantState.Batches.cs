using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Events;

// Batches: started, held, resumed, blocked, ended, repeated.
public sealed partial class PlantState
{
    private void StartBatch(in PlantEvent e)
    {
        if (_equipment[e.Equipment].ActiveCount > 0)
        {
            ShareOut(e.Equipment, e.Time); // a setup before the first batch stays in the account: it served this one
        }

        Fire(e, EquipmentTrigger.StartBatch);
        ref var equipment = ref _equipment[e.Equipment];
        ref var lead = ref _jobs[e.Job];
        lead.PlannedMs = (long)e.Value;
        lead.Estimated = e.Source != EventSource.Simulated;
        lead.WorkedMs = 0;
        if (_utilityJobs.Length > 0)
        {
            _utilityJobs[e.Job] = UtilityJobState.None;
        }

        BeginPieces(e.Job, e.Equipment);
        lead.RunningSince = e.Time.Milliseconds;
        lead.NextActive = equipment.FirstActive;
        equipment.FirstActive = e.Job;
        equipment.ActiveCount++;
        equipment.Reserved = -1;
        equipment.Prepared = false;
        StopWaitingToPrepare(e.Equipment, e.Time.Milliseconds);
        if (_machineCalls.Length > 0)
        {
            StopWaiting(ref _machineCalls[e.Equipment], e.Equipment, e.Time.Milliseconds);
        }

        if (e.Arg >= 0)
        {
            equipment.Family = e.Arg;
        }

        for (var j = e.Job; j >= 0; j = _jobs[j].NextInBatch)
        {
            ref var job = ref _jobs[j];
            job.Status = Next(job.Status, JobTrigger.Start);
            job.WaitsFor = WaitReason.None;
            job.StartAt = e.Time.Milliseconds;
            ref var order = ref _orders[Plant.CompiledJobOf(j).Order];
            if (order.Status == OrderStatus.Released)
            {
                order.Status = Next(order.Status, OrderTrigger.Begin);
                order.StartedAt = e.Time.Milliseconds;
            }

            order.Version = Version;
        }

        if (_workers.Length > 0)
        {
            StartAtStation(e);
        }

        UseAuxiliaries(e.Job, +1);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void StartPhase(in PlantEvent e)
    {
        ref readonly var phase = ref Plant.PhasesOf(e.Job)[e.Arg];
        Fire(e, phase.Kind switch
        {
            PhaseKind.Load => EquipmentTrigger.EnterLoad,
            PhaseKind.Sample => EquipmentTrigger.EnterSample,
            PhaseKind.Unload => EquipmentTrigger.EnterUnload,
            _ => EquipmentTrigger.EnterProcess,
        });
        ref var lead = ref _jobs[e.Job];
        Draw(e.Equipment, e.Job, -1, e.Time.Milliseconds);
        SetSpeed(e.Job, 1, -1, e.Time.Milliseconds);
        if (_batchCalls.Length > 0 && Plant.CrewNeedOf(e.Job, lead.Phase) != Plant.CrewNeedOf(e.Job, e.Arg))
        {
            ReturnCrew(ref _batchCalls[e.Job], e.Time.Milliseconds);
        }

        lead.Phase = (short)e.Arg;
        Draw(e.Equipment, e.Job, +1, e.Time.Milliseconds);
        DrawAtOnce(e.Equipment, e.Job, e.Time.Milliseconds);
        ref var meters = ref _meters[e.Equipment];
        var use = new ResourceUse { WaterM3 = phase.WaterLitresPerUnit * lead.Load / 1000, SteamKg = phase.SteamKgPerUnit * lead.Load };
        if (!use.IsNothing)
        {
            meters.WaterM3 += use.WaterM3;
            meters.SteamKg += use.SteamKg;
            ShareAmongMembers(e.Job, use);
        }

        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void HoldBatch(in PlantEvent e)
    {
        ref var lead = ref _jobs[e.Job];
        StopDrawing(e);
        lead.WorkedMs += e.Time.Milliseconds - lead.RunningSince;
        ReturnBatchCrew(e.Job, e.Time.Milliseconds);
        ForMembers(e.Job, JobTrigger.Hold);
        var status = _equipment[e.Equipment].Status;
        if (EquipmentLifecycle.Table.Next((int)status, (int)EquipmentTrigger.Hold) >= 0 && !AnyRunning(e.Equipment))
        {
            Fire(e, EquipmentTrigger.Hold);
        }

        Touch(e.Equipment);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void ResumeBatch(in PlantEvent e)
    {
        _jobs[e.Job].RunningSince = e.Time.Milliseconds;
        StopWaiting(e.Job, e.Time.Milliseconds);
        ForMembers(e.Job, JobTrigger.Resume);
        Draw(e.Equipment, e.Job, +1, e.Time.Milliseconds);
        Fire(e, EquipmentTrigger.Resume);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void RestartBatch(in PlantEvent e)
    {
        GiveUpPhase(e);
        ref var lead = ref _jobs[e.Job];
        lead.WorkedMs = _pieces.Length > 0 ? _pieces[e.Job].DoneMs : 0;
        lead.Phase = -1;
        lead.Additions = 0;
        if (e.Value > 0)
        {
            lead.PlannedMs = (long)e.Value;
        }

        Touch(e.Equipment);
    }

    private void AddProcessing(in PlantEvent e)
    {
        ref var lead = ref _jobs[e.Job];
        Draw(e.Equipment, e.Job, -1, e.Time.Milliseconds);
        lead.PlannedMs += (long)e.Value;
        lead.Additions++;
        Draw(e.Equipment, e.Job, +1, e.Time.Milliseconds);
        Fire(e, EquipmentTrigger.EnterProcess);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void BlockBatch(in PlantEvent e)
    {
        StopDrawing(e);
        ReturnBatchCrew(e.Job, e.Time.Milliseconds);
        ForMembers(e.Job, JobTrigger.Block);
        if (!AnyRunning(e.Equipment))
        {
            Fire(e, EquipmentTrigger.Block);
        }

        Touch(e.Equipment);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void EndBatch(in PlantEvent e)
    {
        StopDrawing(e);
        StopWaiting(e.Job, e.Time.Milliseconds);
        CountBatch(e);
        if (_workers.Length > 0)
        {
            LeaveStation(e);
        }

        Unlink(e);
        for (var j = e.Job; j >= 0;)
        {
            ref var job = ref _jobs[j];
            var next = job.NextInBatch;
            job.Status = Next(job.Status, JobTrigger.End);
            job.EndAt = e.Time.Milliseconds;
            if (_fixtures.Length > 0)
            {
                SendFixtureBack(j, e.Time.Milliseconds);
            }

            ref readonly var compiled = ref Plant.CompiledJobOf(j);
            foreach (var successor in Plant.SuccessorsOf(j))
            {
                _jobs[compiled.First + successor].PendingPredecessors--;
            }

            ref var order = ref _orders[compiled.Order];
            order.JobsLeft--;
            order.Version = Version;
            j = next;
        }
    }

    /// <summary>A phase is given up in the middle: what it had not drawn yet was booked at its start and is taken back.</summary>
    private void GiveUpPhase(in PlantEvent e)
    {
        ref readonly var lead = ref _jobs[e.Job];
        if (lead.Phase < 0 || lead.Estimated || lead.Additions > 0)
        {
            return; // an addition comes when all phases are done
        }

        var (start, end) = (PhaseEndMs(e.Job, lead.Phase - 1), PhaseEndMs(e.Job, lead.Phase));
        var left = end - Math.Max(start, ProgressMs(e.Job, e.Time));
        if (left <= 0 || end <= start)
        {
            return;
        }

        ref readonly var phase = ref Plant.PhasesOf(e.Job)[lead.Phase];
        var undone = -lead.Load * Math.Min(1, left / (double)(end - start));
        var use = new ResourceUse { WaterM3 = phase.WaterLitresPerUnit * undone / 1000, SteamKg = phase.SteamKgPerUnit * undone };
        if (!use.IsNothing)
        {
            _meters[e.Equipment].WaterM3 += use.WaterM3;
            _meters[e.Equipment].SteamKg += use.SteamKg;
            ShareAmongMembers(e.Job, use);
        }
    }

    private void ReworkBatch(in PlantEvent e)
    {
        GiveUpPhase(e);
        StopDrawing(e);
        CountBatch(e);
        _meters[e.Equipment].ReworkQuantity += _jobs[e.Job].Load;
        Unlink(e);
        for (var j = e.Job; j >= 0;)
        {
            ref var job = ref _jobs[j];
            var next = job.NextInBatch;
            if (e.Arg == AsChildJobs)
            {
                CallRework(j, e.Time.Milliseconds);
                j = next;
                continue;
            }

            job.Status = Next(job.Status, JobTrigger.Rework);
            job.Attempt++;
            ForgetPieces(j);
            job.ReadyAt = e.Time.Milliseconds;
            LeaveBatch(ref job);
            CountWaiting(Plant.GroupOf(j), +1, e.Time.Milliseconds);
            j = next;
        }
    }

    private void Unlink(in PlantEvent e)
    {
        ShareOut(e.Equipment, e.Time);
        ref var equipment = ref _equipment[e.Equipment];
        if (equipment.FirstActive == e.Job)
        {
            equipment.FirstActive = _jobs[e.Job].NextActive;
        }
        else
        {
            var before = equipment.FirstActive;
            while (_jobs[before].NextActive != e.Job)
            {
                before = _jobs[before].NextActive;
            }

            _jobs[before].NextActive = _jobs[e.Job].NextActive;
        }

        equipment.ActiveCount--;
        UseAuxiliaries(e.Job, -1);
        LeaveCrew(e);
        if (equipment.ActiveCount == 0)
        {
            Fire(e, EquipmentTrigger.EndBatch);
            LeaveIfOffShift(e);
        }
        else if (!AnyRunning(e.Equipment))
        {
            // Those that stay behind in other slots decide what the equipment is doing.
            var trigger = AnyBlocked(e.Equipment) ? EquipmentTrigger.Block : EquipmentTrigger.Hold;
            if (EquipmentLifecycle.Table.Next((int)equipment.Status, (int)trigger) >= 0)
            {
                Fire(e, trigger);
            }
        }

        Touch(e.Equipment);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void ForMembers(int lead, JobTrigger trigger)
    {
        for (var j = lead; j >= 0; j = _jobs[j].NextInBatch)
        {
            _jobs[j].Status = Next(_jobs[j].Status, trigger);
        }
    }

    private bool AnyRunning(int equipment)
    {
        for (var lead = _equipment[equipment].FirstActive; lead >= 0; lead = _jobs[lead].NextActive)
        {
            if (_jobs[lead].Status == JobStatus.Running)
            {
                return true;
            }
        }

        return false;
    }

    private bool AnyBlocked(int equipment)
    {
        for (var lead = _equipment[equipment].FirstActive; lead >= 0; lead = _jobs[lead].NextActive)
        {
            if (_jobs[lead].Status == JobStatus.Blocked)
            {
                return true;
            }
        }

        return false;
    }

    private void UseAuxiliaries(int lead, int sign)
    {
        foreach (var need in Plant.NeedsOf(lead))
        {
            SettlePool(need.Auxiliary, Now.Milliseconds);
            _auxiliaryInUse[need.Auxiliary] += sign * need.Count;
            if (sign < 0)
            {
                CountReturn(need.Auxiliary);
            }
        }
    }
}
