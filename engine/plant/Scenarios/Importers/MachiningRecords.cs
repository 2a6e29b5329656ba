using System.Collections.Immutable;
using System.Globalization;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>What a record of the log says the machine was doing.</summary>
internal enum RecordKind
{
    Production,
    Setup,
    Breakdown,
}

/// <summary>One usable row of the log; times in ms of a clock that starts at the year 1.</summary>
internal sealed record MachiningRecord(
    int Line, string Case, string Activity, string Machine, long Start, long End, double OrderQuantity, string Part, RecordKind Kind, double Rejected, bool Rework, string Worker = "");

/// <summary>A row that was not used, and why.</summary>
/// <param name="Line">Line of the file, from 1 (the header).</param>
/// <param name="Column">Character in the line, from 1.</param>
public sealed record RefusedRow(int Line, int Column, string Reason);

/// <summary>Reads the rows of a machining log (CSV with a header).</summary>
internal static class MachiningRecords
{
    private static readonly ImmutableArray<string> s_columns =
        ["case", "activity", "machine", "start", "end", "order_qty", "part", "report_type", "qty_rejected", "rework"];

    /// <summary>Column that a log may have: who did it.</summary>
    private const string Worker = "worker";

    /// <summary>Usable rows in file order, and the others with a reason.</summary>
    /// <exception cref="ImportException">The header lacks a column, or no row is usable.</exception>
    public static (List<MachiningRecord> Records, List<RefusedRow> Refused) Read(SourceText source)
    {
        var lines = source.Text.Split('\n');
        var places = Columns(source.Name, lines[0].TrimEnd('\r').TrimStart('\uFEFF'));
        var records = new List<MachiningRecord>();
        var refused = new List<RefusedRow>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var machines = new Dictionary<string, string>(StringComparer.Ordinal); // one number is one machine, however it is written
        for (var l = 1; l < lines.Length; l++)
        {
            var text = lines[l].TrimEnd('\r');
            if (text.Length == 0)
            {
                continue;
            }

            var fields = Split(text);
            if (!seen.TryAdd(text, l + 1))
            {
                refused.Add(new RefusedRow(l + 1, 1, $"repeats line {seen[text]} word by word"));
            }
            else if (fields.Count <= places.Values.Max())
            {
                refused.Add(new RefusedRow(l + 1, 1, $"has {fields.Count} fields, the header names {places.Values.Max() + 1} or more"));
            }
            else if (Parse(l + 1, name => fields[places[name]], refused) is { } parsed)
            {
                var record = places.TryGetValue(Worker, out var column) ? parsed with { Worker = fields[column].Text } : parsed;
                machines.TryAdd(MachiningNames.MachineId(record.Machine), record.Machine);
                records.Add(record with { Machine = machines[MachiningNames.MachineId(record.Machine)] });
            }
        }

        return records.Count > 0
            ? (records, refused)
            : throw new ImportException(source.Name, 2, 1, "no row of the log can be used", refused.Count > 0 ? $"the first reason: {refused[0].Reason}" : "maybe the file is cut off");
    }

    private static Dictionary<string, int> Columns(string file, string header)
    {
        var names = Split(header).Select(f => f.Text).ToList();
        var missing = s_columns.Where(c => !names.Contains(c)).ToList();
        return missing.Count == 0
            ? s_columns.Concat(names.Contains(Worker) ? [Worker] : []).ToDictionary(c => c, c => names.IndexOf(c), StringComparer.Ordinal)
            : throw new ImportException(file, 1, 1, $"the header lacks {string.Join(", ", missing)}", $"a machining log has the columns {string.Join(",", s_columns)}");
    }

    private static MachiningRecord? Parse(int line, Func<string, (string Text, int Column)> field, List<RefusedRow> refused)
    {
        if (field("case").Text.Length == 0)
        {
            return Refuse("case", "names no order");
        }

        var machine = field("machine").Text.Length > 0 ? field("machine").Text : MachineOf(field("activity").Text);
        if (machine.Length == 0)
        {
            return Refuse("machine", "names no machine, nor does its activity");
        }

        if (!TryMoment(field("start").Text, out var start))
        {
            return Refuse("start", $"start '{field("start").Text}' is not a date and time");
        }

        if (!TryMoment(field("end").Text, out var end))
        {
            return Refuse("end", $"end '{field("end").Text}' is not a date and time");
        }

        if (end <= start)
        {
            return Refuse("end", end == start ? "lasts no time" : "ends before it starts");
        }

        if (!TryNumber(field("order_qty").Text, out var quantity) || quantity <= 0)
        {
            return Refuse("order_qty", $"order quantity '{field("order_qty").Text}' is not a number above 0");
        }

        if (!TryNumber(field("qty_rejected").Text, out var rejected) || rejected < 0)
        {
            return Refuse("qty_rejected", $"rejected quantity '{field("qty_rejected").Text}' is not a number");
        }

        RecordKind? kind = field("report_type").Text switch { "D" => RecordKind.Production, "S" => RecordKind.Setup, "B" => RecordKind.Breakdown, _ => null };
        return kind is { } k
            ? new MachiningRecord(line, field("case").Text, field("activity").Text, machine, start, end, quantity, field("part").Text, k, rejected, field("rework").Text == "Y")
            : Refuse("report_type", $"report type '{field("report_type").Text}' is none of D (production), S (setup), B (breakdown)");

        MachiningRecord? Refuse(string name, string reason)
        {
            refused.Add(new RefusedRow(line, field(name).Column, reason));
            return null;
        }
    }

    /// <summary><c>Turning - Machine 8</c> → <c>Machine 8</c>; an activity without a machine stands for its own place.</summary>
    private static string MachineOf(string activity)
    {
        var at = activity.IndexOf("Machine ", StringComparison.Ordinal);
        return at >= 0 ? activity[at..].Trim() : activity.Trim();
    }

    private static bool TryMoment(string text, out long milliseconds)
    {
        var ok = DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment);
        milliseconds = moment.Ticks / TimeSpan.TicksPerMillisecond;
        return ok;
    }

    private static bool TryNumber(string text, out double value)
    {
        value = 0;
        return text.Length == 0 || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Fields with the column they begin at; a field in quotes may contain commas.</summary>
    private static List<(string Text, int Column)> Split(string line)
    {
        var fields = new List<(string, int)>();
        var start = 0;
        while (start <= line.Length)
        {
            if (start < line.Length && line[start] == '"')
            {
                var close = line.IndexOf('"', start + 1);
                while (close >= 0 && close + 1 < line.Length && line[close + 1] == '"')
                {
                    close = line.IndexOf('"', close + 2);
                }

                var end = close < 0 ? line.Length : close;
                fields.Add((line[(start + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal).Trim(), start + 1));
                start = Math.Min(line.Length, end + 1) + 1;
            }
            else
            {
                var comma = line.IndexOf(',', start);
                var end = comma < 0 ? line.Length : comma;
                fields.Add((line[start..end].Trim(), start + 1));
                start = end + 1;
            }
        }

        return fields;
    }
}
