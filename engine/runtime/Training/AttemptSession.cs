using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Training;

/// <summary>An attempt being played: the plant goes on by simulation, the trainee decides, time goes on when asked to.</summary>
/// <remarks>Looked at like a live plant (<see cref="IPlantView"/>). Everything that comes in is written down in the attempt before it is answered.
/// Safe for concurrent callers.</remarks>
public sealed class AttemptSession : IPlantView
{
    /// <summary>Fastest pace at which time goes on by itself.</summary>
    public const double FastestSpeed = 3600;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Recorder _recorder;
    private readonly TrainingWorld _world;
    private readonly IPlanner? _planner;
    private readonly Action<Attempt> _keep;
    private Attempt _attempt;
    private TwinView? _view;
    private long _version;
    private (long State, SimTime Now, int Entries) _shown;
    private double _speed; // 0 stands still
    private long _looked;
    private long _last;

    /// <summary>Begins an attempt, or takes one up again: its entries are done again and give the same.</summary>
    /// <param name="keep">Keeps the attempt on disk.</param>
    /// <exception cref="TrainingException">What was kept cannot be done again as it was: the exercise has changed.</exception>
    internal AttemptSession(Exercise exercise, PlantSimulator begin, Attempt attempt, IPlanner? planner, TimeProvider time, Action<Attempt> keep)
    {
        (Exercise, _attempt, _planner, _time, _keep, _looked) = (exercise, attempt, planner, time, keep, time.GetTimestamp());
        _recorder = new Recorder(begin.State);
        _world = new TrainingWorld(exercise, begin, [], _recorder);
        _recorder.World = _world;
        _version = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        foreach (var entry in attempt.Entries)
        {
            _world.AdvanceTo(new SimTime(entry.AtMs));
            Do(entry);
        }

        _world.AdvanceTo(new SimTime(attempt.NowMs));
        if (attempt.EventHash.Length > 0 && attempt.EventHash != Hash)
        {
            throw new TrainingException($"attempt {attempt.Id} of exercise '{exercise.Id}' gives other events now than when it was kept. The exercise or the program has changed since; its score stands, but it cannot be gone on with.");
        }
    }

    public Exercise Exercise { get; }

    public string Id => $"{Exercise.Plant}/attempts/{_attempt.Id}";

    /// <summary>The attempt so far.</summary>
    public Attempt Attempt => Under(() => _attempt);

    public long Version => Under(Moved);

    public PlantNames Names => Under(() => _world.Names);

    public string? Fault => null;

    /// <summary>How long nobody has looked at it or told it anything.</summary>
    internal TimeSpan Idle => _time.GetElapsedTime(Interlocked.Read(ref _looked));

    public bool IsStale => false;

    public SimTime Now => Under(() => _world.Now);

    public bool Playing => Under(() => _speed > 0);

    /// <summary>Rush orders that wait for an answer.</summary>
    public IReadOnlyList<OpenOffer> Offers => Under<IReadOnlyList<OpenOffer>>(() => [.. _world.Open]);

    /// <summary>Rule for what is on no board.</summary>
    public Plant.Model.DispatchRule Rule => Under(() => _world.Rule);

    public TwinView View() => Under(Draw);

    public BarPage History(SimTime from, SimTime to, IReadOnlyList<int>? equipment = null, int limit = 50_000) =>
        Under(() => _recorder.History.Query(_world.State, from, to, equipment, limit));

    public async Task<long> WaitForChangeAsync(long sinceVersion, CancellationToken cancellation = default)
    {
        while (true)
        {
            if (Version is var version && version > sinceVersion)
            {
                return version;
            }

            await Task.Delay(Look, _time, cancellation);
        }
    }

    /// <summary>Time goes on by itself, <paramref name="speed"/> plant seconds per second, until it is paused or the exercise ends; 0 pauses.</summary>
    public void Play(double speed) => Under(() =>
    {
        _speed = speed is >= 0 and <= FastestSpeed ? speed : throw new TrainingException($"time goes on at 0 (paused) to {FastestSpeed:0} times, not {speed}");
        _last = _time.GetTimestamp();
        return true;
    });

    /// <summary>Lets time go on by a length, at most to the end of the exercise.</summary>
    /// <param name="stopAtNews">Stops early where a machine breaks or a rush order is asked for.</param>
    public SimTime Advance(Duration by, bool stopAtNews = false) => Under(() =>
    {
        if (by < Duration.Zero)
        {
            throw new TrainingException("time does not go back in an attempt. Maybe begin another one");
        }

        var target = SimTime.Min(_world.Now + by, Exercise.End);
        _recorder.Broke = false;
        var offers = _world.Open.Count;
        while (_world.Now < target)
        {
            _world.AdvanceTo(stopAtNews ? SimTime.Min(target, _world.Now + Duration.FromMinutes(1)) : target);
            if (stopAtNews && (_recorder.Broke || _world.Open.Count > offers))
            {
                break;
            }
        }

        Keep();
        return _world.Now;
    });

    /// <summary>Does what the trainee decides, now.</summary>
    /// <exception cref="TrainingException">It is not possible; nothing has changed.</exception>
    public void Decide(Decision decision) => Enter(new AttemptEntry(Now.Milliseconds, decision));

