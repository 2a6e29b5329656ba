using Bunit;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Components;
using Microsoft.Extensions.DependencyInjection;

namespace DigitalTwin.Tests.Unit.Ui.Components;

public sealed class HistoryBannerTests : BunitContext
{
    [Fact]
    public void The_past_says_that_it_is_the_past_its_moment_and_the_way_back_in_both_languages()
    {
        var viewer = new Viewer();
        viewer.LookAt(new PlantClock(new DateTime(2026, 3, 2, 8, 0, 0, DateTimeKind.Unspecified), "Asia/Shanghai"));
        Services.AddSingleton(viewer);
        var banner = Render<HistoryBanner>(p => p.Add(b => b.Moment, SimTime.FromHours(1)).Add(b => b.Leave, "/schedule"));
        Assert.Contains("Historical", banner.Markup, StringComparison.Ordinal);
        Assert.Contains("Mon 2 Mar 09:00:00", banner.Find("time").TextContent, StringComparison.Ordinal);
        Assert.Equal("/schedule", banner.Find("a").GetAttribute("href"));
        viewer.Use("zh-CN");
        banner.WaitForAssertion(() => Assert.Contains("历史画面", banner.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_desk_has_pages_with_words_in_both_languages_and_the_phone_has_four_at_its_foot()
    {
        Assert.Equal(Enum.GetValues<Desk>(), Desks.ByDesk.Select(g => g.Key));
        Assert.Equal(Desks.Pages.Count, Desks.Pages.Select(p => p.Href).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal([1, 2, 3, 4], Desks.Pages.Where(p => p.OnPhone > 0).Select(p => p.OnPhone).Order());
        foreach (var language in DigitalTwin.Ui.Resources.Texts.Languages)
        {
            var texts = DigitalTwin.Ui.Resources.Texts.For(language);
            Assert.All(Desks.Pages, p => Assert.NotEqual($"nav.{p.Key}", texts[$"nav.{p.Key}"]));
        }
    }
}
