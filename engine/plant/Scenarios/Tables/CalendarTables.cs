using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>calendars.csv: one row per weekly window.</summary>
internal static class CalendarsTable
{
    public static readonly Field<string> Id = new("id", Types.Id, "The calendar; its windows are consecutive or scattered rows with the same id.") { Required = true, Example = "two-shifts" };
    private static readonly Field<string> s_name = Labels.Name("the calendar, on its first row");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the calendar, on its first row");
    private static readonly Field<Weekdays> s_days = new("days", Types.Days, "Days on which the window begins: Mon-Fri, Mon; Wed, daily, workdays, weekend.") { Otherwise = "no weekly window, only exceptions", Example = "workdays" };
    private static readonly Field<TimeOnly> s_start = new("start", Types.TimeOfDay, "When work begins.") { Otherwise = "no weekly window, only exceptions", Example = "06:00" };
    private static readonly Field<TimeOnly> s_end = new("end", Types.TimeOfDay, "When work ends; not after the start means the next day.") { Otherwise = "no weekly window, only exceptions", Example = "22:00" };

    public static readonly Shape Shape = new("calendars.csv", "Weekly working windows in local time.", Id, s_name, s_nameZh, s_days, s_start, s_end);

    public static ImmutableArray<WorkCalendar> Read(List<SourceRecord> rows, ILookup<string, CalendarException> exceptions, ScenarioNames names)
    {
        var calendars = ImmutableArray.CreateBuilder<WorkCalendar>();
        foreach (var group in rows.GroupBy(r => r.Get(Id), StringComparer.Ordinal))
        {
            var first = group.First();
            names.Calendars.Add(first, Id);
            var windows = ImmutableArray.CreateBuilder<WeeklyWindow>();
            foreach (var row in group)
            {
                var given = new Field[] { s_days, s_start, s_end }.Where(row.Has).ToArray();
                if (given.Length == 3)
                {
                    windows.Add(new WeeklyWindow(row.Get(s_days), row.Get(s_start), row.Get(s_end)));
                }
                else if (given.Length > 0)
                {
                    var missing = row.Has(s_days) ? row.Has(s_start) ? (Field)s_end : s_start : s_days;
                    row.Error(missing, $"{missing.Name} is missing beside {given[0].Name}", $"Write {missing.ArticledType}, such as {missing.Example}.");
                }
            }

            calendars.Add(new WorkCalendar { Id = group.Key, Name = Labels.Read(first, s_name, s_nameZh, group.Key), Windows = windows.ToImmutable(), Exceptions = [.. exceptions[group.Key]] });
        }

        return calendars.ToImmutable();
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var calendar in scenario.Plant.Calendars)
        {
            var row = table.Row().Set(Id, calendar.Id).SetLabel(s_name, s_nameZh, calendar.Name, calendar.Id);
            foreach (var (window, i) in calendar.Windows.Select((w, i) => (w, i)))
            {
                row = i == 0 ? row : table.Row().Set(Id, calendar.Id);
                row.SetOrNone(s_days, (Weekdays?)window.Days).SetOrNone(s_start, (TimeOnly?)window.Start).SetOrNone(s_end, (TimeOnly?)window.End);
            }
        }
    }
}

/// <summary>calendar_exceptions.csv: days that differ.</summary>
internal static class CalendarExceptionsTable
{
    private static readonly Field<string> s_calendar = new("calendar", Types.Id, "The calendar.") { Required = true, Example = "two-shifts" };
    private static readonly Field<DateOnly> s_date = new("date", Types.Date, "The day whose weekly windows are replaced; several rows give several windows.") { Required = true, Example = "2026-05-01" };
    private static readonly Field<TimeOnly> s_start = new("start", Types.TimeOfDay, "When work begins on that day.") { Otherwise = "closed", Example = "08:00" };
    private static readonly Field<TimeOnly> s_end = new("end", Types.TimeOfDay, "When it ends.") { Otherwise = "closed", Example = "12:00" };

