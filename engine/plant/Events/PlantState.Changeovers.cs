using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Events;

// Changeovers: setups and cleanings, and what they cost.
public sealed partial class PlantState
{
    private void StartSetup(in PlantEvent e)
    {
        Fire(e, EquipmentTrigger.StartSetup);
        ref var equipment = ref _equipment[e.Equipment];
        equipment.NextFamily = e.Arg;
        equipment.ExpectedEnd = e.Time.Milliseconds + (long)e.Value;
    }

    private void EndSetup(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        var (from, to) = (equipment.Family, equipment.NextFamily);
        var use = ChangeoverUse(e.Equipment, from, to);
        Fire(e, EquipmentTrigger.EndSetup);
        ref var meters = ref _meters[e.Equipment];
        meters.Changeovers++;
        meters.ChangeoverCost += use.Cost;
        AddExtraEnergy(e.Equipment, use.EnergyKwh, e.Time);
        meters.WaterM3 += use.WaterM3;
        equipment.Changeovers++;
        equipment.ExpectedEnd = -1;
        if (to >= 0)
        {
            equipment.Family = to;
        }

        equipment.NextFamily = -1;
        equipment.Prepared = true;
        LeaveIfOffShift(e);
    }

    private void StartCleaning(in PlantEvent e)
    {
        Fire(e, EquipmentTrigger.StartCleaning);
        ref var equipment = ref _equipment[e.Equipment];
        equipment.NextFamily = e.Arg; // which cleaning, remembered until it ends
        equipment.ExpectedEnd = e.Time.Milliseconds + (long)e.Value;
    }

    private void EndCleaning(in PlantEvent e)
    {
        ref var equipment = ref _equipment[e.Equipment];
        var which = equipment.NextFamily;
        Fire(e, EquipmentTrigger.EndCleaning);
        equipment.NextFamily = -1;
        equipment.ExpectedEnd = -1;
        equipment.BatchesSinceCleaning = 0;
        ref var meters = ref _meters[e.Equipment];
        meters.Changeovers++;
        equipment.Changeovers++;
        switch (RuleOf(e.Equipment))
        {
            case ResidueChangeover residue when which >= 0 && which < residue.Cleanings.Length:
                var cleaning = residue.Cleanings[which];
                equipment.Residue = Math.Max(0, equipment.Residue - cleaning.Removes);
                meters.ChangeoverCost += cleaning.Cost;
                AddExtraEnergy(e.Equipment, cleaning.EnergyKwh, e.Time);
                meters.WaterM3 += cleaning.WaterM3;
                break;
            case MatrixChangeover { Cleaning: { } clean }:
                equipment.Family = -1;
                meters.ChangeoverCost += clean.Cost;
                AddExtraEnergy(e.Equipment, clean.EnergyKwh, e.Time);
                meters.WaterM3 += clean.WaterM3;
                break;
            default:
                equipment.Family = -1;
                equipment.Residue = 0;
                break;
        }

        LeaveIfOffShift(e);
    }

    private Changeover ChangeoverUse(int e, int from, int to) =>
        RuleOf(e) is MatrixChangeover matrix && to >= 0
            ? matrix.Between(from < 0 ? null : new FamilyId(from), new FamilyId(to))
            : Changeover.None;

    private ChangeoverRule? RuleOf(int e) =>
        Plant.Plant.Equipment[e].Changeover is { } rule ? Plant.Plant.ChangeoverRules[rule] : null;
}
