using CsCheck;
using DigitalTwin.Scheduler.Lines;

namespace DigitalTwin.Tests.Unit.Scheduler.Lines;

public class SequenceModelTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Proves_the_best_of_all_orders_of_a_small_line() =>
        RandomLines.Of(2, 6).Sample(problem =>
        {
            var best = RandomLines.Permutations(problem.Units.Length).Min(p => LineEvaluator.Evaluate(problem, p).Total(problem));

            var (sequence, proven) = new SequenceModel(problem, LineConstruction.ByDueDate(problem), 0, problem.Units.Length).Solve(effort: 10, stop: Stop);

            Assert.True(proven);
            Assert.Equal(best, LineEvaluator.Evaluate(problem, sequence).Total(problem), 4);
        }, iter: 25, threads: 1);

    [Fact]
    public void A_stretch_is_put_in_its_best_order_with_everything_around_it_fixed() =>
        (from problem in RandomLines.Of(9, 14)
         from first in Gen.Int[1, 4]
         select (problem, first)).Sample(x =>
         {
             const int count = 5;
             var start = LineConstruction.ByDueDate(x.problem);
             var best = RandomLines.Permutations(count).Min(p =>
                 LineEvaluator.Evaluate(x.problem, Reordered(start, x.first, p)).Total(x.problem));

             var (sequence, proven) = new SequenceModel(x.problem, start, x.first, count).Solve(effort: 10, stop: Stop);

             Assert.True(proven);
             Assert.Equal(best, LineEvaluator.Evaluate(x.problem, sequence).Total(x.problem), 4);
             Assert.Equal(start[..x.first], sequence![..x.first]);
             Assert.Equal(start[(x.first + count)..], sequence[(x.first + count)..]);
         }, iter: 25, threads: 1);

    [Fact]
    public void Hard_rules_are_kept_where_they_can_be_and_refused_where_they_cannot()
    {
        var possible = TinyLine.WithRule("11110000", 1, 2);
        var impossible = TinyLine.WithRule("11111000", 1, 2);

        var (sequence, _) = new SequenceModel(possible, [0, 1, 2, 3, 4, 5, 6, 7], 0, 8, hardRules: true).Solve(effort: 5, stop: Stop);
        var (none, proven) = new SequenceModel(impossible, [0, 1, 2, 3, 4, 5, 6, 7], 0, 8, hardRules: true).Solve(effort: 5, stop: Stop);

        Assert.Equal(0, LineEvaluator.Violations(possible, sequence));
        Assert.Null(none);
        Assert.True(proven);
    }

    private static int[] Reordered(int[] sequence, int first, int[] order)
    {
        var result = (int[])sequence.Clone();
        for (var i = 0; i < order.Length; i++)
        {
            result[first + i] = sequence[first + order[i]];
        }

        return result;
    }
}
