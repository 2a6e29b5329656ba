using System.Collections.Immutable;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Simulation;
using DigitalTwin.Tests.Unit.Plant.Kpis;

namespace DigitalTwin.Tests.Unit.Plant.Experiments;

/// <summary>Each kind of patch on the vat that can be reckoned by hand: open 08–18, order A 08:30–10:30, B 10:30–12:30 (epoch Monday 5 January 2026, 08:00).</summary>
public sealed class ScenarioPatchTests
{
    private static readonly Scenario Base = OneVat.Scenario() with { Dispatch = DispatchRule.Fifo };

    private static Scenario Patched(params ScenarioPatch[] patches)
    {
        var result = ScenarioPatch.Apply(Base, patches);
        Assert.True(result.Scenario is not null, string.Join('\n', result.Diagnostics));
        return result.Scenario!;
    }

    private static Dictionary<string, double> Completions(Scenario scenario)
    {
        var run = Experiment.Run(RunPlan.Of(CompiledScenario.Compile(scenario)), 0);
        return scenario.Orders.Select((o, i) => (o.Id, End: run.Completions[i]!.Value.Hours)).ToDictionary(o => o.Id, o => o.End, StringComparer.Ordinal);
    }

    private static string Error(params ScenarioPatch[] patches)
    {
        var result = ScenarioPatch.Apply(Base, patches);
        Assert.Null(result.Scenario);
        return string.Join('\n', result.Errors);
    }

    [Fact]
    public void The_base_is_as_reckoned()
    {
        var ends = Completions(Base);
        Assert.Equal((2.5, 4.5), (ends["A"], ends["B"]));
    }

    [Fact]
    public void No_patch_and_a_patch_that_says_what_is_there_change_no_event()
    {
        var scenario = DyehouseGenerator.Create(25);
        var read = ScenarioPatch.Apply(scenario, [new SetParameter("seed", "1"), new ScaleParameter("equipment.*.speed_factor", "1")]);

        Assert.Same(scenario, ScenarioPatch.Apply(scenario, []).Scenario);
        Assert.Empty(read.Diagnostics);
        var (before, after) = (RunPlan.Of(CompiledScenario.Compile(scenario)), RunPlan.Of(CompiledScenario.Compile(read.Scenario!)));
        Assert.All(Enumerable.Range(0, 3), r => Assert.Equal(Experiment.Run(before, r).EventHash, Experiment.Run(after, r).EventHash));
    }

    [Fact]
    public void Rush_order_stands_at_the_end_of_the_book_in_the_unit_of_its_product()
    {
        var scenario = Patched(new RushOrder([new("id", "R"), new("product", "P"), new("quantity", "60"), new("due", "2026-01-05 12:00"), new("priority", "9")]));

        Assert.Equal(new Order { Id = "R", Product = new(0), Quantity = 60, Unit = "kg", Due = SimTime.FromHours(4), Priority = 9 }, scenario.Orders[2]);
        Assert.Equal(6.5, Completions(scenario)["R"]);
        Assert.Equal(2.5, Completions(scenario with { Dispatch = DispatchRule.Edd })["A"]);
    }

    [Fact]
    public void Cancelled_and_changed_orders_are_gone_and_changed()
    {
        Assert.Equal(2.5, Completions(Patched(new CancelOrders(["A"])))["B"]);
        var changed = Patched(new ChangeOrder("A", [new("due", "2026-01-06 08:00"), new("quantity", "70"), new("priority", "3")])).Orders[0];
        Assert.Equal((24.0, 70.0, 3.0, "kg"), (changed.Due!.Value.Hours, changed.Quantity, changed.Priority, changed.Unit));
    }

    [Fact]
    public void Broken_and_maintained_machines_stand_still_as_long_as_said()
    {
        // The batch of A is interrupted at 09:00 and goes on at 12:00.
        Assert.Equal(5.5, Completions(Patched(new StopMachine(DisturbanceKind.Breakdown, "V1", "2026-01-05 09:00", "3 h")))["A"]);

        // Maintenance waits for the batch that runs: 10:30 to 12:00; then B.
        var ends = Completions(Patched(new StopMachine(DisturbanceKind.Maintenance, "V1", "2026-01-05 09:00", "90 min")));
        Assert.Equal((2.5, 6.0), (ends["A"], ends["B"]));
    }

