using System.Collections.Immutable;
using CsCheck;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios.Importers;
using DigitalTwin.Scheduler.Bench;
using DigitalTwin.Scheduler.Ovens;
using DigitalTwin.Scheduler.Search;

namespace DigitalTwin.Tests.Unit.Scheduler.Ovens;

public sealed class OvenSearchTests
{
    private static readonly Gen<OvenWeights> Weights = Gen.Int[0, 2].Select(
        i => i == 0 ? new OvenWeights(4, 100, 0, 2) : i == 1 ? new OvenWeights(1001, 11, 0, 1) : new OvenWeights(1, 1000, 1, 0));

    [Fact]
    public void Best_schedules_of_tiny_problems_are_those_of_trying_everything() => Problem(4).Sample(problem =>
    {
        var solution = OvenSearch.Solve(problem, new OvenLimits(600, Moves: 30_000), stop: TestContext.Current.CancellationToken);
        Assert.Null(OvenChecker.FirstViolation(problem, solution.Schedule));
        Assert.Equal(Everything(problem), solution.Schedule.Cost);
    }, iter: 40, threads: 1);

    [Fact]
    public void Undoing_leads_back_and_cost_is_that_of_the_schedule_whatever_is_moved() => Gen.Select(Problem(12), Gen.ULong).Sample((problem, seed) =>
    {
        var state = new OvenState(problem);
        var annealer = new OvenAnnealer(problem, state, new SearchRandom(seed));
        annealer.Construct();
        var share = 0;
        annealer.Anneal(() => share++ / 10.0, () => { });
        var schedule = state.ToSchedule();
        Assert.Null(OvenChecker.FirstViolation(problem, schedule));
        state.Begin();
        for (var j = 0; j < problem.Jobs.Length; j++)
        {
            state.Remove(j);
        }

        Assert.Equal(0, state.Cost);
        state.Undo();
        Assert.Equal(Text(schedule), Text(state.ToSchedule()));
        annealer.Load(schedule);
        Assert.Equal(schedule.Cost, state.Cost);
    }, iter: 200);

    [Fact]
    public void A_number_of_moves_gives_the_same_schedule_whatever_the_clock() => Problem(20).Sample(problem =>
    {
        var first = OvenSearch.Solve(problem, new OvenLimits(600, Moves: 20_000), stop: TestContext.Current.CancellationToken);
        var second = OvenSearch.Solve(problem, new OvenLimits(300, Moves: 20_000), stop: TestContext.Current.CancellationToken);
        Assert.Equal(Text(first.Schedule), Text(second.Schedule));
    }, iter: 4, threads: 1);

    /// <summary>Two jobs share a batch; a setup of 3 must lie in the shift with its batch: by hand.</summary>
    [Fact]
    public void A_batch_and_its_setup_lie_in_one_shift()
    {
        var problem = OvenProblem.Create(
            [new OvenJob(2, 0, 0, 9, 4, 6, [0]), new OvenJob(2, 0, 1, 9, 5, 9, [0]), new OvenJob(1, 1, 0, 99, 2, 2, [0])],
            [new Oven(4, 0, [(0, 8), (20, 40)])], 2, [[0, 3], [3, 0], [0, 0]], [[0, 7], [7, 0], [0, 0]], new OvenWeights(1, 100, 0, 1));
        var solution = OvenSearch.Solve(problem, new OvenLimits(60, Moves: 5_000), stop: TestContext.Current.CancellationToken).Schedule;
        Assert.Equal(5 + 2 + 7, solution.Cost);
        Assert.Equal([(1, 6), (23, 25)], solution.Batches.OrderBy(b => b.Start).Select(b => (b.Start, b.End)));
    }

    [Fact]
    public void The_checker_sees_every_kind_of_mistake()
    {
        var problem = OvenProblem.Create(
            [new OvenJob(2, 0, 0, 9, 4, 6, [0]), new OvenJob(2, 0, 1, 9, 5, 9, [0]), new OvenJob(1, 1, 0, 99, 2, 2, [1])],
            [new Oven(4, 0, [(0, 8), (20, 40)]), new Oven(1, -1, [(0, 40)])], 2, [[0, 3], [3, 0], [0, 0]], [[0, 7], [7, 0], [0, 0]], new OvenWeights(1, 100, 0, 1));
        var (good, other) = (new OvenBatch(0, 1, 6, [0, 1]), new OvenBatch(1, 0, 2, [2]));
        Assert.Null(Wrong(7, good, other));
        Assert.Contains("cost is 7", Wrong(8, good, other), StringComparison.Ordinal);
        Assert.Contains("done 0 times", Wrong(5, good), StringComparison.Ordinal);
        Assert.Contains("released", Wrong(7, good with { Start = 0, End = 5 }, other), StringComparison.Ordinal);
        Assert.Contains("runs for 7", Wrong(7, good with { End = 8 }, other), StringComparison.Ordinal);
        Assert.Contains("shift", Wrong(7, good with { Start = 5, End = 10 }, other), StringComparison.Ordinal);
        Assert.Contains("may not go", Wrong(7, good, other with { Oven = 0 }), StringComparison.Ordinal);
        Assert.Contains("mixes", Wrong(7, good with { Jobs = [0, 1, 2] }), StringComparison.Ordinal);

        string? Wrong(long cost, params OvenBatch[] batches) => OvenChecker.FirstViolation(problem, new OvenSchedule([.. batches], cost));
    }

