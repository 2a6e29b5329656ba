using System.Text.Json.Nodes;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>One key of <c>scenario.yaml</c> or one column of a table: the single place that says what it is.</summary>
/// <remarks>Reading, range checks, the JSON Schema and the written documentation all come from here (JaamSim's idea of one descriptor per input).</remarks>
public abstract class Field(string name, string description)
{
    public string Name { get; } = name;

    /// <summary>One sentence for people.</summary>
    public string Description { get; } = description;

    /// <summary>A value that a reader may copy.</summary>
    public string Example { get; init; } = "";

    /// <summary>Whether a row or mapping without it is a mistake.</summary>
    public bool Required { get; init; }

    /// <summary>What is meant where it is left out, in words.</summary>
    public string Otherwise { get; init; } = "";

    /// <summary>Units that may end the column's name instead of standing in each value: <c>capacity_max_kg</c>, <c>hold_min</c>.</summary>
    internal IReadOnlyList<string> HeadingUnits { get; init; } = [];

    /// <summary>Place in its <see cref="Shape"/>.</summary>
    internal int Ordinal { get; set; } = -1;

    /// <summary>Type and range in words.</summary>
    public abstract string TypeWords { get; }

    /// <summary>Whether a text could stand here, references apart; says why not.</summary>
    public abstract bool Accepts(string text, out Trouble trouble);

    /// <summary>Type with its article, for sentences.</summary>
    internal string ArticledType => "aeio".Contains(TypeWords[0], StringComparison.Ordinal) ? $"an {TypeWords}" : $"a {TypeWords}";

    internal abstract JsonNode Schema();
}

/// <summary>A field with one value.</summary>
internal sealed class Field<T>(string name, FieldType<T> type, string description) : Field(name, description)
{
    private static readonly PlantClock s_anyClock = new(new DateTime(2026, 1, 1), "UTC");

    public FieldType<T> Type { get; } = type;

    /// <summary>Value where the field is left out: that of its type, for texts the empty one.</summary>
    public T Default { get; init; } = typeof(T) == typeof(string) ? (T)(object)"" : default!;

    public override string TypeWords => Type.Words;

    public override bool Accepts(string text, out Trouble trouble) => Type.Parse(text, new ParseContext(s_anyClock), out _, out trouble);

    internal override JsonNode Schema() => Type.Schema();
}

/// <summary>A key whose value is a mapping of keys of its own.</summary>
internal sealed class MapField(string name, Shape shape, string description) : Field(name, description)
{
    public Shape Shape { get; } = shape;

    public override string TypeWords => "mapping";

    public override bool Accepts(string text, out Trouble trouble)
    {
        trouble = new Trouble("must be a mapping");
        return false;
    }

    internal override JsonNode Schema() => Shape.Schema();
}

/// <summary>A key whose value is a list of mappings.</summary>
internal sealed class MapsField(string name, Shape shape, string description) : Field(name, description)
{
    public Shape Shape { get; } = shape;

    public override string TypeWords => "list of mappings";

    public override bool Accepts(string text, out Trouble trouble)
    {
        trouble = new Trouble("must be a list of mappings");
        return false;
    }

    internal override JsonNode Schema() => new JsonObject { ["type"] = "array", ["items"] = Shape.Schema() };
}

/// <summary>The columns of a table or the keys of a mapping, in the order in which they are written.</summary>
public sealed class Shape
{
    private readonly Dictionary<string, Field> _byName;

    /// <param name="name">File name of a table, or what a mapping is.</param>
    /// <param name="description">What a row or mapping describes.</param>
    internal Shape(string name, string description, params Field[] fields)
    {
        Name = name;
        Description = description;
        Fields = fields;
        _byName = fields.ToDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i].Ordinal = i;
        }
    }

    public string Name { get; }

    public string Description { get; }

    public IReadOnlyList<Field> Fields { get; }

    /// <summary>The field that a key or heading means, and the unit its name ends in, if any.</summary>
    internal (Field? Field, string? Unit) Find(string heading)
    {
        if (_byName.TryGetValue(heading, out var field))
        {
            return (field, null);
        }

        var cut = heading.LastIndexOf('_');
        return cut > 0 && _byName.TryGetValue(heading[..cut], out field)
            && field.HeadingUnits.FirstOrDefault(u => u.Equals(heading[(cut + 1)..], StringComparison.OrdinalIgnoreCase)) is { } unit
            ? (field, unit)
            : (null, null);
    }

    internal JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var field in Fields)
        {
            var schema = field.Schema().AsObject();
            if (field.Example.Length > 0 && schema.TryGetPropertyValue("type", out var type) && type is JsonValue && type.GetValue<string>() == "string")
            {
                schema["examples"] = new JsonArray(field.Example);
            }

            schema.Insert(0, "description", field.Otherwise.Length > 0 ? $"{field.Description} Left out: {field.Otherwise}." : field.Description);
            properties.Add(field.Name, schema);
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray([.. Fields.Where(f => f.Required).Select(f => (JsonNode)f.Name)]),
            ["properties"] = properties,
        };
    }
}
