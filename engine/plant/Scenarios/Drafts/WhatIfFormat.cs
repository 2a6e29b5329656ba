using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Drafts;

/// <summary>A key whose value is a mapping from columns of a table to values.</summary>
internal sealed class ColumnsField(string name, Shape table, string description, params Field[] extra) : Field(name, description)
{
    public Shape Table { get; } = table;

    /// <summary>Keys beside the columns.</summary>
    public IReadOnlyList<Field> Extra { get; } = extra;

    public override string TypeWords => Extra.Count > 0 ? $"columns of {Table.Name}, and {string.Join(", ", Extra.Select(e => e.Name))}" : $"columns of {Table.Name}";

    public override bool Accepts(string text, out Trouble trouble)
    {
        trouble = new Trouble("must be a mapping");
        return false;
    }

    internal override JsonNode Schema()
    {
        var schema = Table.Schema();
        schema["required"] = new JsonArray("id");
        foreach (var field in Extra)
        {
            var own = field.Schema().AsObject();
            own.Insert(0, "description", field.Description);
            schema["properties"]!.AsObject().Add(field.Name, own);
        }

        return schema;
    }
}

/// <summary>A key whose value is a mapping from paths of parameters to values.</summary>
internal sealed class PathsField(string name, string description, string valueType) : Field(name, description)
{
    public override string TypeWords => "mapping from paths to values";

    public override bool Accepts(string text, out Trouble trouble)
    {
        trouble = new Trouble("must be a mapping");
        return false;
    }

    internal override JsonNode Schema() => new JsonObject
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["additionalProperties"] = new JsonObject { ["type"] = valueType == "number" ? "number" : new JsonArray("string", "number", "boolean") },
    };
}

/// <summary>The keys of a what-if file: reading, schema and documentation come from here.</summary>
internal static class WhatIfFormat
{
    /// <summary>A signed change, always with its percent sign or as a share.</summary>
    private static readonly FieldType<double> s_change = new("change such as +20 % or -10 %", ParseChange, (v, _) => FormattableString.Invariant($"{v * 100:+0.##;-0.##} %"), () => new JsonObject { ["type"] = new JsonArray("string", "number") });

    public static readonly Field<string> Name = new("name", Types.Text, "What is tried, for people.") { Otherwise = "the file's name", Example = "A rush order on Monday night" };
    public static readonly Field<string> NameZh = new("name_zh", Types.Text, "Its Chinese name.") { Otherwise = "the name", Example = "周一晚插单" };
    public static readonly Field<string> Description = new("description", Types.Text, "What it is about.") { Otherwise = "none", Example = "Sales asks whether 300 kg navy by Wednesday is possible." };
    public static readonly Field<string> Base = new("base", Types.Text, "Scenario that it changes, as a path from this file.") { Otherwise = "the one that the command names", Example = ".." };

    public static readonly Field<string> Machine = new("equipment", Types.Id, "The machine.") { Required = true, Example = "vat-07" };
    public static readonly Field<SimTime> At = new("at", Types.Moment, "When it stops.") { Required = true, Example = "2026-03-03 14:00" };
    public static readonly Field<Duration> Length = new("duration", Types.Time(positive: true), "How long.") { Required = true, Example = "8 h" };
    private static readonly Shape s_stop = new("breakdown", "A machine stops.", Machine, At, Length);

    public static readonly Field<string> Calendar = new("calendar", Types.Id, "The calendar.") { Required = true, Example = "two-shifts" };
    public static readonly Field<ImmutableArray<string>> Dates = new("dates", Types.List, "The days.") { Default = [], Required = true, Example = "[2026-03-07, 2026-03-08]" };
    public static readonly Field<ImmutableArray<string>> Windows = new("windows", Types.List, "Working hours beside the usual ones.") { Default = [], Required = true, Example = "[\"18:00-22:00\"]" };
    private static readonly Shape s_extra = new("extra_shift", "More working hours.", Calendar, Dates, Windows);
    public static readonly Field<string> ClosedCalendar = new("calendar", Types.Id, "The calendar.") { Required = true, Example = "two-shifts" };
    public static readonly Field<ImmutableArray<string>> ClosedDates = new("dates", Types.List, "The days.") { Default = [], Required = true, Example = "[2026-05-01]" };
    private static readonly Shape s_close = new("close", "Days off.", ClosedCalendar, ClosedDates);

    public static readonly Field<string> Tariff = new("tariff", Types.Id, "The tariff.") { Required = true, Example = "zhejiang" };
    public static readonly Field<string> Window = new("window", Types.Text, "Windows of this name get the price.") { Otherwise = "no window changes", Example = "peak" };
    public static readonly Field<double> Price = new("price", Types.Number(min: -1000), "Their price, currency per kWh.") { Otherwise = "no window changes", Example = "1.6" };
    public static readonly Field<double> BasePrice = new("base_price", Types.Number(), "Price outside all windows, currency per kWh.") { Otherwise = "as it is", Example = "0.7" };
    public static readonly Field<double> DemandPrice = new("demand_price_per_kw_month", Types.Number(), "Currency per kW of the highest quarter-hour and month.") { Otherwise = "as it is", Example = "42" };
    private static readonly Shape s_tariff = new("tariff", "Other electricity prices.", Tariff, Window, Price, BasePrice, DemandPrice);