    [Theory]
    [InlineData(0, 1, 4, "size or time")]
    [InlineData(9, 1, 4, "fits into none")]
    [InlineData(1, 5, 4, "swapped")]
    [InlineData(1, 60, 90, "no shift")]
    public void A_job_that_can_never_run_is_refused_by_its_number(int size, int min, int max, string words)
    {
        var message = Assert.Throws<PlanningException>(() => OvenProblem.Create(
            [new OvenJob(size, 0, 0, 9, min, max, [0])], [new Oven(4, 0, [(0, 50)])], 1, [[0], [0]], [[0], [0]], new OvenWeights(1, 1, 0, 0))).Message;
        Assert.StartsWith("Job 1", message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused_with_its_name()
    {
        var wrong = Assert.Throws<ImportException>(() => OvenText.Parse(new SourceText("ovens.dzn", "l=9;\na=1;\nm=1;\n")));
        Assert.StartsWith("ovens.dzn", wrong.Message, StringComparison.Ordinal);
    }

    private static string Text(OvenSchedule schedule) =>
        string.Join(' ', schedule.Batches.OrderBy(b => (b.Oven, b.Start)).Select(b => $"{b.Oven}:{b.Start}-{b.End}:{string.Join(',', b.Jobs.Order())}")) + $" {schedule.Cost}";

    private static Gen<OvenProblem> Problem(int most) =>
        from jobs in Gen.Int[1, most]
        from size in Gen.Int[1, 4].Array[jobs]
        from family in Gen.Int[0, 1].Array[jobs]
        from release in Gen.Int[0, 12].Array[jobs]
        from slack in Gen.Int[0, 30].Array[jobs]
        from least in Gen.Int[1, 5].Array[jobs]
        from more in Gen.Int[0, 5].Array[jobs]
        from places in Gen.Int[1, 3].Array[jobs]
        from setups in Gen.Int[0, 3].Array[12]
        from pause in Gen.Int[12, 20]
        from weights in Weights
        select OvenProblem.Create(
            Enumerable.Range(0, jobs).Select(j => new OvenJob(size[j], family[j], release[j], release[j] + slack[j], least[j], least[j] + more[j],
                [.. Enumerable.Range(0, 2).Where(m => (places[j] >> m & 1) != 0)])),
            [new Oven(6, 0, [(0, pause), (pause + 4, 900)]), new Oven(4, -1, [(2, 900)])], 2,
            [.. setups.Take(6).Chunk(2)], [.. setups.Skip(6).Chunk(2)], weights);

    /// <summary>Puts job after job into every batch and every gap.</summary>
    private static long Everything(OvenProblem problem)
    {
        var ovens = problem.Ovens.Select(_ => new List<List<int>>()).ToArray();
        return Next(0);

        long Next(int job)
        {
            if (job == problem.Jobs.Length)
            {
                return Timed();
            }

            var best = long.MaxValue;
            foreach (var m in problem.Jobs[job].Ovens)
            {
                foreach (var batch in ovens[m].ToArray())
                {
                    batch.Add(job);
                    best = Math.Min(best, Next(job + 1));
                    batch.Remove(job);
                }

                for (var at = 0; at <= ovens[m].Count; at++)
                {
                    ovens[m].Insert(at, [job]);
                    best = Math.Min(best, Next(job + 1));
                    ovens[m].RemoveAt(at);
                }
            }

            return best;
        }

        long Timed()
        {
            var (batches, cost) = (new List<OvenBatch>(), 0L);
            for (var m = 0; m < ovens.Length; m++)
            {
                var (free, before) = (0, problem.Ovens[m].InitialFamily);
                foreach (var jobs in ovens[m])
                {
                    var row = (before < 0 ? problem.Families : before) * problem.Families + problem.Jobs[jobs[0]].Family;
                    var length = jobs.Max(j => problem.Jobs[j].MinTime);
                    var start = jobs.Max(j => problem.Jobs[j].Release);
                    while (start < free + problem.SetupTimes[row]
                        || !problem.Ovens[m].Shifts.Any(s => s.Start <= start - problem.SetupTimes[row] && start + length <= s.End))
                    {
                        start++;
                    }

                    batches.Add(new OvenBatch(m, start, start + length, [.. jobs]));
                    cost += problem.Weights.RunTime * length + problem.Weights.LateJob * jobs.Count(j => start + length > problem.Jobs[j].Due)
                        + problem.Weights.SetupTime * problem.SetupTimes[row] + problem.Weights.SetupCost * problem.SetupCosts[row];
                    (free, before) = (start + length, problem.Jobs[jobs[0]].Family);
                }
            }

            return OvenChecker.FirstViolation(problem, new OvenSchedule([.. batches], cost)) is null ? cost : long.MaxValue;
        }
    }
}
