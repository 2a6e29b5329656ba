using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>CNC machines of many firms: some have more work than hours, some more hours than work, and a market between them.</summary>
/// <remarks>
/// Firms stand in industrial zones; a third has half as much again as its machines can do, the others less than half. Those with room offer two
/// thirds of their machines by the hour, on terms of their own; nobody walks in, everybody books. Sources in
/// <c>scenarios/capacity-map/README.md</c>. Deterministic.
/// </remarks>
public static class CapacityMapGenerator
{
    private const int Weeks = 3;

    /// <summary>Largest lot: what is booked at once.</summary>
    private const int LotPieces = 40;

    private const double BusyLoad = 1.35;
    private const double QuietLoad = 0.40;

    private static readonly (string Id, Label Name, double Share, double Price, double Kw)[] s_classes =
    [
        ("lathe", new("CNC lathe", "数控车床"), 0.45, 70, 9),
        ("mill", new("Machining centre", "加工中心"), 0.40, 110, 14),
        ("five-axis", new("Five-axis centre", "五轴加工中心"), 0.15, 190, 22),
    ];

    /// <summary>Parts with the machines they need, in order, and their share of the orders.</summary>
    private static readonly (string Id, Label Name, ImmutableArray<int> Route, double Share)[] s_parts =
    [
        ("shaft", new("Shaft", "轴"), [0], 0.28), ("flange", new("Flange", "法兰"), [0, 1], 0.24), ("bracket", new("Bracket", "支架"), [1], 0.24),
        ("housing", new("Housing", "壳体"), [1, 2], 0.10), ("impeller", new("Impeller", "叶轮"), [0, 2], 0.14),
    ];

    private const int Variants = 4;

    /// <summary>Larger plants are divided into districts that work for themselves, as towns do.</summary>
    private const int MachinesPerDistrict = 300;

