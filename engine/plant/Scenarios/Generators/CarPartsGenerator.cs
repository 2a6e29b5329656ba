using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>A maker of brake calipers: castings of traced heats become housings in stock, housings and bought parts become calipers.</summary>
/// <remarks>Shows materials with reorder rules, key parts from a single source, lots that quality holds, and a genealogy of three levels.
/// Sources of the numbers in <c>scenarios/car-parts/README.md</c>. Deterministic.</remarks>
public static class CarPartsGenerator
{
    private const int Models = 4;
    private const int HousingLot = 120;

    private static readonly MaterialId s_iron = new(0);
    private static readonly MaterialId s_piston = new(1);
    private static readonly MaterialId s_seal = new(2);
    private static readonly MaterialId s_sensor = new(3);
    private static readonly MaterialId s_bolt = new(4);

    /// <summary>Creates the scenario.</summary>
    /// <param name="orders">Customer orders of calipers, ≥ 1.</param>
    /// <param name="seed">Root of all choices, and the scenario's own seed.</param>
    public static Scenario Create(int orders = 160, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(orders, 1);
        var draws = new Draws(new RandomSource(seed, 0), "car-parts");
        var book = Book(draws, orders);
        return new Scenario
        {
            Id = "car-parts",
            Name = new Label("Brake calipers with traced heats", "可追溯批次的制动钳工厂"),
            Description = $"Castings of traced heats are machined into stock and assembled with key parts from few suppliers; {orders} customer orders, one bad heat, one closed supplier.",
            Clock = new PlantClock(new DateTime(2026, 3, 2, 6, 0, 0, DateTimeKind.Unspecified), "Asia/Shanghai"),
            Horizon = Duration.FromDays(14),
            Seed = seed,
            Plant = Plant(),
            Orders = book,
            Receipts = Receipts(draws),
            SupplyDisturbances = [new SupplyDisturbance { Supplier = "nordic-seals", From = SimTime.FromHours(72), To = SimTime.FromHours(144) }],
            LotDecisions = [new LotDecision(SimTime.FromHours(55), 2, LotAction.Hold), new LotDecision(SimTime.FromHours(79), 2, LotAction.Scrap)],
        };
    }

