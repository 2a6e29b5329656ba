using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Key figures of one material over the window of the statistics. Quantities in the material's unit, cover and lead times in days.</summary>
/// <remarks>
/// Cover = (stock + firm receipts) ÷ daily use, where daily use is what the open jobs of the order book still need, spread over the days until
/// the horizon (or the last due date, if later). Gap = P90 of the lead time − cover: positive when an order placed now may come too late.
/// Score = gap × 2 where there is a single source × criticality; a material made here is at least as short as what it is made of.
/// </remarks>
public sealed record MaterialKpis
{
    public required MaterialId Material { get; init; }

    public required double Stock { get; init; }

    public required double OnHold { get; init; }

    public required double OnOrder { get; init; }

    public required double StockMean { get; init; }

    public required double Consumed { get; init; }

    public required double Received { get; init; }

    /// <summary>Jobs that had to wait for it.</summary>
    public required int Shortages { get; init; }

    public required double WaitingHours { get; init; }

    /// <summary>Share of the quantity asked for that was there at once; <c>null</c> when nothing was asked for.</summary>
    public required double? FillRate { get; init; }

    /// <summary>Use a year ÷ mean stock; <c>null</c> without stock.</summary>
    public required double? Turns { get; init; }

    /// <summary>What the order book uses in a day from now on.</summary>
    public required double DailyUse { get; init; }

    /// <summary>Days that stock and firm receipts last; <c>null</c> when nothing is used.</summary>
    public required double? CoverDays { get; init; }

    /// <summary>P90 of the preferred source's lead time; <c>null</c> without a source.</summary>
    public required double? LeadTimeP90Days { get; init; }

    /// <summary>Lead time P90 − cover: positive where what is ordered now may come too late; <c>null</c> without a source or without use.</summary>
    public double? GapDays => LeadTimeP90Days - CoverDays;

    /// <summary>Whether only one source delivers it.</summary>
    public required bool SingleSource { get; init; }

    /// <summary>How much a shortage is to be feared: 0 when the cover outlasts the lead time.</summary>
    public required double Score { get; init; }

    /// <summary>All materials of a plant as it stands.</summary>
    public static ImmutableArray<MaterialKpis> Of(PlantState state)
    {
        if (state.Materials.Length == 0)
        {
            return [];
        }

        var use = MaterialForesight.DailyUse(state);
        var kpis = Enumerable.Range(0, state.Materials.Length).Select(m => Of(state, m, use[m])).ToArray();
        return MaterialForesight.Score(state.Plant.Plant, kpis);
    }

    private static MaterialKpis Of(PlantState state, int m, double dailyUse)
    {
        ref readonly var material = ref state.Materials[m];
        ref readonly var meters = ref state.MaterialMeters[m];
        var window = (state.Now - state.StatisticsSince).Milliseconds;
        var mean = window > 0 ? meters.StockPartMs / window / MaterialQuantity.One : MaterialQuantity.Units(material.OnHand);
        var sources = state.Plant.Materials.SourcesOf(m);
        var firm = 0L;
        foreach (ref readonly var supply in state.Supplies)
        {
            firm += supply.Open && supply.Material == m ? supply.Quantity : 0;
        }

        var consumed = MaterialQuantity.Units(meters.Consumed);
        return new MaterialKpis
        {
            Material = new MaterialId(m),
            Stock = MaterialQuantity.Units(material.OnHand),
            OnHold = MaterialQuantity.Units(material.OnHold),
            OnOrder = MaterialQuantity.Units(material.OnOrder),
            StockMean = mean,
            Consumed = consumed,
            Received = MaterialQuantity.Units(meters.Received),
            Shortages = meters.Shortages,
            WaitingHours = meters.WaitingMs / Duration.MillisecondsPerHour,
            FillRate = EquipmentKpis.Ratio(meters.FilledAtOnce, meters.Demanded),
            Turns = window > 0 ? EquipmentKpis.Ratio(consumed * (365.0 * Duration.MillisecondsPerDay / window), mean) : null,
            DailyUse = dailyUse,
            CoverDays = EquipmentKpis.Ratio(MaterialQuantity.Units(material.OnHand - material.OnHold + firm), dailyUse),
            LeadTimeP90Days = sources.Length > 0 ? state.Plant.Plant.Sources[sources[0]].LeadTime.Quantile(0.9) / Duration.MillisecondsPerDay : null,
            SingleSource = sources.Length == 1 || (sources.Length > 0 && state.Plant.Plant.Sources[sources[0]].SingleSource),
            Score = 0,
        };
    }
}

