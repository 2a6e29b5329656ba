using DigitalTwin.Runtime.Calibration;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/calibrations</c>: what the journal says about the numbers of the model; a person accepts it.</summary>
internal static class CalibrationApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/plants/{plant}/calibrations");
        group.MapGet("", (string plant, SessionRegistry sessions, CalibrationService service) =>
            ApiTools.With(sessions, plant, s => Results.Ok(service.All(s.Id).Select(Show)))).Needs(Permit.See);
        group.MapGet("/{id}", (string plant, string id, SessionRegistry sessions, CalibrationService service) =>
            ApiTools.With(sessions, plant, s => service.Find(s.Id, id) is { } p ? Results.Ok(Show(p)) : Unknown(id, s))).Needs(Permit.See);
        group.MapGet("/{id}/patch", (string plant, string id, SessionRegistry sessions, CalibrationService service) =>
            ApiTools.With(sessions, plant, s => service.Find(s.Id, id) is { } p ? Results.Text(p.Patch(), "application/yaml") : Unknown(id, s))).Needs(Permit.See);
        group.MapPost("", (string plant, CalibrationOptions body, HttpResponse response, SessionRegistry sessions, CalibrationService service, CancellationToken cancellation) =>
            ApiTools.WithAsync(sessions, plant, async s =>
            {
                if (body.Problem() is { } problem)
                {
                    return ApiTools.Problem(StatusCodes.Status400BadRequest, "Out of range", problem);
                }

                var proposal = await service.ProposeAsync(s, body, cancellation);
                return Results.Created($"/api/v1/plants/{Uri.EscapeDataString(s.Id)}/calibrations/{proposal.Id}", Show(proposal));
            })).Needs(Permit.Plan);
        group.MapPost("/{id}/accept", (string plant, string id, HttpRequest request, SessionRegistry sessions, CalibrationService service, CancellationToken cancellation) =>
            ApiTools.WithAsync(sessions, plant, async s =>
            {
                try
                {
                    return service.Find(s.Id, id) is { } p ? Results.Ok(Show(await service.AcceptAsync(s, p, ScheduleApi.UserOf(request), cancellation))) : Unknown(id, s);
                }
                catch (InvalidOperationException e)
                {
                    return ApiTools.Problem(StatusCodes.Status409Conflict, "Not possible now", e.Message);
                }
            })).Needs(Permit.Dispatch);
    }

    private static IResult Unknown(string id, TwinSession session) => ApiTools.Problem(
        StatusCodes.Status404NotFound, "No such calibration", $"calibration '{id}' of plant '{session.Id}' is not known here. Maybe make one: POST …/calibrations with {{}}");

    private static object Show(CalibrationProposal p) => new
    {
        id = p.Id, madeAt = p.MadeAt, events = p.Events, proposed = p.Changes.Count(), tooFew = p.Items.Count(i => i.Verdict == CalibrationVerdict.TooFew),
        acceptedBy = p.AcceptedBy, acceptedAt = p.AcceptedAt, items = p.Items, patch = p.Patch(),
    };
}