    private static PlantModel Plant() => new()
    {
        Sites = [new Site { Id = "works", Name = new Label("Works", "工厂") }],
        EquipmentClasses =
        [
            Class("cnc", "Machining centre", "加工中心"), Class("washer", "Washer", "清洗机"), Class("assembly", "Assembly cell", "装配单元"),
            Class("leak-test", "Leak tester", "泄漏测试台"), Class("packing", "Packing", "包装"),
        ],
        Equipment = [.. Machines(0, "cnc", "加工中心", 6), .. Machines(1, "washer", "清洗机", 1), .. Machines(2, "assembly", "装配单元", 3), .. Machines(3, "leak-test", "泄漏测试台", 2), .. Machines(4, "packing", "包装台", 1)],
        Families = [.. Enumerable.Range(0, Models).Select(m => new Family { Id = $"model-{Letter(m)}", Name = new Label($"Model {Letter(m)}", $"型号{Letter(m)}") })],
        ChangeoverRules =
        [
            new MatrixChangeover { Id = "fixture", Default = new Changeover(Duration.FromMinutes(40)), Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty },
        ],
        Calendars = [new WorkCalendar { Id = "two-shifts", Name = new Label("Two shifts, six days", "两班六天"), Windows = [new WeeklyWindow(Weekdays.Workdays | Weekdays.Saturday, new TimeOnly(6, 0), new TimeOnly(22, 0))] }],
        WorkMasters =
        [
            new WorkMaster
            {
                Id = "housing", Name = new Label("Housing", "钳体"),
                Operations = [Step("machine", "Machine", "机加工", 0, 170, 0.012, []), Step("wash", "Wash", "清洗", 1, 12, 0, [0])],
            },
            new WorkMaster
            {
                Id = "caliper", Name = new Label("Caliper", "制动钳"),
                Operations = [Step("assemble", "Assemble", "装配", 2, 75, 0, []), Step("leak-test", "Leak test", "泄漏测试", 3, 40, 0.006, [0]), Step("pack", "Pack", "包装", 4, 8, 0, [1])],
            },
        ],
        Materials =
        [
            Bought("casting", "Raw casting", "毛坯铸件", stock: 900, ReorderRule.OrderUpTo, point: 1500, upTo: 3600) with { Tracked = true, Criticality = 2 },
            Bought("piston", "Piston", "活塞", stock: 2600, ReorderRule.FixedQuantity, point: 2200, upTo: 0) with { OrderQuantity = 1500, Tracked = true },
            Bought("seal-kit", "Seal kit", "密封套件", stock: 1500, ReorderRule.OrderUpTo, point: 900, upTo: 2400) with { Tracked = true, Picking = LotPicking.Fefo, ShelfLife = Duration.FromDays(60), Criticality = 3 },
            Bought("wear-sensor", "Wear sensor", "磨损传感器", stock: 700, ReorderRule.Periodic, point: 0, upTo: 2600) with { ReviewPeriod = Duration.FromDays(2), Tracked = true, Criticality = 3 },
            Bought("bolt", "Bolt M8", "螺栓M8", stock: 9000, ReorderRule.OrderUpTo, point: 6000, upTo: 20_000),
            .. Enumerable.Range(0, Models).Select(m => new Material { Id = $"housing-{Letter(m)}", Name = new Label($"Housing {Letter(m)}", $"钳体{Letter(m)}"), InitialStock = 150, Tracked = true }),
        ],
        Sources =
        [
            Source(s_iron, "iron-works", p50: 30, p90: 48, price: 62) with { MinLot = 400, Inspection = Duration.FromHours(3), Reliability = 0.95 },
            Source(s_iron, "second-foundry", p50: 60, p90: 90, price: 71) with { MinLot = 400, Inspection = Duration.FromHours(3) },
            Source(s_piston, "piston-maker", p50: 40, p90: 60, price: 14),
            Source(s_seal, "nordic-seals", p50: 72, p90: 130, price: 9.5) with { SingleSource = true, Reliability = 0.9, LateFactor = 1.5 },
            Source(s_sensor, "sensor-house", p50: 60, p90: 110, price: 31) with { SingleSource = true, CapacityPerDay = 900 },
            Source(s_bolt, "fasteners", p50: 12, p90: 24, price: 0.2) with { MinLot = 5000 },
        ],
        Products =
        [
            .. Enumerable.Range(0, Models).Select(m => new Product { Id = $"housing-{Letter(m)}", Name = new Label($"Housing {Letter(m)}", $"钳体{Letter(m)}"), WorkMaster = new WorkMasterId(0), Family = new FamilyId(m), StockedAs = new MaterialId(5 + m) }),
            .. Enumerable.Range(0, Models).Select(m => new Product { Id = $"caliper-{Letter(m)}", Name = new Label($"Caliper {Letter(m)}", $"制动钳{Letter(m)}"), WorkMaster = new WorkMasterId(1), Family = new FamilyId(m) }),
        ],
        BillOfMaterials =
        [
            .. Enumerable.Range(0, Models).Select(m => new BillLine(new ProductId(m), 0, s_iron, 1, 0.01)),
            .. Enumerable.Range(Models, Models).SelectMany(p => (BillLine[])
            [
                new BillLine(new ProductId(p), 0, new MaterialId(5 + p - Models), 1), new BillLine(new ProductId(p), 0, s_piston, p % 2 == 0 ? 1 : 2),
                new BillLine(new ProductId(p), 0, s_seal, 1, 0.005), new BillLine(new ProductId(p), 2, s_bolt, 2),
                .. p % 2 == 0 ? Array.Empty<BillLine>() : [new BillLine(new ProductId(p), 1, s_sensor, 1)],
            ]),
        ],
    };

    private static string Letter(int model) => ((char)('a' + model)).ToString();

    private static EquipmentClass Class(string id, string en, string zh) => new() { Id = id, Name = new Label(en, zh) };

