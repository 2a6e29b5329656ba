using System.Collections.Concurrent;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Training;

/// <summary>Where exercises of one plant are made, played and scored.</summary>
/// <param name="plant">The scenario, without orders added since.</param>
/// <param name="planner">Gives hints and the schedule that attempts are held against; <c>null</c> leaves the dispatch rules alone.</param>
public sealed class TrainingRoom(CompiledScenario plant, TrainingStore store, IPlanner? planner, TimeProvider time)
{
    /// <summary>Attempts that may be played at a time; each holds a plant of its own.</summary>
    public const int MostAtOnce = 64;

    private static readonly TimeSpan s_forgotten = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<string, AttemptSession> _playing = new(StringComparer.Ordinal);

    public TrainingStore Store => store;

    /// <summary>Makes an exercise from a moment: of a replay, of the live plant, of an attempt.</summary>
    /// <param name="draft">What is practised; moment, plant and known orders are filled in.</param>
    /// <param name="view">The moment.</param>
    /// <param name="plannerSeconds">Wall-clock seconds for the schedule that all attempts are held against; 0 for none.</param>
    /// <exception cref="TrainingException">The exercise cannot be as asked.</exception>
    public Exercise Create(Exercise draft, TwinView view, double plannerSeconds, CancellationToken stop = default)
    {
        var state = view.State.Fork();
        state.ResetStatistics(view.Now);
        var policy = new DispatchPolicy { Rule = state.Plant.Scenario.Dispatch, Schedule = view.Schedule.Schedule };
        var begin = new PlantSimulator(state.Plant, policy, new RandomSource(draft.Seed, 0), state);
        var exercise = draft with
        {
            Plant = plant.Scenario.Id, StartMs = view.Now.Milliseconds,
            Added = [.. state.Plant.Scenario.Orders.Skip(plant.Scenario.Orders.Length).Select(o => OrderDocument.Of(o, state.Plant))],
        };
        Check(exercise, state.Plant);
        if (begin.OpenOrders == 0 && exercise.Offers.IsEmpty)
        {
            throw new TrainingException($"nothing is left to do at that moment: all {state.Orders.Length} orders are complete. Maybe begin earlier");
        }

        var world = new TrainingWorld(exercise, begin, [], null);
        store.Keep(exercise, begin, AttemptScorer.Plan(world, planner, plannerSeconds, stop));
        return exercise;
    }

    /// <summary>Makes an exercise from the scenario, as it stands after a time under its own rule with the exercise's luck.</summary>
    /// <inheritdoc cref="Create(Exercise, TwinView, double, CancellationToken)"/>
    public Exercise Create(Exercise draft, SimTime at, double plannerSeconds, CancellationToken stop = default)
    {
        var before = new PlantSimulator(plant, new DispatchPolicy { Rule = plant.Scenario.Dispatch }, new RandomSource(draft.Seed, 0));
        before.RunUntil(at);
        return Create(draft, new TwinView(before.State, 0, 1, before.Now, ScheduleInForce.None, time.GetUtcNow()), plannerSeconds, stop);
    }

    /// <summary>Begins an attempt.</summary>
    /// <exception cref="TrainingException">There is no such exercise, or too many are being played.</exception>
    public AttemptSession Begin(string exerciseId, string trainee)
    {
        var exercise = store.Exercise(exerciseId) ?? throw Unknown(exerciseId);
        return Open(exercise, store.Begin(exercise, trainee, time.GetUtcNow()));
    }

    /// <summary>Goes back: a new attempt that has the same behind it up to a moment of another, and another future.</summary>
    /// <param name="back">How far before where the other stands, > 0; at most to its beginning.</param>
    /// <exception cref="TrainingException">There is no such attempt, or too many are being played.</exception>
    public AttemptSession Backtrack(string attemptId, Duration back, string trainee)
    {
        var other = (Find(attemptId) ?? throw new TrainingException($"attempt '{attemptId}' does not exist")).Attempt;
        var exercise = store.Exercise(other.Exercise) ?? throw Unknown(other.Exercise);
        var to = Math.Max(exercise.StartMs, other.NowMs - (back > Duration.Zero ? back : throw new TrainingException("a way back is longer than 0. Maybe 30 minutes")).Milliseconds);
        var begun = store.Begin(exercise, trainee, time.GetUtcNow()) with { Entries = [.. other.Entries.Where(e => e.AtMs <= to)], NowMs = to, BackFrom = other.Id };
        var session = Open(exercise, begun);
        session.Save();
        return session;
    }

