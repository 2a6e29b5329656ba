using System.Globalization;
using System.Reflection;
using System.Text.Json;
using DigitalTwin.Ui.Exports;

namespace DigitalTwin.Ui.Api;

/// <summary>A list on its way out: JSON as the resource defines it, or the same rows as CSV or Excel when the caller asks for that by
/// <c>?format=</c> or by its <c>Accept</c> header.</summary>
internal static class ListAnswer
{
    private const string Csv = "text/csv";
    private const string Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Rows of a page: skips <c>?offset=</c>, takes <c>?limit=</c>, and says in <c>X-Total-Count</c> how many there are.</summary>
    public static IReadOnlyList<T> Page<T>(HttpContext http, IReadOnlyList<T> all)
    {
        http.Response.Headers["X-Total-Count"] = all.Count.ToString(CultureInfo.InvariantCulture);
        return [.. all.Skip(Number(http, "offset", 0)).Take(Math.Max(1, Number(http, "limit", int.MaxValue)))];
    }

    /// <summary>Answers in the format that was asked for.</summary>
    /// <param name="name">Name of the file and the sheet.</param>
    /// <param name="rows">One record per row; properties become columns.</param>
    /// <param name="json">What JSON callers get; the rows when <c>null</c>.</param>
    public static IResult Of<T>(HttpContext http, string name, IEnumerable<T> rows, object? json = null)
    {
        var asked = http.Request.Query["format"].ToString().ToLowerInvariant();
        var accepted = http.Request.Headers.Accept.ToString();
        var format = asked switch
        {
            "csv" => ExportFormat.Csv,
            "xlsx" or "excel" => ExportFormat.Xlsx,
            "json" => ExportFormat.Json,
            "" => accepted.Contains(Csv, StringComparison.OrdinalIgnoreCase) ? ExportFormat.Csv : accepted.Contains(Excel, StringComparison.OrdinalIgnoreCase) ? ExportFormat.Xlsx : ExportFormat.Json,
            _ => (ExportFormat?)null,
        };
        http.Response.Headers.Vary = "Accept";
        return format switch
        {
            null => ApiTools.Problem(StatusCodes.Status400BadRequest, "No such format", $"format '{asked}' is not one of csv, xlsx, json"),
            ExportFormat.Json => Results.Ok(json ?? rows),
            _ => File(name, TableOf(name, rows), format.Value),
        };
    }

    private static IResult File(string name, ExportTable table, ExportFormat format)
    {
        using var bytes = new MemoryStream();
        table.WriteTo(bytes, format);
        return format == ExportFormat.Csv
            ? Results.Bytes(bytes.ToArray(), Csv + "; charset=utf-8", name + ".csv")
            : Results.Bytes(bytes.ToArray(), Excel, name + ".xlsx");
    }

    private static ExportTable TableOf<T>(string name, IEnumerable<T> rows)
    {
        PropertyInfo[] columns = [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0)];
        return new ExportTable(
            name, [.. columns.Select(c => JsonNamingPolicy.SnakeCaseLower.ConvertName(c.Name))], [.. rows.Select(r => columns.Select(c => Cell(c.GetValue(r))).ToArray())]);
    }

    private static object? Cell(object? value) => value switch
    {
        null or string or bool or int or double or DateTimeOffset => value,
        long number => (double)number,
        IEnumerable<string> many => string.Join(' ', many),
        IReadOnlyDictionary<string, double?> figures => string.Join(' ', figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key}={f.Value}"))),
        _ => value.ToString(),
    };

    private static int Number(HttpContext http, string name, int otherwise) =>
        int.TryParse(http.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
