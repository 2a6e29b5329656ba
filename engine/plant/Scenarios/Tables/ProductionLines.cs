using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>scenario.yaml: lines.</summary>
internal static class ProductionLines
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The line.") { Required = true, Example = "line-1" };
    private static readonly Field<string> s_name = Labels.Name("the line");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the line");
    private static readonly Field<Duration> s_takt = new("takt", Types.Time(positive: true), "Time between two launches.") { Required = true, Example = "20 s" };
    private static readonly Field<Duration> s_window = new("station_window", Types.Time(), "How far beyond the takt a worker may drift before a utility worker must help.") { Otherwise = "0", Example = "30 s" };
    public static readonly Field<LineOverload> Overload = new("overload", Types.OneOf<LineOverload>(), "What happens with work at a station that takes longer than takt and station_window allow: drift, nothing, stations are decoupled and each takes its time; utility_work, units move at the takt and a utility worker finishes what is left; stop_line, units move at the takt and the line stands until the station is done.") { Otherwise = "drift", Example = "utility_work" };
    public static readonly Field<ImmutableArray<string>> Stations = new("stations", Types.List, "Equipment classes of the stations in flow order.") { Required = true, Example = "[shell, foaming, final]" };

    private static readonly Field<string> s_option = new("option", Types.Id, "Option of products.csv.") { Required = true, Example = "ice-maker" };
    private static readonly Field<int> s_max = new("max", Types.Whole(1), "At most so many …") { Required = true, Example = "2" };
    private static readonly Field<int> s_of = new("window", Types.Whole(1), "… of so many consecutive units.") { Required = true, Example = "5" };
    public static readonly MapsField OptionRules = new("option_rules", new Shape("option_rules", "Option ratios h:q.", s_option, s_max, s_of), "At most max of any window consecutive units carry the option.") { Otherwise = "none" };

    public static readonly Shape Shape = new("lines", "Mixed-model lines: stations passed in order at a common pace.", s_id, s_name, s_nameZh, s_takt, s_window, Overload, Stations, OptionRules);

    public static ImmutableArray<ProductionLine> Read(IEnumerable<SourceRecord> lines, ScenarioNames names) => [.. lines.Select(r => Read(r, names))];

    private static ProductionLine Read(SourceRecord r, ScenarioNames names)
    {
        var id = names.Lines.Add(r, s_id);
        return new ProductionLine
        {
            Id = id,
            Name = Labels.Read(r, s_name, s_nameZh, id),
            Takt = r.Get(s_takt),
            StationWindow = r.Get(s_window),
            Overload = r.Get(Overload),
            Stations = [.. names.EquipmentClasses.ResolveAll(r, Stations).Select(c => new EquipmentClassId(c))],
            OptionRules = [.. r.Maps(OptionRules).Select(ReadRule)],
        };
    }

    private static OptionRule ReadRule(SourceRecord r)
    {
        var rule = new OptionRule(r.Get(s_option), r.Get(s_max), r.Get(s_of));
        if (r.IsSound && rule.Max > rule.Window)
        {
            r.Error(s_max, $"max '{rule.Max}' is more than window '{rule.Window}'", "Maybe the two are swapped?");
        }

        return rule;
    }

    public static void Write(Scenario scenario, YamlWriter yaml, Field key)
    {
        if (scenario.Plant.Lines.IsEmpty)
        {
            return;
        }

        yaml.Maps(key, scenario.Plant.Lines, (y, line) =>
        {
            y.Set(s_id, line.Id).SetLabel(s_name, s_nameZh, line.Name, line.Id).Set(s_takt, line.Takt).Set(s_window, line.StationWindow).Set(Overload, line.Overload);
            y.List(Stations, line.Stations.Select(s => scenario.Plant.EquipmentClasses[s].Id));
            if (!line.OptionRules.IsEmpty)
            {
                y.Maps(OptionRules, line.OptionRules, (m, rule) => m.Set(s_option, rule.Option).Set(s_max, rule.Max).Set(s_of, rule.Window));
            }
        });
    }
}
