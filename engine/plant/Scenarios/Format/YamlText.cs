using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>A YAML node with its place.</summary>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>File that it stands in, where that is not the document's own.</summary>
    public string? File { get; init; }
}

internal sealed record YamlScalar(string Text, bool Plain, int Line, int Column) : YamlNode(Line, Column)
{
    public bool IsNull => Plain && Text is "" or "~" or "null";
}

internal sealed record YamlList(List<YamlNode> Items, int Line, int Column) : YamlNode(Line, Column);

internal sealed record YamlMap(List<(YamlScalar Key, YamlNode Value)> Entries, int Line, int Column) : YamlNode(Line, Column);

/// <summary>Reads YAML into nodes with places; a mapping becomes a <see cref="SourceRecord"/>.</summary>
internal static class YamlText
{
    private const int DeepestNesting = 20;

    /// <summary>The document's mapping, or <c>null</c> after an error that makes it unreadable.</summary>
    public static YamlMap? Read(string text, string file, DiagnosticBag bag)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                bag.Error(file, 1, 1, "the file is empty", "Begin with 'id:' and 'name:'.");
                return null;
            }

            parser.Consume<DocumentStart>();
            var node = ReadNode(parser, 0);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
            {
                bag.Error(file, (int)second.Start.Line, (int)second.Start.Column, "a second document begins here", "Keep one document and remove the '---'.");
            }

            if (node is YamlMap map)
            {
                return map;
            }

            bag.Error(file, node.Line, node.Column, "the file must be a mapping", "Write lines of the form 'key: value'.");
        }
        catch (YamlException broken)
        {
            // A parser's "(Line: 3, Col: 1, Idx: 20) - (…):" would repeat the place.
            var what = broken.Message.Contains("): ", StringComparison.Ordinal) ? broken.Message[(broken.Message.LastIndexOf("): ", StringComparison.Ordinal) + 3)..] : broken.Message;
            bag.Error(file, (int)broken.Start.Line, (int)broken.Start.Column, $"not readable as YAML: {what.TrimEnd('.')}", "Check indentation, quotes and colons near here.");
        }

        // On some broken texts the parser itself stumbles instead of complaining.
        catch (Exception stumbled) when (stumbled is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException or OverflowException)
        {
            var near = parser.Current?.End ?? Mark.Empty;
            bag.Error(file, (int)Math.Max(1, near.Line), (int)Math.Max(1, near.Column), "not readable as YAML after this place", "Check indentation, quotes and colons near here.");
        }

        return null;
    }

    /// <summary>Takes a mapping apart by a shape; unknown and repeated keys are reported.</summary>
    public static SourceRecord Record(YamlMap map, Shape shape, string file, DiagnosticBag bag, ParseContext context)
    {
        var cells = new Cell[shape.Fields.Count];
        Array.Fill(cells, new Cell("", map.Line, map.Column));
        var seen = new HashSet<Field>();
        var record = new SourceRecord(shape, file, cells, bag, context);
        foreach (var (key, value) in map.Entries)
        {
            if (shape.Find(key.Text) is not ({ } field, null))
            {
                record.Error(new Cell("", key.Line, key.Column), $"unknown key '{key.Text}'",
                    Suggestion.For(key.Text, shape.Fields.Select(f => f.Name)) ?? $"Known here: {string.Join(", ", shape.Fields.Select(f => f.Name))}.");
            }
            else if (!seen.Add(field))
            {
                record.Error(new Cell("", key.Line, key.Column), $"key '{key.Text}' is written twice", "Keep one of them.");
            }
            else
            {
                cells[field.Ordinal] = value is YamlScalar { IsNull: true }
                    ? new Cell("", value.Line, value.Column, File: value.File)
                    : new Cell(value is YamlScalar scalar ? scalar.Text.Trim() : "", value.Line, value.Column, null, value is YamlScalar { Text: var t } && t.Trim().Length == 0 ? null : value, value.File);
            }
        }

        record.RequireAll(_ => true);
        return record;
    }

    private static YamlNode ReadNode(Parser parser, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new YamlException(parser.Current!.Start, parser.Current.End, "nested too deeply");
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlScalar(scalar.Value, scalar.Style is ScalarStyle.Plain, (int)scalar.Start.Line, (int)scalar.Start.Column);
        }

        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadNode(parser, depth + 1));
            }

            return new YamlList(items, (int)sequence.Start.Line, (int)sequence.Start.Column);
        }

        if (parser.TryConsume<MappingStart>(out var mapping))
        {
            var entries = new List<(YamlScalar, YamlNode)>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = ReadNode(parser, depth + 1);
                var value = ReadNode(parser, depth + 1);
                entries.Add((key as YamlScalar ?? new YamlScalar("(not a name)", false, key.Line, key.Column), value));
            }

            return new YamlMap(entries, (int)mapping.Start.Line, (int)mapping.Start.Column);
        }

        var other = parser.Consume<ParsingEvent>();
        throw new YamlException(other.Start, other.End, other is AnchorAlias ? "aliases (*name) are not supported here" : $"unexpected {other.GetType().Name}");
    }
}
