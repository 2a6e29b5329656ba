using System.Text.Json;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Runtime.Floor;

/// <summary>A command cannot be given: why, and what can.</summary>
public sealed class FloorRefusedException : Exception
{
    public FloorRefusedException()
    {
    }

    public FloorRefusedException(string message)
        : base(message)
    {
    }

    public FloorRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>The commands of one plant: given, kept, sent in order per job, answered. Safe for concurrent callers.</summary>
public sealed class FloorDesk : IAsyncDisposable
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Lock _gate = new();
    private readonly FloorOutbox _outbox;
    private readonly TimeProvider _time;
    private readonly string? _settingsFile;
    private readonly Func<string, FloorSettings, IFloorDoor?> _open;
    private readonly string _plantId;
    private IFloorDoor? _door;

    /// <param name="folder">Of outbox and settings; <c>null</c> keeps them in memory.</param>
    /// <param name="open">Opens the way to the floor by settings; <c>null</c> when there is none.</param>
    public FloorDesk(string plantId, string? folder, Func<string, FloorSettings, IFloorDoor?> open, TimeProvider time)
    {
        (_plantId, _open, _time) = (plantId, open, time);
        _settingsFile = folder is null ? null : Path.Combine(folder, "floor.json");
        _outbox = new FloorOutbox(folder is null ? null : Path.Combine(folder, "floor.db"));
        Settings = _settingsFile is not null && File.Exists(_settingsFile) ? JsonSerializer.Deserialize(File.ReadAllBytes(_settingsFile), FloorJson.Default.FloorSettings) ?? new() : new();
        _door = open(plantId, Settings);
    }

    public FloorSettings Settings { get; private set; }

    /// <summary>Commands that are not over.</summary>
    public int Waiting => _outbox.Waiting().Count;

    /// <summary>The latest first.</summary>
    public IReadOnlyList<FloorCommand> Latest(int limit = 200) => _outbox.Latest(limit);

    /// <summary>A command by its id, or <c>null</c>.</summary>
    public FloorCommand? Find(string id) => _outbox.Find(id);

    /// <summary>Another way to the floor, from now on and after a restart. A token that is left out stays.</summary>
    /// <exception cref="ArgumentException">It is out of range.</exception>
    public async Task SetAsync(FloorSettings settings)
    {
        if (settings.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(settings));
        }

