using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Problems;

/// <summary>Walks the planned batches of one machine and asks the plant's own changeover rule what must precede each.</summary>
/// <remarks>Used by the checker and the evaluator only: the solvers have their own tables, so that a mistake in one shows in the other.</remarks>
internal static class EquipmentReplay
{
    /// <param name="batches">Planned batches of the machine, in order of start.</param>
    public static IEnumerable<ReplayedBatch> Walk(CompiledScenario plant, int equipment, IEnumerable<PlannedBatch> batches, PlantState? from)
    {
        var machine = StateAfterStartedWork(plant, equipment, from);
        var rule = plant.Plant.Equipment[equipment].Changeover is { } r ? plant.Plant.ChangeoverRules[r] : null;
        foreach (var batch in batches)
        {
            var family = plant.FamilyOf(batch.Jobs[0]);
            var operation = plant.OperationOf(batch.Jobs[0]);
            var (time, cost, energy, possible) = (Duration.Zero, 0.0, 0.0, true);
            for (var round = 0; possible; round++)
            {
                var step = ChangeoverPlan.For(plant.Plant, equipment, machine, family, operation);
                possible = step.Possible && round < 100;
                if (!step.NeedsCleaning)
                {
                    if (possible && family >= 0 && rule is MatrixChangeover matrix)
                    {
                        var use = matrix.Between(machine.Family < 0 ? null : new FamilyId(machine.Family), new FamilyId(family));
                        (cost, energy) = (cost + use.Cost, energy + use.EnergyKwh);
                    }

                    time += step.SetupTime;
                    break;
                }

                var (cleaningCost, cleaningEnergy) = Clean(rule!, step.Cleaning, ref machine);
                (time, cost, energy) = (time + step.CleaningTime, cost + cleaningCost, energy + cleaningEnergy);
            }

            yield return new ReplayedBatch(batch, time, cost, energy, possible);
            Run(plant, family, ref machine);
        }
    }

    private static (double Cost, double EnergyKwh) Clean(ChangeoverRule rule, int which, ref EquipmentState machine)
    {
        machine.BatchesSinceCleaning = 0;
        if (rule is ResidueChangeover residue)
        {
            var cleaning = residue.Cleanings[which];
            machine.Residue = Math.Max(0, machine.Residue - cleaning.Removes);
            return (cleaning.Cost, cleaning.EnergyKwh);
        }

        machine.Family = -1;
        var clean = ((MatrixChangeover)rule).Cleaning!;
        return (clean.Cost, clean.EnergyKwh);
    }

    private static void Run(CompiledScenario plant, int family, ref EquipmentState machine)
    {
        machine.Family = family >= 0 ? family : machine.Family;
        machine.BatchesSinceCleaning++;
        machine.Residue += machine.Family >= 0 ? plant.Plant.Families[machine.Family].Soil : 0;
    }

    private static EquipmentState StateAfterStartedWork(CompiledScenario plant, int equipment, PlantState? from)
    {
        if (from is null)
        {
            return new EquipmentState { Family = plant.Plant.Equipment[equipment].InitialFamily?.Index ?? -1 };
        }

        var machine = from.Equipment[equipment];
        for (var lead = machine.FirstActive; lead >= 0; lead = from.Jobs[lead].NextActive)
        {
            Run(plant, plant.FamilyOf(lead), ref machine);
        }

        if (machine.Status == EquipmentStatus.Setup && machine.NextFamily >= 0)
        {
            machine.Family = machine.NextFamily;
        }
        else if (machine.Status == EquipmentStatus.Cleaning)
        {
            machine.BatchesSinceCleaning = 0;
            var rule = plant.Plant.Equipment[equipment].Changeover is { } r ? plant.Plant.ChangeoverRules[r] : null;
            if (rule is ResidueChangeover residue && machine.NextFamily >= 0 && machine.NextFamily < residue.Cleanings.Length)
            {
                machine.Residue = Math.Max(0, machine.Residue - residue.Cleanings[machine.NextFamily].Removes);
            }
            else
            {
                machine.Family = -1;
            }
        }

        if (machine.Reserved >= 0)
        {
            Run(plant, plant.FamilyOf(machine.Reserved), ref machine);
        }

        return machine;
    }
}

/// <summary>A planned batch with the setup that its place in the sequence requires.</summary>
/// <param name="Setup">Cleaning and changeover together.</param>
/// <param name="Possible">False when nothing makes the succession possible.</param>
internal readonly record struct ReplayedBatch(PlannedBatch Batch, Duration Setup, double Cost, double EnergyKwh, bool Possible);
