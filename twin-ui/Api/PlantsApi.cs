using DigitalTwin.Runtime.Emulation;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Live;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants</c>: which plants are served, and how they fare.</summary>
internal static class PlantsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/plants", (HttpContext http, SessionRegistry sessions) =>
            TenantView.All(sessions, Caller.Of(http.User)).Select(PlantDocument.Of).ToArray()).Needs(Permit.See, firmsToo: true);
        api.MapGet("/plants/{plant}", (string plant, HttpContext http) =>
            ApiTools.See(http, plant, seen => Results.Ok(PlantDocument.Of(seen)))).Needs(Permit.See, firmsToo: true);
        api.MapGet("/plants/{plant}/frame", (string plant, long? since, HttpContext http, FrameBoards boards) =>
            ApiTools.See(http, plant, seen => Results.Bytes(boards.Of(seen).Pull(since ?? 0), "application/octet-stream"))).Needs(Permit.See, firmsToo: true);
        api.MapGet("/plants/{plant}/events", (string plant, long? from, SessionRegistry sessions, CancellationToken cancellation) =>
            ApiTools.WithAsync(sessions, plant, async s => Results.Ok(await s.EventsAsync(from ?? 0, cancellation: cancellation)))).Needs(Permit.See);
        api.MapPost("/plants/{plant}/start-over", (string plant, StartOverRequest body, HttpContext http, SessionRegistry sessions) =>
            ApiTools.WithAsync(sessions, plant, async s =>
            {
                if (!s.MayStartOver)
                {
                    return ApiTools.Problem(StatusCodes.Status409Conflict, "This session mirrors a plant", $"plant '{s.Id}' may not be started over. Maybe serve it with --demo");
                }

                await s.StartOverAsync(body.Reason);
                return Results.Ok(PlantDocument.Of(TenantView.Of(s, Caller.Of(http.User))!));
            })).Needs(Permit.Administer);
    }
}

/// <summary>A plant as the API shows it.</summary>
internal sealed record PlantDocument
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? NameZh { get; init; }
    public required string TimeZone { get; init; }
    public required DateTimeOffset Epoch { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required long NowMs { get; init; }
    public required long Version { get; init; }
    public required int Run { get; init; }
    public required string Note { get; init; }
    public required bool Alive { get; init; }
    public required bool Stale { get; init; }
    public string? Fault { get; init; }
    public string? Damage { get; init; }
    public DateTimeOffset? LastObservedAt { get; init; }
    public required int Equipment { get; init; }
    public required int Orders { get; init; }
    public required int Jobs { get; init; }
    public required int ScheduleVersion { get; init; }
    public required bool MayStartOver { get; init; }
    /// <summary>How the session fares; for the operator.</summary>
    public SessionStatistics? Statistics { get; init; }

    public static PlantDocument Of(TenantView seen)
    {
        var (session, view) = (seen.Session, seen.View());
        var orders = seen.Orders(view).ToList();
        var scenario = view.State.Plant.Scenario;
        return new PlantDocument
        {
            Id = session.Id,
            Name = scenario.Name.En,
            NameZh = scenario.Name.Zh,
            TimeZone = scenario.Clock.TimeZone,
            Epoch = scenario.Clock.ToWallClock(default),
            Now = scenario.Clock.ToWallClock(view.Now),
            NowMs = view.Now.Milliseconds,
            Version = view.Version,
            Run = view.Run,
            Note = seen.IsWhole ? session.Note : "",
            Alive = session.IsAlive,
            Stale = session.IsStale,
            Fault = session.Fault,
            Damage = seen.IsWhole ? session.Damage?.What : null,
            LastObservedAt = session.LastObservedAt,
            Equipment = view.State.Equipment.Length,
            Orders = orders.Count,
            Jobs = seen.IsWhole ? view.State.Jobs.Length : orders.Sum(view.State.JobCountOf),
            ScheduleVersion = view.Schedule.Version,
            MayStartOver = session.MayStartOver,
            Statistics = seen.IsWhole ? session.Statistics : null,
        };
    }
}
