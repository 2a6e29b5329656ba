using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>A yarn dyehouse of 96 vats with its order book as found on a Monday morning: full, and mostly late already.</summary>
/// <remarks>
/// Vats, preferences, changeover costs, order mix and winding times follow statistics of real yarn dyehouse order books; what
/// those do not say is stated in <c>scenarios/dyehouse/README.md</c>. Deterministic: same batches and seed, same scenario.
/// </remarks>
public static class DyehouseGenerator
{
    /// <summary>An article: what is dyed, in which depth, by which recipe, and its share of the book.</summary>
    private sealed record Article(string Id, Label Name, int Family, DyeRecipe Recipe, double Share);

    private static readonly ImmutableArray<Article> s_articles =
    [
        new("cotton-white", new Label("Cotton yarn, white", "棉纱 漂白"), DyehousePlant.White, DyehouseRecipes.White, 0.31),
        new("cotton-extra-light", new Label("Cotton yarn, extra light", "棉纱 特浅"), DyehousePlant.ExtraLight, DyehouseRecipes.ReactiveLight, 0.22),
        new("polyester-extra-light", new Label("Polyester yarn, extra light", "涤纶纱 特浅"), DyehousePlant.ExtraLight, DyehouseRecipes.DisperseLight, 0.08),
        new("cotton-dark", new Label("Cotton yarn, dark", "棉纱 深色"), DyehousePlant.Dark, DyehouseRecipes.ReactiveDark, 0.11),
        new("polyester-dark", new Label("Polyester yarn, dark", "涤纶纱 深色"), DyehousePlant.Dark, DyehouseRecipes.DisperseDark, 0.09),
        new("cotton-light", new Label("Cotton yarn, light", "棉纱 浅色"), DyehousePlant.Light, DyehouseRecipes.ReactiveLight, 0.10),
        new("polyester-light", new Label("Polyester yarn, light", "涤纶纱 浅色"), DyehousePlant.Light, DyehouseRecipes.DisperseLight, 0.03),
        new("cotton-medium", new Label("Cotton yarn, medium", "棉纱 中色"), DyehousePlant.Medium, DyehouseRecipes.ReactiveLight, 0.04),
        new("nylon-medium", new Label("Nylon yarn, medium", "锦纶纱 中色"), DyehousePlant.Medium, DyehouseRecipes.AcidNylon, 0.02),
    ];

    /// <summary>Share of batches that need a vat of at most 24 kg (9–27 % in the order books).</summary>
    private const double SmallShare = 0.18;

    /// <summary>Share of the book that lies in the house at the epoch; the rest arrives in the next 36 hours.</summary>
    private const double BacklogShare = 0.66;

    private const double ArrivalHours = 36;

    /// <summary>Share of orders with a due date, and of these the share already past due at the epoch (55–84 % in the order books).</summary>
    private const double DatedShare = 0.9, PastDueShare = 0.62;

