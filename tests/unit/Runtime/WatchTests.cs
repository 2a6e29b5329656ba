using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Runtime.Watch;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public sealed class WatchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Maintenance_is_advised_where_it_makes_nobody_late_before_the_bearing_is_likely_to_fail()
    {
        // Work of ten hours from 200, 210 and 230 on, due when it ends: between 220 and 230 the machine has nothing to do.
        await using var session = RuntimePlants.Open(Spindle(200, 210, 230));
        await Measure(session, (100, 1.5), (150, 2.0), (199, 2.7));
        var schedule = new Schedule { Batches = [Batch(0, 200), Batch(1, 210), Batch(2, 230)] };
        Assert.Empty((await session.ApplyScheduleAsync(schedule, 0, "test", Stop)).Problems);

        var report = PlantWatchReport.Of(session.View(), new WatchOptions(), stop: Stop);
        var advice = Assert.Single(report.Advice);
        Assert.Equal(SimTime.FromHours(220), advice.Best.Start);
        Assert.Equal(0, advice.Best.TardinessHours, 6);
        Assert.Contains("gap", advice.Best.Why, StringComparison.Ordinal);
        var between = Assert.Single(advice.Choices, c => c.Start == SimTime.FromHours(210));
        Assert.Equal(5, between.TardinessHours, 1); // five hours of maintenance before the second order
        Assert.All(advice.Choices, c => Assert.True(c.Start <= advice.Latest));
        Assert.True(advice.InTime);
    }

    [Fact]
    public async Task A_worn_bearing_is_warned_of_from_when_it_first_showed_and_a_flat_signal_is_not()
    {
        await using var session = RuntimePlants.Open(Spindle(900));
        await Measure(session, (100, 1.0), (150, 1.01), (200, 0.99));
        var calm = PlantWatchReport.Of(session.View(), new WatchOptions(), stop: Stop);
        Assert.Empty(calm.Warnings);
        Assert.Equal(0.99, Assert.Single(calm.Conditions).Level);

        await Measure(session, (250, 1.5), (300, 2.4), (350, 3.9));
        var first = PlantWatchReport.Of(session.View(), new WatchOptions(), calm, Stop);
        var warning = Assert.Single(first.Warnings);
        Assert.Equal((WarningKind.Condition, "M1"), (warning.Kind, warning.Subject));
        Assert.Equal(first.At, warning.Since);

        await Measure(session, (360, 4.3));
        var second = PlantWatchReport.Of(session.View(), new WatchOptions(), first, Stop);
        Assert.Equal(first.At, Assert.Single(second.Warnings).Since);
        Assert.True(second.Conditions[0].RemainingP50Hours < first.Conditions[0].RemainingP50Hours);
    }

    [Fact]
    public async Task A_shortage_ahead_is_warned_of_with_its_day_and_the_stock_that_is_left()
    {
        await using var session = RuntimePlants.Open(Shop(leadDays: 9));
        var report = PlantWatchReport.Of(session.View(), new WatchOptions(), stop: Stop);
        var warning = Assert.Single(report.Warnings);
        Assert.Equal((WarningKind.Supply, "chip", false), (warning.Kind, warning.Subject, warning.Severe));
        Assert.Contains("45 pcs in stock", warning.Text, StringComparison.Ordinal);
        Assert.Equal(SimTime.FromHours(4 * 24), report.Outlook!.Materials[0].Expected);

        await using var supplied = RuntimePlants.Open(Shop(leadDays: 1));
        Assert.Empty(PlantWatchReport.Of(supplied.View(), new WatchOptions(), stop: Stop).Warnings);
    }

    [Fact]
    public async Task Carbon_of_the_orders_of_a_live_plant_sums_to_its_meters_at_every_moment()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        foreach (var part in RuntimePlants.Report(plant, 24).Chunk(150))
        {
            await session.IngestAsync(part, cancellation: Stop);
            var report = FootprintReport.Of(session.View().State);
            var left = FootprintReport.CarbonKgOf(plant.Plant.Carbon, report.Unallocated);
            Assert.Equal(report.CarbonKg, report.Orders.Sum(o => o.CarbonKg) + left, 6);
            Assert.Equal(report.Metered.EnergyKwh, report.Orders.Sum(o => o.Total.EnergyKwh) + report.Unallocated.EnergyKwh, 6);
        }

        Assert.True(FootprintReport.Of(session.View().State).CarbonKg > 0);
    }

    private static async Task Measure(TwinSession session, params (double Hours, double Level)[] readings)
    {
        var receipt = await session.IngestAsync(
            [.. readings.Select(r => new Observation { Id = $"r{r.Hours}", Kind = nameof(PlantEventKind.ConditionMeasured), Time = PlantMoment.At(SimTime.FromHours(r.Hours)), Equipment = "M1", FailureMode = "bearing", Value = r.Level })],
            cancellation: Stop);
        Assert.Empty(receipt.Refused);
    }

    private static PlannedBatch Batch(int job, double hours) => new()
    {
        Equipment = new EquipmentId(0), Jobs = [new JobId(job)], SetupStart = SimTime.FromHours(hours), Start = SimTime.FromHours(hours), End = SimTime.FromHours(hours + 10),
    };

    private static CompiledScenario Spindle(params double[] releases)
    {
        var plant = new TinyPlant();
        plant.Extra = plant.Extra with
        {
            FailureModes =
            [
                new FailureMode
                {
                    Id = "bearing", Class = new EquipmentClassId(0), Clock = UsageClock.Calendar, Life = Distribution.Weibull(2, 30_000 * 3.6e6), TimeToRepair = Distribution.Constant(4 * 3.6e6),
                    Signal = new ConditionSignal { Baseline = 1, Limit = 11.2, PfInterval = Distribution.Constant(300 * 3.6e6), InspectionEvery = Duration.FromDays(30), Noise = 0.02 },
                },
            ],
            MaintenancePlans = [new MaintenancePlan { Id = "change", Class = new EquipmentClassId(0), Watches = 0, AtLevel = 10.5, Renews = [0], Duration = Distribution.Constant(5 * 3.6e6) }],
        };
        plant.Machine(plant.Class("c"));
        foreach (var hours in releases)
        {
            plant.Order(plant.Product((new EquipmentClassId(0), 600)), o => o with { Release = SimTime.FromHours(hours), Due = SimTime.FromHours(hours + 10) });
        }

        return plant.Compile();
    }

    private static CompiledScenario Shop(double leadDays)
    {
        var tiny = new TinyPlant();
        var c = tiny.Class("c");
        tiny.Machine(c);
        var product = tiny.Product(TinyPlant.Step(c, 10));
        tiny.Extra = tiny.Extra with
        {
            Materials = [new Material { Id = "chip", Name = "chip", Unit = "pcs", InitialStock = 45, Reorder = ReorderRule.OrderUpTo, ReorderPoint = 30, OrderUpTo = 60 }],
            Sources = [new MaterialSource { Material = new MaterialId(0), Supplier = "fab", LeadTime = Distribution.Constant(leadDays * Duration.MillisecondsPerDay) }],
            BillOfMaterials = [new BillLine(product, 0, new MaterialId(0), 1)],
        };
        for (var i = 0; i < 20; i++)
        {
            var day = i;
            tiny.Order(product, o => o with { Quantity = 10, Release = SimTime.FromHours(24 * day) });
        }

        return CompiledScenario.Compile(tiny.Build() with { Horizon = Duration.FromDays(20) });
    }
}
