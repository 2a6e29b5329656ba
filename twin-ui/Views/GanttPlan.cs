using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>What the Gantt must know once: rows, names, colours, non-working windows and words. Bars come as <see cref="GanttFrame"/>.</summary>
/// <param name="Plant">Id of the plant.</param>
/// <param name="Bars">Address of the bars.</param>
/// <param name="Load">Address of the curves under the Gantt.</param>
/// <param name="OrderFirm">Index into <paramref name="Firms"/> per order; −1 none.</param>
/// <param name="Epoch">Unix ms of the plant's epoch.</param>
/// <param name="Zone">IANA time zone of the plant.</param>
/// <param name="Orders">Ids of all orders.</param>
/// <param name="Off">Per calendar: begin and end of each non-working window in turn, seconds since the epoch.</param>
/// <param name="Frozen">Nothing can be moved, and the chart follows the time: a replay.</param>
public sealed record GanttPlan(
    string Plant,
    string Bars,
    string Load,
    long Epoch,
    string Zone,
    string Language,
    IReadOnlyList<GanttRow> Rows,
    IReadOnlyList<FloorFamily> Families,
    IReadOnlyList<FloorStatus> Statuses,
    IReadOnlyList<string> Orders,
    IReadOnlyList<string> Firms,
    IReadOnlyList<int> OrderFirm,
    IReadOnlyList<IReadOnlyList<long>> Off,
    IReadOnlyDictionary<string, string> Texts,
    bool Frozen = false)
{
    /// <summary>The same for something that is looked at like the plant: a replay of its past.</summary>
    public GanttPlan For(string viewId) => this with { Plant = viewId, Bars = $"/screen/gantt?of={Uri.EscapeDataString(viewId)}", Load = $"/screen/load?of={Uri.EscapeDataString(viewId)}", Frozen = true };

    public static GanttPlan Of(CompiledScenario plant, Texts texts, SimTime now)
    {
        var scenario = plant.Scenario;
        var language = texts.Language;
        return new GanttPlan(
            scenario.Id,
            $"/screen/{Uri.EscapeDataString(scenario.Id)}/gantt",
            $"/screen/{Uri.EscapeDataString(scenario.Id)}/load",
            scenario.Clock.ToWallClock(SimTime.Zero).ToUnixTimeMilliseconds(),
            scenario.Clock.TimeZone,
            language,
            [.. plant.Plant.Equipment.Select(e => new GanttRow(
                e.Id, e.Name.In(language), plant.Plant.Sites[e.Site].Name.In(language), FloorPlan.AreaOf(plant, e, language), e.Calendar?.Index ?? -1))],
            FloorFamily.All(plant, language),
            FloorStatus.All(texts),
            [.. scenario.Orders.Select(o => o.Id)],
            [.. plant.Plant.Tenants.Select(t => t.Name.In(language))],
            [.. scenario.Orders.Select(o => o.Tenant?.Index ?? -1)],
            OffWindows(plant, now),
            texts.Under("gantt."));
    }

    /// <summary>Gaps between the working windows of each calendar, from two weeks before now to ten weeks after.</summary>
    private static long[][] OffWindows(CompiledScenario plant, SimTime now)
    {
        var from = now - Duration.FromDays(14);
        var to = now + Duration.FromDays(70);
        return [.. plant.Plant.Calendars.Select((_, c) =>
        {
            var user = Array.FindIndex([.. plant.Plant.Equipment], e => e.Calendar is { } own && own.Index == c);
            return user < 0 ? [] : Gaps(plant.CalendarOf(user)!, from, to);
        })];
    }

    private static long[] Gaps(CalendarTimeline calendar, SimTime from, SimTime to)
    {
        var gaps = new List<long>();
        for (var at = from; at < to;)
        {
            var open = calendar.NextWorking(at);
            if (open > at)
            {
                gaps.Add(at.Milliseconds / 1000);
                gaps.Add(SimTime.Min(open, to).Milliseconds / 1000);
            }

            at = open >= to ? to : calendar.NextChange(open);
        }

        return [.. gaps];
    }
}

/// <summary>A row of the Gantt: a machine.</summary>
/// <param name="Calendar">Index into <see cref="GanttPlan.Off"/>; −1 works round the clock.</param>
public sealed record GanttRow(string Id, string Name, string Site, string Area, int Calendar);
