using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Generators;

/// <summary>Who owns what, and where: firms, sites with travel times, and machines.</summary>
internal sealed class SharedFactoryLayout
{
    /// <summary>Parks at most; more firms than that are neighbours in one park.</summary>
    private const int MostSites = 40;

    private const double PrivateShare = 0.15;

    private static readonly (string En, string Zh)[] s_names =
    [
        ("Xingguang", "星光"), ("Mingyuan", "明远"), ("Ruihe", "瑞和"), ("Lantian", "蓝田"), ("Qinghe", "清和"), ("Yunfan", "云帆"), ("Haitang", "海棠"), ("Jinqiao", "金桥"),
        ("Songtao", "松涛"), ("Beichen", "北辰"), ("Changle", "长乐"), ("Dongxu", "东旭"), ("Fuxin", "福新"), ("Guangya", "光雅"), ("Hongyu", "鸿宇"),
    ];

    private readonly int _districts;

    public SharedFactoryLayout(RandomSource random, int firms, int machines, int districts, ImmutableArray<double> machineWeeks)
    {
        _districts = districts;
        MachineWeeks = machineWeeks;
        var draws = new Draws(random, "layout");
        var sites = Math.Min(firms, MostSites);
        var trades = TradesOfFirms(draws, firms);
        Plant = new PlantModel
        {
            Tenants = [.. Enumerable.Range(0, firms).Select(f => new Tenant { Id = $"F{f + 1:000}", Name = NameOf(f, trades[f][0]) })],
            Sites = [.. Enumerable.Range(0, sites).Select(s => new Site { Id = $"park-{s + 1:00}", Name = new Label($"Park {s + 1}", $"{s + 1}号园区"), Tariff = new TariffId(0) })],
            Travel = Travel(draws, sites),
            Tariffs = [GeneratorTariffs.Zhejiang],
            Calendars = LightingTrades.Calendars,
            ChangeoverRules = [LightingTrades.ColorChange(), .. LightingTrades.All.Where(HasTools).Select(LightingTrades.ToolChange)],
            EquipmentClasses = [.. Enumerable.Range(0, districts).SelectMany(d => LightingTrades.All.Select(t => new EquipmentClass
            {
                Id = t.Id + Suffix(d), Name = districts == 1 ? t.Machine : new Label($"{t.Machine.En}, district {d + 1}", $"{t.Machine.Zh} {d + 1}区"),
            }))],
            Equipment = Machines(draws, machines, trades, sites),
        };
    }

    public PlantModel Plant { get; }

    /// <summary>Weeks of one machine that the orders ask of each trade.</summary>
    public ImmutableArray<double> MachineWeeks { get; }

    /// <summary>Ending of names in a district; empty when there is only one.</summary>
    public string Suffix(int district) => _districts == 1 ? "" : $"-d{district + 1}";

    public static int FirstClass(int district) => district * LightingTrades.All.Length;

    public int DistrictOf(int firm) => firm % _districts;

    private static bool HasTools(Trade trade) => !trade.PerRack;

    private static ChangeoverRuleId? RuleOf(int trade) => trade switch
    {
        LightingTrades.Coating => new ChangeoverRuleId(0),
        LightingTrades.Ageing => null,
        _ => new ChangeoverRuleId(1 + Enumerable.Range(0, trade).Count(t => HasTools(LightingTrades.All[t]))),
    };

    /// <summary>Each firm has one to three trades; the first gives it its name.</summary>
    private static List<int[]> TradesOfFirms(Draws draws, int firms) =>
        [.. Enumerable.Range(0, firms).Select(f => (int[])[f % LightingTrades.All.Length, .. Enumerable.Range(0, draws.Whole(0, 2)).Select(_ => draws.Whole(0, LightingTrades.All.Length - 1))])
            .Select(t => t.Distinct().ToArray())];

