using System.Globalization;
using System.Text;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Runtime.WhatIf;
using DigitalTwin.Ui.Exports;
using DigitalTwin.Ui.Reports;
using DigitalTwin.Ui.Resources;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/whatifs</c>: ask what would happen, watch it being worked out, compare, name, share.</summary>
internal static class WhatIfApi
{
    private const int LongestBody = 2_000_000;

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/plants/{plant}/whatifs");
        group.MapGet("", (string plant, SessionRegistry sessions, WhatIfService service) => ApiTools.With(sessions, plant, s =>
            Results.Ok(new { waiting = service.Waiting, damaged = service.Damaged(s.Id), items = service.All(s.Id).Select(r => WhatIfDocument.Of(r, s)) }))).Needs(Permit.See);
        group.MapPost("", AskAsync).Accepts<WhatIfQuestion>("application/json", "application/yaml").Needs(Permit.Plan);
        group.MapGet("/compare", Compare).Needs(Permit.See);
        group.MapGet("/{id}", (string plant, string id, SessionRegistry sessions, WhatIfService service) =>
            WithRun(sessions, service, plant, id, (s, r) => Results.Ok(WhatIfDocument.Of(r, s, whole: true)))).Needs(Permit.See);
        group.MapDelete("/{id}", (string plant, string id, SessionRegistry sessions, WhatIfService service) =>
            WithRun(sessions, service, plant, id, (_, r) =>
            {
                service.Delete(r);
                return Results.NoContent();
            })).Needs(Permit.Plan);
        group.MapPut("/{id}/name", (string plant, string id, WhatIfName body, SessionRegistry sessions, WhatIfService service) =>
            WithRun(sessions, service, plant, id, (s, r) =>
            {
                if (body.Name.Length > 200)
                {
                    return ApiTools.Problem(StatusCodes.Status400BadRequest, "Out of range", "the name may have 200 characters");
                }

                service.Rename(r, body.Name.Trim());
                return Results.Ok(WhatIfDocument.Of(r, s));
            })).Needs(Permit.Plan);
        group.MapGet("/{id}/report", (string plant, string id, string? format, string? table, string? lang, SessionRegistry sessions, WhatIfService service) =>
            Report(sessions, service, plant, [id], format, table, lang)).Needs(Permit.See);
    }

    private static async Task<IResult> AskAsync(string plant, HttpRequest request, HttpResponse response, SessionRegistry sessions, WhatIfService service, CancellationToken cancellation)
    {
        if (sessions.Find(plant) is not { } session)
        {
            return ApiTools.With(sessions, plant, _ => Results.Empty);
        }

        var (question, unreadable) = await ReadAsync(request, cancellation);
        if (question is null)
        {
            return ApiTools.Problem(StatusCodes.Status400BadRequest, "Not understood", unreadable);
        }

        try
        {
            var run = await service.AskAsync(session, question, ScheduleApi.UserOf(request), cancellation);
            response.Headers.Location = LinkOf(session.Id, run.Id);
            return Results.Json(WhatIfDocument.Of(run, session), statusCode: StatusCodes.Status202Accepted);
        }
        catch (WhatIfException e)
        {
            return ApiTools.Problem(StatusCodes.Status422UnprocessableEntity, "The changes do not fit this plant", e.Message, e.Problems);
        }
        catch (InvalidOperationException e)
        {
            response.Headers.RetryAfter = "10";
            return ApiTools.Problem(StatusCodes.Status429TooManyRequests, "Too many questions are waiting", e.Message);
        }
    }

    /// <summary>JSON as it stands; a what-if file as the body, its numbers in the query.</summary>
    private static async Task<(WhatIfQuestion? Question, string Problem)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > LongestBody)
        {
            return (null, $"the body has {request.ContentLength} bytes; {LongestBody} are allowed");
        }

        if (request.HasJsonContentType())
        {
            try
            {
                return (await request.ReadFromJsonAsync<WhatIfQuestion>(cancellation), "the body is empty");
            }
            catch (System.Text.Json.JsonException e)
            {
                return (null, $"the body is not a question: {e.Message}");
            }
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellation);
        var query = request.Query;
        var (futures, seed, version) = (new WhatIfQuestion().Futures, new WhatIfQuestion().Seed, 0L);
        var (hours, at) = (0.0, default(DateTimeOffset));
        return query["futures"].ToString() is { Length: > 0 } f && !int.TryParse(f, NumberStyles.None, CultureInfo.InvariantCulture, out futures) ? (null, $"futures '{f}' is not a whole number")
            : query["seed"].ToString() is { Length: > 0 } x && !ulong.TryParse(x, NumberStyles.None, CultureInfo.InvariantCulture, out seed) ? (null, $"seed '{x}' is not a whole number")
            : query["baseVersion"].ToString() is { Length: > 0 } b && !long.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out version) ? (null, $"baseVersion '{b}' is not a version")
            : query["hours"].ToString() is { Length: > 0 } h && !double.TryParse(h, NumberStyles.Float, CultureInfo.InvariantCulture, out hours) ? (null, $"hours '{h}' is not a number")
            : query["at"].ToString() is { Length: > 0 } m && !DateTimeOffset.TryParse(m, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at) ? (null, $"at '{m}' is not a moment. Write it like 2026-03-02T18:00:00+08:00")
            : (new WhatIfQuestion
            {
                At = query.ContainsKey("at") ? at : null,
                Name = query["name"].ToString(), Patches = text, Futures = futures, Seed = seed, Hours = query.ContainsKey("hours") ? hours : null,
                BaseVersion = query.ContainsKey("baseVersion") ? version : null, FollowSchedule = query["followSchedule"] != "false",
            }, "");
    }

    private static IResult Compare(string plant, string? ids, string? format, string? table, string? lang, SessionRegistry sessions, WhatIfService service) =>
        ids is null or "" ? ApiTools.Problem(StatusCodes.Status400BadRequest, "Which ones?", "name answers to compare: ?ids=a,b,c, the baseline first")
        : Report(sessions, service, plant, ids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), format, table, lang);

    private static IResult Report(
        SessionRegistry sessions, WhatIfService service, string plant, string[] ids, string? format, string? table, string? lang) => ApiTools.With(sessions, plant, s =>
    {
        var runs = new List<(string Id, string Name, WhatIfOutcome Outcome)>();
        foreach (var id in ids)
        {
            if (service.Find(s.Id, id) is not { } run)
            {
                return Unknown(id, s);
            }

            if (run.Outcome is not { } outcome)
            {
                return ApiTools.Problem(StatusCodes.Status409Conflict, "Not answered", run.Error ?? $"question '{id}' is {run.Status}. Maybe wait until it is Done");
            }

            runs.Add((id, TitleOf(run), outcome));
        }

        var comparison = WhatIfComparison.Of(runs);
        var outcomes = runs.ConvertAll(r => r.Outcome);
        return format switch
        {
            null or "json" => Results.Ok(comparison),
            "html" => Results.Text(WhatIfReport.Render(comparison, outcomes, Texts.For(lang)), "text/html", Encoding.UTF8),
            "csv" or "xlsx" => Table(table == "orders" ? WhatIfExports.Orders(comparison) : WhatIfExports.Figures(comparison), format == "csv" ? ExportFormat.Csv : ExportFormat.Xlsx),
            _ => ApiTools.Problem(StatusCodes.Status400BadRequest, "No such format", $"format '{format}' is not one of json, csv, xlsx, html"),
        };
    });

    private static IResult Table(ExportTable table, ExportFormat format)
    {
        using var stream = new MemoryStream();
        table.WriteTo(stream, format);
        var csv = format == ExportFormat.Csv;
        return Results.File(stream.ToArray(), csv ? "text/csv; charset=utf-8" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", $"whatif-{table.Name}.{(csv ? "csv" : "xlsx")}");
    }

    private static IResult WithRun(SessionRegistry sessions, WhatIfService service, string plant, string id, Func<TwinSession, WhatIfRun, IResult> answer) =>
        ApiTools.With(sessions, plant, s => service.Find(s.Id, id) is { } run ? answer(s, run) : Unknown(id, s));

    private static IResult Unknown(string id, TwinSession session) => ApiTools.Problem(
        StatusCodes.Status404NotFound, "No such what-if", $"what-if '{id}' of plant '{session.Id}' is not known. Answers without a name are dropped after a while; name those that matter");

    internal static string LinkOf(string plant, string id) => $"/api/v1/plants/{Uri.EscapeDataString(plant)}/whatifs/{id}";

    internal static string TitleOf(WhatIfRun run) => run.Name.Length > 0 ? run.Name : run.Changes.Length > 0 ? run.Changes[0] : "as it is";
}

