using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Whether failure modes and maintenance plans belong together.</summary>
internal static class UpkeepChecks
{
    public static void Run(PlantModel plant, ScenarioNames names)
    {
        for (var m = 0; m < plant.FailureModes.Length; m++)
        {
            Mode(plant.FailureModes[m], names.FailureModes.Sources[m]);
        }

        for (var p = 0; p < plant.MaintenancePlans.Length; p++)
        {
            Plan(plant, plant.MaintenancePlans[p], names.MaintenancePlans.Sources[p], names);
        }
    }

    private static void Mode(FailureMode mode, SourceRecord row)
    {
        if (!row.IsSound)
        {
            return;
        }

        if (mode.Restores == Restoration.Minimal && mode.Life.Kind is not (DistributionKind.Exponential or DistributionKind.Weibull or DistributionKind.Lognormal or DistributionKind.Gamma))
        {
            row.Error(FailureModesTable.Restores, $"failure mode '{mode.Id}' is minimally repaired, but its life can be over for certain", "Give it a weibull, exponential, lognormal or gamma life, or restores: as_new.");
        }
        else if (mode.Clock is UsageClock.Running or UsageClock.Working or UsageClock.Calendar && mode.Life.Mean < Duration.MillisecondsPerSecond)
        {
            row.Error(FailureModesTable.Life, $"life '{row[FailureModesTable.Life].Text}' fails more than once a second", "Maybe the unit is wrong?");
        }
    }

    private static void Plan(PlantModel plant, MaintenancePlan plan, SourceRecord row, ScenarioNames names)
    {
        if (!row.IsSound)
        {
            return;
        }

        foreach (var mode in plan.Renews.Where(m => !OnSameMachine(plant, plan, plant.FailureModes[m])))
        {
            row.Error(MaintenanceTable.Renews, $"no machine of plan '{plan.Id}' has the failure mode '{plant.FailureModes[mode].Id}'", "Give both the same class or machine.");
        }

        if (plan.Watches is not { } watched || !row.IsSound || !names.FailureModes.IsSound(watched))
        {
            return;
        }

        var signal = plant.FailureModes[watched].Signal;
        if (!OnSameMachine(plant, plan, plant.FailureModes[watched]))
        {
            row.Error(MaintenanceTable.Watches, $"no machine of plan '{plan.Id}' has the failure mode '{plant.FailureModes[watched].Id}'", "Give both the same class or machine.");
        }
        else if (signal is null)
        {
            row.Error(MaintenanceTable.Watches, $"failure mode '{plant.FailureModes[watched].Id}' has no signal to watch", "Give it baseline, limit and pf_interval in failure_modes.csv.");
        }
        else if (!plan.Renews.Contains(watched) && plan.AtLevel is not null)
        {
            row.Warn(MaintenanceTable.Watches, $"plan '{plan.Id}' watches '{plant.FailureModes[watched].Id}' but does not renew it: the next reading will order it again", "Name it under renews too.");
        }
        else if (plan.AtLevel >= signal.Limit)
        {
            row.Warn(MaintenanceTable.AtLevel, $"at_level '{row[MaintenanceTable.AtLevel].Text}' is not below the limit of '{plant.FailureModes[watched].Id}': it has failed by then", "Choose a lower level.");
        }
        else if (plan.AtLevel <= signal.Baseline)
        {
            row.Warn(MaintenanceTable.AtLevel, $"at_level '{row[MaintenanceTable.AtLevel].Text}' is not above the baseline of '{plant.FailureModes[watched].Id}': every reading orders it", "Choose a higher level.");
        }
    }

    private static bool OnSameMachine(PlantModel plant, MaintenancePlan plan, FailureMode mode) =>
        Enumerable.Range(0, plant.Equipment.Length).Any(e => Has(plant, e, plan.Class, plan.Equipment) && Has(plant, e, mode.Class, mode.Equipment));

    private static bool Has(PlantModel plant, int e, EquipmentClassId? kind, EquipmentId? machine) =>
        machine is { } m ? m.Index == e : plant.Equipment[e].Class == kind;
}
