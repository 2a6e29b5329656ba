using DigitalTwin.Ui.Exports;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>A table as a file to save: CSV (UTF-8 with BOM, so that Excel reads Chinese), xlsx or JSON.</summary>
public static class TableFile
{
    /// <summary>A table whose headings are texts of the viewer's language; in JSON they are the keys without what they have in common.</summary>
    public static ExportTable Of(string name, string common, IReadOnlyList<string> keys, IEnumerable<object?[]> rows, Texts texts) =>
        new(name, [.. keys.Select(k => texts[k])], [.. rows]) { Properties = [.. keys.Select(k => k[common.Length..])] };

    public static IReadOnlyList<string> Endings { get; } = ["csv", "xlsx", "json"];

    /// <summary>Media type of a file with this ending.</summary>
    public static string TypeOf(string ending) => ending switch
    {
        "csv" => "text/csv",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/json",
    };

    /// <summary>The file, from its beginning.</summary>
    /// <exception cref="ArgumentException">The ending is none of <see cref="Endings"/>.</exception>
    public static MemoryStream Write(ExportTable table, string ending)
    {
        var format = ExportTable.FormatOf("table." + ending)
            ?? throw new ArgumentException($"There is no format '{ending}'. Maybe {string.Join(", ", Endings)}?", nameof(ending));
        var stream = new MemoryStream();
        table.WriteTo(stream, format);
        stream.Position = 0;
        return stream;
    }
}
