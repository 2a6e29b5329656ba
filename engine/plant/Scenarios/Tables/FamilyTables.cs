using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>families.csv</summary>
internal static class FamiliesTable
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The family.") { Required = true, Example = "dark" };
    private static readonly Field<string> s_name = Labels.Name("the family");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the family");
    private static readonly Field<string> s_color = new("color", Types.Color, "Colour in charts.") { Otherwise = "one from the palette", Example = "#1f3a5f" };
    private static readonly Field<double> s_soil = new("soil", Types.Number(), "Residue that one batch leaves behind.") { Otherwise = "0", Example = "7" };
    public static readonly Field<double> ResidueLimit = new("residue_limit", Types.Number(), "The residue must be below this for a batch of the family to start.") { Default = double.PositiveInfinity, Otherwise = "no limit", Example = "20" };

    private static readonly Field<double> s_risk = new("quality_risk", Types.Number(max: 1000), "Multiplies the probabilities of additions, repetitions and losses of its batches.") { Default = 1, Otherwise = "1", Example = "1.5" };

    public static readonly Shape Shape = new("families.csv", "What jobs must share to be in one batch, and what changeovers run between: shades, tools, moulds.", s_id, s_name, s_nameZh, s_color, s_soil, ResidueLimit, s_risk);

    public static ImmutableArray<Family> Read(List<SourceRecord> rows, ScenarioNames names) => [.. rows.Select(r => Read(r, names))];

    private static Family Read(SourceRecord r, ScenarioNames names)
    {
        var id = names.Families.Add(r, s_id);
        return new Family
        {
            Id = id,
            Name = Labels.Read(r, s_name, s_nameZh, id),
            Color = r.GetOrNothing(s_color),
            Soil = r.Get(s_soil),
            ResidueLimit = r.Get(ResidueLimit),
            QualityRisk = r.Get(s_risk),
        };
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var family in scenario.Plant.Families)
        {
            table.Row().Set(s_id, family.Id).SetLabel(s_name, s_nameZh, family.Name, family.Id)
                .SetOrNone(s_color, family.Color).Set(s_soil, family.Soil).Set(ResidueLimit, family.ResidueLimit).Set(s_risk, family.QualityRisk);
        }
    }
}

/// <summary>The values of one setup, wherever it stands.</summary>
internal sealed class SetupFields(bool durationRequired)
{
    public Field<Duration> Duration { get; } = new("duration", Types.Time(), "Setup time.") { Required = durationRequired, Otherwise = "0", Example = "120 min", HeadingUnits = DurationText.HeadingUnits };

    public Field<double> Cost { get; } = new("cost", Types.Number(), "Cost in the plant's currency or the planner's points.") { Otherwise = "0", Example = "10" };

    public Field<bool> Allowed { get; } = new("allowed", Types.YesNo, "Whether the succession is possible at all.") { Default = true, Otherwise = "yes", Example = "no" };

    public Field<double> EnergyKwh { get; } = new("energy_kwh", Types.Number(unit: "kWh"), "Electricity that the setup uses, evenly over its length.") { Otherwise = "0", Example = "15" };

    public Field<double> WaterM3 { get; } = new("water_m3", Types.Number(unit: "m3"), "Water that the setup uses, evenly over its length.") { Otherwise = "0", Example = "2.5" };

    public Field<double> SteamKg { get; } = new("steam_kg", Types.Number(unit: "kg"), "Steam that the setup uses, evenly over its length.") { Otherwise = "0", Example = "120" };

    public Field[] All => [Duration, Cost, Allowed, EnergyKwh, WaterM3, SteamKg];

    public Changeover Read(SourceRecord r) =>
        new(r.Get(Duration), r.Get(Cost), r.Get(Allowed)) { EnergyKwh = r.Get(EnergyKwh), WaterM3 = r.Get(WaterM3), SteamKg = r.Get(SteamKg) };

    public void Write(IRecordWriter writer, Changeover c) =>
        writer.Set(Duration, c.Duration).Set(Cost, c.Cost).Set(Allowed, c.Allowed).Set(EnergyKwh, c.EnergyKwh).Set(WaterM3, c.WaterM3).Set(SteamKg, c.SteamKg);
}

/// <summary>changeovers.csv: the pairs of the matrix rules.</summary>
internal static class ChangeoversTable
{
    private static readonly Field<string> s_rule = new("rule", Types.Id, "Matrix rule of scenario.yaml.") { Required = true, Example = "vat-cleaning" };
    private static readonly Field<string> s_from = new("from", Types.Id, "Family before.") { Required = true, Example = "dark" };
    private static readonly Field<string> s_to = new("to", Types.Id, "Family after.") { Required = true, Example = "light" };
    private static readonly SetupFields s_setup = new(durationRequired: false);

    public static readonly Shape Shape = new("changeovers.csv", "Setups between two families; a pair that is missing takes the rule's default, and a family followed by itself needs none.", [s_rule, s_from, s_to, .. s_setup.All]);

