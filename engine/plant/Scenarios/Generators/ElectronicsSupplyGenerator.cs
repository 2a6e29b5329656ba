using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>A maker of electronic boards with 500 key materials: which of them stops a line next, and can it be seen in time?</summary>
/// <remarks>Boards of bought parts and of modules made here; every material has its sources, lead times, cover and reorder rule. Sources of the
/// numbers in <c>scenarios/electronics-supply/README.md</c>. Deterministic.</remarks>
public static class ElectronicsSupplyGenerator
{
    private const int Boards = 24;
    private const int Modules = 8;
    private const int ModuleLot = 200;
    private const double BookDays = 35;

    /// <summary>A kind of material: how many there are, what boards and modules take of it, and how it is bought.</summary>
    private sealed record Kind(string Id, string En, string Zh, int Count, int PerBoard, int PerModule, int MostPieces, double LeadFrom, double LeadTo, double SingleShare, double Criticality, int Suppliers, double PriceFrom, double PriceTo);

    private static readonly Kind[] s_kinds =
    [
        new("ic", "Chip", "芯片", 90, 9, 3, 2, 8, 20, 0.5, 3, 10, 4, 60),
        new("memory", "Memory", "存储器", 30, 2, 1, 2, 10, 24, 0.6, 3, 4, 8, 40),
        new("passive", "Passive part", "阻容件", 200, 16, 8, 20, 4, 8, 0.1, 1, 12, 0.02, 0.4),
        new("connector", "Connector", "连接器", 80, 6, 1, 3, 5, 10, 0.2, 1, 8, 0.5, 6),
        new("discrete", "Discrete", "分立器件", 60, 4, 2, 4, 6, 12, 0.15, 1, 8, 0.1, 2),
        new("pcb", "Bare board", "裸板", Boards, 1, 0, 1, 6, 12, 0.3, 2, 5, 6, 30),
        new("case", "Case", "外壳", 16, 1, 0, 1, 4, 8, 0.15, 1, 4, 3, 15),
    ];

    /// <summary>Creates the scenario.</summary>
    /// <param name="orders">Customer orders of boards, ≥ 1.</param>
    /// <param name="seed">Root of all choices, and the scenario's own seed.</param>
    public static Scenario Create(int orders = 280, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(orders, 1);
        var draws = new Draws(new RandomSource(seed, 0), "electronics-supply");
        var bill = Bill(draws);
        var book = Book(draws, orders, bill);
        var use = DailyUse(bill, book);
        var (materials, sources, receipts) = Supply(draws, use);
        return new Scenario
        {
            Id = "electronics-supply",
            Name = new Label("Boards from 500 key materials", "500种关键物料的电子工厂"),
            Description = $"A board maker with {materials.Length - Modules} bought materials, single sources and long lead times; {orders} customer orders over five weeks, two supplier closures and one slow freight.",
            Clock = new PlantClock(new DateTime(2026, 3, 2, 6, 0, 0, DateTimeKind.Unspecified), "Asia/Shanghai"),
            Horizon = Duration.FromDays(45),
            Seed = seed,
            Plant = Plant() with { Materials = materials, Sources = sources, BillOfMaterials = bill },
            Orders = book,
            Receipts = receipts,
            SupplyDisturbances =
            [
                new SupplyDisturbance { Supplier = "memory-2", From = Day(9), To = Day(15) },
                new SupplyDisturbance { Supplier = "passive-3", From = Day(12), To = Day(22), LeadTimeFactor = 1.6 },
                new SupplyDisturbance { Supplier = "ic-5", From = Day(20), To = Day(26) },
            ],
        };
    }

    private static PlantModel Plant() => new()
    {
        Sites = [new Site { Id = "works", Name = new Label("Works", "工厂") }],
        EquipmentClasses = [Class("smt", "SMT line", "贴片线"), Class("insertion", "Insertion cell", "插件单元"), Class("test", "Tester", "测试台"), Class("packing", "Packing", "包装台")],
        Equipment = [.. Machines(0, "smt", "贴片线", 2), .. Machines(1, "insertion", "插件单元", 2), .. Machines(2, "test", "测试台", 2), .. Machines(3, "packing", "包装台", 1)],
        Families = [.. Enumerable.Range(0, Boards + Modules).Select(b => new Family { Id = NameOf(b), Name = new Label(NameOf(b), b < Boards ? $"主板{b + 1}" : $"模块{b - Boards + 1}") })],
        ChangeoverRules = [new MatrixChangeover { Id = "feeders", Default = new Changeover(Duration.FromMinutes(25)), Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty }],
        WorkMasters =
        [
            new WorkMaster
            {
                Id = "board", Name = new Label("Board", "主板"),
                Operations =
                [
                    Step("mount", "Mount parts", "贴片", 0, 40, 0, []) with { KitLead = Duration.FromHours(2) }, Step("insert", "Insert", "插件", 1, 50, 0, [0]),
                    Step("test", "Test", "测试", 2, 60, 0.005, [1]), Step("pack", "Pack", "包装", 3, 8, 0, [2]),
                ],
            },
            new WorkMaster
            {
                Id = "module", Name = new Label("Module", "模块"),
                Operations = [Step("mount", "Mount parts", "贴片", 0, 15, 0, []), Step("test", "Test", "测试", 2, 15, 0.01, [0])],
            },
        ],
        Products =
        [
            .. Enumerable.Range(0, Boards + Modules).Select(b => new Product
            {
                Id = NameOf(b), Name = new Label(NameOf(b), b < Boards ? $"主板{b + 1}" : $"模块{b - Boards + 1}"), WorkMaster = new WorkMasterId(b < Boards ? 0 : 1), Family = new FamilyId(b),
                StockedAs = b < Boards ? null : MadeBy(b),
            }),
        ],
    };

