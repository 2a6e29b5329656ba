using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Api;

/// <summary>What all resources of the API share.</summary>
internal static class ApiTools
{
    /// <summary>Runs <paramref name="answer"/> with the session of a plant, or answers 404 with the plants that there are.</summary>
    public static IResult With(SessionRegistry sessions, string plant, Func<TwinSession, IResult> answer) =>
        sessions.Find(plant) is { } session ? answer(session) : Unknown(sessions, plant);

    /// <inheritdoc cref="With"/>
    public static async Task<IResult> WithAsync(SessionRegistry sessions, string plant, Func<TwinSession, Task<IResult>> answer)
    {
        if (sessions.Find(plant) is not { } session)
        {
            return Unknown(sessions, plant);
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

    private static IResult Unknown(SessionRegistry sessions, string plant) => Problem(
        StatusCodes.Status404NotFound,
        "No such plant",
        $"plant '{plant}' is not served here. Maybe one of {string.Join(", ", sessions.All.Select(s => s.Id))}");
}
