using System.Collections.Immutable;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Kpis;

/// <summary>Energy, media and carbon of one order over the window of the statistics.</summary>
/// <param name="Direct">Used by its batches: phases, setups made for them.</param>
/// <param name="Indirect">Its share of what served no batch: idle, waiting, cleaning, maintenance.</param>
/// <param name="CarbonKg">kg CO₂e of both.</param>
/// <param name="Quantity">Ordered quantity.</param>
public sealed record OrderFootprint(OrderId Order, ResourceUse Direct, ResourceUse Indirect, double CarbonKg, double Quantity)
{
    /// <summary>Direct and indirect together.</summary>
    public ResourceUse Total
    {
        get
        {
            var total = Direct;
            total.Add(Indirect);
            return total;
        }
    }

    /// <summary>Its share of the demand charge, currency; 0 where nobody watched who made it.</summary>
    public double DemandCost { get; init; }

    /// <summary>What its electricity costs: energy by the tariff at the time, and its share of the demand charge.</summary>
    public double ElectricityCost => Total.EnergyCost + DemandCost;

    /// <summary>kg CO₂e per declared unit (one of the order's units).</summary>
    public double CarbonKgPerUnit => CarbonKg / Quantity;
}

/// <summary>The meters of a plant, allocated to its orders: the sum over the orders and <see cref="Unallocated"/> is what the meters show.</summary>
/// <remarks>
/// Direct use goes to the orders of the batch, by quantity. What served no batch is spread over the orders by the hours that their standing
/// executions held that machine (a batch's hours are divided by quantity); where a machine held none, by the hours at its site, and where the
/// site held none, in the plant. Only a plant in which nothing ran leaves a rest.
/// The demand charge of a site and month goes to those who drew in the quarter-hour that set it, by their energy in it: what served batches to
/// their orders, what served none like all that served none. A charge that nobody's load set (a declared demand) is spread over the site.
/// </remarks>
public sealed record FootprintReport
{
    /// <summary>Per order, by index.</summary>
    public required ImmutableArray<OrderFootprint> Orders { get; init; }

    /// <summary>What belongs to nobody, because nothing ran in the window.</summary>
    public required ResourceUse Unallocated { get; init; }

    /// <summary>What the meters of all equipment show.</summary>
    public required ResourceUse Metered { get; init; }

    /// <summary>kg CO₂e of the meters.</summary>
    public required double CarbonKg { get; init; }

    /// <summary>Demand charge of all sites and months that was allocated, currency; 0 where nobody watched who made it.</summary>
    public double DemandCost { get; init; }

    /// <summary>What is left of it because nothing ran.</summary>
    public double DemandUnallocated { get; init; }

    /// <param name="demand">Who made the demand charge (<see cref="Explanation.DemandTracker"/>); <c>null</c> allocates none of it.</param>
    public static FootprintReport Of(PlantState state, IReadOnlyList<DemandShare>? demand = null)
    {
        var plant = state.Plant.Plant;
        var direct = state.OrderUse.ToArray();
        var indirect = new ResourceUse[direct.Length];
        var pools = state.StandbyUse.ToArray();
        for (var e = 0; e < pools.Length; e++)
        {
            if (state.Equipment[e].ActiveCount > 0)
            {
                ShareOut(state, e, direct);
            }
            else
            {
                pools[e].Add(state.BatchUse[e]); // a setup whose batch has not come
            }
        }

        var unallocated = Spread(state, pools, new ResourceUse[plant.Sites.Length], indirect);
        var (demandCosts, demandTotal, demandLeft) = demand is null ? (new double[direct.Length], 0, 0) : DemandCosts(state, demand);
        var metered = MeteredBy(state);
        return new FootprintReport
        {
            Orders =
            [
                .. direct.Select((use, o) =>
                {
                    var total = use;
                    total.Add(indirect[o]);
                    return new OrderFootprint(new OrderId(o), use, indirect[o], CarbonKgOf(plant.Carbon, total), state.Plant.Scenario.Orders[o].Quantity) { DemandCost = demandCosts[o] };
                }),
            ],
            Unallocated = unallocated,
            Metered = metered,
            CarbonKg = CarbonKgOf(plant.Carbon, metered),
            DemandCost = demandTotal,
            DemandUnallocated = demandLeft,
        };
    }

    /// <summary>kg CO₂e of a use.</summary>
    public static double CarbonKgOf(CarbonFactors factors, in ResourceUse use) =>
        use.EnergyKwh * factors.GridKgPerKwh + use.SteamKg * factors.SteamKgPerKg + use.WaterM3 * factors.WaterKgPerM3
        + use.GasM3 * factors.GasKgPerM3;

    /// <summary>What the meters of all equipment show.</summary>
    public static ResourceUse MeteredBy(PlantState state)
    {
        var sum = default(ResourceUse);
        foreach (ref readonly var meters in state.Meters)
        {
            sum.Add(new ResourceUse { EnergyKwh = meters.EnergyKwh, EnergyCost = meters.EnergyCost, WaterM3 = meters.WaterM3, SteamKg = meters.SteamKg, GasM3 = meters.GasM3 });
        }

        return sum;
    }

