using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Sharing;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Components;
using DigitalTwin.Ui.Resources;
using DigitalTwin.Ui.Views;

namespace DigitalTwin.Tests.Unit.Ui.Views;

/// <summary>The pages that are read like a sheet: what they say must be what the engine knows.</summary>
public sealed class SheetViewTests
{
    private static readonly Texts English = Texts.For("en");

    [Fact]
    public void Energy_of_orders_and_of_nobody_sums_to_the_meters()
    {
        var view = new EnergyView(SmallTwin.Plant, SmallTwin.After(30).State, [], English);
        var orders = view.Rows(byProduct: false, "");
        Assert.NotEmpty(orders);
        Assert.Equal(view.Meters.Use.EnergyKwh, orders.Sum(o => o.Use.EnergyKwh) + view.Nobody.Use.EnergyKwh, 6);
        Assert.Equal(view.Meters.CarbonKg, orders.Sum(o => o.CarbonKg) + view.Nobody.CarbonKg, 6);
        Assert.True(Math.Abs(view.RestKwh) < 1e-6);
        var products = view.Rows(byProduct: true, "");
        Assert.True(products.Count < orders.Count);
        Assert.Equal(orders.Sum(o => o.Use.WaterM3), products.Sum(p => p.Use.WaterM3), 6);
        Assert.Equal(orders.Count + 2, view.Export(byProduct: false, "").Rows.Count);
    }

    [Fact]
    public void A_load_duration_curve_falls_and_is_as_long_as_what_was_measured()
    {
        var state = SmallTwin.After(30).State;
        var view = new EnergyView(SmallTwin.Plant, state, [], English);
        var curve = view.Duration(view.Sites[0]);
        var values = curve.Series[0].Values;
        Assert.True(values.Zip(values.Skip(1)).All(p => p.First >= p.Second));
        Assert.Equal(30, curve.X[^1], 6);
        Assert.Equal(120, view.Load(view.Sites[0], 7).X.Count);
        Assert.Equal(96, view.Load(view.Sites[0], 1).X.Count);
    }

