using System.Globalization;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Events;

/// <summary>Which events a state permits: the lifecycles, applied to indices that may come from outside.</summary>
internal static class EventRules
{
    public static bool Permits(PlantState state, in PlantEvent e)
    {
        if (!IndicesExist(state, e))
        {
            return false;
        }

        switch (e.Kind)
        {
            case PlantEventKind.OrderReleased: return OrderCan(state, e, OrderTrigger.Release);
            case PlantEventKind.OrderCompleted: return OrderCan(state, e, OrderTrigger.Complete) && state.Orders[e.Order].JobsLeft == 0;
            case PlantEventKind.OrderCancelled: return OrderCan(state, e, OrderTrigger.Cancel);
            case PlantEventKind.JobReady: return JobCan(state, e.Job, JobTrigger.MakeReady) && state.Jobs[e.Job].PendingPredecessors == 0;
            case PlantEventKind.JobAssigned: return CanAssign(state, e);
            case PlantEventKind.SetupStarted: return EquipmentCan(state, e, EquipmentTrigger.StartSetup) && e.Arg < state.Plant.Plant.Families.Length;
            case PlantEventKind.SetupEnded: return EquipmentCan(state, e, EquipmentTrigger.EndSetup);
            case PlantEventKind.CleaningStarted: return EquipmentCan(state, e, EquipmentTrigger.StartCleaning);
            case PlantEventKind.CleaningEnded: return EquipmentCan(state, e, EquipmentTrigger.EndCleaning);
            case PlantEventKind.BatchStarted:
                return EquipmentCan(state, e, EquipmentTrigger.StartBatch) && IsLeadOn(state, e) && JobCan(state, e.Job, JobTrigger.Start)
                    && e.Arg < state.Plant.Plant.Families.Length
                    && state.Equipment[e.Equipment].ActiveCount < state.Plant.CompiledEquipmentOf(e.Equipment).Slots;
            case PlantEventKind.PhaseStarted:
                return IsActiveOn(state, e) && (uint)e.Arg < (uint)state.Plant.CompiledOperationOf(e.Job).PhaseCount
                    && EquipmentCan(state, e, EquipmentTrigger.EnterProcess);
            case PlantEventKind.BatchHeld: return IsActiveOn(state, e) && JobCan(state, e.Job, JobTrigger.Hold);
            case PlantEventKind.BatchResumed:
                return IsActiveOn(state, e) && JobCan(state, e.Job, JobTrigger.Resume) && EquipmentCan(state, e, EquipmentTrigger.Resume);
            case PlantEventKind.BatchRestarted: return IsActiveOn(state, e) && state.Jobs[e.Job].Status == JobStatus.Held;
            case PlantEventKind.PieceCompleted:
                return IsActiveOn(state, e) && state.Jobs[e.Job].Status == JobStatus.Running && state.Plant.CompiledOperationOf(e.Job).CountsPieces && e.Value is 0 or 1;
            case PlantEventKind.AdditionStarted: return IsActiveOn(state, e) && EquipmentCan(state, e, EquipmentTrigger.EnterProcess);
            case PlantEventKind.BatchBlocked: return IsActiveOn(state, e) && JobCan(state, e.Job, JobTrigger.Block);
            case PlantEventKind.BatchEnded: return IsActiveOn(state, e) && JobCan(state, e.Job, JobTrigger.End) && CanLeave(state, e);
            case PlantEventKind.BatchRework:
                return IsActiveOn(state, e) && JobCan(state, e.Job, JobTrigger.Rework) && CanLeave(state, e)
                    && (e.Arg != PlantState.AsChildJobs || state.CanCallRework(e.Job));
            case PlantEventKind.Scrapped: return e.Job >= 0 && e.Value >= 0;
            case PlantEventKind.EquipmentDown: return EquipmentCan(state, e, EquipmentTrigger.Break) && UpkeepRules.MayBreakBy(state, e);
            case PlantEventKind.RepairStarted: return EquipmentCan(state, e, EquipmentTrigger.StartRepair) && CrewRules.CanTake(state, e);
            case PlantEventKind.RepairEnded: return EquipmentCan(state, e, EquipmentTrigger.EndRepair);
            case PlantEventKind.MaintenanceStarted: return EquipmentCan(state, e, EquipmentTrigger.StartMaintenance);
            case PlantEventKind.MaintenanceEnded: return EquipmentCan(state, e, EquipmentTrigger.EndMaintenance);
            case PlantEventKind.ShiftEnded: return e.Equipment >= 0 && !state.Equipment[e.Equipment].OffShift;
            case PlantEventKind.ShiftStarted: return e.Equipment >= 0 && state.Equipment[e.Equipment].OffShift;
            case PlantEventKind.SourceLost or PlantEventKind.SourceRecovered: return e.Equipment >= 0;
            case PlantEventKind.JobLocked or PlantEventKind.JobUnlocked: return e.Job >= 0;
            case PlantEventKind.CrewRequested or PlantEventKind.CrewAssigned or PlantEventKind.CrewShiftChanged or PlantEventKind.RepairInterrupted
                or PlantEventKind.SideJobStarted or PlantEventKind.SideJobInterrupted or PlantEventKind.SideJobEnded: return CrewRules.Permits(state, e);
            case PlantEventKind.ScheduleApplied or PlantEventKind.ScheduleRevoked: return true;
            case PlantEventKind.MakeUpReleased: return state.CanRelease(e);
            case PlantEventKind.JobWaits:
                return e.Job >= 0 && (uint)e.Arg <= (uint)WaitReason.Reservation
                    && state.Jobs[e.Job].Status is JobStatus.Waiting or JobStatus.Ready or JobStatus.Assigned;
            case PlantEventKind.UtilityRate:
                return e.Value is > 0 and <= 1 && e.Arg >= -1 && e.Arg < state.Utilities.Length
                    && (e.Job >= 0 ? IsActiveOn(state, e) && state.Jobs[e.Job].Status == JobStatus.Running
                        : e.Equipment >= 0 && state.Changeovers.Length > 0
                            && state.Equipment[e.Equipment].Status is EquipmentStatus.Setup or EquipmentStatus.Cleaning);
            case PlantEventKind.MaterialRequested or PlantEventKind.MaterialShort or PlantEventKind.MaterialAllocated or PlantEventKind.MaterialConsumed
                or PlantEventKind.SupplyOrdered or PlantEventKind.SupplyExpected or PlantEventKind.SupplyReceived
                or PlantEventKind.LotHeld or PlantEventKind.LotReleased or PlantEventKind.LotScrapped or PlantEventKind.LotProduced
                or PlantEventKind.LotCounted:
                return MaterialRules.Permits(state, e);
            case PlantEventKind.ReservationOffered or PlantEventKind.ReservationHeld or PlantEventKind.ReservationConfirmed or PlantEventKind.ReservationUsed
                or PlantEventKind.ReservationRecalled or PlantEventKind.ReservationExpired or PlantEventKind.ReservationReleased:
                return ReservationRules.Permits(state, e);
            case PlantEventKind.WearBegun or PlantEventKind.PotentialFailure or PlantEventKind.ConditionMeasured
                or PlantEventKind.MaintenanceOrdered or PlantEventKind.MaintenanceTakenUp: return UpkeepRules.Permits(state, e);
            case PlantEventKind.UtilityWorked:
                return IsActiveOn(state, e) && state.Jobs[e.Job].Status == JobStatus.Running && e.Value >= 0 && IsStationOf(state, e);
            case PlantEventKind.LineStopped: return e.Job >= 0 && IsStationOf(state, e) && state.OverdueAt(e.Equipment) < 0;
            case PlantEventKind.LineResumed: return IsStationOf(state, e) && state.OverdueAt(e.Equipment) >= 0;
            case PlantEventKind.FixtureChangeStarted:
                return (uint)e.Arg < (uint)state.Fixtures.Length && e.Value >= 0 && e.Value < state.Fixtures.Length && state.Fixtures[e.Arg].Free > 0
                    && e.Arg / state.Plant.Fixtures!.Families == (int)e.Value / state.Plant.Fixtures.Families;
            case PlantEventKind.FixtureReady: return (uint)e.Arg < (uint)state.Fixtures.Length && state.Fixtures[e.Arg].Coming > 0;
            case PlantEventKind.TransportStarted:
                return e.Job >= 0 && e.Equipment >= 0 && (uint)e.Arg < (uint)state.Vehicles.Length && state.Jobs[e.Job].Status == JobStatus.Assigned;
            case PlantEventKind.VehicleArrived: return (uint)e.Arg < (uint)state.Vehicles.Length && state.Vehicles[e.Arg].ArrivesAt >= 0;
            case PlantEventKind.WaitExceeded: return state.MayGoBack(e);
            default: return false;
        }
    }

