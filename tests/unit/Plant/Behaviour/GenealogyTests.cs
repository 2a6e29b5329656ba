using CsCheck;
using DigitalTwin.Plant.Events;
using Xunit;

namespace DigitalTwin.Tests.Unit.Plant.Behaviour;

public class GenealogyTests
{
    private static readonly Gen<(int Parent, int Child)[]> s_edges =
        Gen.Select(Gen.Int[0, 60], Gen.Int[1, 60]).Select((p, d) => (p, p + d)).Array[0, 300];

    private static Genealogy Of(IEnumerable<(int Parent, int Child)> edges)
    {
        var genealogy = new Genealogy();
        foreach (var (parent, child) in edges)
        {
            genealogy.Add(new LotEdge(parent, child, genealogy.Count + 1, genealogy.Count * 10, -1, genealogy.Count));
        }

        return genealogy;
    }

    [Fact]
    public void A_walk_finds_exactly_the_edges_that_a_search_through_all_of_them_finds() =>
        Gen.Select(s_edges, Gen.Int[0, 130], Gen.Bool).Sample((edges, start, forward) =>
        {
            var genealogy = Of(edges);
            var trace = genealogy.Walk(start, forward ? TraceDirection.Forward : TraceDirection.Backward);

            var reached = new HashSet<int> { start };
            for (var grown = true; grown;)
            {
                grown = edges.Sum(e => reached.Contains(forward ? e.Parent : e.Child) && reached.Add(forward ? e.Child : e.Parent) ? 1 : 0) > 0;
            }

            Assert.Equal(reached.Order(), trace.Lots.Order());
            var expected = Enumerable.Range(0, edges.Length).Where(i => reached.Contains(forward ? edges[i].Parent : edges[i].Child)).Select(i => i + 1L);
            Assert.Equal(expected, trace.Edges.Select(e => e.Quantity).Order());
        });

    [Fact]
    public void A_fork_and_its_origin_go_on_independently_across_page_borders()
    {
        var origin = Of(Enumerable.Range(0, 5000).Select(i => (i, i + 1)));
        var fork = origin.Fork();
        for (var i = 0; i < 5000; i++)
        {
            origin.Add(new LotEdge(5000 + i, 5001 + i, 1, 0, -1, 0));
            fork.Add(new LotEdge(9000, 9001 + i, 2, 0, -1, 0));
        }

        Assert.Equal(10_001, origin.Walk(0, TraceDirection.Forward).Lots.Count);
        Assert.Equal(5001, fork.Walk(0, TraceDirection.Forward).Lots.Count);
        Assert.Equal(5001, fork.Walk(9000, TraceDirection.Forward).Lots.Count);
        Assert.All(fork.Walk(9000, TraceDirection.Forward).Edges, e => Assert.Equal(2, e.Quantity));
    }

    [Fact]
    public void A_pass_over_all_edges_finds_what_a_walk_from_lot_to_lot_finds() =>
        Gen.Select(s_edges, Gen.Bool, Gen.Int[0, 130], Gen.Bool).Sample((edges, sorted, start, forward) =>
        {
            // Sorted by child, every lot is made before it is used; unsorted, some are used first, which the store must notice.
            var genealogy = Of(sorted ? edges.OrderBy(e => e.Child).ThenBy(e => e.Parent) : edges);
            var direction = forward ? TraceDirection.Forward : TraceDirection.Backward;
            var (pass, steps) = (genealogy.Walk(start, direction, limit: 0), genealogy.Walk(start, direction, limit: int.MaxValue));
            Assert.Equal(start, pass.Lots[0]);
            Assert.Equal(pass.Lots, Enumerable.Range(0, pass.Lots.Count).Select(i => pass.Lots[i]));
            Assert.Equal(pass.Edges, Enumerable.Range(0, pass.Edges.Count).Select(i => pass.Edges[i]));
            Assert.Equal(steps.Lots.Order(), pass.Lots.Order());
            Assert.Equal(steps.Edges.OrderBy(e => e.Job), pass.Edges.OrderBy(e => e.Job));
        });
}
