using DigitalTwin.Scheduler.Shops;

namespace DigitalTwin.Tests.Unit.Scheduler.Shops;

public sealed class ShopCheckerTests
{
    // Job 0: 3 on machine 0, then 2 on machine 1 after a wait of 1. Job 1: 4 on machine 0 or 6 on machine 1. Setup of 1 between classes on machine 0.
    private static readonly ShopProblem Problem = ShopProblem.Create(
        [[[new(0, 3)], [new(1, 2)]], [[new(0, 4), new(1, 6)]]], 2, ready: [0, 0, 2], wait: [1, 0, 0],
        setups: new ShopSetups([0, 0, 1], 2, [[0, 1, 1, 0, 0, 0], null], beforeArrival: false));

    [Fact]
    public void A_correct_schedule_passes() => Assert.Null(Violation([0, 1, 0], [0, 4, 4], 8));

    [Theory]
    [InlineData("cannot run", new[] { 1, 1, 0 }, new[] { 0, 4, 4 }, 8)]
    [InlineData("before it is ready", new[] { 0, 1, 1 }, new[] { 0, 8, 1 }, 10)]
    [InlineData("waits 1", new[] { 0, 1, 0 }, new[] { 0, 3, 4 }, 8)]
    [InlineData("needs a setup of 1", new[] { 0, 1, 0 }, new[] { 0, 4, 3 }, 7)]
    [InlineData("free at", new[] { 0, 1, 0 }, new[] { 0, 4, 2 }, 6)]
    [InlineData("says it ends at 7", new[] { 0, 1, 0 }, new[] { 0, 4, 4 }, 7)]
    public void Each_broken_rule_is_named(string words, int[] machine, int[] start, int makespan) =>
        Assert.Contains(words, Violation(machine, start, makespan), StringComparison.Ordinal);

    private static string? Violation(int[] machine, int[] start, int makespan) => ShopChecker.FirstViolation(Problem, new ShopSchedule(machine, start, makespan));
}