    [Fact]
    public void The_causes_of_a_demand_peak_sum_to_the_peak()
    {
        var (state, demand, _) = Watched(40);
        var view = new EnergyView(SmallTwin.Plant, state, demand.SoFar, English);
        var (_, kw, causes) = Assert.Single(view.Peaks(view.Sites[0]));
        Assert.Equal(state.ProfileOf(view.Sites[0]).PeakKw, kw, 6);
        Assert.Equal(kw, causes.Sum(c => c.Kw), 6);
        Assert.Equal(1, causes.Sum(c => c.Share), 6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stacked_uses_fill_the_working_hours(bool byClass)
    {
        var (_, _, report) = Watched(40);
        var view = new BottleneckView(SmallTwin.Plant, report, byClass, "", English);
        Assert.Equal(byClass ? report.Classes.Length : report.Machines.Length, view.Rows.Count);
        Assert.All(view.Rows, r => Assert.Equal(1, view.Uses.Sum(u => r.Tightness.ShareOf(u.Use)), 6));
        var chart = view.OverTime(view.Rows[0]);
        Assert.True(chart.Stacked);
        Assert.All(chart.Series, s => Assert.Equal(chart.X.Count, s.Values.Count));
        Assert.All(Enumerable.Range(0, chart.X.Count), i => Assert.Equal(100, chart.Series.Sum(s => s.Values[i]!.Value), 0));
        Assert.Equal(chart.X.Order(), chart.X);
        Assert.Equal(byClass, view.Queue(view.Rows[0]) is not null);
    }

    [Fact]
    public void A_capacity_map_of_one_owner_says_nothing()
    {
        var (state, _, report) = Watched(40);
        var view = new CapacityView(SmallTwin.Plant, state, report, null, 4, bySite: false, "", English);
        Assert.Equal(4, view.Weeks.Count);
        Assert.NotEmpty(view.Rows);
        Assert.All(view.Rows.SelectMany(r => r.Weeks), c => Assert.Null(c.Hours));
        Assert.Equal(view.Map.Cells.Length, view.Map.Withheld);
        Assert.True(CapacityMap.LeastFirms >= 3);
    }

    [Fact]
    public void The_palette_finds_pages_actions_machines_and_orders_the_best_first()
    {
        var plant = SmallTwin.Plant;
        var all = PaletteItems.Find("", plant, English);
        Assert.Equal(Desks.Pages.Count + PaletteItems.Actions.Count, all.Count);
        Assert.Equal("1", all[0].More);

        var machine = plant.Plant.Equipment[3].Id;
        Assert.Equal(machine, PaletteItems.Find(machine.ToUpperInvariant(), plant, English).First(i => i.Kind == PaletteKind.Machine).Key);
        var order = plant.Scenario.Orders[7].Id;
        Assert.Equal(order, PaletteItems.Find(order, plant, English).First(i => i.Kind == PaletteKind.Order).Key);
        Assert.Contains(PaletteItems.Find("瓶颈", plant, Texts.For("zh-CN")), i => i is { Kind: PaletteKind.Page, Key: "/bottlenecks" });
        Assert.Empty(PaletteItems.Find("no such thing", plant, English));
        Assert.True(PaletteItems.Find("B0", plant, English, 5).Count(i => i.Kind == PaletteKind.Order) <= 5);
    }

    [Theory]
    [InlineData("http://x/orders?find=a%20b&page=2", "find", "a b")]
    [InlineData("http://x/orders?find=a#main", "find", "a")]
    [InlineData("http://x/orders", "find", null)]
    [InlineData("http://x/orders?page=2", "find", null)]
    public void An_address_says_what_is_looked_at(string uri, string key, string? value) => Assert.Equal(value, QueryText.Of(uri, key));

    [Fact]
    public void Odd_addresses_do_no_harm()
    {
        Assert.Equal(4, QueryText.Number("x", 4, 1, 10));
        Assert.Equal(10, QueryText.Number("1e9", 4, 1, 10));
        Assert.Equal(4, QueryText.Number("NaN", 4, 1, 10));
        Assert.Equal("a", QueryText.OneOf("c", "a", "b"));
        Assert.Equal("b", QueryText.OneOf("b", "a", "b"));
    }

    [Fact]
    public void Why_an_order_takes_long_is_told_largest_part_first_and_in_full()
    {
        var start = new PlantState(SmallTwin.Plant);
        var flows = new FlowTracker(start);
        var simulator = new PlantSimulator(SmallTwin.Plant, new DispatchPolicy(), new RandomSource(7, 0), sink: new PlantWatch(start, flows));
        simulator.RunUntil(SimTime.FromHours(40));
        var why = OrderFlow.Of(flows, simulator.State).Select(WhyView.Of).ToList();
        Assert.NotEmpty(why);
        Assert.All(why, w => Assert.Equal(w.Flow.FlowMs, w.Parts.Sum(p => p.Ms)));
        Assert.All(why, w => Assert.Equal(w.Parts.OrderByDescending(p => p.Ms).Select(p => p.Part), w.Parts.Select(p => p.Part)));
        Assert.All(FlowParts.All, p => Assert.StartsWith("st-", WhyView.ColorOf(p.Part), StringComparison.Ordinal));
    }

    private static (PlantState State, DemandTracker Demand, BottleneckReport Report) Watched(double hours)
    {
        var start = new PlantState(SmallTwin.Plant);
        var (demand, tight) = (new DemandTracker(start, SimTime.Zero), new BottleneckTracker(start, Duration.FromHours(4)));
        var simulator = new PlantSimulator(SmallTwin.Plant, new DispatchPolicy(), new RandomSource(7, 0), sink: new PlantWatch(start, demand, tight));
        simulator.RunUntil(SimTime.FromHours(hours));
        simulator.State.AdvanceTo(SimTime.FromHours(hours));
        return (simulator.State, demand, BottleneckReport.Of(tight, SimTime.FromHours(hours)));
    }
}
