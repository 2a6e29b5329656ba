using DigitalTwin.Plant.Model;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Runtime.Training;
using DigitalTwin.Simulation;
using DigitalTwin.Ui.Exports;
using DigitalTwin.Ui.Live;
using DigitalTwin.Ui.Security;

namespace DigitalTwin.Ui.Api;

/// <summary><c>/api/v1/plants/{plant}/exercises</c> and <c>…/attempts</c>: make, play, score and compare training exercises.</summary>
internal static class ExercisesApi
{
    private const double MostPlannerSeconds = 120;

    public static void Map(RouteGroupBuilder api)
    {
        var exercises = api.MapGroup("/plants/{plant}/exercises").Needs(Permit.Train);
        exercises.MapGet("", (string plant, TrainingService service) => With(service, plant, room => Results.Ok(room.Store.Exercises)));
        exercises.MapPost("", Create);
        exercises.MapGet("/results", (string plant, string? format, TrainingService service) => With(service, plant, room => ResultsOf(room, format)));
        exercises.MapGet("/{id}", (string plant, string id, TrainingService service) => With(service, plant, room =>
            room.Store.Exercise(id) is { } e ? Results.Ok(e) : ApiTools.Problem(StatusCodes.Status404NotFound, "No such exercise", $"exercise '{id}' is not there")));
        exercises.MapPost("/{id}/attempts", (string plant, string id, AttemptCommand body, TrainingService service) => With(service, plant, room =>
        {
            var session = room.Begin(id, string.IsNullOrWhiteSpace(body.Trainee) ? "trainee" : body.Trainee);
            return Results.Created($"/api/v1/plants/{session.Id}", AttemptDocument.Of(session));
        }));

        var attempts = api.MapGroup("/plants/{plant}/attempts").Needs(Permit.Train);
        attempts.MapGet("", (string plant, string? exercise, TrainingService service) => With(service, plant, room =>
            Results.Ok(room.Store.Attempts.Where(a => exercise is null || a.Exercise == exercise))));
        attempts.MapGet("/{id}", (string plant, string id, TrainingService service) => WithAttempt(service, plant, id, AttemptDocument.Of));
        attempts.MapPost("/{id}/advance", (string plant, string id, AttemptCommand body, TrainingService service) => WithAttempt(service, plant, id, s =>
        {
            s.Advance(Duration.FromSeconds(body.Seconds ?? 60), body.StopAtNews ?? false);
            return AttemptDocument.Of(s);
        }));
        attempts.MapPost("/{id}/back", (string plant, string id, AttemptCommand body, TrainingService service) => With(service, plant, room =>
        {
            var session = room.Backtrack(id, Duration.FromSeconds(body.Seconds ?? 1800), room.Store.Attempt(id)?.Trainee ?? "");
            return Results.Created($"/api/v1/plants/{session.Id}", AttemptDocument.Of(session));
        }));
        attempts.MapPost("/{id}/play", (string plant, string id, AttemptCommand body, TrainingService service) => WithAttempt(service, plant, id, s =>
        {
            s.Play(body.Speed ?? 60);
            return AttemptDocument.Of(s);
        }));
        attempts.MapPost("/{id}/pause", (string plant, string id, TrainingService service) => WithAttempt(service, plant, id, s =>
        {
            s.Play(0);
            return AttemptDocument.Of(s);
        }));
        attempts.MapPost("/{id}/decisions", (string plant, string id, Decision body, TrainingService service) => WithAttempt(service, plant, id, s =>
        {
            s.Decide(body);
            return AttemptDocument.Of(s);
        }));
        attempts.MapPost("/{id}/faults", (string plant, string id, ScriptedFault body, TrainingService service) => WithAttempt(service, plant, id, s =>
        {
            s.Inject(body.Equipment, new Duration(body.LengthMs), body.Kind);
            return AttemptDocument.Of(s);
        }));
        attempts.MapPost("/{id}/hint", (string plant, string id, AttemptCommand? body, TrainingService service, CancellationToken stop) =>
            WithAttempt(service, plant, id, s => new { hint = s.Hint(body?.Seconds ?? 3, stop: stop).Split('\n'), used = s.Attempt.Hints, allowed = s.Exercise.HintsAllowed }));
        attempts.MapPost("/{id}/score", (string plant, string id, AttemptCommand? body, TrainingService service, CancellationToken stop) =>
            With(service, plant, room => Results.Ok(room.Score(id, new ScoreOptions(Math.Clamp(body?.PlannerSeconds ?? 0, 0, MostPlannerSeconds)), stop))));
        ReplayViewsApi.Map(api.MapGroup("/plants/{plant}/attempts/{id}").Needs(Permit.Train), (plant, id) => $"{plant}/attempts/{id}",
            (plant, id) => ApiTools.Problem(StatusCodes.Status404NotFound, "No such attempt", $"attempt '{id}' of plant '{plant}' is not there"));
    }

    /// <summary>Makes an exercise from a replay (<c>"replay": "3"</c>), from the live plant (<c>"replay": "live"</c>) or from the scenario (<c>"at"</c>).</summary>
    private static IResult Create(string plant, ExerciseRequest body, TrainingService service, PlantViews views, SessionRegistry sessions, CancellationToken stop) =>
        With(service, plant, room =>
        {
            var seconds = Math.Clamp(body.PlannerSeconds ?? 10, 0, MostPlannerSeconds);
            var clock = sessions.Find(plant)!.Original.Scenario.Clock;
            if (body.Replay is { } replay)
            {
                var view = replay == "live" ? sessions.Find(plant) : views.Find(ReplaysApi.IdOf(plant, replay));
                return view is null ? ReplaysApi.Unknown(plant, replay) : Made(room.Create(body.Draft(view.Id), view.View(), seconds, stop));
            }

            return body.At.TryResolve(clock, out var at, out var problem)
                ? Made(room.Create(body.Draft("scenario"), SimTime.Max(SimTime.Zero, at), seconds, stop))
                : ApiTools.Problem(StatusCodes.Status400BadRequest, "From when?", $"name an open replay (\"replay\": \"1\"), \"replay\": \"live\", or a moment of the scenario: at: {problem}");
        });

