using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DigitalTwin.Ui.Commands;

/// <summary>Energy, water, steam and carbon of each order, with what nobody caused and the meters' total below.</summary>
internal static class FootprintTable
{
    private static readonly Label s_order = new("Order", "订单");
    private static readonly Label s_product = new("Product", "产品");
    private static readonly Label s_quantity = new("Quantity", "数量");
    private static readonly Label s_water = new("Water m³", "用水 m³");
    private static readonly Label s_steam = new("Steam kg", "蒸汽 kg");
    private static readonly Label s_electricity = new("Electricity", "电费");
    private static readonly Label s_demand = new("of it demand", "其中需量电费");
    private static readonly Label s_perUnit = new("kg CO₂e per unit", "单位 kg CO₂e");
    private static readonly Label s_nobody = new("unallocated", "未分摊");
    private static readonly Label s_meters = new("Meters", "计量表");

    public static Table Of(Shell shell, CompiledScenario plant, FootprintReport report)
    {
        var table = Shell.Table();
        table.AddColumn(s_order.In(shell.Language));
        table.AddColumn(s_product.In(shell.Language));
        var costs = report.Metered.EnergyCost + report.DemandCost != 0;
        string[] priced = costs ? [$"{s_electricity.In(shell.Language)}, {plant.Scenario.Currency}", s_demand.In(shell.Language)] : [];
        foreach (var heading in (string[])[s_quantity.In(shell.Language), "kWh", .. priced, s_water.In(shell.Language), s_steam.In(shell.Language), "kg CO₂e", s_perUnit.In(shell.Language)])
        {
            table.AddColumn(new TableColumn(new Text(heading)).RightAligned());
        }

        foreach (var f in report.Orders)
        {
            var order = plant.Scenario.Orders[f.Order];
            Row(order.Id, plant.Plant.Products[order.Product].Id, $"{Number(f.Quantity)} {order.Unit}", f.Total, f.DemandCost, f.CarbonKg, Number(f.CarbonKgPerUnit));
        }

        if (!report.Unallocated.IsNothing || report.DemandUnallocated != 0)
        {
            Row(s_nobody.In(shell.Language), "", "", report.Unallocated, report.DemandUnallocated, FootprintReport.CarbonKgOf(plant.Plant.Carbon, report.Unallocated), "");
        }

        Row(s_meters.In(shell.Language), "", "", report.Metered, report.DemandCost, report.CarbonKg, "");
        return table;

        void Row(string name, string product, string quantity, ResourceUse use, double demandCost, double carbonKg, string perUnit) =>
            table.AddRow(((string[])[name, product, quantity, Number(use.EnergyKwh), .. costs ? (string[])[Number(use.EnergyCost + demandCost), Number(demandCost)] : [], Number(use.WaterM3), Number(use.SteamKg), Number(carbonKg), perUnit])
                .Select(c => new Text(c)).ToArray<IRenderable>());
    }

    /// <summary>For scripts, in the words of the carbon exchange: declared unit, footprint per declared unit.</summary>
    public static object ForScripts(CompiledScenario plant, FootprintReport report) => new
    {
        Orders = report.Orders.Select(f =>
        {
            var order = plant.Scenario.Orders[f.Order];
            return new
            {
                Order = order.Id,
                Product = plant.Plant.Products[order.Product].Id,
                DeclaredUnit = order.Unit,
                f.Quantity,
                Kwh = f.Total.EnergyKwh,
                KwhDirect = f.Direct.EnergyKwh,
                f.ElectricityCost,
                f.DemandCost,
                f.Total.WaterM3,
                f.Total.SteamKg,
                KgCo2e = f.CarbonKg,
                KgCo2ePerDeclaredUnit = f.CarbonKgPerUnit,
            };
        }),
        Unallocated = new { Kwh = report.Unallocated.EnergyKwh, ElectricityCost = report.Unallocated.EnergyCost + report.DemandUnallocated, DemandCost = report.DemandUnallocated, report.Unallocated.WaterM3, report.Unallocated.SteamKg },
        Metered = new { Kwh = report.Metered.EnergyKwh, ElectricityCost = report.Metered.EnergyCost + report.DemandCost, report.DemandCost, report.Metered.WaterM3, report.Metered.SteamKg, KgCo2e = report.CarbonKg },
    };

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "#,0" : "#,0.###", CultureInfo.InvariantCulture);
}
