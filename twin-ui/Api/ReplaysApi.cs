using System.Text.Json;
using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Replay;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Commands;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/replays</c>: open the past, seek, play, pause, step, loop, keep in step; <c>…/bookmarks</c>.</summary>
internal static class ReplaysApi
{
    private const long LargestRecording = 512L << 20;

    public static void Map(RouteGroupBuilder api)
    {
        var replays = api.MapGroup("/plants/{plant}/replays").Needs(Permit.Train);
        replays.MapGet("", (string plant, SessionRegistry sessions, ReplayService service) =>
            ApiTools.With(sessions, plant, s => Results.Ok(service.Of(s.Id).Select(ReplayDocument.Of))));
        replays.MapPost("", OpenAsync);
        replays.MapPost("/recording", OpenRecordingAsync);
        replays.MapGet("/{id}", (string plant, string id, ReplayService service) => With(service, plant, id, _ => { }));
        replays.MapDelete("/{id}", (string plant, string id, ReplayService service) =>
            service.Close(IdOf(plant, id)) ? Results.NoContent() : Unknown(plant, id));
        replays.MapPost("/{id}/fork", (string plant, string id, ReplayService service) => service.Find(IdOf(plant, id)) is { } replay
            ? Opened(() => service.Fork(replay)) : Unknown(plant, id));
        replays.MapPost("/{id}/play", (string plant, string id, ReplayCommand? body, ReplayService service) => With(service, plant, id, r => r.Play(body?.Speed)));
        replays.MapPost("/{id}/pause", (string plant, string id, ReplayService service) => With(service, plant, id, r => r.Pause()));
        replays.MapPost("/{id}/seek", (string plant, string id, ReplayCommand body, ReplayService service, CancellationToken stop) =>
            WithAsync(service, plant, id, r => r.SeekAsync(MomentOf(r, body.To, "to"), stop)));
        replays.MapPost("/{id}/step", (string plant, string id, ReplayCommand body, ReplayService service, CancellationToken stop) =>
            WithAsync(service, plant, id, r => body.Events is { } events ? r.StepEventsAsync(Math.Clamp(events, -1000, 1_000_000), stop)
                : r.StepAsync(Duration.FromSeconds(body.Seconds ?? 1), stop)));
        replays.MapPut("/{id}/loop", (string plant, string id, ReplayCommand body, ReplayService service, CancellationToken stop) =>
            WithAsync(service, plant, id, r => r.LoopAsync(new ReplayLoop(MomentOf(r, body.From, "from"), MomentOf(r, body.To, "to")), stop)));
        replays.MapDelete("/{id}/loop", (string plant, string id, ReplayService service, CancellationToken stop) => WithAsync(service, plant, id, r => r.LoopAsync(null, stop)));
        replays.MapPut("/{id}/skip", (string plant, string id, ReplayCommand body, ReplayService service) =>
            With(service, plant, id, r => r.Skip(Duration.FromSeconds(body.Seconds ?? 600))));
        replays.MapDelete("/{id}/skip", (string plant, string id, ReplayService service) => With(service, plant, id, r => r.Skip(null)));
        replays.MapPut("/{id}/in-step", (string plant, string id, ReplayCommand body, ReplayService service) => With(service, plant, id, r =>
            r.KeepStepWith(service.Find(body.With ?? "") is { } other && other != r ? other
                : throw new ArgumentException($"'{body.With}' is not another open replay. Maybe give \"with\": \"{plant}/replays/1\""))));
        replays.MapDelete("/{id}/in-step", (string plant, string id, ReplayService service) => With(service, plant, id, r => r.LeaveStep()));
        MapBookmarks(api.MapGroup("/plants/{plant}/bookmarks"));
    }

    /// <summary>Whole id of a replay.</summary>
    public static string IdOf(string plant, string id) => $"{plant}/replays/{id}";

    public static IResult Unknown(string plant, string id) =>
        ApiTools.Problem(StatusCodes.Status404NotFound, "No such replay", $"replay '{id}' of plant '{plant}' is not open. Maybe open one: POST /api/v1/plants/{plant}/replays");

