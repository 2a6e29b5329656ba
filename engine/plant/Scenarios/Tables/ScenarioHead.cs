using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>scenario.yaml: everything that is not a table.</summary>
internal static class ScenarioHead
{
    public const string FileName = "scenario.yaml";

    private static readonly ObjectiveWeights s_usual = new();

    private static readonly Field<string> s_id = new("id", Types.Id, "Short name, usually that of the folder.") { Required = true, Example = "dyehouse" };
    private static readonly Field<string> s_name = new("name", Types.Text, "Name for people.") { Required = true, Example = "Dyehouse with 96 vats" };
    private static readonly Field<string> s_nameZh = new("name_zh", Types.Text, "Chinese name.") { Otherwise = "the name", Example = "96缸染厂" };
    private static readonly Field<string> s_description = new("description", Types.Text, "What the scenario shows and where its numbers come from.") { Otherwise = "none", Example = "A week of a yarn dyehouse." };
    public static readonly Field<DateTime> Start = new("start", Types.LocalTime, "Local date and time at which simulation time begins.") { Required = true, Example = "2026-03-02 08:00" };
    public static readonly Field<string> TimeZone = new("time_zone", Types.Text, "IANA name of the plant's time zone.") { Required = true, Example = "Asia/Shanghai" };
    // Benchmarks that count in anonymous units of time, read as minutes, may run for more than a century.
    private static readonly Field<Duration> s_horizon = new("horizon", Types.Time(positive: true, longestDays: 73_050), "How far a simulation runs when asked for no other end.") { Required = true, Example = "7 d" };
    private static readonly Field<Duration> s_warmUp = new("warm_up", Types.Time(), "Statistics before this are thrown away.") { Otherwise = "0", Example = "12 h" };
    private static readonly Field<ulong> s_seed = new("seed", Types.Seed, "Root of all randomness.") { Default = 1, Otherwise = "1", Example = "42" };
    private static readonly Field<DispatchRule> s_dispatch = new("dispatch", Types.OneOf<DispatchRule>(), "Which waiting job an idle machine takes next.") { Default = DispatchRule.Edd, Otherwise = "edd", Example = "edd" };
    private static readonly Field<string> s_currency = new("currency", Types.Text, "Currency of prices and costs, ISO 4217.") { Default = "CNY", Otherwise = "CNY", Example = "CNY" };

    private static readonly Field<double> s_tardiness = Weight("tardiness", "Per hour late and unit of order priority.", s_usual.Tardiness);
    private static readonly Field<double> s_makespan = Weight("makespan", "Per hour of the last completion.", s_usual.Makespan);
    private static readonly Field<double> s_changeoverTime = Weight("changeover_time", "Per hour of setup and cleaning.", s_usual.ChangeoverTime);
    private static readonly Field<double> s_changeoverCost = Weight("changeover_cost", "Per point of changeover cost.", s_usual.ChangeoverCost);
    private static readonly Field<double> s_energyCost = Weight("energy_cost", "Per currency unit of electricity.", s_usual.EnergyCost);
    private static readonly Field<double> s_option = Weight("option_violation", "Per violated option window on a line.", s_usual.OptionViolation);
    private static readonly Field<double> s_utility = Weight("utility_work", "Per minute of utility work on a line.", s_usual.UtilityWork);
    private static readonly Field<double> s_levelling = Weight("levelling", "Per unit of Σ(actual − ideal)² of the levelled options.", s_usual.Levelling);
    private static readonly Field<double> s_instability = Weight("instability", "Per operation moved against the schedule in force.", s_usual.Instability);
    private static readonly Shape s_objectiveShape = new("objective", "Weights of the scheduling objective.", s_tardiness, s_makespan, s_changeoverTime, s_changeoverCost, s_energyCost, s_option, s_utility, s_levelling, s_instability);
    private static readonly MapField s_objective = new("objective", s_objectiveShape, "Weights of the scheduling objective.") { Otherwise = "the usual weights" };

    private static readonly Field<AllocationMoment> s_allocation = new("material_allocation", Types.OneOf<AllocationMoment>(), "When jobs are given their material: when nothing else is missing, or when the order is released, for all its jobs.") { Otherwise = "when_ready", Example = "at_release" };

    private static readonly MapsField s_rules = new("changeover_rules", ChangeoverRules.Shape, "How equipment passes from one family to the next.") { Otherwise = "no changeovers" };
    private static readonly MapsField s_tariffs = new("tariffs", Tariffs.Shape, "Time-of-use electricity prices; their windows are in tariff.csv.") { Otherwise = "energy is not priced" };
    private static readonly MapField s_carbon = new("carbon", CarbonTables.Shape, "Emission factors, for the carbon of orders.") { Otherwise = "the usual factors" };
    private static readonly MapsField s_fixtureLoops = new("fixture_loops", Tables.FixtureLoops.Shape, "Loops of fixtures that each hold one family.") { Otherwise = "no loops" };
    private static readonly MapsField s_lines = new("lines", ProductionLines.Shape, "Mixed-model lines.") { Otherwise = "no lines" };

    private static readonly MapField s_market = new("market", MarketTable.Shape, "What the firms of a shared factory agreed on.") { Otherwise = "no market" };

    public static readonly Shape Shape = new(FileName, "Everything that is not a table.",
        s_id, s_name, s_nameZh, s_description, Start, TimeZone, s_horizon, s_warmUp, s_seed, s_dispatch, s_currency, s_allocation, s_objective, s_rules, s_tariffs, s_lines, s_fixtureLoops, s_carbon, s_market);

    private static Field<double> Weight(string name, string description, double usual) =>
        new(name, Types.Number(), description) { Default = usual, Otherwise = NumberText.Format(usual), Example = NumberText.Format(usual) };

