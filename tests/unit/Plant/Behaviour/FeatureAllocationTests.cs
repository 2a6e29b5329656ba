using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

/// <summary>Whatever a plant has, its events allocate nothing once it has filled up.</summary>
public class FeatureAllocationTests
{
    private const double Hour = Duration.MillisecondsPerHour;

    /// <summary>A saw, a mill and a press in a row, ten orders an hour of two families for four weeks.</summary>
    private static (TinyPlant Plant, FamilyId[] Families) Shop(Func<Operation, int, Operation>? with = null, Func<Equipment, int, Equipment>? machine = null)
    {
        var plant = new TinyPlant { Dispatch = DispatchRule.Edd };
        FamilyId[] families = [plant.Family("a"), plant.Family("b")];
        EquipmentClassId[] classes = [plant.Class("saw"), plant.Class("mill"), plant.Class("press")];
        for (var c = 0; c < classes.Length; c++)
        {
            plant.Machine(classes[c], m => machine?.Invoke(m, c) ?? m);
        }

        var product = plant.Product([.. classes.Select((c, k) =>
        {
            var step = TinyPlant.Step(c, 4) with { Id = $"op{k}", Variation = Distribution.Lognormal(1, 0.3) };
            return with?.Invoke(step, k) ?? step;
        })]);
        for (var i = 0; i < 6_000; i++)
        {
            var release = i * 0.1;
            plant.Order(product, o => o with { Family = families[i / 3 % 2], Release = SimTime.FromHours(release), Due = SimTime.FromHours(release + 9), Quantity = 5 });
        }

        return (plant, families);
    }

