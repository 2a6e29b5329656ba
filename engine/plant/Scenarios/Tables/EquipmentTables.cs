using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>equipment_classes.csv</summary>
internal static class EquipmentClassesTable
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The class.") { Required = true, Example = "vat" };
    private static readonly Field<string> s_name = Labels.Name("the class");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the class");
    private static readonly Field<int> s_buffer = new("input_buffer", Types.Whole(0), "Lots that may wait in front of the class before upstream equipment is blocked.") { Otherwise = "unlimited", Example = "20" };
    private static readonly Field<Duration> s_wait = new("batch_wait", Types.Time(), "Longest time the first lot of an under-loaded batch waits for company; 0 starts at once.") { Otherwise = "waits until the minimum load is reached or nothing else can come", Example = "2 h", HeadingUnits = DurationText.HeadingUnits };

    private static readonly Field<BatchForming> s_forming = new("forming", Types.OneOf<BatchForming>(), "When a batch that could still take company starts: at the minimum load; full, when nothing more would fit that could still come; due_pressed, at the minimum load or when its most urgent order would otherwise be late. Whatever it says, batch_wait ends the wait.") { Otherwise = "minimum", Example = "due_pressed" };

    public static readonly Shape Shape = new("equipment_classes.csv", "Kinds of interchangeable equipment.", s_id, s_name, s_nameZh, s_buffer, s_wait, s_forming);

    public static ImmutableArray<EquipmentClass> Read(List<SourceRecord> rows, ScenarioNames names) => [.. rows.Select(r => Read(r, names))];

    private static EquipmentClass Read(SourceRecord r, ScenarioNames names)
    {
        var id = names.EquipmentClasses.Add(r, s_id);
        return new EquipmentClass
        {
            Id = id,
            Name = Labels.Read(r, s_name, s_nameZh, id),
            InputBuffer = r.GetOrNull(s_buffer),
            BatchWait = r.GetOrNull(s_wait),
            Forming = r.Get(s_forming),
        };
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var c in scenario.Plant.EquipmentClasses)
        {
            table.Row().Set(s_id, c.Id).SetLabel(s_name, s_nameZh, c.Name, c.Id).SetOrNone(s_buffer, c.InputBuffer).SetOrNone(s_wait, c.BatchWait).Set(s_forming, c.Forming);
        }
    }
}

/// <summary>equipment.csv</summary>
internal static class EquipmentTable
{
    private static readonly string[] s_units = ["kg", "pcs", "m3", "m", "l", "t"];

