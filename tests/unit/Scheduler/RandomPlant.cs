using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;

namespace DigitalTwin.Tests.Unit.Scheduler;

/// <summary>Random plants in which every rule of scheduling occurs; the same seed gives the same plant.</summary>
internal sealed class RandomPlant(int seed)
{
    private readonly RandomSource _random = new((ulong)seed, 0);
    private int _draws;
    private bool _crews = true;

    /// <summary>Every rule at once.</summary>
    public static CompiledScenario WithEverything(int seed, int orders = 12, bool crews = true) => new RandomPlant(seed) { _crews = crews }.Everything(orders).Compile();

    /// <summary>Small enough for brute force: a few jobs of a few steps, alternatives, sequence-dependent setups.</summary>
    public static CompiledScenario FlexibleShop(int seed, int orders, bool setups) => new RandomPlant(seed).Shop(orders, setups).Compile();

    public int Whole(int min, int max) => min + (int)(_random.Uniform(1, _draws++) * (max - min + 1));

    public bool Chance(double p) => _random.Uniform(2, _draws++) < p;

    public TinyPlant Everything(int orders)
    {
        var plant = new TinyPlant();
        var (cut, dye, pack, oven) = (plant.Class("cut"), plant.Class("dye"), plant.Class("pack"), plant.Class("oven"));
        FamilyId[] families = [plant.Family("dark", 7), plant.Family("medium", 3, 35), plant.Family("light", 1, 20)];
        plant.Extra = Extra(families);
        for (var i = 0; i < 2; i++)
        {
            plant.Machine(cut, m => m with { Calendar = new CalendarId(0), Changeover = Chance(0.5) ? new ChangeoverRuleId(0) : null, SpeedFactor = Whole(1, 2) });
            plant.Machine(dye, m => m with
            {
                CapacityMin = Chance(0.5) ? 20 : 5, CapacityMax = Whole(40, 80), Changeover = new ChangeoverRuleId(Whole(0, 1)),
                InitialFamily = Chance(0.5) ? families[Whole(0, 2)] : null,
            });
            plant.Machine(pack, m => m with { Site = new SiteId(Whole(0, 1)), Calendar = new CalendarId(0) });
        }

        plant.Machine(oven, m => m with { Slots = Whole(2, 3), Changeover = Chance(0.5) ? new ChangeoverRuleId(0) : null, Site = new SiteId(1) });
        var products = Enumerable.Range(0, 3).Select(_ => plant.Product(Routing(cut, dye, pack, oven))).ToArray();
        for (var i = 0; i < orders; i++)
        {
            plant.Order(products[Whole(0, 2)], o => o with
            {
                Quantity = Whole(5, 30), Family = families[Whole(0, 2)], Release = SimTime.FromHours(Whole(0, 12)),
                Due = Chance(0.9) ? SimTime.FromHours(Whole(4, 60)) : null, Priority = Whole(1, 4), DyeLot = Chance(0.3) ? $"L{Whole(1, 2)}" : "",
            });
        }

        return plant;
    }

    private Operation[] Routing(EquipmentClassId cut, EquipmentClassId dye, EquipmentClassId pack, EquipmentClassId oven)
    {
        var steps = new List<Operation>
        {
            TinyPlant.Step(cut, Whole(20, 90)) with { Interruptible = Chance(0.5), MinWait = Duration.FromMinutes(Whole(0, 1) * 15), Auxiliaries = Crew(0.4) },
            TinyPlant.Step(dye, Whole(60, 240)) with { Batches = true, UnitTime = Distribution.Constant(Chance(0.3) ? 60_000 : 0), Auxiliaries = Crew(0.7) },
            TinyPlant.Step(oven, Whole(30, 90)) with { MaxWait = Chance(0.4) ? Duration.FromHours(Whole(20, 48)) : null },
            TinyPlant.Step(pack, Whole(5, 45)) with { Setup = Duration.FromMinutes(Whole(0, 1) * 5) },
        };
        if (Chance(0.3))
        {
            steps.RemoveAt(2);
        }

        if (Chance(0.2))
        {
            steps.RemoveAt(0);
        }

        return [.. steps];
    }

