namespace DigitalTwin.Plant.Model;

/// <summary>A name for people: English, and Chinese where the scenario gives one.</summary>
/// <param name="En">English or language-free name; never empty.</param>
/// <param name="Zh">Simplified Chinese name, or <c>null</c> to show <paramref name="En"/>.</param>
public sealed record Label(string En, string? Zh = null)
{
    /// <summary>The name in the language asked for (<c>zh…</c> or anything else for English).</summary>
    public string In(string language) =>
        Zh is { Length: > 0 } zh && language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? zh : En;

    public override string ToString() => En;

    public static implicit operator Label(string en) => new(en);
}
