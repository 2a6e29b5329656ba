using System.Text;

namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>One row of a separated text: its values and where each begins.</summary>
internal sealed record CsvRow(List<Cell> Cells, int Line, int EndColumn)
{
    public bool IsBlank => Cells.TrueForAll(c => c.Text.Length == 0);
}

/// <summary>Comma-, semicolon- or tab-separated text (RFC 4180), read with the place of every value.</summary>
internal static class CsvText
{
    /// <summary>The separator that the first row uses most, outside quotes.</summary>
    public static char DetectSeparator(string text)
    {
        Span<int> counts = [0, 0, 0];
        var quoted = false;
        foreach (var c in text)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is '\n' or '\r')
            {
                if (counts[0] + counts[1] + counts[2] > 0)
                {
                    break;
                }
            }
            else if (!quoted && ",;\t".IndexOf(c, StringComparison.Ordinal) is >= 0 and var i)
            {
                counts[i]++;
            }
        }

        return counts[2] > 0 && counts[2] >= counts[0] && counts[2] >= counts[1] ? '\t' : counts[1] > counts[0] ? ';' : ',';
    }

    /// <summary>All rows that are not blank. A quote that never closes is reported through <paramref name="broken"/> and ends the reading.</summary>
    public static List<CsvRow> Read(string text, char separator, Action<int, int, string, string> broken)
    {
        var rows = new List<CsvRow>();
        var cells = new List<Cell>();
        var value = new StringBuilder();
        var (i, line, column) = (0, 1, 1);
        while (i < text.Length)
        {
            var (startLine, startColumn) = (line, column);
            value.Clear();
            if (text[i] == '"')
            {
                if (!ReadQuoted(text, ref i, ref line, ref column, value))
                {
                    broken(startLine, startColumn, "a quote opens here and never closes", "Close it, or double it (\"\") where the value itself has a quote.");
                    return rows;
                }
            }

            var start = i;
            while (i < text.Length && text[i] != separator && text[i] is not ('\n' or '\r'))
            {
                i++;
                column++;
            }

            value.Append(text, start, i - start);
            cells.Add(new Cell(value.ToString().Trim(), startLine, startColumn));
            if (i < text.Length && text[i] == separator)
            {
                i++;
                column++;
                if (i < text.Length)
                {
                    continue;
                }

                cells.Add(new Cell("", line, column));
            }

            var row = new CsvRow(cells, cells[0].Line, column);
            if (!row.IsBlank)
            {
                rows.Add(row);
            }

            cells = [];
            if (i < text.Length)
            {
                i += text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 2 : 1;
                line++;
                column = 1;
            }
        }

        return rows;
    }

    /// <summary>A value as it is written: quoted where it must be.</summary>
    public static string Quote(string value, char separator = ',') =>
        value.AsSpan().IndexOfAny(separator, '"') >= 0 || value.AsSpan().IndexOfAny('\n', '\r') >= 0 || value.Trim().Length != value.Length
            ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : value;

    private static bool ReadQuoted(string text, ref int i, ref int line, ref int column, StringBuilder value)
    {
        i++;
        column++;
        while (i < text.Length)
        {
            var c = text[i];
            if (c == '"' && (i + 1 >= text.Length || text[i + 1] != '"'))
            {
                i++;
                column++;
                return true;
            }

            i += c == '"' ? 2 : 1;
            column += c == '"' ? 2 : 1;
            value.Append(c);
            if (c == '\n')
            {
                line++;
                column = 1;
            }
        }

        return false;
    }
}
