using CsCheck;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Shops;

namespace DigitalTwin.Tests.Unit.Scheduler.Shops;

public sealed class ShopSearchTests
{
    /// <summary>The walk alone is a heuristic: with setups its neighbourhood need not lead everywhere. CP-SAT beside it closes the rest.</summary>
    [Fact]
    public void Tabu_alone_is_never_shorter_than_possible_and_almost_always_as_short()
    {
        var met = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var problem = RandomShop.Create(seed, 7);
            var shortest = ShopBruteForce.Makespan(problem);
            var result = ShopSearch.Solve(problem, new ShopLimits(60, Moves: 30_000, Target: shortest), stop: TestContext.Current.CancellationToken);
            Assert.Null(ShopChecker.FirstViolation(problem, result.Schedule));
            Assert.True(result.Schedule.Makespan >= shortest && result.Bound <= shortest);
            met += result.Schedule.Makespan == shortest ? 1 : 0;
        }

        Assert.True(met >= 55, $"{met} of 60");
    }

    [Fact]
    public void Two_workers_prove_what_trying_everything_says() => RandomShop.Of(7).Sample(problem =>
    {
        var result = ShopSearch.Solve(problem, new ShopLimits(30, Workers: 2));
        Assert.Equal((ShopBruteForce.Makespan(problem), true), (result.Schedule.Makespan, result.Proved));
    }, iter: 15, threads: 1);

    [Fact]
    public void The_bound_lies_below_every_schedule() => RandomShop.Of(8).Sample(problem =>
        Assert.True(ShopBounds.Of(problem) <= ShopBruteForce.Makespan(problem)), iter: 60);

    [Fact]
    public void The_same_seed_and_number_of_moves_give_the_same_schedule()
    {
        var problem = RandomShop.Create(3, 60);
        ShopResult[] twice = [.. Enumerable.Range(0, 2).Select(_ => ShopSearch.Solve(problem, new ShopLimits(60, Seed: 5, Moves: 30_000), stop: TestContext.Current.CancellationToken))];
        Assert.Equal(twice[0].Schedule.Start, twice[1].Schedule.Start);
        Assert.Equal(twice[0].Schedule.Machine, twice[1].Schedule.Machine);
    }

    [Fact]
    public void Every_schedule_reported_is_better_than_the_last_and_passes_the_checker()
    {
        var problem = RandomShop.Create(11, 80);
        var seen = new List<ShopSchedule>();
        var result = ShopSearch.Solve(problem, new ShopLimits(60, Moves: 20_000), p =>
        {
            if (p.Schedule is not null)
            {
                seen.Add(p.Schedule);
            }
        }, TestContext.Current.CancellationToken);
        Assert.All(seen, s => Assert.Null(ShopChecker.FirstViolation(problem, s)));
        Assert.Equal(seen.Select(s => s.Makespan).Distinct().OrderDescending(), seen.Select(s => s.Makespan));
        Assert.Same(seen[^1], result.Schedule);
    }

    [Fact]
    public void A_stop_before_the_start_still_gives_a_schedule()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var problem = RandomShop.Create(4, 200);
        Assert.Null(ShopChecker.FirstViolation(problem, ShopSearch.Solve(problem, new ShopLimits(60, 2), stop: stop.Token).Schedule));
    }

    [Fact]
    public void Bad_shops_are_refused_by_name()
    {
        Assert.Contains("nothing to plan", Refusal(() => ShopProblem.Create([], 2)), StringComparison.Ordinal);
        Assert.Contains("Job 1 has no operation", Refusal(() => ShopProblem.Create([[[new(0, 1)]], []], 1)), StringComparison.Ordinal);
        Assert.Contains("no machine", Refusal(() => ShopProblem.Create([[[]]], 1)), StringComparison.Ordinal);
        Assert.Contains("names machine 3", Refusal(() => ShopProblem.Create([[[new(3, 1)]]], 2)), StringComparison.Ordinal);
        Assert.Contains("twice", Refusal(() => ShopProblem.Create([[[new(0, 1), new(0, 2)]]], 1)), StringComparison.Ordinal);
        Assert.Contains("takes -1", Refusal(() => ShopProblem.Create([[[new(0, -1)]]], 1)), StringComparison.Ordinal);
        var half = ShopProblem.LongestSchedule / 2 + 1;
        Assert.Contains("coarser ticks", Refusal(() => ShopProblem.Create([[[new(0, half)], [new(0, half)]]], 1)), StringComparison.Ordinal);
        Assert.Contains("ready times", Refusal(() => ShopProblem.Create([[[new(0, 1)]]], 1, ready: [-5])), StringComparison.Ordinal);
    }

    private static string Refusal(Func<ShopProblem> create) => Assert.Throws<PlanningException>(create).Message;
}