    private ImmutableArray<AuxiliaryNeed> Crew(double chance) => Chance(chance) && _crews ? [new AuxiliaryNeed(new AuxiliaryId(0), Whole(1, 2))] : [];

    private PlantModel Extra(FamilyId[] families) => new()
    {
        Sites = [new Site { Id = "A", Name = new Label("A"), Tariff = new TariffId(0) }, new Site { Id = "B", Name = new Label("B") }],
        Travel = ImmutableDictionary<(SiteId, SiteId), Duration>.Empty.Add((new SiteId(0), new SiteId(1)), Duration.FromMinutes(12)),
        Tariffs = [new Tariff { Id = "t", Name = new Label("t"), BasePrice = 1, Windows = [new TariffWindow("peak", Weekdays.Daily, new TimeOnly(8, 0), new TimeOnly(20, 0), 2)] }],
        Calendars = [new WorkCalendar { Id = "c", Name = new Label("c"), Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(6, 0), new TimeOnly(22, 0))] }],
        Auxiliaries = [new AuxiliaryResource { Id = "crew", Name = new Label("crew"), Count = 3 }],
        ChangeoverRules =
        [
            new MatrixChangeover
            {
                Id = "matrix", EveryBatch = Duration.FromMinutes(Whole(0, 1) * 5), Default = new Changeover(Duration.FromMinutes(30), 2),
                Cleaning = new Changeover(Duration.FromMinutes(60), 10),
                Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty
                    .Add((families[0], families[2]), new Changeover(Duration.Zero, 0, Allowed: false))
                    .Add((families[2], families[0]), new Changeover(Duration.FromMinutes(10), 1)),
            },
            new ResidueChangeover
            {
                Id = "residue", MaxBatchesBetweenCleanings = 5,
                Cleanings = [new CleaningOperation("strip", 15, Duration.FromMinutes(50)) { Cost = 5 }, new CleaningOperation("heavy", 60, Duration.FromMinutes(90)) { Cost = 9 }],
            },
        ],
    };

    private TinyPlant Shop(int orders, bool setups)
    {
        var plant = new TinyPlant();
        FamilyId[] families = [plant.Family("a"), plant.Family("b"), plant.Family("c")];
        EquipmentClassId[] classes = [plant.Class("x"), plant.Class("y")];
        if (setups)
        {
            var pairs = ImmutableDictionary.CreateBuilder<(FamilyId, FamilyId), Changeover>();
            foreach (var f in families)
            {
                foreach (var g in families.Where(g => g != f))
                {
                    pairs.Add((f, g), new Changeover(Duration.FromMinutes(Whole(1, 6)), Whole(0, 3)));
                }
            }

            plant.Extra = new PlantModel { ChangeoverRules = [new MatrixChangeover { Id = "m", Pairs = pairs.ToImmutable() }] };
        }

        foreach (var c in classes)
        {
            for (var i = 0; i < 2; i++)
            {
                plant.Machine(c, m => m with { Changeover = setups ? new ChangeoverRuleId(0) : null, SpeedFactor = i == 0 ? 1 : 2 });
            }
        }

        for (var i = 0; i < orders; i++)
        {
            var first = Whole(0, 1);
            var product = plant.Product((classes[first], Whole(2, 12) * 2), (classes[1 - first], Whole(2, 12) * 2));
            plant.Order(product, o => o with
            {
                Family = families[Whole(0, 2)], Release = SimTime.Zero + Duration.FromMinutes(Whole(0, 10)), Due = SimTime.Zero + Duration.FromMinutes(Whole(10, 50)), Priority = Whole(1, 3),
            });
        }

        return plant;
    }
}
