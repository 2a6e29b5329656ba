using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DigitalTwin.Plant.Scenarios.Drafts;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Plant.Scenarios.Documentation;

/// <summary>The format of what-if files in words and as a JSON Schema, made from the descriptors that read them.</summary>
/// <remarks>Committed as <c>scenarios/what-if.md</c> and <c>scenarios/whatif.schema.json</c>; a test proves that they are current.</remarks>
public static class WhatIfDocumentation
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The keys of a what-if file.</summary>
    public static Shape Head => WhatIfFormat.Shape;

    /// <summary>The kinds of patches, a key each.</summary>
    public static Shape Patch => WhatIfFormat.Patch;

    /// <summary>JSON Schema (draft 2020-12) of a what-if file.</summary>
    public static string Schema()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "What-if",
            ["description"] = "Changes to a scenario, to be tried with twin whatif. See what-if.md.",
        };
        foreach (var (key, value) in Head.Schema())
        {
            schema[key] = value?.DeepClone();
        }

        var properties = schema["properties"]!.AsObject();
        var item = properties["patches"]!["items"]!.AsObject();
        item.Remove("required");
        item.Insert(1, "minProperties", 1);
        item.Insert(2, "maxProperties", 1);
        foreach (var list in new Field[] { WhatIfFormat.CancelOrder, WhatIfFormat.RemoveMachine })
        {
            item["properties"]![list.Name]!["type"] = new JsonArray("array", "string");
        }

        return schema.ToJsonString(s_json) + "\n";
    }

    /// <summary>The format for people, in Markdown.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder(Introduction);
        text.Append("\n## The file\n\n");
        Fields(text, Head);
        text.Append("\n## patches\n\n").Append(Patch.Description).Append("\n\n| Key | Value | Meaning | Example |\n|---|---|---|---|\n");
        foreach (var field in Patch.Fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {field.Name} | {Cell(field.TypeWords)} | {Cell(field.Description)} | {(field.Example.Length > 0 ? $"`{field.Example}`" : "")} |\n");
        }

        foreach (var map in Patch.Fields.OfType<MapField>())
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {map.Name}\n\n{map.Description}\n\n");
            Fields(text, map.Shape);
        }

        return text.Append(Paths).ToString();
    }

    private static void Fields(StringBuilder text, Shape shape)
    {
        text.Append("| Key | Value | Meaning | Left out | Example |\n|---|---|---|---|---|\n");
        foreach (var field in shape.Fields)
        {
            var name = field.Required ? $"**{field.Name}**" : field.Name;
            var example = field.Example.Length > 0 ? $"`{field.Example}`" : "";
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Cell(field.TypeWords)} | {Cell(field.Description)} | {(field.Required ? "—" : Cell(field.Otherwise))} | {Cell(example)} |\n");
        }
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static readonly string Introduction = """
        # What-if files

        <!-- Made by WhatIfDocumentation from the descriptors that read the files; do not edit. -->

        A what-if is a scenario with changes, in a small YAML file. `twin whatif <scenario> <file…>` runs the base and every what-if with the same luck,
        replication by replication, and says which is better, by how much and how sure that is. Values are written as in scenario files (README.md).

            # yaml-language-server: $schema=../../whatif.schema.json
            name: A rush order and a broken vat
            patches:
              - rush_order: {id: R1, product: cotton-dark-M, quantity: 90, unit: kg, due: "2026-03-03 18:00", priority: 5}
              - breakdown: {equipment: V71, at: "2026-03-02 20:00", duration: 8 h}
              - set: {auxiliaries.frame-M.count: 36}

        The patched plant goes through every check of a scenario on disk. Mistakes are reported all at once as `file:line:column: what — way out`; what
        becomes wrong elsewhere is told at the patch that brings it about. What no patch names keeps its luck.

        The base is the scenario from its start, or with `--from` the plant as it runs: at a moment (`--from 12h`, `--from "2026-03-02 08:00"`), or as a snapshot
        holds it (`twin run … --at 12h --save-snapshot noon.twin`, then `twin whatif … --from noon.twin`; `twin snapshot` says what is in one).

        On a plant that runs already (a snapshot, a moment, the live twin) a patch must leave things in their places: orders may come and be cancelled, due dates,
        priorities, breakdowns to come, calendars, tariffs, rule, schedule and numbers may change; machines cannot be added or removed there.

        """.ReplaceLineEndings("\n");

    private static readonly string Paths = """

        ### set and scale

        A path is `table.row.column`, with the table's file name without `.csv`. A row is named by its id, and where rows have none by the names that tell
        them apart: `routings.cotton-dark.dye.rework_probability`, `tariff.zhejiang.peak.price`. `*` stands for anything: `equipment.V0*.speed_factor`.
        Keys of scenario.yaml are named from the top: `seed`, `horizon`, `objective.tardiness`, `tariffs.zhejiang.base_price`,
        `changeover_rules.wash-M.cleaning.duration`, `lines.line-1.takt`. Names, lists and texts are no parameters.

        """.ReplaceLineEndings("\n");
}
