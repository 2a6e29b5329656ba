using System.Globalization;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/schedule</c>: the schedule in force; the ETag is its version, and changing it needs that version.</summary>
internal static class ScheduleApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/plants/{plant}/schedule", Get).Needs(Permit.See, firmsToo: true);
        api.MapPut("/plants/{plant}/schedule", PutAsync).Needs(Permit.Dispatch);
        api.MapDelete("/plants/{plant}/schedule", DeleteAsync).Needs(Permit.Dispatch);
        api.MapPut("/plants/{plant}/jobs/lock", LockAsync).Needs(Permit.Dispatch);
    }

    /// <summary>The caller's name. Where nobody has to log in, the header <c>X-User</c> may give one.</summary>
    public static string UserOf(HttpRequest request) =>
        Caller.Of(request.HttpContext.User) is { Name: not "local" } caller ? caller.Name
        : request.Headers["X-User"].ToString() is { Length: > 0 and <= 100 } user ? user : "local";

    /// <summary>Version in <c>If-Match: "3"</c>.</summary>
    public static bool TryExpectedVersion(HttpRequest request, out int version, out IResult? problem)
    {
        var text = request.Headers.IfMatch.ToString().Trim().Trim('"');
        problem = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version) ? null : ApiTools.Problem(
            StatusCodes.Status428PreconditionRequired,
            "Which version did you see?",
            "changing the schedule needs the header If-Match with the version that you saw (the ETag of GET …/schedule; \"0\" when none was in force)");
        return problem is null;
    }

    /// <summary>Answers 200 with what is in force, 412 when somebody else was faster, 422 when it cannot belong to the plant.</summary>
    public static IResult Answer(ScheduleOutcome outcome, HttpResponse response, TwinSession session)
    {
        response.Headers.ETag = ETag(outcome.InForce.Version);
        return outcome.Done ? Results.Ok(new { version = outcome.InForce.Version, user = outcome.InForce.User, plant = session.Id })
            : outcome.IsConflict ? ApiTools.Problem(StatusCodes.Status412PreconditionFailed, "Somebody else was faster", outcome.Problems[0])
            : ApiTools.Problem(StatusCodes.Status422UnprocessableEntity, "Not a schedule of this plant", outcome.Problems[0], outcome.Problems);
    }

    private static string ETag(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <param name="times"><c>plant</c> for plant milliseconds; otherwise ISO 8601 in the plant's time zone.</param>
    private static IResult Get(string plant, string? times, HttpContext http, HttpRequest request, HttpResponse response) =>
        ApiTools.See(http, plant, seen =>
        {
            var view = seen.View();
            var tag = ETag(view.Schedule.Version);
            response.Headers.ETag = tag;
            return request.Headers.IfNoneMatch.ToString() == tag
                ? Results.StatusCode(StatusCodes.Status304NotModified)
                : !seen.IsWhole ? Results.Ok(FirmSchedule.Of(seen, view, times == "plant"))
                : Results.Json(
                    ScheduleDocument.Of(view.Schedule.Schedule, view.Schedule.Version, view.Schedule.User, view.State.Plant, wallClock: times != "plant"),
                    RuntimeJson.Default.ScheduleDocument);
        });

    private static Task<IResult> PutAsync(
        string plant, ScheduleDocument document, HttpRequest request, HttpResponse response, SessionRegistry sessions, IScheduleCheck check, CancellationToken cancellation) =>
        ApiTools.WithAsync(sessions, plant, async s =>
        {
            if (!TryExpectedVersion(request, out var expected, out var missing))
            {
                return missing!;
            }

            var problems = new List<string>();
            var schedule = document.Read(s.Names, problems);
            if (problems.Count == 0)
            {
                problems.AddRange(check.Violations(s.View(), schedule));
            }

            return problems.Count > 0
                ? ApiTools.Problem(StatusCodes.Status422UnprocessableEntity, "Not a schedule of this plant", problems[0], problems)
                : Answer(await s.ApplyScheduleAsync(schedule, expected, UserOf(request), cancellation), response, s);
        });

    private static Task<IResult> DeleteAsync(string plant, HttpRequest request, HttpResponse response, SessionRegistry sessions, CancellationToken cancellation) =>
        ApiTools.WithAsync(sessions, plant, async s => TryExpectedVersion(request, out var expected, out var missing)
            ? Answer(await s.RevokeScheduleAsync(expected, UserOf(request), cancellation), response, s)
            : missing!);

    private static Task<IResult> LockAsync(string plant, LockDocument body, SessionRegistry sessions, CancellationToken cancellation) =>
        ApiTools.WithAsync(sessions, plant, async s =>
        {
            var job = s.Names.Job(body.Job);
            var equipment = string.IsNullOrEmpty(body.Equipment) ? -1 : s.Names.Equipment(body.Equipment);
            return job < 0 ? ApiTools.Problem(StatusCodes.Status404NotFound, "No such job", $"job '{body.Job}' does not exist. Maybe write order/lot/operation")
                : equipment < 0 && !string.IsNullOrEmpty(body.Equipment) ? ApiTools.Problem(StatusCodes.Status404NotFound, "No such equipment", $"equipment '{body.Equipment}' does not exist")
                : await s.LockAsync(job, body.Locked, equipment, cancellation) ? Results.Ok(body)
                : ApiTools.Problem(StatusCodes.Status409Conflict, "Not possible now", $"job '{body.Job}' cannot be {(body.Locked ? "locked" : "unlocked")} now");
        });
}

/// <summary>A job to pin or to free.</summary>
internal sealed record LockDocument
{
    /// <summary><c>order/lot/operation</c>.</summary>
    public required string Job { get; init; }

    public string? Equipment { get; init; }

    public bool Locked { get; init; } = true;
}

/// <summary>The schedule in force as a firm sees it: its own batches, and when machines are busy otherwise.</summary>
internal sealed record FirmSchedule(int Version, IReadOnlyList<BatchDocument> Batches, IEnumerable<BusyDocument> Busy)
{
    public static FirmSchedule Of(TenantView seen, TwinView view, bool plantTimes)
    {
        var plant = view.State.Plant;
        return new FirmSchedule(
            view.Schedule.Version,
            ScheduleDocument.Of(view.Schedule.Schedule, view.Schedule.Version, "", plant, wallClock: !plantTimes).Batches,
            seen.BusyAhead().Select(b => new BusyDocument(plant.Plant.Equipment[b.Equipment].Id, Moment(b.Start), Moment(b.End))));

        PlantMoment Moment(long ms) => plantTimes ? PlantMoment.At(new Simulation.SimTime(ms)) : PlantMoment.At(plant.Scenario.Clock.ToWallClock(new(ms)));
    }
}

/// <summary>A time in which others have a machine.</summary>
internal sealed record BusyDocument(string Equipment, PlantMoment From, PlantMoment To);
