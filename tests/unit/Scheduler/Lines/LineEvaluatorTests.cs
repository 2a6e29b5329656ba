using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Lines;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Scheduler.Lines;

public class LineEvaluatorTests
{
    [Theory]
    [InlineData("1010101", 1, 2, 0)]
    [InlineData("1100000", 1, 2, 1)]
    [InlineData("1110000", 1, 2, 2)]
    [InlineData("1110000", 1, 3, 2)] // 111 is one violation although it exceeds by two, 110 another
    [InlineData("1111111", 2, 3, 5)]
    [InlineData("11", 1, 3, 0)] // shorter than a window: no window lies inside
    [InlineData("", 1, 2, 0)]
    public void Every_window_with_too_many_is_one_violation(string carriers, int max, int window, long violations)
    {
        var problem = TinyLine.WithRule(carriers, max, window);

        Assert.Equal(violations, LineEvaluator.Violations(problem, Identity(problem)));
    }

    [Fact]
    public void Utility_work_is_what_is_cut_off_at_the_station_window()
    {
        // takt 60, window 20: the worker stands at 0 → 15 → 20 (reached 35: 15 s of utility work) → 0 (−5) → 10 → 20 (25: 5 s).
        var problem = TinyLine.WithWork(60, 20, 75, 80, 35, 70, 75);

        Assert.Equal(20_000, LineEvaluator.UtilityMs(problem, [0, 1, 2, 3, 4]));
    }

    [Fact]
    public void Utility_work_depends_on_the_order_and_vanishes_in_a_good_one()
    {
        var problem = TinyLine.WithWork(60, 20, 75, 80, 35, 45, 60);

        Assert.Equal(15_000, LineEvaluator.UtilityMs(problem, [0, 1, 2, 3, 4]));
        Assert.Equal(0, LineEvaluator.UtilityMs(problem, [0, 3, 1, 2, 4]));
    }

    [Fact]
    public void Levelling_sums_squared_distances_from_the_ideal()
    {
        // Two of four: ideal ½, 1, 1½, 2. First both: ½² + 1² + ½² + 0; alternating from the front: ½² + 0 + ½² + 0.
        var problem = TinyLine.WithRule("1100", 1, 2);

        Assert.Equal(1.5, LineEvaluator.Evaluate(problem, [0, 1, 2, 3]).Levelling(problem));
        Assert.Equal(0.5, LineEvaluator.Evaluate(problem, [0, 2, 1, 3]).Levelling(problem));
    }

    [Fact]
    public void Lateness_counts_from_launch_plus_lead_in_working_hours_times_weight()
    {
        var calendar = CalendarTimeline.FromSpans([(0, 120_000), (600_000, 6_000_000)]);
        var problem = new LineProblem(
            "line",
            [
                new LineUnit(0, 0, SimTime.Zero, new SimTime(60_000), 1000, 0),
                new LineUnit(1, 0, SimTime.Zero, new SimTime(60_000), 2500, 1),
                new LineUnit(2, 0, new SimTime(700_000), SimTime.Never, 1000, 2),
            ],
            [new LineModel("m", 0, [], Duration.FromSeconds(90))], [], [], Duration.FromSeconds(60), Duration.Zero, calendar: calendar);

        // Completions after 90 and 150 s of work: at 90 s, and past the break at 630 s. The third is released at 700 s, after 220 s of work.
        var cost = LineEvaluator.Evaluate(problem, [0, 1, 2]);

        Assert.Equal(30_000 * 1000L + 570_000 * 2500L, cost.TardyMs);
        Assert.Equal(0, cost.EarlyMs);
        Assert.Equal([0, 60_000, 700_000], Enumerable.Range(0, 3).Select(p => problem.LaunchAt(p).Milliseconds));
        Assert.Equal(700_000 - 60_000, LineEvaluator.Evaluate(problem, [0, 2, 1]).EarlyMs);
    }

    [Fact]
    public void An_order_is_as_late_as_its_last_unit()
    {
        var problem = new LineProblem(
            "line", [.. Enumerable.Range(0, 3).Select(i => new LineUnit(i, 0, SimTime.Zero, new SimTime(60_000), 1000, i / 2))],
            [new LineModel("m", 0, [], Duration.FromSeconds(30))], [], [], Duration.FromSeconds(60), Duration.Zero);

        // Completions at 30, 90 and 150 s.
        Assert.Equal((30_000 + 90_000) * 1000, LineEvaluator.Evaluate(problem, [0, 1, 2]).TardyMs);
        Assert.Equal(90_000 * 1000, LineEvaluator.Evaluate(problem, [2, 0, 1]).TardyMs);
    }

    [Fact]
    public void Another_price_of_early_launches_changes_the_total_and_nothing_else()
    {
        var problem = new LineProblem(
            "line", [new LineUnit(0, 0, SimTime.Zero, SimTime.Never, 1000, 0), new LineUnit(1, 0, new SimTime(3_600_000), SimTime.Never, 1000, 1)],
            [new LineModel("m", 0, [Duration.FromSeconds(50)], Duration.FromSeconds(50))], [], [], Duration.FromSeconds(60), Duration.FromSeconds(5));
        var dear = problem.WithEarlyPrice(80);

        Assert.True(problem.HasReleases);
        var cost = LineEvaluator.Evaluate(problem, [1, 0]);
        Assert.Equal(3_600_000, cost.EarlyMs);
        Assert.Equal(cost, LineEvaluator.Evaluate(dear, [1, 0]));
        Assert.Equal(80, cost.Total(dear));
        Assert.Equal(problem.LaunchAt(1), dear.LaunchAt(1));
    }

    [Fact]
    public void Pace_is_the_slowest_station_where_the_takt_cannot_be_kept()
    {
        Assert.Equal(Duration.FromSeconds(60), TinyLine.WithWork(60, 20, 50, 62).EffectiveTakt);
        Assert.Equal(Duration.FromSeconds(70), TinyLine.WithWork(60, 20, 60, 80).EffectiveTakt);
    }

    [Fact]
    public void More_options_than_fit_into_a_word_are_refused_with_a_way_out()
    {
        var error = Assert.Throws<PlanningException>(() => new LineProblem(
            "L7", [], [], [.. Enumerable.Range(0, 65).Select(i => $"o{i}")], [], Duration.FromSeconds(60), Duration.Zero));

        Assert.Contains("L7", error.Message, StringComparison.Ordinal);
        Assert.Contains("65 options", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Total_is_the_weighted_sum_of_the_terms()
    {
        var weights = new ObjectiveWeights { OptionViolation = 10, Levelling = 2, UtilityWork = 3, Tardiness = 5 };
        var problem = TinyLine.WithRule("1100", 1, 2, weights);
        var cost = new LineCost(Violations: 2, Deviation: 16, UtilityMs: 120_000, TardyMs: 3_600_000_000, EarlyMs: 0, Overflows: 0);

        Assert.Equal(2 * 10 + 1 * 2 + 2 * 3 + 1 * 5, cost.Total(problem), 9);
        Assert.Equal([20, 6, 2], cost.Terms(problem).Select(t => t.Weighted));
    }

    private static int[] Identity(LineProblem problem) => [.. Enumerable.Range(0, problem.Units.Length)];
}