    private static IResult Made(Exercise exercise) => Results.Created($"/api/v1/plants/{exercise.Plant}/exercises/{exercise.Id}", exercise);

    private static IResult ResultsOf(TrainingRoom room, string? format)
    {
        if (format is null)
        {
            return Results.Ok(TraineeResult.Of(room.Store.Attempts));
        }

        if (!Enum.TryParse<ExportFormat>(format, ignoreCase: true, out var wanted) || !Enum.IsDefined(wanted))
        {
            return ApiTools.Problem(StatusCodes.Status400BadRequest, "No such format", $"'{format}' is not csv, xlsx or json");
        }

        using var stream = new MemoryStream();
        TrainingExports.Class(room.Store.Attempts).WriteTo(stream, wanted);
        return Results.Bytes(stream.ToArray(), wanted switch { ExportFormat.Csv => "text/csv; charset=utf-8", ExportFormat.Json => "application/json", _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
            $"training-results.{format.ToLowerInvariant()}");
    }

    private static IResult WithAttempt<T>(TrainingService service, string plant, string id, Func<AttemptSession, T> answer) => With(service, plant, room =>
        room.Find(id) is { } session ? Results.Ok(answer(session))
            : ApiTools.Problem(StatusCodes.Status404NotFound, "No such attempt", $"attempt '{id}' of plant '{plant}' is not there"));

    private static IResult With(TrainingService service, string plant, Func<TrainingRoom, IResult> answer)
    {
        if (service.Of(plant) is not { } room)
        {
            return ApiTools.Problem(StatusCodes.Status404NotFound, "No such plant", $"plant '{plant}' is not served here");
        }

        try
        {
            return answer(room);
        }
        catch (TrainingException e)
        {
            return ApiTools.Problem(StatusCodes.Status422UnprocessableEntity, "Not possible", e.Message);
        }
    }
}

/// <summary>An exercise to be made.</summary>
internal sealed record ExerciseRequest
{
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string Brief { get; init; } = "";

    /// <summary>Number of the replay whose moment it begins at, or <c>live</c>.</summary>
    public string? Replay { get; init; }

    /// <summary>Moment of the scenario, where no replay is named.</summary>
    public PlantMoment At { get; init; }

    public double Hours { get; init; } = 8;
    public ulong Seed { get; init; } = 1;
    public IReadOnlyList<ScriptedFault> Faults { get; init; } = [];
    public IReadOnlyList<RushOffer> Offers { get; init; } = [];
    public IReadOnlyList<ExerciseTarget> Goals { get; init; } = [];
    public IReadOnlyList<ExerciseTarget> Limits { get; init; } = [];
    public int HintsAllowed { get; init; } = 10;

    /// <summary>Seconds for the schedule that all attempts are held against; 10 when left out, 0 for none.</summary>
    public double? PlannerSeconds { get; init; }

    public Exercise Draft(string origin) => new()
    {
        Id = Id, Name = Name, Brief = Brief, Plant = "", Origin = origin, StartMs = 0, LengthMs = Duration.FromHours(Hours).Milliseconds, Seed = Seed,
        Faults = [.. Faults], Offers = [.. Offers], Goals = [.. Goals], Limits = [.. Limits], HintsAllowed = HintsAllowed,
    };
}

/// <summary>What an attempt is told; each command reads the fields it needs.</summary>
internal sealed record AttemptCommand
{
    public string? Trainee { get; init; }

    /// <summary>Plant seconds to go on, or seconds that a hint may be thought about.</summary>
    public double? Seconds { get; init; }

    /// <summary>Plant seconds per second, 0–3600.</summary>
    public double? Speed { get; init; }

    /// <summary>Whether going on stops where a machine breaks or a rush order is asked for.</summary>
    public bool? StopAtNews { get; init; }

    /// <summary>Seconds of the planner at each decision; 0 scores by the rules and the plan from the beginning alone.</summary>
    public double? PlannerSeconds { get; init; }
}

/// <summary>An attempt being played, as the API shows it.</summary>
internal sealed record AttemptDocument(
    string Id, string Exercise, string Trainee, DateTimeOffset Now, long NowMs, DateTimeOffset End, bool Finished, bool Playing, int HintsUsed, int HintsAllowed, string Rule,
    IReadOnlyList<OpenOffer> Offers, IReadOnlyList<AttemptEntry> Entries, long Version)
{
    public static AttemptDocument Of(AttemptSession s)
    {
        var (attempt, clock) = (s.Attempt, s.Names.Plant.Scenario.Clock);
        return new AttemptDocument(
            s.Id, attempt.Exercise, attempt.Trainee, clock.ToWallClock(s.Now), s.Now.Milliseconds, clock.ToWallClock(new(s.Exercise.StartMs + s.Exercise.LengthMs)), attempt.Finished,
            s.Playing, attempt.Hints, s.Exercise.HintsAllowed, s.Rule.ToString(), s.Offers, attempt.Entries, s.Version);
    }
}
