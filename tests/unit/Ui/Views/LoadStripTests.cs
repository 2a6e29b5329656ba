using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Views;

namespace DigitalTwin.Tests.Unit.Ui.Views;

public sealed class LoadStripTests
{
    [Fact]
    public void Every_curve_that_is_offered_can_be_drawn_and_no_other()
    {
        var view = SmallTwin.After(20, SmallTwin.OneAfterTheOther(SimTime.FromHours(20)));
        var curves = LoadStrip.Of(SmallTwin.Plant, "en", "Power", "Steam");
        Assert.Contains(curves, c => c.Key.StartsWith("kw:", StringComparison.Ordinal));
        Assert.Contains(curves, c => c.Key.StartsWith("steam:", StringComparison.Ordinal));
        Assert.All(curves, c => Assert.NotNull(LoadStrip.Of(view, c.Key)));
        foreach (var odd in (string[])["", "kw", "kw:nowhere", "beer:" + SmallTwin.Plant.Plant.Sites[0].Id])
        {
            Assert.Null(LoadStrip.Of(view, odd));
        }
    }

    [Fact]
    public void The_past_is_what_the_meter_says_and_the_future_what_runs_and_is_planned()
    {
        var schedule = SmallTwin.OneAfterTheOther(SimTime.FromHours(20));
        var (bare, planned) = (SmallTwin.After(20), SmallTwin.After(20, schedule));
        var key = "kw:" + SmallTwin.Plant.Plant.Sites[0].Id;
        var curve = LoadStrip.Of(planned, key)!;
        var kwh = planned.State.ProfileOf(new SiteId(0)).Kwh;
        Assert.Equal(80, curve.Actual.Count);
        for (var q = 0; q < curve.Actual.Count; q++)
        {
            Assert.Equal(kwh[q] * 4, curve.Actual[q], 0.051);
        }

        Assert.All(curve.Planned.Take(80), kw => Assert.Equal(0, kw));
        var extra = curve.Planned.Sum() - LoadStrip.Of(bare, key)!.Planned.Sum();
        var expected = schedule.Batches
            .Where(b => SmallTwin.Plant.Plant.Equipment[b.Equipment].Site.Index == 0 && planned.State.Jobs[b.Jobs[0]].StartAt < 0 && b.Start < SimTime.FromHours(20 + 24 * 9))
            .Sum(b => LoadStrip.MeanKw(SmallTwin.Plant, b.Jobs[0], b.Equipment) * (b.End - b.Start).Hours * 4);
        Assert.True(expected > 0);
        Assert.Equal(expected, extra, Math.Max(20, expected * 0.02));
    }

    [Fact]
    public void Prices_cover_the_strip_in_order()
    {
        var curve = LoadStrip.Of(SmallTwin.After(20), "kw:" + SmallTwin.Plant.Plant.Sites[0].Id)!;
        Assert.NotEmpty(curve.Prices);
        Assert.Equal(curve.Prices.Select(p => p[0]).Order(), curve.Prices.Select(p => p[0]));
        Assert.True(curve.Prices[0][0] <= curve.First * LoadProfile.QuarterMs / 1000.0);
        Assert.All(curve.Prices, p => Assert.True(p[1] >= 0));
    }

    [Fact]
    public void Risk_is_unknown_without_a_forecast_and_the_share_of_late_futures_with_one()
    {
        var view = SmallTwin.After(6);
        Assert.All(OrderRisk.Of(view, PlantForecast.None), r => Assert.Equal(-1, r));
        var forecast = Futures.Forecast(view, new ForecastOptions { Futures = 4 }, TimeProvider.System, TestContext.Current.CancellationToken);
        var risks = OrderRisk.Of(view, forecast);
        for (var o = 0; o < risks.Length; o++)
        {
            Assert.Equal(SmallTwin.Plant.Scenario.Orders[o].Due is null ? -1 : Math.Round(1 - forecast.Of(o)!.Value.OnTime, 3), risks[o]);
        }
    }
}
