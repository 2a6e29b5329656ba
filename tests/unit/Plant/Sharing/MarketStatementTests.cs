using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Sharing;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Sharing;

public class MarketStatementTests
{
    private static readonly TenantId A = new(0);
    private static readonly TenantId B = new(1);

    /// <summary>A's machine of 10 kW at 100 an hour, half an hour of setup from clean, 4 units of a material at 2 per piece; peak from 08:00 to 15:00.</summary>
    private static TinyPlant Shop()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Owner = A, RunningKw = 10, Changeover = new ChangeoverRuleId(0) });
        plant.Family("f");
        plant.Product(TinyPlant.Step(c, 120));
        plant.Extra = plant.Extra with
        {
            Tenants = [new Tenant { Id = "a", Name = "a" }, new Tenant { Id = "b", Name = "b" }],
            Offers = [new CapacityOffer(new EquipmentId(0), new WeeklyWindow(Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(0, 0)), SimTime.Zero, PricePerHour: 100)],
            Market = new MarketRules { ExpressPremium = 0.3, Fee = 0.05 },
            Sites = [new Site { Id = "S", Name = "S", Tariff = new TariffId(0) }],
            Tariffs = [new Tariff { Id = "t", Name = "t", BasePrice = 0.5, Windows = [new TariffWindow("peak", Weekdays.Daily, new TimeOnly(8, 0), new TimeOnly(15, 0), 1.5)] }],
            ChangeoverRules = [new MatrixChangeover { Id = "m", Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty, FromClean = new Changeover(Duration.FromMinutes(30), 0) }],
            Materials = [new Material { Id = "x", Name = "x", InitialStock = 100 }],
            Sources = [new MaterialSource { Material = new MaterialId(0), Supplier = "s", LeadTime = Distribution.Constant(1), Price = 2 }],
            BillOfMaterials = [new BillLine(new ProductId(0), 0, new MaterialId(0), 4, 0)],
        };
        return plant;
    }

    [Fact]
    public void A_price_is_setup_and_time_and_material_and_tariff_uplift_and_express_premium_and_fee_by_hand()
    {
        var plant = Shop();
        plant.Order(new ProductId(0), o => o with { Tenant = B, Quantity = 3, Family = new FamilyId(0), Kind = OrderKind.Sample, Release = SimTime.FromHours(6.5) });
        plant.Order(new ProductId(0), o => o with { Tenant = A, Quantity = 3, Family = new FamilyId(0), Release = SimTime.FromHours(20) }); // the owner's costs nothing

        var state = plant.Run().Simulator.State;

        // Setup 6:30–7:00, processing 7:00–9:00: an hour at 0.5 and one at 1.5.
        var price = JobPrice.Of(state, 0)!.Value;
        Assert.Equal(new JobPrice(Setup: 50_00, Time: 200_00, Material: 24_00, TariffUplift: 10_00, Express: 75_00, Fee: 17_95), price);
        Assert.Equal((359_00, 376_95), (price.Owner, price.Total));
        Assert.Null(JobPrice.Of(state, 1));
        var statement = MarketStatement.Of(state);
        Assert.Equal((359_00, 0, 1, 0), (statement.Of(A).Balance, statement.Of(A).Bought.Total, statement.Of(A).JobsSold, statement.Of(A).JobsBought));
        Assert.Equal((-376_95, 1), (statement.Of(B).Balance, statement.Of(B).JobsBought));
        var kpis = PlantKpis.Of(state);
        Assert.Equal((376.95, 17.95), (KpiCatalogue.Find("market-turnover")!.Value(kpis), KpiCatalogue.Find("platform-fee")!.Value(kpis)));
    }

    [Fact]
    public void Work_in_valley_hours_is_cheaper_than_the_base_price()
    {
        var plant = Shop();
        plant.Extra = plant.Extra with { Tariffs = [plant.Extra.Tariffs[0] with { Windows = [new TariffWindow("valley", Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(6, 0), 0.2)] }] };
        plant.Order(new ProductId(0), o => o with { Tenant = B, Quantity = 1 });

        Assert.Equal(-6_00, JobPrice.Of(plant.Run().Simulator.State, 0)!.Value.TariffUplift); // 10 kW × 2 h × −0.3
    }

    [Fact]
    public void What_buyers_pay_is_what_owners_get_and_the_fees_in_any_plant() =>
        RandomPlants.Any.Sample(plant =>
        {
            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Edd }, new RandomSource(3, 0));
            simulator.RunToCompletion(SimTime.FromHours(24 * 60));
            var statement = MarketStatement.Of(simulator.State);
            Assert.Equal(statement.Firms.Sum(f => f.Bought.Total), statement.Firms.Sum(f => f.Sold.Owner) + statement.Total.Fee);
            Assert.Equal(0, statement.Firms.Sum(f => f.Balance) + statement.Total.Fee);
            Assert.Equal((statement.Jobs, statement.Jobs), (statement.Firms.Sum(f => f.JobsSold), statement.Firms.Sum(f => f.JobsBought)));
        }, iter: 100);

    [Fact]
    public void A_batch_of_several_firms_is_paid_by_their_quantities()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { Owner = A, CapacityMin = 10, CapacityMax = 10 });
        var product = plant.Product(TinyPlant.Step(c, 60) with { Batches = true });
        plant.Extra = plant.Extra with
        {
            Tenants = [new Tenant { Id = "a", Name = "a" }, new Tenant { Id = "b", Name = "b" }, new Tenant { Id = "c", Name = "c" }],
            Offers = [new CapacityOffer(new EquipmentId(0), new WeeklyWindow(Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(0, 0)), SimTime.Zero, PricePerHour: 100)],
        };
        plant.Order(product, o => o with { Tenant = B, Quantity = 7 });
        plant.Order(product, o => o with { Tenant = new TenantId(2), Quantity = 3 });

        var state = plant.Run().Simulator.State;

        Assert.Equal((70_00, 30_00), (JobPrice.Of(state, 0)!.Value.Total, JobPrice.Of(state, 1)!.Value.Total));
    }
}
