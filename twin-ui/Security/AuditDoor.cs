using System.Text;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Security;

/// <summary>Writes every command that comes through the API into the audit: whatever is no question and no observation of the plant.</summary>
internal static class AuditDoor
{
    private const int MostText = 2000;

    public static void Use(WebApplication app) => app.Use(async (context, next) =>
    {
        if (!IsCommand(context))
        {
            await next(context);
            return;
        }

        var sessions = context.RequestServices.GetRequiredService<SessionRegistry>();
        var plant = context.Request.RouteValues["plant"] as string ?? "";
        var what = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}{await BodyAsync(context.Request)}";
        var before = Stand(sessions, plant);
        var outcome = "failed";
        try
        {
            await next(context);
            outcome = context.Response.StatusCode < 400 ? "done" : $"refused ({context.Response.StatusCode})";
        }
        finally
        {
            var caller = Caller.Of(context.User);
            context.RequestServices.GetRequiredService<Auditor>().Write(new AuditEntry(caller.Name, caller.Firm, plant, what, before, Stand(sessions, plant), outcome));
        }
    });

    /// <summary>What commands change, in a line: the schedule in force, the book, the locks.</summary>
    public static string Stand(SessionRegistry sessions, string plant)
    {
        if (sessions.Find(plant) is not { } session)
        {
            return "";
        }

        var view = session.View();
        var locked = 0;
        foreach (ref readonly var job in view.State.Jobs)
        {
            locked += job.Locked && job.Status is not (JobStatus.Done or JobStatus.Cancelled) ? 1 : 0;
        }

        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"run {view.Run}, {(view.Schedule.Version == 0 ? "no schedule" : $"schedule {view.Schedule.Version} by {view.Schedule.User}")}, {view.State.Orders.Length} orders, {locked} locks");
    }

    private static bool IsCommand(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method)
        && context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && context.GetEndpoint()?.Metadata.GetMetadata<NeedsAttribute>() is { Permit: not Permit.Observe };

    private static async Task<string> BodyAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType() || request.ContentLength is not (> 0 and <= MostText))
        {
            return request.ContentLength is > 0 ? $" ({request.ContentLength} bytes)" : "";
        }

        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, Encoding.UTF8, leaveOpen: true);
        var text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        request.Body.Position = 0;
        return " " + text;
    }
}