    private static Label NameOf(int firm, int trade)
    {
        var (en, zh) = s_names[firm % s_names.Length];
        var kind = LightingTrades.All[trade].Firm;
        var number = firm / 45; // 15 names and 9 trades meet again after 45 firms
        return number == 0 ? new Label($"{en} {kind.En}", zh + kind.Zh) : new Label($"{en} {kind.En} {number + 1}", $"{zh}{kind.Zh}{number + 1}厂");
    }

    /// <summary>Parks lie scattered in a town; half an hour to two hours from gate to gate, loading included.</summary>
    private static ImmutableDictionary<(SiteId, SiteId), Duration> Travel(Draws draws, int sites)
    {
        var places = Enumerable.Range(0, sites).Select(_ => (X: draws.Uniform(), Y: draws.Uniform())).ToList();
        var travel = ImmutableDictionary.CreateBuilder<(SiteId, SiteId), Duration>();
        for (var a = 0; a < sites; a++)
        {
            for (var b = a + 1; b < sites; b++)
            {
                var distance = Math.Sqrt(Math.Pow(places[a].X - places[b].X, 2) + Math.Pow(places[a].Y - places[b].Y, 2)) / Math.Sqrt(2);
                travel.Add((new SiteId(a), new SiteId(b)), Duration.FromMinutes(Math.Round((30 + 90 * distance) / 5) * 5));
            }
        }

        return travel.ToImmutable();
    }

    private ImmutableArray<Equipment> Machines(Draws draws, int machines, List<int[]> trades, int sites)
    {
        var equipment = ImmutableArray.CreateBuilder<Equipment>(machines);
        var perDistrict = Draws.Share(machines, [.. Enumerable.Repeat(1.0, _districts)]);
        for (var district = 0; district < _districts; district++)
        {
            // At least one machine of each trade; the rest as the orders need them.
            var counts = Draws.Share(perDistrict[district] - LightingTrades.All.Length, MachineWeeks.Select(w => Math.Max(w, 1e-9)).ToList());
            var firms = Enumerable.Range(0, trades.Count).Where(f => DistrictOf(f) == district).ToList();
            for (var trade = 0; trade < counts.Length; trade++)
            {
                var owners = firms.Where(f => trades[f].Contains(trade)).ToList();
                owners = owners.Count > 0 ? owners : firms;
                for (var m = 0; m <= counts[trade]; m++)
                {
                    equipment.Add(Machine(draws, district, trade, m, draws.Pick(owners), sites));
                }
            }
        }

        return equipment.MoveToImmutable();
    }

    private Equipment Machine(Draws draws, int district, int index, int number, int firm, int sites)
    {
        var trade = LightingTrades.All[index];
        return new Equipment
        {
            Id = $"{trade.Id}{Suffix(district)}-{number + 1:000}",
            Name = new Label($"{trade.Machine.En} {number + 1}", $"{trade.Machine.Zh}{number + 1}"),
            Class = new EquipmentClassId(FirstClass(district) + index),
            Site = new SiteId(firm % sites),
            Owner = new TenantId(firm),
            Shared = number == 0 || !draws.Chance(PrivateShare), // the first of a trade is open to all, so that every order can be made
            Slots = trade.Slots,
            CapacityNominal = index == LightingTrades.Coating ? LightingTrades.RackPieces : double.PositiveInfinity,
            CapacityMax = index == LightingTrades.Coating ? LightingTrades.RackPieces : double.PositiveInfinity,
            Changeover = RuleOf(index),
            RunningKw = trade.Kw,
            IdleKw = Math.Round(trade.Kw * 0.05, 2),
            Calendar = trade.Calendar is { } c ? new CalendarId(c) : null,
            TimeToFailure = index == LightingTrades.Ageing ? null : Distribution.Exponential(Duration.FromHours(300).Milliseconds),
            TimeToRepair = index == LightingTrades.Ageing ? null : Distribution.Lognormal(Duration.FromMinutes(98).Milliseconds, 1.1),
        };
    }
}
