using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DigitalTwin.Ui.Commands;
using MiniExcelLibs;

namespace DigitalTwin.Ui.Exports;

/// <summary>Formats that tables leave the house in.</summary>
public enum ExportFormat
{
    /// <summary>UTF-8 with BOM, commas, dates as <c>yyyy-MM-dd HH:mm:ss</c>: what Excel of any language opens as it stands.</summary>
    Csv,

    /// <summary>An Excel workbook with typed cells.</summary>
    Xlsx,

    /// <summary>An array of objects, numbers independent of the culture, moments as ISO 8601 with the plant's offset.</summary>
    Json,
}

/// <summary>A table on its way out: the same rows as CSV, Excel or JSON.</summary>
/// <param name="Name">Name of the sheet.</param>
/// <param name="Columns">Headings, lower case with underscores; they are also the JSON properties.</param>
/// <param name="Rows">Cells: <c>null</c>, text, <c>bool</c>, <c>int</c>, <c>double</c> or <see cref="DateTimeOffset"/> in the plant's zone.</param>
public sealed record ExportTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows)
{
    /// <summary>Names of the columns for programs, where the headings are words of a language.</summary>
    public IReadOnlyList<string> Properties { get; init; } = Columns;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The format that a file's name asks for.</summary>
    /// <returns><c>null</c> when its ending is none of <c>.csv</c>, <c>.xlsx</c>, <c>.json</c>.</returns>
    public static ExportFormat? FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" => ExportFormat.Csv,
        ".XLSX" => ExportFormat.Xlsx,
        ".JSON" => ExportFormat.Json,
        _ => null,
    };

    /// <summary>Writes the table; the stream stays open.</summary>
    public void WriteTo(Stream stream, ExportFormat format)
    {
        switch (format)
        {
            case ExportFormat.Csv: WriteCsv(stream); break;
            case ExportFormat.Xlsx: stream.SaveAs(AsDictionaries(Columns, ForExcel), sheetName: Name); break;
            default: JsonSerializer.Serialize(stream, AsDictionaries(Properties, ForJson), Json); break;
        }
    }

    private void WriteCsv(Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        writer.WriteLine(string.Join(',', Columns));
        foreach (var row in Rows)
        {
            writer.WriteLine(string.Join(',', row.Select(ForCsv)));
        }
    }

    private IEnumerable<Dictionary<string, object?>> AsDictionaries(IReadOnlyList<string> names, Func<object?, object?> cell) =>
        Rows.Select(row => names.Zip(row).ToDictionary(p => p.First, p => cell(p.Second), StringComparer.Ordinal));

    private static string ForCsv(object? cell) => cell switch
    {
        null => "",
        string text => CsvField.Of(text),
        DateTimeOffset moment => moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A cell cannot hold a {cell.GetType().Name}.", nameof(cell)),
    };

    private static object? ForExcel(object? cell) => cell is DateTimeOffset moment ? moment.DateTime : cell;

    private static object? ForJson(object? cell) => cell is DateTimeOffset moment
        ? moment.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)
        : cell is double and (double.NaN or double.PositiveInfinity or double.NegativeInfinity) ? null : cell;
}
