using System.Collections.Immutable;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Plant.Scenarios.Tables;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Drafts;

/// <summary>Any number of a scenario by its path.</summary>
/// <remarks>
/// <c>table.row.column</c> with the table's file name without its ending, the row's id (or, where rows have none, the names that tell them
/// apart, joined by dots: <c>routings.cotton-dark.dye.rework_probability</c>) and the column; or the way through scenario.yaml:
/// <c>horizon</c>, <c>objective.tardiness</c>, <c>tariffs.zhejiang.base_price</c>. Names may contain dots.
/// </remarks>
internal static class ParameterPath
{
    private delegate Cell? Change(Field field, Cell now);

    public static void Set(PatchTarget target, PatchText path, PatchText value) => Visit(target, path, (_, _) => PatchTarget.CellOf(value));

    public static void Scale(PatchTarget target, PatchText path, PatchText factor)
    {
        if (!NumberText.TryParse(factor.Text, DecimalMark.PointFirst, out var times, out var trouble) || times < 0)
        {
            target.Error(factor, $"factor '{factor}' {trouble.What ?? "must be ≥ 0"}", trouble.WayOut ?? "Write 1.1 for a tenth more.");
            return;
        }

        Visit(target, path, (field, now) => Scaled(field, now.Text ?? "", times) is { } text
            ? PatchTarget.CellOf(factor with { Text = text })
            : Refuse(field, now));

        Cell? Refuse(Field field, Cell now)
        {
            target.Error(path, $"{field.Name} '{(now.IsEmpty ? field.Otherwise : now.Text)}' cannot be multiplied", "Use set with a whole value.");
            return null;
        }
    }

    private static string? Scaled(Field field, string text, double times) => field switch
    {
        Field<double> number when Number(number, text) is { } value && double.IsFinite(value) => NumberText.Format(value * times),
        Field<int> whole when text.Length > 0 && whole.Type.Parse(text, default, out var value, out _) => whole.Type.Format((int)Math.Round(value * times), null!),
        Field<Duration> length when text.Length > 0 && length.Type.Parse(text, default, out var value, out _) => DurationText.Format(value * times),
        Field<Distribution> luck when times > 0 && text.Length > 0 && luck.Type.Parse(text, default, out var value, out _) => luck.Type.Format(value.Times(times), null!),
        _ => null,
    };

    private static double? Number(Field<double> field, string text) =>
        text.Length == 0 ? field.Default : field.Type.Parse(text, default, out var value, out _) ? value : null;

    private static void Visit(PatchTarget target, PatchText path, Change change)
    {
        var dot = path.Text.IndexOf('.', StringComparison.Ordinal);
        var first = dot < 0 ? path.Text : path.Text[..dot];
        if (ScenarioHead.Shape.Find(first) is ({ } key, null))
        {
            VisitHead(target, target.Draft.Head, key, path, dot < 0 ? "" : path.Text[(dot + 1)..], change);
        }
        else if (ScenarioFormat.Tables.FirstOrDefault(t => NameOf(t.Shape) == first).Shape is { } table)
        {
            VisitTable(target, table, path, path.Text[(dot < 0 ? path.Text.Length : dot + 1)..], change);
        }
        else
        {
            var known = ScenarioFormat.Tables.Select(t => NameOf(t.Shape)).Concat(ScenarioHead.Shape.Fields.Select(f => f.Name)).ToList();
            target.Error(path, $"'{first}' is neither a table nor a key of scenario.yaml", Suggestion.For(first, known) ?? $"Begin with one of {string.Join(", ", known)}.");
        }
    }

    private static string NameOf(Shape table) => Path.GetFileNameWithoutExtension(table.Name);

    private static void VisitTable(PatchTarget target, Shape table, PatchText path, string rest, Change change)
    {
        var cut = rest.LastIndexOf('.');
        var column = rest[(cut + 1)..];
        if (cut < 0 || table.Find(column) is not ({ } field, null))
        {
            target.Error(path, cut < 0 ? $"'{path}' names no row and column" : $"{table.Name} has no column '{column}'",
                (cut < 0 ? null : Suggestion.For(column, Parameters(table))) ?? $"Write {NameOf(table)}.row.column with a column of {string.Join(", ", Parameters(table))}.");
            return;
        }

        if (!IsParameter(field))
        {
            target.Error(path, $"column '{column}' of {table.Name} is no parameter: it says what something is, not how much", $"Parameters: {string.Join(", ", Parameters(table))}.");
            return;
        }

        var keys = KeysOf(table);
        var wanted = rest[..cut];
        var rows = target.Draft.Rows(table).Where(r => Matches(wanted, KeyOf(r, keys))).ToList();
        if (rows.Count == 0)
        {
            target.Error(path, $"{table.Name} has no row '{wanted}'",
                Suggestion.For(wanted, target.Draft.Rows(table).Select(r => KeyOf(r, keys))) ?? $"A row is named by {string.Join(".", keys.Select(k => k.Name))}.");
        }

        foreach (var row in rows)
        {
            row[field.Ordinal] = change(field, row[field.Ordinal]) ?? row[field.Ordinal];
        }
    }