        settings = settings.Token is null && settings.Url == Settings.Url ? settings with { Token = Settings.Token } : settings;
        await _sending.WaitAsync();
        try
        {
            if (_settingsFile is not null)
            {
                await File.WriteAllBytesAsync(_settingsFile + ".part", JsonSerializer.SerializeToUtf8Bytes(settings, FloorJson.Default.FloorSettings));
                File.Move(_settingsFile + ".part", _settingsFile, overwrite: true);
            }

            await (_door?.DisposeAsync() ?? ValueTask.CompletedTask);
            (Settings, _door) = (settings, _open(_plantId, settings));
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Takes a command: on return it is on disk and will be sent. The same id again gives the same command.</summary>
    /// <exception cref="FloorRefusedException">The verb does not fit the job, or the id stands for another command.</exception>
    public FloorCommand Give(TwinSession session, string id, FloorVerb verb, string job, string equipment, string by)
    {
        if (id.Length is 0 or > 100)
        {
            throw new FloorRefusedException("a command needs an id of 1 to 100 characters");
        }

        lock (_gate)
        {
            if (_outbox.Find(id) is { } known)
            {
                return (known.Verb, known.Job, known.Equipment) == (verb, job, equipment) ? known
                    : throw new FloorRefusedException($"id '{id}' stands for {known.Verb} of {known.Job} already. Maybe choose another");
            }

            var index = session.Names.Job(job);
            var problem = _door is null ? "no way to the floor is set. Maybe set one: PUT …/floor"
                : index < 0 ? $"job '{job}' does not exist. Maybe write order/lot/operation"
                : equipment.Length > 0 && session.Names.Equipment(equipment) < 0 ? $"equipment '{equipment}' does not exist"
                : JobOrderLifecycle.Problem(JobOrderLifecycle.Of(session.View().State.Jobs[index], MayStart(job)), verb);
            if (problem is not null)
            {
                throw new FloorRefusedException(problem);
            }

            var now = _time.GetUtcNow();
            return _outbox.Add(new FloorCommand { Id = id, Verb = verb, Job = job, Equipment = equipment, By = by, GivenAt = now, NotBefore = now });
        }
    }

    /// <summary>Takes a command back that was not sent yet; <c>null</c> when it is too late.</summary>
    public FloorCommand? Withdraw(string id)
    {
        lock (_gate)
        {
            return _outbox.Find(id) is { } command ? Move(command, FloorCommandTrigger.Withdraw, "") : null;
        }
    }

    /// <summary>Sends what is due, the first of each job. One caller at a time sends.</summary>
    public async Task SendDueAsync(CancellationToken cancellation = default)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            var now = _time.GetUtcNow();
            foreach (var command in _outbox.Waiting().GroupBy(c => c.Job, StringComparer.Ordinal).Select(g => g.First()).Where(c => c.NotBefore <= now))
            {
                if (_door is not null)
                {
                    await SendAsync(_door, command, cancellation);
                }
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sending.WaitAsync();
        await (_door?.DisposeAsync() ?? ValueTask.CompletedTask);
        _outbox.Dispose();
        _sending.Dispose();
    }

    private async Task SendAsync(IFloorDoor door, FloorCommand command, CancellationToken cancellation)
    {
        FloorCommand sent;
        lock (_gate)
        {
            if (_outbox.Find(command.Id) is not { } fresh || Move(fresh with { Attempts = fresh.Attempts + 1 }, FloorCommandTrigger.Send, "") is not { } moved)
            {
                return; // withdrawn meanwhile
            }

            sent = moved;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(Settings.TimeoutSeconds));
        try
        {
            var answer = await door.SendAsync(new FloorMessage(sent.Id, _plantId, sent.Verb, sent.Job, sent.Equipment, sent.By, sent.GivenAt), timeout.Token);
            Move(sent, answer.Accepted ? FloorCommandTrigger.Acknowledge : FloorCommandTrigger.Refuse, answer.Reason);
        }
        catch (Exception e) when (e is FloorUnreachableException or OperationCanceledException)
        {
            // The floor may have done it all the same: the next try bears the same id.
            var why = e is FloorUnreachableException ? e.Message : cancellation.IsCancellationRequested ? "the twin stopped before the floor answered" : $"no answer within {Settings.TimeoutSeconds:0.#} s";
            var pause = TimeSpan.FromSeconds(Math.Min(s_longestPause.TotalSeconds, Math.Pow(2, sent.Attempts - 1)));
            var last = sent.Attempts >= Settings.Attempts && !cancellation.IsCancellationRequested;
            Move(sent with { NotBefore = _time.GetUtcNow() + pause }, last ? FloorCommandTrigger.GiveUp : FloorCommandTrigger.TimeOut, why);
        }
    }

    private FloorCommand? Move(FloorCommand command, FloorCommandTrigger trigger, string says)
    {
        if (FloorCommandLifecycle.Next(command.State, trigger) is not { } next)
        {
            return null;
        }

        var moved = command with { State = next, Says = says };
        moved = moved.IsOver ? moved with { EndedAt = _time.GetUtcNow() } : moved;
        _outbox.Replace(moved);
        return moved;
    }

    /// <summary>Whether the latest word about starting, given or acknowledged, lets it start.</summary>
    private bool MayStart(string job) => _outbox.Of(job)
        .LastOrDefault(c => c.Verb is FloorVerb.Start or FloorVerb.RevokeStart && c.State is not (FloorCommandState.Refused or FloorCommandState.Failed or FloorCommandState.Withdrawn)) is { Verb: FloorVerb.Start };
}
