using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Kpis;

public class FootprintTests
{
    private static Phase Wet => new() { Name = "fill", Hold = Duration.FromHours(1), WaterLitresPerUnit = 20, SteamKgPerUnit = 2 };

    [Fact]
    public void Orders_bear_what_their_batches_used_and_the_idle_hours_by_their_machine_hours()
    {
        // One machine, 10 kW running, 1 kW idle. A (10 pcs) runs 2 h, B (30 pcs) 1 h after an hour of nothing; read after 5 h.
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { RunningKw = 10, IdleKw = 1 });
        var two = plant.Product((c, 120));
        var one = plant.Product(TinyPlant.Step(c, 0) with { Phases = [Wet] });
        plant.Order(two, o => o with { Quantity = 10 });
        plant.Order(one, o => o with { Quantity = 30, Release = SimTime.FromHours(3) });
        var (simulator, _) = plant.Run();
        simulator.State.AdvanceTo(SimTime.FromHours(5));

        var report = FootprintReport.Of(simulator.State);

        Assert.Equal((20, 10), (report.Orders[0].Direct.EnergyKwh, report.Orders[1].Direct.EnergyKwh));
        Assert.Equal(2 * 2 / 3.0, report.Orders[0].Indirect.EnergyKwh, 9); // 2 h idle, 2 of 3 machine-hours
        Assert.Equal(2 * 1 / 3.0, report.Orders[1].Indirect.EnergyKwh, 9);
        Assert.Equal(32, report.Metered.EnergyKwh, 9);
        Assert.Equal((0.6, 60), (report.Orders[1].Direct.WaterM3, report.Orders[1].Direct.SteamKg));
        Assert.Equal((10 + 2 / 3.0) * 0.5366 + 60 * 0.3036 + 0.6 * 0.3, report.Orders[1].CarbonKg, 9);
        Assert.Equal(report.Orders[1].CarbonKg / 30, report.Orders[1].CarbonKgPerUnit, 12);
        Assert.True(report.Unallocated.IsNothing);
    }

    [Fact]
    public void A_setup_is_borne_by_the_batch_it_was_made_for_and_a_batch_by_its_members_by_quantity()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { RunningKw = 10, IdleKw = 6, CapacityMax = 100, Changeover = new ChangeoverRuleId(0) });
        var red = plant.Family("red");
        plant.Extra = plant.Extra with
        {
            ChangeoverRules = [new MatrixChangeover { Id = "m", Pairs = System.Collections.Immutable.ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty, FromClean = new Changeover(Duration.FromMinutes(30)) { EnergyKwh = 4, WaterM3 = 2 } }],
        };
        var product = plant.Product(TinyPlant.Step(c, 60) with { Batches = true });
        plant.Order(product, o => o with { Quantity = 20, Family = red });
        plant.Order(product, o => o with { Quantity = 60, Family = red });
        var (simulator, _) = plant.Run();

        var report = FootprintReport.Of(simulator.State);

        // Setup: 3 kWh at idle power and 4 kWh as a lump; batch: 10 kWh. One in four of it for the smaller order.
        Assert.Equal((17 / 4.0, 51 / 4.0), (report.Orders[0].Direct.EnergyKwh, report.Orders[1].Direct.EnergyKwh));
        Assert.Equal((0.5, 1.5), (report.Orders[0].Direct.WaterM3, report.Orders[1].Direct.WaterM3));
    }

    [Fact]
    public void Where_nothing_ran_everything_is_unallocated()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { IdleKw = 2 });
        plant.Order(plant.Product((c, 10)), o => o with { Release = SimTime.FromHours(100) });
        var state = new PlantState(plant.Compile());
        state.AdvanceTo(SimTime.FromHours(10));

        var report = FootprintReport.Of(state);

        Assert.Equal((20, 20), (report.Unallocated.EnergyKwh, report.Metered.EnergyKwh));
        Assert.True(report.Orders[0].Total.IsNothing);
    }

    [Fact]
    public void An_idle_machine_is_borne_by_the_orders_at_its_site()
    {
        var plant = new TinyPlant();
        var (busy, spare) = (plant.Class("busy"), plant.Class("spare"));
        plant.Machine(busy, m => m with { RunningKw = 10 });
        plant.Machine(spare, m => m with { IdleKw = 3 });
        plant.Order(plant.Product((busy, 60)));
        var (simulator, _) = plant.Run();

        Assert.Equal(3, FootprintReport.Of(simulator.State).Orders[0].Indirect.EnergyKwh, 9);
    }

    /// <summary>Three machines: 10 kW for A from 0 to 60 min, 30 kW for B from 30 to 60 min, 5 kW that serves nobody. The quarter-hours from
    /// 30 min on have 45 kW; the charge of 30 a kW goes 10 : 30 : 5, the last share by machine hours, 1 : 1/2.</summary>
    [Fact]
    public void The_demand_charge_goes_to_who_drew_in_the_quarter_hour_that_set_it()
    {
        var plant = new TinyPlant();
        var (one, two, idle) = (plant.Class("one"), plant.Class("two"), plant.Class("idle"));
        plant.Machine(one, m => m with { RunningKw = 10 });
        plant.Machine(two, m => m with { RunningKw = 30 });
        plant.Machine(idle, m => m with { IdleKw = 5 });
        plant.Extra = plant.Extra with
        {
            Sites = [new Site { Id = "S", Name = "S", Tariff = new TariffId(0) }],
            Tariffs = [new Tariff { Id = "T", Name = "T", BasePrice = 0.5, DemandPricePerKwMonth = 30 }],
        };
        plant.Order(plant.Product((one, 60)));
        plant.Order(plant.Product((two, 30)), o => o with { Release = SimTime.FromHours(0.5) });
        var plan = RunPlan.Of(plant.Compile());

        var (run, report) = FootprintRun.Of(plan, 0);

        Assert.Equal((300 + 100, 900 + 50), (Math.Round(report.Orders[0].DemandCost, 9), Math.Round(report.Orders[1].DemandCost, 9)));
        Assert.Equal((1350, 0), (Math.Round(report.DemandCost, 9), report.DemandUnallocated));
        Assert.Equal(run.Kpis.DemandCost + run.Kpis.Total.EnergyCost, report.Orders.Sum(o => o.ElectricityCost), 9);
        Assert.Equal(Experiment.Run(plan, 0).EventHash, run.EventHash); // watching changes nothing
    }

    [Fact]
    public void A_declared_demand_that_no_load_set_is_spread_over_the_site()
    {
        var plant = new TinyPlant();
        var c = plant.Class("c");
        plant.Machine(c, m => m with { RunningKw = 1, Slots = 2 });
        plant.Extra = plant.Extra with
        {
            Sites = [new Site { Id = "S", Name = "S", Tariff = new TariffId(0) }],
            Tariffs = [new Tariff { Id = "T", Name = "T", BasePrice = 0.5, DemandPricePerKwMonth = 30, DeclaredKw = 10 }],
        };
        plant.Order(plant.Product((c, 30)));
        plant.Order(plant.Product((c, 90)));

        var report = FootprintReport.Of(plant.Run().Simulator.State, []);

        Assert.Equal((75, 225, 300), (Math.Round(report.Orders[0].DemandCost, 9), Math.Round(report.Orders[1].DemandCost, 9), Math.Round(report.DemandCost, 9)));
    }

    [Fact]
    public void The_bill_of_all_orders_is_the_bill_of_the_plant_whatever_the_plant() =>
        Gen.Select(RandomPlants.Any, Gen.Double[0, 20]).Sample((plant, warmUp) =>
        {
            var (run, report) = FootprintRun.Of(RunPlan.Of(plant) with { WarmUp = Duration.FromHours(warmUp), Until = SimTime.FromHours(24 * 60) }, 0);

            var bill = run.Kpis.DemandCost + run.Kpis.Total.EnergyCost;
            var orders = report.Orders.Sum(o => o.ElectricityCost) + report.DemandUnallocated + report.Unallocated.EnergyCost;
            Assert.True(Math.Abs(bill - orders) <= 1e-9 * Math.Max(1, bill), $"{bill} on the bill, {orders} allocated");
            Assert.All(report.Orders, o => Assert.True(o.DemandCost >= 0));
        }, iter: 100);

    /// <summary>What the tracker sees in a quarter-hour is what the meter of the site shows in it.</summary>
    [Fact]
    public void The_decisive_quarter_hour_holds_the_energy_of_the_peak_in_any_plant() =>
        Gen.Select(RandomPlants.Any, Gen.Double[0, 20]).Sample((plant, warmUp) =>
        {
            var start = new PlantState(plant);
            var tracker = new DemandTracker(start, SimTime.FromHours(warmUp));
            var watch = new PlantWatch(start, tracker);
            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(4, 0), sink: watch);
            simulator.RunUntil(SimTime.FromHours(warmUp));
            simulator.State.ResetStatistics(simulator.Now);
            simulator.RunUntil(SimTime.FromHours(60));
            var shares = tracker.Finish(watch.State, simulator.Now);
            for (var site = 0; site < plant.Plant.Sites.Length; site++)
            {
                var peak = simulator.State.ProfileOf(new SiteId(site)).PeakKw;
                var seen = shares.Where(s => s.Site.Index == site).Select(s => s.Kwh * 4).DefaultIfEmpty(0).Max();
                Assert.True(Math.Abs(peak - seen) <= 1e-6 * Math.Max(1, peak), $"{peak} kW on the meter, {seen} kW seen");
            }

            Assert.All(shares, s => Assert.Equal(s.Kwh, s.Orders.Sum(o => o.Kwh) + s.Standby.Sum(m => m.Kwh), 1e-9 * s.Kwh));
        }, iter: 100);

    [Fact]
    public void Sum_over_orders_is_what_the_meters_show_in_any_plant_at_any_moment() =>
        Gen.Select(RandomPlants.Any, Gen.Double[0, 60], Gen.Double[0, 30]).Sample((plant, hours, warmUp) =>
        {
            var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(4, 0));
            simulator.RunUntil(SimTime.FromHours(Math.Min(warmUp, hours)));
            simulator.State.ResetStatistics(simulator.Now);
            simulator.RunUntil(SimTime.FromHours(hours));
            AddsUp(FootprintReport.Of(simulator.State));
            simulator.RunToCompletion(SimTime.FromHours(24 * 120));
            AddsUp(FootprintReport.Of(simulator.State));
        }, iter: 200);

    internal static void AddsUp(FootprintReport report)
    {
        var sum = report.Unallocated;
        foreach (var order in report.Orders)
        {
            sum.Add(order.Total);
        }

        Close(report.Metered.EnergyKwh, sum.EnergyKwh);
        Close(report.Metered.EnergyCost, sum.EnergyCost);
        Close(report.Metered.WaterM3, sum.WaterM3);
        Close(report.Metered.SteamKg, sum.SteamKg);
        Close(report.Metered.GasM3, sum.GasM3);

        static void Close(double metered, double allocated) => Assert.True(Math.Abs(metered - allocated) <= 1e-9 * Math.Max(1, metered), $"{metered} metered, {allocated} allocated");
    }
}