    private static void MapBookmarks(RouteGroupBuilder bookmarks)
    {
        bookmarks.MapGet("", (string plant, SessionRegistry sessions, ReplayService service) =>
            ApiTools.With(sessions, plant, s => Results.Ok(service.Bookmarks(s.Id).All.Select(m => BookmarkDocument.Of(m, s))))).Needs(Permit.See);
        bookmarks.MapPost("", (string plant, ReplayCommand body, HttpRequest request, SessionRegistry sessions, ReplayService service) => ApiTools.With(sessions, plant, s =>
            Guarded(() =>
            {
                if (!body.To.TryResolve(s.Plant.Scenario.Clock, out var at, out var problem))
                {
                    throw new ArgumentException($"to: {problem}");
                }

                var mark = service.Bookmarks(s.Id).Add(body.Recording ?? s.Id, at, body.Note ?? "", ScheduleApi.UserOf(request));
                return Results.Created($"/api/v1/plants/{s.Id}/bookmarks/{mark.Id}", BookmarkDocument.Of(mark, s));
            }))).Needs(Permit.Train);
        bookmarks.MapDelete("/{id}", (string plant, string id, SessionRegistry sessions, ReplayService service) => ApiTools.With(sessions, plant, s =>
            service.Bookmarks(s.Id).Remove(id) ? Results.NoContent() : ApiTools.Problem(StatusCodes.Status404NotFound, "No such bookmark", $"bookmark '{id}' is not there"))).Needs(Permit.Train);
    }

    /// <summary>Opens the past of the live plant: <c>{"to": moment}</c>, or nothing for its beginning.</summary>
    private static Task<IResult> OpenAsync(string plant, ReplayCommand? body, SessionRegistry sessions, ReplayService service, CancellationToken stop) =>
        ApiTools.WithAsync(sessions, plant, async s =>
        {
            var at = SimTime.Zero;
            return body is { To.IsMissing: false } && !body.To.TryResolve(s.Plant.Scenario.Clock, out at, out var problem)
                ? ApiTools.Problem(StatusCodes.Status400BadRequest, "Not a moment", $"to: {problem}")
                : await OpenedAsync(() => service.OpenAsync(s.Id, Recording.Of(s), at, stop));
        });

    /// <summary>Opens a recording: the body is an event file as <c>twin run --events</c> writes it, of the scenario of this plant.</summary>
    private static Task<IResult> OpenRecordingAsync(string plant, string? name, HttpRequest request, SessionRegistry sessions, ReplayService service, CancellationToken stop) =>
        ApiTools.WithAsync(sessions, plant, async s =>
        {
            if (request.ContentLength > LargestRecording)
            {
                return ApiTools.Problem(StatusCodes.Status413PayloadTooLarge, "Too large", $"a recording has {LargestRecording >> 20} MB at most");
            }

            var path = Path.GetTempFileName();
            try
            {
                await using (var file = File.Create(path))
                {
                    await request.Body.CopyToAsync(file, stop);
                }

                var label = string.IsNullOrWhiteSpace(name) ? "recording" : name;
                List<PlantEvent> events;
                try
                {
                    events = EventCsvReader.Read(path, s.Original);
                }
                catch (CommandException e)
                {
                    return ApiTools.Problem(StatusCodes.Status422UnprocessableEntity, "Not a recording of this plant", e.Message.Replace(path, label, StringComparison.Ordinal));
                }

                return events.Count == 0
                    ? ApiTools.Problem(StatusCodes.Status422UnprocessableEntity, "Not a recording", $"{label} holds no events. Maybe send what twin run --events FILE wrote")
                    : await OpenedAsync(() => service.OpenAsync(s.Id, Recording.Of(label, s.Original, events), null, stop));
            }
            finally
            {
                File.Delete(path);
            }
        });

    private static SimTime MomentOf(ReplaySession replay, PlantMoment moment, string field) =>
        moment.TryResolve(replay.Names.Plant.Scenario.Clock, out var time, out var problem) ? time : throw new ArgumentException($"{field}: {problem}");

