using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>utilities.csv</summary>
internal static class UtilitiesTable
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The utility.") { Required = true, Example = "boiler" };
    private static readonly Field<string> s_name = Labels.Name("the utility");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the utility");
    private static readonly Field<UtilityKind> s_kind = new("kind", Types.OneOf<UtilityKind>(), "What it is. Phases draw electricity by their kW, steam and water by their amounts per unit without being told, effluent as much as water; the others only what phase_draws.csv says.") { Otherwise = "other", Example = "steam" };
    private static readonly Field<string> s_unit = new("unit", Types.Text, "Unit of what is drawn; rates are this unit per hour (kWh for a cap in kW).") { Otherwise = "none", Example = "kg" };
    private static readonly Field<string> s_site = new("site", Types.Id, "The site that it supplies.") { Otherwise = "all sites together", Example = "north-hall" };
    public static readonly Field<double> RateCap = new("rate_cap", Types.Number(positive: true), "Largest rate, unit per hour.") { Otherwise = "unlimited", Example = "20000" };
    private static readonly Field<AtCap> s_atCap = new("at_cap", Types.OneOf<AtCap>(), "At the cap: stretch slows all that draw down in proportion (never below a hundredth of their speed); wait lets no phase begin before there is room for it.") { Otherwise = "stretch", Example = "wait" };
    private static readonly Field<double> s_dailyCap = new("daily_cap", Types.Number(positive: true), "Most that may be drawn between two local midnights; a phase that would exceed it waits.") { Otherwise = "unlimited", Example = "1500" };

    public static readonly Shape Shape = new("utilities.csv", "Limited supplies that phases draw from: steam, electricity, water, compressed air, effluent.",
        s_id, s_name, s_nameZh, s_kind, s_unit, s_site, RateCap, s_atCap, s_dailyCap);

    public static ImmutableArray<Utility> Read(List<SourceRecord> rows, List<SourceRecord> windows, ScenarioNames names)
    {
        foreach (var row in rows)
        {
            names.Utilities.Add(row, s_id);
        }

        var byUtility = UtilityWindowsTable.Read(windows, names);
        return [.. rows.Select((r, u) => new Utility
        {
            Id = r.Get(s_id),
            Name = Labels.Read(r, s_name, s_nameZh, r.Get(s_id)),
            Kind = r.Get(s_kind),
            Unit = r.Get(s_unit),
            Site = names.Sites.Resolve(r, s_site) is { } s ? new SiteId(s) : null,
            RateCap = r.GetOrNull(RateCap),
            AtCap = r.Get(s_atCap),
            DailyCap = r.GetOrNull(s_dailyCap),
            Windows = [.. byUtility[u]],
        })];
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var u in scenario.Plant.Utilities)
        {
            table.Row().Set(s_id, u.Id).SetLabel(s_name, s_nameZh, u.Name, u.Id).Set(s_kind, u.Kind).Set(s_unit, u.Unit)
                .SetOrNone(s_site, u.Site is { } s ? scenario.Plant.Sites[s].Id : null)
                .SetOrNone(RateCap, u.RateCap).Set(s_atCap, u.AtCap).SetOrNone(s_dailyCap, u.DailyCap);
        }
    }
}

/// <summary>utility_windows.csv</summary>
internal static class UtilityWindowsTable
{
    private static readonly Field<string> s_utility = new("utility", Types.Id, "The utility.") { Required = true, Example = "boiler" };
    private static readonly Field<Weekdays> s_days = new("days", Types.Days, "Days on which the window begins.") { Required = true, Example = "daily" };
    private static readonly Field<TimeOnly> s_start = new("start", Types.TimeOfDay, "When the cap begins.") { Required = true, Example = "22:00" };
    private static readonly Field<TimeOnly> s_end = new("end", Types.TimeOfDay, "When it ends; not after the start means the next day.") { Required = true, Example = "06:00" };
    private static readonly Field<double> s_cap = new("rate_cap", Types.Number(positive: true), "Largest rate then, unit per hour.") { Required = true, Example = "8000" };

    public static readonly Shape Shape = new("utility_windows.csv", "Parts of the week in which a utility has another rate cap; where they overlap, the later row wins.", s_utility, s_days, s_start, s_end, s_cap);

    public static ILookup<int?, UtilityWindow> Read(List<SourceRecord> rows, ScenarioNames names) => rows
        .Select(r => (Utility: names.Utilities.Resolve(r, s_utility), Window: new UtilityWindow(r.Get(s_days), r.Get(s_start), r.Get(s_end), r.Get(s_cap))))
        .ToLookup(w => w.Utility, w => w.Window);

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var utility in scenario.Plant.Utilities)
        {
            foreach (var w in utility.Windows)
            {
                table.Row().Set(s_utility, utility.Id).Set(s_days, w.Days).Set(s_start, w.Start).Set(s_end, w.End).Set(s_cap, w.RateCap);
            }
        }
    }
}

