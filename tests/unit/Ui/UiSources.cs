using System.Text.RegularExpressions;

namespace DigitalTwin.Tests.Unit.Ui;

/// <summary>The sources of the pages, as text.</summary>
internal static partial class UiSources
{
    /// <summary>Name and text of every file below <c>twin-ui</c> with one of these endings, vendored scripts left out.</summary>
    public static IEnumerable<(string Name, string Text)> Files(params string[] endings)
    {
        var root = Path.Combine(SharedData.Repository, "twin-ui");
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(f => endings.Any(e => f.EndsWith(e, StringComparison.Ordinal)))
            .Select(f => (Name: Path.GetRelativePath(root, f).Replace('\\', '/'), Path: f))
            .Where(f => !f.Name.StartsWith("bin/", StringComparison.Ordinal) && !f.Name.StartsWith("obj/", StringComparison.Ordinal)
                && !f.Name.Contains("/lib/", StringComparison.Ordinal))
            .Select(f => (f.Name, File.ReadAllText(f.Path)));
    }

    /// <summary>Everything in quotes that looks like a key (<c>page.thing</c>); where it is put together, the holes are <c>*</c>.</summary>
    public static IEnumerable<string> KeyPatterns(string text) =>
        Quoted().Matches(text).Select(m => Hole().Replace(m.Groups[1].Value, "*"));

    /// <summary>Whether a key fits a pattern with holes.</summary>
    public static bool Fits(string key, string pattern) =>
        Regex.IsMatch(key, "^" + Regex.Escape(pattern).Replace("\\*", "[a-z0-9-]+", StringComparison.Ordinal) + "$", RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>Keys that are looked up: <c>T["…"]</c>, <c>texts['…']</c>, also with holes.</summary>
    public static IEnumerable<string> LookedUp(string text) =>
        LookUp().Matches(text).Select(m => Hole().Replace(m.Groups[1].Value, "*"));

    [GeneratedRegex("""["'`]([a-z]+\.(?:[a-z0-9.-]|\$?\{(?:[^{}"'`]|"[^"]*")*\})+)["'`]""")]
    private static partial Regex Quoted();

    [GeneratedRegex("""\$?\{(?:[^{}"]|"[^"]*")*\}""")]
    private static partial Regex Hole();

    [GeneratedRegex("""(?:\bT|\btexts)\[\$?["'`]((?:[^"'`{}]|\$?\{(?:[^{}"]|"[^"]*")*\})+)["'`]""")]
    private static partial Regex LookUp();
}
