using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public class OptimiseServiceTests
{
    private static readonly ForecastOptions Few = new() { Futures = 4, Threads = 1 };

    [Fact]
    public async Task A_search_streams_its_curve_keeps_its_result_and_is_applied_once()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        await using var service = new OptimiseService(new ScriptedPlanner(improvements: 3), TimeProvider.System, Few);
        var cancel = TestContext.Current.CancellationToken;

        var run = service.Start(session, new OptimiseRequest { TimeLimitSeconds = 5, Workers = 1 });
        var points = new List<OptimisePoint>();
        await foreach (var point in run.WatchAsync(cancellation: cancel))
        {
            points.Add(point);
        }

        await run.Ended;
        Assert.Equal([10.0, 9.0, 8.0], points.Select(p => p.Incumbent!.Value));
        Assert.Equal(OptimiseStatus.Done, run.Status);
        Assert.Equal(0.5, points[^1].Gap);

        var preview = await service.PreviewAsync(session, run, cancel);
        Assert.Equal(2, preview.Figures.Variants.Length);
        var outcome = await service.ApplyAsync(session, run, 0, "ann", cancel);
        Assert.Equal((true, 1, 1), (outcome.Done, session.ScheduleInForce.Version, run.AppliedVersion ?? 0));
        Assert.True((await service.ApplyAsync(session, run, 0, "bob", cancel)).IsConflict);
    }

    [Fact]
    public async Task A_stopped_search_keeps_the_best_so_far_and_makes_room_for_the_next()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        await using var service = new OptimiseService(new ScriptedPlanner(improvements: 1, untilStopped: true), TimeProvider.System, Few);

        var run = service.Start(session, new OptimiseRequest());
        Assert.Throws<InvalidOperationException>(() => service.Start(session, new OptimiseRequest()));
        await foreach (var _ in run.WatchAsync(cancellation: TestContext.Current.CancellationToken))
        {
            run.Stop();
        }

        await run.Ended;
        Assert.Equal(OptimiseStatus.Stopped, run.Status);
        Assert.NotNull(run.Best);
        var next = service.Start(session, new OptimiseRequest());
        Assert.Same(next, service.Running(session.Id));
        Assert.Equal([next.Id, run.Id], service.Runs(session.Id).Select(r => r.Id));
    }

    [Fact]
    public async Task A_planner_that_fails_says_why_and_cannot_be_applied()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant);
        await using var service = new OptimiseService(new ScriptedPlanner(improvements: 0), TimeProvider.System, Few);

        var run = service.Start(session, new OptimiseRequest());
        await run.Ended;

        Assert.Equal((OptimiseStatus.Failed, "nothing fits"), (run.Status, run.Error));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => service.ApplyAsync(session, run, 0, "ann", TestContext.Current.CancellationToken));
        Assert.Contains("nothing fits", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => service.Start(session, new OptimiseRequest { Workers = 0 }));
    }

    [Fact]
    public async Task A_schedule_of_an_earlier_run_cannot_be_applied()
    {
        var plant = RuntimePlants.Lively();
        await using var session = RuntimePlants.Open(plant, with: o => o with { MayStartOver = true });
        await using var service = new OptimiseService(new ScriptedPlanner(improvements: 1), TimeProvider.System, Few);
        var run = service.Start(session, new OptimiseRequest());
        await run.Ended;
        await session.StartOverAsync("again", TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<InvalidOperationException>(() => service.ApplyAsync(session, run, 0, "ann", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Moves_name_what_changes_place_or_time()
    {
        Schedule At(params (int Job, int Equipment, double Hour)[] batches) => new()
        {
            Batches = [.. batches.Select(b => new PlannedBatch
            {
                Equipment = new(b.Equipment), Jobs = [new(b.Job)], SetupStart = SimTime.FromHours(b.Hour), Start = SimTime.FromHours(b.Hour), End = SimTime.FromHours(b.Hour + 1),
            })],
        };

        var moves = SchedulePreview.MovesBetween(At((0, 0, 1), (1, 0, 2), (2, 1, 3)), At((0, 0, 1), (1, 1, 2), (2, 1, 7), (3, 0, 9)));

        Assert.Equal([(2, 1, 1, 4.0), (1, 0, 1, 0.0)], moves.Select(m => (m.Job, m.FromEquipment, m.ToEquipment, m.Shift.Hours)));
    }

    /// <summary>Reports better and better copies of one schedule; without any improvement it fails.</summary>
    private sealed class ScriptedPlanner(int improvements, bool untilStopped = false) : IPlanner
    {
        public PlanningResult Plan(PlanningRequest request, Action<PlanningProgress>? report = null, CancellationToken stop = default)
        {
            var schedule = TwinSessionTests.OneBatch(request.Plant);
            for (var i = 0; i < improvements; i++)
            {
                report?.Invoke(new PlanningProgress { Elapsed = Duration.FromSeconds(i), Incumbent = 10 - i, Bound = 4, Schedule = schedule, Phase = $"step {i}" });
            }

            if (untilStopped)
            {
                stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));
            }

            return improvements == 0 ? throw new PlanningException("nothing fits") : new PlanningResult
            {
                Schedule = schedule, Outcome = PlanningOutcome.Feasible, Objective = new ObjectiveReport([]), Elapsed = Duration.Zero,
            };
        }
    }
}
