using CsCheck;
using DigitalTwin.Scheduler.Lines;

namespace DigitalTwin.Tests.Unit.Scheduler.Lines;

public class LineStateTests
{
    [Fact]
    public void Difference_of_a_move_equals_full_evaluation_before_and_after() =>
        (from problem in RandomLines.Of(2, 60)
         from moves in RandomLines.Move(problem).Array[1, 12]
         select (problem, moves)).Sample(x =>
         {
             var state = new LineState(x.problem, LineConstruction.ByDueDate(x.problem));
             foreach (var move in x.moves)
             {
                 var before = LineEvaluator.Evaluate(x.problem, state.Sequence);
                 var delta = state.Delta(move);
                 state.Apply(move, delta);
                 var after = LineEvaluator.Evaluate(x.problem, state.Sequence);
                 Assert.Equal(after, before + delta);
                 Assert.Equal(after, state.Cost);
                 Assert.Equal(after.Total(x.problem), state.Total);
             }
         }, iter: 400, threads: 1);

    [Fact]
    public void A_move_puts_the_unit_of_its_source_at_each_position() =>
        (from problem in RandomLines.Of(2, 20)
         from move in RandomLines.Move(problem)
         select (problem, move)).Sample(x =>
         {
             var before = LineConstruction.ByDueDate(x.problem);
             var state = new LineState(x.problem, before);
             state.Apply(x.move, state.Delta(x.move));
             Assert.Equal(Enumerable.Range(0, before.Length).Select(p => before[x.move.Source(p)]), state.Sequence.ToArray());
             Assert.Equal(Enumerable.Range(0, before.Length), state.Sequence.ToArray().Order());
             Assert.All(Enumerable.Range(0, before.Length), p => Assert.Equal(p, x.move.Source(x.move.Target(p))));
             Assert.Equal(state.Sequence.ToArray().Select(u => x.problem.Units[u].Model), state.Models.ToArray());
         }, iter: 200, threads: 1);

    [Fact]
    public void Conflict_positions_are_those_inside_violated_windows()
    {
        var problem = TinyLine.WithRule("1101000110", max: 1, window: 3);
        var state = new LineState(problem, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        var conflicts = new List<int>();

        state.CollectConflicts(conflicts);

        // Windows 0–2, 1–3, 6–8 and 7–9 hold two of the option.
        Assert.Equal([0, 1, 1, 2, 2, 3, 6, 7, 7, 8, 8, 9], conflicts.Order());
        Assert.Equal(4, state.Cost.Violations);
    }
}