    /// <summary>An attempt to go on with: the one being played, or one that was kept; <c>null</c> when there is none.</summary>
    public AttemptSession? Find(string attemptId) =>
        _playing.TryGetValue(attemptId, out var playing) ? playing
        : store.Attempt(attemptId) is { } kept ? Open(store.Exercise(kept.Exercise) ?? throw Unknown(kept.Exercise), kept) : null;

    /// <summary>An attempt that is being played in this process, or <c>null</c>.</summary>
    public AttemptSession? Playing(string attemptId) => _playing.GetValueOrDefault(attemptId);

    /// <summary>Finishes an attempt where it is not yet, scores it and keeps the score.</summary>
    /// <exception cref="TrainingException">There is no such attempt.</exception>
    public Attempt Score(string attemptId, ScoreOptions? options = null, CancellationToken stop = default)
    {
        var session = Find(attemptId) ?? throw new TrainingException($"attempt '{attemptId}' does not exist");
        if (!session.Attempt.Finished)
        {
            session.Finish();
        }

        var scorer = new AttemptScorer(session.Exercise, store.Begin(session.Exercise), store.ReferenceOf(session.Exercise), planner, options ?? new ScoreOptions(), stop);
        var scored = session.Attempt with { Score = scorer.Score(session.Attempt) };
        store.Keep(scored);
        _playing.TryRemove(attemptId, out _);
        return scored;
    }

    private AttemptSession Open(Exercise exercise, Attempt attempt)
    {
        foreach (var (id, session) in _playing)
        {
            var forgotten = session.Idle > s_forgotten;
            if (forgotten)
            {
                session.Save(); // it can be taken up again
            }

            if (forgotten || session.Attempt.Finished)
            {
                _playing.TryRemove(id, out _);
            }
        }

        return _playing.Count < MostAtOnce
            ? _playing.GetOrAdd(attempt.Id, _ => new AttemptSession(exercise, store.Begin(exercise), attempt, planner, time, store.Keep))
            : throw new TrainingException($"{MostAtOnce} attempts are being played already. Maybe finish one");
    }

    private TrainingException Unknown(string id) => new(store.Exercises is { Count: > 0 } all
        ? $"exercise '{id}' does not exist. Maybe one of {string.Join(", ", all.Select(e => e.Id))}" : $"exercise '{id}' does not exist; there is none yet");

    private void Check(Exercise exercise, CompiledScenario grown)
    {
        if (!TrainingStore.IsName(exercise.Id))
        {
            throw new TrainingException($"'{exercise.Id}' cannot name an exercise: use letters, digits and hyphens, at most 60");
        }

        if (store.Exercise(exercise.Id) is not null)
        {
            throw new TrainingException($"exercise '{exercise.Id}' exists already. Maybe give another name");
        }

        if (exercise.LengthMs <= 0)
        {
            throw new TrainingException("an exercise takes some time. Maybe 8 hours");
        }

        var names = new PlantNames(grown);
        foreach (var fault in exercise.Faults)
        {
            if (names.Equipment(fault.Equipment) < 0 || fault.AtMs < 0 || fault.LengthMs <= 0)
            {
                throw new TrainingException($"fault on '{fault.Equipment}': the machine must be in the plant, the moment not before the beginning, the length above 0");
            }
        }

        foreach (var offer in exercise.Offers)
        {
            if (offer.Order.Read(names, new SimTime(exercise.StartMs + offer.AtMs), out var problem) is null)
            {
                throw new TrainingException($"rush order '{offer.Order.Id}': {problem}");
            }
        }

        foreach (var target in exercise.Goals.Concat(exercise.Limits))
        {
            if (KpiCatalogue.Find(target.Kpi) is null || (target.AtMost is null && target.AtLeast is null))
            {
                throw new TrainingException($"'{target.Kpi}' is no key figure, or has no bound. Maybe one of {string.Join(", ", KpiCatalogue.Plant.Take(12).Select(k => k.Key))} …");
            }
        }
    }
}

/// <summary>The training rooms of a process, one per plant.</summary>
/// <param name="folder">Data folder; exercises of a plant are in <c>PLANT/training</c>.</param>
public sealed class TrainingService(SessionRegistry sessions, IPlanner planner, TimeProvider time, string folder)
{
    private readonly ConcurrentDictionary<string, TrainingRoom> _rooms = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The room of a plant that is served, or <c>null</c>.</summary>
    public TrainingRoom? Of(string plantId) => sessions.Find(plantId) is not { } session ? null
        : _rooms.GetOrAdd(session.Id, id => new TrainingRoom(session.Original, new TrainingStore(session.Original, Path.Combine(folder, id, "training")), planner, time));
}
