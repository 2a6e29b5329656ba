using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using DigitalTwin.Runtime.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DigitalTwin.Runtime.Drift;

/// <summary>Where drift is remembered, and what it is judged by until somebody says otherwise.</summary>
public sealed record DriftServiceOptions
{
    /// <summary>File of a plant; <c>null</c> keeps nothing over a restart.</summary>
    public Func<string, string?> File { get; init; } = _ => null;

    public DriftOptions Thresholds { get; init; } = new();

    /// <summary>Wall-clock time between two looks.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>Watches every session for drift. It follows copies, so it never holds up a session's writer.</summary>
public sealed class DriftService(SessionRegistry sessions, DriftServiceOptions options, TimeProvider time, ILogger<DriftService> log) : BackgroundService
{
    private readonly ConcurrentDictionary<string, DriftBook> _books = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The drift of a plant; <c>null</c> before it was looked at for the first time.</summary>
    public DriftBook? Find(string plantId) => _books.GetValueOrDefault(plantId);

    /// <summary>Takes up what happened since the last look. One caller at a time.</summary>
    public void Look()
    {
        foreach (var session in sessions.All)
        {
            try
            {
                _books.GetOrAdd(session.Id, id => new DriftBook(id, options.File(id), options.Thresholds, log)).Look(session);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                log.LogWarning(e, "Drift of {Plant} could not be looked at; it is tried again", session.Id);
            }
        }
    }

    public override void Dispose()
    {
        foreach (var book in _books.Values)
        {
            book.Dispose();
        }

        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping is not a failure
        }
    }
}

/// <summary>The drift of one plant, kept on disk. Safe for concurrent callers.</summary>
public sealed class DriftBook : IDisposable
{
    private const int Capacity = 256;
    private const int LooksBetweenSaves = 120;

    private readonly Lock _gate = new();
    private readonly string? _file;
    private readonly DriftWatch _watch;
    private SessionFollower? _follower;
    private FollowedPlant? _plant;
    private long _foreseen;
    private int _saved;
    private int _looks;

    internal DriftBook(string plantId, string? file, DriftOptions thresholds, ILogger log)
    {
        _file = file;
        var memory = Load(file, log);
        _watch = new DriftWatch(plantId, memory?.Options ?? thresholds, memory);
    }

    /// <summary>What it is judged by.</summary>
    public DriftOptions Options
    {
        get
        {
            lock (_gate)
            {
                return _watch.Options;
            }
        }
    }

    /// <summary>All alarms kept, the latest first.</summary>
    public IReadOnlyList<DriftAlarm> Alarms
    {
        get
        {
            lock (_gate)
            {
                return [.. Enumerable.Reverse(_watch.Alarms)];
            }
        }
    }

    /// <summary>Where each watched series stands.</summary>
    public IReadOnlyList<(DriftKind Kind, string Subject, DriftDetector Detector)> Series
    {
        get
        {
            lock (_gate)
            {
                return [.. _watch.Detectors.Select(d => (d.Key.Kind, d.Key.Subject, d.Value with { })).OrderByDescending(d => d.Item3.Sum)];
            }
        }
    }

    /// <summary>Other thresholds, from now on and after a restart.</summary>
    /// <exception cref="ArgumentException">They are out of range.</exception>
    public void SetOptions(DriftOptions thresholds)
    {
        if (thresholds.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(thresholds));
        }

        lock (_gate)
        {
            _watch.Options = thresholds;
            Save();
        }
    }

    /// <summary>Somebody has seen an alarm; <c>null</c> when there is none to acknowledge.</summary>
    public DriftAlarm? Acknowledge(int id, string user, DateTimeOffset at, TwinSession session) => Change(() => _watch.Acknowledge(id, user, at), session);

    /// <summary>Somebody has dealt with an alarm; <c>null</c> when there is none to clear.</summary>
    public DriftAlarm? Clear(int id, string user, TwinSession session) => Change(() => _watch.Clear(id, user, session.View().Now), session);

    internal void Look(TwinSession session)
    {
        lock (_gate)
        {
            if (_follower is null or { LetGo: not null } && Drained())
            {
                var again = _follower;
                _follower?.Dispose();
                _follower = session.Follow(Capacity);
                if (again is not null && again.Start.Run != _follower.Start.Run)
                {
                    _watch.Forget();
                }

                _plant = new FollowedPlant(_follower.Start);
            }

            Drained();
            if (session.Forecast is var forecast && forecast.Version != _foreseen && forecast.Run == _follower!.Start.Run)
            {
                _foreseen = forecast.Version;
                _watch.Foresee(forecast);
            }

            session.Alarms = [.. _watch.Alarms.Where(a => a.Status != AlarmStatus.Cleared)];
            if (_saved != _watch.Changes || ++_looks % LooksBetweenSaves == 0)
            {
                Save();
            }
        }
    }

    private bool Drained()
    {
        while (_follower?.TryRead() is { } step)
        {
            foreach (var change in step)
            {
                _plant!.Apply(change, (e, state) => _watch.On(e, state, _plant.Schedule.Schedule));
            }
        }

        return true;
    }

    private DriftAlarm? Change(Func<DriftAlarm?> change, TwinSession session)
    {
        lock (_gate)
        {
            var alarm = change();
            session.Alarms = [.. _watch.Alarms.Where(a => a.Status != AlarmStatus.Cleared)];
            Save();
            return alarm;
        }
    }

    private void Save()
    {
        _saved = _watch.Changes;
        if (_file is null)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        var part = _file + ".part";
        System.IO.File.WriteAllBytes(part, JsonSerializer.SerializeToUtf8Bytes(_watch.Memory() with { Options = _watch.Options }, DriftJson.Default.DriftMemory));
        System.IO.File.Move(part, _file, overwrite: true);
    }

    private static DriftMemory? Load(string? file, ILogger log)
    {
        if (file is null || !System.IO.File.Exists(file))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(file), DriftJson.Default.DriftMemory);
        }
        catch (JsonException e)
        {
            var aside = file + ".damaged";
            System.IO.File.Move(file, aside, overwrite: true);
            log.LogWarning("Drift begins anew: {File} is damaged ({What}) and was put aside as {Aside}", file, e.Message, aside);
            return null;
        }
    }

    /// <summary>Keeps what it knows and follows no more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Save();
            _follower?.Dispose();
        }
    }
}

/// <summary>JSON of what drift remembers.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DriftMemory))]
internal sealed partial class DriftJson : JsonSerializerContext;
