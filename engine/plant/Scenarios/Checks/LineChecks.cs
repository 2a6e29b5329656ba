using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Lines: options that products have, and what a line needs to move at its takt.</summary>
internal static class LineChecks
{
    public static void Run(PlantModel plant, ScenarioNames names)
    {
        var known = plant.Products.SelectMany(p => p.Options).ToHashSet(StringComparer.Ordinal);
        for (var l = 0; l < plant.Lines.Length; l++)
        {
            var row = names.Lines.Sources[l];
            foreach (var rule in plant.Lines[l].OptionRules.Where(r => row.IsSound && !known.Contains(r.Option)))
            {
                row.Warn(ProductionLines.OptionRules, $"no product has the option '{rule.Option}' of line '{plant.Lines[l].Id}'", Suggestion.For(rule.Option, known) ?? "Add it to the options of products.csv.");
            }

            if (row.IsSound && plant.Lines[l].Overload != LineOverload.Drift && names.Equipment.Sources.All(e => e.IsSound) && WhyNotPaced(plant, plant.Lines[l]) is { } why)
            {
                row.Error(ProductionLines.Overload, $"line '{plant.Lines[l].Id}' cannot move at its takt: {why}", "Leave such stations out of the line, or let it drift.");
            }
        }
    }

    /// <summary>Units that move past single workers: one machine of one slot per station, one calendar, one piece at a time, nowhere else to go.</summary>
    private static string? WhyNotPaced(PlantModel plant, ProductionLine line)
    {
        WorkCalendar? calendar = null;
        foreach (var station in line.Stations)
        {
            var id = plant.EquipmentClasses[station].Id;
            if (line.Stations.Count(s => s == station) > 1)
            {
                return $"station '{id}' is listed twice";
            }

            var machines = plant.Equipment.Where(e => e.Class == station).ToList();
            if (machines.Count != 1 || machines[0].Slots != 1)
            {
                return $"station '{id}' has {(machines.Count == 1 ? $"{machines[0].Slots} slots" : $"{machines.Count} machines")}";
            }

            var own = machines[0].Calendar is { } c ? plant.Calendars[c] : null;
            calendar = station == line.Stations[0] ? own : calendar;
            if (own != calendar)
            {
                return $"station '{id}' keeps other working hours than the first";
            }

            foreach (var operation in plant.WorkMasters.SelectMany(w => w.Operations))
            {
                if (operation.Alternatives.Any(a => IsAt(plant, a, station)) && (operation.Batches || operation.Alternatives.Length > 1))
                {
                    return $"operation '{operation.Id}' at station '{id}' {(operation.Batches ? "is done in batches" : "can be done elsewhere")}";
                }
            }
        }

        return WhoGathersBetween(plant, line);
    }

    /// <summary>A batch beside the line that waits for company would wait for units behind the one that the line waits for.</summary>
    private static string? WhoGathersBetween(PlantModel plant, ProductionLine line)
    {
        foreach (var routing in plant.WorkMasters)
        {
            bool IsOnLine(int operation) => line.Stations.Any(s => routing.Operations[operation].Alternatives.Any(a => IsAt(plant, a, s)));
            bool ComesFromLine(int operation, int depth) => depth < routing.Operations.Length
                && routing.Operations[operation].Predecessors.Any(p => IsOnLine(p) || ComesFromLine(p, depth + 1));
            bool LeadsToLine(int operation, int depth) => depth < routing.Operations.Length
                && Enumerable.Range(0, routing.Operations.Length).Any(k => routing.Operations[k].Predecessors.Contains(operation) && (IsOnLine(k) || LeadsToLine(k, depth + 1)));

            for (var k = 0; k < routing.Operations.Length; k++)
            {
                if (routing.Operations[k].Batches && ComesFromLine(k, 0) && LeadsToLine(k, 0))
                {
                    return $"operation '{routing.Operations[k].Id}' between two stations is done in batches";
                }
            }
        }

        return null;
    }

    private static bool IsAt(PlantModel plant, Alternative alternative, EquipmentClassId station) =>
        (alternative.Class ?? plant.Equipment[alternative.Equipment!.Value].Class) == station;
}
