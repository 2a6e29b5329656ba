using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>Kinds of changeover rules in the files.</summary>
internal enum ChangeoverKind
{
    Matrix,
    Residue,
}

/// <summary>scenario.yaml: changeover_rules.</summary>
internal static class ChangeoverRules
{
    private static readonly SetupFields s_default = new(durationRequired: false);
    private static readonly SetupFields s_fromClean = new(durationRequired: false);
    private static readonly SetupFields s_cleaning = new(durationRequired: true);

    public static readonly Field<string> Id = new("id", Types.Id, "The rule; equipment.csv refers to it.") { Required = true, Example = "vat-cleaning" };
    public static readonly Field<ChangeoverKind> Kind = new("kind", Types.OneOf<ChangeoverKind>(), "matrix: setups between families, listed in changeovers.csv. residue: batches leave residue that the cleanings of cleanings.csv remove.") { Required = true, Example = "matrix" };
    private static readonly Field<Duration> s_everyBatch = new("every_batch", Types.Time(), "Setup before every batch, even of the same family.") { Otherwise = "0", Example = "10 min" };
    private static readonly MapField s_defaultMap = new("default", new Shape("default", "Setup of pairs not listed.", s_default.All), "matrix: setup between different families that changeovers.csv does not list.") { Otherwise = "no setup" };
    private static readonly MapField s_fromCleanMap = new("from_clean", new Shape("from_clean", "Setup from clean.", s_fromClean.All), "matrix: setup of clean equipment for its first family.") { Otherwise = "no setup" };
    private static readonly MapField s_cleaningMap = new("cleaning", new Shape("cleaning", "The cleaning.", [s_cleaning.Duration, s_cleaning.Cost, s_cleaning.EnergyKwh, s_cleaning.WaterM3, s_cleaning.SteamKg]), "matrix: a cleaning that makes any succession possible again where the matrix forbids the direct way.") { Otherwise = "there is none" };
    private static readonly Field<int> s_maxBatches = new("max_batches_between_cleanings", Types.Whole(1), "residue: a cleaning is forced after so many batches.") { Otherwise = "never", Example = "9" };

    public static readonly Shape Shape = new("changeover_rules", "How equipment passes from one family to the next.", Id, Kind, s_everyBatch, s_defaultMap, s_fromCleanMap, s_cleaningMap, s_maxBatches);

    /// <summary>Enters the rules' names, so that tables can refer to them.</summary>
    public static void Enter(IEnumerable<SourceRecord> rules, ScenarioNames names)
    {
        foreach (var rule in rules)
        {
            names.ChangeoverRules.Add(rule, Id);
        }
    }

    public static ImmutableArray<ChangeoverRule> Read(
        ScenarioNames names,
        ILookup<int, ((FamilyId From, FamilyId To) Pair, Changeover Changeover)> pairs,
        ILookup<int, CleaningOperation> cleanings) =>
        [.. names.ChangeoverRules.Sources.Select((r, i) => r.Get(Kind) == ChangeoverKind.Matrix ? (ChangeoverRule)ReadMatrix(r, pairs[i]) : ReadResidue(r, cleanings[i]))];

    private static MatrixChangeover ReadMatrix(SourceRecord r, IEnumerable<((FamilyId From, FamilyId To) Pair, Changeover Changeover)> pairs)
    {
        RefuseForeign(r, s_maxBatches, "matrix");
        return new MatrixChangeover
        {
            Id = r.Get(Id),
            EveryBatch = r.Get(s_everyBatch),
            Pairs = pairs.ToImmutableDictionary(p => p.Pair, p => p.Changeover),
            Default = r.Map(s_defaultMap) is { } d ? s_default.Read(d) : Changeover.None,
            FromClean = r.Map(s_fromCleanMap) is { } c ? s_fromClean.Read(c) : Changeover.None,
            Cleaning = r.Map(s_cleaningMap) is { } w ? new Changeover(w.Get(s_cleaning.Duration), w.Get(s_cleaning.Cost)) { EnergyKwh = w.Get(s_cleaning.EnergyKwh), WaterM3 = w.Get(s_cleaning.WaterM3), SteamKg = w.Get(s_cleaning.SteamKg) } : null,
        };
    }

    private static ResidueChangeover ReadResidue(SourceRecord r, IEnumerable<CleaningOperation> cleanings)
    {
        foreach (var foreign in (Field[])[s_defaultMap, s_fromCleanMap, s_cleaningMap])
        {
            RefuseForeign(r, foreign, "residue");
        }

        var rule = new ResidueChangeover { Id = r.Get(Id), EveryBatch = r.Get(s_everyBatch), Cleanings = [.. cleanings], MaxBatchesBetweenCleanings = r.GetOrNull(s_maxBatches) };
        if (r.IsSound && rule.Cleanings.IsEmpty)
        {
            r.Error(Id, $"residue rule '{rule.Id}' has no cleaning", "Add at least one to cleanings.csv.");
        }

        return rule;
    }

    private static void RefuseForeign(SourceRecord r, Field field, string kind)
    {
        if (r.Has(field))
        {
            r.Error(field, $"{field.Name} does not belong to a {kind} rule", "Remove it, or change the kind.");
        }
    }

    public static void Write(Scenario scenario, YamlWriter yaml, Field key)
    {
        if (scenario.Plant.ChangeoverRules.IsEmpty)
        {
            return;
        }

        yaml.Maps(key, scenario.Plant.ChangeoverRules, (y, rule) =>
        {
            y.Set(Id, rule.Id).Set(Kind, rule is MatrixChangeover ? ChangeoverKind.Matrix : ChangeoverKind.Residue).Set(s_everyBatch, rule.EveryBatch);
            if (rule is MatrixChangeover matrix)
            {
                y.Map(s_defaultMap, m => s_default.Write(m, matrix.Default));
                y.Map(s_fromCleanMap, m => s_fromClean.Write(m, matrix.FromClean));
                if (matrix.Cleaning is { } cleaning)
                {
                    y.Map(s_cleaningMap, m => m.Set(s_cleaning.Duration, cleaning.Duration).Set(s_cleaning.Cost, cleaning.Cost).Set(s_cleaning.EnergyKwh, cleaning.EnergyKwh).Set(s_cleaning.WaterM3, cleaning.WaterM3).Set(s_cleaning.SteamKg, cleaning.SteamKg));
                }
            }
            else
            {
                y.SetOrNone(s_maxBatches, ((ResidueChangeover)rule).MaxBatchesBetweenCleanings);
            }
        });
    }
}
