using System.Globalization;
using DigitalTwin.Plant.Scenarios.Format;
using MiniExcelLibs;

namespace DigitalTwin.Plant.Scenarios.Import;

/// <summary>The rows of a foreign file, whatever it was saved as.</summary>
/// <param name="Rows">Rows that are not blank, with their places.</param>
/// <param name="Kind">What the file turned out to be, for people: <c>Excel</c>, <c>GB18030, semicolon</c>.</param>
/// <param name="Decimals">How to read numbers whose own column gives nothing away.</param>
internal sealed record Sheet(List<CsvRow> Rows, string Kind, DecimalMark Decimals)
{
    /// <summary>Reads a file by its content, not by its name; <c>null</c> after reporting why it cannot be read.</summary>
    public static Sheet? Read(string path, string? sheetName, DiagnosticBag bag)
    {
        try
        {
            return Read(path, File.ReadAllBytes(path), sheetName, bag);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Refuse(path, bag, $"cannot be read: {unreadable.Message}", "Check the path, and close the file elsewhere.");
        }
    }

    /// <summary>The same for content that is in memory already.</summary>
    public static Sheet? Read(string path, byte[] bytes, string? sheetName, DiagnosticBag bag) =>
        bytes.AsSpan().StartsWith("PK\u0003\u0004"u8) ? FromWorkbook(path, bytes, sheetName, bag)
            : bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]) ? Refuse(path, bag, "is a workbook of the old kind (.xls)", "Save it as .xlsx or as \"CSV UTF-8\".")
            : TextDecoding.Decode(bytes) is { } decoded ? FromText(path, decoded.Text, decoded.Encoding, bag)
            : Refuse(path, bag, "is neither UTF-8, UTF-16 nor GB18030 text, nor a workbook", "In Excel, save it as .xlsx or as \"CSV UTF-8\".");

    private static Sheet? FromText(string path, string text, string encoding, DiagnosticBag bag)
    {
        var separator = CsvText.DetectSeparator(text);
        var broken = false;
        var rows = CsvText.Read(text, separator, (line, column, what, wayOut) =>
        {
            broken = true;
            bag.Error(path, line, column, what, wayOut);
        });
        var name = separator switch { ',' => "comma", ';' => "semicolon", _ => "tab" };

        // Whoever separates by comma writes decimals with a point; of the others nothing is known.
        return broken ? null : new Sheet(rows, $"{encoding}, {name}", separator == ',' ? DecimalMark.Point : DecimalMark.Unknown);
    }

    private static Sheet? FromWorkbook(string path, byte[] bytes, string? sheetName, DiagnosticBag bag)
    {
        try
        {
            using var stream = new MemoryStream(bytes);
            if (sheetName is not null && !stream.GetSheetNames().Contains(sheetName, StringComparer.Ordinal))
            {
                return Refuse(path, bag, $"has no sheet '{sheetName}'", Suggestion.For(sheetName, stream.GetSheetNames()) ?? $"Its sheets: {string.Join(", ", stream.GetSheetNames())}.");
            }

            stream.Position = 0;
            var rows = new List<CsvRow>();
            var line = 0;
            foreach (IDictionary<string, object?> values in stream.Query(useHeaderRow: false, sheetName: sheetName, excelType: ExcelType.XLSX))
            {
                line++;
                var row = new CsvRow([.. values.Values.Select((v, i) => new Cell(Text(v), line, i + 1))], line, values.Count + 1);
                if (!row.IsBlank)
                {
                    rows.Add(row);
                }
            }

            return new Sheet(rows, "Excel", DecimalMark.Point);
        }
        // The reader of a damaged archive may fail in many ways, all of which mean the same to the user.
        catch (Exception damaged) when (damaged is not OutOfMemoryException)
        {
            return Refuse(path, bag, $"is not a readable workbook: {damaged.Message}", "Open it in Excel and save it again as .xlsx.");
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        double number => NumberText.Format(number),
        DateTime moment => MomentText.FormatLocal(OrderCells.ToSecond(moment)),
        bool truth => truth ? "yes" : "no",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)?.Trim() ?? "",
    };

    private static Sheet? Refuse(string path, DiagnosticBag bag, string what, string wayOut)
    {
        bag.Error(path, 0, 0, $"the file {what}", wayOut);
        return null;
    }
}
