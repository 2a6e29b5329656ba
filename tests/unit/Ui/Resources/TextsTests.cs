using System.Text.RegularExpressions;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Tests.Unit.Ui.Resources;

public sealed partial class TextsTests
{
    /// <summary>Texts that are the same in Chinese, or are shown in the other language on purpose.</summary>
    private static readonly HashSet<string> SameInChinese = ["settings.other", "speed.times"];

    private static readonly Texts English = Texts.For("en");
    private static readonly Texts Chinese = Texts.For("zh-CN");

    [Fact]
    public void Every_text_exists_in_both_languages()
    {
        Assert.NotEmpty(English.All);
        Assert.Equal(English.All.Keys.Order(StringComparer.Ordinal), Chinese.All.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(English.All.Concat(Chinese.All), t => string.IsNullOrWhiteSpace(t.Value));
    }

    [Fact]
    public void Chinese_texts_are_Chinese_and_English_ones_are_not()
    {
        var untranslated = Chinese.All.Where(t => !Han().IsMatch(t.Value) && !SameInChinese.Contains(t.Key)).Select(t => t.Key);
        Assert.Empty(untranslated);
        Assert.Empty(English.All.Where(t => Han().IsMatch(t.Value) && !SameInChinese.Contains(t.Key)).Select(t => t.Key));
    }

    [Fact]
    public void Both_languages_have_the_same_placeholders()
    {
        foreach (var (key, text) in English.All)
        {
            Assert.True(Holes(text).SetEquals(Holes(Chinese.All[key])), $"{key}: '{text}' and '{Chinese.All[key]}' fill in different things");
        }

        static HashSet<string> Holes(string text) => [.. Placeholder().Matches(text).Select(m => m.Value)];
    }

    [Fact]
    public void Every_key_that_a_page_or_script_looks_up_exists()
    {
        var missing = from file in UiSources.Files(".razor", ".cs", ".js")
                      from pattern in UiSources.LookedUp(file.Text)
                      where pattern.Contains('.', StringComparison.Ordinal) && !English.All.Keys.Any(k => UiSources.Fits(k, pattern))
                      select $"{file.Name}: {pattern}";
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_text_is_used_somewhere()
    {
        var patterns = UiSources.Files(".razor", ".cs", ".js").SelectMany(f => UiSources.KeyPatterns(f.Text)).ToHashSet(StringComparer.Ordinal);
        var unused = English.All.Keys.Where(k => !patterns.Contains(k) && !patterns.Any(p => p.Contains('*', StringComparison.Ordinal) && UiSources.Fits(k, p)));
        Assert.Empty(unused);
    }

    [Theory]
    [InlineData("zh", "zh-CN")]
    [InlineData("zh-TW,zh;q=0.9,en;q=0.8", "zh-CN")]
    [InlineData("en-US", "en")]
    [InlineData("de", "en")]
    [InlineData(null, "en")]
    public void The_best_language_is_found(string? asked, string language) => Assert.Equal(language, Texts.For(asked).Language);

    [Fact]
    public void An_unknown_key_shows_itself() => Assert.Equal("no.such.key", Chinese["no.such.key"]);

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Placeholder();
}
