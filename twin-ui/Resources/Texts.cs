using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace DigitalTwin.Ui.Resources;

/// <summary>Everything the screen says, in one language. Keys are <c>page.thing</c>; the texts live in <c>Resources/&lt;language&gt;.json</c>.</summary>
/// <remarks>Placeholders are <c>{0}</c>, <c>{1}</c> as in <see cref="string.Format(string, object?[])"/>. Immutable and shared.</remarks>
public sealed class Texts
{
    private static readonly FrozenDictionary<string, Texts> ByLanguage =
        new[] { Read("en"), Read("zh-CN") }.ToFrozenDictionary(t => t.Language, StringComparer.OrdinalIgnoreCase);

    private readonly FrozenDictionary<string, string> _texts;

    private Texts(string language, FrozenDictionary<string, string> texts)
    {
        Language = language;
        _texts = texts;
        Culture = CultureInfo.GetCultureInfo(language == "en" ? "en-GB" : language);
    }

    /// <summary>Languages there are, the first being the one to fall back on.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "zh-CN"];

    /// <summary><c>en</c> or <c>zh-CN</c>.</summary>
    public string Language { get; }

    /// <summary>How numbers and dates are written in this language.</summary>
    public CultureInfo Culture { get; }

    /// <summary>All texts by key.</summary>
    public IReadOnlyDictionary<string, string> All => _texts;

    /// <summary>The text of a key; the English one where a translation is missing, and the key itself where there is none at all.</summary>
    public string this[string key] =>
        _texts.TryGetValue(key, out var text) ? text
        : Language != "en" ? ByLanguage["en"][key]
        : key;

    /// <summary>A text with its placeholders filled in, numbers written the language's way.</summary>
    public string this[string key, params object?[] values] => string.Format(Culture, this[key], values);

    /// <summary>The best language for what a browser or a cookie asks for (<c>zh</c>, <c>zh-TW</c>, <c>en-US</c>, anything).</summary>
    public static Texts For(string? language) =>
        ByLanguage[language?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true ? "zh-CN" : "en"];

    /// <summary>Texts whose key starts with one of the prefixes: what a script on the page needs.</summary>
    public Dictionary<string, string> Under(params string[] prefixes) =>
        _texts.Where(t => prefixes.Any(p => t.Key.StartsWith(p, StringComparison.Ordinal))).ToDictionary(StringComparer.Ordinal);

    private static Texts Read(string language)
    {
        using var stream = typeof(Texts).Assembly.GetManifestResourceStream($"texts/{language}.json")
            ?? throw new InvalidOperationException($"The texts for '{language}' are not compiled in. Maybe Resources/{language}.json is missing?");
        var texts = JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
        return new Texts(language, texts.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
