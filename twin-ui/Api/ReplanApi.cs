using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Planning;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/replanning</c>: repairs that something brought about, and the policy that decides about them.</summary>
internal static class ReplanApi
{
    private const int MovesShown = 500;

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/plants/{plant}/replanning");
        group.MapGet("", (string plant, SessionRegistry sessions, ReplanService service) => ApiTools.With(sessions, plant, s =>
        {
            var book = service.Of(s.Id);
            return Results.Ok(new { policy = book.Policy, trouble = book.Trouble, editing = service.Edits(s.Id), proposals = book.Proposals.Select(p => Show(p, s, moves: false)) });
        })).Needs(Permit.See);
        group.MapPut("/policy", (string plant, ReplanPolicy body, SessionRegistry sessions, ReplanService service) => ApiTools.With(sessions, plant, s =>
        {
            if (body.Problem() is { } problem)
            {
                return ApiTools.Problem(StatusCodes.Status400BadRequest, "Out of range", problem);
            }

            service.Of(s.Id).SetPolicy(body);
            return Results.Ok(body);
        })).Needs(Permit.Dispatch);
        group.MapPost("/proposals", (string plant, HttpRequest request, SessionRegistry sessions, ReplanService service, CancellationToken cancellation) =>
            ApiTools.WithAsync(sessions, plant, async s =>
            {
                try
                {
                    return await Task.Run(() => service.Of(s.Id).Ask(s, ScheduleApi.UserOf(request), cancellation), cancellation) is { } proposal
                        ? Results.Created($"/api/v1/plants/{Uri.EscapeDataString(s.Id)}/replanning/proposals/{proposal.Id}", Show(proposal, s, moves: true))
                        : ApiTools.Problem(StatusCodes.Status409Conflict, "No schedule in force", $"plant '{s.Id}' follows its dispatch rule: there is nothing to repair. Maybe apply a schedule first");
                }
                catch (PlanningException e)
                {
                    return ApiTools.Problem(StatusCodes.Status422UnprocessableEntity, "Not possible", e.Message);
                }
            })).Needs(Permit.Plan);
        var one = group.MapGroup("/proposals/{id:int}");
        one.MapGet("", (string plant, int id, SessionRegistry sessions, ReplanService service) => With(sessions, service, plant, id, (s, p) => Results.Ok(Show(p, s, moves: true)))).Needs(Permit.See);
        one.MapGet("/schedule", (string plant, int id, SessionRegistry sessions, ReplanService service) =>
            With(sessions, service, plant, id, (s, p) => Results.Json(ScheduleDocument.Of(p.Offer.Schedule, 0, "", s.Plant, wallClock: true), RuntimeJson.Default.ScheduleDocument))).Needs(Permit.See);
        one.MapGet("/preview", (string plant, int id, SessionRegistry sessions, ReplanService service, ForecastOptions futures, CancellationToken cancellation) =>
            ApiTools.WithAsync(sessions, plant, async s => service.Of(s.Id).Proposals.FirstOrDefault(p => p.Id == id) is not { } p ? Unknown(id, s)
                : Results.Ok(PreviewDocument.Of(await Task.Run(() => SchedulePreview.Of(s.View(), p.Offer.Schedule, futures, cancellation), cancellation), s)))).Needs(Permit.See);
        one.MapPost("/apply", (string plant, int id, HttpRequest request, HttpResponse response, SessionRegistry sessions, ReplanService service, CancellationToken cancellation) =>
            ApiTools.WithAsync(sessions, plant, async s =>
            {
                try
                {
                    return ScheduleApi.TryExpectedVersion(request, out var expected, out var missing)
                        ? ScheduleApi.Answer(await service.Of(s.Id).ApplyAsync(s, id, expected, ScheduleApi.UserOf(request), cancellation), response, s)
                        : missing!;
                }
                catch (InvalidOperationException e)
                {
                    return ApiTools.Problem(StatusCodes.Status409Conflict, "Not possible now", e.Message);
                }
            })).Needs(Permit.Dispatch);
        one.MapPost("/dismiss", (string plant, int id, HttpRequest request, SessionRegistry sessions, ReplanService service) => ApiTools.With(sessions, plant, s =>
            service.Of(s.Id).Dismiss(id, ScheduleApi.UserOf(request)) ? Results.NoContent()
            : ApiTools.Problem(StatusCodes.Status409Conflict, "Not possible now", $"proposal {id} of plant '{s.Id}' is not open"))).Needs(Permit.Dispatch);
        group.MapPut("/editing", (string plant, EditNote body, HttpRequest request, SessionRegistry sessions, ReplanService service) => ApiTools.With(sessions, plant, s =>
        {
            service.Edit(s.Id, ScheduleApi.UserOf(request), body.What.Length > 200 ? body.What[..200] : body.What, body.BasedOn);
            return Results.Ok(service.Edits(s.Id));
        })).Needs(Permit.Plan);
        group.MapDelete("/editing", (string plant, HttpRequest request, SessionRegistry sessions, ReplanService service) => ApiTools.With(sessions, plant, s =>
        {
            service.EndEdit(s.Id, ScheduleApi.UserOf(request));
            return Results.NoContent();
        })).Needs(Permit.Plan);
    }

    private static IResult With(SessionRegistry sessions, ReplanService service, string plant, int id, Func<TwinSession, ReplanProposal, IResult> answer) =>
        ApiTools.With(sessions, plant, s => service.Of(s.Id).Proposals.FirstOrDefault(p => p.Id == id) is { } p ? answer(s, p) : Unknown(id, s));

    private static IResult Unknown(int id, TwinSession session) =>
        ApiTools.Problem(StatusCodes.Status404NotFound, "No such proposal", $"proposal {id} of plant '{session.Id}' is not known here; the latest fifty are kept");

    private static object Show(ReplanProposal p, TwinSession session, bool moves)
    {
        var plant = session.Plant;
        return new
        {
            id = p.Id, status = p.Status, reasons = p.Reasons, basedOn = p.BasedOn, madeAt = plant.Scenario.Clock.ToWallClock(p.MadeAt), moved = p.Offer.Moved, kept = p.Offer.Kept,
            reassigned = p.Offer.Moves.Count(m => m.Kind == "Reassigned"), newlyLate = p.Offer.NewlyLate.Select(o => plant.Scenario.Orders[o].Id), rescued = p.Offer.Rescued.Select(o => plant.Scenario.Orders[o].Id),
            objective = p.Offer.Objective.Total, shifted = p.Offer.Shifted?.Total, beyondLimits = p.BeyondLimits, decidedBy = p.DecidedBy, appliedVersion = p.AppliedVersion,
            moves = moves ? p.Offer.Moves.Take(MovesShown).Select(m => new
            {
                kind = m.Kind, job = plant.JobName(m.Job), from = m.From is { } f ? plant.Plant.Equipment[f].Id : null, to = m.To is { } t ? plant.Plant.Equipment[t].Id : null,
                fromStart = Wall(m.FromStart), toStart = Wall(m.ToStart), because = m.Because,
                causeEquipment = m.CauseEquipment is { } e ? plant.Plant.Equipment[e].Id : null, causeJob = m.CauseJob is { } j ? plant.JobName(j) : null,
            }) : null,
        };

        DateTimeOffset? Wall(SimTime? time) => time is { } t ? plant.Scenario.Clock.ToWallClock(t) : null;
    }
}

/// <summary>Somebody begins to change the plan.</summary>
/// <param name="What">In their words.</param>
/// <param name="BasedOn">Version of the schedule that they look at.</param>
internal sealed record EditNote(string What, int BasedOn);
