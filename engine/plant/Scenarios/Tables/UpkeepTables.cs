using System.Collections.Immutable;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>The columns that failure modes and plans share: whose they are, and what they are counted in.</summary>
internal static class UpkeepFields
{
    public static Field<string> Class(string what) => new("class", Types.Id, $"Every machine of this class has the {what}.") { Otherwise = "the machine in the column equipment", Example = "spindle" };

    public static Field<string> Equipment(string what) => new("equipment", Types.Id, $"This machine has the {what}.") { Otherwise = "the machines of the class", Example = "spindle-07" };

    public static Field<UsageClock> Clock(string what) => new("clock", Types.OneOf<UsageClock>(), $"What {what} is counted in: running (processing), working (in working hours, stops left out) and calendar time, batches, or quantity in the capacity's unit.") { Otherwise = "running", Example = "calendar" };

    /// <summary>The class or machine of a row, of which there must be one.</summary>
    public static (EquipmentClassId? Class, EquipmentId? Equipment) Owner(SourceRecord row, Field<string> kind, Field<string> machine, ScenarioNames names)
    {
        if (row.Has(kind) == row.Has(machine))
        {
            row.Error(row.Has(kind) ? machine : kind, row.Has(kind) ? "both class and equipment are given" : "neither class nor equipment is given", "Give one of them.");
        }

        return (names.EquipmentClasses.Resolve(row, kind) is { } c ? new EquipmentClassId(c) : null, names.Equipment.Resolve(row, machine) is { } e ? new EquipmentId(e) : null);
    }

    /// <summary>Of two columns the one that suits the clock must be given (if any), and not the other.</summary>
    public static void OneByClock(SourceRecord row, UsageClock clock, Field time, Field count, bool required)
    {
        var (right, wrong) = clock is UsageClock.Batches or UsageClock.Quantity ? (count, time) : (time, count);
        if (row.Has(wrong))
        {
            row.Error(wrong, $"{wrong.Name} does not suit the clock '{Types.OneOf<UsageClock>().Format(clock, null!)}'", $"Use {right.Name}, or another clock.");
        }
        else if (required && !row.Has(right))
        {
            row.Error(right, $"{right.Name} is missing", $"Write {right.ArticledType}, such as {right.Example}.");
        }
    }
}

