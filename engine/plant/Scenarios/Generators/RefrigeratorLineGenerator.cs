using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>A mixed-model refrigerator line: 30 stations at a takt of 20 s, 26 foaming fixtures, 216 models, one day's orders.</summary>
/// <remarks>
/// Every unit is a lot of its own. Station times are a base work content times the model's factor (0.8–1.3); options add work at
/// one station and are therefore spaced by h:q rules. Foaming fixtures hold one cabinet family and are changed off the loop.
/// Sources in <c>scenarios/refrigerator-line/README.md</c>. Deterministic: same units and seed, same scenario.
/// </remarks>
public static class RefrigeratorLineGenerator
{
    /// <summary>Models per cabinet family.</summary>
    private const int ModelsPerFamily = 27;

    /// <summary>A cabinet family: litres, work factor, share of the units.</summary>
    private static readonly ImmutableArray<(int Litres, double Factor, double Share)> s_cabinets =
        [(98, 0.80, 0.08), (133, 0.84, 0.10), (178, 0.90, 0.14), (210, 0.95, 0.18), (258, 1.00, 0.18), (328, 1.06, 0.14), (436, 1.15, 0.10), (518, 1.25, 0.08)];

    private static readonly ImmutableArray<Label> s_colors = [new("white", "白"), new("silver", "银"), new("champagne", "香槟"), new("black", "黑"), new("blue", "蓝")];

    /// <summary>Departures of the trucks, hours after the start of work.</summary>
    private static readonly ImmutableArray<int> s_trucks = [5, 7, 9, 11, 13, 15];

    /// <summary>Kits are released so long before their truck leaves, hours: the line takes two, its buffers and the sequence the rest.</summary>
    private const int KitLead = 7;

