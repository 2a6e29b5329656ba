using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>receipts.csv</summary>
internal static class ReceiptsTable
{
    private static readonly Field<string> s_material = new("material", Types.Id, "What comes.") { Required = true, Example = "steel-sheet" };
    private static readonly Field<double> s_quantity = new("quantity", Types.Number(max: MaterialQuantity.Max, positive: true), "How much, in the material's unit.") { Required = true, Example = "250" };
    private static readonly Field<SimTime> s_time = new("time", Types.Moment, "When.") { Required = true, Example = "2026-03-04 09:00" };
    private static readonly Field<string> s_supplier = new("supplier", Types.Id, "Who delivers; a row of sources.csv.") { Otherwise = "nobody in particular", Example = "baosteel" };
    public static readonly Field<string> Lot = new("lot", Types.Id, "The supplier's name of the lot, for tracked materials.") { Otherwise = "a running number", Example = "HEAT-7731" };

    public static readonly Shape Shape = new("receipts.csv", "Deliveries that are firmly agreed.", s_material, s_quantity, s_time, s_supplier, Lot);

    public static ImmutableArray<FirmReceipt> Read(List<SourceRecord> rows, ImmutableArray<Material> materials, ImmutableArray<MaterialSource> sources, ScenarioNames names) =>
        [.. rows.Select(r => Read(r, materials, sources, names))];

    private static FirmReceipt Read(SourceRecord r, ImmutableArray<Material> materials, ImmutableArray<MaterialSource> sources, ScenarioNames names)
    {
        var material = names.Materials.Resolve(r, s_material);
        int? source = null;
        if (material is { } m && r.Has(s_supplier))
        {
            source = Enumerable.Range(0, sources.Length).Where(s => sources[s].Material.Index == m && sources[s].Supplier == r.Get(s_supplier)).Select(s => (int?)s).FirstOrDefault();
            if (source is null && !names.SourcesUnknown)
            {
                r.Error(s_supplier, $"supplier '{r.Get(s_supplier)}' is no source of material '{r.Get(s_material)}'", "Add the pair to sources.csv, or leave the supplier out.");
            }
        }

        if (r.Has(Lot))
        {
            names.ReceiptLots.Add(r, Lot);
            if (material is { } tracked && !materials[tracked].Tracked)
            {
                r.Error(Lot, $"lot '{r.Get(Lot)}' is of material '{materials[tracked].Id}', whose lots are not tracked", "Set tracked to yes in materials.csv, or leave the lot out.");
            }
        }

        return new FirmReceipt
        {
            Material = new MaterialId(material ?? 0), Quantity = r.Get(s_quantity), Time = r.Get(s_time), Source = source is { } x ? new SourceId(x) : null, Lot = r.Get(Lot),
        };
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var r in scenario.Receipts)
        {
            table.Row().Set(s_material, scenario.Plant.Materials[r.Material].Id).Set(s_quantity, r.Quantity).Set(s_time, r.Time)
                .SetOrNone(s_supplier, r.Source is { } s ? scenario.Plant.Sources[s].Supplier : null).SetOrNone(Lot, r.Lot.Length > 0 ? r.Lot : null);
        }
    }
}

/// <summary>supply_disturbances.csv</summary>
internal static class SupplyDisturbancesTable
{
    private static readonly Field<string> s_supplier = new("supplier", Types.Id, "Who, from sources.csv.") { Required = true, Example = "baosteel" };
    private static readonly Field<SimTime> s_from = new("from", Types.Moment, "When it begins.") { Required = true, Example = "2026-03-04 00:00" };
    private static readonly Field<SimTime> s_to = new("to", Types.Moment, "When it is over.") { Required = true, Example = "2026-03-18 00:00" };
    private static readonly Field<double> s_factor = new("lead_time_factor", Types.Number(max: 1000, positive: true), "Factor on the lead time of what is ordered meanwhile.") { Otherwise = "closed: nothing is ordered there, and what is under way comes later by the whole closure", Example = "1.8" };

    public static readonly Shape Shape = new("supply_disturbances.csv", "Suppliers that are closed or slow for a while.", s_supplier, s_from, s_to, s_factor);

    public static ImmutableArray<SupplyDisturbance> Read(List<SourceRecord> rows, ImmutableArray<MaterialSource> sources, ScenarioNames names)
    {
        var suppliers = sources.Select(s => s.Supplier).Distinct().ToList();
        return [.. rows.Select(r => Read(r, suppliers, names))];
    }

    private static SupplyDisturbance Read(SourceRecord r, List<string> suppliers, ScenarioNames names)
    {
        var disturbance = new SupplyDisturbance { Supplier = r.Get(s_supplier), From = r.Get(s_from), To = r.Get(s_to), LeadTimeFactor = r.GetOrNull(s_factor) };
        if (r.Has(s_supplier) && !suppliers.Contains(disturbance.Supplier) && !names.SourcesUnknown)
        {
            r.Error(s_supplier, $"supplier '{disturbance.Supplier}' is not in sources.csv", Suggestion.For(disturbance.Supplier, suppliers) ?? "Add it there, or correct the name.");
        }

        if (r.Has(s_from) && r.Has(s_to) && disturbance.To <= disturbance.From)
        {
            r.Error(s_to, $"to '{r[s_to].Text}' is not after from '{r[s_from].Text}'", "Maybe the two are swapped?");
        }

        return disturbance;
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var d in scenario.SupplyDisturbances)
        {
            table.Row().Set(s_supplier, d.Supplier).Set(s_from, d.From).Set(s_to, d.To).SetOrNone(s_factor, d.LeadTimeFactor);
        }
    }
}

/// <summary>lot_decisions.csv</summary>
internal static class LotDecisionsTable
{
    private static readonly Field<SimTime> s_time = new("time", Types.Moment, "When.") { Required = true, Example = "2026-03-05 14:00" };
    private static readonly Field<string> s_lot = new("lot", Types.Id, "Lot of receipts.csv.") { Required = true, Example = "HEAT-7731" };
    private static readonly Field<LotAction> s_action = new("action", Types.OneOf<LotAction>(), "What quality does with it; only while some of it is left.") { Otherwise = "hold", Example = "hold" };

    public static readonly Shape Shape = new("lot_decisions.csv", "Lots that quality holds, releases or scraps at a known moment.", s_time, s_lot, s_action);

    public static ImmutableArray<LotDecision> Read(List<SourceRecord> rows, ImmutableArray<FirmReceipt> receipts, ScenarioNames names) =>
        [.. rows.Select(r => new LotDecision(r.Get(s_time), names.ReceiptLots.Resolve(r, s_lot) is null ? 0 : IndexOf(receipts, r.Get(s_lot)), r.Get(s_action)))];

    private static int IndexOf(ImmutableArray<FirmReceipt> receipts, string lot)
    {
        for (var i = 0; i < receipts.Length; i++)
        {
            if (receipts[i].Lot == lot)
            {
                return i;
            }
        }

        return 0;
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var d in scenario.LotDecisions)
        {
            table.Row().Set(s_time, d.Time).Set(s_lot, scenario.Receipts[d.Receipt].Lot).Set(s_action, d.Action);
        }
    }
}
