using CsCheck;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler.Lines;

namespace DigitalTwin.Tests.Unit.Scheduler.Lines;

public class LineSearchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Finds_the_best_of_all_orders_of_a_small_line() =>
        RandomLines.Of(2, 6).Sample(problem =>
        {
            var best = RandomLines.Permutations(problem.Units.Length).Min(p => LineEvaluator.Evaluate(problem, p).Total(problem));

            // One walk may end in a local optimum; that all six do is as good as impossible on so few orders.
            var found = Enumerable.Range(1, 6).Min(seed =>
            {
                var search = new LineSearch(problem, seed % 2 == 0 ? LineConstruction.Greedy(problem, 0) : LineConstruction.ByDueDate(problem), seed);
                search.Run(30_000, Stop);
                return search.BestTotal;
            });
            Assert.Equal(best, found, 9);
        }, iter: 30, threads: 1);

    [Theory]
    [InlineData("60-05")]
    [InlineData("75-03")]
    [InlineData("90-10")]
    [InlineData("4/72")]
    [InlineData("41/66")]
    [InlineData("26/82")]
    public void Sequences_cars_of_CSPLib_without_any_violation(string name)
    {
        var path = SharedData.Require("benchmarks", "car_sequencing", "csplib", "csplib_79.txt");
        var problem = LineProblemBuilder.Build(CompiledScenario.Compile(CarSequencingFile.Read($"{path}#{name}")), 0);

        var search = new LineSearch(problem, LineConstruction.Greedy(problem, 0), seed: 1);
        search.Run(2_000_000, Stop);

        Assert.Equal(0, LineEvaluator.Violations(problem, search.Best));
        Assert.Equal(Enumerable.Range(0, problem.Units.Length), search.Best.ToArray().Order());
    }

    [Fact]
    public void Launched_units_keep_their_places() =>
        RandomLines.Of(6, 20, launched: 4).Sample(problem =>
        {
            var search = new LineSearch(problem, LineConstruction.Greedy(problem, 1), seed: 3);
            search.Run(2_000, Stop);

            Assert.Equal([0, 1, 2, 3], search.Best[..4].ToArray());
            Assert.Equal(Enumerable.Range(0, problem.Units.Length), search.Best.ToArray().Order());
        }, iter: 20, threads: 1);

    [Fact]
    public void Same_seed_and_steps_give_the_same_order_however_the_run_is_cut()
    {
        var problem = TinyLine.WithRule("111110000011110000011000", 1, 3);
        var whole = new LineSearch(problem, LineConstruction.ByDueDate(problem), seed: 7);
        var pieces = new LineSearch(problem, LineConstruction.ByDueDate(problem), seed: 7);

        whole.Run(5_000, Stop);
        for (var i = 0; i < 10; i++)
        {
            pieces.Run(500, Stop);
        }

        Assert.Equal(whole.Best.ToArray(), pieces.Best.ToArray());
        Assert.Equal(whole.Steps, pieces.Steps);
    }
}
