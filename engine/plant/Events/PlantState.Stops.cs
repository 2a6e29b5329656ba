using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

// Stops: breakdowns, repairs, maintenance, shifts.
public sealed partial class PlantState
{
    private void Break(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        if (equipment is { Status: EquipmentStatus.Maintenance, ExpectedEnd: >= 0 })
        {
            equipment.MaintenanceLeftMs = Math.Max(1, equipment.ExpectedEnd - e.Time.Milliseconds);
        }

        CeaseDraws(e.Equipment, e.Time.Milliseconds);
        StopWaitingToPrepare(e.Equipment, e.Time.Milliseconds);
        Fire(e, EquipmentTrigger.Break);
        equipment.Failures++;
        equipment.Prepared = false;
        equipment.NextFamily = -1;
        equipment.RepairMs = (long)e.Value;
        equipment.ExpectedEnd = e.Value > 0 ? e.Time.Milliseconds + (long)e.Value : -1;
        ForgetCalls(e.Equipment, e.Time.Milliseconds);
        _meters[e.Equipment].Failures++;
        if (_usage.Length > 0)
        {
            BreakBy(e);
        }

        SetPower(e.Equipment, 0, e.Time.Milliseconds);
    }

    private void StartRepair(in PlantEvent e)
    {
        Fire(e, EquipmentTrigger.StartRepair);
        ref var equipment = ref _equipment[e.Equipment];
        if (equipment.RepairMs > 0)
        {
            equipment.ExpectedEnd = e.Time.Milliseconds + equipment.RepairMs;
        }

        if (_machineCalls.Length > 0)
        {
            if (e.Arg >= 0)
            {
                TakeCrew(ref _machineCalls[e.Equipment], e.Equipment, e.Arg, (int)e.Value, e.Time.Milliseconds);
            }
            else
            {
                StopWaiting(ref _machineCalls[e.Equipment], e.Equipment, e.Time.Milliseconds);
            }
        }
    }

    private void Repaired(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        (equipment.UpSince, equipment.AgeMs) = (e.Time.Milliseconds, 0);
        if (_usage.Length > 0)
        {
            RestoreBroken(e);
        }

        BackToWork(e, EquipmentTrigger.EndRepair);
    }

    /// <summary>Maintenance is no working time: the time to failure goes on from where it was.</summary>
    private void EndMaintenance(in PlantEvent e)
    {
        _equipment[e.Equipment].UpSince = e.Time.Milliseconds;
        if (_usage.Length > 0)
        {
            FinishMaintenance(e);
        }

        BackToWork(e, EquipmentTrigger.EndMaintenance);
    }

    private void StartMaintenance(in PlantEvent e)
    {
        Fire(e, EquipmentTrigger.StartMaintenance);
        ref var equipment = ref _equipment[e.Equipment];
        equipment.MaintenanceLeftMs = 0;
        equipment.AgeMs += Plant.CalendarOf(e.Equipment)?.WorkBetween(new SimTime(equipment.UpSince), e.Time).Milliseconds ?? e.Time.Milliseconds - equipment.UpSince;
        equipment.UpSince = e.Time.Milliseconds;
        equipment.ExpectedEnd = e.Value > 0 ? e.Time.Milliseconds + (long)e.Value : -1;
        SetPower(e.Equipment, 0, e.Time.Milliseconds);
    }

    private void BackToWork(in PlantEvent e, EquipmentTrigger trigger)
    {
        ForgetCalls(e.Equipment, e.Time.Milliseconds);
        Fire(e, trigger);
        ref var equipment = ref _equipment[e.Equipment];
        equipment.ExpectedEnd = -1;
        LeaveIfOffShift(e);
        if (equipment is { ActiveCount: > 0, Status: EquipmentStatus.Idle } && AnyBlocked(e.Equipment))
        {
            Fire(e, EquipmentTrigger.Block);
        }

        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void EndShift(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        equipment.OffShift = true;
        if (_overdue.Length > 0)
        {
            PauseLine(e.Equipment, true, e.Time.Milliseconds);
        }

        ForgetCalls(e.Equipment, e.Time.Milliseconds, keepRepair: true);
        StopWaitingToPrepare(e.Equipment, e.Time.Milliseconds);
        if (equipment.Status is EquipmentStatus.Idle or EquipmentStatus.Held)
        {
            Fire(e, EquipmentTrigger.EndShift);
        }

        Touch(e.Equipment);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void StartShift(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        equipment.OffShift = false;
        if (_overdue.Length > 0)
        {
            PauseLine(e.Equipment, false, e.Time.Milliseconds);
        }

        if (equipment.Status == EquipmentStatus.NonScheduled)
        {
            Fire(e, EquipmentTrigger.StartShift);
        }

        Touch(e.Equipment);
        SetPower(e.Equipment, RunningPower(e.Equipment), e.Time.Milliseconds);
    }

    private void LeaveIfOffShift(in PlantEvent e)
    {
        if (_equipment[e.Equipment] is { OffShift: true, Status: EquipmentStatus.Idle })
        {
            Fire(e, EquipmentTrigger.EndShift);
        }
    }
}
