namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>Collects the findings of one reading.</summary>
internal sealed class DiagnosticBag
{
    // A value may be looked at by several readers; what is wrong with it is told once.
    private readonly HashSet<Diagnostic> _all = [];

    public IReadOnlyCollection<Diagnostic> All => _all;

    public bool HasErrors { get; private set; }

    public void Error(string file, int line, int column, string what, string wayOut)
    {
        HasErrors = true;
        _all.Add(new Diagnostic(file, line, column, Severity.Error, what, wayOut));
    }

    public void Warn(string file, int line, int column, string what, string wayOut) =>
        _all.Add(new Diagnostic(file, line, column, Severity.Warning, what, wayOut));
}

/// <summary>One value where it stands in a file.</summary>
/// <param name="File">Where that is another file than its record's: a value that a what-if put there.</param>
internal readonly record struct Cell(string Text, int Line, int Column, string? HeadingUnit = null, YamlNode? Node = null, string? File = null)
{
    public bool IsEmpty => string.IsNullOrEmpty(Text) && Node is null;
}

/// <summary>A table row or a YAML mapping, read field by field; what is wrong with a value is reported at its place.</summary>
internal sealed class SourceRecord
{
    private readonly Cell[] _cells; // by the field's ordinal
    private readonly DiagnosticBag _bag;
    private readonly ParseContext _context;

    public SourceRecord(Shape shape, string file, Cell[] cells, DiagnosticBag bag, ParseContext context)
    {
        Shape = shape;
        File = file;
        _cells = cells;
        _bag = bag;
        _context = context;
    }

    public Shape Shape { get; }

    public string File { get; }

    /// <summary>False once an error was reported against it: later checks leave it alone.</summary>
    public bool IsSound { get; private set; } = true;

    public Cell this[Field field] => _cells[field.Ordinal];

    public bool Has(Field field) => !this[field].IsEmpty;

    public int Line => _cells[0].Line;

    /// <summary>Reports required fields that are missing.</summary>
    public void RequireAll(Func<Field, bool> expected)
    {
        foreach (var field in Shape.Fields.Where(f => f.Required && !Has(f) && expected(f)))
        {
            Error(field, $"{field.Name} is missing", field.Example.Length > 0 ? $"Write {field.ArticledType}, such as {field.Example}." : $"Write {field.ArticledType}.");
        }
    }

    /// <summary>The value, or the field's default where it is empty or wrong.</summary>
    public T Get<T>(Field<T> field) => TryGet(field, out var value) ? value : field.Default;

    /// <summary>The value, or <c>null</c> where it is empty or wrong.</summary>
    public T? GetOrNull<T>(Field<T> field) where T : struct => TryGet(field, out var value) ? value : null;

    /// <summary>The value, or <c>null</c> where it is empty or wrong.</summary>
    public T? GetOrNothing<T>(Field<T> field) where T : class => TryGet(field, out var value) ? value : null;

    public bool TryGet<T>(Field<T> field, out T value)
    {
        var cell = this[field];
        value = field.Default;
        if (cell.IsEmpty)
        {
            return false;
        }

        if (cell.Node is not (null or YamlScalar))
        {
            Error(field, $"{field.Name} must be one value, not a {(cell.Node is YamlMap ? "mapping" : "list")}", field.Example.Length > 0 ? $"Write {field.Name}: {field.Example}" : "");
            return false;
        }

        if (field.Type.Parse(cell.Text, _context with { HeadingUnit = cell.HeadingUnit }, out value, out var trouble))
        {
            return true;
        }

        Error(field, $"{field.Name} '{cell.Text}' {trouble.What}", trouble.WayOut);
        value = field.Default;
        return false;
    }

    /// <summary>The items of a list, each at its own place.</summary>
    public IEnumerable<Cell> Items(Field field)
    {
        var cell = this[field];
        if (cell.Node is YamlList list)
        {
            foreach (var node in list.Items)
            {
                if (node is YamlScalar scalar)
                {
                    yield return new Cell(scalar.Text, node.Line, node.Column, File: node.File);
                }
                else
                {
                    Error(new Cell("", node.Line, node.Column), $"{field.Name} must be a list of single values", "");
                }
            }

            yield break;
        }

        if (cell.Node is YamlMap)
        {
            Error(field, $"{field.Name} must be a list, not a mapping", $"Write {field.Name}: [a, b]");
            yield break;
        }

        var offset = 0;
        foreach (var part in (cell.Text ?? "").Split(';'))
        {
            if (part.Trim() is { Length: > 0 } item)
            {
                yield return new Cell(item, cell.Line, cell.Column + offset + part.IndexOf(item, StringComparison.Ordinal), File: cell.File);
            }

            offset += part.Length + 1;
        }
    }

    /// <summary>The nested mapping under a key, or <c>null</c> where there is none.</summary>
    public SourceRecord? Map(MapField field) => this[field].Node is { } node && AsMap(node, field, "must be a mapping") is { } map
        ? YamlText.Record(map, field.Shape, File, _bag, _context)
        : null;

    /// <summary>The nested mappings under a key.</summary>
    public IEnumerable<SourceRecord> Maps(MapsField field)
    {
        if (this[field].Node is not { } node)
        {
            yield break;
        }

        if (node is not YamlList list)
        {
            Error(field, $"{field.Name} must be a list of mappings", "Begin each with '- '.");
            yield break;
        }

        foreach (var item in list.Items)
        {
            if (AsMap(item, field, "must be a list of mappings") is { } map)
            {
                yield return YamlText.Record(map, field.Shape, File, _bag, _context);
            }
        }
    }

    public void Error(Field field, string what, string wayOut) => Error(this[field], what, wayOut);

    public void Error(Cell at, string what, string wayOut)
    {
        IsSound = false;
        _bag.Error(at.File ?? File, at.Line, at.Column, what, wayOut);
    }

    public void Warn(Field field, string what, string wayOut) => _bag.Warn(this[field].File ?? File, this[field].Line, this[field].Column, what, wayOut);

    private YamlMap? AsMap(YamlNode node, Field field, string must)
    {
        if (node is YamlMap map)
        {
            return map;
        }

        if (node is not YamlScalar { IsNull: true })
        {
            Error(new Cell("", node.Line, node.Column), $"{field.Name} {must}", "Write its keys on indented lines below.");
        }

        return null;
    }
}
