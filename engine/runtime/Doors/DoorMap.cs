using System.Globalization;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Format;

namespace DigitalTwin.Runtime.Doors;

/// <summary>A mapping of a <c>doors.yaml</c>, read key by key; keys that nobody asked for are mistakes.</summary>
internal sealed class DoorMap(YamlMap map, string file, DiagnosticBag bag)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Whether no mistake was found in it.</summary>
    public bool IsSound { get; private set; } = true;

    public IEnumerable<string> Keys => map.Entries.Select(e => e.Key.Text);

    public bool Has(string key)
    {
        _known.Add(key);
        return Find(key) is not (null or YamlScalar { IsNull: true });
    }

    public string? Text(string key, bool required = false)
    {
        if (!Has(key))
        {
            if (required)
            {
                Error("", $"'{key}' is missing", $"Write {key}: …");
            }

            return null;
        }

        if (Find(key) is YamlScalar { Text: var text })
        {
            return text.Trim();
        }

        Error(key, $"{key} must be a single value", "");
        return null;
    }

    public bool Flag(string key)
    {
        var text = Text(key);
        if (text is not (null or "true" or "false" or "yes" or "no"))
        {
            Error(key, $"{key} '{text}' is neither true nor false", "Write true or false.");
        }

        return text is "true" or "yes";
    }

    public int Whole(string key, int otherwise, int least, int most)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        Error(key, $"{key} '{text}' is not a whole number from {least} to {most}", "");
        return otherwise;
    }

    /// <summary>A duration; a default of zero means that any above zero will do.</summary>
    public TimeSpan Time(string key, TimeSpan otherwise, string wayOut)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        if (DurationText.TryParse(text, out var value) && value.Milliseconds >= (otherwise == TimeSpan.Zero ? 1 : 100))
        {
            return TimeSpan.FromMilliseconds(value.Milliseconds);
        }

        Error(key, $"{key} '{text}' cannot be used", wayOut);
        return otherwise;
    }

    public IReadOnlyList<string> Texts(string key)
    {
        if (!Has(key))
        {
            return [];
        }

        if (Find(key) is YamlList list && list.Items.TrueForAll(i => i is YamlScalar))
        {
            return [.. list.Items.Select(i => ((YamlScalar)i).Text.Trim())];
        }

        return Text(key) is { } single ? [single] : [];
    }

    public DoorMap? Map(string key)
    {
        if (!Has(key))
        {
            return null;
        }

        if (Find(key) is YamlMap inner)
        {
            return new DoorMap(inner, file, bag);
        }

        Error(key, $"{key} must be a mapping", $"Write its keys below {key}:, indented.");
        return new DoorMap(new YamlMap([], map.Line, map.Column), file, bag) { IsSound = false };
    }

    public IEnumerable<DoorMap> Maps(string key)
    {
        if (!Has(key))
        {
            yield break;
        }

        if (Find(key) is not YamlList list)
        {
            Error(key, $"{key} must be a list", "Begin each entry with '- '.");
            yield break;
        }

        foreach (var item in list.Items)
        {
            if (item is YamlMap inner)
            {
                yield return new DoorMap(inner, file, bag);
            }
            else
            {
                bag.Error(file, item.Line, item.Column, $"an entry of {key} must be a mapping", "Write '- name: …' and its other keys below.");
                IsSound = false;
            }
        }
    }

    /// <summary>Reports a mistake at the value of a key, or at the mapping as a whole.</summary>
    public void Error(string key, string what, string wayOut)
    {
        var (line, column) = Find(key) is { } node ? (node.Line, node.Column) : (map.Line, map.Column);
        bag.Error(file, line, column, what, wayOut);
        IsSound = false;
    }

    /// <summary>Reports every key that nobody asked for, or that is there twice.</summary>
    public void Finish()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in map.Entries)
        {
            if (!_known.Contains(key.Text))
            {
                bag.Error(file, key.Line, key.Column, $"unknown key '{key.Text}'", Suggestion.For(key.Text, _known) ?? $"Known here: {string.Join(", ", _known)}.");
                IsSound = false;
            }
            else if (!seen.Add(key.Text))
            {
                bag.Error(file, key.Line, key.Column, $"key '{key.Text}' is written twice", "Keep one of them.");
                IsSound = false;
            }
        }
    }

    private YamlNode? Find(string key) => map.Entries.Find(e => e.Key.Text == key).Value;
}
