using System.Text;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>Reads the files of a scenario folder into records; everything wrong with files, headings and rows is reported here.</summary>
internal sealed class FolderReader(string folder, DiagnosticBag bag) : IScenarioTables
{
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);

    public DiagnosticBag Bag => bag;

    /// <summary>Whether rows of a table may be missing because it could not be read whole: names it should define are then no news.</summary>
    public bool IsBroken(string table) => _broken.Contains(table);

    public string PathOf(string file) => Path.Combine(folder, file).Replace('\\', '/');

    public bool Exists(Shape table) => File.Exists(Path.Combine(folder, table.Name));

    /// <summary>The text of a UTF-8 file, or <c>null</c> after reporting why it cannot be read.</summary>
    public string? Text(string file)
    {
        var path = PathOf(file);
        try
        {
            var bytes = File.ReadAllBytes(path);
            ReadOnlySpan<byte> body = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? bytes.AsSpan(3) : bytes;
            var bad = FirstBadByte(body);
            if (bad < 0)
            {
                return Encoding.UTF8.GetString(body);
            }

            var before = Encoding.UTF8.GetString(body[..bad]);
            var lineStart = before.LastIndexOf('\n') + 1;
            bag.Error(path, before.Count(c => c == '\n') + 1, before.Length - lineStart + 1,
                $"the file is not UTF-8 text (byte 0x{body[bad]:X2})", "In Excel, save it as \"CSV UTF-8 (comma delimited)\".");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            bag.Error(path, 0, 0, $"cannot be read: {unreadable.Message}", "Close it elsewhere and check its permissions.");
        }

        return null;
    }

    public SourceRecord? Head() =>
        Text(ScenarioHead.FileName) is { } text && YamlText.Read(text, PathOf(ScenarioHead.FileName), bag) is { } yaml
            ? YamlText.Record(yaml, ScenarioHead.Shape, PathOf(ScenarioHead.FileName), bag, default)
            : null;

    /// <summary>The rows of a table; empty where the file is absent.</summary>
    public List<SourceRecord> Rows(Shape table, ParseContext context)
    {
        if (!Exists(table))
        {
            if (ScenarioFormat.Required.Contains(table))
            {
                _broken.Add(table.Name);
                bag.Error(PathOf(table.Name), 0, 0, $"the folder has no {table.Name}", $"{table.Description} See scenarios/README.md.");
            }

            return [];
        }

        if (Text(table.Name) is not { } text)
        {
            _broken.Add(table.Name);
            return [];
        }

        var path = PathOf(table.Name);
        var rows = CsvText.Read(text, CsvText.DetectSeparator(text), (line, column, what, wayOut) =>
        {
            _broken.Add(table.Name);
            bag.Error(path, line, column, what, wayOut);
        });
        if (rows.Count == 0)
        {
            _broken.Add(table.Name);
            bag.Error(path, 1, 1, "the table has no heading", $"Begin with the columns: {string.Join(",", table.Fields.Where(f => f.Required).Select(f => f.Name))}.");
            return [];
        }

        var columns = Headings(table, rows[0], path);
        var known = columns.Select(c => c.Field).OfType<Field>().ToHashSet();
        var records = new List<SourceRecord>(rows.Count - 1);
        foreach (var row in rows.Skip(1))
        {
            var cells = new Cell[table.Fields.Count];
            Array.Fill(cells, new Cell("", row.Line, row.EndColumn));
            cells[0] = row.Cells[0] with { Text = "" };
            for (var i = 0; i < Math.Min(columns.Count, row.Cells.Count); i++)
            {
                if (columns[i].Field is { } field)
                {
                    cells[field.Ordinal] = row.Cells[i] with { HeadingUnit = columns[i].Unit };
                }
            }

            var record = new SourceRecord(table, path, cells, bag, context);
            if (row.Cells.Skip(columns.Count).FirstOrDefault(c => c.Text.Length > 0) is { Text: not null } extra)
            {
                record.Error(extra, $"value '{extra.Text}' stands beyond the last of {columns.Count} columns", "Maybe a value that contains the separator needs quotes?");
            }

            record.RequireAll(known.Contains);
            records.Add(record);
        }

        return records;
    }

    /// <summary>Warns of tables that nobody reads, which are probably misnamed.</summary>
    public void WarnOfStrangers(IReadOnlyCollection<Shape> tables)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.csv").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal))
        {
            if (tables.All(t => t.Name != file) && Suggestion.For(file, tables.Select(t => t.Name)) is { } suggestion)
            {
                bag.Warn(PathOf(file), 1, 1, $"'{file}' is not a table of a scenario and was not read", suggestion);
            }
        }
    }

    private List<(Field? Field, string? Unit)> Headings(Shape table, CsvRow header, string path)
    {
        var columns = new List<(Field? Field, string? Unit)>();
        foreach (var heading in header.Cells)
        {
            var (field, unit) = table.Find(heading.Text);
            if (field is null && heading.Text.Length > 0)
            {
                bag.Error(path, heading.Line, heading.Column, $"unknown column '{heading.Text}'",
                    Suggestion.For(heading.Text, table.Fields.Select(f => f.Name)) ?? $"Known here: {string.Join(", ", table.Fields.Select(f => f.Name))}.");
            }
            else if (field is not null && columns.Exists(c => c.Field == field))
            {
                bag.Error(path, heading.Line, heading.Column, $"column '{heading.Text}' stands here for the second time", "Keep one of them.");
                field = null;
            }

            columns.Add((field, unit));
        }

        foreach (var missing in table.Fields.Where(f => f.Required && !columns.Exists(c => c.Field == f)))
        {
            _broken.Add(table.Name);
            bag.Error(path, header.Line, header.EndColumn, $"column '{missing.Name}' is missing", $"Add it: {missing.Description}");
        }

        return columns;
    }

    private static int FirstBadByte(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (at < body.Length)
        {
            if (Rune.DecodeFromUtf8(body[at..], out var rune, out var used) != System.Buffers.OperationStatus.Done || rune.Value == 0)
            {
                return at;
            }

            at += used;
        }

        return -1;
    }
}
