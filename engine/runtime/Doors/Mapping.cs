using System.Globalization;
using DigitalTwin.Runtime.Ingest;

namespace DigitalTwin.Runtime.Doors;

/// <summary>Finds a value in a message by its path; <c>null</c> when there is none.</summary>
public delegate string? MessageValue(string path);

/// <summary>What foreign messages mean: rows of a mapping file, each of which makes an observation of a message that it fits.</summary>
/// <remarks>
/// Columns: <c>topic</c> (a filter with + and #; empty fits all), <c>when</c> (conditions <c>$path = text</c>, <c>!=</c>, <c>&gt;</c>,
/// <c>&gt;=</c>, <c>&lt;</c>, <c>&lt;=</c>, joined by <c>;</c>), <c>kind</c>, and any field of an observation. A cell is text as it stands, in which <c>$path</c>
/// alone is a value of the message and <c>{2}</c> the second level of its topic. A message makes one observation per row that fits.
/// </remarks>
public sealed class Mapping
{
    private readonly IReadOnlyList<MappingRow> _rows;

    public Mapping(IReadOnlyList<MappingRow> rows)
    {
        _rows = rows;
    }

    /// <summary>The rows, in the order of the file.</summary>
    public IReadOnlyList<MappingRow> Rows => _rows;

    /// <summary>Equipment that rows fitting a topic name as it stands: whose source a dead device was.</summary>
    public IEnumerable<string> EquipmentOf(Func<string, bool> fits) =>
        _rows.Where(r => r.Topic is { Length: > 0 } topic && fits(topic)).Select(r => r.Fields.GetValueOrDefault("equipment")).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Observations that a message makes; their ids end in a number where it makes several.</summary>
    /// <param name="id">Id for observations whose row gives none.</param>
    /// <param name="time">Time for observations whose row gives none.</param>
    /// <param name="problems">What is wrong with a value, per row that could not be made.</param>
    public List<Observation> Apply(string topic, MessageValue value, string id, PlantMoment time, List<string> problems)
    {
        var made = new List<Observation>();
        var levels = topic.Split('/');
        foreach (var row in _rows)
        {
            if (row.Fits(topic, value))
            {
                var observation = Make(row, levels, value, out var problem);
                if (observation is null)
                {
                    problems.Add(problem);
                    continue;
                }

                made.Add(observation with
                {
                    Id = observation.Id.Length > 0 ? observation.Id : made.Count == 0 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}+{made.Count}"),
                    Time = observation.Time.IsMissing ? time : observation.Time,
                });
            }
        }

        return made;
    }

    private static Observation? Make(MappingRow row, string[] levels, MessageValue value, out string problem)
    {
        var made = new Observation();
        problem = "";
        foreach (var (field, template) in row.Fields)
        {
            if (Fill(template, levels, value) is { Length: > 0 } text && !ObservationFields.TrySet(ref made, field, text, out problem))
            {
                problem = string.Create(CultureInfo.InvariantCulture, $"line {row.Line} of the mapping: {problem}");
                return null;
            }
        }

        return made;
    }

    private static string? Fill(string template, string[] levels, MessageValue value)
    {
        if (template.StartsWith('$'))
        {
            return value(template[1..]);
        }

        for (var open = template.IndexOf('{', StringComparison.Ordinal); open >= 0; open = template.IndexOf('{', open + 1))
        {
            var close = template.IndexOf('}', open);
            if (close > 0 && int.TryParse(template.AsSpan(open + 1, close - open - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var level))
            {
                template = string.Concat(template.AsSpan(0, open), level >= 1 && level <= levels.Length ? levels[level - 1] : "", template.AsSpan(close + 1));
            }
        }

        return template;
    }
}

/// <summary>One row of a mapping.</summary>
/// <param name="Topic">Filter with + and #; empty fits every topic.</param>
/// <param name="Conditions">All of them must hold.</param>
/// <param name="Fields">Field of the observation → template.</param>
public sealed record MappingRow(int Line, string Topic, IReadOnlyList<MappingCondition> Conditions, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>Whether it applies to a message.</summary>
    public bool Fits(string topic, MessageValue value) => (Topic.Length == 0 || TopicFilter.Fits(Topic, topic)) && Conditions.All(c => c.Holds(value(c.Path)));
}

/// <summary>A condition on a value of a message.</summary>
/// <param name="Path">Path of the value.</param>
/// <param name="Operator"><c>=</c>, <c>!=</c>, <c>&gt;</c>, <c>&gt;=</c>, <c>&lt;</c> or <c>&lt;=</c>.</param>
public sealed record MappingCondition(string Path, string Operator, string Value)
{
    private static readonly string[] s_operators = ["!=", ">=", "<=", "=", ">", "<"];

    /// <summary>Reads <c>$path = text</c>.</summary>
    public static MappingCondition? Parse(string text)
    {
        var at = text.IndexOfAny(['!', '=', '<', '>']);
        var found = at > 1 && text[0] == '$' ? Array.Find(s_operators, o => text.AsSpan(at).StartsWith(o, StringComparison.Ordinal)) : null;
        return found is null ? null : new MappingCondition(text[1..at].Trim(), found, text[(at + found.Length)..].Trim());
    }

    /// <summary>Compares as numbers where both are, otherwise as texts; a value that is not there holds only <c>!=</c>.</summary>
    public bool Holds(string? actual)
    {
        if (actual is null)
        {
            return Operator == "!=";
        }

        var order = double.TryParse(actual, NumberStyles.Float, CultureInfo.InvariantCulture, out var a) && double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
            ? a.CompareTo(b)
            : string.Compare(actual, Value, StringComparison.OrdinalIgnoreCase);
        return Operator switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            ">" => order > 0,
            ">=" => order >= 0,
            "<" => order < 0,
            _ => order <= 0,
        };
    }
}

/// <summary>MQTT topic filters.</summary>
public static class TopicFilter
{
    /// <summary>Whether a topic fits a filter with + (one level) and # (all that follow).</summary>
    public static bool Fits(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        while (true)
        {
            if (filter is "#")
            {
                return true;
            }

            var (f, t) = (filter.IndexOf('/'), topic.IndexOf('/'));
            var level = f < 0 ? filter : filter[..f];
            var word = t < 0 ? topic : topic[..t];
            if (level is not "+" && !level.SequenceEqual(word))
            {
                return false;
            }

            if (f < 0 || t < 0)
            {
                return (f < 0 && t < 0) || (t < 0 && filter[(f + 1)..] is "#");
            }

            filter = filter[(f + 1)..];
            topic = topic[(t + 1)..];
        }
    }
}
