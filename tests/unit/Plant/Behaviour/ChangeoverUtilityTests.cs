using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

/// <summary>Setups and cleanings draw from the utilities as phases do. Two vats: O1's hour of dry work on M1 comes after an hour of setup; O2 on M2
/// is an hour that draws 10 kg/h of steam. Epoch is a midnight.</summary>
public class ChangeoverUtilityTests
{
    private static readonly Changeover s_hour = new(Duration.FromHours(1));

    private static TinyPlant Vats(Changeover setup, double secondRelease, params Utility[] utilities)
    {
        var plant = new TinyPlant();
        var (washed, other) = (plant.Class("washed"), plant.Class("other"));
        var (white, dark) = (plant.Family("white"), plant.Family("dark"));
        plant.Machine(washed, m => m with { Changeover = new ChangeoverRuleId(0), InitialFamily = white, IdleKw = 10, RunningKw = 40 });
        plant.Machine(other);
        plant.Extra = plant.Extra with
        {
            Utilities = [.. utilities],
            ChangeoverRules = [new MatrixChangeover { Id = "m", Pairs = ImmutableDictionary<(FamilyId, FamilyId), Changeover>.Empty, Default = setup }],
        };
        var dyed = plant.Product(TinyPlant.Step(washed, 60) with { Family = dark });
        var boiled = plant.Product(TinyPlant.Step(other, 0) with { Phases = [new Phase { Name = "heat", Hold = Duration.FromHours(1), SteamKgPerUnit = 10 }] });
        plant.Order(dyed);
        plant.Order(boiled, o => o with { Release = SimTime.FromHours(secondRelease) });
        return plant;
    }

    private static Utility Boiler(double cap, AtCap atCap) => new() { Id = "boiler", Name = "boiler", Kind = UtilityKind.Steam, RateCap = cap, AtCap = atCap };

    private static double[] Ends(PlantSimulator simulator) => [.. simulator.State.Orders.ToArray().Select(o => o.CompletedAt / 3.6e6)];

    [Fact]
    public void At_the_cap_a_setup_and_a_phase_slow_down_in_proportion()
    {
        // Setup alone for half an hour; then both at half speed: the setup ends at 1.5, the phase has half of its hour left and is alone again.
        var (simulator, events) = Vats(s_hour with { SteamKg = 10 }, 0.5, Boiler(10, AtCap.Stretch)).Run();

        Assert.Equal([2.5, 2.0], Ends(simulator));
        var boiler = PlantKpis.Of(simulator.State).Utilities[0];
        Assert.Equal((20, 10, 1), (Math.Round(boiler.Amount, 9), boiler.PeakRate, boiler.AtCapHours));
        Assert.Contains(events, e => e is { Kind: PlantEventKind.UtilityRate, Job: -1, Equipment: 0, Value: 0.5 });
        Assert.Equal([10, 10], simulator.State.OrderUse.ToArray().Select(u => Math.Round(u.SteamKg, 9)));
        Assert.Equal(1.5, simulator.State.Jobs[0].StartAt / 3.6e6);
    }

    [Fact]
    public void Where_the_utility_lets_wait_the_setup_begins_when_there_is_room_and_the_order_knows_why()
    {
        var plant = Vats(s_hour with { SteamKg = 10 }, 0, Boiler(15, AtCap.Wait));
        var compiled = CompiledScenario.Compile(Released(plant.Build(), first: 0.5));
        var tracker = new FlowTracker(new PlantState(compiled));
        var simulator = new PlantSimulator(compiled, new DispatchPolicy(), new RandomSource(1, 0), sink: new PlantWatch(new PlantState(compiled), tracker));
        simulator.RunToCompletion(SimTime.FromHours(100));

        Assert.Equal([3.0, 1.0], Ends(simulator)); // half an hour of waiting, an hour of setup, an hour of work
        var boiler = PlantKpis.Of(simulator.State).Utilities[0];
        Assert.Equal((0.5, 1, 20), (boiler.WaitHours, boiler.Waits, Math.Round(boiler.Amount, 9)));
        var flow = OrderFlow.Of(tracker, simulator.State).Single(f => f.Order == 0);
        Assert.Equal((30, 60), (flow[FlowPart.Utility] / 60_000, flow[FlowPart.Setup] / 60_000));
    }

