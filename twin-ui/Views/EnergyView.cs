using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Exports;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>What an order, a product, nobody, or all meters used.</summary>
/// <param name="Quantity">Declared quantity and its unit; <c>null</c> where it makes no sense.</param>
/// <param name="Cost">Electricity: energy by tariff and the share of the demand charge.</param>
public sealed record EnergyRow(string Id, string Name, double? Quantity, string Unit, ResourceUse Use, double Cost, double CarbonKg)
{
    /// <summary>kg CO₂e per declared unit.</summary>
    public double? CarbonPerUnit => Quantity is > 0 and var q ? CarbonKg / q : null;
}

/// <summary>A cause of a demand peak.</summary>
/// <param name="Order">Id of the order, or empty.</param>
/// <param name="Machine">Id of the machine that served nobody, or empty.</param>
public sealed record PeakCause(string Order, string Machine, string Name, double Kw, double Share);

/// <summary>The load of a site in quarter-hours, its peak and what made it; and the meters allocated to orders.</summary>
public sealed class EnergyView(CompiledScenario plant, PlantState state, IReadOnlyList<DemandShare> demand, Texts texts)
{
    private const int MostCauses = 12;
    private readonly FootprintReport _footprints = FootprintReport.Of(state, demand);

    /// <summary>Sites with a load, the largest peak first.</summary>
    public IReadOnlyList<SiteId> Sites { get; } = [.. Enumerable.Range(0, plant.Plant.Sites.Length).Select(s => new SiteId(s))
        .Where(s => state.ProfileOf(s).PeakKw > 0).OrderByDescending(s => state.ProfileOf(s).PeakKw)];

    /// <summary>All meters.</summary>
    public EnergyRow Meters => new("", texts["energy.meters"], null, "", _footprints.Metered, _footprints.Metered.EnergyCost + _footprints.DemandCost, _footprints.CarbonKg);

    /// <summary>What belongs to nobody because nothing ran.</summary>
    public EnergyRow Nobody => new("", texts["energy.nobody"], null, "", _footprints.Unallocated, _footprints.Unallocated.EnergyCost + _footprints.DemandUnallocated,
        FootprintReport.CarbonKgOf(plant.Plant.Carbon, _footprints.Unallocated));

    /// <summary>Difference between the sum of orders and nobody, and the meters, kWh: what rounding leaves.</summary>
    public double RestKwh => _footprints.Orders.Sum(o => o.Total.EnergyKwh) + _footprints.Unallocated.EnergyKwh - _footprints.Metered.EnergyKwh;

