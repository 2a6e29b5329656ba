using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

/// <summary>Which events about people a state permits.</summary>
internal static class CrewRules
{
    public static bool Permits(PlantState state, in PlantEvent e)
    {
        var crews = state.Plant.Crews;
        switch (e.Kind)
        {
            case PlantEventKind.CrewRequested:
                return crews.Any && (uint)e.Arg <= (uint)CrewTask.Maintenance && IsHolder(state, e);
            case PlantEventKind.CrewAssigned:
                return e.Arg >= 0 && IsHolder(state, e) && CanTake(state, e);
            case PlantEventKind.CrewShiftChanged:
                return (uint)e.Arg < (uint)state.OnDuty.Length && e.Value >= 0 && e.Value <= 1_000_000;
            case PlantEventKind.RepairInterrupted:
                return EventRules.EquipmentCan(state, e, EquipmentTrigger.InterruptRepair);
            case PlantEventKind.SideJobStarted:
                return IsSideJob(state, e) && state.SideJobs[e.Arg].Since < 0 && e.Value > 0;
            default: // interrupted or ended
                return IsSideJob(state, e) && state.SideJobs[e.Arg].Since >= 0;
        }
    }

    /// <summary>Whether the pool that the event names exists and nobody is at work there already; true where it names none.</summary>
    public static bool CanTake(PlantState state, in PlantEvent e)
    {
        if (e.Arg < 0)
        {
            return true;
        }

        var call = e.Job >= 0 ? state.CrewOfBatch(e.Job) : state.CrewOf(e.Equipment);
        return state.Plant.Crews.Any && e.Arg < state.OnDuty.Length && e.Value is >= 1 and <= 1_000_000 && call.Count == 0;
    }

    private static bool IsHolder(PlantState state, in PlantEvent e) =>
        e.Equipment >= 0 && (e.Job < 0 || (state.Plant.Crews.ForBatches && EventRules.IsActiveOn(state, e)));

    private static bool IsSideJob(PlantState state, in PlantEvent e) => (uint)e.Arg < (uint)state.SideJobs.Length;
}