    [Fact]
    public void Extra_shift_adds_to_the_usual_hours_and_a_closed_day_takes_them_away()
    {
        ImmutableArray<PatchText> monday = ["2026-01-05"];
        var overtime = CalendarOf(Patched(new ExtraShift("day", monday, ["18:00-22:00", "23:00-01:00"])));
        var closed = CalendarOf(Patched(new ExtraShift("day", monday, ["18:00-22:00"]), new CloseDays("day", monday)));
        var reopened = CalendarOf(Patched(new CloseDays("day", monday), new ExtraShift("day", monday, ["09:00-11:00"])));

        Assert.Equal([(8, 18), (18, 22), (23, 1)], overtime.Windows.Select(w => (w.Start.Hour, w.End.Hour)));
        Assert.Empty(closed.Windows);
        Assert.Equal([(9, 11)], reopened.Windows.Select(w => (w.Start.Hour, w.End.Hour)));
        Assert.Equal(26.5, Completions(Patched(new CloseDays("day", monday)))["A"]); // Tuesday 08:30 to 10:30

        static CalendarException CalendarOf(Scenario scenario) => Assert.Single(scenario.Plant.Calendars[0].Exceptions);
    }

    [Fact]
    public void A_machine_more_works_beside_the_first_and_a_machine_less_leaves_its_work_to_others()
    {
        var two = Patched(new AddMachine("V1", [new("id", "V2"), new("running_kw", "12")]));
        Assert.Equal(("V2", 12.0, 100.0), (two.Plant.Equipment[1].Id, two.Plant.Equipment[1].RunningKw, two.Plant.Equipment[1].CapacityMax));
        Assert.Equal((2.5, 2.5), (Completions(two)["A"], Completions(two)["B"]));

        var other = Patched(new AddMachine(null, [new("id", "V2"), new("class", "vat"), new("capacity_max", "100"), new("capacity_unit", "kg")]), new RemoveMachines(["V1"]));
        Assert.Equal(["V2"], other.Plant.Equipment.Select(e => e.Id));
        Assert.Equal((2, 4), (Completions(other)["A"], Completions(other)["B"])); // round the clock, no setup
    }

