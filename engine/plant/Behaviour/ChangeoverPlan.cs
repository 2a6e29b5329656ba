using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>What must be done at equipment before a batch of a family can run: at most one cleaning, then at most one setup.</summary>
/// <param name="Cleaning">Which cleaning: index in a residue rule, −1 the cleaning of a matrix rule, <see cref="NoCleaning"/> for none.</param>
/// <param name="Possible">False when no cleaning makes the succession possible.</param>
public readonly record struct ChangeoverPlan(int Cleaning, Duration CleaningTime, Duration SetupTime, bool Possible)
{
    public const int NoCleaning = -2;

    /// <summary>Cleaning plus setup.</summary>
    public Duration Total => CleaningTime + SetupTime;

    public bool NeedsCleaning => Cleaning != NoCleaning;

    /// <summary>Plans the changeover of equipment as it stands now.</summary>
    /// <param name="family">Family to come, −1 when the operation has none.</param>
    public static ChangeoverPlan For(PlantModel plant, int equipment, in EquipmentState state, int family, Operation operation)
    {
        var rule = plant.Equipment[equipment].Changeover is { } r ? plant.ChangeoverRules[r] : null;
        var setup = operation.Setup + (rule?.EveryBatch ?? Duration.Zero);
        return family < 0
            ? new ChangeoverPlan(NoCleaning, Duration.Zero, setup, true)
            : rule switch
            {
                MatrixChangeover matrix => ByMatrix(matrix, state.Family, family, setup),
                ResidueChangeover residue => ByResidue(residue, state, plant.Families[family], setup),
                _ => new ChangeoverPlan(NoCleaning, Duration.Zero, setup, true),
            };
    }

    private static ChangeoverPlan ByMatrix(MatrixChangeover rule, int from, int to, Duration setup)
    {
        var direct = rule.Between(from < 0 ? null : new FamilyId(from), new FamilyId(to));
        if (direct.Allowed)
        {
            return new ChangeoverPlan(NoCleaning, Duration.Zero, direct.Duration + setup, true);
        }

        return rule.Cleaning is { } cleaning && rule.FromClean.Allowed && from >= 0
            ? new ChangeoverPlan(-1, cleaning.Duration, rule.FromClean.Duration + setup, true)
            : new ChangeoverPlan(NoCleaning, Duration.Zero, setup, false);
    }

    /// <summary>The weakest cleaning that suffices; where none does, the strongest, to be repeated.</summary>
    private static ChangeoverPlan ByResidue(ResidueChangeover rule, in EquipmentState state, Family family, Duration setup)
    {
        var forced = rule.MaxBatchesBetweenCleanings is { } max && state.BatchesSinceCleaning >= max;
        if (!forced && state.Residue < family.ResidueLimit)
        {
            return new ChangeoverPlan(NoCleaning, Duration.Zero, setup, true);
        }

        var chosen = rule.Cleanings.Length - 1;
        for (var c = 0; c < rule.Cleanings.Length; c++)
        {
            if (Math.Max(0, state.Residue - rule.Cleanings[c].Removes) < family.ResidueLimit)
            {
                chosen = c;
                break;
            }
        }

        return new ChangeoverPlan(chosen, rule.Cleanings[chosen].Duration, setup, family.ResidueLimit > 0);
    }
}