    /// <summary>The batches that are in equipment now bear what it has used for them.</summary>
    private static void ShareOut(PlantState state, int equipment, ResourceUse[] direct)
    {
        var load = 0.0;
        for (var lead = state.Equipment[equipment].FirstActive; lead >= 0; lead = state.Jobs[lead].NextActive)
        {
            load += state.Jobs[lead].Load;
        }

        for (var lead = state.Equipment[equipment].FirstActive; lead >= 0; lead = state.Jobs[lead].NextActive)
        {
            for (var j = lead; j >= 0; j = state.Jobs[j].NextInBatch)
            {
                direct[state.Plant.Jobs.OrderOf(j)].Add(state.BatchUse[equipment], state.Plant.Jobs.QuantityOf(j) / load);
            }
        }
    }

    /// <summary>Each order's share of the demand charges, their sum, and what is left of it.</summary>
    private static (double[] Orders, double Total, double Left) DemandCosts(PlantState state, IReadOnlyList<DemandShare> demand)
    {
        var plant = state.Plant.Plant;
        var costs = new double[state.OrderUse.Length];
        var (pools, sitePools, total) = (new ResourceUse[plant.Equipment.Length], new ResourceUse[plant.Sites.Length], 0.0);
        for (var site = 0; site < plant.Sites.Length; site++)
        {
            foreach (var month in DemandPeak.MonthsOf(state, new SiteId(site)))
            {
                total += month.Charge;
                if (demand.FirstOrDefault(d => d.Site.Index == site && d.Quarter >= month.First && d.Quarter < month.End) is not { } makers)
                {
                    sitePools[site].EnergyCost += month.Charge;
                    continue;
                }

                foreach (var (order, kwh) in makers.Orders)
                {
                    costs[order] += month.Charge * kwh / makers.Kwh;
                }

                foreach (var (machine, kwh) in makers.Standby)
                {
                    pools[machine].EnergyCost += month.Charge * kwh / makers.Kwh;
                }
            }
        }

        var indirect = new ResourceUse[costs.Length];
        var left = Spread(state, pools, sitePools, indirect);
        return ([.. costs.Select((c, o) => c + indirect[o].EnergyCost)], total, left.EnergyCost);
    }

    /// <summary>Spreads what served nobody, by machine and by site, over the orders; what cannot be spread is returned.</summary>
    private static ResourceUse Spread(PlantState state, ResourceUse[] pools, ResourceUse[] sitePools, ResourceUse[] indirect)
    {
        var plant = state.Plant.Plant;
        var hours = MachineHours(state);
        var onMachine = new double[plant.Equipment.Length];
        var atSite = new double[plant.Sites.Length];
        var all = 0.0;
        foreach (var (_, equipment, h) in hours)
        {
            onMachine[equipment] += h;
            atSite[plant.Equipment[equipment].Site] += h;
            all += h;
        }

        var plantPool = default(ResourceUse);
        for (var site = 0; site < atSite.Length; site++)
        {
            if (atSite[site] == 0)
            {
                plantPool.Add(sitePools[site]);
                sitePools[site] = default;
            }
        }

        for (var e = 0; e < pools.Length; e++)
        {
            if (onMachine[e] == 0)
            {
                ref var wider = ref atSite[plant.Equipment[e].Site] > 0 ? ref sitePools[plant.Equipment[e].Site] : ref plantPool;
                wider.Add(pools[e]);
            }
        }

        foreach (var (order, equipment, h) in hours)
        {
            var site = plant.Equipment[equipment].Site;
            indirect[order].Add(pools[equipment], h / onMachine[equipment]);
            indirect[order].Add(sitePools[site], h / atSite[site]);
            indirect[order].Add(plantPool, h / all);
        }

        return all == 0 ? plantPool : default;
    }

    /// <summary>Hours that each job held equipment inside the window, its share of the batch.</summary>
    private static List<(int Order, int Equipment, double Hours)> MachineHours(PlantState state)
    {
        var hours = new List<(int, int, double)>();
        for (var j = 0; j < state.Jobs.Length; j++)
        {
            ref readonly var job = ref state.Jobs[j];
            if (job.StartAt < 0 || job.Equipment < 0 || job.Lead < 0 || job.Status == JobStatus.Cancelled)
            {
                continue;
            }

            var end = job.Status == JobStatus.Done ? job.EndAt : state.Now.Milliseconds;
            var ms = end - Math.Max(job.StartAt, state.StatisticsSince.Milliseconds);
            if (ms > 0)
            {
                var share = state.Plant.Jobs.QuantityOf(j) / state.Jobs[job.Lead].Load;
                hours.Add((state.Plant.Jobs.OrderOf(j), job.Equipment, share * ms / Duration.MillisecondsPerHour));
            }
        }

        return hours;
    }
}