    /// <summary>Breaks a machine, or calls for its maintenance, now: for an instructor.</summary>
    /// <exception cref="TrainingException">There is no such machine.</exception>
    public void Inject(string equipment, Duration length, Plant.Model.DisturbanceKind kind)
    {
        if (Names.Equipment(equipment) < 0 || length <= Duration.Zero)
        {
            throw new TrainingException($"equipment '{equipment}' is not in the plant, or the fault takes no time");
        }

        var now = Now.Milliseconds;
        Enter(new AttemptEntry(now, Fault: new ScriptedFault(now - Exercise.StartMs, equipment, length.Milliseconds, kind)));
    }

    /// <summary>What the planner would do here: the batches it would begin next. Costs a point, also when it has nothing to say.</summary>
    /// <param name="seconds">Wall-clock seconds it may think, > 0.</param>
    /// <exception cref="TrainingException">No more hints are allowed.</exception>
    public string Hint(double seconds, int lines = 5, CancellationToken stop = default)
    {
        var world = Under(() =>
            _attempt.Hints < Exercise.HintsAllowed ? _world.Fork() : throw new TrainingException($"all {Exercise.HintsAllowed} hints of this exercise are used up"));
        var plan = AttemptScorer.Plan(world, _planner, Math.Clamp(seconds, 0.1, 60), stop).Schedule;
        var clock = world.State.Plant.Scenario.Clock;
        var next = plan?.Batches.Where(b => b.Jobs.All(j => world.State.Jobs[j].Status is JobStatus.Waiting or JobStatus.Ready)).OrderBy(b => b.SetupStart).ThenBy(b => b.Equipment.Index).Take(lines) ?? [];
        var text = string.Join("\n", next.Select(b => string.Create(
            CultureInfo.InvariantCulture,
            $"{clock.ToWallClock(b.SetupStart):HH:mm} {world.State.Plant.Plant.Equipment[b.Equipment].Id} ← {string.Join(" + ", b.Jobs.Select(j => world.State.Plant.JobName(j)))}")));
        text = text.Length > 0 ? text : "the planner sees nothing to begin";
        Enter(new AttemptEntry(Now.Milliseconds, Hint: text));
        return text;
    }

    /// <summary>Lets the exercise run to its end; nothing can be decided after that.</summary>
    public void Finish() => Under(() =>
    {
        _world.AdvanceTo(Exercise.End);
        _attempt = _attempt with { Finished = true };
        Keep();
        return true;
    });

    /// <summary>Writes down how far it has come.</summary>
    internal void Save() => Under(() =>
    {
        Keep();
        return true;
    });

    private void Enter(AttemptEntry entry) => Under(() =>
    {
        if (_attempt.Finished || _world.Now >= Exercise.End)
        {
            throw new TrainingException($"attempt {_attempt.Id} is over. Maybe begin another one");
        }

        entry = entry with { AtMs = _world.Now.Milliseconds, Fault = entry.Fault is { } f ? f with { AtMs = _world.Now.Milliseconds - Exercise.StartMs } : null };
        Do(entry);
        _attempt = _attempt with { Entries = _attempt.Entries.Add(entry) };
        Keep();
        return true;
    });

    private void Do(AttemptEntry entry)
    {
        if (entry.Decision is { } decision)
        {
            _world.Decide(decision);
        }
        else if (entry.Fault is { } fault)
        {
            _world.Inject(fault);
        }
    }

    private void Keep()
    {
        _attempt = _attempt with { NowMs = _world.Now.Milliseconds, EventHash = Hash };
        _keep(_attempt);
    }

    private string Hash => _recorder.Hash.Value.ToString("x16", CultureInfo.InvariantCulture);

    private T Under<T>(Func<T> look)
    {
        Interlocked.Exchange(ref _looked, _time.GetTimestamp());
        lock (_gate)
        {
            if (_speed > 0)
            {
                var elapsed = Math.Min(5000, _time.GetElapsedTime(_last).TotalMilliseconds);
                _last = _time.GetTimestamp();
                _world.AdvanceTo(SimTime.Min(_world.Now + Duration.FromMilliseconds(elapsed * _speed), Exercise.End));
                _speed = _world.Now >= Exercise.End ? 0 : _speed;
                _attempt = _attempt with { NowMs = _world.Now.Milliseconds, EventHash = Hash };
            }

            return look();
        }
    }

    private long Moved()
    {
        var shown = (_world.State.Version, _world.Now, _attempt.Entries.Length);
        _version += _shown == shown ? 0 : 1;
        _shown = shown;
        return _version;
    }

    private TwinView Draw()
    {
        if (_view is null || _view.Version != Moved())
        {
            var board = _world.Board is { } b ? new ScheduleInForce(b, _attempt.Entries.Length, _attempt.Trainee) : ScheduleInForce.None;
            _view = new TwinView(_world.State.Fork(), Moved(), 1, _world.Now, board, _time.GetUtcNow());
        }

        return _view;
    }

    /// <summary>Hash and bars of everything that happens.</summary>
    private sealed class Recorder(PlantState begin) : IPlantEventSink
    {
        public HistoryBook History { get; } = new(begin.Equipment.Length);

        public EventHash Hash { get; } = new();

        public TrainingWorld? World { get; set; }

        public bool Broke { get; set; }

        public void On(in PlantEvent e)
        {
            Hash.On(e);
            Broke |= e.Kind == PlantEventKind.EquipmentDown;
            History.On(e, World?.State ?? begin);
        }
    }
}
