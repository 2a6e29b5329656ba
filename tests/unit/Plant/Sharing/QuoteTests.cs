using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Sharing;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Sharing;

public class QuoteTests
{
    private static readonly TenantId A = new(0);
    private static readonly TenantId B = new(1);

    /// <summary>A's machine, an hour a job, offered from 02:00 to 05:00 at 100 an hour for lots of 5 and more; a job of A runs until 01:00.</summary>
    private static (PlantState State, ProductId Product) Shop()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Owner = A, CapacityMax = 50 });
        plant.Extra = plant.Extra with
        {
            Tenants = [new Tenant { Id = "a", Name = "a" }, new Tenant { Id = "b", Name = "b" }],
            Offers = [new CapacityOffer(new EquipmentId(0), new WeeklyWindow(Weekdays.Daily, new TimeOnly(2, 0), new TimeOnly(5, 0)), SimTime.Zero, PricePerHour: 100, MinimumLot: 5)],
            Market = new MarketRules { Booking = BookingPolicy.WhenWaiting, Fee = 0.1, ExpressPremium = 0.5 },
        };
        var product = plant.Product((c, 60));
        plant.Order(product, o => o with { Tenant = A });
        var simulator = new PlantSimulator(plant.Compile(), new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunUntil(SimTime.FromHours(0.5));
        return (simulator.State, product);
    }

    [Fact]
    public void A_quote_says_when_where_and_for_how_much_and_the_plant_stays_as_it_is()
    {
        var (state, product) = Shop();
        var version = state.Version;

        var quote = Quote.Of(state, new QuoteRequest(product, 5, SimTime.FromHours(4), B, Express: true), 1);

        Assert.Equal((2, 3), (quote.Start!.Value.Hours, quote.Finish!.Value.Hours));
        Assert.Equal(new JobPrice(0, 100_00, 0, 0, 50_00, 15_00), quote.Price);
        Assert.Equal((1, 3), (quote.OnTimeShare, quote.FinishP90!.Value.Hours));
        Assert.Equal((2, 100, 165_00), Assert.Single(quote.Offers) is var o ? (o.Start.Hours, o.PricePerHour, o.Price.Total) : default);
        Assert.Empty(quote.Reasons);
        Assert.Equal(version, state.Version);
    }

    [Fact]
    public void An_owner_pays_nobody_and_comes_first()
    {
        var (state, product) = Shop();

        var quote = Quote.Of(state, new QuoteRequest(product, 1, null, A), 1);

        Assert.Equal((1, 0L), (quote.Start!.Value.Hours, quote.Price.Total));
        Assert.Empty(quote.Offers);
    }

    [Theory]
    [InlineData(4, "the smallest lot that any of 1 owners' offers takes is 5")]
    [InlineData(60, "none of 1 machines takes it: 0 kept by their owners, 1 too small for a lot of 60, the others not for its family")]
    public void What_cannot_be_made_says_why(double quantity, string why)
    {
        var (state, product) = Shop();

        var quote = Quote.Of(state, new QuoteRequest(product, quantity, null, B), 1);

        Assert.Null(quote.Start);
        Assert.EndsWith(": " + why, Assert.Single(quote.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_too_late_says_by_how_much_and_where_it_waits()
    {
        var (state, product) = Shop();

        var quote = Quote.Of(state, new QuoteRequest(product, 5, SimTime.FromHours(2), B), 1);

        Assert.Equal(0, quote.OnTimeShare);
        Assert.StartsWith("expected 1 h after the date: 1 h of work and 1.5 h before machines, most before ", Assert.Single(quote.Reasons), StringComparison.Ordinal);
    }
}