/// <summary>A name for an answer; empty takes it away.</summary>
internal sealed record WhatIfName(string Name);

/// <summary>A question as the API shows it.</summary>
internal sealed record WhatIfDocument
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Link { get; init; }
    public required string Report { get; init; }
    public required string Status { get; init; }
    public required string User { get; init; }
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Plant time that the futures start from.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>To ask something else of the same moment.</summary>
    public required long BaseVersion { get; init; }
    public required int Futures { get; init; }
    public required int Finished { get; init; }
    public required double Progress { get; init; }
    public required bool FromCache { get; init; }
    public required bool Kept { get; init; }
    public required IReadOnlyList<string> Changes { get; init; }
    public string? Error { get; init; }
    public WhatIfQuestion? Question { get; init; }
    public WhatIfOutcome? Outcome { get; init; }

    public static WhatIfDocument Of(WhatIfRun run, TwinSession session, bool whole = false) => new()
    {
        Id = run.Id, Name = run.Name, Link = WhatIfApi.LinkOf(run.PlantId, run.Id), Report = WhatIfApi.LinkOf(run.PlantId, run.Id) + "/report?format=html",
        Status = run.Status.ToString(), User = run.User, AskedAt = run.AskedAt, From = session.Original.Scenario.Clock.ToWallClock(run.From), BaseVersion = run.BaseVersion,
        Futures = run.Question.Futures, Finished = run.Finished, Progress = run.Finished / (double)run.Question.Futures, FromCache = run.FromCache, Kept = run.IsKept,
        Changes = run.Changes, Error = run.Error, Question = whole ? run.Question : null, Outcome = whole ? run.Outcome : null,
    };
}
