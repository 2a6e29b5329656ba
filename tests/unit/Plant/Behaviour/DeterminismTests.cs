using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class DeterminismTests
{
    /// <summary>A plant in which everything happens: luck, breakdowns, shifts, setups, batches, rework, travel.</summary>
    internal static CompiledScenario Lively(int orders = 60)
    {
        var plant = new TinyPlant { Dispatch = DispatchRule.Atc };
        var (cut, dye, pack) = (plant.Class("cut"), plant.Class("dye", batchWaitMinutes: 60), plant.Class("pack", buffer: 3));
        FamilyId[] families = [plant.Family("dark", 7), plant.Family("light", 1, 6)];
        plant.Extra = plant.Extra with
        {
            Sites = [new Site { Id = "A", Name = "A", Tariff = new TariffId(0) }, new Site { Id = "B", Name = "B" }],
            Travel = System.Collections.Immutable.ImmutableDictionary<(SiteId, SiteId), Duration>.Empty
                .Add((new SiteId(0), new SiteId(1)), Duration.FromMinutes(12)),
            Tariffs = [new Tariff { Id = "t", Name = "t", BasePrice = 1, Windows = [new TariffWindow("peak", Weekdays.Daily, new TimeOnly(8, 0), new TimeOnly(20, 0), 2)] }],
            Calendars = [new WorkCalendar { Id = "c", Name = "c", Windows = [new WeeklyWindow(Weekdays.Daily, new TimeOnly(6, 0), new TimeOnly(22, 0))] }],
            ChangeoverRules = [new ResidueChangeover { Id = "r", Cleanings = [new CleaningOperation("strip", 20, Duration.FromMinutes(40))] }],
            Auxiliaries = [new AuxiliaryResource { Id = "crew", Name = "crew", Count = 3 }],
        };
        for (var i = 0; i < 3; i++)
        {
            plant.Machine(cut, m => m with
            {
                Calendar = new CalendarId(0), RunningKw = 5, IdleKw = 1,
                TimeToFailure = Distribution.Exponential(8 * 3.6e6), TimeToRepair = Distribution.Lognormal(1.2e6, 0.9),
            });
            plant.Machine(dye, m => m with { CapacityMin = 20, CapacityMax = 60, CapacityNominal = 50, Changeover = new ChangeoverRuleId(0), RunningKw = 20 });
        }

        plant.Machine(pack, m => m with { Site = new SiteId(1), Slots = 2 });
        Phase[] phases =
        [
            new Phase { Name = "load", Kind = PhaseKind.Load, Hold = Duration.FromMinutes(5) },
            new Phase { Name = "heat", FromCelsius = 20, ToCelsius = 80, CelsiusPerMinute = 3, Hold = Duration.FromMinutes(20), Kw = 40, WaterLitresPerUnit = 8 },
            new Phase { Name = "sample", Kind = PhaseKind.Sample, Hold = Duration.FromMinutes(4) },
        ];
        var product = plant.Product(
            TinyPlant.Step(cut, 15) with { Variation = Distribution.Lognormal(1, 0.3), Interruptible = true, Auxiliaries = [new AuxiliaryNeed(new AuxiliaryId(0), 1)] },
            TinyPlant.Step(dye, 0) with
            {
                Batches = true, Phases = [.. phases], Variation = Distribution.TruncatedNormal(1, 0.1, 0.5),
                AdditionProbability = 0.2, AdditionTime = Distribution.Uniform(6e5, 3e6), ReworkProbability = 0.1, MinWait = Duration.FromMinutes(30),
            },
            TinyPlant.Step(pack, 5) with { Setup = Duration.Zero, ScrapFraction = 0.02 });
        for (var i = 0; i < orders; i++)
        {
            var n = i;
            plant.Order(product, o => o with
            {
                Quantity = 5 + n * 7 % 30, Family = families[n % 3 == 0 ? 1 : 0], Release = SimTime.FromHours(n * 0.3), Due = SimTime.FromHours(n * 0.3 + 10), Priority = 1 + n % 3,
            });
        }

        return plant.Compile();
    }

    private static (ulong Hash, long Count) Run(CompiledScenario plant, ulong seed, int replication = 0)
    {
        var hash = new EventHash();
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Atc }, new RandomSource(seed, replication), sink: hash);
        simulator.RunToCompletion(SimTime.FromHours(24 * 90));
        Assert.Equal(0, simulator.OpenOrders);
        return (hash.Value, hash.Count);
    }

    [Fact]
    public void Same_scenario_and_seed_give_the_same_events_and_another_seed_gives_others()
    {
        var plant = Lively();

        Assert.Equal(Run(plant, 7), Run(Lively(), 7));
        Assert.NotEqual(Run(plant, 7), Run(plant, 8));
        Assert.NotEqual(Run(plant, 7), Run(plant, 7, replication: 1));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(7.5)]
    [InlineData(16.2)]
    [InlineData(30)]
    public void Fork_of_a_running_plant_continues_bit_identically(double hours)
    {
        var plant = Lively();
        var straight = new EventRecorder();
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Atc }, new RandomSource(3, 0), sink: straight);
        simulator.RunUntil(SimTime.FromHours(hours));
        var before = straight.Events.Count;
        var forked = new EventRecorder();
        var fork = simulator.Fork(forked);

        fork.RunToCompletion(SimTime.FromHours(24 * 90));
        simulator.RunToCompletion(SimTime.FromHours(24 * 90));

        Assert.Equal(straight.Events.Skip(before), forked.Events);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(7.5)]
    [InlineData(16.2)]
    [InlineData(30)]
    [InlineData(61)]
    public void Any_state_has_a_future_that_completes_every_order(double hours)
    {
        var plant = Lively();
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Edd }, new RandomSource(3, 0));
        simulator.RunUntil(SimTime.FromHours(hours));

        var resumed = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Edd }, new RandomSource(99, 0), simulator.State);
        resumed.RunToCompletion(SimTime.FromHours(24 * 90));

        Assert.Equal(0, resumed.OpenOrders);
    }

    [Fact]
    public void Fold_of_the_recorded_events_is_the_state_of_the_simulator()
    {
        var plant = Lively();
        var recorder = new EventRecorder();
        var simulator = new PlantSimulator(plant, new DispatchPolicy { Rule = DispatchRule.Edd }, new RandomSource(11, 0), sink: recorder);
        simulator.RunUntil(SimTime.FromHours(25));

        var folded = new PlantState(plant);
        foreach (var e in recorder.Events)
        {
            folded.Apply(e);
        }

        folded.AdvanceTo(simulator.Now);
        Assert.Equal(simulator.State.Equipment.ToArray(), folded.Equipment.ToArray());
        Assert.Equal(simulator.State.Jobs.ToArray(), folded.Jobs.ToArray());
        Assert.Equal(simulator.State.Orders.ToArray(), folded.Orders.ToArray());
        Assert.Equal(simulator.State.Meters.ToArray(), folded.Meters.ToArray());
        Assert.Equal(simulator.State.TimeInStatus.ToArray(), folded.TimeInStatus.ToArray());
    }

    [Fact]
    public void Time_in_all_statuses_adds_up_to_the_elapsed_time()
    {
        var plant = Lively();
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(5, 0));
        simulator.RunUntil(SimTime.FromHours(48));

        for (var e = 0; e < plant.Plant.Equipment.Length; e++)
        {
            var sum = 0L;
            foreach (var ms in simulator.State.TimeInStatus.Slice(e * PlantState.StatusCount, PlantState.StatusCount))
            {
                sum += ms;
            }

            Assert.Equal(48 * 3_600_000L, sum);
        }
    }

    [Fact]
    public void Energy_of_the_machines_equals_the_profile_of_their_sites()
    {
        var plant = Lively();
        var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(5, 0));
        simulator.RunUntil(SimTime.FromHours(48));

        var machines = simulator.State.Meters.ToArray().Sum(m => m.EnergyKwh);
        var sites = Enumerable.Range(0, 2).Sum(s => simulator.State.ProfileOf(new SiteId(s)).Kwh.ToArray().Sum());
        Assert.Equal(machines, sites, 6);
        Assert.True(machines > 100);
    }
}
