using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Lifecycles;

namespace DigitalTwin.Plant.Events;

// Changeovers: setups and cleanings, and what they cost.
public sealed partial class PlantState
{
    private void StartSetup(in PlantEvent e)
    {
        BeginChangeover(e, SetupUse(e.Equipment, _equipment[e.Equipment].Family, e.Arg));
        Fire(e, EquipmentTrigger.StartSetup);
        BeginDraws(e.Equipment, e.Time.Milliseconds);
        ref var equipment = ref _equipment[e.Equipment];
        equipment.NextFamily = e.Arg;
        equipment.ExpectedEnd = e.Time.Milliseconds + (long)e.Value;
    }

    private void EndSetup(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        var (from, to) = (equipment.Family, equipment.NextFamily);
        BookSharedSetup(e.Equipment, e.Time.Milliseconds);
        FinishDraws(e.Equipment, ref _batchUse[e.Equipment], e.Time);
        Fire(e, EquipmentTrigger.EndSetup);
        ref var meters = ref _meters[e.Equipment];
        meters.Changeovers++;
        meters.ChangeoverCost += SetupOf(e.Equipment, from, to).Cost;
        equipment.Changeovers++;
        equipment.ExpectedEnd = -1;
        if (to >= 0)
        {
            equipment.Family = to;
        }

        equipment.NextFamily = -1;
        equipment.Prepared = true;
        ReturnMachineCrew(e.Equipment, e.Time.Milliseconds);
        LeaveIfOffShift(e);
    }

    private void StartCleaning(in PlantEvent e)
    {
        BeginChangeover(e, CleaningUse(e.Equipment, e.Arg));
        Fire(e, EquipmentTrigger.StartCleaning);
        BeginDraws(e.Equipment, e.Time.Milliseconds);
        ref var equipment = ref _equipment[e.Equipment];
        equipment.NextFamily = e.Arg; // which cleaning, remembered until it ends
        equipment.ExpectedEnd = e.Time.Milliseconds + (long)e.Value;
    }

    private void EndCleaning(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        var which = equipment.NextFamily;
        BookSharedSetup(e.Equipment, e.Time.Milliseconds);
        FinishDraws(e.Equipment, ref _standbyUse[e.Equipment], e.Time);
        Fire(e, EquipmentTrigger.EndCleaning);
        equipment.NextFamily = -1;
        equipment.ExpectedEnd = -1;
        equipment.BatchesSinceCleaning = 0;
        ReturnMachineCrew(e.Equipment, e.Time.Milliseconds);
        ref var meters = ref _meters[e.Equipment];
        meters.Changeovers++;
        equipment.Changeovers++;
        var rule = Plant.CompiledEquipmentOf(e.Equipment).Rule;
        if (rule >= 0 && Plant.Changeovers.CleaningOf(rule, which) is { } cleaning)
        {
            equipment.Residue = Math.Max(0, equipment.Residue - cleaning.Removes);
            meters.ChangeoverCost += cleaning.Cost;
        }
        else if (rule >= 0 && Plant.Changeovers.TryMatrixCleaning(rule, out var clean))
        {
            equipment.Family = -1;
            meters.ChangeoverCost += clean.Cost;
        }
        else
        {
            equipment.Family = -1;
            equipment.Residue = 0;
        }

        LeaveIfOffShift(e);
    }

    private CompiledChangeovers.Entry SetupOf(int e, int from, int to)
    {
        var rule = Plant.CompiledEquipmentOf(e).Rule;
        return rule >= 0 && to >= 0 && Plant.Changeovers.IsMatrix(rule) ? Plant.Changeovers.Between(rule, from, to) : CompiledChangeovers.Entry.None;
    }
}