    private static readonly Field<string> s_id = new("id", Types.Id, "The machine.") { Required = true, Example = "vat-07" };
    private static readonly Field<string> s_name = Labels.Name("the machine");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the machine");
    private static readonly Field<string> s_class = new("class", Types.Id, "Its class.") { Required = true, Example = "vat" };
    private static readonly Field<string> s_site = new("site", Types.Id, "Where it stands.") { Otherwise = "the only site", Example = "north-hall" };
    private static readonly Field<string> s_workCenter = new("work_center", Types.Text, "Line, hall or cell, for rows and map areas.") { Otherwise = "none", Example = "Hall A" };
    private static readonly Field<string> s_owner = new("owner", Types.Id, "The firm that owns it.") { Otherwise = "the plant itself", Example = "acme" };
    private static readonly Field<bool> s_shared = new("shared", Types.YesNo, "Whether firms other than the owner may use it.") { Default = true, Otherwise = "yes", Example = "yes" };
    public static readonly Field<double> CapacityMin = new("capacity_min", Types.Number(max: 1e12), "Smallest load that may be processed.") { Otherwise = "0", Example = "120", HeadingUnits = s_units };
    public static readonly Field<double> CapacityNominal = new("capacity_nominal", Types.Number(max: 1e12, positive: true), "The load it was built for; loading % refers to it.") { Default = double.PositiveInfinity, Otherwise = "unlimited", Example = "200", HeadingUnits = s_units };
    public static readonly Field<double> CapacityMax = new("capacity_max", Types.Number(max: 1e12, positive: true), "Largest load of one batch.") { Default = double.PositiveInfinity, Otherwise = "unlimited", Example = "220", HeadingUnits = s_units };
    private static readonly Field<string> s_capacityUnit = new("capacity_unit", Types.Text, "Unit of the three capacities, unless their headings name it (capacity_max_kg).") { Default = "pcs", Otherwise = "pcs", Example = "kg" };
    private static readonly Field<int> s_slots = new("slots", Types.Whole(1, 10_000), "Batches of their own that it can process side by side (fixtures, rack places); ports share one batch.") { Default = 1, Otherwise = "1", Example = "1" };
    private static readonly Field<ImmutableArray<string>> s_capabilities = new("capabilities", Types.List, "What it can do beyond its class; operations may require some.") { Default = [], Otherwise = "none", Example = "pressure; sampler" };
    public static readonly Field<ImmutableArray<string>> AllowedFamilies = new("allowed_families", Types.List, "Families it may process.") { Default = [], Otherwise = "all", Example = "dark; medium" };
    private static readonly Field<ImmutableArray<string>> s_preferred = new("preferred_families", Types.List, "Families it should process when there is a choice.") { Default = [], Otherwise = "no preference", Example = "dark" };
    private static readonly Field<string> s_initial = new("initial_family", Types.Id, "Family it was left in at the start.") { Otherwise = "clean", Example = "dark" };
    public static readonly Field<string> Changeover = new("changeover", Types.Id, "Changeover rule, from scenario.yaml.") { Otherwise = "no changeovers", Example = "vat-cleaning" };
    private static readonly Field<double> s_speed = new("speed_factor", Types.Number(max: 1000, positive: true), "Speed relative to the routing's times; 2 halves them.") { Default = 1, Otherwise = "1", Example = "1.1" };
    private static readonly Field<double> s_idleKw = new("idle_kw", Types.Number(unit: "kW"), "Electric power while ready but not working.") { Otherwise = "0", Example = "1.5" };
    private static readonly Field<double> s_runningKw = new("running_kw", Types.Number(unit: "kW"), "Electric power while processing, where a phase gives none.") { Otherwise = "0", Example = "22" };
    public static readonly Field<Distribution> TimeToFailure = new("time_to_failure", Types.TimeDistribution, "Working time from repair to the next failure.") { Otherwise = "never fails", Example = "weibull(shape 1.2, scale 40 h)", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<Distribution> s_repair = new("time_to_repair", Types.TimeDistribution, "Repair time; needed where time_to_failure is given.") { Otherwise = "never fails", Example = "lognormal(median 20 min, sigma 0.9)", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<AfterBreakdown> s_after = new("after_breakdown", Types.OneOf<AfterBreakdown>(), "What becomes of its batches when it breaks: they go on, begin anew, or are scrapped and done again.") { Otherwise = "resume", Example = "repeat" };
    public static readonly Field<string> Calendar = new("calendar", Types.Id, "Working hours.") { Otherwise = "round the clock", Example = "two-shifts" };
    public static readonly Field<CrewNeed> SetupCrew = CrewText.Need("setup_crew", "Who sets it up and cleans it.", "setter");
    public static readonly Field<CrewNeed> RepairCrew = CrewText.Need("repair_crew", "Who repairs it; it is down until they come.", "fitter*2");
    private static readonly Field<double> s_criticality = new("criticality", Types.Number(max: 1e6, positive: true), "Weight among machines that wait for the same people: higher goes first, equals in the order of waiting.") { Default = 1, Otherwise = "1", Example = "3" };
    private static readonly Field<double> s_x = new("x_m", Types.Number(min: -1e6, max: 1e6), "Place on the floor map, metres to the east.") { Otherwise = "laid out automatically", Example = "12" };
    private static readonly Field<double> s_y = new("y_m", Types.Number(min: -1e6, max: 1e6), "Place on the floor map, metres to the south.") { Otherwise = "laid out automatically", Example = "4.5" };

    private static readonly Field<double> s_risk = new("quality_risk", Types.Number(max: 1000), "Multiplies the probabilities of additions, repetitions and losses of batches on it.") { Default = 1, Otherwise = "1", Example = "1.5" };
    private static readonly Field<int> s_ports = new("ports", Types.Whole(1, 1000), "Ports (ropes of a jet) over which one batch is spread evenly, in as few as hold it. Not beside slots.") { Default = 1, Otherwise = "1", Example = "4" };
    private static readonly Field<double> s_portMin = new("port_min", Types.Number(max: 1e12), "Smallest load of a port in use: a batch that leaves its ports emptier waits for company like one below capacity_min.") { Otherwise = "0", Example = "140", HeadingUnits = s_units };
    private static readonly Field<double> s_portMax = new("port_max", Types.Number(max: 1e12, positive: true), "Largest load of a port; needed where there are ports.") { Default = double.PositiveInfinity, Otherwise = "unlimited", Example = "180", HeadingUnits = s_units };

    public static readonly Shape Shape = new("equipment.csv", "Machines, vats, stations, fixtures, furnaces, tanks and racks. Required.",
        s_id, s_name, s_nameZh, s_class, s_site, s_workCenter, s_owner, s_shared, CapacityMin, CapacityNominal, CapacityMax, s_capacityUnit, s_slots,
        s_capabilities, AllowedFamilies, s_preferred, s_initial, Changeover, s_speed, s_idleKw, s_runningKw, TimeToFailure, s_repair, s_after, Calendar,
        SetupCrew, RepairCrew, s_criticality, s_x, s_y, s_risk, s_ports, s_portMin, s_portMax);

    public static ImmutableArray<Equipment> Read(List<SourceRecord> rows, ScenarioNames names) => [.. rows.Select(r => Read(r, names))];

    private static Equipment Read(SourceRecord r, ScenarioNames names)
    {
        var id = names.Equipment.Add(r, s_id);
        if (!r.Has(s_site) && names.Sites.Sources.Count > 1)
        {
            r.Error(s_site, $"equipment '{id}' has no site, and there are {names.Sites.Sources.Count}", $"Maybe {names.Sites.Ids.First()}?");
        }

        if (r.Has(TimeToFailure) != r.Has(s_repair))
        {
            var (given, lacking) = r.Has(TimeToFailure) ? (TimeToFailure, s_repair) : (s_repair, TimeToFailure);
            r.Error(lacking, $"{given.Name} is given but {lacking.Name} is missing", $"Maybe {lacking.Example}?");
        }

        if (r.Has(s_x) != r.Has(s_y))
        {
            r.Error(r.Has(s_x) ? s_y : s_x, "only one of x_m and y_m is given", "Give both, or neither.");
        }

        CheckPorts(r, id);
        var (portMin, portMax, ports) = (r.Get(s_portMin), r.Get(s_portMax), r.Get(s_ports));
        return new Equipment
        {
            Ports = ports, PortMin = portMin, PortMax = portMax,
            Id = id,
            Name = Labels.Read(r, s_name, s_nameZh, id),
            Class = new EquipmentClassId(names.EquipmentClasses.Resolve(r, s_class) ?? 0),
            Site = new SiteId(names.Sites.Resolve(r, s_site) ?? 0),
            WorkCenter = r.Get(s_workCenter),
            Owner = names.Tenants.Resolve(r, s_owner) is { } owner ? new TenantId(owner) : null,
            Shared = r.Get(s_shared),
            CapacityMin = r.Has(CapacityMin) ? r.Get(CapacityMin) : portMin,
            CapacityNominal = r.Has(CapacityNominal) ? r.Get(CapacityNominal) : ports * portMax,
            CapacityMax = r.Has(CapacityMax) ? r.Get(CapacityMax) : ports * portMax,
            CapacityUnit = r.TryGet(s_capacityUnit, out var unit) ? unit : r[CapacityMax].HeadingUnit ?? r[CapacityNominal].HeadingUnit ?? r[CapacityMin].HeadingUnit ?? unit,
            Slots = r.Get(s_slots),
            Capabilities = [.. r.Items(s_capabilities).Select(c => c.Text)],
            AllowedFamilies = [.. names.Families.ResolveAll(r, AllowedFamilies).Select(f => new FamilyId(f))],
            PreferredFamilies = [.. names.Families.ResolveAll(r, s_preferred).Select(f => new FamilyId(f))],
            InitialFamily = names.Families.Resolve(r, s_initial) is { } initial ? new FamilyId(initial) : null,
            Changeover = names.ChangeoverRules.Resolve(r, Changeover) is { } rule ? new ChangeoverRuleId(rule) : null,
            SpeedFactor = r.Get(s_speed),
            IdleKw = r.Get(s_idleKw),
            QualityRisk = r.Get(s_risk),
            RunningKw = r.Get(s_runningKw),
            TimeToFailure = r.GetOrNothing(TimeToFailure),
            TimeToRepair = r.GetOrNothing(s_repair),
            Calendar = names.Calendars.Resolve(r, Calendar) is { } calendar ? new CalendarId(calendar) : null,
            AfterBreakdown = r.Get(s_after),
            SetupCrew = r.GetOrNothing(SetupCrew),
            RepairCrew = r.GetOrNothing(RepairCrew),
            Criticality = r.Get(s_criticality),
            Position = r.GetOrNull(s_x) is { } x && r.GetOrNull(s_y) is { } y ? (x, y) : null,
        };
    }

    private static void CheckPorts(SourceRecord r, string id)
    {
        var (ports, min, max) = (r.Get(s_ports), r.Get(s_portMin), r.Get(s_portMax));
        if (ports > 1 && r.Get(s_slots) > 1)
        {
            r.Error(s_ports, $"equipment '{id}' has {ports} ports and {r.Get(s_slots)} slots", "Ports share one batch and slots take their own; keep one of the two.");
        }

        if (ports > 1 && !r.Has(s_portMax))
        {
            r.Error(s_portMax, $"equipment '{id}' has {ports} ports and no port_max", "Say how much one port takes.");
        }
        else if (min > max)
        {
            r.Error(s_portMin, $"port_min '{r[s_portMin].Text}' is more than port_max '{r[s_portMax].Text}'", "Maybe the two are swapped?");
        }
        else if (r.Has(CapacityMax) && r.Get(CapacityMax) > ports * max * (1 + 1e-9))
        {
            r.Error(CapacityMax, $"capacity_max '{r[CapacityMax].Text}' is more than the {ports} ports hold: {NumberText.Format(ports * max)}", "Leave it empty, or lower it.");
        }
        else if (ports > 1 && !r.Has(CapacityNominal) && r.Has(CapacityMax))
        {
            r.Error(CapacityNominal, $"equipment '{id}' has a capacity_max of its own beside its ports, and no capacity_nominal", "Give both, or neither.");
        }
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        var plant = scenario.Plant;
        foreach (var e in plant.Equipment)
        {
            table.Row().Set(s_id, e.Id).SetLabel(s_name, s_nameZh, e.Name, e.Id)
                .Set(s_class, plant.EquipmentClasses[e.Class].Id)
                .SetOrNone(s_site, plant.Sites.Length > 1 ? plant.Sites[e.Site].Id : null)
                .Set(s_workCenter, e.WorkCenter)
                .SetOrNone(s_owner, e.Owner is { } owner ? plant.Tenants[owner].Id : null)
                .Set(s_shared, e.Shared)
                .Set(CapacityMin, e.CapacityMin).Set(CapacityNominal, e.CapacityNominal).Set(CapacityMax, e.CapacityMax).Set(s_capacityUnit, e.CapacityUnit)
                .Set(s_slots, e.Slots)
                .Set(s_capabilities, e.Capabilities)
                .Set(AllowedFamilies, [.. e.AllowedFamilies.Select(f => plant.Families[f].Id)])
                .Set(s_preferred, [.. e.PreferredFamilies.Select(f => plant.Families[f].Id)])
                .SetOrNone(s_initial, e.InitialFamily is { } initial ? plant.Families[initial].Id : null)
                .SetOrNone(Changeover, e.Changeover is { } rule ? plant.ChangeoverRules[rule].Id : null)
                .Set(s_speed, e.SpeedFactor).Set(s_idleKw, e.IdleKw).Set(s_runningKw, e.RunningKw).Set(s_risk, e.QualityRisk)
                .SetOrNone(TimeToFailure, e.TimeToFailure).SetOrNone(s_repair, e.TimeToRepair).Set(s_after, e.AfterBreakdown)
                .SetOrNone(Calendar, e.Calendar is { } calendar ? plant.Calendars[calendar].Id : null)
                .SetOrNone(SetupCrew, e.SetupCrew).SetOrNone(RepairCrew, e.RepairCrew).Set(s_criticality, e.Criticality)
                .Set(s_ports, e.Ports).Set(s_portMin, e.PortMin).Set(s_portMax, e.PortMax)
                .SetOrNone(s_x, e.Position?.X).SetOrNone(s_y, e.Position?.Y);
        }
    }
}
