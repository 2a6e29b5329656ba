using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Resources;
using MiniExcelLibs;

namespace DigitalTwin.Ui.Views;

/// <summary>The order list as a file: CSV (UTF-8 with BOM, so that Excel reads Chinese), xlsx or JSON.</summary>
public static class OrderExport
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static IReadOnlyList<string> Formats { get; } = ["csv", "xlsx", "json"];

    public static string TypeOf(string format) => format switch
    {
        "csv" => "text/csv",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/json",
    };

    /// <summary>The file, from its beginning.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    public static MemoryStream Write(string format, IEnumerable<OrderRow> rows, Formats formats, Texts texts)
    {
        var table = rows.Select(r => Cells(r, formats, texts)).ToList();
        var stream = new MemoryStream();
        switch (format)
        {
            case "csv": WriteCsv(stream, table, texts); break;
            case "xlsx": stream.SaveAs(table.Select(r => r.ToDictionary(c => texts[c.Key], c => c.Value)), sheetName: texts["nav.orders"]); break;
            case "json": JsonSerializer.Serialize(stream, table.Select(r => r.ToDictionary(c => c.Key["order.".Length..], c => c.Value)), Readable); break;
            default: throw new ArgumentException($"There is no format '{format}'. Maybe {string.Join(", ", Formats)}?", nameof(format));
        }

        stream.Position = 0;
        return stream;
    }

    private static List<KeyValuePair<string, object?>> Cells(OrderRow row, Formats formats, Texts texts) =>
    [
        new("order.id", row.Id),
        new("order.product", row.Product),
        new("order.family", row.Family),
        new("order.tenant", row.Tenant),
        new("order.quantity", row.Order.Quantity),
        new("order.unit", row.Order.Unit),
        new("order.priority", row.Order.Priority),
        new("order.status", texts[$"order.status.{row.Status.ToString().ToLowerInvariant()}"]),
        new("order.progress", Math.Round(row.Progress, 4)),
        new("order.release", formats.Iso(row.Order.Release)),
        new("order.due", formats.Iso(row.Order.Due)),
        new("order.planned", formats.Iso(row.Planned)),
        new("order.p10", formats.Iso(row.Forecast?.P10)),
        new("order.p50", formats.Iso(row.Forecast?.P50)),
        new("order.p90", formats.Iso(row.Forecast?.P90)),
        new("order.actual", formats.Iso(row.Completed)),
        new("order.latehours", row.Lateness is { } late ? Math.Round(late.Hours, 2) : null),
        new("order.outlook", texts[$"outlook.{row.Outlook.ToString().ToLowerInvariant()}"]),
    ];

    private static void WriteCsv(MemoryStream stream, List<List<KeyValuePair<string, object?>>> table, Texts texts)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        var head = table.Count > 0 ? table[0].Select(c => texts[c.Key]) : [];
        writer.WriteLine(string.Join(',', head.Select(Quote)));
        foreach (var row in table)
        {
            writer.WriteLine(string.Join(',', row.Select(c => Quote(Convert.ToString(c.Value, CultureInfo.InvariantCulture) ?? ""))));
        }
    }

    /// <summary>Quotes what would break a row; a leading sign that Excel would take for a formula gets an apostrophe.</summary>
    private static string Quote(string cell)
    {
        if ((cell.Length > 0 && "=+@\t\r".Contains(cell[0], StringComparison.Ordinal)) || (cell.StartsWith('-') && !double.TryParse(cell, CultureInfo.InvariantCulture, out _)))
        {
            cell = "'" + cell;
        }

        return cell.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