    /// <summary>Creates the scenario.</summary>
    /// <param name="firms">Firms, ≥ 6.</param>
    /// <param name="machines">CNC machines of all firms, ≥ 3 per firm.</param>
    /// <param name="seed">Root of all choices, and the scenario's own seed.</param>
    public static Scenario Create(int firms = 30, int machines = 150, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firms, 6);
        ArgumentOutOfRangeException.ThrowIfLessThan(machines, 3 * firms);
        var random = new RandomSource(seed, 0);
        var districts = Math.Max(1, Math.Min(firms / 6, machines / MachinesPerDistrict));
        var routings = Enumerable.Range(0, districts).SelectMany(d => Routings(new Draws(random, "parts"), d, Suffix(districts, d))).ToImmutableArray();
        var equipment = Machines(new Draws(random, "machines"), firms, machines, districts);
        return new Scenario
        {
            Id = "capacity-map",
            Name = new Label($"Capacity map of {machines} CNC machines", $"{machines}台数控机床产能地图"),
            Description = $"{firms} machining firms with {machines} CNC machines; some have too much work, others offer idle hours, and every booking is made for a job that waits.",
            Clock = new PlantClock(new DateTime(2026, 3, 2, 6, 0, 0, DateTimeKind.Unspecified), "Asia/Shanghai"),
            Horizon = Duration.FromDays(7 * Weeks + 14),
            Seed = seed,
            Plant = new PlantModel
            {
                Tenants = [.. Enumerable.Range(0, firms).Select(f => new Tenant { Id = $"F{f + 1:000}", Name = new Label($"Machining firm {f + 1}", $"机加工企业{f + 1}") })],
                Sites = [.. Enumerable.Range(0, Zones(firms)).Select(z => new Site { Id = $"zone-{z + 1}", Name = new Label($"Zone {z + 1}", $"{z + 1}号工业区"), Tariff = new TariffId(0) })],
                Travel = Travel(Zones(firms)),
                Tariffs = [GeneratorTariffs.Zhejiang],
                Calendars =
                [
                    new WorkCalendar
                    {
                        Id = "two-shifts", Name = new Label("Two shifts, six days", "两班六天"),
                        Windows = [new WeeklyWindow(Weekdays.Workdays | Weekdays.Saturday, new TimeOnly(6, 0), new TimeOnly(22, 0))],
                    },
                ],
                EquipmentClasses =
                [
                    .. Enumerable.Range(0, districts).SelectMany(d => s_classes.Select(c => new EquipmentClass
                    {
                        Id = c.Id + Suffix(districts, d), Name = districts == 1 ? c.Name : new Label($"{c.Name.En}, district {d + 1}", $"{c.Name.Zh} {d + 1}区"),
                    })),
                ],
                Equipment = equipment,
                WorkMasters = routings,
                Products = [.. routings.Select((w, i) => new Product { Id = w.Id, Name = w.Name, WorkMaster = new WorkMasterId(i) })],
                Offers = Offers(new Draws(random, "offers"), equipment, districts),
                Market = new MarketRules
                {
                    Booking = BookingPolicy.WhenWaiting, Hold = Duration.FromHours(4), Decision = Distribution.Exponential(1.0 * Duration.MillisecondsPerHour),
                    MaxWait = Duration.FromDays(10), ExpressPremium = 0.3, Fee = 0.05,
                },
            },
            Orders = Orders(new Draws(random, "orders"), routings, equipment, firms, districts),
        };
    }

    /// <summary>Ending of names in a district; empty when there is only one.</summary>
    private static string Suffix(int districts, int district) => districts == 1 ? "" : $"-d{district + 1}";

    private static int Zones(int firms) => Math.Clamp(firms / 8, 1, 12);

    private static bool IsBusy(int firm, int districts) => firm / districts % 3 == 0;

    /// <summary>Zones lie in a row, half an hour from each to the next with loading, two hours at most.</summary>
    private static ImmutableDictionary<(SiteId, SiteId), Duration> Travel(int zones) =>
        (from a in Enumerable.Range(0, zones) from b in Enumerable.Range(a + 1, zones - a - 1) select (a, b))
        .ToImmutableDictionary(p => (new SiteId(p.a), new SiteId(p.b)), p => Duration.FromMinutes(Math.Min(120, 30 * (p.b - p.a))));

    /// <summary>Cycle times of 2–15 min, short ones being likelier, and setups of half an hour to three hours.</summary>
    private static ImmutableArray<WorkMaster> Routings(Draws draws, int district, string suffix) =>
    [
        .. from part in s_parts
           from variant in Enumerable.Range(1, Variants)
           select new WorkMaster
           {
               Id = $"{part.Id}-{variant}{suffix}",
               Name = new Label($"{part.Name.En} {variant}", $"{part.Name.Zh}{variant}"),
               Operations =
               [
                   .. part.Route.Select((c, k) => new Operation
                   {
                       Id = s_classes[c].Id, Name = s_classes[c].Name, Alternatives = [new Alternative { Class = new EquipmentClassId(district * s_classes.Length + c) }],
                       Predecessors = k == 0 ? [] : [k - 1],
                       UnitTime = Distribution.Constant(Math.Round(120 * Math.Pow(7.5, draws.Uniform() * draws.Uniform())) * 1000),
                       Setup = Duration.FromMinutes(Math.Round((30 + 150 * draws.Uniform() * draws.Uniform()) / 5) * 5),
                       Variation = Distribution.Triangular(0.9, 1, 1.1), Interruptible = true,
                   }),
               ],
           },
    ];

    /// <summary>Firms differ in size; each has at least three machines, the first of them a lathe and the second a mill.</summary>
    private static ImmutableArray<Equipment> Machines(Draws draws, int firms, int machines, int districts)
    {
        var sizes = Draws.Share(machines - 3 * firms, [.. Enumerable.Range(0, firms).Select(_ => 0.2 + Math.Pow(draws.Uniform(), 2))]);
        var counts = new int[s_classes.Length];
        var all = ImmutableArray.CreateBuilder<Equipment>(machines);
        for (var firm = 0; firm < firms; firm++)
        {
            for (var m = 0; m < sizes[firm] + 3; m++)
            {
                var c = m < 2 ? m : draws.Weighted([.. s_classes.Select(k => k.Share)]);
                c = m == 2 && firm / districts % 3 == 1 ? 2 : c; // five-axis centres are spread over firms with room, too
                var number = ++counts[c];
                all.Add(new Equipment
                {
                    Id = $"{s_classes[c].Id}-{number:000}", Name = new Label($"{s_classes[c].Name.En} {number}", $"{s_classes[c].Name.Zh}{number}"),
                    Class = new EquipmentClassId(firm % districts * s_classes.Length + c), Site = new SiteId(firm % Zones(firms)), Owner = new TenantId(firm), Calendar = new CalendarId(0),
                    Shared = !IsBusy(firm, districts) && (m < 2 || c == 2 || draws.Chance(0.6)), IdleKw = 1, RunningKw = s_classes[c].Kw,
                    TimeToFailure = Distribution.Exponential(300.0 * Duration.MillisecondsPerHour), TimeToRepair = Distribution.Lognormal(98.0 * Duration.MillisecondsPerMinute, 1.1),
                });
            }
        }

        return all.ToImmutable();
    }

    /// <summary>Either the whole day or the late shift, and some Saturdays; price around that of the class.</summary>
    private static ImmutableArray<CapacityOffer> Offers(Draws draws, ImmutableArray<Equipment> equipment, int districts)
    {
        var offers = ImmutableArray.CreateBuilder<CapacityOffer>();
        var open = new bool[s_classes.Length * districts]; // the first of a class takes every lot
        for (var e = 0; e < equipment.Length; e++)
        {
            if (!equipment[e].Shared)
            {
                continue;
            }

            var c = equipment[e].Class.Index;
            var wholeDay = !open[c] || draws.Chance(0.5);
            offers.Add(new CapacityOffer(
                new EquipmentId(e), new WeeklyWindow(draws.Chance(0.5) ? Weekdays.Workdays : Weekdays.Workdays | Weekdays.Saturday, new TimeOnly(wholeDay ? 6 : 14, 0), new TimeOnly(22, 0)), SimTime.Zero,
                PricePerHour: Math.Round(s_classes[c % s_classes.Length].Price * draws.Between(0.8, 1.3) / 5) * 5,
                MinimumLot: open[c] ? draws.Pick([0, 0, 5, 10]) : 0,
                Notice: Duration.FromHours(draws.Pick([1, 2, 4, 8])), WalkIn: false));
            open[c] = true;
        }

        return offers.ToImmutable();
    }

    /// <summary>Lognormal quantities with the log's median of 36 and 90th percentile of 260; each firm gets the hours that its load says.</summary>
    private static ImmutableArray<Order> Orders(Draws draws, ImmutableArray<WorkMaster> routings, ImmutableArray<Equipment> equipment, int firms, int districts)
    {
        var orders = new List<Order>();
        List<double> shares = [.. s_parts.SelectMany(p => Enumerable.Repeat(p.Share / Variants, Variants))];
        var owned = equipment.CountBy(e => e.Owner!.Value.Index).ToDictionary();
        for (var firm = 0; firm < firms; firm++)
        {
            var hours = owned[firm] * 16.0 * 6 * Weeks * (IsBusy(firm, districts) ? BusyLoad : QuietLoad);
            while (hours > 0)
            {
                var product = firm % districts * s_parts.Length * Variants + draws.Weighted(shares);
                var quantity = (int)Math.Clamp(Math.Round(36 * Math.Exp(1.54 * Normal(draws))), 5, 600);
                var lots = (quantity + LotPieces - 1) / LotPieces;
                hours -= routings[product].Operations.Sum(o => (o.UnitTime.Mean * quantity + o.Setup.Milliseconds * lots) / Duration.MillisecondsPerHour);
                var release = Duration.FromMinutes(Math.Round(draws.Uniform() * Weeks * 7 * 24 * 60 * 0.85));
                orders.Add(new Order
                {
                    Id = "", Product = new ProductId(product), Quantity = quantity, Release = SimTime.Zero + release,
                    Due = SimTime.FromHours(Math.Floor(release.Hours / 24) * 24 + draws.Whole(4, 12) * 24 + 12), Priority = draws.Chance(0.1) ? 2 : 1,
                    Tenant = new TenantId(firm), LotSize = quantity > LotPieces ? LotPieces : null, EqualLots = quantity > LotPieces,
                });
            }
        }

        return [.. orders.OrderBy(o => o.Release.Milliseconds).Select((o, i) => o with { Id = $"M{i + 1:00000}" })];
    }

    /// <summary>Box and Muller.</summary>
    private static double Normal(Draws draws) => Math.Sqrt(-2 * Math.Log(draws.Uniform())) * Math.Cos(2 * Math.PI * draws.Uniform());
}
