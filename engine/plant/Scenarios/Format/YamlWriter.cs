using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>Writes mappings as YAML that a person would write: block style, quotes only where needed.</summary>
internal sealed partial class YamlWriter(PlantClock clock) : IRecordWriter
{
    private static readonly JavaScriptEncoder s_quoted = JavaScriptEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _text = new();
    private int _indent;
    private bool _afterDash;

    public override string ToString() => _text.ToString();

    public YamlWriter Comment(string line)
    {
        _text.Append("# ").Append(line).Append('\n');
        return this;
    }

    public IRecordWriter Set<T>(Field<T> field, T value)
    {
        if (field.Required || !EqualityComparer<T>.Default.Equals(value, field.Default))
        {
            Line(field.Name, field.Type.Bare ? field.Type.Format(value, clock) : Scalar(field.Type.Format(value, clock), _indent));
        }

        return this;
    }

    public IRecordWriter SetOrNone<T>(Field<T> field, T? value) where T : struct => value is { } v ? Always(field, v) : this;

    public IRecordWriter SetOrNone<T>(Field<T> field, T? value) where T : class => value is { } v ? Always(field, v) : this;

    public YamlWriter List(Field field, IEnumerable<string> items)
    {
        Line(field.Name, $"[{string.Join(", ", items.Select(i => FlowSafe().IsMatch(i) && Scalar(i, 0) is ['"', ..] == false ? i : Quoted(i)))}]");
        return this;
    }

    public YamlWriter Map(Field field, Action<YamlWriter> content)
    {
        var before = _text.Length;
        Line(field.Name, "");
        var headed = _text.Length;
        _indent += 2;
        content(this);
        _indent -= 2;
        if (_text.Length == headed)
        {
            _text.Length = before;
        }

        return this;
    }

    public YamlWriter Maps<T>(Field field, IEnumerable<T> items, Action<YamlWriter, T> content)
    {
        Line(field.Name, "");
        foreach (var item in items)
        {
            _text.Append(' ', _indent + 2).Append("- ");
            _afterDash = true;
            _indent += 4;
            content(this, item);
            _indent -= 4;
        }

        return this;
    }

    private YamlWriter Always<T>(Field<T> field, T value)
    {
        Line(field.Name, field.Type.Bare ? field.Type.Format(value, clock) : Scalar(field.Type.Format(value, clock), _indent));
        return this;
    }

    private void Line(string key, string value)
    {
        _text.Append(' ', _afterDash ? 0 : _indent).Append(key).Append(':');
        _afterDash = false;
        _text.Append(value.Length > 0 ? " " : "").Append(value).Append('\n');
    }

    private static string Scalar(string text, int indent)
    {
        if (text.Contains('\n', StringComparison.Ordinal) && BlockSafe().IsMatch(text))
        {
            var margin = new string(' ', indent + 2);
            return "|-\n" + string.Join('\n', text.Split('\n').Select(l => l.Length > 0 ? margin + l : ""));
        }

        return PlainSafe().IsMatch(text) && !LooksTyped().IsMatch(text) && !text.Contains(": ", StringComparison.Ordinal)
            && !text.Contains(" #", StringComparison.Ordinal) && !text.EndsWith(':') ? text : Quoted(text);
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, s_quoted)}\"".Replace("\\u0022", "\\\"", StringComparison.Ordinal);

    // Letters of any script first, nothing that YAML could take for its own, no blank at the end.
    [GeneratedRegex(@"^[\p{L}\p{Nd}](?:[\p{L}\p{M}\p{N} _.,:;/()+%°*=<>²³–—、。，：；（）“”·×≥≤-]*[\p{L}\p{M}\p{N}_.)%°²³。）-])?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlainSafe();

    [GeneratedRegex(@"^(?:[-+.]?\d[\d_.,:]*(?:[eE][-+]?\d+)?|0[xob][\da-fA-F]+|true|false|yes|no|on|off|null|y|n|\d{4}-\d\d?-\d\d?([Tt ].*)?)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LooksTyped();

    [GeneratedRegex(@"^[\p{L}\p{N} _.()/-]+$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FlowSafe();

    // Block scalars keep every character, but begin with a letter, have no blank at line ends and no empty last line.
    [GeneratedRegex(@"^[^\s\p{C}][^\p{C}\u2028\u2029]*(?:\n+(?:[^\s\p{C}][^\p{C}\u2028\u2029]*))*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BlockSafe();
}
