using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Exports;

/// <summary>The tables that people take home: orders, schedule, executed bars, key figures.</summary>
public static class PlantExports
{
    private static readonly string[] BarColumns =
        ["equipment", "equipment_name", "jobs", "orders", "family", "load", "setup_start", "start", "end", "setup_hours", "hours"];

    /// <summary>The order book; with a state also how each order stands.</summary>
    public static ExportTable Orders(CompiledScenario plant, PlantState? state = null)
    {
        string[] columns =
        [
            "order", "product", "quantity", "unit", "family", "kind", "tenant", "priority", "release", "due",
            .. state is null ? (string[])[] : ["status", "started", "completed", "tardiness_hours", "lead_time_hours"],
        ];
        var model = plant.Plant;
        return new ExportTable("orders", columns, [.. plant.Scenario.Orders.Select((order, o) => (object?[])
        [
            order.Id,
            model.Products[order.Product].Id,
            order.Quantity,
            order.Unit,
            (order.Family ?? model.Products[order.Product].Family) is { } family ? model.Families[family].Id : null,
            order.Kind.ToString().ToLowerInvariant(),
            order.Tenant is { } tenant ? model.Tenants[tenant].Id : null,
            order.Priority,
            Wall(plant, order.Release),
            order.Due is { } due ? Wall(plant, due) : null,
            .. state is null ? [] : Standing(plant, state, o),
        ])]);
    }

    /// <summary>Energy, media and carbon of each order: the meters allocated, so that the rows (and what is unallocated) add up to them.</summary>
    public static ExportTable Footprints(CompiledScenario plant, FootprintReport report) => new(
        "footprints",
        [
            "order", "product", "declared_unit", "quantity", "kwh", "kwh_direct", "energy_cost", "demand_cost", "water_m3", "steam_kg", "gas_m3", "kg_co2e",
            "kg_co2e_per_declared_unit",
        ],
        [
            .. report.Orders.Select(f => Footprint(
                plant.Scenario.Orders[f.Order].Id, plant.Plant.Products[plant.Scenario.Orders[f.Order].Product].Id, plant.Scenario.Orders[f.Order].Unit,
                f.Quantity, f.Total, f.Direct.EnergyKwh, f.DemandCost, f.CarbonKg)),
            .. report.Unallocated.IsNothing && report.DemandUnallocated == 0 ? (object?[][])[] : [
                Footprint("(unallocated)", null, null, null, report.Unallocated, 0, report.DemandUnallocated, FootprintReport.CarbonKgOf(plant.Plant.Carbon, report.Unallocated))],
        ]);

    private static object?[] Footprint(string order, string? product, string? unit, double? quantity, ResourceUse use, double direct, double demandCost, double carbonKg) =>
        [order, product, unit, quantity, use.EnergyKwh, direct, use.EnergyCost, demandCost, use.WaterM3, use.SteamKg, use.GasM3, carbonKg, carbonKg / quantity];

    /// <summary>A plan, batch by batch, by equipment and start.</summary>
    public static ExportTable Schedule(CompiledScenario plant, Schedule schedule) => new("schedule", BarColumns,
    [
        .. schedule.Batches.OrderBy(b => b.Equipment.Index).ThenBy(b => b.Start).Select(b =>
            Bar(plant, b.Equipment, [.. b.Jobs.Select(j => j.Index)], b.Family?.Index ?? -1, b.SetupStart, b.Start, b.End)),
    ]);

    /// <summary>What was executed, batch by batch, by equipment and start; running batches have no end.</summary>
    public static ExportTable Bars(CompiledScenario plant, IReadOnlyList<ExecutedBatch> bars) => new("bars", BarColumns,
    [
        .. bars.OrderBy(b => b.Equipment).ThenBy(b => b.Start).Select(b => Bar(plant, b.Equipment, b.Jobs, b.Family, b.SetupStart, b.Start, b.End)),
    ]);

    /// <summary>Key figures over replications: mean and half-width of the 95 % interval.</summary>
    public static ExportTable Kpis(IReadOnlyList<RunResult> runs, string currency, string language) => new(
        "kpis",
        ["key", "name", "unit", "better", "mean", "half_width_95", "replications", "formula"],
        [
            .. KpiCatalogue.Plant.Select(kpi => KpiSummary.Of(kpi, runs)).Select(s => (object?[])
            [
                s.Kpi.Key,
                s.Kpi.Name.In(language),
                s.Kpi.Unit == "money" ? currency : s.Kpi.Unit,
                s.Kpi.Better.ToString().ToLowerInvariant(),
                s.Mean,
                s.Interval?.HalfWidth,
                s.Values.Count(v => v is not null),
                s.Kpi.Formula,
            ]),
        ]);

    private static object?[] Standing(CompiledScenario plant, PlantState state, int order)
    {
        var now = state.Orders[order];
        var kpi = OrderKpis.Of(state, new(order));
        return
        [
            now.Status.ToString().ToLowerInvariant(),
            now.StartedAt >= 0 ? Wall(plant, new SimTime(now.StartedAt)) : null,
            now.Status == OrderStatus.Complete ? Wall(plant, new SimTime(now.CompletedAt)) : null,
            kpi.TardinessHours,
            kpi.LeadTimeHours,
        ];
    }

    private static object?[] Bar(
        CompiledScenario plant, int equipment, IReadOnlyList<int> jobs, int family, SimTime setupStart, SimTime start, SimTime? end) =>
    [
        plant.Plant.Equipment[equipment].Id,
        plant.Plant.Equipment[equipment].Name.En,
        string.Join(';', jobs.Select(plant.JobName)),
        string.Join(';', jobs.Select(j => plant.OrderOf(j).Id).Distinct(StringComparer.Ordinal)),
        family >= 0 ? plant.Plant.Families[family].Id : null,
        jobs.Sum(plant.Jobs.QuantityOf),
        Wall(plant, setupStart),
        Wall(plant, start),
        end is { } e ? Wall(plant, e) : null,
        Hours(start - setupStart),
        end is { } until ? Hours(until - start) : null,
    ];

    private static double Hours(Duration length) => Math.Round(length.Hours, 4);

    private static DateTimeOffset Wall(CompiledScenario plant, SimTime time) => plant.Scenario.Clock.ToWallClock(time);
}