    /// <summary>Per order that used something, most energy first; or per product.</summary>
    public IReadOnlyList<EnergyRow> Rows(bool byProduct, string words)
    {
        var asked = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var orders = _footprints.Orders.Where(f => !f.Total.IsNothing || f.ElectricityCost != 0).Select(f => (Footprint: f, Order: plant.Scenario.Orders[f.Order]));
        var rows = byProduct
            ? orders.GroupBy(o => (o.Order.Product, o.Order.Unit)).Select(g => Sum(g.Key.Product, g.Key.Unit, [.. g.Select(o => o.Footprint)]))
            : orders.Select(o => new EnergyRow(o.Order.Id, plant.Plant.Products[o.Order.Product].Name.In(texts.Language), o.Footprint.Quantity, o.Order.Unit, o.Footprint.Total, o.Footprint.ElectricityCost, o.Footprint.CarbonKg));
        return [.. rows.Where(r => Array.TrueForAll(asked, w => r.Id.Contains(w, StringComparison.OrdinalIgnoreCase) || r.Name.Contains(w, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(r => r.Use.EnergyKwh)];
    }

    /// <summary>Load of the closed quarter-hours of the last days, kW.</summary>
    public PlotSpec Load(SiteId site, int days)
    {
        var kwh = Closed(site);
        var first = Math.Max(0, kwh.Length - days * 96);
        var x = Enumerable.Range(first, kwh.Length - first).Select(q => q * (double)LoadProfile.QuarterMs / 1000).ToArray();
        var series = new List<PlotSeries> { new(texts["energy.load"], "accent", [.. kwh[first..].Select(e => (double?)Math.Round(e * 4, 1))], "steps") };
        var peak = state.ProfileOf(site).PeakKw;
        return PlotSpec.OverTime(plant, texts, x, series, "kW") with { Marks = peak > 0 ? [new PlotMark(texts["energy.peak"], "bad", Math.Round(peak, 1))] : [] };
    }

    /// <summary>For how many hours the load was at least so high.</summary>
    public PlotSpec Duration(SiteId site)
    {
        var sorted = Closed(site).Select(e => e * 4).OrderByDescending(kw => kw).ToArray();
        var step = Math.Max(1, sorted.Length / 600);
        var at = Enumerable.Range(0, sorted.Length).Where(i => i % step == 0 || i == sorted.Length - 1).ToArray();
        return new PlotSpec("number", [.. at.Select(i => Math.Round((i + 1) / 4.0, 2))], [new PlotSeries(texts["energy.load"], "accent", [.. at.Select(i => (double?)Math.Round(sorted[i], 1))], "area")], "kW", texts.Language)
        {
            XLabel = texts["energy.hours"], XUnit = "h",
        };
    }

    /// <summary>The decisive quarter-hours of a site, newest first, with what drew power in them, largest first.</summary>
    public IReadOnlyList<(SimTime Start, double Kw, IReadOnlyList<PeakCause> Causes)> Peaks(SiteId site) =>
        [.. demand.Where(d => d.Site == site).OrderByDescending(d => d.Quarter).Select(d => (new SimTime(d.Quarter * LoadProfile.QuarterMs), d.Kwh * 4, CausesOf(d)))];

    /// <summary>The rows to take home, the meters below.</summary>
    public ExportTable Export(bool byProduct, string words) => TableFile.Of(texts["nav.energy"], "energy.",
        ["energy.id", "energy.name", "energy.quantity", "energy.unit", "energy.kwh", "energy.cost", "energy.water", "energy.steam", "energy.gas", "energy.carbon", "energy.perunit"],
        Rows(byProduct, words).Append(Nobody).Append(Meters).Select(r => (object?[])[r.Id, r.Name, r.Quantity, r.Unit, r.Use.EnergyKwh, r.Cost, r.Use.WaterM3, r.Use.SteamKg, r.Use.GasM3, r.CarbonKg, r.CarbonPerUnit]), texts);

    /// <summary>Quarter-hours that are over.</summary>
    private double[] Closed(SiteId site)
    {
        var kwh = state.ProfileOf(site).Kwh;
        return kwh[..(int)Math.Min(kwh.Length, state.Now.Milliseconds / LoadProfile.QuarterMs)].ToArray();
    }

    private List<PeakCause> CausesOf(DemandShare peak)
    {
        var causes = peak.Orders.Select(o => new PeakCause(plant.Scenario.Orders[o.Order].Id, "", plant.Plant.Products[plant.Scenario.Orders[o.Order].Product].Name.In(texts.Language), o.Kwh * 4, o.Kwh / peak.Kwh))
            .Concat(peak.Standby.Select(m => new PeakCause("", plant.Plant.Equipment[m.Equipment].Id, plant.Plant.Equipment[m.Equipment].Name.In(texts.Language), m.Kwh * 4, m.Kwh / peak.Kwh)))
            .OrderByDescending(c => c.Kw).ToList();
        if (causes.Count <= MostCauses)
        {
            return causes;
        }

        var rest = causes.Skip(MostCauses).ToList();
        return [.. causes.Take(MostCauses), new PeakCause("", "", texts["energy.rest", rest.Count], rest.Sum(c => c.Kw), rest.Sum(c => c.Share))];
    }

    private EnergyRow Sum(ProductId product, string unit, IReadOnlyList<OrderFootprint> parts)
    {
        var use = default(ResourceUse);
        foreach (var part in parts)
        {
            use.Add(part.Total);
        }

        return new EnergyRow(plant.Plant.Products[product].Id, plant.Plant.Products[product].Name.In(texts.Language), parts.Sum(p => p.Quantity), unit, use, parts.Sum(p => p.ElectricityCost), parts.Sum(p => p.CarbonKg));
    }
}