    public static readonly Shape Shape = new("calendar_exceptions.csv", "Holidays and overtime: days that differ from the week.", s_calendar, s_date, s_start, s_end);

    /// <summary>The exceptions of each calendar, by its id, in the order of the dates' first rows.</summary>
    public static ILookup<string, CalendarException> Read(List<SourceRecord> rows)
    {
        foreach (var row in rows.Where(r => r.Has(s_start) != r.Has(s_end)))
        {
            var missing = row.Has(s_start) ? s_end : s_start;
            row.Error(missing, $"{missing.Name} is missing", "Give start and end, or neither for a closed day.");
        }

        return rows
            .GroupBy(r => (Calendar: r.Get(s_calendar), Date: r.Get(s_date)))
            .Select(g => (g.Key.Calendar, new CalendarException(g.Key.Date, [.. g.Where(r => r.Has(s_start)).Select(r => (r.Get(s_start), r.Get(s_end)))])))
            .ToLookup(e => e.Calendar, e => e.Item2, StringComparer.Ordinal);
    }

    /// <summary>Reports rows whose calendar does not exist.</summary>
    public static void Resolve(List<SourceRecord> rows, ScenarioNames names)
    {
        foreach (var row in rows)
        {
            names.Calendars.Resolve(row, s_calendar);
        }
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var calendar in scenario.Plant.Calendars)
        {
            foreach (var exception in calendar.Exceptions)
            {
                if (exception.Windows.IsEmpty)
                {
                    table.Row().Set(s_calendar, calendar.Id).Set(s_date, exception.Date);
                }

                foreach (var (start, end) in exception.Windows)
                {
                    table.Row().Set(s_calendar, calendar.Id).Set(s_date, exception.Date).SetOrNone(s_start, (TimeOnly?)start).SetOrNone(s_end, (TimeOnly?)end);
                }
            }
        }
    }
}

