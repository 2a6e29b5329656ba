using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Experiments;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Experiments;

public class ShortageOutlookTests
{
    private const double Day = Duration.MillisecondsPerDay;

    private static SimTime At(double days) => SimTime.Zero + Duration.FromDays(days);

    /// <summary>Ten chips a day from a stock of 45, for 20 days; ordered up to 60 when the position falls to 30.</summary>
    private static Scenario Shop(Distribution lead, double reorderPoint = 30, Func<MaterialSource, MaterialSource>? with = null)
    {
        var tiny = new TinyPlant();
        var c = tiny.Class("c");
        tiny.Machine(c);
        var product = tiny.Product(TinyPlant.Step(c, 10));
        var source = new MaterialSource { Material = new MaterialId(0), Supplier = "fab", LeadTime = lead };
        tiny.Extra = tiny.Extra with
        {
            Materials =
            [
                new Material { Id = "chip", Name = "chip", InitialStock = 45, Reorder = ReorderRule.OrderUpTo, ReorderPoint = reorderPoint, OrderUpTo = 60 },
                new Material { Id = "case", Name = "case", InitialStock = 10_000 },
            ],
            Sources = [with?.Invoke(source) ?? source],
            BillOfMaterials = [new BillLine(product, 0, new MaterialId(0), 1), new BillLine(product, 0, new MaterialId(1), 1)],
        };
        for (var i = 0; i < 20; i++)
        {
            var day = i;
            tiny.Order(product, o => o with { Quantity = 10, Release = At(day) });
        }

        return tiny.Build() with { Horizon = Duration.FromDays(20) };
    }

    private static PlantSimulator Begin(Scenario scenario, double days)
    {
        var simulator = new PlantSimulator(CompiledScenario.Compile(scenario), new DispatchPolicy(), new RandomSource(1, 0));
        simulator.RunUntil(At(days));
        return simulator;
    }

    private static MaterialOutlook Look(PlantState state, int futures = 40, double ahead = 10) =>
        ShortageOutlook.Of(state, new DispatchPolicy(), 9, futures, Duration.FromDays(ahead)).Materials[0];

    [Fact]
    public void What_surely_runs_out_is_said_with_its_day()
    {
        // 45, 35, 25: ordered on day 1 (35 − … falls to 25 ≤ 30 with the second order), comes 9 days later; the fifth order finds 5 of 10.
        var chip = Look(Begin(Shop(Distribution.Constant(9 * Day)), 0.5).State);

        Assert.Equal((1, At(4), At(4)), (chip.Probability, chip.Expected!.Value, chip.Earliest!.Value));
        Assert.False(chip.IsShort);
    }

    [Fact]
    public void What_comes_in_time_is_not_warned_of_and_what_nobody_uses_up_neither()
    {
        var outlook = ShortageOutlook.Of(Begin(Shop(Distribution.Constant(1 * Day)), 0.5).State, new DispatchPolicy(), 9, 10, Duration.FromDays(10));

        Assert.All(outlook.Materials, m => Assert.Equal((0, null), (m.Probability, m.Expected)));
    }

    [Fact]
    public void The_probability_is_that_of_a_lead_time_that_is_too_long()
    {
        // Ordered at day 1 when the position falls to 25; needed at day 4: short when it takes more than three days. Uniform from 1 to 5: one half.
        var chip = Look(Begin(Shop(Distribution.Uniform(1 * Day, 5 * Day)), 0.5).State, futures: 400, ahead: 4.2);

        Assert.InRange(chip.Probability, 0.42, 0.58);
    }

    [Fact]
    public void Futures_do_not_know_when_a_delivery_under_way_will_really_come()
    {
        var state = Begin(Shop(Distribution.Uniform(1 * Day, 5 * Day)), 1.5).State;
        var place = Enumerable.Range(0, state.Supplies.Length).Single(s => state.Supplies[s].Open);
        var other = state.Fork();
        other.Apply(new PlantEvent(other.Now, PlantEventKind.SupplyExpected, Arg: place, Value: At(9).Milliseconds));

        Assert.NotEqual(state.Supplies[place].DueAt, other.Supplies[place].DueAt);
        Assert.Equal(Look(state), Look(other));
        Assert.Equal(45 - 20, state.Materials[0].OnHand / MaterialQuantity.One); // it was looked at, not changed
    }

    [Fact]
    public void A_closure_is_known_once_it_has_begun()
    {
        var scenario = Shop(Distribution.Constant(2 * Day)) with
        {
            SupplyDisturbances = [new SupplyDisturbance { Supplier = "fab", From = At(1.2), To = At(9) }],
        };

        Assert.Equal(0, Look(Begin(scenario, 1.1).State, futures: 5, ahead: 6).Probability);
        Assert.Equal((1, At(4)), (Look(Begin(scenario, 1.3).State, futures: 5, ahead: 6).Probability, Look(Begin(scenario, 1.3).State, futures: 5, ahead: 6).Expected!.Value));
    }

    [Fact]
    public void The_same_question_has_the_same_answer()
    {
        var state = Begin(Shop(Distribution.Uniform(1 * Day, 5 * Day)), 0.5).State;

        Assert.Equal(Look(state), Look(state));
    }

    [Fact]
    public void A_stop_that_is_sure_is_foreseen_and_one_that_comes_at_once_is_counted_apart()
    {
        var sure = ShortageBacktest.Of(CompiledScenario.Compile(Shop(Distribution.Constant(9 * Day))), new DispatchPolicy(), new BacktestOptions { Realities = 1, Futures = 3 });
        Assert.True(sure.Stops >= 1);
        Assert.Equal(sure.Stops, sure.Outlook.Foreseen);
        Assert.Equal(0, sure.TooEarly);
        Assert.Equal(sure.Outlook.Alarms, sure.Outlook.TrueAlarms);

        var empty = Shop(Distribution.Constant(9 * Day));
        empty = empty with { Plant = empty.Plant with { Materials = [empty.Plant.Materials[0] with { InitialStock = 15 }, empty.Plant.Materials[1]] } };
        var early = ShortageBacktest.Of(CompiledScenario.Compile(empty), new DispatchPolicy(), new BacktestOptions { Realities = 2, Futures = 1 });
        Assert.Equal(2, early.TooEarly); // on day 1, in each of two realities
    }

    [Fact]
    public void A_stop_that_no_future_expected_is_not_called_foreseen()
    {
        // The fab closes on day 1.2 without notice, for long: on day 1 nobody could know that day 4 would lack chips.
        var scenario = Shop(Distribution.Constant(2 * Day)) with
        {
            SupplyDisturbances = [new SupplyDisturbance { Supplier = "fab", From = At(1.2), To = At(9) }],
        };
        var result = ShortageBacktest.Of(CompiledScenario.Compile(scenario), new DispatchPolicy(), new BacktestOptions { Realities = 1, Futures = 5 });

        Assert.True(result.Stops >= 1);
        Assert.True(result.Outlook.Foreseen < result.Stops);
    }
}
