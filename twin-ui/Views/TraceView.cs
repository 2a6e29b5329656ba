using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Simulation;
using DigitalTwin.Plant.Model;
using DigitalTwin.Ui.Exports;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>A lot in the drawing of a trace.</summary>
/// <param name="X">Column: steps from the lot that was asked for.</param>
/// <param name="Y">Place in the column, from the middle.</param>
public sealed record TraceNode(TracedLot Lot, int X, double Y);

/// <summary>Quantities of one lot that went into another, all uses together.</summary>
public sealed record TraceEdge(TraceNode From, TraceNode To, double Quantity, string Unit);

/// <summary>What a lot was made of, or what became of it: as a drawing in columns and as tables.</summary>
public sealed class TraceView
{
    /// <summary>Lots drawn; the tables have all.</summary>
    public const int MostNodes = 120;

    private TraceView(LotTrace trace, bool forward)
    {
        Trace = trace;
        var depth = Depths(trace, forward);
        var columns = trace.Lots.Take(MostNodes).GroupBy(l => depth.GetValueOrDefault(l.Name)).OrderBy(g => g.Key).ToList();
        Columns = columns.Count;
        Tallest = columns.Count == 0 ? 0 : columns.Max(c => c.Count());
        Nodes = [.. columns.SelectMany((column, x) => column.Select((lot, i) => new TraceNode(lot, forward ? x : columns.Count - 1 - x, i + (Tallest - column.Count()) / 2.0)))];
        var byName = Nodes.ToDictionary(n => n.Lot.Name, StringComparer.Ordinal);
        Edges =
        [
            .. trace.Uses.Where(u => byName.ContainsKey(u.Parent) && byName.ContainsKey(u.Child)).GroupBy(u => (u.Parent, u.Child))
                .Select(g => new TraceEdge(byName[g.Key.Parent], byName[g.Key.Child], g.Sum(u => u.Quantity), g.First().Unit)),
        ];
    }

    public LotTrace Trace { get; }

    public IReadOnlyList<TraceNode> Nodes { get; }

    public IReadOnlyList<TraceEdge> Edges { get; }

    public int Columns { get; }

    public int Tallest { get; }

    /// <summary>Walks from a lot; <c>null</c> when there is none of that name.</summary>
    public static TraceView? Of(PlantState state, string name, bool forward) =>
        LotNames.Find(state, name) is >= 0 and var lot ? new TraceView(LotTrace.Of(state, lot, forward ? TraceDirection.Forward : TraceDirection.Backward), forward) : null;

    /// <summary>Names of tracked lots that contain the words, newest first.</summary>
    public static IReadOnlyList<string> Newest(PlantState state, string words, int most)
    {
        const int Looked = 20_000;
        var found = new List<string>();
        for (int lot = state.Lots.Length - 1, seen = 0; lot >= state.Materials.Length && seen < Looked && found.Count < most; lot--, seen++)
        {
            var name = LotNames.Of(state, lot);
            if (name.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(name);
            }
        }

        return found;
    }

    /// <summary>The uses to take home.</summary>
    public ExportTable Export(PlantClock clock, Texts texts) => TableFile.Of(texts["nav.trace"], "trace.",
        ["trace.time", "trace.parent", "trace.child", "trace.quantity", "trace.unit", "trace.material", "trace.equipment", "trace.operation", "trace.order"],
        Trace.Uses.Select(u => (object?[])[clock.ToWallClock(u.Time), u.Parent, u.Child, u.Quantity, u.Unit, u.Material, u.Equipment, u.Operation, u.Order]), texts);

    /// <summary>Longest way from the lot that was asked for, so that every use points the same way.</summary>
    private static Dictionary<string, int> Depths(LotTrace trace, bool forward)
    {
        var depth = trace.Lots.ToDictionary(l => l.Name, _ => 0, StringComparer.Ordinal);
        for (var round = 0; round < trace.Lots.Length; round++)
        {
            var changed = false;
            foreach (var use in trace.Uses)
            {
                var (near, far) = forward ? (use.Parent, use.Child) : (use.Child, use.Parent);
                if (depth[far] < depth[near] + 1)
                {
                    depth[far] = depth[near] + 1;
                    changed = true;
                }
            }

            if (!changed)
            {
                break;
            }
        }

        return depth;
    }
}