    [Fact]
    public void Machines_that_routings_name_are_copied_and_removed_there_as_well()
    {
        var named = OneVat.Scenario(dye: o => o with { Alternatives = [new Alternative { Equipment = new(0), FixedTime = Distribution.Constant(Duration.MillisecondsPerHour) }] });
        var two = ScenarioPatch.Apply(named, [new AddMachine("V1", [new("id", "V2")])]).Scenario!;

        Assert.Equal([0, 1], two.Plant.WorkMasters[0].Operations[0].Alternatives.Select(a => a.Equipment!.Value.Index));
        Assert.All(two.Plant.WorkMasters[0].Operations[0].Alternatives, a => Assert.Equal(Duration.MillisecondsPerHour, a.FixedTime!.Mean));
        var moved = ScenarioPatch.Apply(two, [new RemoveMachines(["V1"])]).Scenario!;
        Assert.Equal("V2", moved.Plant.Equipment[moved.Plant.WorkMasters[0].Operations[0].Alternatives.Single().Equipment!.Value].Id);
        Assert.Contains("has no equipment", ScenarioPatch.Apply(named, [new RemoveMachines(["V1"])]).Errors.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tariff_changes_its_prices()
    {
        var peaks = Base with { Plant = Base.Plant with { Tariffs = [Base.Plant.Tariffs[0] with { Windows = [Window("peak", 8), Window("peak", 18), Window("valley", 22)] }] } };
        var tariff = ScenarioPatch.Apply(peaks, [new ChangeTariff("T", Window: "peak", Price: "1.5", BasePrice: "0.4", DemandPrice: "44")]).Scenario!.Plant.Tariffs[0];

        Assert.Equal((0.4, 44), (tariff.BasePrice, tariff.DemandPricePerKwMonth));
        Assert.Equal([1.5, 1.5, 1], tariff.Windows.Select(w => w.Price));

        static TariffWindow Window(string name, int hour) => new(name, Weekdays.Daily, new TimeOnly(hour, 0), new TimeOnly(hour + 1, 0), 1);
    }

    [Fact]
    public void Demand_scales_quantities_or_the_number_of_orders()
    {
        var scenario = OneVat.Scenario(orders: 20);
        Assert.Equal([40.0, 80, 64], Apply(scenario, new ChangeDemand(-0.2, DemandBy.Quantity)).Orders.Take(3).Select(o => o.Quantity));
        Assert.Equal(24, Apply(scenario, new ChangeDemand(0.2, DemandBy.Orders)).Orders.Length);
        Assert.Equal(15, Apply(scenario, new ChangeDemand(-0.25, DemandBy.Orders, Family: "dark")).Orders.Length);
        Assert.Equal(50, Apply(scenario, new ChangeDemand(1.5, DemandBy.Orders, Product: "P")).Orders.Select(o => o.Id).Distinct().Count());

        // A smaller change is part of a larger one, and another seed chooses others.
        string[] Left(double change, ulong seed) => [.. Apply(scenario, new ChangeDemand(change, DemandBy.Orders, Seed: seed)).Orders.Select(o => o.Id)];
        Assert.Empty(Left(-0.5, 1).Except(Left(-0.2, 1)));
        Assert.NotEqual(Left(-0.5, 1), Left(-0.5, 2));

        static Scenario Apply(Scenario scenario, ScenarioPatch patch) => ScenarioPatch.Apply(scenario, [patch]).Scenario!;
    }

    [Fact]
    public void Any_number_can_be_set_and_scaled_by_its_path()
    {
        var scenario = Patched(
            new SetParameter("equipment.V1.speed_factor", "2"), new ScaleParameter("equipment.V*.capacity_max", "1.5"), new SetParameter("routings.R.dye.rework_probability", "10 %"),
            new SetParameter("objective.tardiness", "3"), new SetParameter("horizon", "5 d"), new ScaleParameter("horizon", "2"), new SetParameter("warm_up", "2 h"),
            new SetParameter("tariffs.T.base_price", "0.9"), new SetParameter("changeover_rules.wash.from_clean.duration", "1 h"), new ChangeDispatch("least_changeover"));

        Assert.Equal((2, 150), (scenario.Plant.Equipment[0].SpeedFactor, scenario.Plant.Equipment[0].CapacityMax));
        Assert.Equal(0.1, scenario.Plant.WorkMasters[0].Operations[0].ReworkProbability);
        Assert.Equal((3, 10.0, 2.0, DispatchRule.LeastChangeover), (scenario.Objective.Tardiness, scenario.Horizon.Days, scenario.WarmUp.Hours, scenario.Dispatch));
        Assert.Equal((0.9, 1.0), (scenario.Plant.Tariffs[0].BasePrice, ((MatrixChangeover)scenario.Plant.ChangeoverRules[0]).FromClean.Duration.Hours));
        Assert.Equal(3.5 - 1.5, Completions(Patched(new SetParameter("changeover_rules.wash.from_clean.duration", "1 h"), new SetParameter("equipment.V1.speed_factor", "2")))["A"]);
    }

    [Theory]
    [InlineData("equipment.V1.sped_factor", "1", "Maybe you meant 'speed_factor'?")]
    [InlineData("equipment.V2.speed_factor", "1", "Maybe you meant 'V1'?")]
    [InlineData("equipmet.V1.speed_factor", "1", "Maybe you meant 'equipment'?")]
    [InlineData("equipment.V1.class", "x", "is no parameter")]
    [InlineData("equipment.V1.speed_factor", "−1", "must be > 0")]
    [InlineData("tariffs.U.base_price", "1", "tariffs has no 'U'")]
    [InlineData("objective.tardines", "1", "Maybe you meant 'tardiness'?")]
    [InlineData("equipment.V1.time_to_failure", "4 h", "time_to_repair is missing")]
    public void A_wrong_path_or_value_says_what_would_be_right(string path, string value, string message) =>
        Assert.Contains(message, Error(new SetParameter(path, value)), StringComparison.Ordinal);

    [Fact]
    public void All_mistakes_of_all_patches_are_told_at_once_with_the_nearest_name()
    {
        var errors = Error(new CancelOrders(["AA"]), new StopMachine(DisturbanceKind.Breakdown, "V11", "2026-01-05 09:00", "3 h"), new RushOrder([new("id", "A"), new("product", "P")]),
            new RushOrder([new("id", "S"), new("product", "Q"), new("quantity", "many")]), new AddMachine("V1", [new("id", "V1")]), new CloseDays("dya", ["2026-01-05"]));

        Assert.Contains("Maybe you meant 'A'?", errors, StringComparison.Ordinal);
        Assert.Contains("Maybe you meant 'V1'?", errors, StringComparison.Ordinal);
        Assert.Contains("order 'A' is in the book already", errors, StringComparison.Ordinal);
        Assert.Contains("product 'Q' is not in products.csv", errors, StringComparison.Ordinal);
        Assert.Contains("quantity 'many'", errors, StringComparison.Ordinal);
        Assert.Contains("machine 'V1' is there already", errors, StringComparison.Ordinal);
        Assert.Contains("Maybe you meant 'day'?", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_becomes_impossible_elsewhere_is_told_at_the_patch_that_brings_it_about()
    {
        var first = new SetParameter("seed", "4") { Place = new PatchText("set", "w.yaml", 3, 5) };
        var small = new SetParameter("equipment.V1.capacity_max", "90") { Place = new PatchText("set", "w.yaml", 7, 5) };

        var error = ScenarioPatch.Apply(Base, [first, small]).Errors.Single();

        Assert.Equal(("w.yaml", 7), (error.File, error.Line));
        Assert.Contains("a lot of 100 of order 'B' fits no equipment", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_leaves_the_luck_of_everything_else_unchanged()
    {
        // One vat per order, so that nobody waits for anybody: then only what a patch touches may change.
        var scenario = OneVat.Scenario(v => v with { Calendar = null }, o => o with { Variation = Distribution.Lognormal(1, 0.5) }, orders: 6);
        scenario = scenario with { Plant = scenario.Plant with { Equipment = [.. Enumerable.Range(1, 6).Select(i => scenario.Plant.Equipment[0] with { Id = $"V{i}" })] } };
        var before = Completions(scenario);

        foreach (var patch in new ScenarioPatch[]
        {
            new CancelOrders(["C1"]), new ChangeOrder("C1", [new("priority", "5")]), new SetParameter("tariffs.T.base_price", "2"), new StopMachine(DisturbanceKind.Breakdown, "V6", "2026-01-05 08:00", "90 h"),
            new AddMachine("V1", [new("id", "V7")]), new RushOrder([new("id", "R"), new("product", "P"), new("quantity", "10"), new("release", "2026-01-06 08:00")]),
        })
        {
            var after = Completions(ScenarioPatch.Apply(scenario, [patch]).Scenario!);
            var changed = before.Count(o => after.TryGetValue(o.Key, out var end) && end != o.Value);
            Assert.Equal(patch is StopMachine ? 1 : 0, changed); // the order that the broken vat would have made waits for another
        }
    }

    [Fact]
    public void Every_patch_says_in_words_what_it_does()
    {
        Assert.Equal("breakdown of V1 at 2026-01-05 09:00 for 3 h", new StopMachine(DisturbanceKind.Breakdown, "V1", "2026-01-05 09:00", "3 h").Describe());
        Assert.Equal("demand +20 % by orders of dark", new ChangeDemand(0.2, DemandBy.Orders, Family: "dark").Describe());
        Assert.Equal("tariff T: peak 1.5, demand price 44", new ChangeTariff("T", Window: "peak", Price: "1.5", DemandPrice: "44").Describe());
        Assert.Equal("machine V2 like V1", new AddMachine("V1", [new("id", "V2")]).Describe());
        Assert.Equal("cancel A, B and 2 more", new CancelOrders(["A", "B", "C", "D"]).Describe());
    }
}
