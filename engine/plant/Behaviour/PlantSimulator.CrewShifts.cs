using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

// Crew shifts and side jobs: who is there, and what they do while nobody calls them.
public sealed partial class PlantSimulator
{
    private void ChangeCrewShift(int pool)
    {
        // Who is absent stays so until the next shift.
        var count = State.OnDutyHolds(pool, _now) ? State.OnDuty[pool] : _plant.Crews.OnDutyAt(pool, _now);
        if (count != State.OnDuty[pool])
        {
            Emit(PlantEventKind.CrewShiftChanged, arg: pool, value: count);
            LeaveSideJobs(pool);
            if (_plant.Plant.Auxiliaries[pool].AtShiftEnd == ShiftEndRule.Hold)
            {
                SendHome(pool);
            }

            WakeThoseShortOf(pool);
        }

        _crews!.Wake(pool);
        ScheduleCrewShift(pool);
    }

    private void ScheduleCrewShift(int pool)
    {
        if (_plant.Crews.NextShiftChange(pool, _now) is var change && change != SimTime.Never)
        {
            Schedule(change, new Pending(PendingKind.CrewShift, Job: pool), priority: -1);
        }
    }

    /// <summary>More are at work than on duty: what was begun last stands still, until it is enough.</summary>
    private void SendHome(int pool)
    {
        while (State.AuxiliaryInUse[pool] > State.OnDuty[pool] && LatestWorkOf(pool) is var (equipment, lead) && equipment >= 0)
        {
            if (lead >= 0)
            {
                Hold(equipment, lead, HoldReason.Operator);
                CallToBatch(equipment, lead, _plant.CrewNeedOf(lead, Job(lead).Phase));
            }
            else
            {
                _calendar.Cancel(_repairHandles[equipment]);
                Emit(PlantEventKind.RepairInterrupted, equipment);
                CallToMachine(equipment, CrewTask.Repair, RepairNeedOf(equipment));
            }
        }
    }

    /// <summary>The repair (lead −1) or batch of the pool's people that was begun last and can stand still; equipment −1 when there is none.</summary>
    private (int Equipment, int Lead) LatestWorkOf(int pool)
    {
        var (latest, at, batch) = (long.MinValue, -1, -1);
        for (var e = 0; e < _plant.Plant.Equipment.Length; e++)
        {
            if (Equipment(e).Status == EquipmentStatus.Repair && Equipment(e).Since > latest && IsAtWork(State.CrewOf(e)))
            {
                (latest, at, batch) = (Equipment(e).Since, e, -1);
            }

            for (var lead = Equipment(e).FirstActive; lead >= 0; lead = Job(lead).NextActive)
            {
                if (Job(lead).Status == JobStatus.Running && Job(lead).RunningSince > latest && IsAtWork(State.CrewOfBatch(lead)))
                {
                    (latest, at, batch) = (Job(lead).RunningSince, e, lead);
                }
            }
        }

        return (at, batch);

        bool IsAtWork(CrewCall call) => call.Count > 0 && call.Pool == pool;
    }

    private void StartSideJobs(int pool)
    {
        while (_sideDesk!.AnyWaiting(pool) && State.OnDuty[pool] - State.AuxiliaryInUse[pool] - State.OnSideJobs[pool] > 0)
        {
            var side = _sideDesk.Begin(pool);
            ref readonly var job = ref State.SideJobs[side];
            var left = job.LeftMs > 0 ? new Duration(job.LeftMs) : _plant.Crews.DrawSideJob(side, job.Done, _random);
            Emit(PlantEventKind.SideJobStarted, arg: side, value: left.Milliseconds);
            _sideHandles[side] = Schedule(_now + left, new Pending(PendingKind.EndSideJob, Job: side));
        }
    }

    /// <summary>Calls go before side jobs: as many are interrupted, the latest first, as heads are needed.</summary>
    private void LeaveSideJobs(int pool)
    {
        while (State.OnSideJobs[pool] > 0 && State.AuxiliaryInUse[pool] + State.OnSideJobs[pool] > State.OnDuty[pool])
        {
            var side = _sideDesk!.Latest(pool);
            _calendar.Cancel(_sideHandles[side]);
            Emit(PlantEventKind.SideJobInterrupted, arg: side);
            _sideDesk.Leave(pool, side);
            _sideDesk.Wait(pool, side);
        }
    }

    private void EndSideJob(int side)
    {
        var pool = _plant.Crews.SideJobPool[side];
        Emit(PlantEventKind.SideJobEnded, arg: side);
        _sideDesk!.Leave(pool, side);
        _sideDesk.Wait(pool, side);
        _crews!.Wake(pool);
    }

    private void ResumeCrews()
    {
        for (var pool = 0; pool < State.OnDuty.Length; pool++)
        {
            Schedule(_now, new Pending(PendingKind.CrewShift, Job: pool), priority: -1);
        }

        var inWork = new List<int>();
        for (var side = 0; side < State.SideJobs.Length; side++)
        {
            if (State.SideJobs[side].Since >= 0)
            {
                inWork.Add(side);
            }
            else
            {
                _sideDesk!.Wait(_plant.Crews.SideJobPool[side], side);
            }
        }

        foreach (var side in inWork.OrderBy(s => State.SideJobs[s].Since))
        {
            _sideDesk!.Enter(_plant.Crews.SideJobPool[side], side);
            ref readonly var job = ref State.SideJobs[side];
            _sideHandles[side] = Schedule(new SimTime(job.Since + job.LeftMs), new Pending(PendingKind.EndSideJob, Job: side));
        }
    }

    /// <summary>The calls of equipment and of its batches wait on from when they began to.</summary>
    private void ResumeCalls(int equipment)
    {
        var call = State.CrewOf(equipment);
        var need = call.Awaits switch
        {
            CrewTask.Repair => RepairNeedOf(equipment),
            CrewTask.Maintenance => MaintenanceNeed(equipment),
            CrewTask.Setup => _plant.Crews.SetupOf(equipment),
            CrewTask.Start when Equipment(equipment).Reserved is var reserved && reserved >= 0 => FirstNeedOf(reserved),
            _ => SkillNeed.None,
        };
        if (need.Exists)
        {
            QueueMachine(equipment, need, call.Since);
        }

        for (var lead = _plant.Crews.ForBatches ? Equipment(equipment).FirstActive : -1; lead >= 0; lead = Job(lead).NextActive)
        {
            if (State.CrewOfBatch(lead) is { Awaits: not CrewTask.None } waiting)
            {
                QueueBatch(equipment, lead, _plant.CrewNeedOf(lead, Job(lead).Phase + (StandsBeforePhase(lead) ? 1 : 0)), waiting.Since);
            }
        }
    }
}