    /// <summary>The pairs of each rule, by the rule's index.</summary>
    public static ILookup<int, ((FamilyId From, FamilyId To) Pair, Changeover Changeover)> Read(List<SourceRecord> rows, ScenarioNames names)
    {
        var seen = new HashSet<(int, int, int)>();
        var pairs = new List<(int Rule, (FamilyId, FamilyId) Pair, Changeover Changeover)>();
        foreach (var row in rows)
        {
            var (rule, from, to) = (names.ChangeoverRules.Resolve(row, s_rule), names.Families.Resolve(row, s_from), names.Families.Resolve(row, s_to));
            var changeover = s_setup.Read(row);
            if (rule is not { } r || from is not { } f || to is not { } t)
            {
                continue;
            }

            if (names.ChangeoverRules.Sources[r].GetOrNull(ChangeoverRules.Kind) is ChangeoverKind.Residue)
            {
                row.Error(s_rule, $"rule '{row.Get(s_rule)}' is a residue rule, which has no pairs", "Give its cleanings in cleanings.csv, or make it kind: matrix.");
            }
            else if (!seen.Add((r, f, t)))
            {
                row.Error(s_from, $"the changeover from '{row.Get(s_from)}' to '{row.Get(s_to)}' is given twice", "Keep one of the rows.");
            }
            else
            {
                pairs.Add((r, (new FamilyId(f), new FamilyId(t)), changeover));
            }
        }

        return pairs.ToLookup(p => p.Rule, p => (p.Pair, p.Changeover));
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var rule in scenario.Plant.ChangeoverRules.OfType<MatrixChangeover>())
        {
            foreach (var ((from, to), changeover) in rule.Pairs.OrderBy(p => (p.Key.From.Index, p.Key.To.Index)))
            {
                s_setup.Write(table.Row().Set(s_rule, rule.Id).Set(s_from, scenario.Plant.Families[from].Id).Set(s_to, scenario.Plant.Families[to].Id), changeover);
            }
        }
    }
}

/// <summary>cleanings.csv: the cleanings of the residue rules.</summary>
internal static class CleaningsTable
{
    private static readonly Field<string> s_rule = new("rule", Types.Id, "Residue rule of scenario.yaml.") { Required = true, Example = "jet-residue" };
    private static readonly Field<string> s_id = new("id", Types.Id, "The cleaning.") { Required = true, Example = "strip" };
    private static readonly Field<double> s_removes = new("removes", Types.Number(positive: true), "Residue that it takes away.") { Required = true, Example = "27" };
    private static readonly Field<Duration> s_duration = new("duration", Types.Time(), "How long it takes.") { Required = true, Example = "7 h", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<double> s_cost = new("cost", Types.Number(), "Cost in the plant's currency or the planner's points.") { Otherwise = "0", Example = "800" };
    private static readonly Field<double> s_energy = new("energy_kwh", Types.Number(unit: "kWh"), "Electricity that it uses, evenly over its length.") { Otherwise = "0", Example = "60" };
    private static readonly Field<double> s_water = new("water_m3", Types.Number(unit: "m3"), "Water that it uses, evenly over its length.") { Otherwise = "0", Example = "6" };
    private static readonly Field<double> s_steam = new("steam_kg", Types.Number(unit: "kg"), "Steam that it uses, evenly over its length.") { Otherwise = "0", Example = "300" };

    public static readonly Shape Shape = new("cleanings.csv", "Cleanings that lower the residue, by rising strength.", s_rule, s_id, s_removes, s_duration, s_cost, s_energy, s_water, s_steam);

    public static ILookup<int, CleaningOperation> Read(List<SourceRecord> rows, ScenarioNames names)
    {
        var cleanings = new List<(int Rule, CleaningOperation Cleaning)>();
        foreach (var row in rows)
        {
            var cleaning = new CleaningOperation(row.Get(s_id), row.Get(s_removes), row.Get(s_duration)) { Cost = row.Get(s_cost), EnergyKwh = row.Get(s_energy), WaterM3 = row.Get(s_water), SteamKg = row.Get(s_steam) };
            if (names.ChangeoverRules.Resolve(row, s_rule) is not { } rule)
            {
                continue;
            }

            var before = cleanings.FindLast(c => c.Rule == rule).Cleaning;
            if (names.ChangeoverRules.Sources[rule].GetOrNull(ChangeoverRules.Kind) is ChangeoverKind.Matrix)
            {
                row.Error(s_rule, $"rule '{row.Get(s_rule)}' is a matrix rule, which has no residue", "Give its pairs in changeovers.csv, or make it kind: residue.");
            }
            else if (cleanings.Exists(c => c.Rule == rule && c.Cleaning.Id == cleaning.Id))
            {
                row.Error(s_id, $"cleaning '{cleaning.Id}' of rule '{row.Get(s_rule)}' is given twice", "Keep one of the rows.");
            }
            else if (row.IsSound && before is not null && before.Removes > cleaning.Removes)
            {
                row.Error(s_removes, $"cleaning '{cleaning.Id}' removes less than '{before.Id}' before it", "Order the cleanings by rising strength.");
            }

            cleanings.Add((rule, cleaning));
        }

        return cleanings.ToLookup(c => c.Rule, c => c.Cleaning);
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var rule in scenario.Plant.ChangeoverRules.OfType<ResidueChangeover>())
        {
            foreach (var c in rule.Cleanings)
            {
                table.Row().Set(s_rule, rule.Id).Set(s_id, c.Id).Set(s_removes, c.Removes).Set(s_duration, c.Duration)
                    .Set(s_cost, c.Cost).Set(s_energy, c.EnergyKwh).Set(s_water, c.WaterM3).Set(s_steam, c.SteamKg);
            }
        }
    }
}
