using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant;

/// <summary>Random tiny plants in which any concept may occur. Lines flow forward, so that no plant has a deadlock of its own.</summary>
internal static partial class RandomPlants
{
    public static readonly Gen<CompiledScenario> Any =
        from seed in Gen.ULong
        from classes in Gen.Int[1, 4]
        from machines in Gen.Int[1, 3]
        from orders in Gen.Int[1, 25]
        from flags in Gen.Int[0, 65535]
        from extras in Gen.Int[0, 16383]
        select Build(seed, classes, machines, orders, flags, extras);

    internal static CompiledScenario Build(ulong seed, int classCount, int machinesPerClass, int orders, int flags, int extras = 0)
    {
        var random = new RandomSource(seed, 0);
        var draw = 0;
        double U() => random.Uniform(1, draw++);
        int N(int below) => (int)(U() * below);
        bool Has(int bit) => (flags >> bit & 1) == 1;

        var plant = new TinyPlant { Dispatch = (DispatchRule)N(5) };
        FamilyId[] families = [plant.Family("f0", 7), plant.Family("f1", 3, 35), plant.Family("f2", 1, 20)];
        var pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty
            .Add((families[0], families[2]), new Changeover(Duration.Zero, Allowed: false))
            .Add((families[0], families[1]), new Changeover(Duration.FromMinutes(30), 3));
        plant.Extra = plant.Extra with
        {
            Sites = [new Site { Id = "A", Name = "A" }, new Site { Id = "B", Name = "B" }],
            Travel = ImmutableDictionary<(SiteId, SiteId), Duration>.Empty.Add((new SiteId(0), new SiteId(1)), Duration.FromMinutes(15)),
            Auxiliaries =
            [
                new AuxiliaryResource { Id = "crew", Name = "crew", Count = 2 },
                new AuxiliaryResource
                {
                    Id = "fitter", Name = "fitter", Count = 2, Skills = ["hands"], AtShiftEnd = (ShiftEndRule)N(2),
                    Shifts = Has(6) ? [new CrewShift(new CalendarId(0), 1), new CrewShift(new CalendarId(1), 1)] : [],
                    SideJobs = Has(15) ? N(4) : 0, SideJobTime = Distribution.Exponential(9e5),
                },
                new AuxiliaryResource { Id = "hands", Name = "hands", Count = 1, Skills = ["all-round"] },
            ],
            Calendars = [new WorkCalendar
            {
                Id = "c", Name = "c",
                Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(6, 0), new TimeOnly(14, 0)), new WeeklyWindow(Weekdays.Workdays, new TimeOnly(22, 0), new TimeOnly(2, 0))],
            }, new WorkCalendar
            {
                Id = "d", Name = "d", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(7, 0), new TimeOnly(11, 0))],
            }],
            ChangeoverRules =
            [
                new MatrixChangeover { Id = "m", Pairs = pairs, Default = new Changeover(Duration.FromMinutes(10), 1), Cleaning = new Changeover(Duration.FromMinutes(45), 9) },
                new ResidueChangeover
                {
                    Id = "r", MaxBatchesBetweenCleanings = 9, EveryBatch = Duration.FromMinutes(2),
                    Cleanings = [new CleaningOperation("strip", 27, Duration.FromHours(1)), new CleaningOperation("heavy", 63, Duration.FromHours(2))],
                },
            ],
        };
        if (Has(10))
        {
            plant.Extra = plant.Extra with
            {
                Utilities =
                [
                    new Utility { Id = "boiler", Name = "boiler", Kind = UtilityKind.Steam, RateCap = 150 + N(400), AtCap = (AtCap)N(2), Site = N(2) == 0 ? new SiteId(0) : null },
                    new Utility { Id = "power", Name = "power", Kind = UtilityKind.Electricity, RateCap = 40 + N(40), AtCap = (AtCap)N(2) },
                    new Utility
                    {
                        Id = "drain", Name = "drain", Kind = UtilityKind.Effluent, DailyCap = 2 + N(6), RateCap = 1 + N(3), AtCap = AtCap.Wait,
                        Windows = [new UtilityWindow(Weekdays.Daily, new TimeOnly(22, 0), new TimeOnly(6, 0), 0.5)],
                    },
                ],
            };
        }

        ImmutableArray<Phase> Phases(bool waits) =>
        [
            new Phase { Name = "fill", Hold = Duration.FromMinutes(N(2) * 5), WaterLitresPerUnit = 10 * U(), AtCap = waits ? AtCap.Wait : null },
            new Phase { Name = "heat", FromCelsius = 20, ToCelsius = 80, CelsiusPerMinute = 2, SteamKgPerUnit = 3 * U(), Kw = 9 },
            new Phase { Name = "hold", Hold = Duration.FromMinutes(N(30)), Draws = [new UtilityDraw(new UtilityId(0)) { Rate = 20 * U(), AmountPerUnit = 0.5 }] },
        ];

        var (steps, framed) = (new List<Operation>(), false);
        for (var k = 0; k < classCount; k++)
        {
            var batches = Has(k);
            var c = plant.Class($"c{k}", buffer: Has(4) && k > 0 ? 1 + N(3) : null, batchWaitMinutes: N(3) == 0 ? 30 : null, forming: (BatchForming)N(3));
            for (var m = 0; m < machinesPerClass; m++)
            {
                plant.Machine(c, e => e with
                {
                    Site = new SiteId(Has(5) ? (m + k) % 2 : 0), Slots = !batches && N(4) == 0 ? 2 : 1,
                    CapacityMin = batches ? N(30) : 0, CapacityMax = batches ? 60 + N(40) : 100,
                    Changeover = N(3) is var rule && rule < 2 ? new ChangeoverRuleId(rule) : null,
                    Calendar = Has(6) ? new CalendarId(0) : null, SpeedFactor = 0.5 + U(), RunningKw = 3, IdleKw = 1,
                    TimeToFailure = Has(7) ? Distribution.Weibull(1.3, 5 * 3.6e6) : null, TimeToRepair = Distribution.Lognormal(1.2e6, 0.9),
                    AfterBreakdown = Has(13) ? (AfterBreakdown)N(3) : AfterBreakdown.Resume,
                    RepairCrew = Has(13) ? new CrewNeed("fitter", 1 + N(2) * (Has(6) ? 0 : 1)) : null, SetupCrew = Has(13) && N(2) == 0 ? new CrewNeed("hands") : null,
                });
            }

            var crewed = Has(14) && N(2) == 0;
            steps.Add(TinyPlant.Step(c, 5 + N(50)) with
            {
                Crew = crewed && N(2) == 0 ? new CrewNeed("all-round") : null,
                Phases = crewed ? [] : !Has(14) ? [] :
                [
                    new Phase { Name = "load", Kind = PhaseKind.Load, Hold = Duration.FromMinutes(3), Crew = new CrewNeed("hands") },
                    new Phase { Name = "run", Hold = Duration.FromMinutes(N(20)) },
                    new Phase { Name = "sample", Kind = PhaseKind.Sample, Hold = Duration.FromMinutes(2), Crew = new CrewNeed("all-round") },
                    new Phase { Name = "unload", Kind = PhaseKind.Unload, Hold = Duration.FromMinutes(4), Crew = new CrewNeed("hands") },
                ],
                Batches = batches, SameEquipment = N(3) == 0, Interruptible = N(2) == 0, Variation = Distribution.Lognormal(1, 0.4),
                Setup = Duration.FromMinutes(N(2) * 5), MinWait = Duration.FromMinutes(N(2) * 20),
                // Blocked work keeps its auxiliaries: where two operations need the same ones, small buffers between them are a deadlock of the plant.
                Auxiliaries = Has(8) && N(2) == 0 && !(framed && Has(4)) ? [new AuxiliaryNeed(new AuxiliaryId(0), 1)] : [],
                ReworkProbability = Has(9) ? 0.15 : 0, LossProbability = Has(9) ? 0.05 : 0, ReworkTime = Distribution.Constant(3e5), AdditionFalloff = 0.5, AdditionProbability = Has(9) ? 0.2 : 0, AdditionTime = Distribution.Exponential(6e5),
            });
            framed |= !steps[^1].Auxiliaries.IsEmpty;
            if (Has(10) && k % 2 == 0)
            {
                steps[^1] = steps[^1] with { Phases = Phases(N(2) == 0) };
            }

            if (steps[^1] is { Batches: false, Phases.IsEmpty: true } && (seed + (ulong)k) % 3 == 0)
            {
                steps[^1] = steps[^1] with { CountPieces = true, UnitTime = Distribution.Uniform(2e4, 8e4), ScrapFraction = 0.05 };
            }
        }

        var product = plant.Product([.. steps]);
        for (var i = 0; i < orders; i++)
        {
            plant.Order(product, o => o with
            {
                Quantity = 5 + N(55), LotSize = N(4) == 0 ? 20 : null, EqualLots = N(2) == 0, Family = families[N(3)], Release = SimTime.FromHours(U() * 20),
                Due = N(5) == 0 ? null : SimTime.FromHours(U() * 60), Priority = 1 + N(3), DyeLot = N(2) == 0 ? $"L{N(3)}" : "",
            });
        }

        var scenario = Has(11) ? WithMaterials(plant, product, classCount, random) : plant.Build();
        return CompiledScenario.Compile(WithExtras(Has(12) ? WithOffers(scenario) : scenario, random, extras) with { Id = $"{seed}UL, {classCount}, {machinesPerClass}, {orders}, {flags}, {extras}" });
    }

    /// <summary>Every reorder rule, tracked lots with a shelf life, inspection and holds, a bill for several operations, and semi-finished stock.</summary>
    private static Scenario WithMaterials(TinyPlant plant, ProductId product, int operations, RandomSource random)
    {
        var draw = 0;
        double U() => random.Uniform(2, draw++);
        int N(int below) => (int)(U() * below);
        const double Hour = Duration.MillisecondsPerHour;

        MaterialSource From(int material, double hours) => new()
        {
            Material = new MaterialId(material), Supplier = $"s{N(2)}", LeadTime = Distribution.Exponential(hours * Hour), MinLot = N(2) * 10,
            CapacityPerDay = N(3) == 0 ? 2000 : null, Reliability = 0.8, Inspection = N(2) == 0 ? Duration.FromMinutes(20) : null,
        };

        plant.Extra = plant.Extra with
        {
            Allocation = (AllocationMoment)N(2),
            Materials =
            [
                new Material { Id = "yarn", Name = "yarn", InitialStock = N(3) * 60, Reorder = ReorderRule.OrderUpTo, ReorderPoint = 60, OrderUpTo = 400, Tracked = true, Picking = (LotPicking)N(2), ShelfLife = N(2) == 0 ? Duration.FromHours(30) : null },
                new Material { Id = "dye", Name = "dye", InitialStock = N(2), Reorder = ReorderRule.PerOrder, SafetyStock = 1, Tracked = N(2) == 0 },
                new Material { Id = "box", Name = "box", Reorder = N(2) == 0 ? ReorderRule.Periodic : ReorderRule.FixedQuantity, ReviewPeriod = Duration.FromHours(6), ReorderPoint = 5, OrderQuantity = 40, OrderUpTo = 500 },
                new Material { Id = "semi", Name = "semi", Tracked = N(2) == 0 },
            ],
            Sources = [From(0, 3), From(0, 5), From(1, 1), From(2, 2)],
            BillOfMaterials =
            [
                new BillLine(product, 0, new MaterialId(0), 1.01, 0.02), new BillLine(product, operations - 1, new MaterialId(1), 0.013),
                .. operations > 1 ? [new BillLine(product, operations - 1, new MaterialId(2), 0.1)] : Array.Empty<BillLine>(),
            ],
        };
        var scenario = plant.Build();
        return scenario with
        {
            Plant = scenario.Plant with { Products = [scenario.Plant.Products[0] with { StockedAs = new MaterialId(3) }] },
            Receipts = [new FirmReceipt { Material = new MaterialId(0), Quantity = 33.3, Time = SimTime.FromHours(U() * 5), Source = new SourceId(0), Lot = "L" }],
            SupplyDisturbances =
            [
                new SupplyDisturbance { Supplier = "s0", From = SimTime.FromHours(4), To = SimTime.FromHours(4 + U() * 10) },
                new SupplyDisturbance { Supplier = "s1", From = SimTime.FromHours(2), To = SimTime.FromHours(20), LeadTimeFactor = 2 },
            ],
            LotDecisions = [new LotDecision(SimTime.FromHours(3 + U() * 6), 0, LotAction.Hold), new LotDecision(SimTime.FromHours(12), 0, (LotAction)(1 + N(2)))],
        };
    }

    /// <summary>Two firms own two thirds of the machines and offer them by day; orders are theirs or the plant's.</summary>
    private static Scenario WithOffers(Scenario scenario)
    {
        var machines = scenario.Plant.Equipment.Select((e, i) => e with { Owner = i % 3 < 2 ? new TenantId(i % 3) : null }).ToImmutableArray();
        return scenario with
        {
            Plant = scenario.Plant with
            {
                Tenants = [new Tenant { Id = "a", Name = "a" }, new Tenant { Id = "b", Name = "b" }],
                Equipment = machines,
                Offers = [.. Enumerable.Range(0, machines.Length).Where(e => machines[e].Owner is not null).Select(e => new CapacityOffer(new EquipmentId(e), new WeeklyWindow(Weekdays.Daily, new TimeOnly(5, 0), new TimeOnly(15, 0)), SimTime.Zero, PricePerHour: 40 + e, Notice: Duration.FromMinutes(e % 3 * 20), WalkIn: e % 4 != 3 || scenario.Orders.Length % 3 == 0))],
                Market = scenario.Orders.Length % 3 == 0 ? MarketRules.None : new MarketRules
                {
                    Booking = BookingPolicy.WhenWaiting, Hold = Duration.FromHours(1), Decision = Distribution.Exponential(1.2e6), MaxWait = scenario.Orders.Length % 2 == 0 ? Duration.FromHours(6) : null,
                    ExpressShare = 0.2, ExpressPremium = 0.3, Fee = 0.05,
                },
            },
            Orders = [.. scenario.Orders.Select((o, i) => o with { Tenant = i % 3 < 2 ? new TenantId(i % 3) : null, Kind = i % 5 == 0 ? OrderKind.Sample : OrderKind.Bulk })],
        };
    }
}
