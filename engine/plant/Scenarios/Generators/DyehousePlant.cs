using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>The dyehouse itself: vats, winders, frames, shade families, changeovers, tariff and mills.</summary>
internal static class DyehousePlant
{
    /// <summary>Shade families, darkest first; indices of <see cref="PlantModel.Families"/>.</summary>
    public const int Dark = 0, Medium = 1, Light = 2, ExtraLight = 3, White = 4;

    /// <summary>A vat must be filled at least to this share of its nominal load.</summary>
    public const double MinimumFill = 0.6;

    /// <summary>Vats by nominal kg: 96 of them, 14 884 kg together.</summary>
    public static readonly ImmutableArray<(int Kg, int Count)> VatSizes =
    [
        (3, 4), (6, 6), (12, 8), (24, 10), (50, 12), (100, 15), (150, 9), (200, 11), (300, 8), (400, 5), (500, 5), (650, 3),
    ];

    /// <summary>Preferred family of how many vats; the rest of the 96 prefers none.</summary>
    private static readonly ImmutableArray<(int Family, int Count)> s_preferences = [(Dark, 40), (Light, 32), (White, 17), (ExtraLight, 3), (Medium, 2)];

    /// <summary>Groups of vats that share yarn frames, by largest kg.</summary>
    public static readonly ImmutableArray<VatGroup> Groups =
    [
        new("S", new Label("Small vat", "小染缸"), MaxKg: 24, Frames: 24, MeanKg: 13.7),
        new("M", new Label("Medium vat", "中染缸"), MaxKg: 150, Frames: 31, MeanKg: 95.8),
        new("L", new Label("Large vat", "大染缸"), MaxKg: 650, Frames: 28, MeanKg: 345.3),
    ];

    public const int SoftWinderClass = 3, TightWinderClass = 4, PackingClass = 5;

    /// <summary>Cost of a changeover by family before (row) and after (column); −1 is forbidden. Measured relative costs of a yarn dyehouse.</summary>
    private static readonly int[][] s_costs =
    [
        [0, 10, -1, -1, -1],
        [10, 0, 20, 50, -1],
        [50, 10, 0, 0, 50],
        [50, 50, 0, 0, 50],
        [999, -1, -1, -1, 0],
    ];

    public static PlantModel Build(RandomSource random) => new()
    {
        Tenants = Mills,
        Sites = [new Site { Id = "dyehouse", Name = new Label("Dyehouse", "染厂"), Tariff = new TariffId(0) }],
        Tariffs = [GeneratorTariffs.Zhejiang],
        Families = Families,
        ChangeoverRules = [.. Groups.Select(g => ChangeoversOf(g))],
        EquipmentClasses =
        [
            .. Groups.Select(g => new EquipmentClass { Id = $"vat-{g.Id}", Name = g.Name }),
            new EquipmentClass { Id = "soft-winder", Name = new Label("Soft winder", "松筒机") },
            new EquipmentClass { Id = "tight-winder", Name = new Label("Tight winder", "紧筒机") },
            new EquipmentClass { Id = "packing", Name = new Label("Inspection and packing", "检验包装") },
        ],
        Equipment = [.. Vats(random), .. Winders("SW", "Soft winder", "松筒机", SoftWinderClass, 6, 6), .. Winders("TW", "Tight winder", "紧筒机", TightWinderClass, 6, 5), .. PackingBenches(6)],
        Auxiliaries = [.. Groups.Select(g => new AuxiliaryResource { Id = $"frame-{g.Id}", Name = new Label($"Yarn frame {g.Id}", $"纱架{g.Id}"), Count = g.Frames })],
    };

    public static int GroupOf(double kg) => Groups.ToList().FindIndex(g => kg <= g.MaxKg);

    private static readonly ImmutableArray<Family> Families =
    [
        new() { Id = "dark", Name = new Label("Dark", "深色"), Color = "#1f3a5f" },
        new() { Id = "medium", Name = new Label("Medium", "中色"), Color = "#2e8b8b" },
        new() { Id = "light", Name = new Label("Light", "浅色"), Color = "#e0a458" },
        new() { Id = "extra-light", Name = new Label("Extra light", "特浅色"), Color = "#f2d7a0" },
        new() { Id = "white", Name = new Label("White", "漂白"), Color = "#c9d6df" },
    ];

    private static readonly ImmutableArray<Tenant> Mills =
    [
        Mill("qiantang", "Qiantang Knitting", "钱塘针织"), Mill("jinghu", "Jinghu Weaving", "镜湖织造"), Mill("yaojiang", "Yaojiang Socks", "姚江袜业"),
        Mill("puyang", "Puyang Sweaters", "浦阳毛衫"), Mill("caoe", "Cao'e Home Textiles", "曹娥家纺"), Mill("tianmu", "Tianmu Ribbons", "天目织带"),
        Mill("siming", "Siming Denim", "四明牛仔"), Mill("xinan", "Xin'an Shirting", "新安色织"),
    ];

