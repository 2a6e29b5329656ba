using DigitalTwin.Runtime.Drift;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/drift</c> and <c>…/alarms</c>: what deviates from what was predicted.</summary>
internal static class DriftApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/plants/{plant}/drift", (string plant, SessionRegistry sessions, DriftService drift) => With(sessions, drift, plant, (s, book) => Results.Ok(new
        {
            options = book.Options,
            series = book.Series.Select(x => new
            {
                kind = x.Kind, subject = x.Subject, level = x.Detector.Level, unit = UnitOf(x.Kind), up = x.Detector.Up, down = x.Detector.Down, observations = x.Detector.Count,
            }),
        }))).Needs(Permit.See);
        api.MapPut("/plants/{plant}/drift/options", (string plant, DriftOptions body, SessionRegistry sessions, DriftService drift) => With(sessions, drift, plant, (_, book) =>
        {
            if (body.Problem() is { } problem)
            {
                return ApiTools.Problem(StatusCodes.Status400BadRequest, "Out of range", problem);
            }

            book.SetOptions(body);
            return Results.Ok(book.Options);
        })).Needs(Permit.Dispatch);
        api.MapGet("/plants/{plant}/alarms", (string plant, string? status, SessionRegistry sessions, DriftService drift) => With(sessions, drift, plant, (s, book) =>
            status is { Length: > 0 } && !Enum.TryParse<AlarmStatus>(status, ignoreCase: true, out _)
                ? ApiTools.Problem(StatusCodes.Status400BadRequest, "No such status", $"status '{status}' is not one of {string.Join(", ", Enum.GetNames<AlarmStatus>())}")
                : Results.Ok(book.Alarms.Where(a => status is null or "" || a.Status == Enum.Parse<AlarmStatus>(status, ignoreCase: true)).Select(a => Show(a, s))))).Needs(Permit.See);
        api.MapPost("/plants/{plant}/alarms/{id:int}/acknowledge", (string plant, int id, HttpRequest request, SessionRegistry sessions, DriftService drift, TimeProvider time) =>
            With(sessions, drift, plant, (s, book) => Changed(book.Acknowledge(id, ScheduleApi.UserOf(request), time.GetUtcNow(), s), id, "acknowledged", s))).Needs(Permit.Plan);
        api.MapPost("/plants/{plant}/alarms/{id:int}/clear", (string plant, int id, HttpRequest request, SessionRegistry sessions, DriftService drift) =>
            With(sessions, drift, plant, (s, book) => Changed(book.Clear(id, ScheduleApi.UserOf(request), s), id, "cleared", s))).Needs(Permit.Plan);
    }

    private static IResult With(SessionRegistry sessions, DriftService drift, string plant, Func<TwinSession, DriftBook, IResult> answer) => ApiTools.With(sessions, plant, s =>
        drift.Find(s.Id) is { } book ? answer(s, book)
        : ApiTools.Problem(StatusCodes.Status503ServiceUnavailable, "Not looked at yet", $"the drift of plant '{s.Id}' is looked at in a moment. Maybe ask again"));

    private static IResult Changed(DriftAlarm? alarm, int id, string how, TwinSession session) => alarm is null
        ? ApiTools.Problem(StatusCodes.Status409Conflict, "Not possible now", $"alarm {id} of plant '{session.Id}' does not exist or cannot be {how} any more")
        : Results.Ok(Show(alarm, session));

    private static string UnitOf(DriftKind kind) => kind switch { DriftKind.Start or DriftKind.Finish or DriftKind.Order => "h", _ => "1" };

    private static object Show(DriftAlarm a, TwinSession session)
    {
        var clock = session.Original.Scenario.Clock;
        return new
        {
            id = a.Id, kind = a.Kind, subject = a.Subject, status = a.Status, raisedAt = clock.ToWallClock(new SimTime(a.RaisedAtMs)), estimate = a.Estimate, unit = UnitOf(a.Kind),
            observations = a.Observations, acknowledgedBy = a.AcknowledgedBy, acknowledgedAt = a.AcknowledgedAt,
            clearedAt = a.ClearedAtMs is { } t ? clock.ToWallClock(new SimTime(t)) : (DateTimeOffset?)null, clearedBy = a.ClearedBy, says = Says(a),
        };
    }

    private static string Says(DriftAlarm a) => FormattableString.Invariant(a.Kind switch
    {
        DriftKind.Processing => $"{a.Subject} takes {a.Estimate * 100:0} % of the expected processing time",
        DriftKind.Setup => $"setups of {a.Subject} take {a.Estimate * 100:0} % of the expected time",
        DriftKind.Start => $"{a.Subject} starts {Math.Abs(a.Estimate):0.0} h {(a.Estimate > 0 ? "later" : "earlier")} than scheduled",
        DriftKind.Finish => $"{a.Subject} finishes {Math.Abs(a.Estimate):0.0} h {(a.Estimate > 0 ? "later" : "earlier")} than scheduled",
        DriftKind.Forecast => $"{a.Estimate * 100:0} % of the orders end outside their forecast band, expected 20 %",
        _ => $"order {a.Subject} ended {Math.Abs(a.Estimate):0.0} h {(a.Estimate > 0 ? "after" : "before")} its forecast band",
    });
}
