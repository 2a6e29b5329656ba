using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/health/live</c> and <c>/health/ready</c>: for load balancers and people on call.</summary>
internal static class HealthApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Ok(new { status = "alive" })).AllowAnonymous();
        app.MapGet("/health/ready", (HttpContext context, SessionRegistry sessions) =>
        {
            var plants = sessions.All.Select(SessionHealth.Of).ToArray();
            var ready = plants.Length > 0 && plants.All(p => p.Ready);
            var told = Caller.Of(context.User).May(Permit.See, firmsToo: false); // others learn whether, not what and why
            return Results.Json(
                told ? new { status = ready ? "ready" : "not ready", plants } : new { status = ready ? "ready" : "not ready", plants = Array.Empty<SessionHealth>() },
                statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).AllowAnonymous();
    }
}
