using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Runtime.Floor;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Hosting;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/floor</c>: what the floor is told to do with job orders, and what it answered.</summary>
internal static class FloorApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/plants/{plant}/floor");
        group.MapGet("", (string plant, SessionRegistry sessions, FloorService service) => ApiTools.With(sessions, plant, s => Results.Ok(new
        {
            settings = service.Of(s.Id).Settings with { Token = null }, hasToken = service.Of(s.Id).Settings.Token is not null, waiting = service.Of(s.Id).Waiting,
        }))).Needs(Permit.See);
        group.MapPut("", (string plant, FloorSettings body, SessionRegistry sessions, FloorService service) => ApiTools.WithAsync(sessions, plant, async s =>
        {
            if (body.Problem() is { } problem)
            {
                return ApiTools.Problem(StatusCodes.Status400BadRequest, "Out of range", problem);
            }

            await service.Of(s.Id).SetAsync(body);
            return Results.Ok(body with { Token = null });
        })).Needs(Permit.Administer);
        group.MapGet("/commands", (string plant, int? limit, SessionRegistry sessions, FloorService service) =>
            ApiTools.With(sessions, plant, s => Results.Ok(service.Of(s.Id).Latest(Math.Clamp(limit ?? 200, 1, 10_000))))).Needs(Permit.See);
        group.MapGet("/commands/{id}", (string plant, string id, SessionRegistry sessions, FloorService service) =>
            ApiTools.With(sessions, plant, s => service.Of(s.Id).Find(id) is { } c ? Results.Ok(c) : Unknown(id, s))).Needs(Permit.See);
        group.MapPost("/commands", (string plant, FloorOrder body, HttpRequest request, SessionRegistry sessions, FloorService service) => ApiTools.With(sessions, plant, s =>
        {
            if (!Enum.TryParse<FloorVerb>(body.Verb, ignoreCase: true, out var verb) || !Enum.IsDefined(verb))
            {
                return ApiTools.Problem(StatusCodes.Status400BadRequest, "No such verb", $"verb '{body.Verb}' is not one of {string.Join(", ", Enum.GetNames<FloorVerb>())}");
            }

            try
            {
                var id = body.Id is { Length: > 0 } given ? given : request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key ? key : Guid.NewGuid().ToString("N");
                var command = service.Of(s.Id).Give(s, id, verb, body.Job, body.Equipment ?? "", ScheduleApi.UserOf(request));
                return Results.Accepted($"/api/v1/plants/{Uri.EscapeDataString(s.Id)}/floor/commands/{Uri.EscapeDataString(command.Id)}", command);
            }
            catch (FloorRefusedException e)
            {
                return ApiTools.Problem(StatusCodes.Status409Conflict, "Not possible now", e.Message);
            }
        })).Needs(Permit.Dispatch);
        group.MapDelete("/commands/{id}", (string plant, string id, SessionRegistry sessions, FloorService service) => ApiTools.With(sessions, plant, s =>
            service.Of(s.Id).Find(id) is not { } command ? Unknown(id, s)
            : service.Of(s.Id).Withdraw(id) is { } withdrawn ? Results.Ok(withdrawn)
            : ApiTools.Problem(StatusCodes.Status409Conflict, "Too late", $"command '{id}' is {command.State}. Maybe give the contrary verb"))).Needs(Permit.Dispatch);
        api.MapPost("/plants/{plant}/emulator/floor", (string plant, FloorMessage body, SessionRegistry sessions, DemoPlants demo) => ApiTools.With(sessions, plant, s =>
            demo.Find(s.Id) is null ? ApiTools.Problem(StatusCodes.Status404NotFound, "No emulated plant", $"plant '{s.Id}' is not emulated here")
            : Results.Ok(EmulatedFloor.Answer(s, body)))).Needs(Permit.Observe);
    }

    private static IResult Unknown(string id, TwinSession session) =>
        ApiTools.Problem(StatusCodes.Status404NotFound, "No such command", $"command '{id}' of plant '{session.Id}' is not known");
}

/// <summary>A verb for the floor.</summary>
/// <param name="Verb"><c>Store</c>, <c>Start</c>, <c>Pause</c>, <c>Resume</c>, <c>Stop</c>, <c>Abort</c>, <c>RevokeStart</c>.</param>
/// <param name="Job"><c>order/lot/operation</c>.</param>
/// <param name="Id">The same id is the same command; made up when it is left out (also taken from <c>Idempotency-Key</c>).</param>
internal sealed record FloorOrder(string Verb, string Job, string? Equipment = null, string? Id = null);

/// <summary>The emulated plant as the floor: it follows the schedule by itself, so it agrees to what is its business anyway and says why not to the rest.</summary>
internal static class EmulatedFloor
{
    public static FloorAnswer Answer(TwinSession session, FloorMessage message)
    {
        var job = session.Names.Job(message.Job);
        if (job < 0)
        {
            return new FloorAnswer(false, $"job '{message.Job}' is not known on the floor") { Id = message.Id };
        }

        var status = session.View().State.Jobs[job].Status;
        return message.Verb switch
        {
            FloorVerb.Store or FloorVerb.Start or FloorVerb.RevokeStart when status is JobStatus.Waiting or JobStatus.Ready or JobStatus.Assigned => new FloorAnswer(true, "the emulated plant begins it by the schedule in force"),
            FloorVerb.Store or FloorVerb.Start or FloorVerb.RevokeStart => new FloorAnswer(false, $"{message.Job} is {status} on the floor"),
            _ => new FloorAnswer(false, $"the emulated plant cannot {message.Verb}: nobody stands at its machines. Maybe pause the whole plant: PUT …/emulator"),
        } with { Id = message.Id };
    }
}