    public static IEnumerable<SourceRecord> Rules(SourceRecord? head) => head?.Maps(s_rules) ?? [];

    public static IEnumerable<SourceRecord> TariffsOf(SourceRecord? head) => head?.Maps(s_tariffs) ?? [];

    public static CarbonFactors Carbon(SourceRecord? head) => CarbonTables.Read(head?.Map(s_carbon));

    public static MarketRules Market(SourceRecord? head) => MarketTable.Read(head?.Map(s_market));

    public static IEnumerable<SourceRecord> FixtureLoops(SourceRecord? head) => head?.Maps(s_fixtureLoops) ?? [];

    public static IEnumerable<SourceRecord> Lines(SourceRecord? head) => head?.Maps(s_lines) ?? [];

    public static AllocationMoment AllocationOf(SourceRecord? head) => head?.Get(s_allocation) ?? default;

    /// <summary>The plant's clock; a wrong start or zone is reported, and dates are then read against a stand-in.</summary>
    public static PlantClock Clock(SourceRecord? head)
    {
        var start = head?.Get(Start) is { } given && given != default ? given : new DateTime(2026, 1, 1);
        var zone = head?.GetOrNothing(TimeZone);
        if (zone is null || TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            return new PlantClock(start, zone ?? "UTC");
        }

        var zones = TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(z => z.Contains('/', StringComparison.Ordinal)).ToList();
        var sameCity = zones.FirstOrDefault(z => z[(z.LastIndexOf('/') + 1)..].Equals(zone.Replace(' ', '_'), StringComparison.OrdinalIgnoreCase));
        head!.Error(TimeZone, $"time_zone '{zone}' is unknown", sameCity is not null ? $"Maybe you meant '{sameCity}'?" : Suggestion.For(zone, zones) ?? "Write an IANA name, such as Asia/Shanghai.");
        return new PlantClock(start, "UTC");
    }

    public static Scenario Read(SourceRecord? head, PlantClock clock, PlantModel plant, ImmutableArray<Order> orders, ImmutableArray<Disturbance> disturbances)
    {
        if (head is null)
        {
            return new Scenario { Id = "", Name = "", Clock = clock, Horizon = Duration.FromDays(1), Plant = plant, Orders = orders, Disturbances = disturbances };
        }

        var scenario = new Scenario
        {
            Id = head.Get(s_id),
            Name = new Label(head.Get(s_name), head.GetOrNothing(s_nameZh)),
            Description = head.Get(s_description),
            Clock = clock,
            Horizon = head.Get(s_horizon),
            WarmUp = head.Get(s_warmUp),
            Seed = head.Get(s_seed),
            Dispatch = head.Get(s_dispatch),
            Currency = head.Get(s_currency),
            Objective = head.Map(s_objective) is { } weights ? ReadWeights(weights) : s_usual,
            Plant = plant,
            Orders = orders,
            Disturbances = disturbances,
        };
        if (head.Has(s_horizon) && scenario.WarmUp >= scenario.Horizon && scenario.Horizon > Duration.Zero)
        {
            head.Error(s_warmUp, $"warm_up '{head[s_warmUp].Text}' leaves nothing of the horizon '{head[s_horizon].Text}'", "Make the horizon longer.");
        }

        return scenario;
    }

    private static ObjectiveWeights ReadWeights(SourceRecord r) => new()
    {
        Tardiness = r.Get(s_tardiness),
        Makespan = r.Get(s_makespan),
        ChangeoverTime = r.Get(s_changeoverTime),
        ChangeoverCost = r.Get(s_changeoverCost),
        EnergyCost = r.Get(s_energyCost),
        OptionViolation = r.Get(s_option),
        UtilityWork = r.Get(s_utility),
        Levelling = r.Get(s_levelling),
        Instability = r.Get(s_instability),
    };

    public static string Write(Scenario scenario)
    {
        var yaml = new YamlWriter(scenario.Clock).Comment("yaml-language-server: $schema=../scenario.schema.json");
        yaml.Set(s_id, scenario.Id).Set(s_name, scenario.Name.En).SetOrNone(s_nameZh, scenario.Name.Zh).Set(s_description, scenario.Description)
            .Set(Start, scenario.Clock.Epoch).Set(TimeZone, scenario.Clock.TimeZone).Set(s_horizon, scenario.Horizon).Set(s_warmUp, scenario.WarmUp)
            .Set(s_seed, scenario.Seed).Set(s_dispatch, scenario.Dispatch).Set(s_currency, scenario.Currency).Set(s_allocation, scenario.Plant.Allocation);
        yaml.Map(s_objective, y => y.Set(s_tardiness, scenario.Objective.Tardiness).Set(s_makespan, scenario.Objective.Makespan)
            .Set(s_changeoverTime, scenario.Objective.ChangeoverTime).Set(s_changeoverCost, scenario.Objective.ChangeoverCost).Set(s_energyCost, scenario.Objective.EnergyCost)
            .Set(s_option, scenario.Objective.OptionViolation).Set(s_utility, scenario.Objective.UtilityWork).Set(s_levelling, scenario.Objective.Levelling).Set(s_instability, scenario.Objective.Instability));
        ChangeoverRules.Write(scenario, yaml, s_rules);
        Tariffs.Write(scenario, yaml, s_tariffs);
        ProductionLines.Write(scenario, yaml, s_lines);
        Tables.FixtureLoops.Write(scenario, yaml, s_fixtureLoops);
        CarbonTables.Write(scenario, yaml, s_carbon);
        MarketTable.Write(scenario, yaml, s_market);
        return yaml.ToString();
    }
}
