using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>A shared lighting factory: many small firms that open their machines to each other.</summary>
/// <remarks>
/// Each firm has a trade or two, a site, and machines of which most are shared; orders are samples and bulk; a lot travels between
/// sites. Machines are divided among the trades by the hours that the orders ask of them, and orders arrive at the rate at which
/// all trades are busy for <see cref="Utilisation"/> of their shifts. Plants of more than 500 machines are divided into districts
/// that work for themselves. Sources in <c>scenarios/shared-factory/README.md</c>. Deterministic.
/// </remarks>
public static class SharedFactoryGenerator
{
    /// <summary>Share of the working hours that processing and setups take, once the plant is full.</summary>
    public const double Utilisation = 0.82;

    private const int MachinesPerDistrict = 500;

    /// <summary>Share of orders that lie there at the epoch.</summary>
    private const double BacklogShare = 0.12;

    private const double SampleShare = 0.2;

    /// <summary>An order as drawn, before the plant is laid out.</summary>
    private sealed record Demand(int Design, int Quantity, bool Sample, FamilyId Color, int Firm)
    {
        public int Lots => (Quantity + LightingTrades.RackPieces - 1) / LightingTrades.RackPieces;
    }

    /// <summary>Creates the scenario.</summary>
    /// <param name="firms">Member firms, ≥ 1.</param>
    /// <param name="machines">Machines of all firms, at least one per trade (9) and district.</param>
    /// <param name="orders">Orders in the book, ≥ 1.</param>
    /// <param name="seed">Root of all choices, and the scenario's own seed.</param>
    public static Scenario Create(int firms = 30, int machines = 500, int orders = 3000, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firms, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(machines, LightingTrades.All.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(orders, 1);
        var random = new RandomSource(seed, 0);
        var districts = Math.Max(1, Math.Min(firms, machines / MachinesPerDistrict));
        var designs = LightingDesign.Create(new Draws(random, "designs"), Math.Clamp(orders / 50, 10, 80));
        var demands = Demands(new Draws(random, "orders"), designs, firms, orders);
        var hours = HoursByTrade(designs, demands);
        var layout = new SharedFactoryLayout(random, firms, machines, districts, [.. hours.Select((h, t) => h / LightingTrades.All[t].WeeklyHours / LightingTrades.All[t].Slots)]);
        var weeks = layout.MachineWeeks.Sum() / (machines * Utilisation);
        return new Scenario
        {
            Id = "shared-factory",
            Name = new Label($"Shared lighting factory, {firms} firms", $"灯饰共享工厂 {firms}家企业"),
            Description = $"{firms} small lighting firms share {machines} machines: die casting, machining, stamping, laser, polishing, coating, electronics, assembly, ageing; {orders} orders, one in five a sample.",
            Clock = new PlantClock(new DateTime(2026, 3, 2, 8, 0, 0, DateTimeKind.Unspecified), "Asia/Shanghai"),
            Horizon = Duration.FromDays(Math.Ceiling(weeks * 7) + 21),
            Seed = seed,
            Plant = layout.Plant with
            {
                Families = [.. LightingTrades.Colors, .. designs.Select(d => new Family { Id = d.Id, Name = d.Name })],
                WorkMasters = [.. Variants(designs, districts).Select(v => v.Design.Routing(layout.Suffix(v.District), SharedFactoryLayout.FirstClass(v.District), new FamilyId(LightingTrades.Colors.Length + v.Index), v.Sample))],
                Products = [.. Variants(designs, districts).Select((v, i) => new Product
                {
                    Id = $"{v.Design.Id}{layout.Suffix(v.District)}{(v.Sample ? "-sample" : "")}",
                    Name = v.Sample ? new Label(v.Design.Name.En + ", sample", v.Design.Name.Zh + " 样品") : v.Design.Name,
                    WorkMaster = new WorkMasterId(i),
                })],
            },
            Orders = Orders(new Draws(random, "dates"), demands, layout, designs.Count, weeks),
        };
    }

    /// <summary>Every design in every district, in bulk and as a sample; <see cref="ProductOf"/> is the index in this list.</summary>
    private static IEnumerable<(LightingDesign Design, int Index, int District, bool Sample)> Variants(List<LightingDesign> designs, int districts) =>
        from district in Enumerable.Range(0, districts)
        from index in Enumerable.Range(0, designs.Count)
        from sample in (bool[])[false, true]
        select (designs[index], index, district, sample);

    private static ProductId ProductOf(int design, int designs, int district, bool sample) => new((district * designs + design) * 2 + (sample ? 1 : 0));

    /// <summary>Bulk quantities are lognormal with the log's median 36 and 90th percentile 260; samples are 1–10 pieces.</summary>
    private static List<Demand> Demands(Draws draws, List<LightingDesign> designs, int firms, int orders)
    {
        var popularity = designs.Select((d, i) => LightingTrades.Articles[d.Article].Share * Math.Pow(d.Number, -0.7)).ToList();
        var demands = new List<Demand>(orders);
        for (var o = 0; o < orders; o++)
        {
            var sample = draws.Chance(SampleShare);
            var quantity = sample
                ? draws.Whole(1, 10)
                : (int)Math.Clamp(Math.Round(36 * Math.Exp(1.54 * StandardNormal(draws))), 5, 2000);
            demands.Add(new Demand(draws.Weighted(popularity), quantity, sample, new FamilyId(draws.Weighted([0.3, 0.15, 0.1, 0.08, 0.12, 0.25])), draws.Whole(0, firms - 1)));
        }

        return demands;
    }

    /// <summary>Box and Muller.</summary>
    private static double StandardNormal(Draws draws) => Math.Sqrt(-2 * Math.Log(draws.Uniform())) * Math.Cos(2 * Math.PI * draws.Uniform());

    /// <summary>Processing plus one setup per order and trade (its further lots follow without).</summary>
    private static double[] HoursByTrade(List<LightingDesign> designs, List<Demand> demands)
    {
        var hours = new double[LightingTrades.All.Length];
        foreach (var demand in demands)
        {
            foreach (var trade in designs[demand.Design].Trades())
            {
                var lots = LightingTrades.All[trade].PerRack ? demand.Lots : 1;
                hours[trade] += designs[demand.Design].Hours(trade, demand.Quantity, demand.Sample) * lots + LightingTrades.All[trade].SetupMinutes / 60;
            }
        }

        return hours;
    }

    private static ImmutableArray<Order> Orders(Draws draws, List<Demand> demands, SharedFactoryLayout layout, int designs, double weeks)
    {
        var orders = new List<Order>(demands.Count);
        foreach (var demand in demands)
        {
            var release = draws.Chance(BacklogShare) ? SimTime.Zero : SimTime.Zero + Duration.FromMinutes(Math.Round(draws.Uniform() * weeks * 7 * 24 * 60));
            var promise = demand.Sample ? draws.Whole(2, 5) : draws.Whole(8, 20);
            orders.Add(new Order
            {
                Id = "",
                Product = ProductOf(demand.Design, designs, layout.DistrictOf(demand.Firm), demand.Sample),
                Quantity = demand.Quantity,
                Family = demand.Color,
                Release = release,
                Due = SimTime.FromHours(Math.Floor(release.Hours / 24) * 24 + promise * 24 + 10), // 18:00
                Priority = demand.Sample ? 3 : draws.Chance(0.1) ? 2 : 1,
                Kind = demand.Sample ? OrderKind.Sample : OrderKind.Bulk,
                Tenant = new TenantId(demand.Firm),
                LotSize = demand.Quantity > LightingTrades.RackPieces ? LightingTrades.RackPieces : null,
            });
        }

        return [.. orders.OrderBy(o => o.Release.Milliseconds).Select((o, i) => o with { Id = $"L{i + 1:00000}" })];
    }
}
