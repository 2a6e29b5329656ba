using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>What other tables say about operations: phases.csv and operation_alternatives.csv.</summary>
internal sealed class OperationDetails
{
    private static readonly Field<string> s_routing = new("routing", Types.Id, "The routing.") { Required = true, Example = "part-7" };
    private static readonly Field<string> s_operation = new("operation", Types.Id, "The operation.") { Required = true, Example = "mill" };
    private static readonly Field<string> s_alternative = new("alternative", Types.Id, "Equipment class or machine; `equipment:id` where an id is both.") { Required = true, Example = "mill-3" };
    private static readonly Field<Distribution> s_fixed = new("fixed_time", Types.TimeDistribution, "Time per batch or lot here.") { Otherwise = "the operation's", Example = "12 min", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<Distribution> s_unit = new("unit_time", Types.TimeDistribution, "Time per unit of quantity here.") { Otherwise = "the operation's", Example = "30 s", HeadingUnits = DurationText.HeadingUnits };

    public static readonly Shape AlternativesShape = new("operation_alternatives.csv", "Alternatives with times of their own, as in flexible job shops. They come after those in routings.csv.", s_routing, s_operation, s_alternative, s_fixed, s_unit);

    private static readonly Field<string> s_phaseRouting = new("routing", Types.Id, "The routing.") { Required = true, Example = "cotton-dark" };
    private static readonly Field<string> s_phaseOperation = new("operation", Types.Id, "The operation.") { Required = true, Example = "dye" };
    private static readonly Field<string> s_name = new("name", Types.Text, "Name of the phase.") { Required = true, Example = "heat to 60 °C" };
    private static readonly Field<string> s_nameZh = new("name_zh", Types.Text, "Chinese name of the phase.") { Otherwise = "the name", Example = "升温至60℃" };
    private static readonly Field<PhaseKind> s_kind = new("kind", Types.OneOf<PhaseKind>(), "What the equipment is doing.") { Otherwise = "process", Example = "load" };
    private static readonly Field<Duration> s_hold = new("hold", Types.Time(), "Hold time after any ramp.") { Otherwise = "0", Example = "45 min", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<double> s_from = new("from_celsius", Types.Number(min: -273, max: 5000, unit: "°C"), "Where a temperature ramp begins.") { Otherwise = "no ramp", Example = "30" };
    private static readonly Field<double> s_to = new("to_celsius", Types.Number(min: -273, max: 5000, unit: "°C"), "Where it ends.") { Otherwise = "no ramp", Example = "60" };
    private static readonly Field<double> s_gradient = new("celsius_per_minute", Types.Number(max: 10000), "Its gradient, without sign.") { Otherwise = "no ramp", Example = "2" };
    private static readonly Field<double> s_kw = new("kw", Types.Number(unit: "kW"), "Electric power.") { Otherwise = "the equipment's running_kw", Example = "22" };
    private static readonly Field<double> s_steam = new("steam_kg_per_unit", Types.Number(), "Steam per unit of load, kg.") { Otherwise = "0", Example = "1.8" };
    private static readonly Field<double> s_water = new("water_l_per_unit", Types.Number(), "Fresh water per unit of load, litres.") { Otherwise = "0", Example = "8" };

    private static readonly Field<AtCap> s_atCap = new("at_cap", Types.OneOf<AtCap>(), "What happens to it when a utility is at its rate cap.") { Otherwise = "as the utility says", Example = "wait" };
    private static readonly Field<CrewNeed> s_crew = CrewText.Need("crew", "People at work during the phase; the batch stands still until they come.");

    public static readonly Shape PhasesShape = new("phases.csv", "Phases of operations in order: a hold, or a temperature ramp and a hold, with their draws.",
        s_phaseRouting, s_phaseOperation, s_name, s_nameZh, s_kind, s_hold, s_from, s_to, s_gradient, s_kw, s_steam, s_water, s_atCap, s_crew);

    private readonly ILookup<(string, string), SourceRecord> _alternatives;
    private readonly List<SourceRecord> _alternativeRows;
    private readonly List<SourceRecord> _phaseRows;

    public OperationDetails(List<SourceRecord> alternatives, List<SourceRecord> phases)
    {
        _alternativeRows = alternatives;
        _phaseRows = phases;
        _alternatives = alternatives.ToLookup(r => (r.Get(s_routing), r.Get(s_operation)));
        Phases = phases.Select(r => (Key: (r.Get(s_phaseRouting), r.Get(s_phaseOperation)), Phase: ReadPhase(r))).ToLookup(p => p.Key, p => p.Phase);
    }

    /// <summary>Phases by routing and operation id.</summary>
    public ILookup<(string Routing, string Operation), Phase> Phases { get; }

    /// <summary>Reports rows that belong to no operation.</summary>
    public void Resolve(ImmutableArray<WorkMaster> routings, ScenarioNames names)
    {
        foreach (var (rows, routingField, operationField) in new[] { (_alternativeRows, s_routing, s_operation), (_phaseRows, s_phaseRouting, s_phaseOperation) })
        {
            foreach (var row in rows)
            {
                if (names.WorkMasters.Resolve(row, routingField) is { } w && row.Has(operationField)
                    && !routings[w].Operations.Any(o => o.Id == row.Get(operationField)))
                {
                    var id = row.Get(operationField);
                    row.Error(operationField, $"operation '{id}' is not in routing '{routings[w].Id}'", Suggestion.For(id, routings[w].Operations.Select(o => o.Id)) ?? "Add it to routings.csv, or correct the name.");
                }
            }
        }
    }

    public ImmutableArray<Alternative> Alternatives(SourceRecord operation, Field list, (string, string) key, ScenarioNames names)
    {
        var found = new List<Alternative>();
        foreach (var item in operation.Items(list))
        {
            if (Resolve(operation, item, names) is { } alternative)
            {
                if (found.Contains(alternative))
                {
                    operation.Error(item, $"alternative '{item.Text}' is written twice", "Keep it once.");
                }
                else
                {
                    found.Add(alternative);
                }
            }
        }

        foreach (var row in _alternatives[key])
        {
            if (row.Has(s_alternative) && Resolve(row, row[s_alternative], names) is { } place)
            {
                var timed = place with { FixedTime = row.GetOrNothing(s_fixed), UnitTime = row.GetOrNothing(s_unit) };
                var at = found.FindIndex(a => a.Class == place.Class && a.Equipment == place.Equipment);
                if (at >= 0 && (found[at].FixedTime ?? found[at].UnitTime) is not null)
                {
                    row.Error(s_alternative, $"alternative '{row.Get(s_alternative)}' of operation '{key.Item2}' is given twice", "Keep one of the rows.");
                }
                else if (at >= 0)
                {
                    found[at] = timed;
                }
                else
                {
                    found.Add(timed);
                }
            }
        }

        if (found.Count == 0 && operation.IsSound && !names.EquipmentClasses.IsUnknown && !names.Equipment.IsUnknown)
        {
            operation.Error(list, $"operation '{key.Item2}' has no equipment", "Name a class or machines in 'alternatives', or in operation_alternatives.csv.");
        }

        return [.. found];
    }

    private static Alternative? Resolve(SourceRecord record, Cell item, ScenarioNames names)
    {
        const string Machine = "equipment:";
        if (names.EquipmentClasses.Find(item.Text) is { } c)
        {
            return new Alternative { Class = new EquipmentClassId(c) };
        }

        var name = item.Text.StartsWith(Machine, StringComparison.OrdinalIgnoreCase) ? item.Text[Machine.Length..].Trim() : item.Text;
        if ((names.Equipment.Find(item.Text) ?? names.Equipment.Find(name)) is { } e)
        {
            return new Alternative { Equipment = new EquipmentId(e) };
        }

        if (names.EquipmentClasses.IsUnknown || names.Equipment.IsUnknown)
        {
            return null;
        }

        record.Error(item, $"alternative '{item.Text}' is neither an equipment class nor a machine",
            Suggestion.For(name, names.EquipmentClasses.Ids.Concat(names.Equipment.Ids)) ?? "Add it to equipment_classes.csv or equipment.csv, or correct the name.");
        return null;
    }

    private static Phase ReadPhase(SourceRecord r)
    {
        var name = r.Get(s_name);
        var ramp = new Field[] { s_from, s_to, s_gradient }.Where(r.Has).ToArray();
        if (ramp.Length is 1 or 2)
        {
            var missing = !r.Has(s_from) ? s_from : !r.Has(s_to) ? s_to : s_gradient;
            r.Error(missing, $"{missing.Name} is missing beside {ramp[0].Name}", "A ramp needs from_celsius, to_celsius and celsius_per_minute.");
        }
        else if (ramp.Length == 3 && r.IsSound && r.Get(s_gradient) == 0)
        {
            r.Error(s_gradient, $"celsius_per_minute '{r[s_gradient].Text}' must be > 0", "A ramp without gradient would never end.");
        }

        return new Phase
        {
            Name = Labels.Read(r, s_name, s_nameZh, name),
            Kind = r.Get(s_kind),
            Hold = r.Get(s_hold),
            FromCelsius = r.GetOrNull(s_from),
            ToCelsius = r.GetOrNull(s_to),
            CelsiusPerMinute = r.Get(s_gradient),
            Kw = r.GetOrNull(s_kw),
            SteamKgPerUnit = r.Get(s_steam),
            WaterLitresPerUnit = r.Get(s_water),
            AtCap = r.GetOrNull(s_atCap),
            Crew = r.GetOrNothing(s_crew),
        };
    }

    public static bool HasOwnTimes(Operation operation) => operation.Alternatives.Any(a => (a.FixedTime ?? a.UnitTime) is not null);

    /// <summary>The alternative as it is written; a machine whose id is also a class says that it is the machine.</summary>
    public static string NameOf(Alternative alternative, PlantModel plant)
    {
        if (alternative.Class is { } c)
        {
            return plant.EquipmentClasses[c].Id;
        }

        var id = plant.Equipment[alternative.Equipment!.Value].Id;
        return plant.EquipmentClasses.Any(k => k.Id == id) ? $"equipment:{id}" : id;
    }

    public static void WriteAlternatives(Scenario scenario, TableWriter table)
    {
        foreach (var routing in scenario.Plant.WorkMasters)
        {
            foreach (var operation in routing.Operations.Where(HasOwnTimes))
            {
                foreach (var a in operation.Alternatives)
                {
                    table.Row().Set(s_routing, routing.Id).Set(s_operation, operation.Id).Set(s_alternative, NameOf(a, scenario.Plant)).SetOrNone(s_fixed, a.FixedTime).SetOrNone(s_unit, a.UnitTime);
                }
            }
        }
    }

    public static void WritePhases(Scenario scenario, TableWriter table)
    {
        foreach (var routing in scenario.Plant.WorkMasters)
        {
            foreach (var operation in routing.Operations)
            {
                foreach (var p in operation.Phases)
                {
                    table.Row().Set(s_phaseRouting, routing.Id).Set(s_phaseOperation, operation.Id).Set(s_name, p.Name.En).SetOrNone(s_nameZh, p.Name.Zh)
                        .Set(s_kind, p.Kind).Set(s_hold, p.Hold).SetOrNone(s_from, p.FromCelsius).SetOrNone(s_to, p.ToCelsius).Set(s_gradient, p.CelsiusPerMinute)
                        .SetOrNone(s_kw, p.Kw).Set(s_steam, p.SteamKgPerUnit).Set(s_water, p.WaterLitresPerUnit).SetOrNone(s_atCap, p.AtCap).SetOrNone(s_crew, p.Crew);
                }
            }
        }
    }
}
