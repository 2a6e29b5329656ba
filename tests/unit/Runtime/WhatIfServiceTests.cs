using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Runtime.WhatIf;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public sealed class WhatIfServiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("whatif-").FullName;
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_same_question_from_the_same_version_gets_the_same_answer_object_and_another_seed_another()
    {
        await using var session = await RunningAsync();
        await using var service = Service();
        var first = await AnsweredAsync(service, session, new WhatIfQuestion { Futures = 4 });
        await session.IngestAsync(RuntimePlants.Report(session.Original, 9), cancellation: Stop); // the plant goes on meanwhile

        var again = await AnsweredAsync(service, session, new WhatIfQuestion { Futures = 4, BaseVersion = first.BaseVersion });
        var other = await AnsweredAsync(service, session, new WhatIfQuestion { Futures = 4, BaseVersion = first.BaseVersion, Seed = 5 });
        var now = await AnsweredAsync(service, session, new WhatIfQuestion { Futures = 4 });

        Assert.Same(first.Outcome, again.Outcome);
        Assert.True(again.FromCache);
        Assert.False(first.Outcome!.Hashes.SequenceEqual(other.Outcome!.Hashes));
        Assert.True(now.BaseVersion > first.BaseVersion);
        Assert.NotSame(first.Outcome, now.Outcome);
    }

    [Fact]
    public async Task The_answer_does_not_depend_on_the_number_of_threads()
    {
        await using var session = await RunningAsync();
        await using var one = Service(threads: 1);
        await using var many = Service(threads: 4, folder: "b");
        var view = session.View();

        var a = one.Ask(session, new WhatIfQuestion { Futures = 6 }, "planner", view);
        var b = many.Ask(session, new WhatIfQuestion { Futures = 6 }, "planner", view);
        await Task.WhenAll(a.Ended, b.Ended).WaitAsync(Stop);

        Assert.Equal(a.Outcome!.Hashes, b.Outcome!.Hashes);
        Assert.Equal(a.Outcome.Orders, b.Outcome.Orders);
    }

    [Fact]
    public async Task A_machine_that_breaks_for_days_makes_orders_later_and_the_comparison_says_so()
    {
        await using var session = await RunningAsync();
        await using var service = Service();
        var asIs = await AnsweredAsync(service, session, new WhatIfQuestion { Futures = 10 });
        var machine = session.Plant.Plant.Equipment[0].Id;
        var broken = await AnsweredAsync(service, session, new WhatIfQuestion
        {
            Futures = 10, BaseVersion = asIs.BaseVersion, Patches = $"patches:\n  - breakdown: {{equipment: {machine}, at: \"{At(session, 12)}\", duration: 20 d}}\n",
        });

        var comparison = WhatIfComparison.Of([("a", "as it is", asIs.Outcome!), ("b", "broken", broken.Outcome!)]);

        Assert.Single(broken.Changes);
        Assert.True(comparison.Paired);
        var lead = comparison.Figures.Single(f => f.Key == "lead-time-mean").Answers[1]!;
        Assert.True(lead.Difference > 0, $"broken for 20 days changes the mean lead time by {lead.Difference}");
        Assert.All(comparison.Figures.SelectMany(f => f.Answers).Where(f => f?.P10 is not null), f => Assert.True(f!.P10 <= f.P50 && f.P50 <= f.P90));
        Assert.All(asIs.Outcome!.Orders.Where(o => o.OnTime is not null), o => Assert.InRange(o.OnTime!.Value, o.OnTimeLow!.Value, o.OnTimeHigh!.Value));
    }

    [Fact]
    public async Task Answers_from_different_moments_are_compared_without_a_claim()
    {
        await using var session = await RunningAsync();
        await using var service = Service();
        var before = await AnsweredAsync(service, session, new WhatIfQuestion { Futures = 3 });
        await session.IngestAsync(RuntimePlants.Report(session.Original, 10), cancellation: Stop);
        var after = await AnsweredAsync(service, session, new WhatIfQuestion { Futures = 3 });

        var comparison = WhatIfComparison.Of([("a", "", before.Outcome!), ("b", "", after.Outcome!)]);

        Assert.False(comparison.Paired);
        Assert.All(comparison.Figures, f => Assert.Null(f.Answers[1]?.Verdict));
    }

    [Fact]
    public async Task A_patch_that_does_not_fit_is_refused_with_line_and_way_out_and_nothing_is_queued()
    {
        await using var session = await RunningAsync();
        await using var service = Service();

        var wrong = Assert.Throws<WhatIfException>(() => service.Ask(session, new WhatIfQuestion { Patches = $"patches:\n  - breakdown: {{equipment: NOWHERE, at: \"{At(session, 12)}\", duration: 1 h}}\n" }, "x"));
        var file = Assert.Throws<WhatIfException>(() => service.Ask(session, new WhatIfQuestion { Patches = "patches:\n  - schedule: ../../secret.csv\n" }, "x"));
        var many = Assert.Throws<WhatIfException>(() => service.Ask(session, new WhatIfQuestion { Futures = 1001 }, "x"));

        Assert.Contains("patches:2", wrong.Problems[0], StringComparison.Ordinal);
        Assert.Contains("NOWHERE", wrong.Problems[0], StringComparison.Ordinal);
        Assert.Contains("only a what-if on disk may name files", string.Join('|', file.Problems), StringComparison.Ordinal);
        Assert.Contains("1001", many.Message, StringComparison.Ordinal);
        Assert.Empty(service.All(session.Id));
    }

    [Fact]
    public async Task A_question_that_is_given_up_ends_cancelled_whether_it_waits_or_runs()
    {
        await using var session = await RunningAsync();
        await using var service = Service(threads: 1);
        var running = service.Ask(session, new WhatIfQuestion { Futures = 1000 }, "x");
        var waiting = service.Ask(session, new WhatIfQuestion { Futures = 1000, Seed = 9 }, "x");

        service.Delete(waiting);
        service.Delete(running);
        await Task.WhenAll(running.Ended, waiting.Ended).WaitAsync(TimeSpan.FromSeconds(30), Stop);

        Assert.Equal((WhatIfStatus.Cancelled, WhatIfStatus.Cancelled), (running.Status, waiting.Status));
        Assert.True(running.Finished < 1000);
        Assert.Empty(Directory.Exists(_folder) ? Directory.GetFiles(_folder, "*.json", SearchOption.AllDirectories) : []);
    }

    [Fact]
    public async Task Too_many_questions_are_turned_away()
    {
        await using var session = await RunningAsync();
        await using var service = new WhatIfService(new WhatIfOptions { Threads = 1, QueueLimit = 2 }, TimeProvider.System);

        var refused = Assert.Throws<InvalidOperationException>(() =>
        {
            for (var i = 0; i < 8; i++)
            {
                service.Ask(session, new WhatIfQuestion { Futures = 1000, Seed = (ulong)i }, "x");
            }
        });

        Assert.Contains("waiting", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_answer_survives_a_restart_whole_and_a_damaged_file_is_told_not_deleted()
    {
        await using var session = await RunningAsync();
        string id;
        WhatIfOutcome before;
        await using (var service = Service())
        {
            var run = await AnsweredAsync(service, session, new WhatIfQuestion { Futures = 3 });
            service.Rename(run, "Monday");
            (id, before) = (run.Id, run.Outcome!);
        }

        var damaged = Path.Combine(_folder, session.Id, "0badbadbad.json");
        await File.WriteAllTextAsync(damaged, "{\"format\":1,", Stop);
        await using var reopened = Service();
        var found = reopened.Find(session.Id, id)!;

        Assert.Equal(("Monday", WhatIfStatus.Done, 3), (found.Name, found.Status, found.Finished));
        Assert.Equal(before.Hashes, found.Outcome!.Hashes);
        Assert.Equal(before.Orders, found.Outcome.Orders);
        Assert.Equal(before.Figures.Select(f => (f.Key, f.P10, f.P50, f.P90)), found.Outcome.Figures.Select(f => (f.Key, f.P10, f.P50, f.P90)));
        Assert.Contains("0badbadbad", Assert.Single(reopened.Damaged(session.Id)), StringComparison.Ordinal);
        Assert.True(File.Exists(damaged));
        Assert.Null(reopened.Find(session.Id, "../" + id));
    }

    [Fact]
    public async Task A_question_about_a_moment_of_the_past_has_the_answer_that_it_had_then()
    {
        await using var session = RuntimePlants.Open(RuntimePlants.Lively());
        var hour = SimTime.FromHours(6);
        var report = RuntimePlants.Report(session.Original, 12);
        await session.IngestAsync([.. report.Where(o => o.Time.TryResolve(session.Original.Scenario.Clock, out var t, out _) && t <= hour)], cancellation: Stop);
        await using var service = Service();
        var last = session.Past.End;
        var then = await service.AskAsync(session, new WhatIfQuestion { Futures = 3, At = session.Original.Scenario.Clock.ToWallClock(last) }, "x", Stop);
        await then.Ended.WaitAsync(Stop);
        await session.IngestAsync(report, cancellation: Stop);

        var later = await service.AskAsync(session, new WhatIfQuestion { Futures = 3, Seed = new WhatIfQuestion().Seed, At = session.Original.Scenario.Clock.ToWallClock(last) }, "x", Stop);
        var now = await service.AskAsync(session, new WhatIfQuestion { Futures = 3 }, "x", Stop);
        await Task.WhenAll(later.Ended, now.Ended).WaitAsync(Stop);

        Assert.Equal(then.Outcome!.Hashes, later.Outcome!.Hashes);
        Assert.Equal(last, later.From);
        Assert.NotEqual(then.Outcome.Hashes, now.Outcome!.Hashes);
    }

    [Fact]
    public async Task Unnamed_answers_make_room_for_later_ones_and_named_ones_stay()
    {
        await using var session = await RunningAsync();
        await using var service = new WhatIfService(new WhatIfOptions { Threads = 1, Unnamed = 2, Folder = id => Path.Combine(_folder, id) }, TimeProvider.System);
        var named = await AnsweredAsync(service, session, new WhatIfQuestion { Futures = 1, Name = "keep me" });
        for (var i = 0; i < 6; i++)
        {
            await AnsweredAsync(service, session, new WhatIfQuestion { Futures = 1, Seed = (ulong)(10 + i) });
        }

        Assert.NotNull(service.Find(session.Id, named.Id));
        Assert.InRange(service.All(session.Id).Count, 3, 4);
        Assert.Equal(service.All(session.Id).Count, Directory.GetFiles(_folder, "*.json", SearchOption.AllDirectories).Length);
    }

    private static string At(TwinSession session, double hours) =>
        session.Plant.Scenario.Clock.ToWallClock(SimTime.FromHours(hours)).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<TwinSession> RunningAsync()
    {
        var session = RuntimePlants.Open(RuntimePlants.Lively());
        await session.IngestAsync(RuntimePlants.Report(session.Original, 6), cancellation: Stop);
        return session;
    }

    private static async Task<WhatIfRun> AnsweredAsync(WhatIfService service, TwinSession session, WhatIfQuestion question)
    {
        var run = service.Ask(session, question, "planner");
        await run.Ended.WaitAsync(Stop);
        Assert.Null(run.Error);
        return run;
    }

    private WhatIfService Service(int threads = 2, string folder = "") =>
        new(new WhatIfOptions { Threads = threads, Folder = id => Path.Combine(_folder, folder, id) }, TimeProvider.System);
}
