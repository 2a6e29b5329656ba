using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>materials.csv</summary>
internal static class MaterialsTable
{
    private static readonly FieldType<double> s_quantity = Types.Number(max: MaterialQuantity.Max);

    public static readonly Field<string> Id = new("id", Types.Id, "The material.") { Required = true, Example = "steel-sheet" };
    private static readonly Field<string> s_name = Labels.Name("the material");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the material");
    private static readonly Field<string> s_unit = new("unit", Types.Text, "Unit of all its quantities; they are exact to a millionth of it.") { Default = "pcs", Otherwise = "pcs", Example = "kg" };
    private static readonly Field<double> s_stock = new("initial_stock", s_quantity, "Stock at the scenario's start.") { Otherwise = "0", Example = "500" };
    private static readonly Field<double> s_safety = new("safety_stock", s_quantity, "Stock that should never be touched; per_order buys up to it.") { Otherwise = "0", Example = "50" };
    public static readonly Field<ReorderRule> Reorder = new("reorder", Types.OneOf<ReorderRule>(), "When it is ordered anew: order_up_to (s, S), fixed_quantity (s, Q), periodic (R, S), per_order (lot for lot).") { Otherwise = "never", Example = "order_up_to" };
    public static readonly Field<double> ReorderPoint = new("reorder_point", s_quantity, "s: order when stock − promised − asked for + on order falls to it or below.") { Otherwise = "0", Example = "120" };
    public static readonly Field<double> OrderUpTo = new("order_up_to", s_quantity, "S: order so much that this is reached.") { Otherwise = "0", Example = "400" };
    public static readonly Field<double> OrderQuantity = new("order_quantity", s_quantity, "Q: order multiples of it.") { Otherwise = "0", Example = "250" };
    public static readonly Field<Duration> ReviewPeriod = new("review_period", Types.Time(), "R: look every so often.") { Otherwise = "0", Example = "7 d" };
    private static readonly Field<double> s_criticality = new("criticality", Types.Number(max: 1000), "How bad a shortage is; 1 is ordinary.") { Default = 1, Otherwise = "1", Example = "3" };
    private static readonly Field<bool> s_tracked = new("tracked", Types.YesNo, "Whether every receipt is a lot that can be traced and held.") { Otherwise = "no", Example = "yes" };
    private static readonly Field<LotPicking> s_picking = new("picking", Types.OneOf<LotPicking>(), "Which lot is used first: first in, or first expired.") { Otherwise = "fifo", Example = "fefo" };
    private static readonly Field<Duration> s_shelfLife = new("shelf_life", Types.Time(positive: true), "Life of a lot; what is left of it then is thrown away. Tracked materials only.") { Otherwise = "keeps for ever", Example = "90 d" };

    public static readonly Shape Shape = new("materials.csv", "What production uses up: bought from sources.csv, or made by a product that is stocked_as it. A job whose material is short waits in line for it.",
        Id, s_name, s_nameZh, s_unit, s_stock, s_safety, Reorder, ReorderPoint, OrderUpTo, OrderQuantity, ReviewPeriod, s_criticality, s_tracked, s_picking, s_shelfLife);

    public static ImmutableArray<Material> Read(List<SourceRecord> rows, ScenarioNames names) => [.. rows.Select(r => Read(r, names))];

    private static Material Read(SourceRecord r, ScenarioNames names)
    {
        var id = names.Materials.Add(r, Id);
        return new Material
        {
            Id = id,
            Name = Labels.Read(r, s_name, s_nameZh, id),
            Unit = r.Get(s_unit),
            InitialStock = r.Get(s_stock),
            SafetyStock = r.Get(s_safety),
            Reorder = r.Get(Reorder),
            ReorderPoint = r.Get(ReorderPoint),
            OrderUpTo = r.Get(OrderUpTo),
            OrderQuantity = r.Get(OrderQuantity),
            ReviewPeriod = r.Get(ReviewPeriod),
            Criticality = r.Get(s_criticality),
            Tracked = r.Get(s_tracked),
            Picking = r.Get(s_picking),
            ShelfLife = r.GetOrNull(s_shelfLife),
        };
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var m in scenario.Plant.Materials)
        {
            table.Row().Set(Id, m.Id).SetLabel(s_name, s_nameZh, m.Name, m.Id).Set(s_unit, m.Unit).Set(s_stock, m.InitialStock).Set(s_safety, m.SafetyStock)
                .Set(Reorder, m.Reorder).Set(ReorderPoint, m.ReorderPoint).Set(OrderUpTo, m.OrderUpTo).Set(OrderQuantity, m.OrderQuantity)
                .Set(ReviewPeriod, m.ReviewPeriod).Set(s_criticality, m.Criticality).Set(s_tracked, m.Tracked).Set(s_picking, m.Picking).SetOrNone(s_shelfLife, m.ShelfLife);
        }
    }
}

