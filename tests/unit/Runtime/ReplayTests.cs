using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Replay;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public sealed class ReplayTests
{
    private static readonly CompiledScenario s_plant = RuntimePlants.Lively();
    private static readonly List<PlantEvent> s_events = Events(s_plant, 24);
    private readonly ManualTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replay_shows_at_any_moment_what_the_live_plant_showed_then()
    {
        await using var session = RuntimePlants.Open(s_plant);
        await session.IngestAsync(RuntimePlants.Report(s_plant, 24), cancellation: Stop);
        var replay = await new ReplayService(_time).OpenAsync(session.Id, Recording.Of(session), cancellation: Stop);
        foreach (var hours in (double[])[3, 17, 5.5, 24, 0])
        {
            await replay.SeekAsync(SimTime.FromHours(hours), Stop);
            var then = await session.Past.AtAsync(SimTime.FromHours(hours), Stop);
            Assert.Equal(RuntimePlants.Picture(then.State), RuntimePlants.Picture(replay.View().State));
            Assert.Equal(then.Time, replay.Now);
            Assert.Equal(then.History(default, then.Time).Bars.Count, replay.History(default, then.Time).Bars.Count);
        }
    }

    [Fact]
    public async Task Played_in_any_pace_it_comes_to_the_same_as_sought()
    {
        var (service, recording) = (new ReplayService(_time), Recorded());
        var (played, sought) = (await service.OpenAsync("p", recording, cancellation: Stop), await service.OpenAsync("p", recording, cancellation: Stop));
        played.Play(3600);
        for (var look = 0; look < 60; look++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await sought.SeekAsync(new SimTime(360_000L * (look + 1)), Stop);
            Assert.Equal(sought.Now, played.Now);
            Assert.Equal(RuntimePlants.Picture(sought.View().State), RuntimePlants.Picture(played.View().State));
        }

        played.Play(1);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(new SimTime(21_602_000), played.Now);
    }

    [Fact]
    public async Task Paused_it_stands_still_and_at_the_end_of_a_recording_it_stops()
    {
        var replay = await new ReplayService(_time).OpenAsync("p", Recorded(), SimTime.FromHours(20), Stop);
        replay.Play(3600);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        replay.Pause();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(SimTime.FromHours(20.5), replay.Now);
        replay.Play();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(replay.Recording.End, replay.Now);
        Assert.False(replay.Playing);
    }

    [Fact]
    public async Task Stepping_event_by_event_shows_each_and_back_to_before_it()
    {
        var replay = await new ReplayService(_time).OpenAsync("p", Recorded(), SimTime.FromHours(4), Stop);
        var before = s_events.Count(e => e.Time <= SimTime.FromHours(4));
        for (var step = 0; step < 20; step++)
        {
            await replay.StepEventsAsync(1, Stop);
            Assert.Equal(s_events[before + step].Time, replay.View().State.Now);
            Assert.Equal(before + step + 1, replay.View().State.Version);
        }

        var here = replay.Now;
        await replay.StepEventsAsync(-1, Stop);
        Assert.Equal(here - Duration.FromMilliseconds(1), replay.Now);
        Assert.Equal(s_events.Count(e => e.Time < here), replay.View().State.Version);
        await replay.StepAsync(Duration.FromHours(-2), Stop);
        Assert.Equal(here - Duration.FromMilliseconds(1) - Duration.FromHours(2), replay.Now);
    }

    [Fact]
    public async Task A_loop_comes_back_to_its_beginning_again_and_again()
    {
        var replay = await new ReplayService(_time).OpenAsync("p", Recorded(), cancellation: Stop);
        await replay.LoopAsync(new ReplayLoop(SimTime.FromHours(5), SimTime.FromHours(7)), Stop);
        Assert.Equal(SimTime.FromHours(5), replay.Now);
        replay.Play(3600);
        for (var second = 1; second <= 9; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(SimTime.FromHours(5 + second % 2), replay.Now);
        }

        var inLoop = RuntimePlants.Picture(replay.View().State);
        await replay.LoopAsync(null, Stop);
        await replay.SeekAsync(SimTime.FromHours(6), Stop);
        Assert.Equal(RuntimePlants.Picture(replay.View().State), inLoop);
        await Assert.ThrowsAsync<ArgumentException>(() => replay.LoopAsync(new ReplayLoop(SimTime.FromHours(5), SimTime.FromHours(5)), Stop));
    }

    [Fact]
    public async Task Dead_time_is_jumped_over_and_no_event_with_it()
    {
        const int Dead = 60_000;
        var busy = 0L;
        for (var i = 1; i < s_events.Count; i++)
        {
            var between = (s_events[i].Time - s_events[i - 1].Time).Milliseconds;
            busy += between > Dead ? 0 : between;
        }

        var replay = await new ReplayService(_time).OpenAsync("p", Recorded(), cancellation: Stop);
        replay.Skip(Duration.FromMilliseconds(Dead));
        replay.Play(60);
        var looks = 0;
        for (; looks < 24 * 60 && replay.Playing; looks++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(replay.Playing);
        Assert.Equal(s_events.Count, replay.View().State.Version);
        Assert.InRange(looks * 60_000L, 1, busy + 120_000);
        Assert.True(busy + 120_000 < 24 * 3_600_000L, "there is no dead time in this recording");
        Assert.Throws<ArgumentOutOfRangeException>(() => replay.Skip(Duration.Zero));
    }

    [Fact]
    public async Task Viewers_of_one_replay_see_the_same_and_a_fork_goes_its_own_way()
    {
        var service = new ReplayService(_time);
        var replay = await service.OpenAsync("p", Recorded(), SimTime.FromHours(8), Stop);
        var own = service.Fork(replay);
        Assert.NotEqual(replay.Id, own.Id);
        Assert.Equal(RuntimePlants.Picture(replay.View().State), RuntimePlants.Picture(own.View().State));
        own.Play(3600);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((SimTime.FromHours(8), SimTime.FromHours(9)), (replay.Now, own.Now));
        Assert.Same(service.Find(own.Id), own);
        Assert.True(service.Close(own.Id));
        Assert.Equal([replay], service.Of("p"));
    }

    [Fact]
    public async Task Two_recordings_in_step_share_one_clock_and_keep_their_distance()
    {
        var service = new ReplayService(_time);
        var (a, b) = (await service.OpenAsync("p", Recorded(), SimTime.FromHours(2), Stop), await service.OpenAsync("p", Recording.Of("other", s_plant, Events(s_plant, 20, seed: 8)), SimTime.FromHours(5), Stop));
        b.KeepStepWith(a);
        a.Play(3600);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((SimTime.FromHours(4), SimTime.FromHours(7)), (a.Now, b.Now));
        await b.SeekAsync(SimTime.FromHours(10), Stop);
        Assert.Equal(SimTime.FromHours(7), a.Now);
        b.Pause();
        Assert.False(a.Playing);
        Assert.Equal([b.Id], a.InStepWith);
        b.LeaveStep();
        a.Play();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((SimTime.FromHours(8), SimTime.FromHours(10)), (a.Now, b.Now));
    }

    [Fact]
    public async Task A_replay_of_a_live_plant_goes_on_into_what_comes_in_meanwhile()
    {
        var report = RuntimePlants.Report(s_plant, 24);
        await using var session = RuntimePlants.Open(s_plant);
        await session.IngestAsync(report[..(report.Count / 2)], cancellation: Stop);
        var replay = await new ReplayService(_time).OpenAsync(session.Id, Recording.Of(session), session.Past.End, Stop);
        await session.IngestAsync(report[(report.Count / 2)..], cancellation: Stop);
        replay.Play(3600);
        _time.Advance(TimeSpan.FromSeconds(4));
        _time.Advance(TimeSpan.FromSeconds(4));
        await replay.SeekAsync(session.Past.End, Stop);
        Assert.Equal(RuntimePlants.Picture((await session.Past.AtAsync(session.Past.End, Stop)).State), RuntimePlants.Picture(replay.View().State));
    }

    [Fact]
    public async Task When_too_many_are_open_the_one_that_is_forgotten_makes_room()
    {
        var (service, recording) = (new ReplayService(_time), Recorded());
        var first = await service.OpenAsync("p", recording, cancellation: Stop);
        for (var i = 1; i < ReplayService.MostPerPlant; i++)
        {
            await service.OpenAsync("p", recording, cancellation: Stop);
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => service.OpenAsync("p", recording, cancellation: Stop));
        _time.Advance(ReplayService.Forgotten + TimeSpan.FromMinutes(1));
        foreach (var other in service.Of("p").Where(r => r != first))
        {
            other.View();
        }

        await service.OpenAsync("p", recording, cancellation: Stop);
        Assert.Null(service.Find(first.Id));
        Assert.Equal(ReplayService.MostPerPlant, service.Of("p").Count);
    }

    [Fact]
    public void A_recording_of_another_scenario_is_refused_with_its_first_impossible_event()
    {
        var broken = s_events.Where((_, i) => i != 3).ToList();
        var refused = Assert.Throws<ArgumentException>(() => Recording.Of("monday.csv", s_plant, broken.Concat([broken[5]])));
        Assert.StartsWith("monday.csv: event ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bookmarks_are_there_again_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("bookmarks-");
        try
        {
            var path = Path.Combine(folder.FullName, "p", "bookmarks.json");
            var book = new BookmarkBook(path);
            book.Add("p", SimTime.FromHours(7), "锅炉到顶", "wang");
            var second = book.Add("p", SimTime.FromHours(3), "the breakdown", "li");
            Assert.Equal(["3", "7"], new BookmarkBook(path).All.Select(m => $"{m.At / 3_600_000}"));
            Assert.True(new BookmarkBook(path).Remove(second.Id));
            Assert.Equal("锅炉到顶", Assert.Single(new BookmarkBook(path).All).Note);
            Assert.Throws<ArgumentException>(() => book.Add("p", SimTime.Zero, new string('x', 2001), ""));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Recording Recorded() => Recording.Of("recorded", s_plant, s_events);

    private static List<PlantEvent> Events(CompiledScenario plant, double hours, ulong seed = 7)
    {
        var recorder = new EventList();
        new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(seed, 0), sink: recorder).RunUntil(SimTime.FromHours(hours));
        return recorder.Events;
    }

    private sealed class EventList : IPlantEventSink
    {
        public List<PlantEvent> Events { get; } = [];

        public void On(in PlantEvent e) => Events.Add(e);
    }
}

/// <summary>A clock that a test sets.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);

    public override long GetTimestamp() => _ticks;

    public void Advance(TimeSpan by) => _ticks += by.Ticks;
}
