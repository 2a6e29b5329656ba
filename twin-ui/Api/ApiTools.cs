using System.Globalization;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary>What all resources of the API share.</summary>
internal static class ApiTools
{
    /// <summary>Runs <paramref name="answer"/> with what the caller may see of a plant, or answers 404 with the plants that it may see.
    /// Doors that are open to firms answer from this, and from nothing else.</summary>
    public static IResult See(HttpContext http, string plant, Func<TenantView, IResult> answer)
    {
        var sessions = http.RequestServices.GetRequiredService<SessionRegistry>();
        var caller = Caller.Of(http.User);
        return sessions.Find(plant) is { } session && TenantView.Of(session, caller) is { } seen
            ? answer(seen)
            : Unknown(TenantView.All(sessions, caller).Select(v => v.Session.Id), plant);
    }

    /// <inheritdoc cref="See"/>
    public static async Task<IResult> SeeAsync(HttpContext http, string plant, Func<TenantView, Task<IResult>> answer)
    {
        Task<IResult>? later = null;
        var now = See(http, plant, seen =>
        {
            later = answer(seen);
            return Results.Empty;
        });
        try
        {
            return later is null ? now : await later;
        }
        catch (JournalUnavailableException e)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "The twin cannot remember anything now", e.Message);
        }
    }

    /// <summary>As <see cref="See"/>, for what follows from the state of the plant alone: the version of that is its ETag, and a caller who has it is
    /// answered 304.</summary>
    public static IResult SeeState(HttpContext http, string plant, Func<TenantView, TwinView, IResult> answer) => See(http, plant, seen =>
    {
        var view = seen.View();
        var tag = string.Create(CultureInfo.InvariantCulture, $"W/\"{view.Version}\"");
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        return http.Request.Headers.IfNoneMatch.ToString() == tag ? Results.StatusCode(StatusCodes.Status304NotModified) : answer(seen, view);
    });

    /// <summary>Runs <paramref name="answer"/> with the whole session of a plant, or answers 404 with the plants that there are. For doors of the
    /// operator only.</summary>
    public static IResult With(SessionRegistry sessions, string plant, Func<TwinSession, IResult> answer) =>
        sessions.Find(plant) is { } session ? answer(session) : Unknown(sessions.All.Select(s => s.Id), plant);

    /// <inheritdoc cref="With"/>
    public static async Task<IResult> WithAsync(SessionRegistry sessions, string plant, Func<TwinSession, Task<IResult>> answer)
    {
        if (sessions.Find(plant) is not { } session)
        {
            return Unknown(sessions.All.Select(s => s.Id), plant);
        }

        try
        {
            return await answer(session);
        }
        catch (JournalUnavailableException e)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "The twin cannot remember anything now", e.Message);
        }
    }

    public static IResult Problem(int status, string title, string detail, IReadOnlyList<string>? problems = null) => Results.Problem(
        detail, statusCode: status, title: title,
        extensions: problems is null ? null : new Dictionary<string, object?> { ["problems"] = problems });

    private static IResult Unknown(IEnumerable<string> known, string plant) => Problem(
        StatusCodes.Status404NotFound,
        "No such plant",
        $"plant '{plant}' is not served here. Maybe one of {string.Join(", ", known)}");
}