    /// <summary>Whatever costs nothing is a rinse of 25 min, the rest a wash of 120 min; a boil-out opens forbidden ways.</summary>
    private static MatrixChangeover ChangeoversOf(VatGroup group)
    {
        var pairs = ImmutableDictionary.CreateBuilder<(FamilyId, FamilyId), Changeover>();
        for (var from = 0; from < s_costs.Length; from++)
        {
            for (var to = 0; to < s_costs.Length; to++)
            {
                pairs.Add((new FamilyId(from), new FamilyId(to)), s_costs[from][to] switch
                {
                    < 0 => new Changeover(Duration.Zero, 0, Allowed: false),
                    0 => new Changeover(Duration.FromMinutes(25)) { WaterM3 = Litres(7) },
                    var cost => new Changeover(Duration.FromMinutes(120), cost) { WaterM3 = Litres(21) },
                });
            }
        }

        return new MatrixChangeover
        {
            Id = $"wash-{group.Id}",
            Pairs = pairs.ToImmutable(),
            Cleaning = new Changeover(Duration.FromMinutes(120), 100) { WaterM3 = Litres(21) },
        };

        double Litres(double perKg) => Math.Round(perKg * group.MeanKg / 1000, 2);
    }

    private static IEnumerable<Equipment> Vats(RandomSource random)
    {
        var count = VatSizes.Sum(s => s.Count);
        var preferences = s_preferences.SelectMany(p => Enumerable.Repeat((FamilyId?)new FamilyId(p.Family), p.Count)).ToList();
        preferences.AddRange(Enumerable.Repeat((FamilyId?)null, count - preferences.Count));
        new Draws(random, "vat preferences").Shuffle(preferences);
        var number = 0;
        foreach (var (kg, howMany) in VatSizes)
        {
            for (var i = 0; i < howMany; i++, number++)
            {
                yield return Vat(number, kg, preferences[number]);
            }
        }
    }

    private static Equipment Vat(int index, int kg, FamilyId? preferred)
    {
        var group = GroupOf(kg);
        return new Equipment
        {
            Id = $"V{index + 1:00}",
            Name = new Label($"Vat {index + 1} · {kg} kg", $"{index + 1}号缸 · {kg}公斤"),
            Class = new EquipmentClassId(group),
            Site = new SiteId(0),
            WorkCenter = $"Hall {Groups[group].Id}",
            CapacityMin = Math.Round(kg * MinimumFill, 1),
            CapacityNominal = kg,
            CapacityMax = kg,
            CapacityUnit = "kg",
            PreferredFamilies = preferred is { } p ? [p] : [],
            InitialFamily = preferred,
            Changeover = new ChangeoverRuleId(group),
            RunningKw = Math.Round(kg * 0.09, 2),
            IdleKw = Math.Round(kg * 0.009, 3),
            TimeToFailure = Distribution.Weibull(1.2, Duration.FromHours(400).Milliseconds),
            TimeToRepair = Distribution.Lognormal(Duration.FromMinutes(98).Milliseconds, 1.1),
        };
    }

    private static IEnumerable<Equipment> Winders(string id, string en, string zh, int equipmentClass, int count, int slots) =>
        Enumerable.Range(1, count).Select(i => new Equipment
        {
            Id = $"{id}{i}", Name = new Label($"{en} {i}", $"{i}号{zh}"), Class = new EquipmentClassId(equipmentClass), Site = new SiteId(0),
            WorkCenter = "Winding", CapacityUnit = "kg", Slots = slots, RunningKw = 15, IdleKw = 1.5,
            TimeToFailure = Distribution.Weibull(1.2, Duration.FromHours(200).Milliseconds),
            TimeToRepair = Distribution.Lognormal(Duration.FromMinutes(20).Milliseconds, 0.9),
        });

    private static IEnumerable<Equipment> PackingBenches(int count) =>
        Enumerable.Range(1, count).Select(i => new Equipment
        {
            Id = $"P{i}", Name = new Label($"Packing bench {i}", $"{i}号包装台"), Class = new EquipmentClassId(PackingClass), Site = new SiteId(0),
            WorkCenter = "Packing", CapacityUnit = "kg", RunningKw = 0.5, IdleKw = 0.1,
        });

    private static Tenant Mill(string id, string en, string zh) => new() { Id = id, Name = new Label(en, zh) };
}

/// <summary>Vats of similar size, which share their yarn frames.</summary>
/// <param name="MaxKg">Largest nominal load of the group.</param>
/// <param name="Frames">Yarn frames: fewer than vats, so that not every vat can run at once.</param>
/// <param name="MeanKg">Mean nominal load, for the water of a wash.</param>
internal sealed record VatGroup(string Id, Label Name, int MaxKg, int Frames, double MeanKg);
