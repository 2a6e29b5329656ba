using CsCheck;
using DigitalTwin.Scheduler.Search;
using DigitalTwin.Scheduler.Shops;

namespace DigitalTwin.Tests.Unit.Scheduler.Shops;

public sealed class ShopGraphTests
{
    [Fact]
    public void Heads_and_tails_after_any_moves_are_those_of_a_fresh_graph() => RandomShop.Of(25).Sample(problem =>
    {
        var random = new SearchRandom((ulong)problem.Count + 17);
        var (graph, fresh) = (Start(problem, random), new ShopGraph(problem));
        for (var i = 0; i < 60; i++)
        {
            var (v, option, place) = AnyMove(graph, random);
            var before = (Sequences(graph), graph.Makespan());
            var moved = graph.Move(v, option, place);
            fresh.Take(graph.Option.AsSpan(0, graph.Count), graph.Order);
            Assert.Equal(fresh.Head[..graph.Count], graph.Head[..graph.Count]);
            Assert.Equal(fresh.Tail[..graph.Count], graph.Tail[..graph.Count]);
            Assert.Equal(Sequences(fresh), Sequences(graph));
            Assert.Null(ShopChecker.FirstViolation(problem, graph.ToSchedule()));
            if (!moved)
            {
                Assert.Equal(before, (Sequences(graph), graph.Makespan()));
            }
        }
    }, iter: 300);

    [Fact]
    public void The_longest_path_is_the_makespan() => RandomShop.Of(20).Sample(problem =>
    {
        var random = new SearchRandom(5);
        var graph = Start(problem, random);
        for (var i = 0; i < 30; i++)
        {
            var (v, option, place) = AnyMove(graph, random);
            graph.Move(v, option, place);
            Assert.Equal(graph.Makespan(), graph.LongestPath());
        }
    }, iter: 200);

    [Fact]
    public void A_move_that_would_make_operations_wait_for_each_other_is_refused()
    {
        // Two jobs cross on two machines; job 0 before job 1 on machine 0 and after it on machine 1 is the only impossible pair.
        var problem = ShopProblem.Create([[[new(0, 3)], [new(1, 3)]], [[new(1, 2)], [new(0, 2)]]], 2);
        var graph = new ShopGraph(problem);
        graph.Take([0, 1, 2, 3], [0, 2, 1, 3]);
        Assert.True(graph.Move(1, 1, 0)); // job 0 first on both
        Assert.False(graph.Move(3, 3, 0)); // job 1's second operation before job 0's first
        Assert.Equal(10, graph.Makespan());
    }

    private static ShopGraph Start(ShopProblem problem, SearchRandom random)
    {
        var graph = new ShopGraph(problem);
        var plan = ShopDispatch.Build(problem, ShopRule.Random, random, 0);
        graph.Take(plan.Options, plan.Order);
        return graph;
    }

    private static (int Operation, int Option, int Place) AnyMove(ShopGraph graph, SearchRandom random)
    {
        var problem = graph.Problem;
        var v = random.Below(graph.Count);
        var option = problem.OptionFirst[v] + random.Below(problem.OptionFirst[v + 1] - problem.OptionFirst[v]);
        var there = graph.Load[problem.OptionMachine[option]] - (problem.OptionMachine[option] == graph.Machine[v] ? 1 : 0);
        return (v, option, random.Below(there + 1));
    }

    private static string Sequences(ShopGraph graph) =>
        string.Join('|', graph.Sequence.Select((s, m) => string.Join(',', s.Take(graph.Load[m]))));
}