    private static void AllocatesNothing(Scenario scenario, params PlantEventKind[] kinds)
    {
        var counter = new Counter();
        var simulator = new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy { Rule = scenario.Dispatch }, new RandomSource(1, 0), sink: counter);
        simulator.RunUntil(SimTime.FromHours(260)); // the load profile doubles at 256 h and at 512 h
        Array.Clear(counter.Of);
        var least = long.MaxValue;
        for (var hours = 300; hours <= 500; hours += 40)
        {
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            simulator.RunUntil(SimTime.FromHours(hours));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - bytes); // a list may double in one, a collection for another test may count a block
        }

        Assert.All(kinds, k => Assert.True(counter.Of[(int)k] > 20, $"{counter.Of[(int)k]} times {k}"));
        Assert.True(counter.Of.Sum() > 5_000);
        Assert.Equal(0, least);
    }

    private sealed class Counter : IPlantEventSink
    {
        public int[] Of { get; } = new int[Enum.GetValues<PlantEventKind>().Max(k => (int)k) + 1];

        public void On(in PlantEvent e) => Of[(int)e.Kind]++;
    }

    [Theory]
    [InlineData(LineOverload.UtilityWork, PlantEventKind.UtilityWorked)]
    [InlineData(LineOverload.StopLine, PlantEventKind.LineStopped)]
    public void Lines(LineOverload overload, PlantEventKind kind)
    {
        var (plant, _) = Shop();
        plant.Extra = plant.Extra with
        {
            Lines = [new ProductionLine { Id = "l", Name = "l", Takt = Duration.FromMinutes(5), StationWindow = Duration.FromMinutes(1), Overload = overload, Stations = [new(0), new(1), new(2)] }],
        };
        AllocatesNothing(plant.Build(), kind);
    }

    [Fact]
    public void Fixture_loops()
    {
        var (plant, families) = Shop();
        plant.Extra = plant.Extra with
        {
            FixtureLoops =
            [
                new FixtureCircuit
                {
                    Id = "l", Name = "l", Enter = new(1), Leave = new(2), Change = Duration.FromMinutes(2), Return = Duration.FromMinutes(1),
                    Fixtures = [new FixtureCount(families[0], 2), new FixtureCount(families[1], 2)],
                },
            ],
        };
        AllocatesNothing(plant.Build(), PlantEventKind.FixtureReady, PlantEventKind.FixtureChangeStarted);
    }

    [Fact]
    public void Vehicles()
    {
        var (plant, _) = Shop(machine: (m, c) => m with { Site = new SiteId(c % 2) });
        plant.Extra = plant.Extra with
        {
            Sites = [new Site { Id = "A", Name = "A" }, new Site { Id = "B", Name = "B" }],
            Travel = ImmutableDictionary<(SiteId, SiteId), Duration>.Empty.Add((new SiteId(0), new SiteId(1)), Duration.FromMinutes(3)),
            Fleets = [new VehicleFleet { Id = "cart", Name = "cart", Count = 3, Capacity = 2, Home = new SiteId(0), Loading = Duration.FromMinutes(0.5) }],
        };
        AllocatesNothing(plant.Build(), PlantEventKind.TransportStarted, PlantEventKind.VehicleArrived);
    }

    [Fact]
    public void Failure_modes_and_maintenance_plans()
    {
        var (plant, _) = Shop();
        plant.Extra = plant.Extra with
        {
            FailureModes =
            [
                .. Enumerable.Range(0, 3).Select(c => new FailureMode
                {
                    Id = $"m{c}", Class = new(c), Clock = UsageClock.Running, Life = Distribution.Weibull(1.8, 6 * Hour), TimeToRepair = Distribution.Exponential(0.1 * Hour),
                    Signal = new ConditionSignal { Baseline = 1, Limit = 9, PfInterval = Distribution.Exponential(2 * Hour), InspectionEvery = Duration.FromMinutes(60), Noise = 0.1 },
                }),
            ],
            MaintenancePlans = [new MaintenancePlan { Id = "p", Class = new(0), Clock = UsageClock.Batches, Every = 40, Renews = [0], Duration = Distribution.Constant(0.1 * Hour) }],
        };
        AllocatesNothing(plant.Build(), PlantEventKind.EquipmentDown, PlantEventKind.MaintenanceStarted);
    }

    [Fact]
    public void Crews()
    {
        var (plant, _) = Shop((o, k) => o with
        {
            FixedTime = Distribution.Constant(0),
            Phases =
            [
                new Phase { Name = "load", Kind = PhaseKind.Load, Hold = Duration.FromMinutes(1), Crew = new CrewNeed("hands") },
                new Phase { Name = "run", Hold = Duration.FromMinutes(2) },
                new Phase { Name = "unload", Kind = PhaseKind.Unload, Hold = Duration.FromMinutes(1), Crew = new CrewNeed("hands") },
            ],
        });
        plant.Extra = plant.Extra with { Auxiliaries = [new AuxiliaryResource { Id = "hands", Name = "hands", Count = 2, Skills = ["hands"], SideJobs = 2, SideJobTime = Distribution.Exponential(0.2 * Hour) }] };
        AllocatesNothing(plant.Build(), PlantEventKind.CrewAssigned, PlantEventKind.SideJobStarted);
    }

    [Fact]
    public void Materials()
    {
        var (plant, _) = Shop();
        plant.Extra = plant.Extra with
        {
            Materials =
            [
                new Material { Id = "bar", Name = "bar", InitialStock = 300, Reorder = ReorderRule.OrderUpTo, ReorderPoint = 100, OrderUpTo = 300 },
                new Material { Id = "box", Name = "box", Reorder = ReorderRule.Periodic, ReviewPeriod = Duration.FromHours(2), OrderUpTo = 200 },
            ],
            Sources =
            [
                new MaterialSource { Material = new(0), Supplier = "s", LeadTime = Distribution.Exponential(Hour) }, new MaterialSource { Material = new(1), Supplier = "s", LeadTime = Distribution.Exponential(Hour) },
            ],
            BillOfMaterials = [new BillLine(new(0), 0, new(0), 1), new BillLine(new(0), 2, new(1), 1)],
        };
        AllocatesNothing(plant.Build(), PlantEventKind.MaterialAllocated, PlantEventKind.MaterialShort);
    }

    [Fact]
    public void Bookings()
    {
        var (plant, _) = Shop(machine: (m, c) => m with { Owner = new TenantId(0) });
        plant.Extra = plant.Extra with
        {
            Tenants = [new Tenant { Id = "a", Name = "a" }, new Tenant { Id = "b", Name = "b" }],
            Offers = [.. Enumerable.Range(0, 3).Select(e => new CapacityOffer(new EquipmentId(e), new WeeklyWindow(Weekdays.Daily, new TimeOnly(5, 0), new TimeOnly(23, 0)), SimTime.Zero, PricePerHour: 40, Notice: Duration.FromMinutes(20), WalkIn: true))],
            Market = new MarketRules { Booking = BookingPolicy.WhenWaiting, Hold = Duration.FromHours(1), Decision = Distribution.Exponential(0.3 * Hour), Fee = 0.05 },
        };
        var scenario = plant.Build();
        AllocatesNothing(scenario with { Orders = [.. scenario.Orders.Select((o, i) => o with { Tenant = new TenantId(i % 2) })] }, PlantEventKind.ReservationHeld);
    }

    [Fact]
    public void Child_jobs_that_mend()
    {
        var (plant, _) = Shop();
        var bench = plant.Class("bench");
        plant.Machine(bench);
        var scenario = plant.Build();
        var routing = scenario.Plant.WorkMasters[0];
        AllocatesNothing(scenario with
        {
            Plant = scenario.Plant with
            {
                WorkMasters =
                [
                    routing with { Operations = [.. routing.Operations.Select((o, k) => k == 1 ? o with { ReworkProbability = 0.1, ReworkBy = [3] } : o), TinyPlant.Step(bench, 5) with { Id = "mend", Predecessors = [1] }] },
                ],
            },
        }, PlantEventKind.BatchRework);
    }
}