/// <summary>sources.csv</summary>
internal static class SourcesTable
{
    /// <summary>90 % quantile of the standard normal: P90 of a lognormal is median × exp(σ × this).</summary>
    private const double NormalP90 = 1.2815515655446004;

    private static readonly Field<string> s_material = new("material", Types.Id, "What is delivered.") { Required = true, Example = "steel-sheet" };
    public static readonly Field<string> Supplier = new("supplier", Types.Id, "Who delivers; the first open one of a material's rows is asked.") { Required = true, Example = "baosteel" };
    public static readonly Field<Distribution> LeadTime = new("lead_time", Types.TimeDistribution, "Order to delivery.") { Default = Distribution.Constant(0), Otherwise = "from lead_time_p50 and lead_time_p90", Example = "gamma(4, 2 d)" };
    private static readonly Field<Duration> s_p50 = new("lead_time_p50", Types.Time(positive: true), "Lead time that half of the deliveries keep (lognormal).") { Otherwise = "from lead_time", Example = "8 d" };
    private static readonly Field<Duration> s_p90 = new("lead_time_p90", Types.Time(positive: true), "Lead time that nine of ten deliveries keep.") { Otherwise = "from lead_time", Example = "13 d" };
    private static readonly Field<double> s_minLot = new("min_lot", Types.Number(max: MaterialQuantity.Max), "Smallest order.") { Otherwise = "0", Example = "100" };
    private static readonly Field<double> s_price = new("price", Types.Number(), "Price per unit.") { Otherwise = "0", Example = "5.2" };
    private static readonly Field<double> s_capacity = new("capacity_per_day", Types.Number(max: MaterialQuantity.Max, positive: true), "Units a day that can be made; the lead time begins when an order is made.") { Otherwise = "without limit", Example = "800" };
    private static readonly Field<bool> s_single = new("single_source", Types.YesNo, "Whether nobody else could deliver it.") { Otherwise = "no", Example = "yes" };
    private static readonly Field<double> s_reliability = new("reliability", Types.Number(max: 1), "Probability that a delivery is not late.") { Default = 1, Otherwise = "1", Example = "0.95" };
    private static readonly Field<double> s_late = new("late_factor", Types.Number(min: 1, max: 1000), "Factor on the lead time of a late delivery.") { Default = 2, Otherwise = "2", Example = "1.5" };
    private static readonly Field<Duration> s_inspection = new("inspection", Types.Time(positive: true), "Time on hold after receipt, for tracked materials.") { Otherwise = "usable at once", Example = "4 h" };

    public static readonly Shape Shape = new("sources.csv", "Who delivers materials, in the order of preference.",
        s_material, Supplier, LeadTime, s_p50, s_p90, s_minLot, s_price, s_capacity, s_single, s_reliability, s_late, s_inspection);

    public static ImmutableArray<MaterialSource> Read(List<SourceRecord> rows, ScenarioNames names)
    {
        var known = new HashSet<(int?, string)>();
        return [.. rows.Select(r => Read(r, names, known))];
    }

    private static MaterialSource Read(SourceRecord r, ScenarioNames names, HashSet<(int?, string)> known)
    {
        var material = names.Materials.Resolve(r, s_material);
        var supplier = r.Get(Supplier);
        if (material is not null && r.Has(Supplier) && !known.Add((material, supplier)))
        {
            r.Error(Supplier, $"supplier '{supplier}' stands twice for material '{r.Get(s_material)}'", "Keep one of the rows.");
        }

        return new MaterialSource
        {
            Material = new MaterialId(material ?? 0),
            Supplier = supplier,
            LeadTime = ReadLeadTime(r),
            MinLot = r.Get(s_minLot),
            Price = r.Get(s_price),
            CapacityPerDay = r.GetOrNull(s_capacity),
            SingleSource = r.Get(s_single),
            Reliability = r.Get(s_reliability),
            LateFactor = r.Get(s_late),
            Inspection = r.GetOrNull(s_inspection),
        };
    }

