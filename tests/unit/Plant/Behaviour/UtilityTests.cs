using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Tests.Unit.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class UtilityTests
{
    /// <summary>Vats side by side; every order is one phase of an hour that draws 10 units/h of the only utility. Epoch is a midnight.</summary>
    private static TinyPlant Vats(int count, Func<Utility, Utility> utility, Func<Phase, Phase>? phase = null, params (double Release, double Priority)[] orders)
    {
        var plant = new TinyPlant();
        var c = plant.Class("vat");
        for (var i = 0; i < count; i++)
        {
            plant.Machine(c, m => m with { RunningKw = 80, IdleKw = 10 });
        }

        plant.Extra = plant.Extra with { Utilities = [utility(new Utility { Id = "boiler", Name = "boiler", Unit = "kg" })] };
        var draws = new Phase { Name = "heat", Hold = Duration.FromHours(1), Draws = [new UtilityDraw(new UtilityId(0)) { Rate = 10 }] };
        var product = plant.Product(TinyPlant.Step(c, 0) with { Phases = [phase?.Invoke(draws) ?? draws] });
        foreach (var (release, priority) in orders)
        {
            plant.Order(product, o => o with { Release = SimTime.FromHours(release), Priority = priority });
        }

        return plant;
    }

    private static double[] Ends(PlantSimulator simulator) => [.. simulator.State.Orders.ToArray().Select(o => o.CompletedAt / 3.6e6)];

    private static UtilityKpis Meter(PlantSimulator simulator) => PlantKpis.Of(simulator.State).Utilities[0];

    [Fact]
    public void At_the_cap_all_that_draw_slow_down_in_proportion_and_speed_up_when_one_leaves()
    {
        var (simulator, events) = Vats(2, u => u with { RateCap = 10 }, null, (0, 1), (0.5, 1)).Run();

        // A alone for half an hour, then both at half speed: A needs another hour; B has half of its hour left and is alone again.
        Assert.Equal([1.5, 2.0], Ends(simulator));
        Assert.Equal((20, 10), (Meter(simulator).Amount, Meter(simulator).PeakRate));
        Assert.Equal((1, 1), (Meter(simulator).StretchHours, Meter(simulator).AtCapHours));
        Assert.Equal(3, events.Count(e => e.Kind == PlantEventKind.UtilityRate)); // two slow down, one speeds up
    }

    [Fact]
    public void A_phase_that_waits_begins_when_there_is_room_and_says_for_what_it_waited()
    {
        var (simulator, events) = Vats(2, u => u with { RateCap = 15, AtCap = AtCap.Wait }, null, (0, 1), (0.5, 1)).Run();

        Assert.Equal([1.0, 2.0], Ends(simulator));
        Assert.Contains(events, e => e.Kind == PlantEventKind.BatchHeld && e.Arg == (int)HoldReason.Utility && e.Value == 0);
        Assert.Equal((0.5, 1), (Meter(simulator).WaitHours, Meter(simulator).Waits));
        Assert.DoesNotContain(events, e => e.Kind == PlantEventKind.UtilityRate);
    }

    [Fact]
    public void Those_who_wait_go_by_priority_and_then_first_come_first_served()
    {
        var (simulator, _) = Vats(4, u => u with { RateCap = 10, AtCap = AtCap.Wait }, null, (0, 1), (0.1, 1), (0.2, 1), (0.3, 5)).Run();

        Assert.Equal([1, 3, 4, 2], Ends(simulator));
    }

    [Fact]
    public void A_phase_may_wait_where_its_utility_stretches()
    {
        var (simulator, _) = Vats(2, u => u with { RateCap = 10 }, p => p with { AtCap = AtCap.Wait }, (0, 1), (0.5, 1)).Run();

        Assert.Equal([1.0, 2.0], Ends(simulator));
    }

    [Fact]
    public void A_daily_cap_makes_a_phase_wait_for_midnight_and_counts_across_it()
    {
        // 10 a day. A takes them all; B (noon) waits until midnight; C from 23:30 next day draws 5 on either side.
        var (simulator, _) = Vats(2, u => u with { DailyCap = 10 }, null, (0, 1), (12, 1)).Run();
        Assert.Equal([1, 25], Ends(simulator));

        (simulator, _) = Vats(2, u => u with { DailyCap = 15 }, null, (0, 1), (23.5, 1), (24.6, 1), (24.7, 1)).Run();
        Assert.Equal([1, 24.5, 25.6, 49], Ends(simulator)); // 10 + 5 today, 5 + 10 tomorrow, and then tomorrow is full
    }

    [Fact]
    public void A_phase_that_exceeds_a_day_by_itself_has_a_day_for_itself()
    {
        var (simulator, _) = Vats(2, u => u with { DailyCap = 8 }, null, (3, 1), (3, 1)).Run();

        Assert.Equal([4, 25], Ends(simulator));
    }

    [Fact]
    public void Days_end_at_local_midnight_even_where_the_clock_is_set_back()
    {
        var plant = new PlantModel { Utilities = [new Utility { Id = "u", Name = "u" }] };
        var table = new UtilityTable(plant, new PlantClock(new DateTime(2026, 10, 25), "Europe/Berlin"), [], SimTime.FromHours(100));

        Assert.Equal(25 * 3_600_000L, table.NextMidnight(0));
        Assert.Equal(49 * 3_600_000L, table.NextMidnight(25 * 3_600_000L));
    }

    [Fact]
    public void A_window_changes_the_cap_while_phases_run()
    {
        var (simulator, _) = Vats(1, u => u with { Windows = [new UtilityWindow(Weekdays.Daily, new TimeOnly(0, 30), new TimeOnly(1, 0), 5)] }, null, (0, 1)).Run();

        Assert.Equal([1.25], Ends(simulator)); // half an hour at full, half an hour at half, a quarter left
    }

    [Fact]
    public void A_power_cap_counts_the_idle_machines_and_holds_the_power_at_the_cap()
    {
        // Three furnaces, cap 100 kW: two melt at 80 kW, one idles at 10: (100 − 10) / 160 of full speed.
        var (simulator, _) = Vats(3, u => u with { Kind = UtilityKind.Electricity, RateCap = 100 }, p => p with { Draws = [] }, (0, 1), (0, 1)).Run();

        Assert.Equal(160 / 90.0, Ends(simulator)[0], 5);
        Assert.Equal(100, Meter(simulator).PeakRate, 6);
        Assert.Equal(160 + 10 * 160 / 90.0, PlantKpis.Of(simulator.State).Total.EnergyKwh, 3); // as much energy, over a longer time
    }

    [Fact]
    public void Steam_of_the_recipe_is_drawn_evenly_and_gas_drawn_by_name_is_borne_by_the_order()
    {
        var (simulator, _) = Vats(1, u => u with { Kind = UtilityKind.Gas }, p => p with { Draws = [new UtilityDraw(new UtilityId(0)) { Amount = 7, RatePerUnit = 2 }] }, (0, 1)).Run();

        var order = FootprintReport.Of(simulator.State).Orders[0];
        Assert.Equal(9, order.Direct.GasM3, 9);
        Assert.Equal(9 * 2.16 + 80 * 0.5366, order.CarbonKg, 9);
        Assert.Equal((9, 9), (Meter(simulator).Amount, Meter(simulator).PeakRate));

        (simulator, _) = Vats(2, u => u with { Kind = UtilityKind.Steam, RateCap = 30 }, p => p with { Draws = [], SteamKgPerUnit = 20 }, (0, 1), (0, 1)).Run();
        Assert.Equal(4 / 3.0, Ends(simulator)[0], 5);
    }

    [Fact]
    public void A_breakdown_in_the_middle_gives_the_room_to_others_and_the_work_goes_on_afterwards()
    {
        var plant = Vats(2, u => u with { RateCap = 10, AtCap = AtCap.Wait }, null, (0, 1), (0.1, 1));
        plant.Disturbances = [new Disturbance { Time = SimTime.FromHours(0.5), Equipment = new EquipmentId(0), Kind = DisturbanceKind.Breakdown, Duration = Duration.FromHours(2) }];
        var (simulator, _) = plant.Run();

        Assert.Equal([3, 1.5], Ends(simulator));
    }

    [Fact]
    public void A_batch_that_came_to_a_standing_machine_starts_when_its_neighbour_goes_on()
    {
        // One vat with two slots, an hour away. A waits in it for the utility from 1.6 h until the blocker ends at 3.5 h; B arrives at 2.3 h.
        var plant = new TinyPlant();
        var (pre, vat, other) = (plant.Class("pre"), plant.Class("vat"), plant.Class("other"));
        plant.Machine(pre);
        plant.Machine(vat, m => m with { Slots = 2, Site = new SiteId(1) });
        plant.Machine(other);
        plant.Extra = plant.Extra with
        {
            Sites = [new Site { Id = "A", Name = "A" }, new Site { Id = "B", Name = "B" }],
            Travel = System.Collections.Immutable.ImmutableDictionary<(SiteId, SiteId), Duration>.Empty.Add((new SiteId(0), new SiteId(1)), Duration.FromHours(1)),
            Utilities = [new Utility { Id = "u", Name = "u", RateCap = 10, AtCap = AtCap.Wait }],
        };
        Phase Draws(double hours) => new() { Name = "draw", Hold = Duration.FromHours(hours), Draws = [new UtilityDraw(new UtilityId(0)) { Rate = 10 }] };
        var product = plant.Product(TinyPlant.Step(pre, 6), TinyPlant.Step(vat, 0) with { Phases = [new Phase { Name = "dry", Hold = Duration.FromMinutes(30) }, Draws(1)] });
        plant.Order(product);
        plant.Order(product, o => o with { Release = SimTime.FromHours(1.2) });
        plant.Order(plant.Product(TinyPlant.Step(other, 0) with { Phases = [Draws(3)] }), o => o with { Release = SimTime.FromHours(0.5) });
        var (simulator, _) = plant.Run();

        Assert.Equal([4.5, 5.5, 3.5], Ends(simulator));
        Assert.Equal(3.5, simulator.State.Jobs[3].StartAt / 3.6e6);
    }

    [Fact]
    public void What_the_meters_of_utilities_show_is_what_phases_and_changeovers_took_in_any_plant() =>
        RandomPlants.Any.Where(p => p.Utilities is not null)
            .Sample(plant =>
        {
            var simulator = new PlantSimulator(plant, new DispatchPolicy(), new RandomSource(4, 0));
            simulator.RunToCompletion(SimTime.FromHours(24 * 120));
            var state = simulator.State;
            Assert.All(state.Utilities.ToArray(), m => Assert.Equal((0, 0, 0), (m.Drawing, m.Waiting, m.Stretched)));
            Assert.Equal(0, state.Utilities[0].Rate, 9);
            var everywhere = plant.Utilities![0].Site is null;
            var steam = state.Meters.ToArray().Where((_, e) => everywhere || plant.Plant.Equipment[e].Site.Index == 0).Sum(m => m.SteamKg);
            var all = state.Meters.ToArray().Sum(m => m.WaterM3);
            Assert.InRange(state.Utilities[2].Amount, all * 0.999 - 1e-9, all * 1.001 + 1e-9);
            Assert.True(state.Utilities[0].Amount <= steam * 1.001 + 1e-9 && state.Utilities[0].Amount >= steam * 0.999 - 1e-9, $"{state.Utilities[0].Amount} of {steam}");
            FootprintTests.AddsUp(FootprintReport.Of(state));
        }, iter: 150);

    [Fact]
    public void No_cap_is_exceeded_by_phases_that_all_wait_or_all_stretch() =>
        Gen.Select(Gen.Int[1, 6], Gen.Double[5, 45], Gen.Bool, Gen.Double[0, 6].Array[1, 12]).Sample((vats, cap, waits, releases) =>
        {
            var plant = Vats(vats, u => u with { RateCap = cap, AtCap = waits ? AtCap.Wait : AtCap.Stretch }, null, [.. releases.Select(r => (r, 1.0))]);
            var (simulator, _) = plant.Run();
            Assert.Equal(0, simulator.OpenOrders);
            Assert.True(Meter(simulator).PeakRate <= (waits ? Math.Max(cap, 10) : cap) + 1e-6);
            Assert.Equal(10.0 * releases.Length, Meter(simulator).Amount, 3);
        }, iter: 200);
}
