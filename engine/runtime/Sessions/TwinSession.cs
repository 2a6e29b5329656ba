using System.Diagnostics;
using System.Threading.Channels;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.History;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>The live twin of one plant.</summary>
/// <remarks>
/// One writer: observations and commands wait in a bounded queue and enter at step boundaries. A step folds everything that waits,
/// writes it to the journal in one commit, and only then are senders answered and viewers told. Readers get forks (<see cref="View"/>).
/// All public members are safe for concurrent callers.
/// </remarks>
public sealed partial class TwinSession : IPlantView, IAsyncDisposable
{
    private const int StepWeight = 20_000;

    private volatile CompiledScenario _base;
    private readonly TwinSessionOptions _options;
    private readonly IJournal _journal;
    private readonly Channel<SessionCommand> _queue;
    private readonly Task _writer;
    private readonly Task _scrub;
    private readonly CancellationTokenSource _closing = new();
    private readonly FoldKeeper _keeper;
    private readonly Lock _gate = new(); // held by the writer from the first fold of a step to its commit, and by readers while they fork
    private volatile SessionFold _fold;
    private volatile TwinView _view;
    private volatile TaskCompletionSource _changed = NewSignal();
    private volatile string? _fault;
    private volatile PlantForecast _forecast = PlantForecast.None;
    private long _version;
    private long _commanded; // the version at the latest command answered
    private bool _torn; // the fold is ahead of the journal; guarded by the gate
    private readonly List<UInt128> _tornIds = []; // of what is ahead
    private long _clock = -1;
    private long _lastObserved; // UTC ticks; 0 never
    private long _accepted;
    private long _duplicates;
    private long _steps;
    private long _lastCommitTicks;

    /// <summary>Opens a session: whatever its journal remembers is folded first.</summary>
    /// <exception cref="JournalException">The journal cannot be used; the message says why and the way out.</exception>
    public TwinSession(CompiledScenario plant, TwinSessionOptions? options = null)
    {
        _base = plant;
        _options = options ?? new TwinSessionOptions();
        Id = plant.Scenario.Id;
        _journal = _options.OpenJournal(Fingerprint.Of(plant.Scenario));
        _keeper = new FoldKeeper(plant, _journal, _options);
        try
        {
            _fold = Restored();
        }
        catch
        {
            _journal.Dispose();
            throw;
        }

        Past = new SessionHistory(_journal, _keeper, () => Run, _options.Time);

        // Versions rise over restarts, so that a viewer's version from before one is never taken for a current one.
        _version = _options.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        _view = Fork();
        _queue = Channel.CreateBounded<SessionCommand>(new BoundedChannelOptions(_options.QueueLimit) { SingleReader = true });
        _writer = Task.Run(WriteAsync);
        _scrub = Task.Run(ScrubAsync);
    }

    /// <summary>The scenario's id: the name of the plant in every door.</summary>
    public string Id { get; }

    /// <summary>The scenario as it was opened, without the orders added since.</summary>
    public CompiledScenario Original => _base;

    /// <summary>The plant with all orders added so far.</summary>
    public CompiledScenario Plant => _fold.Names.Plant;

    /// <summary>Looks things up by name, orders added so far included.</summary>
    public PlantNames Names => _fold.Names;

    /// <summary>Rises with every step; also over restarts. Opaque otherwise.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Which run this is: 1, and one more each time the session was started over.</summary>
    public int Run { get; private set; } = 1;

    /// <summary>Plant time: of the latest event or clock observation.</summary>
    public SimTime Now => View().Now;

    /// <summary>When the latest delivery came in; <c>null</c> before the first.</summary>
    public DateTimeOffset? LastObservedAt => Interlocked.Read(ref _lastObserved) is > 0 and var t ? new DateTimeOffset(t, TimeSpan.Zero) : null;

    /// <summary>No delivery for longer than <see cref="TwinSessionOptions.StaleAfter"/>, or none at all: what is shown is the last known state.</summary>
    public bool IsStale => LastObservedAt is not { } last || _options.Time.GetUtcNow() - last > _options.StaleAfter;

    /// <summary>Neither stale nor faulted.</summary>
    public bool IsAlive => Fault is null && !IsStale;

    /// <summary>Why nothing can be taken in now (the journal cannot be written); <c>null</c> when all is well.</summary>
    public string? Fault => _fault;

    /// <summary>A word for people about the session's run (why it started over); empty when there is nothing to say.</summary>
    public string Note { get; private set; } = "";

    /// <summary>The latest forecast; refreshed in the background, so it may be some seconds behind.</summary>
    public PlantForecast Forecast
    {
        get => _forecast;
        internal set => _forecast = value;
    }

    /// <summary>The past of the present run: any moment, and what happened between two.</summary>
    public ISessionHistory Past { get; }

    /// <summary>Whether it may be started over from the epoch.</summary>
    public bool MayStartOver => _options.MayStartOver;

    /// <summary>How the session fares.</summary>
    public SessionStatistics Statistics => new()
    {
        Accepted = Interlocked.Read(ref _accepted),
        Duplicates = Interlocked.Read(ref _duplicates),
        Refused = _fold.MarkedCount,
        Steps = Interlocked.Read(ref _steps),
        Waiting = _queue.Reader.Count,
        QueueLimit = _options.QueueLimit,
        JournalRows = _journal.Count,
        SavedFolds = _journal.Snapshots.Count(s => s.HasFold),
        LastCommit = TimeSpan.FromTicks(Interlocked.Read(ref _lastCommitTicks)),
    };

