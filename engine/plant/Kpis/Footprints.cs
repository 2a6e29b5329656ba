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

    /// <summary>kg CO₂e per declared unit (one of the order's units).</summary>
    public double CarbonKgPerUnit => CarbonKg / Quantity;
}

/// <summary>The meters of a plant, allocated to its orders: the sum over the orders and <see cref="Unallocated"/> is what the meters show.</summary>
/// <remarks>
/// Direct use goes to the orders of the batch, by quantity. What served no batch is spread over the orders by the hours that their standing
/// executions held that machine (a batch's hours are divided by quantity); where a machine held none, by the hours at its site, and where the
/// site held none, in the plant. Only a plant in which nothing ran leaves a rest.
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

    public static FootprintReport Of(PlantState state)
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

        var unallocated = Spread(state, pools, indirect);
        var metered = MeteredBy(state);
        return new FootprintReport
        {
            Orders =
            [
                .. direct.Select((use, o) =>
                {
                    var total = use;
                    total.Add(indirect[o]);
                    return new OrderFootprint(new OrderId(o), use, indirect[o], CarbonKgOf(plant.Carbon, total), state.Plant.Scenario.Orders[o].Quantity);
                }),
            ],
            Unallocated = unallocated,
            Metered = metered,
            CarbonKg = CarbonKgOf(plant.Carbon, metered),
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

    private static ResourceUse Spread(PlantState state, ResourceUse[] pools, ResourceUse[] indirect)
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

        var sitePools = new ResourceUse[atSite.Length];
        var plantPool = default(ResourceUse);
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
