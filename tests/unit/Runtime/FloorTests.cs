using System.Net;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Runtime.Floor;
using DigitalTwin.Runtime.Sessions;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

public sealed class FloorTests : IDisposable
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("floor-").FullName;
    private readonly Hand _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_command_is_on_disk_before_it_is_sent_and_is_acknowledged_once()
    {
        var floor = new TestFloor();
        await using var session = await RunningAsync();
        await using var desk = Desk(floor);
        var job = Waiting(session);

        var given = desk.Give(session, "c1", FloorVerb.Start, job, "", "Li");
        var again = desk.Give(session, "c1", FloorVerb.Start, job, "", "Li");
        Assert.Equal((FloorCommandState.Queued, given), (given.State, again));
        await desk.SendDueAsync(Stop);
        await desk.SendDueAsync(Stop);

        Assert.Equal(FloorCommandState.Acknowledged, desk.Find("c1")!.State);
        Assert.Equal(["c1"], floor.Heard);
        Assert.Contains("stands for Start", Assert.Throws<FloorRefusedException>(() => desk.Give(session, "c1", FloorVerb.Abort, job, "", "Li")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_that_does_not_fit_is_refused_with_those_that_do()
    {
        await using var session = await RunningAsync();
        await using var desk = Desk(new TestFloor());
        var waiting = Waiting(session);
        var state = session.View().State;
        var done = session.Plant.JobName(Enumerable.Range(0, state.Jobs.Length).First(j => state.Jobs[j].Status == JobStatus.Done));
        var running = session.Plant.JobName(Enumerable.Range(0, state.Jobs.Length).First(j => state.Jobs[j].Status is JobStatus.Running or JobStatus.Blocked));

        Assert.Equal("Pause does not fit a job order that is NotAllowedToStart. Maybe Store or Start or Abort?", Refusal(waiting, FloorVerb.Pause));
        Assert.Contains("Nothing can be done with it any more", Refusal(done, FloorVerb.Start), StringComparison.Ordinal);
        Assert.Contains("Maybe Pause or Stop or Abort?", Refusal(running, FloorVerb.Start), StringComparison.Ordinal);
        Assert.Contains("RevokeStart does not fit", Refusal(waiting, FloorVerb.RevokeStart), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refusal("nowhere/1/x", FloorVerb.Start), StringComparison.Ordinal);
        desk.Give(session, "s", FloorVerb.Start, waiting, "", "Li");
        Assert.Equal(FloorVerb.RevokeStart, desk.Give(session, "r", FloorVerb.RevokeStart, waiting, "", "Li").Verb);

        string Refusal(string job, FloorVerb verb) => Assert.Throws<FloorRefusedException>(() => desk.Give(session, $"{job}{verb}", verb, job, "", "Li")).Message;
    }

    [Fact]
    public async Task A_silent_floor_is_tried_again_later_and_later_under_the_same_id_until_it_is_given_up()
    {
        var floor = new TestFloor { Down = true };
        await using var session = await RunningAsync();
        await using var desk = Desk(floor, attempts: 4);
        desk.Give(session, "c", FloorVerb.Start, Waiting(session), "", "Li");
        var tries = new List<double>();
        for (var s = 0; s < 30; s++)
        {
            var before = floor.Heard.Count;
            await desk.SendDueAsync(Stop);
            if (floor.Heard.Count > before)
            {
                tries.Add(s);
            }

            _time.Seconds++;
        }

        Assert.Equal([0, 1, 3, 7], tries);
        Assert.All(floor.Heard, id => Assert.Equal("c", id));
        Assert.Equal((FloorCommandState.Failed, 4), (desk.Find("c")!.State, desk.Find("c")!.Attempts));
        Assert.Contains("down", desk.Find("c")!.Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_floor_that_never_answers_times_out()
    {
        var floor = new TestFloor { Silent = true };
        await using var session = await RunningAsync();
        await using var desk = Desk(floor, timeout: 0.05);
        desk.Give(session, "c", FloorVerb.Start, Waiting(session), "", "Li");

        await desk.SendDueAsync(Stop);

        Assert.Equal(FloorCommandState.Queued, desk.Find("c")!.State);
        Assert.Contains("no answer within", desk.Find("c")!.Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_of_one_job_go_out_in_order_and_a_refusal_carries_the_floors_words()
    {
        var floor = new TestFloor { Down = true };
        await using var session = await RunningAsync();
        await using var desk = Desk(floor);
        var job = Waiting(session);
        desk.Give(session, "1", FloorVerb.Start, job, "", "Li");
        desk.Give(session, "2", FloorVerb.RevokeStart, job, "", "Li");
        await desk.SendDueAsync(Stop);
        Assert.DoesNotContain("2", floor.Heard);

        floor.Down = false;
        floor.Refuses = "the door is open";
        _time.Seconds += 10;
        await desk.SendDueAsync(Stop);
        await desk.SendDueAsync(Stop);

        Assert.Equal(["1", "1", "2"], floor.Heard);
        Assert.Equal((FloorCommandState.Refused, "the door is open"), (desk.Find("1")!.State, desk.Find("1")!.Says));
    }

    [Fact]
    public async Task What_was_given_before_a_restart_is_sent_after_it_and_what_was_on_its_way_is_sent_again()
    {
        await using var session = await RunningAsync();
        var jobs = AllWaiting(session).Take(2).ToArray();
        var hanging = new TestFloor { Silent = true };
        var before = Desk(hanging, timeout: 300);
        before.Give(session, "sent", FloorVerb.Start, jobs[0], "", "Li");
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var sending = before.SendDueAsync(killed.Token);
        before.Give(session, "waits", FloorVerb.Start, jobs[1], "", "Li");
        File.Copy(Path.Combine(_folder, "floor.db"), Path.Combine(_folder, "copy.db")); // as a power cut leaves it
        foreach (var part in Directory.GetFiles(_folder, "floor.db-*"))
        {
            File.Copy(part, part.Replace("floor.db", "copy.db", StringComparison.Ordinal));
        }

        var crashed = Directory.CreateDirectory(Path.Combine(_folder, "crashed")).FullName;
        foreach (var part in Directory.GetFiles(_folder, "copy.db*"))
        {
            File.Move(part, Path.Combine(crashed, Path.GetFileName(part).Replace("copy.db", "floor.db", StringComparison.Ordinal)));
        }

        var floor = new TestFloor();
        await using (var after = new FloorDesk("p", crashed, (_, _) => floor, _time))
        {
            _time.Seconds += 1;
            await after.SendDueAsync(Stop);

            Assert.Equal(["sent", "waits"], floor.Heard);
            Assert.Equal(FloorCommandState.Acknowledged, after.Find("sent")!.State);
        }

        await killed.CancelAsync();
        await sending;
        await before.DisposeAsync();
    }

    [Fact]
    public async Task A_command_can_be_taken_back_until_it_is_sent()
    {
        var floor = new TestFloor();
        await using var session = await RunningAsync();
        await using var desk = Desk(floor);
        var jobs = AllWaiting(session).Take(2).ToArray();
        desk.Give(session, "a", FloorVerb.Start, jobs[0], "", "Li");
        desk.Give(session, "b", FloorVerb.Start, jobs[1], "", "Li");

        Assert.Equal(FloorCommandState.Withdrawn, desk.Withdraw("a")!.State);
        await desk.SendDueAsync(Stop);

        Assert.Equal(["b"], floor.Heard);
        Assert.Null(desk.Withdraw("b"));
        Assert.Null(desk.Withdraw("nobody"));
    }

    [Theory]
    [InlineData(200, "{\"accepted\":true}", true, null)]
    [InlineData(204, "", true, null)]
    [InlineData(200, "{\"accepted\":false,\"reason\":\"no thread\"}", false, "no thread")]
    [InlineData(409, "busy", false, "busy")]
    [InlineData(503, "", null, null)]
    [InlineData(429, "", null, null)]
    [InlineData(200, "<html>", null, null)]
    public async Task A_webhook_accepts_refuses_or_is_tried_again(int status, string body, bool? accepted, string? reason)
    {
        HttpRequestMessage? seen = null;
        using var http = new HttpClient(new Answering(request =>
        {
            seen = request;
            return new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        }));
        await using var door = new WebhookDoor(http, new Uri("http://gateway/jobs"), "secret");
        var message = new FloorMessage("c9", "p", FloorVerb.Start, "A/1/x", "", "Li", DateTimeOffset.UnixEpoch);

        if (accepted is null)
        {
            await Assert.ThrowsAsync<FloorUnreachableException>(() => door.SendAsync(message, Stop));
        }
        else
        {
            var answer = await door.SendAsync(message, Stop);
            Assert.Equal(accepted, answer.Accepted);
            Assert.Contains(reason ?? "", answer.Reason, StringComparison.Ordinal);
        }

        Assert.Equal("c9", Assert.Single(seen!.Headers.GetValues("Idempotency-Key")));
        Assert.Equal("secret", seen.Headers.Authorization!.Parameter);
    }

    [Fact]
    public void Every_way_through_the_lifecycle_of_a_command_ends_or_goes_on_and_nothing_leaves_an_end()
    {
        foreach (var state in Enum.GetValues<FloorCommandState>())
        {
            var next = Enum.GetValues<FloorCommandTrigger>().Select(t => FloorCommandLifecycle.Next(state, t)).OfType<FloorCommandState>().ToArray();
            Assert.Equal(state is FloorCommandState.Queued or FloorCommandState.Sent, next.Length > 0);
        }
    }

    [Fact]
    public async Task The_way_to_the_floor_survives_a_restart_and_its_token_stays_when_it_is_left_out()
    {
        await using (var desk = Desk(new TestFloor()))
        {
            await desk.SetAsync(new FloorSettings { Way = FloorWay.Http, Url = "http://gateway/jobs", Token = "secret", Attempts = 3 });
            await desk.SetAsync(new FloorSettings { Way = FloorWay.Http, Url = "http://gateway/jobs", Attempts = 5 });
            await Assert.ThrowsAsync<ArgumentException>(() => desk.SetAsync(new FloorSettings { Way = FloorWay.Http, Url = "file:///etc/passwd" }));
        }

        await using var again = Desk(new TestFloor());
        Assert.Equal(("http://gateway/jobs", "secret", 5), (again.Settings.Url, again.Settings.Token, again.Settings.Attempts));
    }

    private FloorDesk Desk(TestFloor floor, int attempts = 8, double timeout = 10)
    {
        var settings = Path.Combine(_folder, "floor.json");
        if (!File.Exists(settings))
        {
            File.WriteAllText(settings, FormattableString.Invariant($"{{\"way\":\"Http\",\"url\":\"http://x/\",\"attempts\":{attempts},\"timeoutSeconds\":{timeout}}}"));
        }

        return new FloorDesk("p", _folder, (_, _) => floor, _time);
    }

    private static async Task<TwinSession> RunningAsync()
    {
        var session = RuntimePlants.Open(RuntimePlants.Lively());
        await session.IngestAsync(RuntimePlants.Report(session.Original, 11), cancellation: Stop);
        return session;
    }

    private static string Waiting(TwinSession session) => AllWaiting(session).First();

    private static IEnumerable<string> AllWaiting(TwinSession session)
    {
        var state = session.View().State;
        return Enumerable.Range(0, state.Jobs.Length).Where(j => state.Jobs[j].Status == JobStatus.Waiting).Select(session.Plant.JobName);
    }

    private sealed class TestFloor : IFloorDoor
    {
        public List<string> Heard { get; } = [];

        public bool Down { get; set; }

        public bool Silent { get; init; }

        public string? Refuses { get; set; }

        public async Task<FloorAnswer> SendAsync(FloorMessage message, CancellationToken cancellation)
        {
            Heard.Add(message.Id);
            if (Silent)
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            return Down ? throw new FloorUnreachableException("the floor is down") : new FloorAnswer(Refuses is null, Refuses ?? "");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Answering(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }

    private sealed class Hand : TimeProvider
    {
        public double Seconds { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(Seconds);
    }
}
