using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Import;
using DigitalTwin.Runtime.Ingest;

namespace DigitalTwin.Runtime.Doors;

/// <summary>Reads a mapping file: CSV or Excel, one row per meaning (see <see cref="Mapping"/>).</summary>
internal static class MappingFile
{
    /// <summary>The mapping; <c>null</c> after reporting what is wrong.</summary>
    public static Mapping? Read(string path, PlantNames names, DiagnosticBag bag)
    {
        if (Sheet.Read(path, null, bag) is not { } sheet)
        {
            return null;
        }

        if (sheet.Rows.Count < 2)
        {
            bag.Error(path, 0, 0, "the mapping has no rows", "Write a heading (topic,when,kind,equipment,value) and one row per meaning.");
            return null;
        }

        var sound = true;
        var headings = sheet.Rows[0].Cells.ConvertAll(c => ObservationFields.Plain(c.Text));
        for (var i = 0; i < headings.Count; i++)
        {
            if (headings[i] is not ("" or "topic" or "metric" or "when" or "note") && !ObservationFields.Names.Contains(headings[i]))
            {
                var cell = sheet.Rows[0].Cells[i];
                bag.Error(path, cell.Line, cell.Column, $"unknown column '{cell.Text}'", Suggestion.For(headings[i], [.. ObservationFields.Names, "topic", "when"]) ?? $"Known: topic, when, {string.Join(", ", ObservationFields.Names)}.");
                sound = false;
            }
        }

        if (!headings.Contains("kind"))
        {
            bag.Error(path, 1, 1, "there is no column 'kind'", "It says what a message means, for example EquipmentDown.");
            return null;
        }

        var rows = new List<MappingRow>();
        foreach (var row in sheet.Rows.Skip(1))
        {
            if (ReadRow(path, row, headings, names, bag) is { } read)
            {
                rows.Add(read);
            }
            else
            {
                sound = false;
            }
        }

        return sound ? new Mapping(rows) : null;
    }

    private static MappingRow? ReadRow(string path, CsvRow row, List<string> headings, PlantNames names, DiagnosticBag bag)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var conditions = new List<MappingCondition>();
        var (topic, sound) = ("", true);
        for (var i = 0; i < Math.Min(headings.Count, row.Cells.Count); i++)
        {
            var cell = row.Cells[i];
            var text = cell.Text.Trim();
            switch (headings[i])
            {
                case "topic" or "metric": topic = text; break;
                case "" or "note": break;
                case "when":
                    foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    {
                        if (MappingCondition.Parse(part) is { } condition)
                        {
                            conditions.Add(condition);
                        }
                        else
                        {
                            bag.Error(path, cell.Line, cell.Column, $"'{part}' is not a condition", "Write $path = text; also !=, >, >=, <, <=; several are joined by ';'.");
                            sound = false;
                        }
                    }

                    break;
                default:
                    if (text.Length > 0)
                    {
                        fields[headings[i]] = text;
                    }

                    break;
            }
        }

        var isTemplate = fields.GetValueOrDefault("equipment") is { } equipment && (equipment.StartsWith('$') || equipment.Contains('{', StringComparison.Ordinal));
        if (!isTemplate && fields.TryGetValue("equipment", out var id) && names.Equipment(id) < 0)
        {
            bag.Error(path, row.Line, 1, $"equipment '{id}' is not in the scenario", Suggestion.For(id, names.Plant.Plant.Equipment.Select(e => e.Id)) ?? "");
            sound = false;
        }

        if (!fields.TryGetValue("kind", out var kind))
        {
            bag.Error(path, row.Line, 1, "the row has no kind", $"Say what a message that fits it means, for example {nameof(Plant.Events.PlantEventKind.EquipmentDown)}.");
            sound = false;
        }
        else if (!kind.StartsWith('$') && !ObservationTranslator.Knows(kind))
        {
            bag.Error(path, row.Line, 1, $"kind '{kind}' is unknown", Suggestion.For(kind, ObservationTranslator.KnownKinds) ?? "The kinds are listed in the API's description.");
            sound = false;
        }

        return sound ? new MappingRow(row.Line, topic, conditions, fields) : null;
    }
}
