using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public class ForecastTests
{
    private static readonly ForecastOptions Options = new() { Futures = 12, Threads = 1, Seed = 42 };

    [Fact]
    public async Task The_same_view_and_seed_give_the_same_forecast_whatever_the_threads()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        await session.IngestAsync(RuntimePlants.Report(plant, 10), cancellation: TestContext.Current.CancellationToken);
        var view = session.View();
        var before = RuntimePlants.Picture(view.State);

        var one = Futures.Forecast(view, Options, cancellation: TestContext.Current.CancellationToken);
        var again = Futures.Forecast(view, Options with { Threads = 3 }, cancellation: TestContext.Current.CancellationToken);
        var other = Futures.Forecast(view, Options with { Seed = 43 }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(one.Orders, again.Orders);
        Assert.NotEqual(one.Orders, other.Orders);
        Assert.Equal(before, RuntimePlants.Picture(view.State)); // the futures leave the present alone
    }

    [Fact]
    public async Task Quantiles_are_in_order_lie_ahead_of_open_orders_and_are_the_fact_for_complete_ones()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        await session.IngestAsync(RuntimePlants.Report(plant, 12), cancellation: TestContext.Current.CancellationToken);
        var view = session.View();

        var forecast = Futures.Forecast(view, Options, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(view.State.Orders.Length, forecast.Orders.Length);
        Assert.Contains(view.State.Orders.ToArray(), o => o.Status == OrderStatus.Complete);
        for (var o = 0; o < forecast.Orders.Length; o++)
        {
            var f = forecast.Orders[o];
            Assert.True(f.P10 <= f.P50 && f.P50 <= f.P90);
            if (view.State.Orders[o].Status == OrderStatus.Complete)
            {
                Assert.Equal(new SimTime(view.State.Orders[o].CompletedAt), f.P10);
                Assert.Equal(f.P10, f.P90);
            }
            else
            {
                Assert.True(f.P10 >= view.Now);
            }

            var late = f.P10 > plant.Scenario.Orders[o].Due;
            Assert.True(!late || f.OnTime <= 0.1, $"an order late in its best futures cannot be on time in {f.OnTime:P0}");
        }
    }

    [Fact]
    public async Task What_no_future_completes_has_no_date()
    {
        var plant = RuntimePlants.Lively(4);
        await using var session = RuntimePlants.Open(plant);
        // A machine class that is broken for good: nothing can pass it.
        var cutters = plant.Plant.Equipment.Where(e => e.Class.Index == 0).Select(e => e.Id);
        await session.IngestAsync(
            [.. cutters.Select(id => new DigitalTwin.Runtime.Ingest.Observation
            {
                Id = id, Kind = "EquipmentDown", Equipment = id, Value = 1e14, Time = DigitalTwin.Runtime.Ingest.PlantMoment.At(SimTime.Zero),
            })],
            cancellation: TestContext.Current.CancellationToken);

        var forecast = Futures.Forecast(session.View(), Options, cancellation: TestContext.Current.CancellationToken);

        Assert.All(forecast.Orders, o => Assert.Equal((null, null, 0.0), (o.P10, o.P90, o.OnTime)));
    }
}