    private static void VisitHead(PatchTarget target, YamlMap map, Field key, PatchText path, string rest, Change change)
    {
        var at = map.Entries.FindIndex(e => e.Key.Text.Equals(key.Name, StringComparison.OrdinalIgnoreCase));
        switch (key)
        {
            case MapsField maps when at >= 0 && map.Entries[at].Value is YamlList list:
                VisitItem(target, list, maps, path, rest, change);
                return;
            case MapField inner:
                if (at < 0)
                {
                    map.Entries.Add((new YamlScalar(key.Name, true, path.Line, path.Column) { File = path.File }, new YamlMap([], path.Line, path.Column) { File = path.File }));
                    at = map.Entries.Count - 1;
                }

                VisitKey(target, (YamlMap)map.Entries[at].Value, inner.Shape, path, rest, change);
                return;
            case MapsField:
                target.Error(path, $"the scenario has no {key.Name}", "Correct the path.");
                return;
        }

        if (rest.Length > 0 || !IsParameter(key))
        {
            target.Error(path, $"'{path}' is no parameter", rest.Length > 0 ? $"Maybe {key.Name} alone?" : $"Parameters here: {string.Join(", ", Parameters(ScenarioHead.Shape))}.");
            return;
        }

        var now = at >= 0 && map.Entries[at].Value is YamlScalar scalar ? new Cell(scalar.Text, scalar.Line, scalar.Column) : default;
        if (change(key, now) is { } cell)
        {
            var entry = (new YamlScalar(key.Name, true, cell.Line, cell.Column), (YamlNode)new YamlScalar(cell.Text, true, cell.Line, cell.Column) { File = cell.File });
            if (at >= 0)
            {
                map.Entries[at] = entry;
            }
            else
            {
                map.Entries.Add(entry);
            }
        }
    }

    private static void VisitItem(PatchTarget target, YamlList list, MapsField maps, PatchText path, string rest, Change change)
    {
        var id = maps.Shape.Fields[0];
        var items = list.Items.OfType<YamlMap>().Select(m => (Map: m, Id: m.Entries.Where(e => e.Key.Text == id.Name).Select(e => (e.Value as YamlScalar)?.Text).FirstOrDefault() ?? "")).ToList();
        var named = items.Where(i => rest.StartsWith(i.Id + ".", StringComparison.Ordinal)).OrderByDescending(i => i.Id.Length).FirstOrDefault();
        if (named.Map is null)
        {
            var word = rest.Contains('.', StringComparison.Ordinal) ? rest[..rest.LastIndexOf('.')] : rest;
            target.Error(path, $"{maps.Name} has no '{word}'", Suggestion.For(word, items.Select(i => i.Id)) ?? $"There {(items.Count == 1 ? "is" : "are")} {string.Join(", ", items.Select(i => i.Id))}.");
            return;
        }

        VisitKey(target, named.Map, maps.Shape, path, rest[(named.Id.Length + 1)..], change);
    }

    private static void VisitKey(PatchTarget target, YamlMap map, Shape shape, PatchText path, string rest, Change change)
    {
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? rest : rest[..dot];
        if (shape.Find(name) is ({ } key, null))
        {
            VisitHead(target, map, key, path, dot < 0 ? "" : rest[(dot + 1)..], change);
        }
        else
        {
            target.Error(path, $"{shape.Name} has no key '{name}'", Suggestion.For(name, Parameters(shape)) ?? $"Known here: {string.Join(", ", Parameters(shape))}.");
        }
    }

    private static IEnumerable<string> Parameters(Shape shape) => shape.Fields.Where(f => IsParameter(f) || f is MapField).Select(f => f.Name);

    private static bool IsParameter(Field field) => field is not (Field<string> or Field<ImmutableArray<string>> or MapField or MapsField) && field != ScenarioHead.Start;

    private static List<Field> KeysOf(Shape table) =>
        table.Fields.FirstOrDefault(f => f.Name == "id") is { } id ? [id] : [.. table.Fields.Where(f => f.Required && f is Field<string>)];

    private static string KeyOf(Cell[] row, List<Field> keys) => string.Join(".", keys.Select(k => row[k.Ordinal].Text));

    /// <summary>Whether a text is a pattern in which <c>*</c> stands for anything.</summary>
    private static bool Matches(string pattern, string text)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return pattern == text;
        }

        if (!text.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            at = text.IndexOf(part, at, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            at += part.Length;
        }

        return text.Length - at >= parts[^1].Length && text.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}