    private static IEnumerable<Equipment> Machines(int of, string id, string zh, int count) => Enumerable.Range(1, count).Select(n => new Equipment
    {
        Id = $"{id}-{n}", Name = new Label($"{id} {n}", $"{zh}{n}"), Class = new EquipmentClassId(of), Site = new SiteId(0), Calendar = new CalendarId(0),
        Changeover = of is 0 or 2 ? new ChangeoverRuleId(0) : null,
        TimeToFailure = of == 0 ? Distribution.Weibull(1.3, 60.0 * Duration.MillisecondsPerHour) : null,
        TimeToRepair = of == 0 ? Distribution.Lognormal(40.0 * Duration.MillisecondsPerMinute, 0.9) : null,
    });

    private static Operation Step(string id, string en, string zh, int of, double secondsEach, double scrap, ImmutableArray<int> after) => new()
    {
        Id = id, Name = new Label(en, zh), Alternatives = [new Alternative { Class = new EquipmentClassId(of) }], Predecessors = after, Interruptible = true,
        UnitTime = Distribution.Constant(secondsEach * Duration.MillisecondsPerSecond), Variation = Distribution.Lognormal(1, 0.08), ScrapFraction = scrap,
    };

    private static Material Bought(string id, string en, string zh, double stock, ReorderRule rule, double point, double upTo) => new()
    {
        Id = id, Name = new Label(en, zh), InitialStock = stock, Reorder = rule, ReorderPoint = point, OrderUpTo = upTo,
    };

    private static MaterialSource Source(MaterialId of, string supplier, double p50, double p90, double price) => new()
    {
        Material = of, Supplier = supplier, Price = price, LeadTime = Distribution.Lognormal(p50 * Duration.MillisecondsPerHour, Math.Round(Math.Log(p90 / p50) / 1.2816, 4)),
    };

    /// <summary>Customer orders over ten days, and housings for stock ahead of them: a twelfth more than they take.</summary>
    private static ImmutableArray<Order> Book(Draws draws, int count)
    {
        var needed = new double[Models];
        var customers = new List<Order>();
        for (var i = 0; i < count; i++)
        {
            var model = draws.Weighted([4, 3, 2, 1]);
            var release = draws.Between(0, 240);
            var quantity = 20 * draws.Whole(1, 4);
            needed[model] += quantity;
            customers.Add(new Order
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"CP-{i + 1:0000}"), Product = new ProductId(Models + model), Quantity = quantity,
                Release = Hour(release), Due = Hour(release + draws.Between(30, 110)), Priority = draws.Chance(0.15) ? 3 : 1,
            });
        }

        var housings = new List<Order>();
        for (var m = 0; m < Models; m++)
        {
            var lots = (int)Math.Ceiling(needed[m] * 13 / 12 / HousingLot);
            for (var l = 0; l < lots; l++)
            {
                housings.Add(new Order
                {
                    Id = string.Create(CultureInfo.InvariantCulture, $"H{Letter(m).ToUpperInvariant()}-{l + 1:000}"), Product = new ProductId(m), Quantity = HousingLot,
                    Release = Hour(220.0 * l / lots), Due = Hour(220.0 * l / lots + 24),
                });
            }
        }

        return [.. housings, .. customers];
    }

    /// <summary>Heats and deliveries that were agreed before the scenario begins; the third heat turns out bad.</summary>
    private static ImmutableArray<FirmReceipt> Receipts(Draws draws) =>
    [
        .. Enumerable.Range(0, 5).Select(n => new FirmReceipt
        {
            Material = s_iron, Quantity = 20 * draws.Whole(15, 25), Time = Hour(6 + n * 20), Source = new SourceId(0), Lot = string.Create(CultureInfo.InvariantCulture, $"HEAT-{410 + n:0000}"),
        }),
        new FirmReceipt { Material = s_seal, Quantity = 1000, Time = Hour(30), Source = new SourceId(3), Lot = "SEAL-77A" },
        new FirmReceipt { Material = s_sensor, Quantity = 600, Time = Hour(20), Source = new SourceId(4), Lot = "WS-2602" },
    ];

    /// <summary>To the minute, as people write it.</summary>
    private static SimTime Hour(double hours) => SimTime.Zero + Duration.FromMinutes(Math.Round(hours * 60));
}
