using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Import;
using DigitalTwin.Plant.Scenarios.Tables;

namespace DigitalTwin.Plant.Scenarios.Documentation;

/// <summary>The scenario format in words and as a JSON Schema, made from the descriptors that read the files.</summary>
/// <remarks>Committed as <c>scenarios/README.md</c> and <c>scenarios/scenario.schema.json</c>; a test proves that they are current.</remarks>
public static class FormatDocumentation
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The keys of <c>scenario.yaml</c>.</summary>
    public static Shape Head => ScenarioHead.Shape;

    /// <summary>The tables of a scenario folder.</summary>
    public static IReadOnlyList<Shape> Tables { get; } = [.. ScenarioFormat.Tables.Select(t => t.Shape)];

    /// <summary>JSON Schema (draft 2020-12) of <c>scenario.yaml</c>.</summary>
    public static string Schema()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Scenario",
            ["description"] = "scenario.yaml of a scenario folder; its tables are CSV files beside it. See README.md.",
        };
        foreach (var (key, value) in Head.Schema())
        {
            schema[key] = value?.DeepClone();
        }

        return schema.ToJsonString(s_json) + "\n";
    }

    /// <summary>The format for people, in Markdown.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        text.Append(Introduction);
        text.Append("\n## scenario.yaml\n\n");
        Fields(text, Head, "Key");
        foreach (var nested in Head.Fields)
        {
            Nested(text, nested, 3);
        }

        text.Append("\n## Tables\n");
        foreach (var table in Tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {table.Name}\n\n{table.Description}\n\n");
            Fields(text, table, "Column");
        }

        text.Append(OrderLists);
        foreach (var (field, words) in OrderHeadings.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {field.Name} | {string.Join(", ", words.Split(' ').Select(w => w.Replace('_', ' ')))} |\n");
        }

        return text.ToString();
    }

    private static void Nested(StringBuilder text, Field field, int level)
    {
        var shape = field switch { MapField map => map.Shape, MapsField maps => maps.Shape, _ => null };
        if (shape is null)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{new string('#', level)} {field.Name}\n\n{field.Description}\n\n");
        Fields(text, shape, "Key");
        foreach (var inner in shape.Fields)
        {
            Nested(text, inner, level + 1);
        }
    }

    private static void Fields(StringBuilder text, Shape shape, string heading)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {heading} | Value | Meaning | Left out | Example |\n|---|---|---|---|---|\n");
        foreach (var field in shape.Fields)
        {
            var name = field.Required ? $"**{field.Name}**" : field.Name;
            var example = field.Example.Length > 0 ? $"`{field.Example}`" : "";
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Cell(field.TypeWords)} | {Cell(field.Description)} | {(field.Required ? "—" : Cell(field.Otherwise))} | {Cell(example)} |\n");
        }
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static readonly string OrderLists = """

        ## Order lists of other systems

        `twin import orders` takes Excel workbooks (.xlsx) and text separated by comma, semicolon or tab, in UTF-8, UTF-16 or GB18030, with or without
        byte order mark. The heading row may stand below titles; a unit may stand in a heading (`数量(kg)`, `qty [kg]`) or in a cell (`180 kg`).
        Dates may be ISO, Chinese (`2026年3月2日 14:30`, `2026/3/2`) or spreadsheet serial numbers. `1,234` and `1.234` are read as their column or their
        separator decides, and refused where nothing decides. Products, families and firms may be named by id or by their English or Chinese name.
        Orders are matched by id: missing columns and empty cells keep what the order book says. A row enters whole or not at all.

        | Field | Headings |
        |---|---|

        """.ReplaceLineEndings("\n");

    private static readonly string Introduction = $"""
        # Scenarios

        <!-- Made by FormatDocumentation from the descriptors that read the files; do not edit. -->

        A scenario is a folder: `scenario.yaml` with everything that is not a table, and CSV tables that can be edited in a spreadsheet.
        `twin check <folder>` reports every mistake at once as `file:line:column: what — way out`.
        Editors that know JSON Schema complete and check `scenario.yaml` through its first line
        (`# yaml-language-server: $schema=../scenario.schema.json`).
        Changes to try on a scenario stand in small files of their own: [what-if.md](what-if.md).

        ## How values are written

        - **Tables** are UTF-8 text (with or without byte order mark) separated by comma, semicolon or tab, with a heading. Columns may stand in any
          order, columns that nobody needs may be missing, and so may tables other than `equipment.csv`, `equipment_classes.csv`, `routings.csv` and `products.csv`.
        - **Names** refer to the `id` of another table. A list in one cell is separated by `;`. Surrounding blanks do not count.
        - **Durations** carry their unit: `20 min`, `1.5 h`, `1 h 30 min`, `2 d`, `500 ms` (ms, s, min, h, d, w). Or the heading does, and the
          cells are plain numbers: `hold_min`, `setup_h`. In the same way `capacity_max_kg` and `quantity_kg` name their unit.
        - **Distributions** stand where luck is at work: {string.Join(", ", DistributionText.Forms.Select(f => $"`{f}`"))}.
          Factors are the same without units: `lognormal(median 1, sigma 0.1)`.
        - **Moments** are local time of the plant: `2026-03-02 08:00`; also `2026/3/2 8:00`, `2026年3月2日 8:00`, a date alone (midnight), or with an offset.
          `2/3/2026` has two readings and is refused.
        - **Numbers** have a decimal point; `12,5` is understood, and `1,234`, which has two readings, is refused.
        - **Yes or no**: `yes`, `no`, `true`, `false`, `1`, `0`.

        Bold keys and columns are required.

        """.ReplaceLineEndings("\n");
}
