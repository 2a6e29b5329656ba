using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>vehicles.csv</summary>
internal static class VehiclesTable
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The fleet.") { Required = true, Example = "truck" };
    private static readonly Field<string> s_name = Labels.Name("the fleet");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the fleet");
    private static readonly Field<int> s_count = new("count", Types.Whole(1), "Vehicles in it.") { Required = true, Example = "4" };
    private static readonly Field<int> s_capacity = new("capacity", Types.Whole(1), "Lots that one takes in a trip; those that wait at the same site for the same site go together.") { Default = 1, Otherwise = "1", Example = "6" };
    private static readonly Field<string> s_home = new("home", Types.Id, "Site where they stand at the start.") { Otherwise = "the first site", Example = "north-hall" };
    private static readonly Field<double> s_speed = new("speed", Types.Number(positive: true), "Speed relative to travel.csv; 2 halves the times.") { Default = 1, Otherwise = "1", Example = "0.8" };
    private static readonly Field<Duration> s_loading = new("loading", Types.Time(), "Time to load a trip.") { Otherwise = "0", Example = "10 min", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<Duration> s_unloading = new("unloading", Types.Time(), "Time to unload it.") { Otherwise = "0", Example = "10 min", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<string> s_calendar = new("calendar", Types.Id, "When trips begin; one that has begun is finished.") { Otherwise = "round the clock", Example = "two-shifts" };

    public static readonly Shape Shape = new("vehicles.csv", "Vehicles that bring work from site to site. Without this table work travels by itself.", s_id, s_name, s_nameZh, s_count, s_capacity, s_home, s_speed, s_loading, s_unloading, s_calendar);

    public static ImmutableArray<VehicleFleet> Read(List<SourceRecord> rows, int sites, ScenarioNames names)
    {
        var ids = new IdIndex(Shape.Name);
        var fleets = ImmutableArray.CreateBuilder<VehicleFleet>();
        foreach (var r in rows)
        {
            var id = ids.Add(r, s_id);
            if (r.IsSound && sites < 2)
            {
                r.Warn(s_id, $"fleet '{id}' has nowhere to go: there is one site", "Work travels between the sites of sites.csv.");
            }

            fleets.Add(new VehicleFleet
            {
                Id = id, Name = Labels.Read(r, s_name, s_nameZh, id), Count = r.Get(s_count), Capacity = r.Get(s_capacity),
                Home = new SiteId(names.Sites.Resolve(r, s_home) ?? 0), SpeedFactor = r.Get(s_speed), Loading = r.Get(s_loading), Unloading = r.Get(s_unloading),
                Calendar = names.Calendars.Resolve(r, s_calendar) is { } c ? new CalendarId(c) : null,
            });
        }

        return fleets.ToImmutable();
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var f in scenario.Plant.Fleets)
        {
            table.Row().Set(s_id, f.Id).SetLabel(s_name, s_nameZh, f.Name, f.Id).Set(s_count, f.Count).Set(s_capacity, f.Capacity)
                .Set(s_home, scenario.Plant.Sites[f.Home].Id).Set(s_speed, f.SpeedFactor).Set(s_loading, f.Loading).Set(s_unloading, f.Unloading)
                .SetOrNone(s_calendar, f.Calendar is { } c ? scenario.Plant.Calendars[c].Id : null);
        }
    }
}