    private static Distribution ReadLeadTime(SourceRecord r)
    {
        if (r.Has(LeadTime) && (r.Has(s_p50) || r.Has(s_p90)))
        {
            r.Error(LeadTime, "lead_time is given beside lead_time_p50 and lead_time_p90", "Keep one way of saying it.");
        }
        else if (!r.Has(LeadTime) && !(r.Has(s_p50) && r.Has(s_p90)))
        {
            var missing = r.Has(s_p50) ? s_p90 : r.Has(s_p90) ? (Field)s_p50 : LeadTime;
            r.Error(missing, $"{missing.Name} is missing", $"Write {missing.ArticledType}, such as {missing.Example}.");
        }
        else if (!r.Has(LeadTime) && r.GetOrNull(s_p50) is { } p50 && r.GetOrNull(s_p90) is { } p90)
        {
            if (p90 < p50)
            {
                r.Error(s_p90, $"lead_time_p90 '{r[s_p90].Text}' is shorter than lead_time_p50 '{r[s_p50].Text}'", "Maybe the two are swapped?");
            }
            else
            {
                return Distribution.Lognormal(p50.Milliseconds, Math.Log((double)p90.Milliseconds / p50.Milliseconds) / NormalP90);
            }
        }

        return r.Get(LeadTime);
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var s in scenario.Plant.Sources)
        {
            table.Row().Set(s_material, scenario.Plant.Materials[s.Material].Id).Set(Supplier, s.Supplier).SetOrNone(LeadTime, s.LeadTime)
                .Set(s_minLot, s.MinLot).Set(s_price, s.Price).SetOrNone(s_capacity, s.CapacityPerDay).Set(s_single, s.SingleSource)
                .Set(s_reliability, s.Reliability).Set(s_late, s.LateFactor).SetOrNone(s_inspection, s.Inspection);
        }
    }
}

/// <summary>bill_of_materials.csv</summary>
internal static class BillOfMaterialsTable
{
    public static readonly Field<string> Product = new("product", Types.Id, "What is made.") { Required = true, Example = "fridge-300" };
    private static readonly Field<string> s_operation = new("operation", Types.Id, "Operation of its routing that uses the material, when it first begins.") { Otherwise = "the first one", Example = "foam" };
    private static readonly Field<string> s_material = new("material", Types.Id, "What is used.") { Required = true, Example = "steel-sheet" };
    private static readonly Field<double> s_quantity = new("quantity", Types.Number(max: MaterialQuantity.Max, positive: true), "Units of material per unit of the product.") { Required = true, Example = "2.4" };
    private static readonly Field<double> s_allowance = new("scrap_allowance", Types.Share, "Share added for what is lost on the way.") { Otherwise = "0", Example = "0.03" };

    public static readonly Shape Shape = new("bill_of_materials.csv", "What the operations of a product use up.", Product, s_operation, s_material, s_quantity, s_allowance);

    public static ImmutableArray<BillLine> Read(List<SourceRecord> rows, ImmutableArray<Product> products, ImmutableArray<WorkMaster> routings, ScenarioNames names)
    {
        var lines = ImmutableArray.CreateBuilder<BillLine>();
        var known = new HashSet<(int, int, int)>();
        foreach (var row in rows)
        {
            var (product, material) = (names.Products.Resolve(row, Product), names.Materials.Resolve(row, s_material));
            if (product is not { } p || material is not { } m || !names.Products.IsSound(p) || !names.WorkMasters.IsSound(products[p].WorkMaster))
            {
                continue;
            }

            var operations = routings[products[p].WorkMaster].Operations;
            var operation = row.Has(s_operation) ? operations.Select(o => o.Id).ToList().IndexOf(row.Get(s_operation)) : 0;
            if (operation < 0)
            {
                row.Error(s_operation, $"operation '{row.Get(s_operation)}' is not in routing '{routings[products[p].WorkMaster].Id}' of product '{products[p].Id}'",
                    Suggestion.For(row.Get(s_operation), operations.Select(o => o.Id)) ?? $"Operations there: {string.Join(", ", operations.Select(o => o.Id))}.");
            }
            else if (!known.Add((p, operation, m)))
            {
                row.Error(s_material, $"material '{row.Get(s_material)}' stands twice for operation '{operations[operation].Id}' of product '{products[p].Id}'", "Add the quantities up in one row.");
            }
            else
            {
                names.BillLines.Add(row);
                lines.Add(new BillLine(new ProductId(p), operation, new MaterialId(m), row.Get(s_quantity), row.Get(s_allowance)));
            }
        }

        return lines.ToImmutable();
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        var plant = scenario.Plant;
        foreach (var line in plant.BillOfMaterials)
        {
            table.Row().Set(Product, plant.Products[line.Product].Id)
                .Set(s_operation, line.Operation == 0 ? "" : plant.WorkMasters[plant.Products[line.Product].WorkMaster].Operations[line.Operation].Id)
                .Set(s_material, plant.Materials[line.Material].Id).Set(s_quantity, line.Quantity).Set(s_allowance, line.ScrapAllowance);
        }
    }
}