/// <summary>failure_modes.csv</summary>
internal static class FailureModesTable
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The failure mode.") { Required = true, Example = "bearing" };
    private static readonly Field<string> s_class = UpkeepFields.Class("mode");
    private static readonly Field<string> s_equipment = UpkeepFields.Equipment("mode");
    private static readonly Field<UsageClock> s_clock = UpkeepFields.Clock("its age");
    public static readonly Field<Distribution> Life = new("life", Types.TimeDistribution, "Age at the failure, from new, where the clock is a time.") { Otherwise = "life_count says", Example = "weibull(shape 2, scale 3000 h)", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<Distribution> s_lifeCount = new("life_count", Types.NumberDistribution, "Age at the failure, from new, where the clock counts batches or quantity.") { Otherwise = "life says", Example = "weibull(shape 2, scale 5000)" };
    private static readonly Field<Distribution> s_repair = new("time_to_repair", Types.TimeDistribution, "How long its repair takes.") { Required = true, Example = "lognormal(median 4 h, sigma 0.5)", HeadingUnits = DurationText.HeadingUnits };
    public static readonly Field<Restoration> Restores = new("restores", Types.OneOf<Restoration>(), "What the repair makes of the component: as_new begins its life again; minimal lets it work on at its age.") { Otherwise = "as_new", Example = "minimal" };
    public static readonly Field<CrewNeed> RepairCrew = CrewText.Need("repair_crew", "Who repairs it; the equipment's repair crew where it is empty.", "fitter");
    private static readonly Field<AfterBreakdown> s_after = new("after_breakdown", Types.OneOf<AfterBreakdown>(), "What becomes of the batches in the machine: they resume, repeat from the start, or are scrapped and done again.") { Otherwise = "resume", Example = "scrap" };
    private static readonly Field<double> s_cost = new("cost", Types.Number(max: 1e12), "Cost of one failure: parts, damage, the scrapped work.") { Otherwise = "0", Example = "12000" };
    public static readonly Field<double> Baseline = new("baseline", Types.Number(max: 1000, positive: true, unit: "mm/s"), "Vibration of a sound component, mm/s RMS; with it the mode can be felt before it fails.") { Otherwise = "the mode comes without a warning", Example = "1.2" };
    public static readonly Field<double> Limit = new("limit", Types.Number(max: 1000, positive: true, unit: "mm/s"), "Vibration at the failure, mm/s RMS.") { Otherwise = "no signal", Example = "11.2" };
    private static readonly Field<Distribution> s_pf = new("pf_interval", Types.TimeDistribution, "Time on the clock from P, where the vibration leaves its baseline and grows exponentially, to the failure F.") { Otherwise = "no signal", Example = "lognormal(median 300 h, sigma 0.4)", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<Duration> s_every = new("inspection_every", Types.Time(positive: true), "Calendar time between readings, taken while the machine runs.") { Otherwise = "a monitor reports whenever the level has grown by a tenth or reaches that of a plan", Example = "7 d", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<double> s_noise = new("noise", Types.Number(max: 2), "Standard deviation of the logarithm of a reading's error; about the relative error.") { Otherwise = "0", Example = "0.08" };
    private static readonly Field<double> s_readingCost = new("reading_cost", Types.Number(max: 1e9), "Cost of one reading.") { Otherwise = "0", Example = "15" };
    private static readonly Field<MachineSupport> s_support = new("support", Types.OneOf<MachineSupport>(), "How the machine stands, for the zones of ISO 20816-3: boundaries 2.3, 4.5, 7.1 mm/s when rigid, 3.5, 7.1, 11.2 when flexible.") { Otherwise = "rigid", Example = "flexible" };

    public static readonly Shape Shape = new("failure_modes.csv", "Ways in which equipment fails, each with its own life, repair and perhaps a vibration that warns. The modes of one machine compete; time_to_failure in equipment.csv is the simple way.",
        s_id, s_class, s_equipment, s_clock, Life, s_lifeCount, s_repair, Restores, RepairCrew, s_after, s_cost, Baseline, Limit, s_pf, s_every, s_noise, s_readingCost, s_support);

    public static ImmutableArray<FailureMode> Read(List<SourceRecord> rows, ScenarioNames names) => [.. rows.Select(r => Read(r, names))];

    private static FailureMode Read(SourceRecord r, ScenarioNames names)
    {
        var id = names.FailureModes.Add(r, s_id);
        var (kind, machine) = UpkeepFields.Owner(r, s_class, s_equipment, names);
        var clock = r.Get(s_clock);
        UpkeepFields.OneByClock(r, clock, Life, s_lifeCount, required: true);
        return new FailureMode
        {
            Id = id, Class = kind, Equipment = machine, Clock = clock,
            Life = r.GetOrNothing(Life) ?? r.GetOrNothing(s_lifeCount) ?? Distribution.Constant(Duration.MillisecondsPerDay),
            TimeToRepair = r.GetOrNothing(s_repair) ?? Distribution.Constant(Duration.MillisecondsPerHour),
            Restores = r.Get(Restores), RepairCrew = r.GetOrNothing(RepairCrew), AfterBreakdown = r.Get(s_after), Cost = r.Get(s_cost),
            Signal = Signal(r, clock),
        };
    }

    private static ConditionSignal? Signal(SourceRecord r, UsageClock clock)
    {
        Field[] needed = [Baseline, Limit, s_pf];
        Field[] optional = [s_every, s_noise, s_readingCost];
        if (!needed.Concat(optional).Any(r.Has))
        {
            return null;
        }

        if (needed.FirstOrDefault(f => !r.Has(f)) is { } lacking)
        {
            r.Error(lacking, $"{lacking.Name} is missing beside {needed.Concat(optional).First(r.Has).Name}", $"Write {lacking.ArticledType}, such as {lacking.Example}; a signal has a baseline, a limit and a pf_interval.");
            return null;
        }

        if (clock is UsageClock.Batches or UsageClock.Quantity)
        {
            r.Error(s_pf, "a mode that counts batches or quantity has no pf_interval in time", "Count its age in running hours, or leave the signal out.");
        }
        else if (r.TryGet(Baseline, out var low) && r.TryGet(Limit, out var high) && high <= low)
        {
            r.Error(Limit, $"limit '{r[Limit].Text}' is not above the baseline '{r[Baseline].Text}'", "Maybe the two are swapped?");
        }

        return new ConditionSignal
        {
            Baseline = r.Get(Baseline), Limit = r.Get(Limit), PfInterval = r.GetOrNothing(s_pf) ?? Distribution.Constant(1), InspectionEvery = r.GetOrNull(s_every),
            Noise = r.Get(s_noise), ReadingCost = r.Get(s_readingCost), Support = r.Get(s_support),
        };
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var m in scenario.Plant.FailureModes)
        {
            var counts = m.Clock is UsageClock.Batches or UsageClock.Quantity;
            var row = table.Row().Set(s_id, m.Id)
                .SetOrNone(s_class, m.Class is { } c ? scenario.Plant.EquipmentClasses[c].Id : null)
                .SetOrNone(s_equipment, m.Equipment is { } e ? scenario.Plant.Equipment[e].Id : null)
                .Set(s_clock, m.Clock).SetOrNone(Life, counts ? null : m.Life).SetOrNone(s_lifeCount, counts ? m.Life : null)
                .Set(s_repair, m.TimeToRepair).Set(Restores, m.Restores).SetOrNone(RepairCrew, m.RepairCrew).Set(s_after, m.AfterBreakdown).Set(s_cost, m.Cost);
            if (m.Signal is { } signal)
            {
                row.SetOrNone(Baseline, (double?)signal.Baseline).SetOrNone(Limit, (double?)signal.Limit).SetOrNone(s_pf, signal.PfInterval).SetOrNone(s_every, signal.InspectionEvery)
                    .Set(s_noise, signal.Noise).Set(s_readingCost, signal.ReadingCost).Set(s_support, signal.Support);
            }
        }
    }
}

/// <summary>maintenance.csv</summary>
internal static class MaintenanceTable
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The plan.") { Required = true, Example = "replace-bearing" };
    private static readonly Field<string> s_class = UpkeepFields.Class("plan");
    private static readonly Field<string> s_equipment = UpkeepFields.Equipment("plan");
    private static readonly Field<UsageClock> s_clock = UpkeepFields.Clock("the interval");
    private static readonly Field<Duration> s_every = new("every", Types.Time(positive: true), "Interval, where the clock is a time.") { Otherwise = "no interval", Example = "1500 h", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<double> s_everyCount = new("every_count", Types.Number(max: 1e12, positive: true), "Interval, where the clock counts batches or quantity.") { Otherwise = "no interval", Example = "400" };
    private static readonly Field<IntervalStart> s_from = new("counted_from", Types.OneOf<IntervalStart>(), "What the interval is counted from: the last renewal of the one mode that it renews, be it by repair (age replacement), or the last maintenance by this plan (block replacement).") { Otherwise = "renewal", Example = "maintenance" };
    public static readonly Field<string> Watches = new("watches", Types.Id, "Failure mode whose readings order it.") { Otherwise = "none", Example = "bearing" };
    public static readonly Field<double> AtLevel = new("at_level", Types.Number(max: 1000, positive: true, unit: "mm/s"), "Reading of the watched mode from which it is ordered, mm/s.") { Otherwise = "no reading orders it", Example = "4.5" };
    private static readonly Field<Duration> s_lead = new("lead_time", Types.Time(), "From the order until it can begin: parts, people.") { Otherwise = "0", Example = "2 d", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<Duration> s_defer = new("defer", Types.Time(), "How much longer it waits for the machine to be idle; work that is not expected to be over by then does not begin.") { Otherwise = "0: before the next work", Example = "24 h", HeadingUnits = DurationText.HeadingUnits };
    private static readonly Field<string> s_window = new("window", Types.Id, "Calendar in whose hours it may begin.") { Otherwise = "at any time", Example = "night" };
    private static readonly Field<Distribution> s_duration = new("duration", Types.TimeDistribution, "How long it takes.") { Required = true, Example = "3 h", HeadingUnits = DurationText.HeadingUnits };
    public static readonly Field<CrewNeed> Crew = CrewText.Need("crew", "Who does it.", "fitter");
    public static readonly Field<ImmutableArray<string>> Renews = new("renews", Types.List, "Failure modes whose life it begins anew.") { Default = [], Otherwise = "none", Example = "bearing" };
    private static readonly Field<double> s_together = new("together_within", Types.Share, "It joins other maintenance of the machine by the same skill when it is ordered too, or when this share of its interval or less is left; the times add up.") { Otherwise = "always by itself", Example = "15 %" };
    private static readonly Field<double> s_cost = new("cost", Types.Number(max: 1e12), "Cost of doing it once.") { Otherwise = "0", Example = "2500" };

    public static readonly Shape Shape = new("maintenance.csv", "Preventive maintenance: by interval, by condition, or (with neither) only when somebody orders it. It begins when the machine is idle, at the latest when defer is over.",
        s_id, s_class, s_equipment, s_clock, s_every, s_everyCount, s_from, Watches, AtLevel, s_lead, s_defer, s_window, s_duration, Crew, Renews, s_together, s_cost);

    public static ImmutableArray<MaintenancePlan> Read(List<SourceRecord> rows, ScenarioNames names) => [.. rows.Select(r => Read(r, names))];

    private static MaintenancePlan Read(SourceRecord r, ScenarioNames names)
    {
        var id = names.MaintenancePlans.Add(r, s_id);
        var (kind, machine) = UpkeepFields.Owner(r, s_class, s_equipment, names);
        var clock = r.Get(s_clock);
        UpkeepFields.OneByClock(r, clock, s_every, s_everyCount, required: false);
        if (r.Has(AtLevel) && !r.Has(Watches))
        {
            r.Error(Watches, "at_level is given but watches is missing", "Name the failure mode whose readings order it.");
        }

        return new MaintenancePlan
        {
            Id = id, Class = kind, Equipment = machine, Clock = clock,
            Every = r.TryGet(s_every, out var time) ? time.Milliseconds : r.GetOrNull(s_everyCount),
            CountedFrom = r.Get(s_from), Watches = names.FailureModes.Resolve(r, Watches), AtLevel = r.GetOrNull(AtLevel),
            LeadTime = r.Get(s_lead), Defer = r.Get(s_defer), Window = names.Calendars.Resolve(r, s_window) is { } c ? new CalendarId(c) : null,
            Duration = r.GetOrNothing(s_duration) ?? Distribution.Constant(Duration.MillisecondsPerHour), Crew = r.GetOrNothing(Crew),
            Renews = [.. names.FailureModes.ResolveAll(r, Renews)], TogetherWithin = r.GetOrNull(s_together), Cost = r.Get(s_cost),
        };
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        var plant = scenario.Plant;
        foreach (var p in plant.MaintenancePlans)
        {
            var counts = p.Clock is UsageClock.Batches or UsageClock.Quantity;
            table.Row().Set(s_id, p.Id)
                .SetOrNone(s_class, p.Class is { } c ? plant.EquipmentClasses[c].Id : null)
                .SetOrNone(s_equipment, p.Equipment is { } e ? plant.Equipment[e].Id : null)
                .Set(s_clock, p.Clock)
                .SetOrNone(s_every, p.Every is { } ms && !counts ? new Duration((long)ms) : null).SetOrNone(s_everyCount, counts ? p.Every : null)
                .Set(s_from, p.CountedFrom).SetOrNone(Watches, p.Watches is { } w ? plant.FailureModes[w].Id : null).SetOrNone(AtLevel, p.AtLevel)
                .Set(s_lead, p.LeadTime).Set(s_defer, p.Defer).SetOrNone(s_window, p.Window is { } o ? plant.Calendars[o].Id : null)
                .Set(s_duration, p.Duration).SetOrNone(Crew, p.Crew).Set(Renews, [.. p.Renews.Select(m => plant.FailureModes[m].Id)])
                .SetOrNone(s_together, p.TogetherWithin).Set(s_cost, p.Cost);
        }
    }
}
