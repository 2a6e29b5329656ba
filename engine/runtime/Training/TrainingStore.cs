using System.Globalization;
using System.Text.Json;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Replay;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Training;

/// <summary>Exercises and attempts of one plant on disk.</summary>
/// <remarks><c>exercises/ID.json</c> is the exercise, <c>ID.snapshot</c> the plant at its beginning, <c>ID.plan.json</c> what the planner found from there;
/// <c>attempts/N.json</c> is one attempt. Every file is replaced as a whole.</remarks>
/// <param name="plant">The scenario, without orders added since.</param>
/// <param name="folder">Made when needed.</param>
public sealed class TrainingStore(CompiledScenario plant, string folder)
{
    private readonly Lock _gate = new();

    /// <summary>Exercises by id.</summary>
    public IReadOnlyList<Exercise> Exercises => [.. Files("exercises").Where(f => !f.EndsWith(".plan.json", StringComparison.Ordinal)).Select(Read<Exercise>).OrderBy(e => e.Id, StringComparer.Ordinal)];

    /// <summary>Attempts in the order of their numbers.</summary>
    public IReadOnlyList<Attempt> Attempts => [.. Files("attempts").Select(Read<Attempt>).OrderBy(a => a.Id.Length).ThenBy(a => a.Id, StringComparer.Ordinal)];

    /// <summary>An exercise, or <c>null</c>.</summary>
    public Exercise? Exercise(string id) => IsName(id) && File.Exists(ExercisePath(id, ".json")) ? Read<Exercise>(ExercisePath(id, ".json")) : null;

    /// <summary>An attempt, or <c>null</c>.</summary>
    public Attempt? Attempt(string id) => IsName(id) && File.Exists(AttemptPath(id)) ? Read<Attempt>(AttemptPath(id)) : null;

    /// <summary>Keeps an attempt.</summary>
    public void Keep(Attempt attempt)
    {
        lock (_gate)
        {
            WholeFile.Write(AttemptPath(attempt.Id), JsonSerializer.SerializeToUtf8Bytes(attempt, KeptJson.Options));
        }
    }

    /// <summary>Begins an attempt under a number of its own.</summary>
    public Attempt Begin(Exercise exercise, string trainee, DateTimeOffset at)
    {
        lock (_gate)
        {
            var last = Files("attempts").Select(f => int.TryParse(Path.GetFileNameWithoutExtension(f), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).DefaultIfEmpty().Max();
            var attempt = new Attempt
            {
                Id = (last + 1).ToString(CultureInfo.InvariantCulture), Exercise = exercise.Id, Trainee = trainee, Begun = at, NowMs = exercise.StartMs, EventHash = "",
            };
            WholeFile.Write(AttemptPath(attempt.Id), JsonSerializer.SerializeToUtf8Bytes(attempt, KeptJson.Options));
            return attempt;
        }
    }

    /// <summary>Whether a word can name an exercise: 1–60 letters, digits, hyphens.</summary>
    public static bool IsName(string id) => id.Length is > 0 and <= 60 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    internal void Keep(Exercise exercise, PlantSimulator begin, Reference reference)
    {
        Directory.CreateDirectory(Path.Combine(folder, "exercises"));
        SnapshotFile.Write(ExercisePath(exercise.Id, ".snapshot"), new RunInProgress(begin, new EventHash()));
        var plan = new KeptPlan(reference.Word, reference.Schedule is { } s ? ScheduleDocument.Of(s, 1, "planner", begin.State.Plant) : null);
        WholeFile.Write(ExercisePath(exercise.Id, ".plan.json"), JsonSerializer.SerializeToUtf8Bytes(plan, KeptJson.Options));
        WholeFile.Write(ExercisePath(exercise.Id, ".json"), JsonSerializer.SerializeToUtf8Bytes(exercise, KeptJson.Options)); // last: then it is there as a whole
    }

    /// <summary>The plant at the beginning of an exercise.</summary>
    internal PlantSimulator Begin(Exercise exercise)
    {
        try
        {
            return SnapshotFile.Read(ExercisePath(exercise.Id, ".snapshot"), With(exercise)).Simulator;
        }
        catch (Exception e) when (e is SnapshotException or IOException)
        {
            throw new TrainingException($"exercise '{exercise.Id}' cannot be begun: {e.Message}", e);
        }
    }

    internal Reference ReferenceOf(Exercise exercise)
    {
        var kept = File.Exists(ExercisePath(exercise.Id, ".plan.json")) ? Read<KeptPlan>(ExercisePath(exercise.Id, ".plan.json")) : new KeptPlan(null, null);
        var problems = new List<string>();
        var schedule = kept.Schedule?.Read(new PlantNames(With(exercise)), problems);
        return problems.Count == 0 ? new Reference(schedule, kept.Word) : throw new TrainingException($"the plan of exercise '{exercise.Id}' does not fit its scenario: {problems[0]}");
    }

    private CompiledScenario With(Exercise exercise)
    {
        if (exercise.Added.IsDefaultOrEmpty)
        {
            return plant;
        }

        var names = new PlantNames(plant);
        return plant.WithOrders(exercise.Added.Select(o => o.Read(names, SimTime.Zero, out var problem)
            ?? throw new TrainingException($"order '{o.Id}' of exercise '{exercise.Id}' does not fit the scenario: {problem}")));
    }

    private IEnumerable<string> Files(string kind)
    {
        var path = Path.Combine(folder, kind);
        return Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json") : [];
    }

    private string ExercisePath(string id, string ending) => Path.Combine(folder, "exercises", id + ending);

    private string AttemptPath(string id) => Path.Combine(folder, "attempts", id + ".json");

    private static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), KeptJson.Options) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new TrainingException($"{path}: it cannot be read: {e.Message} Maybe move it aside, or take it from a backup.", e);
        }
    }

    private sealed record KeptPlan(SolverWord? Word, ScheduleDocument? Schedule);
}