    private static bool IsStationOf(PlantState state, in PlantEvent e) =>
        e.Equipment >= 0 && e.Arg >= 0 && state.Plant.Lines?.PacedLineOf(e.Equipment) == e.Arg;

    /// <summary>Says in words why an event does not fit.</summary>
    public static string Describe(PlantState state, in PlantEvent e)
    {
        var parts = new List<string>();
        if (!IndicesExist(state, e))
        {
            parts.Add("it names something the scenario does not have");
        }
        else
        {
            if (e.Equipment >= 0)
            {
                parts.Add($"equipment {state.Plant.Plant.Equipment[e.Equipment].Id} is {state.Equipment[e.Equipment].Status}");
            }

            if (e.Job >= 0)
            {
                parts.Add($"job {state.Plant.JobName(e.Job)} is {state.Jobs[e.Job].Status}");
            }

            if (e.Order >= 0)
            {
                parts.Add($"order {state.Plant.Scenario.Orders[e.Order].Id} is {state.Orders[e.Order].Status}");
            }
        }

        parts.Add(string.Create(CultureInfo.InvariantCulture, $"at {e.Time}"));
        return string.Join(", ", parts);
    }

    private static bool IndicesExist(PlantState state, in PlantEvent e) =>
        e.Equipment >= -1 && e.Equipment < state.Equipment.Length
        && e.Job >= -1 && e.Job < state.Jobs.Length
        && e.Order >= -1 && e.Order < state.Orders.Length
        && double.IsFinite(e.Value);

