using CsCheck;
using DigitalTwin.Scheduler.Lines;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Scheduler.Lines;

public class LineSequencerTests
{
    private static readonly LineSequencerOptions NoClock = new() { TimeLimit = Duration.FromHours(1), MaxRounds = 12 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Proves_the_best_order_of_a_small_line_and_never_claims_too_much() =>
        RandomLines.Of(2, 6).Sample(problem =>
        {
            var best = RandomLines.Permutations(problem.Units.Length).Min(p => LineEvaluator.Evaluate(problem, p).Total(problem));

            var solution = LineSequencer.Solve(problem, NoClock, stop: Stop);

            Assert.Equal(best, solution.Total, 4);
            Assert.True(LineBound.Of(problem) <= best + 1e-9, $"bound {LineBound.Of(problem)} above the best {best}");
            Assert.True(solution.Proven);
            Assert.Equal(LineEvaluator.Evaluate(problem, solution.Sequence.AsSpan()), solution.Cost);
        }, iter: 8, threads: 1);

    [Fact]
    public void Reports_fall_from_the_due_date_order_to_the_result()
    {
        var problem = TinyLine.WithRule(new string('1', 40) + new string('0', 50), 2, 5);
        var reports = new List<LineProgress>();

        var solution = LineSequencer.Solve(problem, NoClock, reports.Add, Stop);

        Assert.Equal(reports.Select(r => r.Incumbent).OrderDescending(), reports.Select(r => r.Incumbent));
        Assert.Equal(solution.First.Total(problem), reports[0].Incumbent);
        Assert.Equal(solution.Total, reports[^1].Incumbent);
        Assert.All(reports, r => Assert.True(r.Bound <= r.Incumbent));
        Assert.True(solution.Cost.Violations < solution.First.Violations);
    }

    [Fact]
    public void A_stop_before_the_start_still_gives_an_order()
    {
        var problem = TinyLine.WithRule("1110001110", 1, 2);

        var solution = LineSequencer.Solve(problem, stop: new CancellationToken(canceled: true));

        Assert.Equal(Enumerable.Range(0, 10), solution.Sequence.Order());
    }

    [Fact]
    public void Same_seed_and_rounds_give_the_same_order()
    {
        var problem = TinyLine.WithRule("11110000111100001010101010101111000011001100110011", 1, 3);

        var one = LineSequencer.Solve(problem, NoClock, stop: Stop);
        var two = LineSequencer.Solve(problem, NoClock, stop: Stop);

        Assert.Equal(one.Sequence, two.Sequence);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    public void A_line_without_a_choice_is_answered_at_once(string carriers)
    {
        var solution = LineSequencer.Solve(TinyLine.WithRule(carriers, 1, 2), stop: Stop);

        Assert.Equal(carriers.Length, solution.Sequence.Length);
        Assert.True(solution.Proven);
    }
}
