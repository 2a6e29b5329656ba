using System.Text.Json;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/optimise</c>: start a search, watch it, stop it, compare and apply what it found.</summary>
internal static class OptimiseApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var optimise = api.MapGroup("/plants/{plant}/optimise");
        optimise.MapGet("", (string plant, SessionRegistry sessions, OptimiseService service) =>
            ApiTools.With(sessions, plant, s => Results.Ok(service.Runs(s.Id).Select(r => OptimiseDocument.Of(r, s, points: false))))).Needs(Permit.See);
        optimise.MapPost("", Start).Needs(Permit.Plan);
        optimise.MapGet("/{id}", (string plant, string id, SessionRegistry sessions, OptimiseService service) =>
            WithRun(sessions, service, plant, id, (s, r) => Results.Ok(OptimiseDocument.Of(r, s, points: true)))).Needs(Permit.See);
        optimise.MapPost("/{id}/stop", async (string plant, string id, SessionRegistry sessions, OptimiseService service, CancellationToken cancellation) =>
            await WithRunAsync(sessions, service, plant, id, async (s, r) =>
            {
                r.Stop();
                await r.Ended.WaitAsync(TimeSpan.FromSeconds(10), cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return Results.Ok(OptimiseDocument.Of(r, s, points: true));
            })).Needs(Permit.Plan);
        optimise.MapGet("/{id}/points", (string plant, string id, int? from, HttpContext context, SessionRegistry sessions, OptimiseService service) =>
            WithRun(sessions, service, plant, id, (_, r) => Results.Stream(
                body => WritePointsAsync(body, r, from ?? 0, context.RequestAborted), "application/x-ndjson"))).Needs(Permit.See);
        optimise.MapGet("/{id}/schedule", (string plant, string id, SessionRegistry sessions, OptimiseService service) =>
            WithRun(sessions, service, plant, id, (s, r) => r.Best is { } best
                ? Results.Json(ScheduleDocument.Of(best, 0, "", s.Plant, wallClock: true), RuntimeJson.Default.ScheduleDocument)
                : ApiTools.Problem(StatusCodes.Status404NotFound, "No schedule yet", r.Error ?? $"search {r.Id} has found no schedule yet"))).Needs(Permit.See);
        optimise.MapGet("/{id}/preview", (string plant, string id, SessionRegistry sessions, OptimiseService service, CancellationToken cancellation) =>
            WithRunAsync(sessions, service, plant, id, async (s, r) => Results.Ok(PreviewDocument.Of(await service.PreviewAsync(s, r, cancellation), s)))).Needs(Permit.See);
        optimise.MapPost("/{id}/apply", (string plant, string id, HttpRequest request, HttpResponse response, SessionRegistry sessions, OptimiseService service, CancellationToken cancellation) =>
            WithRunAsync(sessions, service, plant, id, async (s, r) => ScheduleApi.TryExpectedVersion(request, out var expected, out var missing)
                ? ScheduleApi.Answer(await service.ApplyAsync(s, r, expected, ScheduleApi.UserOf(request), cancellation), response, s)
                : missing!)).Needs(Permit.Dispatch);
    }

    private static IResult Start(string plant, OptimiseRequest body, SessionRegistry sessions, OptimiseService service) =>
        ApiTools.With(sessions, plant, s =>
        {
            if (body.Problem() is { } problem)
            {
                return ApiTools.Problem(StatusCodes.Status400BadRequest, "Out of range", problem);
            }

            try
            {
                var run = service.Start(s, body);
                return Results.Created($"/api/v1/plants/{s.Id}/optimise/{run.Id}", OptimiseDocument.Of(run, s, points: false));
            }
            catch (InvalidOperationException e)
            {
                return ApiTools.Problem(StatusCodes.Status409Conflict, "A search is running", e.Message);
            }
        });

    private static IResult WithRun(SessionRegistry sessions, OptimiseService service, string plant, string id, Func<TwinSession, OptimiseRun, IResult> answer) =>
        ApiTools.With(sessions, plant, s => service.Find(s.Id, id) is { } run ? answer(s, run) : Unknown(id, s));

    private static Task<IResult> WithRunAsync(
        SessionRegistry sessions, OptimiseService service, string plant, string id, Func<TwinSession, OptimiseRun, Task<IResult>> answer) =>
        ApiTools.WithAsync(sessions, plant, async s =>
        {
            try
            {
                return service.Find(s.Id, id) is { } run ? await answer(s, run) : Unknown(id, s);
            }
            catch (InvalidOperationException e)
            {
                return ApiTools.Problem(StatusCodes.Status409Conflict, "Not possible now", e.Message);
            }
        });

    private static IResult Unknown(string id, TwinSession session) =>
        ApiTools.Problem(StatusCodes.Status404NotFound, "No such search", $"search '{id}' of plant '{session.Id}' is not known here; the latest ten are kept");

    private static async Task WritePointsAsync(Stream body, OptimiseRun run, int from, CancellationToken cancellation)
    {
        await foreach (var point in run.WatchAsync(from, cancellation))
        {
            await JsonSerializer.SerializeAsync(body, point, JsonSerializerOptions.Web, cancellation);
            await body.WriteAsync("\n"u8.ToArray(), cancellation);
            await body.FlushAsync(cancellation);
        }
    }
}
