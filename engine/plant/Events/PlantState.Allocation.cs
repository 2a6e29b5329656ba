using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

// Allocation: who the meters ran for. What serves a batch (its phases, its setup) goes to its orders; the rest is kept per equipment.
public sealed partial class PlantState
{
    private ResourceUse[] _orderUse = []; // per order, shared out so far
    private ResourceUse[] _batchUse = []; // per equipment: for the batches in it, or being set up for; shared out when the set of them changes
    private ResourceUse[] _standbyUse = []; // per equipment: idle, waiting, cleaning, stopped

    /// <summary>What the batches of each order have used, up to the last batch that left or joined equipment.</summary>
    public ReadOnlySpan<ResourceUse> OrderUse => _orderUse;

    /// <summary>Per equipment: used for the batches in it (or by a setup for the next one) and not in <see cref="OrderUse"/> yet.</summary>
    public ReadOnlySpan<ResourceUse> BatchUse => _batchUse;

    /// <summary>Per equipment: used while it served no batch: idle, waiting, cleaning, maintenance.</summary>
    public ReadOnlySpan<ResourceUse> StandbyUse => _standbyUse;

    internal static bool Serves(EquipmentStatus status) => status is EquipmentStatus.Running or EquipmentStatus.Loading
        or EquipmentStatus.Sampling or EquipmentStatus.Unloading or EquipmentStatus.Setup;

    private ref ResourceUse AccountOf(int equipment) =>
        ref Serves(_equipment[equipment].Status) ? ref _batchUse[equipment] : ref _standbyUse[equipment];

    /// <summary>Shares out what the batches in the slots of equipment have used so far, by quantity; before one joins or leaves.</summary>
    private void ShareOut(int equipment, SimTime now)
    {
        Settle(equipment, now.Milliseconds);
        ref var use = ref _batchUse[equipment];
        if (use.IsNothing)
        {
            return;
        }

        var load = 0.0;
        for (var lead = _equipment[equipment].FirstActive; lead >= 0; lead = _jobs[lead].NextActive)
        {
            load += _jobs[lead].Load;
        }

        for (var lead = _equipment[equipment].FirstActive; lead >= 0; lead = _jobs[lead].NextActive)
        {
            ShareAmongMembers(lead, use, _jobs[lead].Load / load);
        }

        use = default;
    }

    private void ShareAmongMembers(int lead, in ResourceUse use, double share = 1)
    {
        share /= _jobs[lead].Load;
        for (var j = lead; j >= 0; j = _jobs[j].NextInBatch)
        {
            _orderUse[Plant.Jobs.OrderOf(j)].Add(use, share * Plant.Jobs.QuantityOf(j));
        }
    }
}