/// <summary>scenario.yaml: tariffs; and tariff.csv: their windows.</summary>
internal static class Tariffs
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The tariff; sites.csv refers to it.") { Required = true, Example = "zhejiang" };
    private static readonly Field<string> s_name = Labels.Name("the tariff");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the tariff");
    private static readonly Field<double> s_base = new("base_price", Types.Number(), "Price outside all windows, currency per kWh.") { Required = true, Example = "0.65" };
    private static readonly Field<double> s_demand = new("demand_price_per_kw_month", Types.Number(), "Currency per kW of the highest quarter-hour and month.") { Otherwise = "0", Example = "38" };

    private static readonly Field<double> s_declared = new("declared_kw", Types.Number(positive: true), "Demand declared to the supplier, kW: charged whatever the peak; above 105 % of it the excess costs more.") { Otherwise = "the peak itself is charged", Example = "1200" };
    private static readonly Field<double> s_excess = new("excess_factor", Types.Number(max: 100), "Price of a kW above the declared demand, as a multiple of the demand price.") { Default = 2, Otherwise = "2", Example = "2" };

    public static readonly Shape Shape = new("tariffs", "Time-of-use electricity prices.", s_id, s_name, s_nameZh, s_base, s_demand, s_declared, s_excess);

    private static readonly Field<string> s_tariff = new("tariff", Types.Id, "The tariff, from scenario.yaml.") { Required = true, Example = "zhejiang" };
    private static readonly Field<string> s_window = new("name", Types.Text, "Name of the window.") { Required = true, Example = "peak" };
    private static readonly Field<Weekdays> s_days = new("days", Types.Days, "Days on which the window begins.") { Required = true, Example = "daily" };
    private static readonly Field<TimeOnly> s_start = new("start", Types.TimeOfDay, "When the price begins.") { Required = true, Example = "08:00" };
    private static readonly Field<TimeOnly> s_end = new("end", Types.TimeOfDay, "When it ends; not after the start means the next day.") { Required = true, Example = "15:00" };
    private static readonly Field<double> s_price = new("price", Types.Number(min: -1000), "Price, currency per kWh.") { Otherwise = "that of the first row of the tariff with the same name", Example = "1.2" };
    private static readonly Field<DateOnly> s_firstDay = new("first_day", Types.Date, "First day on which the window begins (a critical-peak season or day).") { Otherwise = "always", Example = "2026-07-01" };
    private static readonly Field<DateOnly> s_lastDay = new("last_day", Types.Date, "Last day on which it begins.") { Otherwise = "for ever", Example = "2026-08-31" };

    public static readonly Shape WindowsShape = new("tariff.csv", "Priced parts of the week; where windows overlap, the later row wins.", s_tariff, s_window, s_days, s_start, s_end, s_price, s_firstDay, s_lastDay);

    public static ImmutableArray<Tariff> Read(IEnumerable<SourceRecord> tariffs, List<SourceRecord> rows, ScenarioNames names)
    {
        var read = tariffs.Select(r => (Record: r, Id: names.Tariffs.Add(r, s_id))).ToList();
        var windows = rows
            .Select(r => (Tariff: names.Tariffs.Resolve(r, s_tariff), Window: ReadWindow(r, rows)))
            .ToLookup(w => w.Tariff, w => w.Window);
        return
        [
            .. read.Select((t, i) => new Tariff
            {
                Id = t.Id,
                Name = Labels.Read(t.Record, s_name, s_nameZh, t.Id),
                BasePrice = t.Record.Get(s_base),
                DemandPricePerKwMonth = t.Record.Get(s_demand),
                DeclaredKw = t.Record.GetOrNull(s_declared),
                ExcessFactor = t.Record.Get(s_excess),
                Windows = [.. windows[i]],
            }),
        ];
    }

    private static TariffWindow ReadWindow(SourceRecord r, List<SourceRecord> rows)
    {
        var source = r.Has(s_price) ? r : rows.Find(o => o.Has(s_price) && o.Get(s_tariff) == r.Get(s_tariff) && o.Get(s_window) == r.Get(s_window));
        if (source is null)
        {
            r.Error(s_price, "price is missing", $"Write it here, or in the first row of window '{r.Get(s_window)}'.");
        }

        var window = new TariffWindow(r.Get(s_window), r.Get(s_days), r.Get(s_start), r.Get(s_end), source?.Get(s_price) ?? 0)
        {
            FirstDay = r.GetOrNull(s_firstDay), LastDay = r.GetOrNull(s_lastDay),
        };
        if (window.LastDay < window.FirstDay)
        {
            r.Error(s_lastDay, $"last_day '{r[s_lastDay].Text}' is before first_day '{r[s_firstDay].Text}'", "Maybe the two are swapped?");
        }

        return window;
    }

    public static void Write(Scenario scenario, YamlWriter yaml, Field key)
    {
        if (!scenario.Plant.Tariffs.IsEmpty)
        {
            yaml.Maps(key, scenario.Plant.Tariffs, (y, t) => y.Set(s_id, t.Id).SetLabel(s_name, s_nameZh, t.Name, t.Id).Set(s_base, t.BasePrice).Set(s_demand, t.DemandPricePerKwMonth)
                .SetOrNone(s_declared, t.DeclaredKw).Set(s_excess, t.ExcessFactor));
        }
    }

    public static void WriteWindows(Scenario scenario, TableWriter table)
    {
        foreach (var tariff in scenario.Plant.Tariffs)
        {
            foreach (var w in tariff.Windows)
            {
                table.Row().Set(s_tariff, tariff.Id).Set(s_window, w.Name).Set(s_days, w.Days).Set(s_start, w.Start).Set(s_end, w.End).SetOrNone(s_price, (double?)w.Price)
                    .SetOrNone(s_firstDay, w.FirstDay).SetOrNone(s_lastDay, w.LastDay);
            }
        }
    }
}