    private static string NameOf(int product) => string.Create(CultureInfo.InvariantCulture, $"{(product < Boards ? "board" : "module")}-{(product < Boards ? product : product - Boards) + 1:00}");

    /// <summary>The material that a module is: after all that are bought.</summary>
    private static MaterialId MadeBy(int product) => new(s_kinds.Sum(k => k.Count) + product - Boards);

    private static EquipmentClass Class(string id, string en, string zh) => new() { Id = id, Name = new Label(en, zh) };

    private static IEnumerable<Equipment> Machines(int of, string id, string zh, int count) => Enumerable.Range(1, count).Select(n => new Equipment
    {
        Id = $"{id}-{n}", Name = new Label($"{id} {n}", $"{zh}{n}"), Class = new EquipmentClassId(of), Site = new SiteId(0), Changeover = of == 0 ? new ChangeoverRuleId(0) : null,
        TimeToFailure = of == 0 ? Distribution.Weibull(1.2, 50.0 * Duration.MillisecondsPerHour) : null,
        TimeToRepair = of == 0 ? Distribution.Lognormal(20.0 * Duration.MillisecondsPerMinute, 0.9) : null,
    });

    private static Operation Step(string id, string en, string zh, int of, double secondsEach, double scrap, ImmutableArray<int> after) => new()
    {
        Id = id, Name = new Label(en, zh), Alternatives = [new Alternative { Class = new EquipmentClassId(of) }], Predecessors = after,
        UnitTime = Distribution.Constant(secondsEach * Duration.MillisecondsPerSecond), Variation = Distribution.Lognormal(1, 0.08), ScrapFraction = scrap,
    };

    /// <summary>Parts are dealt like cards, deck after deck, so that every one of them is in some board; modules go into every third board.</summary>
    private static ImmutableArray<BillLine> Bill(Draws draws)
    {
        var lines = ImmutableArray.CreateBuilder<BillLine>();
        var first = 0;
        foreach (var kind in s_kinds)
        {
            var deck = new Queue<int>();
            for (var product = 0; product < Boards + Modules; product++)
            {
                var taken = new HashSet<int>();
                var count = product < Boards ? kind.PerBoard : kind.PerModule;
                for (var n = 0; n < count; n++)
                {
                    var part = Deal(draws, deck, kind.Count, taken);
                    var operation = kind.Id is "connector" or "case" && product < Boards ? 1 : 0;
                    lines.Add(new BillLine(new ProductId(product), operation, new MaterialId(first + part), draws.Whole(1, kind.MostPieces), kind.MostPieces > 4 ? 0.01 : 0));
                }
            }

            first += kind.Count;
        }

        for (var board = 0; board < Boards; board += 3)
        {
            lines.Add(new BillLine(new ProductId(board), 1, MadeBy(Boards + board / 3), 1));
        }

        return [.. lines.OrderBy(l => l.Product.Index).ThenBy(l => l.Operation).ThenBy(l => l.Material.Index)];
    }

    private static int Deal(Draws draws, Queue<int> deck, int count, HashSet<int> taken)
    {
        while (true)
        {
            if (deck.Count == 0)
            {
                var cards = Enumerable.Range(0, count).ToList();
                draws.Shuffle(cards);
                cards.ForEach(deck.Enqueue);
            }

            var part = deck.Dequeue();
            if (taken.Add(part))
            {
                return part;
            }
        }
    }