    /// <summary>Creates the scenario.</summary>
    /// <param name="batches">Orders in the book, each one vat load, ≥ 1; the order books seen had 495–845.</param>
    /// <param name="seed">Root of all choices, and the scenario's own seed.</param>
    public static Scenario Create(int batches = 600, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 1);
        var random = new RandomSource(seed, 0);
        var plant = DyehousePlant.Build(random) with { WorkMasters = Routings(), Products = Products() };
        return new Scenario
        {
            Id = "dyehouse",
            Name = new Label("Yarn dyehouse, 96 vats", "筒子纱染厂 96缸"),
            Description = "A commission yarn dyehouse on a Monday morning: 96 vats of 3–650 kg, a full order book of which most is late, washes between shades, frames shared by vats of one size.",
            Clock = new PlantClock(new DateTime(2026, 3, 2, 8, 0, 0, DateTimeKind.Unspecified), "Asia/Shanghai"),
            Horizon = Duration.FromDays(4),
            Seed = seed,
            Plant = plant,
            Orders = Orders(random, batches),
            Disturbances =
            [
                new Disturbance { Time = SimTime.FromHours(10), Equipment = new EquipmentId(70), Kind = DisturbanceKind.Maintenance, Duration = Duration.FromHours(4) },
                new Disturbance { Time = SimTime.FromHours(34), Equipment = new EquipmentId(88), Kind = DisturbanceKind.Maintenance, Duration = Duration.FromHours(6) },
            ],
        };
    }

    // Routing of (recipe, vat group, whether the yarn comes on dye cones already), in that order.
    private static ImmutableArray<WorkMaster> Routings() =>
        [.. from recipe in DyehouseRecipes.All
            from g in Enumerable.Range(0, DyehousePlant.Groups.Length)
            from onCones in (bool[])[false, true]
            select Routing(recipe, g, onCones)];

    private static WorkMaster Routing(DyeRecipe recipe, int group, bool onCones)
    {
        var size = DyehousePlant.Groups[group].Id;
        var first = onCones ? 0 : 1;
        var dye = Dyeing(recipe, group) with { Predecessors = onCones ? [] : [0] };
        var tight = Plain("tight-wind", "Tight winding", "紧筒", DyehousePlant.TightWinderClass, 120, first) with { MinWait = Duration.FromHours(2) };
        var pack = Plain("pack", "Inspect and pack", "检验包装", DyehousePlant.PackingClass, 20, first + 1);
        var soft = Plain("soft-wind", "Soft winding", "松筒", DyehousePlant.SoftWinderClass, 240, null) with { MinWait = Duration.FromHours(2) };
        return new WorkMaster
        {
            Id = $"{recipe.Id}-{size}{(onCones ? "-cones" : "")}",
            Name = new Label($"{recipe.Name.En}, {size}{(onCones ? ", on cones" : "")}", $"{recipe.Name.Zh} {size}{(onCones ? " 来筒" : "")}"),
            Operations = onCones ? [dye, tight, pack] : [soft, dye, tight, pack],
        };
    }

    private static Operation Dyeing(DyeRecipe recipe, int group) => new()
    {
        Id = "dye",
        Name = new Label("Dyeing", "染色"),
        Alternatives = [new Alternative { Class = new EquipmentClassId(group) }],
        Phases = recipe.Phases(),
        Variation = Distribution.Lognormal(1, 0.05),
        Batches = true,
        Auxiliaries = [new AuxiliaryNeed(new AuxiliaryId(group), 1)],
        AdditionProbability = recipe == DyehouseRecipes.White ? 0.1 : 0.15,
        AdditionTime = Distribution.Uniform(Duration.FromHours(1).Milliseconds, Duration.FromHours(2).Milliseconds),
        ReworkProbability = recipe == DyehouseRecipes.White ? 0.05 : 0.09,
    };

    private static Operation Plain(string id, string en, string zh, int equipmentClass, double minutes, int? after) => new()
    {
        Id = id,
        Name = new Label(en, zh),
        Alternatives = [new Alternative { Class = new EquipmentClassId(equipmentClass) }],
        Predecessors = after is { } a ? [a] : [],
        FixedTime = Distribution.Constant(Duration.FromMinutes(minutes).Milliseconds),
        Variation = Distribution.Lognormal(1, 0.1),
    };

    private static ImmutableArray<Product> Products() =>
        [.. from article in s_articles
            from g in Enumerable.Range(0, DyehousePlant.Groups.Length)
            from onCones in (bool[])[false, true]
            let size = DyehousePlant.Groups[g].Id
            select new Product
            {
                Id = $"{article.Id}-{size}{(onCones ? "-cones" : "")}",
                Name = new Label($"{article.Name.En} · {size}{(onCones ? " on cones" : "")}", $"{article.Name.Zh} · {size}{(onCones ? " 来筒" : "")}"),
                WorkMaster = new WorkMasterId(RoutingIndex(DyehouseRecipes.All.IndexOf(article.Recipe), g, onCones)),
                Family = new FamilyId(article.Family),
            }];

    private static int RoutingIndex(int recipe, int group, bool onCones) => (recipe * DyehousePlant.Groups.Length + group) * 2 + (onCones ? 1 : 0);

    private static ImmutableArray<Order> Orders(RandomSource random, int batches)
    {
        var draws = new Draws(random, "order book");
        var counts = Draws.Share(batches, [.. s_articles.Select(a => a.Share)]);
        var lots = new List<(int Article, int Size)>();
        for (var a = 0; a < counts.Length; a++)
        {
            for (var left = counts[a]; left > 0; left -= lots[^1].Size)
            {
                lots.Add((a, Math.Min(left, GroupSize(draws))));
            }
        }

        draws.Shuffle(lots);
        var orders = new List<Order>(batches);
        var backlog = (int)(batches * BacklogShare);
        for (var l = 0; l < lots.Count; l++)
        {
            orders.AddRange(DyeLot(draws, l, lots[l].Article, lots[l].Size, orders.Count < backlog));
        }

        return [.. orders.OrderBy(o => o.Release.Milliseconds).Select((o, i) => o with { Id = $"B{i + 1:0000}" })];
    }

    /// <summary>Batches of one dye lot: mostly one, now and then up to 24.</summary>
    private static int GroupSize(Draws draws) => draws.Weighted([0.55, 0.18, 0.13, 0.09, 0.04, 0.01]) switch
    {
        0 => 1,
        1 => 2,
        2 => draws.Whole(3, 4),
        3 => draws.Whole(5, 8),
        4 => draws.Whole(9, 16),
        _ => draws.Whole(17, 24),
    };

    private static IEnumerable<Order> DyeLot(Draws draws, int lot, int article, int size, bool backlog)
    {
        var mill = new TenantId(draws.Weighted([5, 4, 3, 3, 2, 2, 1, 1]));
        var release = backlog ? SimTime.Zero : SimTime.Zero + Duration.FromMinutes(Math.Round(draws.Between(0, ArrivalHours * 60)));
        var onCones = draws.Chance(backlog ? 0.6 : 0.3);
        var due = DueDate(draws, release, backlog);
        var priority = draws.Weighted([0.8, 0.15, 0.05]) switch { 0 => 1.0, 1 => 2.0, _ => 4.0 };
        for (var i = 0; i < size; i++)
        {
            var kg = Load(draws);
            yield return new Order
            {
                Id = "",
                Product = new ProductId((article * DyehousePlant.Groups.Length + DyehousePlant.GroupOf(kg)) * 2 + (onCones ? 1 : 0)),
                Quantity = kg,
                Unit = "kg",
                Release = release,
                Due = due,
                Priority = priority,
                Kind = kg <= 3 ? OrderKind.Sample : OrderKind.Bulk,
                Tenant = mill,
                DyeLot = $"L{lot + 1:000}",
            };
        }
    }

    /// <summary>A load that some vat takes by itself: a vat is picked among the small or among the others, then filled to 70–100 %.</summary>
    private static double Load(Draws draws)
    {
        var small = draws.Chance(SmallShare);
        var sizes = DyehousePlant.VatSizes.Where(v => v.Kg <= 24 == small).ToList();
        var kg = sizes[draws.Weighted([.. sizes.Select(s => (double)s.Count)])].Kg;
        return Math.Round(kg * draws.Between(0.7, 1), kg < 100 ? 1 : 0);
    }

    /// <summary>Backlog is mostly overdue by up to ten days; what arrives is due in two to six days. Due at 18:00.</summary>
    private static SimTime? DueDate(Draws draws, SimTime release, bool backlog)
    {
        if (!draws.Chance(DatedShare))
        {
            return null;
        }

        var late = backlog && draws.Chance(PastDueShare / BacklogShare);
        var day = late ? -draws.Whole(1, 10) : (int)release.Hours / 24 + draws.Whole(backlog ? 0 : 2, backlog ? 4 : 6);
        return SimTime.Zero + Duration.FromHours(day * 24 + 10); // 08:00 + 10 h
    }
}