    /// <summary>The session now, or at most <see cref="TwinSessionOptions.SnapshotAge"/> ago, but never as it was before a command that has been
    /// answered: whoever commands sees what came of it.</summary>
    public TwinView View()
    {
        var view = _view;
        if (view.Version == Version || (view.Version >= Interlocked.Read(ref _commanded) && _options.Time.GetUtcNow() - view.TakenAt <= _options.SnapshotAge))
        {
            return view;
        }

        lock (_gate)
        {
            return _view.Version == _version || _torn ? _view : _view = Fork();
        }
    }

    /// <summary>The state of <see cref="View"/>.</summary>
    public PlantState Snapshot() => View().State;

    /// <summary>Executed and running bars that touch a time range, by equipment.</summary>
    /// <param name="equipment">Only these; <c>null</c> for all.</param>
    /// <param name="limit">Bars at most, ≥ 1.</param>
    public BarPage History(SimTime from, SimTime to, IReadOnlyList<int>? equipment = null, int limit = 50_000)
    {
        lock (_gate)
        {
            return _fold.History.Query(_fold.State, from, to, equipment, limit);
        }
    }

    /// <summary>The latest refused observations, newest first.</summary>
    public IReadOnlyList<MarkedObservation> Refused(int limit = 100)
    {
        lock (_gate)
        {
            return [.. _fold.Marked.Reverse().Take(limit)];
        }
    }

    /// <summary>Waits until the version is beyond <paramref name="sinceVersion"/>.</summary>
    /// <returns>The version then.</returns>
    public async Task<long> WaitForChangeAsync(long sinceVersion, CancellationToken cancellation = default)
    {
        while (true)
        {
            var signal = _changed.Task;
            if (Version is var version && version > sinceVersion)
            {
                return version;
            }

            await signal.WaitAsync(cancellation);
        }
    }

    /// <summary>Takes in no more, finishes what waits, closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
        {
            await _writer;
            await _closing.CancelAsync();
            await _scrub;
            SaveLast();
            _journal.Dispose();
            _closing.Dispose();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TwinView Fork()
    {
        var state = _fold.State.Fork();
        var now = SimTime.Max(state.Now, new SimTime(_clock));
        state.AdvanceTo(now);
        return new TwinView(state, _version, Run, now, _fold.InForce, _options.Time.GetUtcNow()) { Alarms = _alarms };
    }

    private async Task WriteAsync()
    {
        var commands = new List<SessionCommand>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            commands.Clear();
            for (var weight = 0; weight < StepWeight && _queue.Reader.TryRead(out var command); weight += command.Weight)
            {
                commands.Add(command);
            }

            Step(commands);
        }
    }

    /// <summary>Folds, commits, then tells: in this order.</summary>
    private void Step(List<SessionCommand> commands)
    {
        Exception? failure = null;
        using var span = TwinTelemetry.Source.StartActivity("twin.step")?.SetTag("plant", Id).SetTag("commands", commands.Count);
        lock (_gate)
        {
            SessionStep? step = null;
            JournalSnapshot? saved = null;
            try
            {
                Mend();
                saved = _keeper.Ready();
                step = new SessionStep(_fold, _journal, _version + 1);
                commands.RemoveAll(command => !Ran(command, step));
                var began = Stopwatch.GetTimestamp();
                step.Commit(saved);
                saved = null;
                _keeper.Take(_fold, _fold.Row, step.Written);
                Interlocked.Exchange(ref _lastCommitTicks, Stopwatch.GetElapsedTime(began).Ticks);
                Interlocked.Increment(ref _version);
                Interlocked.Increment(ref _steps);
                _fault = null;
            }
            catch (Exception e)
            {
                failure = e as JournalUnavailableException ?? new JournalUnavailableException($"the journal of '{Id}' cannot be written: {e.Message} Maybe the disk is full; nothing of this delivery was kept, send it again.", e);
                _fault = failure.Message;
                _keeper.Again(saved);
                GoBack(step);
            }

            Tell(step?.Committed);
        }

        foreach (var command in commands)
        {
            if (failure is null)
            {
                command.Complete();
            }
            else
            {
                command.Fail(failure);
            }
        }

        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    private static bool Ran(SessionCommand command, SessionStep step)
    {
        try
        {
            command.Run(step);
            return true;
        }
        catch (Exception e) when (e is not JournalUnavailableException)
        {
            command.Fail(e);
            return false;
        }
    }

    private async Task<T> CommandAsync<T>(Func<SessionStep, T> run, int weight, CancellationToken cancellation)
    {
        var result = await EnqueueAsync(run, weight, cancellation);
        var now = Version;
        for (var known = Interlocked.Read(ref _commanded); known < now;)
        {
            known = Interlocked.CompareExchange(ref _commanded, now, known) is var found && found == known ? now : found;
        }

        return result;
    }

    private async Task<T> EnqueueAsync<T>(Func<SessionStep, T> run, int weight, CancellationToken cancellation)
    {
        var command = new SessionCommand<T>(run, weight);
        try
        {
            await _queue.Writer.WriteAsync(command, cancellation);
        }
        catch (ChannelClosedException e)
        {
            throw new JournalUnavailableException($"the session '{Id}' is closed.", e);
        }

        return await command.Done;
    }
}
