using System.Collections.Immutable;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>The operations of one routing in a topological order that keeps the order of the rows wherever it can.</summary>
/// <param name="Rows">Row of each operation.</param>
/// <param name="Predecessors">Predecessors of each operation, as places in this order.</param>
internal sealed record OperationOrder(ImmutableArray<int> Rows, ImmutableArray<ImmutableArray<int>> Predecessors)
{
    public static OperationOrder Of(List<SourceRecord> rows, Field<string> idField, Field afterField)
    {
        var byId = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            var id = rows[i].Get(idField);
            if (rows[i].Has(idField) && !byId.TryAdd(id, i))
            {
                rows[i].Error(idField, $"operation '{id}' stands twice in its routing", $"Line {rows[byId[id]].Line} has it first; give one of them another name.");
            }
        }

        var after = rows.Select((r, i) => ReadAfter(r, i, afterField, byId)).ToList();
        var order = new List<int>(rows.Count);
        var placed = new bool[rows.Count];
        while (order.Count < rows.Count)
        {
            var next = Enumerable.Range(0, rows.Count).FirstOrDefault(i => !placed[i] && after[i].TrueForAll(p => placed[p]), -1);
            if (next < 0)
            {
                next = ReportCycle(rows, idField, afterField, after, placed);
                after[next].RemoveAll(p => !placed[p]);
            }

            placed[next] = true;
            order.Add(next);
        }

        var place = new int[rows.Count];
        for (var k = 0; k < order.Count; k++)
        {
            place[order[k]] = k;
        }

        return new OperationOrder([.. order], [.. order.Select(i => after[i].Select(p => place[p]).ToImmutableArray())]);
    }

    private static List<int> ReadAfter(SourceRecord row, int i, Field afterField, Dictionary<string, int> byId)
    {
        if (!row.Has(afterField))
        {
            return i == 0 ? [] : [i - 1];
        }

        var found = new List<int>();
        foreach (var item in row.Items(afterField).Where(c => c.Text is not ("-" or "–" or "none")))
        {
            if (!byId.TryGetValue(item.Text, out var p))
            {
                row.Error(item, $"after '{item.Text}' is not an operation of this routing", Suggestion.For(item.Text, byId.Keys) ?? $"Operations here: {string.Join(", ", byId.Keys)}.");
            }
            else if (found.Contains(p))
            {
                row.Error(item, $"after '{item.Text}' is written twice", "Keep it once.");
            }
            else
            {
                found.Add(p);
            }
        }

        return found;
    }

    /// <summary>Reports one cycle among the operations not yet placed and returns the operation at which to cut it.</summary>
    private static int ReportCycle(List<SourceRecord> rows, Field<string> idField, Field afterField, List<List<int>> after, bool[] placed)
    {
        var path = new List<int> { Array.IndexOf(placed, false) };
        while (true)
        {
            var back = after[path[^1]].First(p => !placed[p]);
            var seen = path.IndexOf(back);
            path.Add(back);
            if (seen >= 0)
            {
                // Walked backwards, so the cycle runs the other way round.
                var cycle = path.Skip(seen).Reverse().ToList();
                var first = cycle.Min();
                var start = cycle.IndexOf(first);
                var names = Enumerable.Range(0, cycle.Count).Select(k => rows[cycle[(start + k) % (cycle.Count - 1)]].Get(idField));
                rows[first].Error(afterField, $"the operations run in a circle: {string.Join(" → ", names)}", "Remove one of these from an 'after' column.");
                return first;
            }
        }
    }
}
