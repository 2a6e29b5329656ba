using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Components;
using DigitalTwin.Ui.Resources;
using DigitalTwin.Ui.Views;

namespace DigitalTwin.Tests.Unit.Ui.Views;

public sealed class OrderBookTests
{
    private static readonly Texts English = Texts.For("en");
    private static readonly OrderBook Book = new(SmallTwin.After(20), _ => null, English);

    [Fact]
    public void Every_order_is_listed_once_whatever_the_sorting()
    {
        foreach (var sort in Enum.GetValues<OrderSort>())
        {
            foreach (var descending in (bool[])[false, true])
            {
                var found = Book.Find(new OrderQuery { Sort = sort, Descending = descending }).Select(r => r.Index).Order();
                Assert.Equal(Enumerable.Range(0, SmallTwin.Plant.Jobs.OrderCount), found);
            }
        }
    }

    [Fact]
    public void Pages_hold_all_orders_without_overlap()
    {
        var seen = new List<int>();
        for (var page = 0; page * 7 < Book.All.Count; page++)
        {
            var result = Book.Page(new OrderQuery { Page = page, PageSize = 7, Sort = OrderSort.Lateness, Descending = true });
            Assert.Equal(Book.All.Count, result.Total);
            seen.AddRange(result.Rows.Select(r => r.Index));
        }

        Assert.Equal(Book.All.Count, seen.Distinct().Count());
        Assert.Equal(Book.All.Count, seen.Count);
    }

    [Fact]
    public void A_page_beyond_the_end_is_the_last_one()
    {
        var last = Book.Page(new OrderQuery { Page = 1000, PageSize = 50 });
        Assert.Equal(Book.All.Count - 50, last.Rows.Count);
    }

    [Fact]
    public void Open_and_complete_orders_share_the_book_between_them()
    {
        Assert.True(Book.Count(OrderFilter.Complete) > 0, "twenty hours should complete something");
        Assert.True(Book.Count(OrderFilter.Running) > 0, "something should be in production");
        Assert.Equal(Book.All.Count, Book.Count(OrderFilter.Open) + Book.Count(OrderFilter.Complete));
        Assert.Equal(Book.Count(OrderFilter.Open), Book.Count(OrderFilter.Running) + Book.Count(OrderFilter.Waiting));
    }

    [Fact]
    public void Words_are_searched_in_all_columns_and_must_all_occur()
    {
        var row = Book.All[5];
        var found = Book.Find(new OrderQuery { Words = $"{row.Id.ToLowerInvariant()} {row.Family.ToUpperInvariant()}" });
        Assert.Equal([row.Index], found.Select(r => r.Index));
        Assert.Empty(Book.Find(new OrderQuery { Words = $"{row.Id} nothing-has-this" }));
    }

    [Fact]
    public void A_completed_orders_lateness_is_its_completion_against_its_due_date()
    {
        var done = Book.All.First(r => r.Status == OrderStatus.Complete && r.Order.Due is not null);
        Assert.Equal(done.Completed!.Value - done.Order.Due!.Value, done.Lateness);
        Assert.Equal(done.Lateness!.Value > Duration.Zero ? OrderOutlook.DoneLate : OrderOutlook.Done, done.Outlook);
        Assert.Equal(1, done.Progress, 9);
        Assert.Null(done.Forecast);
    }

    [Fact]
    public void The_forecast_decides_between_on_time_at_risk_and_late()
    {
        var view = SmallTwin.After(1);
        var order = Enumerable.Range(0, SmallTwin.Plant.Jobs.OrderCount)
            .First(o => view.State.Orders[o].CompletedAt < 0 && SmallTwin.Plant.Scenario.Orders[o].Due is not null);
        var due = SmallTwin.Plant.Scenario.Orders[order].Due!.Value;
        Assert.Equal(OrderOutlook.OnTime, With(-5, -4, -3));
        Assert.Equal(OrderOutlook.AtRisk, With(-5, -4, +1));
        Assert.Equal(OrderOutlook.Late, With(-5, +1, +2));

        OrderOutlook With(double p10, double p50, double p90) =>
            OrderBook.RowOf(view, order, _ => new ForecastBand(At(p10), At(p50), At(p90)), English).Outlook;
        SimTime At(double hours) => due + Duration.FromHours(hours);
    }

    [Fact]
    public void Ids_are_sorted_the_way_people_count()
    {
        string[] ids = ["O-10", "O-9", "O-010", "A1", "O-100", "O"];
        Assert.Equal(["A1", "O", "O-9", "O-10", "O-010", "O-100"], ids.Order(NaturalOrder.Instance));
    }
}