    [Fact]
    public void A_daily_cap_makes_the_second_cleaning_wait_for_midnight()
    {
        var plant = new TinyPlant();
        var c = plant.Class("vat");
        var (dark, light) = (plant.Family("dark", soil: 5), plant.Family("light", limit: 1));
        for (var vat = 0; vat < 2; vat++)
        {
            plant.Machine(c, m => m with { Changeover = new ChangeoverRuleId(0) });
        }

        plant.Extra = plant.Extra with
        {
            Utilities = [new Utility { Id = "drain", Name = "drain", Kind = UtilityKind.Effluent, DailyCap = 8 }],
            ChangeoverRules = [new ResidueChangeover { Id = "r", Cleanings = [new CleaningOperation("strip", 9, Duration.FromHours(2)) { WaterM3 = 5 }] }],
        };
        var darkening = plant.Product(TinyPlant.Step(c, 60) with { Family = dark });
        var lightening = plant.Product(TinyPlant.Step(c, 60) with { Family = light });
        plant.Order(darkening);
        plant.Order(darkening);
        plant.Order(lightening);
        plant.Order(lightening);
        var (simulator, events) = plant.Run();

        // Dark until 1; one vat is stripped from 1 to 3 and works until 4; 8 m³ hold one strip a day, so the other begins at midnight.
        Assert.Equal([1, 1, 4, 27], Ends(simulator).Order());
        Assert.Equal([1, 24], events.Where(e => e.Kind == PlantEventKind.CleaningStarted).Select(e => e.Time.Milliseconds / 3.6e6));
        Assert.Equal((10, 10), (simulator.State.Utilities[0].Amount, simulator.State.StandbyUse.ToArray().Sum(u => u.WaterM3)));
    }

    [Fact]
    public void Power_of_a_setup_is_drawn_evenly_and_counts_at_the_cap()
    {
        // Idle 10 kW + 30 kWh over an hour = 40 kW; under a cap of 25 kW the setup has 15 of its 30 kW and takes two hours.
        var power = new Utility { Id = "power", Name = "power", Kind = UtilityKind.Electricity, Windows = [new UtilityWindow(Weekdays.Daily, new TimeOnly(0, 0), new TimeOnly(2, 0), 25)] };
        var (free, _) = Vats(s_hour with { EnergyKwh = 30 }, 0).Run();
        var (limited, _) = Vats(s_hour with { EnergyKwh = 30 }, 0, power).Run();

        Assert.Equal([2, 3], new[] { Ends(free)[0], Ends(limited)[0] });
        Assert.Equal(10 + 30 + 40, PlantKpis.Of(free.State).Total.EnergyKwh, 9);
        Assert.Equal(20 + 30 + 40, PlantKpis.Of(limited.State).Total.EnergyKwh, 9);
        Assert.Equal(40, free.State.ProfileOf(new SiteId(0)).PeakKw, 9); // a quarter-hour of setup draws no more than one of work
        Assert.Equal(10 + 30 + 40, free.State.OrderUse[0].EnergyKwh, 9); // the setup's idle hour serves the order too
    }

    [Fact]
    public void A_setup_that_a_breakdown_cuts_short_has_used_what_it_drew()
    {
        var plant = Vats(s_hour with { SteamKg = 10, WaterM3 = 4 }, 50, Boiler(100, AtCap.Stretch));
        plant.Disturbances = [new Disturbance { Kind = DisturbanceKind.Breakdown, Time = SimTime.FromHours(0.5), Equipment = new EquipmentId(0), Duration = Duration.FromHours(1) }];
        var (simulator, _) = plant.Run();

        Assert.Equal(3.5, Ends(simulator)[0]); // half a setup, the repair, a whole setup, the work
        Assert.Equal((15, 6), (Math.Round(simulator.State.Meters[0].SteamKg, 9), Math.Round(simulator.State.Meters[0].WaterM3, 9)));
        Assert.Equal(15 + 10, simulator.State.Utilities[0].Amount, 9);
    }

    [Fact]
    public void An_observed_setup_that_ends_early_has_used_all_that_its_rule_says()
    {
        var state = new PlantState(Vats(s_hour with { SteamKg = 10, EnergyKwh = 30, WaterM3 = 4 }, 0, Boiler(100, AtCap.Stretch)).Compile());
        state.Apply(new PlantEvent(SimTime.Zero, PlantEventKind.SetupStarted, 0, -1, -1, 1, 3.6e6));
        state.Apply(new PlantEvent(SimTime.FromHours(0.25), PlantEventKind.SetupEnded, 0));

        var meters = state.Meters[0];
        Assert.Equal((10, 4, 2.5 + 30), (Math.Round(meters.SteamKg, 9), Math.Round(meters.WaterM3, 9), Math.Round(meters.EnergyKwh, 9)));
        Assert.Equal(10, state.Utilities[0].Amount, 9);
    }

    private static Scenario Released(Scenario scenario, double first) =>
        scenario with { Orders = scenario.Orders.SetItem(0, scenario.Orders[0] with { Release = SimTime.FromHours(first) }) };
}
