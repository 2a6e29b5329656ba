using Bunit;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Components;
using Microsoft.Extensions.DependencyInjection;

namespace DigitalTwin.Tests.Unit.Ui.Components;

public sealed class LanguageSwitchTests : BunitContext
{
    private readonly Viewer _viewer = new();

    public LanguageSwitchTests() => Services.AddSingleton(_viewer);

    [Fact]
    public void A_component_speaks_the_other_language_as_soon_as_it_is_chosen()
    {
        var tag = Render<StatusTag>(p => p.Add(t => t.Status, EquipmentStatus.Cleaning));
        Assert.Contains("Cleaning", tag.Markup, StringComparison.Ordinal);
        _viewer.Use("zh-CN");
        tag.WaitForAssertion(() => Assert.Contains("洗缸", tag.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void A_component_that_is_gone_no_longer_listens()
    {
        var tag = Render<OutlookTag>(p => p.Add(t => t.Outlook, OrderOutlook.Late));
        var drawn = tag.RenderCount;
        tag.Instance.Dispose();
        _viewer.Use("zh-CN");
        Assert.Equal(drawn, tag.RenderCount);
    }

    [Fact]
    public void An_outlook_is_told_by_word_and_icon_not_by_colour_alone()
    {
        foreach (var outlook in Enum.GetValues<OrderOutlook>())
        {
            var tag = Render<OutlookTag>(p => p.Add(t => t.Outlook, outlook));
            Assert.NotEmpty(tag.Find("svg").InnerHtml);
            Assert.NotEmpty(tag.Find(".tag").TextContent.Trim());
        }
    }

    [Fact]
    public void Times_follow_the_plant_and_the_language()
    {
        _viewer.LookAt(new PlantClock(new DateTime(2026, 3, 2, 8, 0, 0, DateTimeKind.Unspecified), "Asia/Shanghai"));
        Assert.Equal("Mon 2 Mar 09:00", _viewer.F.Moment(SimTime.FromHours(1)));
        _viewer.Use("zh-CN");
        Assert.Equal("3月2日 周一 09:00", _viewer.F.Moment(SimTime.FromHours(1)));
    }
}
