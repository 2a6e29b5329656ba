using System.Text.RegularExpressions;

namespace DigitalTwin.Tests.Unit.Ui.Components;

/// <summary>What a page says must come from the texts, or it stays in one language.</summary>
public sealed partial class PageTextTests
{
    /// <summary>Units and names that are the same in every language.</summary>
    private static readonly HashSet<string> SameEverywhere = ["kWh", "kW", "kW ·", "kWh ·", "m³", "P10", "P90"];

    [Fact]
    public void No_page_has_words_of_its_own()
    {
        var words = from file in UiSources.Files(".razor")
                    let markup = MarkupOf(file.Text)
                    from Match match in Text().Matches(markup).Concat(Attribute().Matches(markup))
                    let said = match.Groups[1].Value.Trim()
                    where !SameEverywhere.Contains(said)
                    select $"{file.Name}: '{said}'";
        Assert.Empty(words);
    }

    [Theory]
    [InlineData("<p>Hello</p>", true)]
    [InlineData("<p>@T[\"a.b\"]</p>", false)]
    [InlineData("<button title=\"Close\">✕</button>", true)]
    [InlineData("<button title=\"@T[\"a.b\"]\">✕</button>", false)]
    [InlineData("<button @onclick=\"() => Go(1)\">@T[\"a.b\"]</button>", false)]
    public void Words_on_a_page_are_recognised(string markup, bool hasWords) =>
        Assert.Equal(hasWords, Text().IsMatch(markup) || Attribute().IsMatch(markup));

    /// <summary>The markup before the code, without comments, scripts and lines of C#.</summary>
    private static string MarkupOf(string razor)
    {
        var code = razor.IndexOf("\n@code", StringComparison.Ordinal);
        var markup = code < 0 ? razor : razor[..code];
        markup = Comment().Replace(markup, "");
        return string.Join('\n', markup.Split('\n').Where(line => !CodeLine().IsMatch(line)));
    }

    [GeneratedRegex("""(?<!=)>([^<>@{}"=;()]*\p{L}{2,}[^<>@{}"=;()]*)<""")]
    private static partial Regex Text();

    [GeneratedRegex("""\s(?:title|aria-label|placeholder|alt|label)="([^@"]*\p{L}{2,}[^"]*)["]""")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"@\*.*?\*@|<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\s*(@(using|inherits|inject|page|implements|if|foreach|for|else|switch)\b|else\b|var\s|[{}]\s*$)")]
    private static partial Regex CodeLine();
}
