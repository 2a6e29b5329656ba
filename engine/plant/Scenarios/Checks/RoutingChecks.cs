using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Checks;

/// <summary>Operations that nothing can do, or that no shift is long enough for.</summary>
internal static class RoutingChecks
{
    public static void Run(Scenario scenario, ScenarioNames names, Eligibility eligibility)
    {
        var plant = scenario.Plant;
        var largest = LargestLots(scenario, names);
        var until = SimTime.Zero + Duration.FromDays(28);
        var windows = plant.Calendars.Select(c => ScenarioChecks.LongestWindow(CalendarTimeline.Unroll(c, scenario.Clock, until))).ToArray();
        for (var w = 0; w < plant.WorkMasters.Length; w++)
        {
            for (var o = 0; o < plant.WorkMasters[w].Operations.Length; o++)
            {
                if (!eligibility.IsSoundOperation(w, o))
                {
                    continue;
                }

                var operation = plant.WorkMasters[w].Operations[o];
                var row = names.Operations[w][o];
                Auxiliaries(plant, names, operation, row);
                Pieces(operation, row);
                WaitChecks.Run(plant, plant.WorkMasters[w], o, row);
                if (operation.AdditionProbability > 0 && operation.AdditionTime.Mean == 0)
                {
                    row.Warn(RoutingTable.AdditionTime, $"operation '{operation.Id}' has additions that take no time", "Give addition_time.");
                }

                if (!operation.ReworkBy.IsEmpty && operation.ReworkProbability == 0)
                {
                    row.Warn(RoutingTable.ReworkBy, $"operation '{operation.Id}' is never to be mended: its rework_probability is 0", "Give rework_probability, or leave rework_by empty.");
                }

                if (operation.KitLead is not null && !IsFedAnywhere(plant, w, o))
                {
                    row.Warn(RoutingTable.KitLead, $"operation '{operation.Id}' stages a kit without material", "Say in bill_of_materials.csv what it uses.");
                }

                if (eligibility.Of(w, o).Length == 0)
                {
                    NobodyCan(plant, eligibility, w, o, row);
                }
                else if (row.IsSound)
                {
                    FitsAWindow(plant, names, eligibility.Of(w, o), operation, row, largest.GetValueOrDefault(w, 1), windows);
                }
            }
        }
    }

    private static bool IsFedAnywhere(PlantModel plant, int routing, int operation) =>
        plant.BillOfMaterials.Any(b => b.Operation == operation && plant.Products[b.Product].WorkMaster == routing);

    private static void Auxiliaries(PlantModel plant, ScenarioNames names, Operation operation, SourceRecord row)
    {
        foreach (var need in operation.Auxiliaries)
        {
            var resource = plant.Auxiliaries[need.Auxiliary];
            if (names.Auxiliaries.IsSound(need.Auxiliary) && need.Count > resource.Count)
            {
                row.Error(RoutingTable.Auxiliaries, $"operation '{operation.Id}' needs {need.Count} of '{resource.Id}' and there are {resource.Count}", "Need fewer, or raise the count in auxiliaries.csv.");
            }
        }
    }

    private static void Pieces(Operation operation, SourceRecord row)
    {
        if (!operation.CountPieces)
        {
            return;
        }

        if (operation.Batches || !operation.Phases.IsEmpty)
        {
            var what = operation.Batches ? "batches" : "phases";
            row.Error(RoutingTable.CountPieces, $"operation '{operation.Id}' counts pieces and has {what}", $"A machine counts what it does one by one; leave out {what} or count_pieces.");
        }
        else if (operation.UnitTime.Mean == 0 && operation.Alternatives.All(a => a.UnitTime is null or { Mean: 0 }))
        {
            row.Warn(RoutingTable.CountPieces, $"operation '{operation.Id}' counts pieces that take no time", "Give unit_time.");
        }
    }

    private static void NobodyCan(PlantModel plant, Eligibility eligibility, int w, int o, SourceRecord row)
    {
        var operation = plant.WorkMasters[w].Operations[o];
        var named = eligibility.Named(w, o).ToList();
        if (named.Count == 0)
        {
            var classes = string.Join(", ", operation.Alternatives.Where(a => a.Class is not null).Select(a => $"'{plant.EquipmentClasses[a.Class!.Value].Id}'"));
            row.Error(RoutingTable.Alternatives, $"operation '{operation.Id}' has no eligible equipment: class {classes} has no machine", "Add machines of the class to equipment.csv, or name another class.");
            return;
        }

        var known = named.SelectMany(e => plant.Equipment[e].Capabilities).Distinct(StringComparer.Ordinal).ToList();
        var lacking = operation.Requires.Where(r => !known.Contains(r, StringComparer.Ordinal)).ToList();
        row.Error(RoutingTable.Requires, lacking.Count > 0
            ? $"operation '{operation.Id}' has no eligible equipment: none of its {named.Count} has the capability '{lacking[0]}'"
            : $"operation '{operation.Id}' has no eligible equipment: none of its {named.Count} has all of {string.Join(", ", operation.Requires.Select(r => $"'{r}'"))} together",
            lacking.Count > 0 && Suggestion.For(lacking[0], known) is { } suggestion ? suggestion : "Add the capability to equipment.csv, or do not require it.");
    }

    private static void FitsAWindow(PlantModel plant, ScenarioNames names, int[] equipment, Operation operation, SourceRecord row, double lot, Duration?[] windows)
    {
        if (operation.Interruptible || equipment.Any(e => !names.Equipment.IsSound(e) || plant.Equipment[e].Calendar is not { } c || !names.Calendars.IsSound(c) || windows[c] is null))
        {
            return;
        }

        var best = equipment.Select(e => (Time: TimeOn(plant, operation, e, lot), Window: windows[plant.Equipment[e].Calendar!.Value]!.Value)).MaxBy(x => (x.Window - x.Time).Milliseconds);
        if (best.Time > best.Window)
        {
            row.Warn(RoutingTable.Operation, $"operation '{operation.Id}' takes about {best.Time} for a lot of {NumberText.Format(lot)}, longer than any working window of its equipment ({best.Window})",
                "It will run over the end of the shift; make it interruptible, or lengthen the calendar's windows.");
        }
    }

    private static Duration TimeOn(PlantModel plant, Operation operation, int equipment, double lot)
    {
        var machine = plant.Equipment[equipment];
        var own = operation.Alternatives.FirstOrDefault(a => a.Equipment is { } e && e.Index == equipment) ?? operation.Alternatives.First(a => a.Class == machine.Class);
        var work = ((own.FixedTime ?? operation.FixedTime).Mean + (own.UnitTime ?? operation.UnitTime).Mean * lot) / machine.SpeedFactor;
        var total = (work + operation.Phases.Sum(p => (double)p.Duration.Milliseconds)) * operation.Variation.Mean;
        return new Duration((long)Math.Min(total, 1e15));
    }

    /// <summary>The largest lot that orders bring to each routing.</summary>
    private static Dictionary<int, double> LargestLots(Scenario scenario, ScenarioNames names)
    {
        var largest = new Dictionary<int, double>();
        for (var i = 0; i < scenario.Orders.Length; i++)
        {
            var order = scenario.Orders[i];
            if (names.Orders.IsSound(i) && names.Products.IsSound(order.Product))
            {
                var w = scenario.Plant.Products[order.Product].WorkMaster.Index;
                largest[w] = Math.Max(largest.GetValueOrDefault(w), OrderChecks.LargestLot(order));
            }
        }

        return largest;
    }
}
