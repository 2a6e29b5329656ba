using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>When machines are expected to be through with what they have begun, by mean times and whatever the source of the state.</summary>
internal static class MachineOutlook
{
    /// <summary>When a machine is expected to be through with what it has begun or is being prepared for, breakdown and maintenance included; not before now.</summary>
    public static SimTime FreeAt(PlantState state, int equipment, SimTime now)
    {
        ref readonly var machine = ref state.Equipment[equipment];
        var free = SimTime.Max(now, new SimTime(machine.ExpectedEnd));
        if (machine.Reserved is var next && next >= 0)
        {
            free = SimTime.Max(free, new SimTime(state.Jobs[next].ArriveAt)) + state.Plant.MeanProcessingTime(next, equipment, state.Jobs[next].Load);
        }

        for (var lead = machine.FirstActive; lead >= 0; lead = state.Jobs[lead].NextActive)
        {
            free = SimTime.Max(free, EndOf(state, lead, now));
        }

        return free;
    }

    /// <summary>When a batch in a machine is expected to end.</summary>
    public static SimTime EndOf(PlantState state, int lead, SimTime now)
    {
        ref readonly var job = ref state.Jobs[lead];
        var left = state.Plant.MeanProcessingTime(lead, job.Equipment, job.Load) - new Duration(state.ProgressMs(lead, now));
        return now + Duration.Max(Duration.Zero, left);
    }

    /// <summary>When a machine that stands still for a breakdown or maintenance is expected to go on; now for any other.</summary>
    public static SimTime UpAt(PlantState state, int equipment, SimTime now)
    {
        ref readonly var machine = ref state.Equipment[equipment];
        return machine.Status is EquipmentStatus.Down or EquipmentStatus.Repair or EquipmentStatus.Maintenance
            ? SimTime.Max(now, new SimTime(machine.ExpectedEnd))
            : now;
    }
}
