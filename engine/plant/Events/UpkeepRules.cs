using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

/// <summary>Which events about wear and maintenance a state permits.</summary>
internal static class UpkeepRules
{
    public static bool Permits(PlantState state, in PlantEvent e)
    {
        switch (e.Kind)
        {
            case PlantEventKind.WearBegun:
                return HasMode(state, e) && e.Value > 0;
            case PlantEventKind.PotentialFailure:
                return HasSignal(state, e) && e.Value >= 0;
            case PlantEventKind.ConditionMeasured:
                return HasSignal(state, e) && e.Value > 0;
            case PlantEventKind.MaintenanceOrdered:
                return HasPlan(state, e) && !state.Maintenance[e.Arg].InHand;
            default: // taken up
                return HasPlan(state, e) && !state.Maintenance[e.Arg].InHand && EventRules.EquipmentCan(state, e, EquipmentTrigger.StartMaintenance);
        }
    }

    /// <summary>Whether a breakdown names no failure mode, or one of its machine.</summary>
    public static bool MayBreakBy(PlantState state, in PlantEvent e) => e.Arg < 0 || HasMode(state, e);

    private static bool HasMode(PlantState state, in PlantEvent e) =>
        e.Equipment >= 0 && (uint)e.Arg < (uint)state.Plant.Upkeep.ModeCount && state.Plant.Upkeep.EquipmentOfMode(e.Arg) == e.Equipment;

    private static bool HasSignal(PlantState state, in PlantEvent e) => HasMode(state, e) && state.Plant.Upkeep.CompiledModeOf(e.Arg).Signal >= 0;

    private static bool HasPlan(PlantState state, in PlantEvent e) =>
        e.Equipment >= 0 && (uint)e.Arg < (uint)state.Plant.Upkeep.PlanCount && state.Plant.Upkeep.EquipmentOfPlan(e.Arg) == e.Equipment;
}
