using System.Globalization;
using System.Text;

namespace DigitalTwin.Scheduler.Bench;

/// <summary>Rows of a bench set's CSV file by column name.</summary>
internal static class BenchTable
{
    /// <param name="columns">Names of the columns where the file has no heading.</param>
    public static List<Dictionary<string, string>> Read(string path, params string[] columns)
    {
        var lines = File.ReadLines(path).Where(l => l.Length > 0).Select(Split).ToList();
        string[] header = columns.Length > 0 ? columns : [.. lines[0]];
        return [.. lines.Skip(columns.Length > 0 ? 0 : 1).Select(cells => header.Zip(cells).ToDictionary(c => c.First, c => c.Second))];
    }

    public static double? Number(this Dictionary<string, string> row, string column) =>
        row.TryGetValue(column, out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Values of other solvers by instance; an empty or zero value means it found nothing.</summary>
    public static Dictionary<string, Dictionary<string, double>> Published(IEnumerable<Dictionary<string, string>> rows, Func<string, string> nameOfSolver)
    {
        var all = new Dictionary<string, Dictionary<string, double>>();
        foreach (var row in rows)
        {
            if (row.Number("upper_bound") is { } value and > 0)
            {
                var solvers = all.TryGetValue(row["instance"], out var known) ? known : all[row["instance"]] = [];
                solvers[nameOfSolver(row["solver"])] = value;
            }
        }

        return all;
    }

    private static List<string> Split(string line)
    {
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
