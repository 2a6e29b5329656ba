using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Ui.Components;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>What kind of thing the command palette found.</summary>
public enum PaletteKind
{
    Page,
    Action,
    Machine,
    Order,
}

/// <summary>Something the command palette offers.</summary>
/// <param name="Key">Page: its address; action: its key; machine and order: their id.</param>
/// <param name="Says">What is shown.</param>
/// <param name="More">A word beside it: id, product, key on the keyboard.</param>
public sealed record PaletteItem(PaletteKind Kind, string Key, string Says, string More);

/// <summary>Everything that can be reached by its name: pages, actions, machines, orders.</summary>
public static class PaletteItems
{
    /// <summary>Actions by the key of their text <c>palette.&lt;key&gt;</c>, with the keys that do the same.</summary>
    public static IReadOnlyList<(string Key, string Keys)> Actions { get; } =
    [
        ("undo", "Ctrl+Z"), ("redo", "Ctrl+Y"), ("find", "/"), ("language", ""), ("theme", ""), ("link", ""), ("print", "Ctrl+P"), ("nav", ""), ("help", "?"),
    ];

    /// <summary>What fits all words, best first: pages and actions, then machines, then orders.</summary>
    /// <param name="limit">Of each kind at most so many.</param>
    public static IReadOnlyList<PaletteItem> Find(string words, CompiledScenario plant, Texts texts, int limit = 8)
    {
        var asked = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var found = new List<PaletteItem>();
        found.AddRange(Desks.Pages
            .Select((p, i) => new PaletteItem(PaletteKind.Page, p.Href, texts[$"nav.{p.Key}"], i < 9 ? (i + 1).ToString(texts.Culture) : ""))
            .Where(p => Fits(asked, p.Says, p.Key)));
        found.AddRange(Actions.Select(a => new PaletteItem(PaletteKind.Action, a.Key, texts[$"palette.{a.Key}"], a.Keys)).Where(a => Fits(asked, a.Says, a.Key)));
        if (asked.Length == 0)
        {
            return found;
        }

        found.AddRange(plant.Plant.Equipment
            .Select(e => new PaletteItem(PaletteKind.Machine, e.Id, e.Name.In(texts.Language), e.Id))
            .Where(e => Fits(asked, e.Says, e.Key)).OrderBy(e => Rank(asked, e)).Take(limit));
        found.AddRange(plant.Scenario.Orders
            .Where(o => o.Id.Length > 0 && Fits(asked, o.Id, plant.Plant.Products[o.Product].Name.In(texts.Language)))
            .Select(o => new PaletteItem(PaletteKind.Order, o.Id, o.Id, plant.Plant.Products[o.Product].Name.In(texts.Language)))
            .OrderBy(e => Rank(asked, e)).Take(limit));
        return found;
    }

    private static bool Fits(string[] asked, string says, string more) =>
        Array.TrueForAll(asked, w => says.Contains(w, StringComparison.OrdinalIgnoreCase) || more.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>The thing itself, what begins like it, the rest.</summary>
    private static int Rank(string[] asked, PaletteItem item) =>
        item.Key.Equals(asked[0], StringComparison.OrdinalIgnoreCase) ? 0
        : item.Key.StartsWith(asked[0], StringComparison.OrdinalIgnoreCase) || item.Says.StartsWith(asked[0], StringComparison.OrdinalIgnoreCase) ? 1 : 2;
}
