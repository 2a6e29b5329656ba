using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Planning;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Api;

/// <summary>A search as the API shows it.</summary>
internal sealed record OptimiseDocument
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Plant time of the state that it plans from.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Version of the schedule that was in force then.</summary>
    public required int BasedOn { get; init; }
    public required OptimiseRequest Request { get; init; }
    public required int Batches { get; init; }
    public double? Incumbent { get; init; }
    public double? Bound { get; init; }
    public double? Gap { get; init; }
    public string? Outcome { get; init; }
    public string? Error { get; init; }
    public int? AppliedVersion { get; init; }
    public IEnumerable<ObjectiveTerm>? Objective { get; init; }
    public IEnumerable<ObjectiveTerm>? First { get; init; }
    public IReadOnlyList<OptimisePoint>? Points { get; init; }

    public static OptimiseDocument Of(OptimiseRun run, TwinSession session, bool points)
    {
        var curve = run.Points;
        var last = curve.IsEmpty ? null : curve[^1];
        return new OptimiseDocument
        {
            Id = run.Id,
            Name = run.Request.Name,
            Status = run.Status.ToString(),
            StartedAt = run.StartedAt,
            From = session.Plant.Scenario.Clock.ToWallClock(run.From),
            BasedOn = run.BasedOn.Version,
            Request = run.Request,
            Batches = run.Best?.Batches.Length ?? 0,
            Incumbent = run.Result?.Objective.Total ?? last?.Incumbent,
            Bound = run.Result?.Bound ?? last?.Bound,
            Gap = last?.Gap,
            Outcome = run.Result?.Outcome.ToString(),
            Error = run.Error,
            AppliedVersion = run.AppliedVersion,
            Objective = run.Result?.Objective.Terms,
            First = run.Result?.First?.Terms,
            Points = points ? curve : null,
        };
    }
}

/// <summary>What applying a schedule would change.</summary>
internal sealed record PreviewDocument
{
    private const int MovesShown = 500;

    public required long Version { get; init; }

    /// <summary>What is in force now.</summary>
    public required string Baseline { get; init; }
    public required string Candidate { get; init; }
    public required int Futures { get; init; }
    public required IEnumerable<FigureDocument> Figures { get; init; }
    public required int Moved { get; init; }
    public required int ToOtherEquipment { get; init; }
    public required IEnumerable<MoveDocument> Moves { get; init; }

    public static PreviewDocument Of(SchedulePreview preview, TwinSession session)
    {
        var (before, after) = (preview.Figures.Variants[0], preview.Figures.Variants[1]);
        var plant = session.Plant;
        return new PreviewDocument
        {
            Version = preview.Version,
            Baseline = before.Name,
            Candidate = after.Name,
            Futures = before.Runs.Length,
            Figures = before.Figures.Zip(after.Figures, (b, a) => new FigureDocument(
                b.Kpi.Key, b.Kpi.Name.En, b.Kpi.ShownUnit(plant.Scenario.Currency), b.Mean, a.Mean, a.Difference?.Mean, a.Difference?.Interval?.HalfWidth, a.Difference?.Verdict.ToString())),
            Moved = preview.Moves.Count,
            ToOtherEquipment = preview.ToOtherEquipment,
            Moves = preview.Moves.Take(MovesShown).Select(m => new MoveDocument(
                plant.JobName(m.Job), plant.Plant.Equipment[m.FromEquipment].Id, plant.Plant.Equipment[m.ToEquipment].Id,
                plant.Scenario.Clock.ToWallClock(m.FromStart), plant.Scenario.Clock.ToWallClock(m.ToStart))),
        };
    }
}

/// <summary>One executed figure before and after.</summary>
/// <param name="HalfWidth">Of the 95 % interval of the difference.</param>
internal sealed record FigureDocument(string Key, string Name, string Unit, double? Before, double? After, double? Difference, double? HalfWidth, string? Verdict);

/// <summary>A job that would run elsewhere or at another time.</summary>
internal sealed record MoveDocument(string Job, string FromEquipment, string ToEquipment, DateTimeOffset FromStart, DateTimeOffset ToStart);