    private static ImmutableArray<Order> Book(Draws draws, int count, ImmutableArray<BillLine> bill)
    {
        var weights = Enumerable.Range(0, Boards).Select(b => 1.0 / (1 + b % 6)).ToArray();
        var needed = new double[Boards];
        var boards = new List<Order>();
        for (var i = 0; i < count; i++)
        {
            var product = draws.Weighted(weights);
            var release = draws.Between(0, BookDays);
            var quantity = 20 * draws.Whole(3, 12);
            needed[product] += quantity;
            boards.Add(new Order
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"EB-{i + 1:0000}"), Product = new ProductId(product), Quantity = quantity,
                Release = Day(release), Due = Day(release + draws.Between(4, 10)), Priority = draws.Chance(0.1) ? 3 : 1,
            });
        }

        var modules = new List<Order>();
        for (var m = 0; m < Modules; m++)
        {
            var need = bill.Where(l => l.Material == MadeBy(Boards + m)).Sum(l => l.Quantity * needed[l.Product]);
            var lots = (int)Math.Ceiling(need * 1.05 / ModuleLot);
            for (var l = 0; l < lots; l++)
            {
                modules.Add(new Order
                {
                    Id = string.Create(CultureInfo.InvariantCulture, $"EM{m + 1}-{l + 1:000}"), Product = new ProductId(Boards + m), Quantity = ModuleLot,
                    Release = Day((BookDays - 4) * l / lots), Due = Day((BookDays - 4) * l / lots + 2),
                });
            }
        }

        return [.. modules, .. boards];
    }

    private static double[] DailyUse(ImmutableArray<BillLine> bill, ImmutableArray<Order> book)
    {
        var made = book.ToLookup(o => o.Product.Index, o => o.Quantity);
        var use = new double[s_kinds.Sum(k => k.Count) + Modules];
        foreach (var line in bill)
        {
            use[line.Material] += line.Quantity * (1 + line.ScrapAllowance) * made[line.Product.Index].Sum() / BookDays;
        }

        return use;
    }

    private static (ImmutableArray<Material>, ImmutableArray<MaterialSource>, ImmutableArray<FirmReceipt>) Supply(Draws draws, double[] use)
    {
        var materials = ImmutableArray.CreateBuilder<Material>();
        var sources = ImmutableArray.CreateBuilder<MaterialSource>();
        var receipts = ImmutableArray.CreateBuilder<FirmReceipt>();
        foreach (var kind in s_kinds)
        {
            for (var n = 0; n < kind.Count; n++)
            {
                var m = new MaterialId(materials.Count);
                var daily = Math.Max(1, use[m]);
                var lead = Math.Round(draws.Between(kind.LeadFrom, kind.LeadTo), 1);
                var spread = draws.Between(1.25, 1.9);
                var single = draws.Chance(kind.SingleShare);
                var supplier = draws.Whole(1, kind.Suppliers);
                // Most are bought with a margin for late deliveries; one in eight is not.
                var margin = draws.Chance(0.1) ? draws.Between(0, 0.3) : draws.Between(0.8, 1.4);
                var point = Math.Ceiling(daily * (lead * (1 + margin) + 1));
                var upTo = Math.Ceiling(point + daily * draws.Between(6, 10));
                var price = Math.Round(draws.Between(kind.PriceFrom, kind.PriceTo), 2);
                var stock = Math.Floor(daily * draws.Between(9, 18));
                materials.Add(new Material
                {
                    Id = string.Create(CultureInfo.InvariantCulture, $"{kind.Id}-{n + 1:000}"), Name = new Label($"{kind.En} {n + 1}", $"{kind.Zh}{n + 1}"), InitialStock = stock,
                    Reorder = ReorderRule.OrderUpTo, ReorderPoint = point, OrderUpTo = upTo, Criticality = kind.Criticality,
                });
                sources.Add(Source(m, $"{kind.Id}-{supplier}", lead, spread, price) with { SingleSource = single, Reliability = kind.Criticality > 2 ? 0.9 : 0.95, LateFactor = 1.6 });
                if (!single)
                {
                    sources.Add(Source(m, $"{kind.Id}-{supplier % kind.Suppliers + 1}", Math.Round(lead * 1.25, 1), spread, Math.Round(price * 1.1, 2)) with { Reliability = 0.95, LateFactor = 1.6 });
                }

                // What is under way at the start was ordered when there was need of it: it comes before the stock is over, most of the time.
                var coming = Math.Max(0, (point + upTo) / 2 - stock);
                var arrives = stock / daily * draws.Between(0.3, 0.95);
                for (var part = 0; part < 2 && coming >= 1; part++)
                {
                    receipts.Add(new FirmReceipt { Material = m, Quantity = Math.Ceiling(coming / 2), Time = Day(arrives + part * coming / 2 / daily * 0.8), Source = new SourceId(sources.Count - (single ? 1 : 2)) });
                }
            }
        }

        for (var m = 0; m < Modules; m++)
        {
            materials.Add(new Material { Id = NameOf(Boards + m), Name = new Label(NameOf(Boards + m), $"模块{m + 1}"), InitialStock = Math.Ceiling(use[materials.Count] * 3), Criticality = 2 });
        }

        return (materials.ToImmutable(), sources.ToImmutable(), receipts.ToImmutable());
    }

    private static MaterialSource Source(MaterialId of, string supplier, double p50Days, double spread, double price) => new()
    {
        Material = of, Supplier = supplier, Price = price,
        LeadTime = Distribution.Lognormal(p50Days * Duration.MillisecondsPerDay, Math.Round(Math.Log(spread) / 1.2816, 4)),
    };

    /// <summary>To the hour, as people write it.</summary>
    private static SimTime Day(double days) => SimTime.FromHours(Math.Round(days * 24));
}
