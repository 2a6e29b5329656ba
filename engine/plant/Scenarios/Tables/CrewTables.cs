using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>Crew needs as people write them: <c>operator</c>, <c>fitter*2</c>.</summary>
internal static class CrewText
{
    public static readonly FieldType<CrewNeed> Type = new("skill, or skill*count", Parse, (v, _) => Format(v), () => new JsonObject { ["type"] = "string" });

    /// <summary>A column that names the people something needs.</summary>
    public static Field<CrewNeed> Need(string name, string description, string example = "operator") =>
        new(name, Type, description + " Id of an auxiliary or one of its skills, `*` how many.") { Otherwise = "nobody", Example = example };

    private static bool Parse(string text, in ParseContext context, out CrewNeed value, out Trouble trouble)
    {
        value = new CrewNeed(text);
        trouble = default;
        var star = text.LastIndexOf('*');
        if (star < 0)
        {
            return true;
        }

        if (star > 0 && int.TryParse(text.AsSpan(star + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1)
        {
            value = new CrewNeed(text[..star].Trim(), count);
            return true;
        }

        trouble = new Trouble("has no count ≥ 1 after '*'", "Write it like fitter*2.");
        return false;
    }

    private static string Format(CrewNeed need) =>
        need.Count == 1 && !need.Skill.Contains('*', StringComparison.Ordinal) ? need.Skill : FormattableString.Invariant($"{need.Skill}*{need.Count}");
}

/// <summary>auxiliaries.csv</summary>
internal static class AuxiliariesTable
{
    private static readonly Field<string> s_id = new("id", Types.Id, "The resource.") { Required = true, Example = "operator" };
    private static readonly Field<string> s_name = Labels.Name("the resource");
    private static readonly Field<string> s_nameZh = Labels.NameZh("the resource");
    public static readonly Field<int> Count = new("count", Types.Whole(1), "How many there are.") { Required = true, Example = "12" };
    private static readonly Field<ImmutableArray<string>> s_skills = new("skills", Types.List, "What they can do beside what their id says. A crew need is met by the first row that can and has people free.") { Default = [], Otherwise = "none", Example = "mechanics; electrics" };
    private static readonly Field<ShiftEndRule> s_shiftEnd = new("at_shift_end", Types.OneOf<ShiftEndRule>(), "What becomes of crew work in hand when a shift ends; setups, cleanings and maintenance are always finished.") { Otherwise = "finish", Example = "hold" };
    public static readonly Field<int> SideJobs = new("side_jobs", Types.Whole(0), "Jobs without equipment that they do side by side when nobody calls, one head each; a call interrupts them and they go on later.") { Otherwise = "0", Example = "100" };
    private static readonly Field<Distribution> s_sideTime = new("side_job_time", Types.TimeDistribution, "Time of one side job; needed where side_jobs is given. Each is followed by the next.") { Otherwise = "no side jobs", Example = "exponential(30 min)", HeadingUnits = DurationText.HeadingUnits };

    public static readonly Shape Shape = new("auxiliaries.csv", "What work needs beside equipment and what is limited by count: crews of people, yarn frames, moulds.", s_id, s_name, s_nameZh, Count, s_skills, s_shiftEnd, SideJobs, s_sideTime);

    public static ImmutableArray<AuxiliaryResource> Read(List<SourceRecord> rows, ILookup<string, CrewShift> shifts, ScenarioNames names) => [.. rows.Select(r => Read(r, shifts, names))];

    private static AuxiliaryResource Read(SourceRecord r, ILookup<string, CrewShift> shifts, ScenarioNames names)
    {
        var id = names.Auxiliaries.Add(r, s_id);
        if (r.Get(SideJobs) > 0 != r.Has(s_sideTime) && r.IsSound)
        {
            var (given, lacking) = r.Has(s_sideTime) ? ((Field)s_sideTime, (Field)SideJobs) : (SideJobs, s_sideTime);
            r.Error(lacking, $"{given.Name} is given but {lacking.Name} is missing", $"Maybe {lacking.Example}?");
        }

        return new AuxiliaryResource
        {
            Id = id,
            Name = Labels.Read(r, s_name, s_nameZh, id),
            Count = r.Get(Count),
            Skills = [.. r.Items(s_skills).Select(c => c.Text)],
            Shifts = [.. shifts[id]],
            AtShiftEnd = r.Get(s_shiftEnd),
            SideJobs = r.Get(SideJobs),
            SideJobTime = r.GetOrNothing(s_sideTime),
        };
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var a in scenario.Plant.Auxiliaries)
        {
            table.Row().Set(s_id, a.Id).SetLabel(s_name, s_nameZh, a.Name, a.Id).Set(Count, a.Count)
                .Set(s_skills, a.Skills).Set(s_shiftEnd, a.AtShiftEnd).Set(SideJobs, a.SideJobs).SetOrNone(s_sideTime, a.SideJobTime);
        }
    }
}

/// <summary>crew_shifts.csv: who of a pool is on duty when.</summary>
internal static class CrewShiftsTable
{
    private static readonly Field<string> s_auxiliary = new("auxiliary", Types.Id, "The pool; without rows here all of it is always on duty.") { Required = true, Example = "operator" };
    private static readonly Field<string> s_calendar = new("calendar", Types.Id, "When the shift is, with its holidays and overtime.") { Required = true, Example = "two-shifts" };
    private static readonly Field<int> s_count = new("count", Types.Whole(0), "Heads on duty while the calendar works; shifts that overlap add up, to at most the pool's count.") { Required = true, Example = "6" };

    public static readonly Shape Shape = new("crew_shifts.csv", "Shifts of crews: heads on duty by calendar.", s_auxiliary, s_calendar, s_count);

    /// <summary>The shifts of each pool, by its id.</summary>
    public static ILookup<string, CrewShift> Read(List<SourceRecord> rows, ScenarioNames names) =>
        rows.Select(r => (Pool: r.Get(s_auxiliary), Shift: new CrewShift(new CalendarId(names.Calendars.Resolve(r, s_calendar) ?? 0), r.Get(s_count))))
            .ToLookup(s => s.Pool, s => s.Shift, StringComparer.Ordinal);

    /// <summary>Reports rows whose pool does not exist.</summary>
    public static void Resolve(List<SourceRecord> rows, ScenarioNames names)
    {
        foreach (var row in rows)
        {
            names.Auxiliaries.Resolve(row, s_auxiliary);
        }
    }

    public static void Write(Scenario scenario, TableWriter table)
    {
        foreach (var pool in scenario.Plant.Auxiliaries)
        {
            foreach (var shift in pool.Shifts)
            {
                table.Row().Set(s_auxiliary, pool.Id).Set(s_calendar, scenario.Plant.Calendars[shift.Calendar].Id).Set(s_count, shift.Count);
            }
        }
    }
}
