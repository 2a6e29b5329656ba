using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Scenarios;

/// <summary>Random scenarios that are sound and use every concept of the model.</summary>
internal static partial class ScenarioGen
{
    private static readonly Gen<string?> s_chinese = OneOf<string?>(null, "染缸", "色系，深", "\"引号\"", "第1道");

    private static readonly Gen<string> s_text = OneOf("Hall A", "a, b", "say \"so\"", "x: y", "# not a comment", "é ü 𠮷", "-1", "yes", "2026-03-02", "null", "a;b", "line one\nline two", "'q'", "tab\there", "=1+1", "[list]", "ends with colon:");

    private static readonly Gen<double> s_amount = Gen.OneOf(Gen.Int[1, 5000].Select(i => (double)i), Gen.Double[0.001, 1e6], Gen.Int[1, 1000].Select(i => i / 8.0));

    private static readonly Gen<Duration> s_duration = Gen.OneOf(
        Gen.Int[0, 300].Select(m => Duration.FromMinutes(m)), Gen.Int[0, 72].Select(h => Duration.FromHours(h)), Gen.Long[0, 900_000_000].Select(ms => new Duration(ms)));

    private static readonly Gen<double> s_milliseconds = Gen.OneOf(s_duration.Select(d => (double)d.Milliseconds + 1), Gen.Double[0.5, 1e9]);

    public static readonly Gen<Distribution> Time = Distributions(s_milliseconds);

    public static readonly Gen<Distribution> Factor = Distributions(Gen.OneOf(Gen.Double[0.01, 3], Gen.Int[1, 40].Select(i => i / 20.0)));

    public static readonly Gen<PlantClock> Clock =
        from zone in OneOf("Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York")
        from minutes in Gen.Int[0, 400_000]
        select new PlantClock(new DateTime(2026, 3, 2, 8, 0, 0).AddMinutes(minutes), zone);

    private static readonly Gen<SimTime> s_moment = Gen.OneOf(
        Gen.Int[-10_000, 200_000].Select(m => SimTime.Zero + Duration.FromMinutes(m)), Gen.Long[-1_000_000_000, 40_000_000_000].Select(ms => new SimTime(ms)));

    public static readonly Gen<Scenario> Any =
        from clock in Clock
        from bare in PlantOf()
        from plant in WithUpkeep(bare)
        from orders in OrdersOf(plant)
        from disturbances in DisturbancesOf(plant)
        from receipts in Some(0, plant.Sources.Length, i => Gen.Select(s_amount, s_moment, Gen.Bool, (q, t, named) => new FirmReceipt { Material = plant.Sources[i].Material, Quantity = q, Time = t, Source = named ? new SourceId(i) : null, Lot = plant.Materials[plant.Sources[i].Material].Tracked ? $"lot {i}" : "" }))
        from supply in Some(0, plant.Sources.Length, i => Gen.Select(s_moment, s_duration, s_amount, Gen.Bool, (t, d, f, slow) => new SupplyDisturbance { Supplier = plant.Sources[i].Supplier, From = t, To = t + d + new Duration(1), LeadTimeFactor = slow ? f / 1e4 + 0.1 : null }))
        from decisions in Some(0, receipts.Length, i => Gen.Select(s_moment, Gen.Enum<LotAction>(), (t, a) => new LotDecision(t, i, a))).Select(all => all.Where(d => receipts[d.Receipt].Lot.Length > 0).ToImmutableArray())
        from reservations in ReservationsOf(plant, orders, clock)
        from name in s_text
        from nameZh in s_chinese
        from description in s_text
        from horizon in s_duration
        from seed in Gen.ULong
        from dispatch in Gen.Enum<DispatchRule>()
        from weights in s_amount.Array[9]
        select new Scenario
        {
            Id = "random",
            Name = new Label(name, nameZh),
            Description = description,
            Clock = clock,
            Horizon = horizon + Duration.FromDays(1),
            WarmUp = new Duration(horizon.Milliseconds / 2),
            Seed = seed,
            Dispatch = dispatch,
            Currency = "EUR",
            Objective = new ObjectiveWeights
            {
                Tardiness = weights[0], Makespan = weights[1], ChangeoverTime = weights[2], ChangeoverCost = weights[3], EnergyCost = weights[4],
                OptionViolation = weights[5], UtilityWork = weights[6], Levelling = weights[7], Instability = weights[8],
            },
            Plant = plant,
            Orders = orders,
            Disturbances = disturbances,
            Receipts = receipts,
            SupplyDisturbances = supply,
            LotDecisions = decisions,
            Reservations = reservations,
        };

