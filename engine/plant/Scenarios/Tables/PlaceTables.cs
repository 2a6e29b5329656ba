using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>tenants.csv</summary>
internal static class TenantsTable
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The firm.") { Required = true, Example = "acme" };
    private static readonly Field<string> s_name = Labels.Name("the firm");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the firm");
    private static readonly Field<double> s_fairness = new("fairness_weight", Types.Number(positive: true), "Weight in fairness; 1 is an ordinary member.") { Default = 1, Otherwise = "1", Example = "1" };

    public static readonly Shape Shape = new("tenants.csv", "Firms that own equipment or place orders in a shared factory.", s_id, s_name, s_nameZh, s_fairness);

    public static ImmutableArray<Tenant> Read(List<SourceRecord> rows, ScenarioNames names) => [.. rows.Select(r => Read(r, names))];

    private static Tenant Read(SourceRecord r, ScenarioNames names)
    {
        var id = names.Tenants.Add(r, s_id);
        return new Tenant
        {
            Id = id,
            Name = Labels.Read(r, s_name, s_nameZh, id),
            FairnessWeight = r.Get(s_fairness),
        };
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var tenant in scenario.Plant.Tenants)
        {
            table.Row().Set(s_id, tenant.Id).SetLabel(s_name, s_nameZh, tenant.Name, tenant.Id).Set(s_fairness, tenant.FairnessWeight);
        }
    }
}

/// <summary>sites.csv</summary>
internal static class SitesTable
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The site.") { Required = true, Example = "north-hall" };
    private static readonly Field<string> s_name = Labels.Name("the site");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the site");
    private static readonly Field<string> s_tariff = new("tariff", Types.Id, "Electricity tariff of the site's meter.") { Otherwise = "energy is not priced", Example = "zhejiang" };

    public static readonly Shape Shape = new("sites.csv", "Places with their own tariff and travel times. Without this table there is one site, `main`.", s_id, s_name, s_nameZh, s_tariff);

    /// <summary>The row that a folder without sites.csv means.</summary>
    public static SourceRecord OnlySite(IScenarioTables files, ParseContext context)
    {
        var cells = new Cell[Shape.Fields.Count];
        cells[s_id.Ordinal] = new Cell("main", 0, 0);
        return new SourceRecord(Shape, files.PathOf(Shape.Name), cells, files.Bag, context);
    }

    public static ImmutableArray<Site> Read(List<SourceRecord> rows, ScenarioNames names) => [.. rows.Select(r => Read(r, names))];

    private static Site Read(SourceRecord r, ScenarioNames names)
    {
        var id = names.Sites.Add(r, s_id);
        return new Site
        {
            Id = id,
            Name = Labels.Read(r, s_name, s_nameZh, id),
            Tariff = names.Tariffs.Resolve(r, s_tariff) is { } t ? new TariffId(t) : null,
        };
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var site in scenario.Plant.Sites)
        {
            table.Row().Set(s_id, site.Id).SetLabel(s_name, s_nameZh, site.Name, site.Id)
                .SetOrNone(s_tariff, site.Tariff is { } t ? scenario.Plant.Tariffs[t].Id : null);
        }
    }
}

/// <summary>travel.csv</summary>
internal static class TravelTable
{
    private static readonly Field<string> s_from = new("from", Types.Id, "One site.") { Required = true, Example = "north-hall" };
    private static readonly Field<string> s_to = new("to", Types.Id, "The other site.") { Required = true, Example = "south-hall" };
    private static readonly Field<Duration> s_time = new("time", Types.Time(), "Travel time.") { Required = true, Example = "45 min", HeadingUnits = DurationText.HeadingUnits };

    public static readonly Shape Shape = new("travel.csv", "Travel times between sites; a pair holds both ways unless both are given, and a missing pair takes no time.", s_from, s_to, s_time);

    public static ImmutableDictionary<(SiteId From, SiteId To), Duration> Read(List<SourceRecord> rows, ScenarioNames names)
    {
        var travel = ImmutableDictionary.CreateBuilder<(SiteId From, SiteId To), Duration>();
        foreach (var row in rows)
        {
            if (names.Sites.Resolve(row, s_from) is not { } from || names.Sites.Resolve(row, s_to) is not { } to)
            {
                continue;
            }

            if (from == to)
            {
                row.Error(s_to, $"to '{row.Get(s_to)}' is the site that it starts from", "Travel within a site takes no time; remove the row.");
            }
            else if (!travel.TryAdd((new SiteId(from), new SiteId(to)), row.Get(s_time)))
            {
                row.Error(s_from, $"travel from '{row.Get(s_from)}' to '{row.Get(s_to)}' is given twice", "Keep one of the rows.");
            }
        }

        return travel.ToImmutable();
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var ((from, to), time) in scenario.Plant.Travel.OrderBy(t => (t.Key.From.Index, t.Key.To.Index)))
        {
            table.Row().Set(s_from, scenario.Plant.Sites[from].Id).Set(s_to, scenario.Plant.Sites[to].Id).Set(s_time, time);
        }
    }
}