    private static IResult Opened(Func<ReplaySession> open) => OpenedAsync(() => Task.FromResult(open())).Result;

    private static Task<IResult> OpenedAsync(Func<Task<ReplaySession>> open) => GuardedAsync(async () =>
    {
        var replay = await open();
        return Results.Created($"/api/v1/plants/{replay.Id}", ReplayDocument.Of(replay));
    });

    private static IResult With(ReplayService service, string plant, string id, Action<ReplaySession> command) =>
        service.Find(IdOf(plant, id)) is not { } replay ? Unknown(plant, id) : Guarded(() =>
        {
            command(replay);
            return Results.Ok(ReplayDocument.Of(replay));
        });

    private static async Task<IResult> WithAsync(ReplayService service, string plant, string id, Func<ReplaySession, Task> command) =>
        service.Find(IdOf(plant, id)) is not { } replay ? Unknown(plant, id) : await GuardedAsync(async () =>
        {
            await command(replay);
            return Results.Ok(ReplayDocument.Of(replay));
        });

    private static IResult Guarded(Func<IResult> answer) => GuardedAsync(() => Task.FromResult(answer())).Result;

    private static async Task<IResult> GuardedAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (ArgumentException e)
        {
            return ApiTools.Problem(StatusCodes.Status400BadRequest, "Not possible", e.Message);
        }
        catch (InvalidOperationException e)
        {
            return ApiTools.Problem(StatusCodes.Status409Conflict, "Not possible now", e.Message);
        }
    }
}

/// <summary>What a replay is told; each command reads the fields it needs.</summary>
internal sealed record ReplayCommand
{
    /// <summary>Moment to seek to, to begin at, to set a bookmark at, or at which a loop ends.</summary>
    public PlantMoment To { get; init; }

    /// <summary>Moment at which a loop begins.</summary>
    public PlantMoment From { get; init; }

    /// <summary>Plant seconds per second, 1–3600.</summary>
    public double? Speed { get; init; }

    /// <summary>Events to go on; below 0 back.</summary>
    public int? Events { get; init; }

    /// <summary>Plant seconds to go on (below 0 back), or without an event from which on time is skipped.</summary>
    public double? Seconds { get; init; }

    /// <summary>Whole id of the replay to keep in step with.</summary>
    public string? With { get; init; }

    public string? Recording { get; init; }

    public string? Note { get; init; }
}

/// <summary>A replay as the API shows it.</summary>
internal sealed record ReplayDocument(
    string Id, string Recording, DateTimeOffset Start, DateTimeOffset End, DateTimeOffset Now, long NowMs, bool Playing, double Speed, ReplayStretch? Loop,
    double? SkipAfterSeconds, IReadOnlyList<string> InStepWith, long Version, string? Fault)
{
    public static ReplayDocument Of(ReplaySession r)
    {
        var (clock, now) = (r.Names.Plant.Scenario.Clock, r.Now);
        return new ReplayDocument(
            r.Id, r.Recording.Name, clock.ToWallClock(r.Recording.Start), clock.ToWallClock(r.Recording.End), clock.ToWallClock(now), now.Milliseconds, r.Playing, r.Speed,
            r.Loop is { } l ? new ReplayStretch(clock.ToWallClock(l.From), clock.ToWallClock(l.To)) : null, r.SkipAfter?.Milliseconds / 1000.0, r.InStepWith, r.Version, r.Fault);
    }
}

/// <summary>A stretch of time.</summary>
internal sealed record ReplayStretch(DateTimeOffset From, DateTimeOffset To);

/// <summary>A bookmark as the API shows it.</summary>
internal sealed record BookmarkDocument(string Id, string Recording, DateTimeOffset At, long AtMs, string Note, string User)
{
    public static BookmarkDocument Of(Bookmark m, TwinSession s) => new(m.Id, m.Recording, s.Plant.Scenario.Clock.ToWallClock(new(m.At)), m.At, m.Note, m.User);
}