    public static readonly Gen<TimeOnly> TimeOfDay = Gen.OneOf(Gen.Int[0, 95].Select(q => new TimeOnly(q / 4, q % 4 * 15)), Gen.Int[0, 86_399].Select(s => TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(s))));

    private static Gen<Distribution> Distributions(Gen<double> value)
    {
        var sorted = value.Array[3].Select(v => v.Order().ToArray());
        var shape = Gen.Double[0.1, 9];
        return Gen.OneOf(
            value.Select(Distribution.Constant),
            sorted.Select(v => Distribution.Uniform(v[0], v[2])),
            sorted.Select(v => Distribution.Triangular(v[0], v[1], v[2])),
            value.Select(Distribution.Exponential),
            Gen.Select(value, value, (mean, sd) => Distribution.TruncatedNormal(mean, sd, mean / 2)),
            Gen.Select(value, Gen.Double[0, 2], Distribution.Lognormal),
            Gen.Select(shape, value, Distribution.Gamma),
            Gen.Select(shape, value, Distribution.Weibull),
            value.Array[1, 9].Select(Distribution.Empirical));
    }

    private static Gen<ImmutableArray<T>> Some<T>(int min, int max, Func<int, Gen<T>> item) =>
        Gen.Int[min, max].SelectMany(n => Enumerable.Range(0, n).Aggregate(
            Gen.Const(ImmutableArray<T>.Empty), (all, i) => Gen.Select(all, item(i), (a, x) => a.Add(x))));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<int?> Index(int count) => count == 0 ? Gen.Const((int?)null) : Gen.Int[-1, count - 1].Select(i => i < 0 ? (int?)null : i);

    private static Gen<ImmutableArray<T>> Subset<T>(int count, Func<int, T> make) =>
        Gen.Int[0, (1 << Math.Min(count, 10)) - 1].Select(bits => Enumerable.Range(0, count).Where(i => (bits >> i & 1) == 1).Select(make).ToImmutableArray());

    private static Gen<Label> LabelOf(string id) => Gen.Select(Gen.OneOf(Gen.Const(id), s_text), s_chinese, (en, zh) => new Label(en, zh));

    private static Gen<PlantModel> PlantOf() =>
        from tenants in Some(0, 3, i => Gen.Select(LabelOf($"firm-{i}"), s_amount, (n, w) => new Tenant { Id = $"firm-{i}", Name = n, FairnessWeight = w }))
        from tariffs in Some(0, 2, TariffOf)
        from sites in Some(1, 3, i => Gen.Select(LabelOf($"site-{i}"), Index(tariffs.Length), (n, t) => new Site { Id = $"site-{i}", Name = n, Tariff = t is { } x ? new TariffId(x) : null }))
        from travel in s_duration.Select(d => sites.Length < 2 ? [] : ImmutableDictionary<(SiteId, SiteId), Duration>.Empty.Add((new SiteId(0), new SiteId(1)), d).Add((new SiteId(1), new SiteId(0)), d + d))
        from calendars in Some(0, 3, CalendarOf)
        from families in Some(1, 4, i => Gen.Select(LabelOf($"f{i}"), s_amount, s_amount, Gen.Bool, (n, soil, limit, b) => new Family { Id = $"f{i}", Name = n, Color = b ? "#12aBc0" : null, Soil = soil, ResidueLimit = b ? limit : double.PositiveInfinity, QualityRisk = b ? 1 : soil / 1e6 }))
        from rules in Some(0, 3, i => RuleOf(i, families.Length))
        from auxiliaries in Some(0, 3, i => AuxiliaryOf(i, calendars.Length))
        from people in Some(0, 2, i => AuxiliaryOf(i, calendars.Length)).Select(all => all.Select((p, i) => p with { Id = $"crew{i}" }).ToImmutableArray())
        from classes in Some(1, 3, i => Gen.Select(LabelOf($"k{i}"), Index(99), s_duration, Gen.Bool, (n, b, w, any) => new EquipmentClass { Id = $"k{i}", Name = n, InputBuffer = b, BatchWait = any ? w : null, Forming = (BatchForming)(w.Milliseconds % 3) }))
        from equipment in Some(classes.Length, 6, i => EquipmentOf(i, tenants.Length, sites.Length, calendars.Length, families.Length, rules.Length, classes.Length, people.Length > 0))
        from routings in Some(1, 3, i => RoutingOf(i, classes.Length, equipment.Length, families.Length, auxiliaries, people.Length > 0))
        from offers in Some(0, 2, i => Gen.Select(TimeOfDay, TimeOfDay, Gen.Int[1, 127], s_moment, s_duration, s_amount, (a, b, d, t, l, p) => new CapacityOffer(new EquipmentId(i % equipment.Length), new WeeklyWindow((Weekdays)d, a, b), t, i == 0 ? null : t + l + new Duration(1), p, p / 2, l, d % 2 == 0))).Select(all => all.Where(o => equipment[o.Equipment] is { Owner: not null, Shared: true }).ToImmutableArray())
        from materials in Some(0, 3, MaterialOf)
        from sources in Some(materials.Length, materials.Length, i => SourceOf(i, materials[i]))
        from allocation in Gen.Enum<AllocationMoment>()
        from products in Some(1, 3, i => Gen.Select(LabelOf($"p{i}"), Gen.Int[0, routings.Length - 1], Index(families.Length), s_amount, (n, r, f, w) => new Product { Id = $"p{i}", Name = n, WorkMaster = new WorkMasterId(r), Family = F(f), WorkFactor = w / 1e6 + 0.5, Options = i == 0 ? [] : ["ice-maker", "glass door"], StockedAs = i == 0 && materials.Length > 2 ? new MaterialId(2) : null }))
        from bill in Some(0, Math.Min(2, materials.Length), i => Gen.Select(Gen.Int[0, products.Length - 1], s_amount, Gen.Double[0, 0.99], (p, q, a) => new BillLine(new ProductId(p), routings[products[p].WorkMaster].Operations.Length - 1, new MaterialId(i), q, a)))
        from lines in Some(0, 1, i => Gen.Select(LabelOf($"line-{i}"), s_duration, s_duration, (n, t, w) => new ProductionLine { Id = $"line-{i}", Name = n, Takt = t + new Duration(1), StationWindow = w, Stations = [.. Enumerable.Range(0, classes.Length).Select(c => new EquipmentClassId(c))], OptionRules = [new OptionRule("ice-maker", 1, 2)] }))
        from carbon in Gen.OneOf(Gen.Const(CarbonFactors.Usual), Gen.Double[0, 9].Array[4].Select(f => new CarbonFactors { GridKgPerKwh = f[0], SteamKgPerKg = f[1], WaterKgPerM3 = f[2], GasKgPerM3 = f[3] }))
        from utilities in Some(0, 2, i => UtilityOf(i, sites.Length))
        from market in MarketOf()
        let drawn = WithDraws(routings, utilities)
        select new PlantModel
        {
            Utilities = utilities, Carbon = carbon,
            Tenants = tenants, Tariffs = tariffs, Sites = sites, Travel = travel, Calendars = calendars, Families = families, ChangeoverRules = rules,
            Auxiliaries = [.. auxiliaries, .. people], EquipmentClasses = classes, Equipment = equipment, WorkMasters = drawn, Products = products, Lines = lines,
            Offers = offers, Market = market, Materials = materials, Sources = sources, BillOfMaterials = bill, Allocation = allocation,
        };

    private static Gen<Material> MaterialOf(int i) =>
        from name in LabelOf($"mat-{i}")
        from numbers in s_amount.Array[6]
        from rule in Gen.Enum<ReorderRule>()
        from period in s_duration
        from tracked in Gen.Bool
        from picking in Gen.Enum<LotPicking>()
        select new Material
        {
            Id = $"mat-{i}", Name = name, Unit = tracked ? "kg" : "pcs", InitialStock = numbers[0], SafetyStock = numbers[1], Reorder = rule, ReorderPoint = numbers[2],
            OrderUpTo = numbers[2] + numbers[3], OrderQuantity = numbers[4], ReviewPeriod = period + new Duration(1), Criticality = numbers[5] / 1e4, Tracked = tracked,
            Picking = picking, ShelfLife = tracked ? period + new Duration(1) : null,
        };

    private static Gen<MaterialSource> SourceOf(int i, Material material) =>
        from time in Time
        from numbers in s_amount.Array[3]
        from reliability in Gen.Double[0, 1]
        from some in Gen.Bool
        from inspection in s_duration
        select new MaterialSource
        {
            Material = new MaterialId(i), Supplier = $"supplier {i % 2}", LeadTime = time, MinLot = numbers[0], Price = numbers[1], CapacityPerDay = some ? numbers[2] : null,
            SingleSource = some, Reliability = reliability, LateFactor = 1 + reliability, Inspection = material.Tracked && some ? inspection + new Duration(1) : null,
        };

    private static Gen<Utility> UtilityOf(int i, int sites) =>
        from name in LabelOf($"u{i}")
        from kind in Gen.Enum<UtilityKind>()
        from atCap in Gen.Enum<AtCap>()
        from unit in s_text
        from site in Index(sites)
        from caps in s_amount.Array[2]
        from capped in Gen.Bool.Array[2]
        from windows in Some(0, 2, _ => Gen.Select(TimeOfDay, TimeOfDay, Gen.Int[1, 127], s_amount, (a, b, d, c) => new UtilityWindow((Weekdays)d, a, b, c)))
        select new Utility
        {
            Id = $"u{i}", Name = name, Kind = kind, AtCap = atCap, Unit = unit, Site = site is { } s ? new SiteId(s) : null,
            RateCap = capped[0] ? caps[0] + 1e8 : null, DailyCap = capped[1] ? caps[1] : null, Windows = windows,
        };

    /// <summary>Every phase draws from the first utility, every second one from the last as well.</summary>
    private static ImmutableArray<WorkMaster> WithDraws(ImmutableArray<WorkMaster> routings, ImmutableArray<Utility> utilities) => utilities.IsEmpty ? routings :
    [
        .. routings.Select(w => w with
        {
            Operations = [.. w.Operations.Select((o, k) => o with
            {
                Phases = [.. o.Phases.Select((p, n) => p with
                {
                    AtCap = n % 3 == 0 ? AtCap.Wait : null,
                    Draws = n % 2 == 0
                        ? [new UtilityDraw(new UtilityId(0)) { Rate = n + 1, AmountPerUnit = k / 2.0 }]
                        : [new UtilityDraw(new UtilityId(0)) { RatePerUnit = 0.125 }, new UtilityDraw(new UtilityId(utilities.Length - 1)) { Amount = 7 }],
                })],
            })],
        }),
    ];

    private static Gen<Tariff> TariffOf(int i) =>
        from name in LabelOf($"t{i}")
        from prices in s_amount.Array[4]
        from dated in Gen.Bool
        from windows in Some(0, 3, w => Gen.Select(TimeOfDay, TimeOfDay, Gen.Int[1, 127], s_amount, (a, b, d, p) => new TariffWindow($"w{w}", (Weekdays)d, a, b, p) { FirstDay = dated ? new DateOnly(2026, 7, 1 + w) : null, LastDay = dated && w > 0 ? new DateOnly(2026, 8, 31) : null }))
        select new Tariff { Id = $"t{i}", Name = name, BasePrice = prices[0], DemandPricePerKwMonth = prices[1], DeclaredKw = dated ? prices[2] : null, ExcessFactor = dated ? 3 : 2, Windows = windows };

    private static Gen<WorkCalendar> CalendarOf(int i) =>
        from name in LabelOf($"cal-{i}")
        from windows in Some(1, 3, _ => Gen.Select(TimeOfDay, TimeOfDay, Gen.Int[1, 127], (a, b, d) => new WeeklyWindow((Weekdays)d, a, b)))
        from exceptions in Some(0, 3, e => Some(0, 2, _ => Gen.Select(TimeOfDay, TimeOfDay)).Select(w => new CalendarException(new DateOnly(2026, 5, 1).AddDays(e * 9), [.. w.Select(x => (x.Item1, x.Item2))])))
        select new WorkCalendar { Id = $"cal-{i}", Name = name, Windows = windows, Exceptions = exceptions };

    private static readonly Gen<Changeover> s_setup = Gen.Select(s_duration, s_amount, s_amount, Gen.Bool, (d, c, e, all) => all ? new Changeover(d, c) { EnergyKwh = e, WaterM3 = e / 3, SteamKg = e * 4 } : new Changeover(d));

    private static Gen<ChangeoverRule> RuleOf(int i, int families) => Gen.OneOf(
        (from every in s_duration
         from pairs in s_setup.Array[families * families]
         from fixedSetups in s_setup.Array[3]
         from cleaning in Gen.Bool
         select (ChangeoverRule)new MatrixChangeover
         {
             Id = $"rule-{i}",
             EveryBatch = every,
             Pairs = Enumerable.Range(0, families * families).Where(p => p % 3 != 1).ToImmutableDictionary(p => (new FamilyId(p / families), new FamilyId(p % families)), p => cleaning && p % 4 == 0 ? pairs[p] with { Allowed = false } : pairs[p]),
             Default = fixedSetups[0],
             FromClean = cleaning ? fixedSetups[1] : Changeover.None,
             Cleaning = cleaning ? fixedSetups[2] : null,
         }),
        (from every in s_duration
         from removes in s_amount.Array[1, 3]
         from duration in s_duration
         from max in Index(20)
         select (ChangeoverRule)new ResidueChangeover
         {
             Id = $"rule-{i}",
             EveryBatch = every,
             Cleanings = [.. removes.Order().Select((r, k) => new CleaningOperation($"strip {k}", r, duration) { Cost = r, EnergyKwh = r / 2, WaterM3 = r / 4, SteamKg = r * 3 })],
             MaxBatchesBetweenCleanings = max + 1,
         }));

    private static Gen<Equipment> EquipmentOf(int i, int tenants, int sites, int calendars, int families, int rules, int classes, bool anybody) =>
        from name in LabelOf($"m{i}")
        from site in Gen.Int[0, sites - 1]
        from owner in Index(tenants)
        from kw in s_amount.Array[3]
        from limited in Gen.Bool
        from capabilities in Subset(2, c => $"can {c}")
        from preferred in Subset(families, f => new FamilyId(f))
        from initial in Index(families)
        from rule in Index(rules)
        from calendar in Index(calendars)
        from fails in Gen.Bool
        from failure in Distributions(Gen.Double[3e6, 1e9])
        from repair in Time
        from work in s_text
        from crews in NeedOf(anybody).Array[2]
        select new Equipment
        {
            // The second machine is called like its class: what routings mean must stay clear.
            Id = i == 1 ? "k0" : $"m{i}",
            Name = name,
            Class = new EquipmentClassId(i % classes),
            Site = new SiteId(site),
            WorkCenter = work,
            Owner = owner is { } o ? new TenantId(o) : null,
            // The first of each class takes everybody and everything, so that every order can be made.
            Shared = owner is null || limited || i < classes,
            CapacityMin = limited ? 0.5 : 0,
            CapacityNominal = limited ? 1e7 : double.PositiveInfinity,
            CapacityMax = limited ? 1.5e7 : double.PositiveInfinity,
            CapacityUnit = limited ? "kg" : "pcs",
            Slots = limited && i % 2 == 0 ? 3 : 1,
            Ports = limited && i % 2 == 1 ? 4 : 1,
            PortMin = limited && i % 2 == 1 ? 0.125 : 0,
            PortMax = limited && i % 2 == 1 ? 4e6 : double.PositiveInfinity,
            QualityRisk = limited ? 1 : 0.25,
            Capabilities = i < classes ? ["can 0", "can 1"] : capabilities,
            AllowedFamilies = i < classes ? [] : preferred,
            PreferredFamilies = preferred,
            InitialFamily = F(initial),
            Changeover = rule is { } r ? new ChangeoverRuleId(r) : null,
            SpeedFactor = kw[0] / 1e6 + 0.1,
            IdleKw = kw[1],
            RunningKw = kw[2],
            TimeToFailure = fails ? failure : null,
            TimeToRepair = fails ? repair : null,
            Calendar = calendar is { } c ? new CalendarId(c) : null,
            AfterBreakdown = limited ? AfterBreakdown.Repeat : AfterBreakdown.Resume,
            SetupCrew = crews[0],
            RepairCrew = crews[1],
            Criticality = kw[2] / 1e6 + 0.1,
            Position = limited ? (-kw[0], kw[1]) : null,
        };

    private static Gen<WorkMaster> RoutingOf(int i, int classes, int equipment, int families, ImmutableArray<AuxiliaryResource> auxiliaries, bool anybody) =>
        from name in LabelOf($"r{i}")
        from operations in Some(1, 4, k => OperationOf(k, classes, equipment, families, auxiliaries, anybody))
        from mended in Gen.Bool
        select new WorkMaster { Id = $"r{i}", Name = name, Operations = mended && operations.Length > 2 ? WithRework(operations) : operations };

    private static Gen<Operation> OperationOf(int k, int classes, int equipment, int families, ImmutableArray<AuxiliaryResource> auxiliaries, bool anybody) =>
        from name in LabelOf($"op{k}")
        from byClass in Gen.Int[0, classes - 1]
        from machines in Subset(equipment, e => new EquipmentId(e))
        from own in Gen.Bool.Array[3]
        from times in Time.Array[4]
        from variation in Factor
        from waits in s_duration.Array[3]
        from before in Subset(k, p => p)
        from phases in Some(0, 3, _ => s_phase)
        from family in Index(families)
        from needs in Subset(auxiliaries.Length, a => new AuxiliaryNeed(new AuxiliaryId(a), 1 + a))
        from shares in Gen.Double[0, 0.99].Array[3]
        from requires in Subset(2, c => $"can {c}")
        from crew in NeedOf(anybody)
        select new Operation
        {
            Id = $"op{k}",
            Name = name,
            Alternatives =
            [
                .. machines.Select(e => new Alternative { Equipment = e, FixedTime = own[0] ? times[0] : null, UnitTime = own[0] && own[1] ? times[1] : null }),
                new Alternative { Class = new EquipmentClassId(byClass) },
            ],
            Predecessors = before,
            FixedTime = times[2],
            UnitTime = times[3],
            Variation = variation,
            CountPieces = own[2] && !own[0] && phases.IsEmpty,
            Phases = own[1] ? [.. phases.Select(p => p with { Crew = crew })] : phases,
            Crew = own[1] ? null : crew,
            Setup = waits[0],
            Batches = own[0],
            SameEquipment = own[1],
            Interruptible = own[1],
            UsesWorkFactor = own[2],
            MinWait = waits[1],
            MaxWait = own[2] ? waits[1] + waits[2] : null,
            Family = F(family),
            Auxiliaries = needs,
            Requires = requires,
            AdditionProbability = shares[0],
            AdditionTime = own[1] ? times[0] : Distribution.Constant(0),
            ReworkProbability = shares[1],
            ScrapFraction = shares[2],
            AdditionFalloff = own[0] ? 1 : shares[1],
            MaxAdditions = own[1] ? 5 : k,
            ReworkTime = own[2] ? times[1] : Distribution.Constant(0),
            LossProbability = own[0] ? shares[0] : 0,
            KitLead = own[2] ? waits[1] : null,
        };

    private static readonly Gen<Phase> s_phase =
        from name in s_text
        from zh in s_chinese
        from kind in Gen.Enum<PhaseKind>()
        from hold in s_duration
        from ramp in Gen.Bool
        from numbers in Gen.Double[-20, 140].Array[2]
        from draws in s_amount.Array[4]
        select new Phase
        {
            Name = new Label(name, zh),
            Kind = kind,
            Hold = hold,
            FromCelsius = ramp ? numbers[0] : null,
            ToCelsius = ramp ? numbers[1] : null,
            CelsiusPerMinute = ramp ? draws[0] / 1e3 + 0.1 : 0,
            Kw = ramp ? draws[1] : null,
            SteamKgPerUnit = draws[2],
            WaterLitresPerUnit = draws[3],
        };

    private static FamilyId? F(int? index) => index is { } i ? new FamilyId(i) : null;
}