    internal static bool EquipmentCan(PlantState state, in PlantEvent e, EquipmentTrigger trigger) =>
        e.Equipment >= 0 && EquipmentLifecycle.Table.Next((int)state.Equipment[e.Equipment].Status, (int)trigger) >= 0;

    private static bool JobCan(PlantState state, int job, JobTrigger trigger) =>
        job >= 0 && JobLifecycle.Table.Next((int)state.Jobs[job].Status, (int)trigger) >= 0;

    private static bool OrderCan(PlantState state, in PlantEvent e, OrderTrigger trigger) =>
        e.Order >= 0 && OrderLifecycle.Table.Next((int)state.Orders[e.Order].Status, (int)trigger) >= 0;

    private static bool CanAssign(PlantState state, in PlantEvent e) =>
        e.Equipment >= 0 && JobCan(state, e.Job, JobTrigger.Assign) && e.Arg >= 0 && e.Arg < state.Jobs.Length
        && (e.Arg == e.Job
            ? state.Equipment[e.Equipment].Reserved < 0
            : state.Equipment[e.Equipment].Reserved == e.Arg && state.Jobs[e.Arg].Status == JobStatus.Assigned);

    private static bool IsLeadOn(PlantState state, in PlantEvent e) =>
        e.Job >= 0 && state.Jobs[e.Job].Lead == e.Job && state.Jobs[e.Job].Equipment == e.Equipment;

    internal static bool IsActiveOn(PlantState state, in PlantEvent e) =>
        e.Equipment >= 0 && IsLeadOn(state, e)
        && state.Jobs[e.Job].Status is JobStatus.Running or JobStatus.Held or JobStatus.Blocked;

    /// <summary>The last batch can only leave equipment that is not broken; one of several may always leave.</summary>
    private static bool CanLeave(PlantState state, in PlantEvent e) =>
        state.Equipment[e.Equipment].ActiveCount > 1 || EquipmentCan(state, e, EquipmentTrigger.EndBatch);
}
