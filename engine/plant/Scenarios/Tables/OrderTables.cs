using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>products.csv</summary>
internal static class ProductsTable
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The product.") { Required = true, Example = "yarn-32s-navy" };
    private static readonly Field<string> s_name = Labels.Name("the product");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the product");
    private static readonly Field<string> s_routing = new("routing", Types.Id, "How it is made.") { Required = true, Example = "cotton-dark" };
    private static readonly Field<string> s_family = new("family", Types.Id, "Its family, where neither operation nor order names one.") { Otherwise = "none", Example = "dark" };
    private static readonly Field<double> s_factor = new("work_factor", Types.Number(max: 1000, positive: true), "Multiplies the times of operations that use it.") { Default = 1, Otherwise = "1", Example = "1.15" };
    private static readonly Field<ImmutableArray<string>> s_options = new("options", Types.List, "Options of a model on a mixed-model line.") { Default = [], Otherwise = "none", Example = "ice-maker; glass-door" };
    private static readonly Field<string> s_stockedAs = new("stocked_as", Types.Id, "Material into whose stock finished lots go, for other orders to use.") { Otherwise = "shipped", Example = "base-beer" };

    public static readonly Shape Shape = new("products.csv", "What is made. Required.", s_id, s_name, s_nameZh, s_routing, s_family, s_factor, s_options, s_stockedAs);

    public static ImmutableArray<Product> Read(List<SourceRecord> rows, ScenarioNames names) => [.. rows.Select(r => Read(r, names))];

    private static Product Read(SourceRecord r, ScenarioNames names)
    {
        var id = names.Products.Add(r, s_id);
        return new Product
        {
            Id = id,
            Name = Labels.Read(r, s_name, s_nameZh, id),
            WorkMaster = new WorkMasterId(names.WorkMasters.Resolve(r, s_routing) ?? 0),
            Family = names.Families.Resolve(r, s_family) is { } f ? new FamilyId(f) : null,
            WorkFactor = r.Get(s_factor),
            Options = [.. r.Items(s_options).Select(c => c.Text)],
            StockedAs = names.Materials.Resolve(r, s_stockedAs) is { } m ? new MaterialId(m) : null,
        };
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        var plant = scenario.Plant;
        foreach (var p in plant.Products)
        {
            table.Row().Set(s_id, p.Id).SetLabel(s_name, s_nameZh, p.Name, p.Id).Set(s_routing, plant.WorkMasters[p.WorkMaster].Id)
                .SetOrNone(s_family, p.Family is { } f ? plant.Families[f].Id : null).Set(s_factor, p.WorkFactor).Set(s_options, p.Options)
                .SetOrNone(s_stockedAs, p.StockedAs is { } m ? plant.Materials[m].Id : null);
        }
    }
}

/// <summary>orders.csv; its fields are also those of the order import.</summary>
internal static class OrdersTable
{
    private static readonly string[] s_units = ["kg", "pcs", "m3", "m", "l", "t"];

    public static readonly Field<string> Id = new("id", Types.Id, "The order.") { Required = true, Example = "PO-1027" };
    public static readonly Field<string> Product = new("product", Types.Id, "What is ordered.") { Required = true, Example = "yarn-32s-navy" };
    public static readonly Field<double> Quantity = new("quantity", Types.Number(max: 1e12, positive: true), "How much.") { Required = true, Example = "180", HeadingUnits = s_units };
    public static readonly Field<string> Unit = new("unit", Types.Text, "Unit of the quantity, unless its heading names it (quantity_kg).") { Default = "pcs", Otherwise = "pcs", Example = "kg" };
    public static readonly Field<string> Family = new("family", Types.Id, "Family of this order (its shade).") { Otherwise = "the product's", Example = "dark" };
    public static readonly Field<SimTime> Release = new("release", Types.Moment, "Earliest start.") { Otherwise = "the scenario's start", Example = "2026-03-02 08:00" };
    public static readonly Field<SimTime> Due = new("due", Types.Moment, "Promised completion.") { Otherwise = "none promised", Example = "2026-03-06 17:00" };
    public static readonly Field<double> Priority = new("priority", Types.Number(positive: true), "Weight of one hour of tardiness; 1 is ordinary.") { Default = 1, Otherwise = "1", Example = "1" };
    public static readonly Field<OrderKind> Kind = new("kind", Types.OneOf<OrderKind>(), "A sample is made to show, a bulk order to ship.") { Otherwise = "bulk", Example = "sample" };
    public static readonly Field<string> Tenant = new("tenant", Types.Id, "The firm that placed it.") { Otherwise = "the plant's own", Example = "acme" };
    public static readonly Field<string> DyeLot = new("dye_lot", Types.Text, "Lots of one dye lot share batches only with each other, and keep to one machine where the operation says same_equipment.") { Otherwise = "none", Example = "DL-88" };
    public static readonly Field<double> LotSize = new("lot_size", Types.Number(max: 1e12, positive: true), "Largest lot that moves as one.") { Otherwise = "the order stays whole", Example = "60", HeadingUnits = s_units };

    private static readonly Field<bool> s_equalLots = new("equal_lots", Types.YesNo, "Whether the order is cut into lots of one size, as few as lot_size allows: equal fills of a vat it is too large for.") { Otherwise = "no: all are full but the last", Example = "yes" };

