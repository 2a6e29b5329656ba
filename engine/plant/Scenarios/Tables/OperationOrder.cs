using System.Collections.Immutable;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Plant.Scenarios.Tables;

/// <summary>The operations of one routing in a topological order that keeps the order of the rows wherever it can.</summary>
/// <param name="Rows">Row of each operation.</param>
/// <param name="Predecessors">Predecessors of each operation, as places in this order.</param>
/// <param name="ReworkBy">Operations that mend each operation, as places in this order: after it, and before whatever follows it.</param>
internal sealed record OperationOrder(ImmutableArray<int> Rows, ImmutableArray<ImmutableArray<int>> Predecessors, ImmutableArray<ImmutableArray<int>> ReworkBy)
{
    public static OperationOrder Of(List<SourceRecord> rows, Field<string> idField, Field afterField, Field reworkField)
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

        var mends = new int[rows.Count]; // per row: the row that it mends, −1 none
        Array.Fill(mends, -1);
        var rework = rows.Select((r, i) => ReadRework(r, i, reworkField, byId, mends)).ToList();
        var after = rows.Select((r, i) => ReadAfter(rows, i, idField, afterField, byId, mends)).ToList();
        var required = after.ConvertAll(a => a.ToList());
        for (var i = 0; i < rows.Count; i++)
        {
            for (var k = 0; k < rework[i].Count; k++)
            {
                var before = k == 0 ? i : rework[i][k - 1];
                after[rework[i][k]].Add(before);
                required[rework[i][k]].Add(before);
            }
        }

        // What follows an operation is placed after what mends it.
        for (var i = 0; i < rows.Count; i++)
        {
            for (var p = 0; p < after[i].Count; p++)
            {
                if (mends[i] != after[i][p])
                {
                    after[i].AddRange(rework[after[i][p]].TakeLast(1).Except(after[i]).ToList());
                }
            }
        }

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

        return new OperationOrder(
            [.. order],
            [.. order.Select(i => required[i].Where(after[i].Contains).Select(p => place[p]).ToImmutableArray())],
            [.. order.Select(i => rework[i].Select(r => place[r]).ToImmutableArray())]);
    }

    private static List<int> ReadRework(SourceRecord row, int i, Field reworkField, Dictionary<string, int> byId, int[] mends)
    {
        var found = new List<int>();
        foreach (var item in row.Items(reworkField))
        {
            if (!byId.TryGetValue(item.Text, out var child))
            {
                row.Error(item, $"{reworkField.Name} '{item.Text}' is not an operation of this routing", Suggestion.For(item.Text, byId.Keys) ?? $"Operations here: {string.Join(", ", byId.Keys)}.");
            }
            else if (child == i)
            {
                row.Error(item, $"{reworkField.Name} names the operation itself", "Leave it empty: then the operation itself is repeated.");
            }
            else if (mends[child] >= 0)
            {
                row.Error(item, $"{reworkField.Name} '{item.Text}' mends an operation already", "Give each operation a rework of its own.");
            }
            else
            {
                mends[child] = i;
                found.Add(child);
            }
        }

        return found;
    }

    private static List<int> ReadAfter(List<SourceRecord> rows, int i, Field<string> idField, Field afterField, Dictionary<string, int> byId, int[] mends)
    {
        var row = rows[i];
        if (mends[i] >= 0)
        {
            if (row.Has(afterField))
            {
                row.Error(afterField, $"operation '{row.Get(idField)}' mends '{rows[mends[i]].Get(idField)}' and has an 'after' of its own", "Leave it empty: it is done when that fails.");
            }

            return [];
        }

        if (!row.Has(afterField))
        {
            var before = i - 1;
            while (before >= 0 && mends[before] >= 0)
            {
                before--;
            }

            return before < 0 ? [] : [before];
        }

        var found = new List<int>();
        foreach (var item in row.Items(afterField).Where(c => c.Text is not ("-" or "–" or "none")))
        {
            if (!byId.TryGetValue(item.Text, out var p))
            {
                row.Error(item, $"after '{item.Text}' is not an operation of this routing", Suggestion.For(item.Text, byId.Keys) ?? $"Operations here: {string.Join(", ", byId.Keys)}.");
            }
            else if (mends[p] >= 0)
            {
                row.Error(item, $"after '{item.Text}' is done only when '{rows[mends[p]].Get(idField)}' fails", $"Write {rows[mends[p]].Get(idField)}: its rework is waited for too.");
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