/// <summary>phase_draws.csv</summary>
internal static class PhaseDrawsTable
{
    private static readonly Field<string> s_routing = new("routing", Types.Id, "The routing.") { Required = true, Example = "cotton-dark" };
    private static readonly Field<string> s_operation = new("operation", Types.Id, "The operation.") { Required = true, Example = "dye" };
    private static readonly Field<int> s_phase = new("phase", Types.Whole(1), "Which phase of the operation, counted from 1 in the order of phases.csv.") { Required = true, Example = "2" };
    private static readonly Field<string> s_utility = new("utility", Types.Id, "What it draws from; counts on equipment of the utility's site.") { Required = true, Example = "air" };
    private static readonly Field<double> s_rate = new("rate", Types.Number(), "Rate whatever the load, unit per hour.") { Otherwise = "0", Example = "30" };
    private static readonly Field<double> s_ratePerUnit = new("rate_per_unit", Types.Number(), "Rate per unit of load, unit per hour.") { Otherwise = "0", Example = "0.5" };
    private static readonly Field<double> s_amount = new("amount", Types.Number(), "Amount whatever the load, drawn evenly over the phase.") { Otherwise = "0", Example = "12" };
    private static readonly Field<double> s_amountPerUnit = new("amount_per_unit", Types.Number(), "Amount per unit of load, drawn evenly over the phase.") { Otherwise = "0", Example = "0.2" };

    public static readonly Shape Shape = new("phase_draws.csv", "What phases draw from utilities, beyond what follows from their kW, steam and water.",
        s_routing, s_operation, s_phase, s_utility, s_rate, s_ratePerUnit, s_amount, s_amountPerUnit);

    /// <summary>The routings with the draws of their phases.</summary>
    public static ImmutableArray<WorkMaster> Attach(ImmutableArray<WorkMaster> routings, List<SourceRecord> rows, PlantModel plant, ScenarioNames names)
    {
        var draws = new List<((int Routing, int Operation, int Phase) At, UtilityDraw Draw)>();
        foreach (var row in rows)
        {
            if (names.Utilities.Resolve(row, s_utility) is { } utility && Place(row, routings, names) is { } at)
            {
                var draw = new UtilityDraw(new UtilityId(utility))
                {
                    Rate = row.Get(s_rate), RatePerUnit = row.Get(s_ratePerUnit), Amount = row.Get(s_amount), AmountPerUnit = row.Get(s_amountPerUnit),
                };
                Check(row, draw, plant.Utilities[utility]);
                draws.Add((at, draw));
            }
        }

        if (draws.Count == 0)
        {
            return routings;
        }

        var byPhase = draws.ToLookup(d => d.At, d => d.Draw);
        return [.. routings.Select((w, i) => w with
        {
            Operations = [.. w.Operations.Select((o, k) => o with { Phases = [.. o.Phases.Select((p, n) => p with { Draws = [.. byPhase[(i, k, n)]] })] })],
        })];
    }

    private static (int, int, int)? Place(SourceRecord row, ImmutableArray<WorkMaster> routings, ScenarioNames names)
    {
        if (names.WorkMasters.Resolve(row, s_routing) is not { } w || !row.Has(s_operation) || !row.Has(s_phase))
        {
            return null;
        }

        var operations = routings[w].Operations.ToList();
        var o = operations.FindIndex(x => x.Id == row.Get(s_operation));
        if (o < 0)
        {
            var id = row.Get(s_operation);
            row.Error(s_operation, $"operation '{id}' is not in routing '{routings[w].Id}'", Suggestion.For(id, operations.Select(x => x.Id)) ?? "Add it to routings.csv, or correct the name.");
            return null;
        }

        var phase = row.Get(s_phase);
        if (phase > operations[o].Phases.Length)
        {
            row.Error(s_phase, $"phase '{row[s_phase].Text}' does not exist: operation '{operations[o].Id}' has {operations[o].Phases.Length} in phases.csv", "Phases are counted from 1.");
            return null;
        }

        return (w, o, phase - 1);
    }

    private static void Check(SourceRecord row, UtilityDraw draw, Utility utility)
    {
        if (draw is { Rate: 0, RatePerUnit: 0, Amount: 0, AmountPerUnit: 0 })
        {
            row.Warn(s_utility, $"the phase draws nothing from '{utility.Id}'", "Give rate, rate_per_unit, amount or amount_per_unit.");
        }
        else if (utility.RateCap is { } cap && draw.Rate > cap)
        {
            row.Warn(s_rate, $"rate '{row[s_rate].Text}' is more than the rate cap of '{utility.Id}', {NumberText.Format(cap)}",
                utility.AtCap == AtCap.Wait ? "The phase begins only when nobody else draws, and then exceeds the cap." : "The phase will always be stretched.");
        }
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var routing in scenario.Plant.WorkMasters)
        {
            foreach (var operation in routing.Operations)
            {
                for (var p = 0; p < operation.Phases.Length; p++)
                {
                    foreach (var d in operation.Phases[p].Draws)
                    {
                        table.Row().Set(s_routing, routing.Id).Set(s_operation, operation.Id).Set(s_phase, p + 1).Set(s_utility, scenario.Plant.Utilities[d.Utility].Id)
                            .Set(s_rate, d.Rate).Set(s_ratePerUnit, d.RatePerUnit).Set(s_amount, d.Amount).Set(s_amountPerUnit, d.AmountPerUnit);
                    }
                }
            }
        }
    }
}