    /// <summary>Creates the scenario.</summary>
    /// <param name="units">Refrigerators to make, at least one of each of the 216 models.</param>
    /// <param name="seed">Root of all choices, and the scenario's own seed.</param>
    public static Scenario Create(int units = 1500, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, s_cabinets.Length * ModelsPerFamily);
        var random = new RandomSource(seed, 0);
        var products = Products(random);
        return new Scenario
        {
            Id = "refrigerator-line",
            Name = new Label("Refrigerator line, takt 20 s", "冰箱混流总装线 节拍20秒"),
            Description = "One day of a mixed-model refrigerator line: 216 models in 8 cabinet families, option spacing rules, foaming fixtures that must be changed between families, small buffers, minor stops.",
            Clock = new PlantClock(new DateTime(2026, 3, 2, 8, 0, 0, DateTimeKind.Unspecified), "Asia/Shanghai"),
            Horizon = Duration.FromDays(2),
            Seed = seed,
            Plant = new PlantModel
            {
                Sites = [new Site { Id = "plant", Name = new Label("Refrigerator plant", "冰箱工厂"), Tariff = new TariffId(0) }],
                Tariffs = [GeneratorTariffs.Zhejiang],
                Calendars = [Shifts],
                Families = [.. s_cabinets.Select(c => new Family { Id = $"cabinet-{c.Litres}", Name = new Label($"Cabinet {c.Litres} L", $"{c.Litres}升箱体") })],
                ChangeoverRules =
                [
                    new MatrixChangeover
                    {
                        Id = "fixture-change", Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty,
                        Default = new Changeover(Duration.FromMinutes(8), 10), FromClean = new Changeover(Duration.FromMinutes(8), 10),
                    },
                ],
                EquipmentClasses =
                [
                    .. RefrigeratorStations.Line.Select(s => new EquipmentClass { Id = s.Id, Name = s.Name, InputBuffer = s.Buffer }),
                    new EquipmentClass { Id = RefrigeratorStations.Liner.Id, Name = RefrigeratorStations.Liner.Name },
                ],
                Equipment = Equipment(),
                WorkMasters = [.. Enumerable.Range(0, 1 << RefrigeratorStations.Options.Length).Select(Routing)],
                Products = products,
                Lines =
                [
                    new ProductionLine
                    {
                        Id = "line-1",
                        Name = new Label("Final assembly line", "总装线"),
                        Takt = Duration.FromSeconds(RefrigeratorStations.Takt),
                        StationWindow = Duration.FromSeconds(10),
                        Stations = [.. RefrigeratorStations.Line.Select((_, i) => new EquipmentClassId(i))],
                        OptionRules = [.. RefrigeratorStations.Options.Select(o => new OptionRule(o.Id, o.Max, o.Window))],
                    },
                ],
            },
            Orders = Orders(random, products, units),
            Dispatch = DispatchRule.LeastChangeover, // a cabinet goes into a fixture of its family when one is free
        };
    }

    /// <summary>Two shifts with breaks; machines that hold units (foaming, evacuation, tests) go on through them.</summary>
    private static readonly WorkCalendar Shifts = new()
    {
        Id = "two-shifts", Name = new Label("Two shifts", "两班制"),
        Windows =
        [
            new WeeklyWindow(Weekdays.Daily, new TimeOnly(8, 0), new TimeOnly(12, 0)),
            new WeeklyWindow(Weekdays.Daily, new TimeOnly(12, 40), new TimeOnly(17, 30)),
            new WeeklyWindow(Weekdays.Daily, new TimeOnly(18, 0), new TimeOnly(23, 0)),
        ],
    };

    private static ImmutableArray<Equipment> Equipment()
    {
        var equipment = ImmutableArray.CreateBuilder<Equipment>();
        for (var i = 0; i < RefrigeratorStations.Line.Length; i++)
        {
            var station = RefrigeratorStations.Line[i];
            if (station.Kind == StationKind.Fixtures)
            {
                equipment.AddRange(Fixtures(station, i));
            }
            else
            {
                equipment.Add(Machine(station, i, $"S{i + 1:00}", station.Name) with { Slots = station.Slots });
            }
        }

        for (var f = 0; f < s_cabinets.Length; f++)
        {
            var name = new Label($"Thermoformer {f + 1} · {s_cabinets[f].Litres} L", $"{f + 1}号吸塑机 · {s_cabinets[f].Litres}升");
            equipment.Add(Machine(RefrigeratorStations.Liner, RefrigeratorStations.Line.Length, $"T{f + 1}", name) with { AllowedFamilies = [new FamilyId(f)], InitialFamily = new FamilyId(f) });
        }

        return equipment.ToImmutable();
    }

    /// <summary>The loop starts the day with fixtures in proportion to the day's cabinets.</summary>
    private static IEnumerable<Equipment> Fixtures(Station station, int index)
    {
        var shares = Draws.Share(RefrigeratorStations.Fixtures, [.. s_cabinets.Select(c => c.Share)]);
        var families = shares.SelectMany((count, family) => Enumerable.Repeat(new FamilyId(family), count)).ToList();
        for (var f = 0; f < families.Count; f++)
        {
            yield return Machine(station, index, $"F{f + 1:00}", new Label($"Foaming fixture {f + 1}", $"发泡夹具{f + 1}")) with
            {
                InitialFamily = families[f],
                Changeover = new ChangeoverRuleId(0),
                TimeToFailure = Distribution.Weibull(1.2, Duration.FromHours(80).Milliseconds),
                TimeToRepair = Distribution.Lognormal(Duration.FromMinutes(20).Milliseconds, 0.9),
            };
        }
    }

    private static Equipment Machine(Station station, int index, string id, Label name) => new()
    {
        Id = id,
        Name = name,
        Class = new EquipmentClassId(index),
        Site = new SiteId(0),
        WorkCenter = "Line 1",
        Calendar = station.Kind is StationKind.Hall or StationKind.Fixtures ? null : new CalendarId(0),
        RunningKw = station.RunningKw,
        IdleKw = Math.Round(station.RunningKw * 0.1, 2),
        TimeToFailure = Distribution.Exponential(Duration.FromHours(station.Kind == StationKind.Manual ? 13.5 : 10.6).Milliseconds),
        TimeToRepair = station.Kind == StationKind.Manual ? s_minorStop : s_machineStop,
    };

    /// <summary>Minor stops of 1–3 min every 27 min on a line of 30 stations: every 13.5 h at each.</summary>
    private static readonly Distribution s_minorStop = Distribution.Uniform(Duration.FromMinutes(1).Milliseconds, Duration.FromMinutes(3).Milliseconds);

    /// <summary>Machines also break every 50 h: four stops in five are minor, the fifth is lognormal with median 20 min and σ 0.9 (its four middle octiles).</summary>
    private static readonly Distribution s_machineStop = Distribution.Empirical(
        new[] { 1.0, 1.2, 1.3, 1.4, 1.6, 1.7, 1.8, 1.9, 2.1, 2.2, 2.3, 2.4, 2.6, 2.7, 2.8, 3.0, 7.1, 15.0, 26.7, 56.3 }.Select(m => Math.Round(m * Duration.MillisecondsPerMinute)));

    // Routing number = bits of the options it provides for.
    private static WorkMaster Routing(int options)
    {
        ImmutableArray<Station> stations = [RefrigeratorStations.Line[0], RefrigeratorStations.Liner, .. RefrigeratorStations.Line.Skip(1)];
        var chosen = RefrigeratorStations.Options.Where((_, o) => (options >> o & 1) != 0).ToList();
        return new WorkMaster
        {
            Id = chosen.Count == 0 ? "basic" : string.Join('+', chosen.Select(o => o.Id)),
            Name = chosen.Count == 0 ? new Label("Basic", "基本型") : new Label(string.Join(", ", chosen.Select(o => o.Name.En)), string.Join("、", chosen.Select(o => o.Name.Zh))),
            Operations = [.. stations.Select(s => new Operation
            {
                Id = s.Id,
                Name = s.Name,
                Alternatives = [new Alternative { Class = new EquipmentClassId(s == RefrigeratorStations.Liner ? RefrigeratorStations.Line.Length : RefrigeratorStations.Line.IndexOf(s)) }],
                Predecessors = [.. s.After.Select(a => stations.ToList().FindIndex(x => x.Id == a)).Order()],
                FixedTime = Distribution.Constant(Duration.FromSeconds(s.Seconds + chosen.Where(o => o.Station == s.Id).Sum(o => o.Seconds)).Milliseconds),
                UsesWorkFactor = s.Kind == StationKind.Manual,
                Variation = s.Kind == StationKind.Manual ? Distribution.Lognormal(1, 0.08) : Distribution.Constant(1),
            })],
        };
    }

    private static ImmutableArray<Product> Products(RandomSource random)
    {
        var draws = new Draws(random, "models");
        var products = ImmutableArray.CreateBuilder<Product>();
        for (var family = 0; family < s_cabinets.Length; family++)
        {
            var (litres, factor, _) = s_cabinets[family];
            for (var m = 0; m < ModelsPerFamily; m++)
            {
                var bits = OptionsOf(draws, litres);
                var options = RefrigeratorStations.Options.Where((_, o) => (bits >> o & 1) != 0).ToList();
                var color = draws.Pick(s_colors);
                products.Add(new Product
                {
                    Id = $"BCD-{litres}-{m + 1:00}",
                    Name = new Label(
                        $"{litres} L {color.En}{string.Concat(options.Select(o => ", " + o.Name.En))}",
                        $"{litres}升 {color.Zh}{string.Concat(options.Select(o => " " + o.Name.Zh))}"),
                    WorkMaster = new WorkMasterId(bits),
                    Family = new FamilyId(family),
                    WorkFactor = Math.Round(Math.Clamp(factor + draws.Between(-0.05, 0.05), 0.8, 1.3), 2),
                    Options = [.. options.Select(o => o.Id)],
                });
            }
        }

        return products.ToImmutable();
    }

    /// <summary>Ice makers and dispensers only in the larger cabinets; together they stay below what the rules can space.</summary>
    private static int OptionsOf(Draws draws, int litres) =>
        (litres >= 258 && draws.Chance(0.28) ? 1 : 0) + (litres >= 210 && draws.Chance(0.3) ? 2 : 0) + (litres >= 178 && draws.Chance(0.32) ? 4 : 0);

    private static ImmutableArray<Order> Orders(RandomSource random, ImmutableArray<Product> products, int units)
    {
        var draws = new Draws(random, "orders");
        var weights = products.Select(p => s_cabinets[p.Family!.Value].Share * Math.Pow(draws.Whole(1, ModelsPerFamily), -0.8)).ToList();
        var amounts = Draws.Share(units - products.Length, weights);
        var orders = new List<Order>();
        for (var p = 0; p < products.Length; p++)
        {
            for (var left = amounts[p] + 1; left > 0;)
            {
                var quantity = Math.Min(left, draws.Whole(4, 12));
                left -= quantity;
                var truck = draws.Pick(s_trucks);
                orders.Add(new Order
                {
                    Id = "",
                    Product = new ProductId(p),
                    Quantity = quantity,
                    Release = SimTime.FromHours(Math.Max(0, truck - KitLead)),
                    Due = SimTime.FromHours(truck),
                    LotSize = 1,
                    Priority = draws.Chance(0.1) ? 2 : 1,
                });
            }
        }

        draws.Shuffle(orders);
        return [.. orders.Select((o, i) => o with { Id = $"R{i + 1:000}" })];
    }
}
