using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Plant.Scenarios.Importers;

namespace DigitalTwin.Scheduler.Balancing;

/// <summary>Reads the tasks of an assembly line: public <c>.IN2</c> precedence graphs, or a table of tasks.</summary>
/// <remarks>
/// <para><c>.IN2</c> (Scholl): the number of tasks, a time per line, then <c>i,j</c> arrows counted from 1, ended by <c>-1,-1</c>; what follows is a remark.</para>
/// <para>A table has the heading <c>task, predecessors, time</c>, or instead of <c>time</c> one column per model, <c>MODEL:DEMAND</c>
/// (<c>fridge-a:300</c>; without a demand every model counts alike). Predecessors are separated by blanks or <c>;</c>. Comma, semicolon (then
/// predecessors by blanks) or tab separate columns. Times are whole numbers in any one unit.</para>
/// </remarks>
public static class AssemblyLineText
{
    /// <exception cref="ImportException">The text breaks the format: file, line, column, value and the way out.</exception>
    /// <exception cref="BalancingException">The tasks are no balancing problem (a circle, a name twice).</exception>
    public static BalancingProblem Parse(SourceText source, long window = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        var lines = source.Text.Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
        var first = Array.FindIndex(lines, l => l.Trim().Length > 0);
        if (first < 0)
        {
            throw new ImportException(source.Name, 1, 1, "the file is empty", "give an .IN2 graph or a table with the heading task, predecessors, time");
        }

        return int.TryParse(lines[first].Trim(), CultureInfo.InvariantCulture, out _)
            ? ParseGraph(source.Name, lines, first, window)
            : ParseTable(source.Name, lines, first, window);
    }

    private static BalancingProblem ParseGraph(string file, string[] lines, int at, long window)
    {
        var count = Whole(file, at, 1, lines[at], "the number of tasks", 1, 1_000_000);
        var times = new long[count];
        for (var i = 0; i < count; i++)
        {
            if (++at >= lines.Length || (at == lines.Length - 1 && lines[at].Trim().Length == 0))
            {
                throw new ImportException(file, at, 1, $"the file ends before the time of task {i + 1} of {count}", "maybe the file is cut off; fetch it again");
            }

            times[i] = Whole(file, at, 1, lines[at], $"the time of task {i + 1}", 0, int.MaxValue);
        }

        var predecessors = times.Select(_ => new List<int>()).ToArray();
        for (at++; at < lines.Length; at++)
        {
            if (lines[at].Trim().Length == 0)
            {
                continue;
            }

            var pair = lines[at].Split(',');
            if (pair.Length != 2)
            {
                throw new ImportException(file, at + 1, 1, $"'{lines[at].Trim()}' is no arrow", "an arrow is two task numbers with a comma, and -1,-1 ends the list");
            }

            var (from, to) = (Whole(file, at, 1, pair[0], "the task before", -1, count), Whole(file, at, pair[0].Length + 2, pair[1], "the task after", -1, count));
            if (from == -1 && to == -1)
            {
                break;
            }

            if (from < 1 || to < 1)
            {
                throw new ImportException(file, at + 1, 1, $"arrow {from},{to} names no task", $"tasks are numbered from 1 to {count}");
            }

            predecessors[to - 1].Add(from - 1);
        }

        return BalancingProblem.Create(times.Select((t, i) => new BalancingTask((i + 1).ToString(CultureInfo.InvariantCulture), [t], [.. predecessors[i]])), window: window);
    }

    private static BalancingProblem ParseTable(string file, string[] lines, int heading, long window)
    {
        var separator = lines[heading].Contains('\t', StringComparison.Ordinal) ? '\t' : lines[heading].Contains(';', StringComparison.Ordinal) ? ';' : ',';
        var columns = lines[heading].Trim('\uFEFF').Split(separator).Select(c => c.Trim()).ToArray();
        var (task, before) = (Find("task"), Find("predecessors"));
        var models = Enumerable.Range(0, columns.Length).Where(c => c != task && c != before && columns[c].Length > 0).ToArray();
        if (task < 0 || models.Length == 0)
        {
            throw new ImportException(file, heading + 1, 1, $"the heading '{lines[heading].Trim()}' names no task or no time",
                "the heading is task, predecessors, time — or one column per model instead of time, like fridge-a:300");
        }

        var demand = models.Select(m => columns[m].Split(':') is [_, var units] ? Whole(file, heading, 1, units, $"the demand of {columns[m]}", 1, int.MaxValue) : 1L).ToArray();
        var rows = new List<(string Id, long[] Times, string[] Before, int Line)>();
        for (var at = heading + 1; at < lines.Length; at++)
        {
            if (lines[at].Trim().Length == 0)
            {
                continue;
            }

            var cells = lines[at].Split(separator).Select(c => c.Trim()).ToArray();
            if (cells.Length < columns.Length)
            {
                throw new ImportException(file, at + 1, 1, $"the row has {cells.Length} cells, the heading {columns.Length}", "fill the missing cells; an empty list of predecessors still needs its separator");
            }

            rows.Add((cells[task], [.. models.Select(m => (long)Whole(file, at, 1, cells[m], $"the time in column {columns[m]}", 0, int.MaxValue))],
                before < 0 ? [] : cells[before].Split((char[])[' ', ';'], StringSplitOptions.RemoveEmptyEntries), at + 1));
        }

        var index = rows.Select((r, i) => (r.Id, i)).DistinctBy(r => r.Id).ToDictionary(r => r.Id, r => r.i, StringComparer.Ordinal);
        return BalancingProblem.Create(
            rows.Select(r => new BalancingTask(r.Id, [.. r.Times], [.. r.Before.Select(b => index.TryGetValue(b, out var p)
                ? p
                : throw new ImportException(file, r.Line, 1, $"task {r.Id} waits for '{b}', which is no task", "correct the name; predecessors are separated by blanks"))])),
            demand, window);

        int Find(string name) => Array.FindIndex(columns, c => c.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private static int Whole(string file, int line, int column, string text, string what, int min, int max)
    {
        if (int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        throw new ImportException(file, line + 1, column, $"'{text.Trim()}' is not {what}",
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max} belongs here"));
    }
}