/// <summary>All materials together.</summary>
/// <param name="FillRate">Mean over the materials that were asked for.</param>
/// <param name="Turns">Value used a year ÷ value of the mean stock; materials without a price count by quantity when no material has one.</param>
/// <param name="CoverDays">The least.</param>
public sealed record MaterialTotals(double? FillRate, int Shortages, double WaitingHours, double? Turns, double StockValue, double? CoverDays)
{
    /// <summary>Kits of released orders that lack material now; <c>null</c> where nothing is staged.</summary>
    public int? KitsMissing { get; init; }

    internal static MaterialTotals Of(PlantState state, ImmutableArray<MaterialKpis> materials)
    {
        var plant = state.Plant;
        var priced = plant.Plant.Sources.Any(s => s.Price > 0);
        var days = (state.Now - state.StatisticsSince).Milliseconds / (double)Duration.MillisecondsPerDay;
        var stock = materials.Sum(m => m.StockMean * Price(m.Material));
        var filled = materials.Where(m => m.FillRate is not null).ToList();
        return new MaterialTotals(
            filled.Count > 0 ? filled.Average(m => m.FillRate!.Value) : null,
            materials.Sum(m => m.Shortages),
            materials.Sum(m => m.WaitingHours),
            days > 0 ? EquipmentKpis.Ratio(materials.Sum(m => m.Consumed * Price(m.Material)) * 365 / days, stock) : null,
            priced ? stock : 0,
            materials.Min(m => m.CoverDays))
        {
            KitsMissing = plant.HasKits ? Enumerable.Range(0, state.Jobs.Length).Count(j => state.KitOf(j) == KitStatus.Missing) : null,
        };

        double Price(int material) => !priced ? 1 : plant.Materials.SourcesOf(material) is [var first, ..] ? plant.Plant.Sources[first].Price : 0;
    }
}

/// <summary>Which materials will run out before new ones can come.</summary>
public static class MaterialForesight
{
    /// <summary>What the open jobs of the order book use a day, per material, from now to the horizon or the last due date.</summary>
    public static double[] DailyUse(PlantState state)
    {
        var plant = state.Plant;
        var end = SimTime.Zero + plant.Scenario.Horizon;
        var open = new long[state.Materials.Length];
        for (var job = 0; job < state.Jobs.Length; job++)
        {
            if (state.Jobs[job].Status is Lifecycles.JobStatus.Cancelled or Lifecycles.JobStatus.Done or Lifecycles.JobStatus.Dormant || state.JobMaterials[job].Status == Lifecycles.MaterialNeedStatus.Consumed)
            {
                continue;
            }

            foreach (var need in plant.MaterialNeedsOf(job))
            {
                open[need.Material] += Behaviour.MaterialPlan.Amount(need, plant.Jobs.QuantityOf(job));
            }
        }

        foreach (var order in plant.Scenario.Orders)
        {
            end = SimTime.Max(end, order.Due ?? order.Release);
        }

        var days = Math.Max(1, (end - state.Now).Milliseconds / (double)Duration.MillisecondsPerDay);
        return [.. open.Select(o => MaterialQuantity.Units(o) / days)];
    }

    /// <summary>Gap × single source × criticality, carried up the bill of materials.</summary>
    internal static ImmutableArray<MaterialKpis> Score(PlantModel plant, MaterialKpis[] kpis)
    {
        var scores = kpis.Select(k => Math.Max(0, (k.LeadTimeP90Days ?? 0) - (k.CoverDays ?? double.PositiveInfinity))
            * (k.SingleSource ? 2 : 1) * plant.Materials[k.Material].Criticality).ToArray();
        // A chain of materials made here is at most as long as there are materials.
        for (var pass = 0; pass < kpis.Length; pass++)
        {
            var changed = false;
            foreach (var line in plant.BillOfMaterials)
            {
                if (plant.Products[line.Product].StockedAs is { } made && scores[line.Material] > scores[made])
                {
                    scores[made] = scores[line.Material];
                    changed = true;
                }
            }

            if (!changed)
            {
                break;
            }
        }

        return [.. kpis.Select((k, m) => k with { Score = scores[m] })];
    }

    /// <summary>The worst score among the materials of each product, with the material that has it; −1 when none.</summary>
    public static ImmutableArray<(double Score, int Material)> OfProducts(PlantModel plant, ImmutableArray<MaterialKpis> kpis)
    {
        var worst = new (double Score, int Material)[plant.Products.Length];
        Array.Fill(worst, (0, -1));
        foreach (var line in plant.BillOfMaterials)
        {
            if (kpis[line.Material].Score > worst[line.Product].Score)
            {
                worst[line.Product] = (kpis[line.Material].Score, line.Material.Index);
            }
        }

        return [.. worst];
    }
}