    public static readonly Field<double> Change = new("change", s_change, "How much more or less.") { Required = true, Example = "+20 %" };
    public static readonly Field<DemandBy> By = new("by", Types.OneOf<DemandBy>(), "quantity: every order's quantity. orders: copies of orders appear, or orders are left out.") { Otherwise = "quantity", Example = "orders" };
    public static readonly Field<string> Product = new("product", Types.Id, "Only orders of this product.") { Otherwise = "all", Example = "yarn-32s-navy" };
    public static readonly Field<string> Family = new("family", Types.Id, "Only orders of this family.") { Otherwise = "all", Example = "dark" };
    public static readonly Field<string> Tenant = new("tenant", Types.Id, "Only orders of this firm.") { Otherwise = "all", Example = "acme" };
    public static readonly Field<ulong> Seed = new("seed", Types.Seed, "Which orders are copied or left out.") { Default = 1, Otherwise = "1", Example = "7" };
    private static readonly Shape s_demand = new("demand", "More or less demand.", Change, By, Product, Family, Tenant, Seed);

    public static readonly Field<string> Like = new("like", Types.Id, "The machine that it is a copy of, also in routings that name machines; other columns win over its.") { Otherwise = "the columns say everything", Example = "vat-07" };

    public static readonly ColumnsField RushOrder = new("rush_order", OrdersTable.Shape, "An order more.");
    public static readonly Field<ImmutableArray<string>> CancelOrder = new("cancel_order", Types.List, "One order or a list of orders that will not be made.") { Default = [], Example = "[B0001, B0007]" };
    public static readonly ColumnsField ChangeOrder = new("change_order", OrdersTable.Shape, "Other values for the order with this id: due, quantity, priority, …");
    public static readonly MapField Breakdown = new("breakdown", s_stop, "A machine breaks at a known moment.");
    public static readonly MapField Maintenance = new("maintenance", new Shape("maintenance", "A machine is taken out for maintenance.", Again(Machine), Again(At), Again(Length)), "A machine is taken out for maintenance at a known moment.");
    public static readonly MapField ExtraShift = new("extra_shift", s_extra, "More working hours on some days: overtime, a night shift.");
    public static readonly MapField Close = new("close", s_close, "Days on which nobody works.");
    public static readonly ColumnsField AddMachine = new("add_machine", EquipmentTable.Shape, "A machine more.", Like);
    public static readonly Field<ImmutableArray<string>> RemoveMachine = new("remove_machine", Types.List, "One machine or a list of machines that are not there.") { Default = [], Example = "vat-07" };
    public static readonly MapField TariffChange = new("tariff", s_tariff, "Other electricity prices.");
    public static readonly MapField Demand = new("demand", s_demand, "More or less demand.");
    public static readonly Field<DispatchRule> Dispatch = new("dispatch", Types.OneOf<DispatchRule>(), "Another dispatch rule.") { Example = "atc" };
    public static readonly Field<string> Schedule = new("schedule", Types.Text, "A schedule file to follow (.csv or .json), as a path from this file.") { Example = "plan.json" };
    public static readonly PathsField Set = new("set", "Any number of the scenario by its path: table.row.column, or the keys of scenario.yaml.", "any");
    public static readonly PathsField Scale = new("scale", "The same, multiplied by a factor ≥ 0.", "number");

    /// <summary>One patch: exactly one of its keys.</summary>
    public static readonly Shape Patch = new("patches", "One change: exactly one of these keys.",
        RushOrder, CancelOrder, ChangeOrder, Breakdown, Maintenance, ExtraShift, Close, AddMachine, RemoveMachine, TariffChange, Demand, Dispatch, Schedule, Set, Scale);

    public static readonly MapsField Patches = new("patches", Patch, "The changes, made one after the other; each item has exactly one key.") { Otherwise = "the base as it is" };

    public static readonly Shape Shape = new("whatif.yaml", "A what-if: a scenario with changes.", Name, NameZh, Description, Base, Patches);

    /// <summary>The same key in another mapping.</summary>
    private static Field<T> Again<T>(Field<T> f) => new(f.Name, f.Type, f.Description) { Required = f.Required, Example = f.Example, Default = f.Default, Otherwise = f.Otherwise };

    private static bool ParseChange(string text, in ParseContext context, out double value, out Trouble trouble)
    {
        var s = NumberText.Narrow(text).Trim().Replace('−', '-');
        var percent = s.EndsWith('%');
        if (!NumberText.TryParse((percent ? s[..^1] : s).TrimStart('+').Trim(), DecimalMark.PointFirst, out value, out trouble))
        {
            return false;
        }

        value = percent ? value / 100 : value;
        trouble = value <= -1 ? new Trouble("leaves nothing", "Use cancel_order to take orders out.")
            : value > 10 ? new Trouble("is more than tenfold", $"Maybe {NumberText.Format(value)} %?")
            : default;
        return trouble.What is null;
    }
}
