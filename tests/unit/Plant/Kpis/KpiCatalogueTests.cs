using System.Text.RegularExpressions;
using DigitalTwin.Plant.Kpis;

namespace DigitalTwin.Tests.Unit.Plant.Kpis;

public sealed partial class KpiCatalogueTests
{
    [Fact]
    public void Every_figure_has_a_unique_key_both_names_and_a_formula()
    {
        Assert.Distinct(KpiCatalogue.Plant.Select(d => d.Key));
        Assert.All(KpiCatalogue.Plant, d =>
        {
            Assert.Matches(Key(), d.Key);
            Assert.NotEmpty(d.Name.En);
            Assert.NotEmpty(d.Name.Zh!);
            Assert.NotEmpty(d.Formula);
        });
    }

    [Fact]
    public void Every_headline_is_in_the_catalogue() => Assert.All(KpiCatalogue.Headline, key => Assert.NotNull(KpiCatalogue.Find(key)));

    [Theory]
    [InlineData("oee", 0.8234, "82.3")]
    [InlineData("energy", 12345.6, "12,346")]
    [InlineData("energy", 42.0, "42")]
    [InlineData("energy", 0.0123, "0.0123")]
    [InlineData("energy", -1.5, "-1.50")]
    [InlineData("energy", null, "–")]
    [InlineData("energy", double.NaN, "–")]
    public void Values_are_shown_with_three_or_four_digits(string key, double? value, string shown) =>
        Assert.Equal(shown, KpiCatalogue.Find(key)!.Format(value));

    [Fact]
    public void Units_are_shown_as_people_say_them()
    {
        Assert.Equal("%", KpiCatalogue.Find("oee")!.ShownUnit("CNY"));
        Assert.Equal("CNY", KpiCatalogue.Find("energy-cost")!.ShownUnit("CNY"));
        Assert.Equal("kWh", KpiCatalogue.Find("energy")!.ShownUnit("CNY"));
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}
