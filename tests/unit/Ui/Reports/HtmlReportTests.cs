using System.Text.RegularExpressions;
using System.Xml.Linq;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Ui.Reports;

namespace DigitalTwin.Tests.Unit.Ui.Reports;

public partial class HtmlReportTests
{
    private const string Hostile = "</text><script>alert(\"1\")</script>&'\u0001染缸";

    private static readonly Scenario s_plant = DyehouseGenerator.Create(14);

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void A_report_of_alternatives_has_every_section_and_asks_nothing_of_anybody(string language)
    {
        var html = HtmlReport.Render(Content(s_plant, 6), language);

        foreach (var key in (string[])["figures", "spread", "differences", "series", "orders", "why", "use", "bottleneck", "energy"])
        {
            Assert.Contains(DigitalTwin.Ui.Resources.Texts.For(language)[$"report.{key}"], html, StringComparison.Ordinal);
        }

        Assert.DoesNotMatch(Requests(), html);
        Assert.DoesNotContain("report.", html, StringComparison.Ordinal); // every text has a translation
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.NotEmpty(Drawings(html));
    }

    [Fact]
    public void No_name_of_anything_becomes_markup()
    {
        var evil = s_plant with
        {
            Name = Hostile,
            Plant = s_plant.Plant with
            {
                Equipment = [.. s_plant.Plant.Equipment.Select((e, i) => e with { Id = $"{Hostile}{i}", Name = Hostile })],
                EquipmentClasses = [.. s_plant.Plant.EquipmentClasses.Select(c => c with { Name = Hostile })],
                Sites = [.. s_plant.Plant.Sites.Select(s => s with { Name = Hostile })],
            },
            Orders = [.. s_plant.Orders.Select((o, i) => o with { Id = $"{Hostile}{i}" })],
        };

        var html = HtmlReport.Render(Content(evil, 5), "en");

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0001', html);
        Assert.NotEmpty(Drawings(html));
    }

    [Fact]
    public void A_single_run_without_luck_energy_or_due_dates_still_makes_a_page()
    {
        var plain = s_plant.WithoutLuck();
        plain = plain with
        {
            Orders = [.. plain.Orders.Take(1).Select(o => o with { Due = null })],
            Plant = plain.Plant with { Equipment = [.. plain.Plant.Equipment.Select(e => e with { IdleKw = 0, RunningKw = 0 })], Tariffs = [], Sites = [.. plain.Plant.Sites.Select(s => s with { Tariff = null })] },
        };

        var html = HtmlReport.Render(Content(plain, 1, alternatives: 1), "zh-CN");

        Assert.EndsWith("</main></body></html>\n", html, StringComparison.Ordinal);
        Assert.NotEmpty(Drawings(html));
    }

    private static ReportContent Content(Scenario scenario, int replications, int alternatives = 2)
    {
        var plant = CompiledScenario.Compile(scenario);
        RunPlan[] plans = [.. new[] { DispatchRule.Edd, DispatchRule.Spt }.Take(alternatives).Select(rule => RunPlan.Of(plant) with
        {
            Name = rule == DispatchRule.Edd ? "EDD" : Hostile, Policy = new DispatchPolicy { Rule = rule }, SampleEvery = DigitalTwin.Simulation.Duration.FromHours(2),
        })];
        return ReportContent.Of(
            ExperimentReport.Of(Hostile, [.. plans.Select(p => (p, System.Collections.Immutable.ImmutableArray.Create(Hostile), (IReadOnlyList<RunResult>)[.. Experiment.Replicate(p, replications)]))]), plans);
    }

    /// <summary>Every drawing is well-formed XML.</summary>
    private static XElement[] Drawings(string html) => [.. Svgs().Matches(html).Select(m => XElement.Parse(m.Value))];

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svgs();

    [GeneratedRegex("https?:|src=|url\\(|@import|<link|<script|<iframe", RegexOptions.IgnoreCase)]
    private static partial Regex Requests();
}
