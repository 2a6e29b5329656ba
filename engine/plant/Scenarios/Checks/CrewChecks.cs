using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Whether everybody who is asked for exists, and nobody can wait for himself.</summary>
internal static class CrewChecks
{
    public static void Run(PlantModel plant, ScenarioNames names)
    {
        if (names.Auxiliaries.IsUnknown)
        {
            return;
        }

        for (var e = 0; e < plant.Equipment.Length; e++)
        {
            Need(plant, names.Equipment.Sources[e], EquipmentTable.SetupCrew, plant.Equipment[e].SetupCrew);
            Need(plant, names.Equipment.Sources[e], EquipmentTable.RepairCrew, plant.Equipment[e].RepairCrew);
        }

        for (var m = 0; m < plant.FailureModes.Length; m++)
        {
            Need(plant, names.FailureModes.Sources[m], FailureModesTable.RepairCrew, plant.FailureModes[m].RepairCrew);
        }

        for (var p = 0; p < plant.MaintenancePlans.Length; p++)
        {
            Need(plant, names.MaintenancePlans.Sources[p], MaintenanceTable.Crew, plant.MaintenancePlans[p].Crew);
        }

        for (var w = 0; w < plant.WorkMasters.Length; w++)
        {
            for (var o = 0; o < plant.WorkMasters[w].Operations.Length; o++)
            {
                Operation(plant, names.Operations[w][o], plant.WorkMasters[w].Operations[o]);
            }
        }

        HeldThroughout(plant, names);
    }

    private static void Operation(PlantModel plant, SourceRecord row, Operation operation)
    {
        Need(plant, row, RoutingTable.Crew, operation.Crew);
        foreach (var phase in operation.Phases.Where(p => p.Crew is not null))
        {
            if (operation.Crew is { } whole)
            {
                row.Error(RoutingTable.Crew, $"operation '{operation.Id}' has the crew '{whole.Skill}' and so has its phase '{phase.Name.En}'", "Name people for the whole operation or in its phases, not both: they could wait for each other.");
                return;
            }

            Need(plant, row, RoutingTable.Operation, phase.Crew, $" for its phase '{phase.Name.En}'");
        }
    }

    /// <summary>Somebody has the skill, and enough of one pool are on duty at one time.</summary>
    private static void Need(PlantModel plant, SourceRecord row, Field at, CrewNeed? need, string what = "")
    {
        if (need is null || !row.IsSound)
        {
            return;
        }

        var able = plant.Auxiliaries.Where(a => CrewBook.Has(a, need.Skill)).ToList();
        if (able.Count == 0)
        {
            row.Error(at, $"{at.Name} '{row[at].Text}' asks for '{need.Skill}'{what}, which no auxiliary is or can",
                Suggestion.For(need.Skill, plant.Auxiliaries.SelectMany(a => a.Skills.Add(a.Id))) ?? "Add it to auxiliaries.csv, as an id or under skills.");
        }
        else if (able.Max(MostOnDuty) is var most && most < need.Count)
        {
            row.Error(at, $"{at.Name} '{row[at].Text}' asks for {need.Count} of '{need.Skill}'{what}, but no pool has more than {most} on duty", "Raise the count in auxiliaries.csv or crew_shifts.csv, or ask for fewer.");
        }
    }

    private static int MostOnDuty(AuxiliaryResource pool) =>
        pool.Shifts.IsEmpty ? pool.Count : Math.Min(pool.Count, pool.Shifts.Sum(s => s.Count));

    /// <summary>What a batch holds from start to end must not be what somebody waits for meanwhile.</summary>
    private static void HeldThroughout(PlantModel plant, ScenarioNames names)
    {
        var called = plant.Equipment.SelectMany(e => (CrewNeed?[])[e.SetupCrew, e.RepairCrew])
            .Concat(plant.WorkMasters.SelectMany(w => w.Operations).SelectMany(o => o.Phases.Select(p => p.Crew).Append(o.Crew)))
            .Concat(plant.FailureModes.Select(m => m.RepairCrew)).Concat(plant.MaintenancePlans.Select(p => p.Crew))
            .OfType<CrewNeed>().Select(n => n.Skill).ToHashSet(StringComparer.Ordinal);
        for (var w = 0; w < plant.WorkMasters.Length; w++)
        {
            for (var o = 0; o < plant.WorkMasters[w].Operations.Length; o++)
            {
                var row = names.Operations[w][o];
                foreach (var need in plant.WorkMasters[w].Operations[o].Auxiliaries.Where(_ => row.IsSound))
                {
                    var pool = plant.Auxiliaries[need.Auxiliary];
                    if (called.FirstOrDefault(s => CrewBook.Has(pool, s)) is { } skill)
                    {
                        row.Error(RoutingTable.Auxiliaries, $"auxiliaries '{pool.Id}' are held from start to end, and others call them as '{skill}': they could wait for each other", "Move the need to the column 'crew', or keep two pools.");
                        return;
                    }
                }
            }
        }
    }
}
