using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Sharing;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>A line of the capacity map: a class, in one area or in all, week by week.</summary>
public sealed record CapacityRow(string Class, string Site, IReadOnlyList<CapacityCell> Weeks);

/// <summary>The capacity map of a live plant as lines and columns.</summary>
public sealed class CapacityView
{
    /// <summary>The five words of ISA-95, in the order in which they are stacked.</summary>
    public static IReadOnlyList<(string Key, string Color, Func<CapacityHours, double> Hours)> Parts { get; } =
    [
        ("used", "st-running", h => h.Used), ("unused", "st-idle", h => h.Unused), ("committed", "st-unloading", h => h.Committed),
        ("available", "st-cleaning", h => h.Available), ("unattainable", "st-nonscheduled", h => h.Unattainable),
    ];

    private const int WeeksBack = 3;

    /// <param name="past">How machines spent their time so far, in buckets that divide a week; <c>null</c> before the first event.</param>
    /// <param name="viewer">The firm that looks; <c>null</c> for the public.</param>
    public CapacityView(CompiledScenario plant, PlantState state, BottleneckReport? past, TenantId? viewer, int weeksAhead, bool bySite, string words, Texts texts)
    {
        var weeks = past?.InBucketsOf(CapacityMap.Week) ?? BottleneckReport.Of(new BottleneckTracker(state, CapacityMap.Week), state.Now);
        Map = CapacityMap.Of(state, weeks, viewer, weeksAhead, bySite);
        var first = state.Now - CapacityMap.Week * (WeeksBack + 1);
        Weeks = [.. Map.Cells.Select(c => c.Week).Distinct().Order().Where(w => w > first)];
        var asked = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Rows =
        [
            .. Map.Cells.GroupBy(c => (c.Class, c.Site))
                .Select(g => new CapacityRow(
                    plant.Plant.EquipmentClasses[g.Key.Class].Name.In(texts.Language), g.Key.Site is { } site ? plant.Plant.Sites[site].Name.In(texts.Language) : "",
                    [.. g.Where(c => c.Week > first).OrderBy(c => c.Week)]))
                .Where(r => Array.TrueForAll(asked, w => r.Class.Contains(w, StringComparison.OrdinalIgnoreCase) || r.Site.Contains(w, StringComparison.OrdinalIgnoreCase))),
        ];
    }

    public CapacityMap Map { get; }

    /// <summary>Begins of the columns.</summary>
    public IReadOnlyList<SimTime> Weeks { get; }

    public IReadOnlyList<CapacityRow> Rows { get; }
}