    private static readonly Field<bool> s_express = new("express", Types.YesNo, "Whether a bulk order may take capacity kept for express orders, at the premium; samples always may (market: express_share).") { Otherwise = "no", Example = "yes" };
    private static readonly Field<MakeUpPolicy> s_makeUp = new("make_up", Types.OneOf<MakeUpPolicy>(), "What happens when scrap leaves the order short by more than its tolerance: nothing, or make-up lots are released when all others are done.") { Otherwise = "none", Example = "lot" };
    public static readonly Field<double> MakeUpLot = new("make_up_lot", Types.Number(max: 1e12, positive: true), "Quantity of one make-up lot.") { Otherwise = "a tenth of the order", Example = "20", HeadingUnits = s_units };
    private static readonly Field<int> s_makeUpLots = new("make_up_lots", Types.Whole(1, 100), "Most make-up lots.") { Default = Order.UsualMakeUpLots, Otherwise = "3", Example = "2" };
    private static readonly Field<double> s_short = new("short_tolerance", Types.Share, "Share of the quantity that may be missing from a delivery that still counts as whole.") { Otherwise = "0", Example = "0.02" };
    private static readonly Field<double> s_over = new("over_allowance", Types.Number(), "Share of the quantity that make-up lots may make too much.") { Otherwise = "no limit", Example = "0.05" };

    public static readonly Shape Shape = new("orders.csv", "The order book.", Id, Product, Quantity, Unit, Family, Release, Due, Priority, Kind, Tenant, DyeLot, LotSize, s_equalLots, s_express, s_makeUp, MakeUpLot, s_makeUpLots, s_short, s_over);

    public static ImmutableArray<Order> Read(List<SourceRecord> rows, ScenarioNames names) =>
        [.. rows.Select(r => Read(r, names.Orders.Add(r, Id), names))];

    /// <summary>One order of a row whose id is already known.</summary>
    public static Order Read(SourceRecord r, string id, ScenarioNames names) => new()
    {
        Id = id,
        Product = new ProductId(names.Products.Resolve(r, Product) ?? 0),
        Quantity = r.Get(Quantity),
        Unit = r.TryGet(Unit, out var unit) ? unit : r[Quantity].HeadingUnit ?? unit,
        Family = names.Families.Resolve(r, Family) is { } f ? new FamilyId(f) : null,
        Release = r.Get(Release),
        Due = r.GetOrNull(Due),
        Priority = r.Get(Priority),
        Kind = r.Get(Kind),
        Tenant = names.Tenants.Resolve(r, Tenant) is { } t ? new TenantId(t) : null,
        DyeLot = r.Get(DyeLot),
        LotSize = r.GetOrNull(LotSize),
        EqualLots = r.Get(s_equalLots),
        MakeUp = r.Get(s_makeUp),
        MakeUpLot = r.GetOrNull(MakeUpLot),
        MakeUpLots = r.Get(s_makeUpLots),
        ShortTolerance = r.Get(s_short),
        OverAllowance = r.GetOrNull(s_over),
        Express = r.Get(s_express),
    };

    public static void Write(Scenario scenario, TableWriter table)
    {
        var plant = scenario.Plant;
        foreach (var o in scenario.Orders)
        {
            table.Row().Set(Id, o.Id).Set(Product, plant.Products[o.Product].Id).Set(Quantity, o.Quantity).Set(Unit, o.Unit)
                .SetOrNone(Family, o.Family is { } f ? plant.Families[f].Id : null)
                .Set(Release, o.Release).SetOrNone(Due, o.Due).Set(Priority, o.Priority).Set(Kind, o.Kind)
                .SetOrNone(Tenant, o.Tenant is { } t ? plant.Tenants[t].Id : null).Set(DyeLot, o.DyeLot).SetOrNone(LotSize, o.LotSize).Set(s_equalLots, o.EqualLots).Set(s_express, o.Express)
                .Set(s_makeUp, o.MakeUp).SetOrNone(MakeUpLot, o.MakeUpLot).Set(s_makeUpLots, o.MakeUpLots).Set(s_short, o.ShortTolerance).SetOrNone(s_over, o.OverAllowance);
        }
    }
}

/// <summary>disturbances.csv</summary>
internal static class DisturbancesTable
{
    private static readonly Field<SimTime> s_time = new("time", Types.Moment, "When it begins.") { Required = true, Example = "2026-03-03 14:00" };
    private static readonly Field<string> s_equipment = new("equipment", Types.Id, "The machine.") { Required = true, Example = "vat-07" };
    private static readonly Field<DisturbanceKind> s_kind = new("kind", Types.OneOf<DisturbanceKind>(), "What happens.") { Otherwise = "breakdown", Example = "maintenance" };
    private static readonly Field<Duration> s_duration = new("duration", Types.Time(positive: true), "How long it lasts.") { Required = true, Example = "3 h", HeadingUnits = DurationText.HeadingUnits };

    public static readonly Shape Shape = new("disturbances.csv", "Breakdowns and maintenance at known moments.", s_time, s_equipment, s_kind, s_duration);

    public static ImmutableArray<Disturbance> Read(List<SourceRecord> rows, ScenarioNames names)
    {
        names.Disturbances.AddRange(rows);
        return
        [
            .. rows.Select(r => new Disturbance
            {
                Time = r.Get(s_time),
                Equipment = new EquipmentId(names.Equipment.Resolve(r, s_equipment) ?? 0),
                Kind = r.Get(s_kind),
                Duration = r.Get(s_duration),
            }),
        ];
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var d in scenario.Disturbances)
        {
            table.Row().Set(s_time, d.Time).Set(s_equipment, scenario.Plant.Equipment[d.Equipment].Id).Set(s_kind, d.Kind).Set(s_duration, d.Duration);
        }
    }
}
