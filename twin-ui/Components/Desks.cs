using MudBlazor;

namespace DigitalTwin.Ui.Components;

/// <summary>Who a page is for.</summary>
public enum Desk
{
    /// <summary>What shall be done: orders, schedule, goals, bottlenecks.</summary>
    Planner,

    /// <summary>What is being done: floor, shared capacity, supply, condition, trace.</summary>
    Dispatcher,

    /// <summary>What was done and could be done better.</summary>
    Trainer,
}

/// <summary>A page of the navigation.</summary>
/// <param name="Href">Its address.</param>
/// <param name="Key">Its word is the text <c>nav.&lt;key&gt;</c>.</param>
/// <param name="Icon">Drawn paths of an icon for 24 × 24.</param>
/// <param name="OnPhone">Its place at the foot of a narrow screen, from 1; 0 for those behind "more".</param>
public sealed record DeskPage(string Href, string Key, string Icon, Desk Desk, int OnPhone = 0);

/// <summary>The pages in the order of the navigation; the first nine are reached by the keys 1 … 9.</summary>
public static class Desks
{
    public static IReadOnlyList<DeskPage> Pages { get; } =
    [
        new("/schedule", "schedule", Icons.Material.Filled.ViewTimeline, Desk.Planner, OnPhone: 2),
        new("/orders", "orders", Icons.Material.Filled.ListAlt, Desk.Planner, OnPhone: 3),
        new("/optimise", "optimise", Icons.Material.Filled.AutoGraph, Desk.Planner, OnPhone: 4),
        new("/bottlenecks", "bottlenecks", Icons.Material.Filled.FilterAlt, Desk.Planner),
        new("/energy", "energy", Icons.Material.Filled.Bolt, Desk.Planner),
        new("/", "floor", Icons.Material.Filled.Dashboard, Desk.Dispatcher, OnPhone: 1),
        new("/capacity", "capacity", Icons.Material.Filled.CalendarViewMonth, Desk.Dispatcher),
        new("/condition", "condition", Icons.Material.Filled.MonitorHeart, Desk.Dispatcher),
        new("/supply", "supply", Icons.Material.Filled.Inventory2, Desk.Dispatcher),
        new("/trace", "trace", Icons.Material.Filled.AccountTree, Desk.Dispatcher),
        new("/replay", "replay", Icons.Material.Filled.History, Desk.Trainer),
    ];

    /// <summary>The desks that have pages, each with its pages.</summary>
    public static IEnumerable<IGrouping<Desk, DeskPage>> ByDesk => Pages.GroupBy(p => p.Desk).OrderBy(g => g.Key);

    /// <summary>Key of a desk's word: <c>desk.&lt;key&gt;</c>.</summary>
    public static string KeyOf(Desk desk) => desk.ToString().ToLowerInvariant();
}
