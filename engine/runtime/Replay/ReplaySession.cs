using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Replay;

/// <summary>A recording being played: seek, play, pause, step, loop. Everybody who looks at it sees the same moment.</summary>
/// <remarks>
/// What is shown is the same fold as the live plant's (<see cref="IPlantView"/>). It moves when it is looked at and has no thread of its own.
/// Others who want to look at the same recording at a moment of their own take a <see cref="ReplayService.Fork"/>. Safe for concurrent callers.
/// </remarks>
public sealed class ReplaySession : IPlantView
{
    /// <summary>Slowest and fastest pace, plant seconds per second.</summary>
    public const double SlowestSpeed = 1;

    /// <inheritdoc cref="SlowestSpeed"/>
    public const double FastestSpeed = 3600;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly TimeProvider _time;
    private ReplayClock _clock;
    private ReplayCursor _cursor;
    private ReplayCursor? _loopStart;
    private Duration _offset; // its time − the clock's
    private TwinView? _view;
    private long _drawn;
    private long _looked;
    private long _version;
    private (ReplayCursor Cursor, long Changes, SimTime Time) _shown;

    internal ReplaySession(string id, Recording recording, ReplayCursor cursor, TimeProvider time)
    {
        (Id, Recording, _cursor, _time) = (id, recording, cursor, time);
        _clock = new ReplayClock(time);
        _clock.Set(cursor.Time);
        _clock.Followers.Add(this);
        _version = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        _looked = time.GetTimestamp();
    }

    public string Id { get; }

    /// <summary>What is played.</summary>
    public Recording Recording { get; }

    public long Version => Under(Moved);

    public PlantNames Names => Under(() => _cursor.Fold.Names);

    public string? Fault => Recording.Fault;

    public bool IsStale => false;

    /// <summary>The moment shown.</summary>
    public SimTime Now => Under(() => _cursor.Time);

    public bool Playing => Under(() => _clock.Playing);

    public double Speed => Under(() => _clock.Speed);

    public ReplayLoop? Loop => Under(() => _clock.Loop is { } l ? new ReplayLoop(l.From + _offset, l.To + _offset) : (ReplayLoop?)null);

    /// <summary>Plant time without any event from which on it is skipped; <c>null</c> plays everything.</summary>
    public Duration? SkipAfter => Under(() => _clock.SkipAfter);

    /// <summary>Ids of the replays in step with it, itself left out.</summary>
    public IReadOnlyList<string> InStepWith => Under<IReadOnlyList<string>>(() => [.. _clock.Followers.Where(f => f != this).Select(f => f.Id)]);

    /// <summary>How long nobody has looked at it or told it anything.</summary>
    internal TimeSpan Idle => _time.GetElapsedTime(Interlocked.Read(ref _looked));

    internal bool FollowsLive => Recording.Fault is null && Recording.End > _cursor.Time;

    internal SimTime? NextChange => _cursor.Next is { } next ? next - _offset : null;

    internal SimTime EndOnClock => Recording.End - _offset;

    public TwinView View() => Under(Draw);

    public BarPage History(SimTime from, SimTime to, IReadOnlyList<int>? equipment = null, int limit = 50_000) =>
        Under(() => _cursor.Fold.History.Query(_cursor.Fold.State, from, to, equipment, limit));

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

    /// <summary>Plays on from where it stands, with everything that is in step with it.</summary>
    /// <param name="speed">Plant seconds per second, <see cref="SlowestSpeed"/>..<see cref="FastestSpeed"/>; <c>null</c> as before.</param>
    /// <exception cref="ArgumentOutOfRangeException">The speed is out of range.</exception>
    public void Play(double? speed = null) => Under(() =>
    {
        if (speed is not null and not (>= SlowestSpeed and <= FastestSpeed))
        {
            throw new ArgumentOutOfRangeException(nameof(speed), $"a replay plays at 1 to 3600 times, not {speed}. Maybe seek to where it becomes interesting");
        }

        _clock.Speed = speed ?? _clock.Speed;
        _clock.Play();
        return true;
    });

    public void Pause() => Under(() =>
    {
        _clock.Pause();
        return true;
    });

    /// <summary>Goes to a moment, forward or back, with everything that is in step with it; plays on from there if it was playing.</summary>
    public async Task SeekAsync(SimTime moment, CancellationToken cancellation = default)
    {
        while (true)
        {
            var (clock, followers, target) = Under(() => (_clock, _clock.Followers.ToArray(), Recording.Within(moment) - _offset));
            var cursors = await Task.WhenAll(followers.Select(f => f.Recording.AtAsync(target + f._offset, cancellation)));
            lock (clock.Gate)
            {
                if (clock != _clock || !followers.SequenceEqual(clock.Followers))
                {
                    continue; // somebody came into step meanwhile
                }

                foreach (var (follower, cursor) in followers.Zip(cursors))
                {
                    follower._cursor = cursor;
                }

                clock.Set(target);
                return;
            }
        }
    }

    /// <summary>Goes on, or back, by a length of plant time.</summary>
    public Task StepAsync(Duration by, CancellationToken cancellation = default) => SeekAsync(Now + by, cancellation);

    /// <summary>Goes on by single events, or back to before the latest ones, and stands still there.</summary>
    /// <param name="count">How many; below 0 goes back, moment by moment.</param>
    public async Task StepEventsAsync(int count, CancellationToken cancellation = default)
    {
        Pause();
        for (; count < 0; count++)
        {
            // Back: to just before the latest event that is shown.
            await SeekAsync(SimTime.Min(Now, Under(() => _cursor.Fold.State.Now)) - Duration.FromMilliseconds(1), cancellation);
        }

        Under(() =>
        {
            for (; count > 0 && _cursor.Step(); count--)
            {
            }

            _clock.Set(_cursor.Time - _offset);
            foreach (var follower in _clock.Followers.Where(f => f != this))
            {
                follower.Advance(_clock.Now);
            }

            return true;
        });
    }

    /// <summary>Plays a stretch again and again; <c>null</c> plays on.</summary>
    /// <exception cref="ArgumentException">The stretch is empty, or not in the recording.</exception>
    public async Task LoopAsync(ReplayLoop? loop, CancellationToken cancellation = default)
    {
        if (loop is { } l && (l.To <= l.From || l.From < Recording.Start || l.To > Recording.End))
        {
            throw new ArgumentException("a loop ends after it begins, and both are in the recording. Maybe look at its start and end", nameof(loop));
        }

        var followers = Under(() => _clock.Followers.ToArray());
        var from = loop is { } range ? range.From - _offset : default;
        var starts = loop is null ? null : await Task.WhenAll(followers.Select(f => f.Recording.AtAsync(from + f._offset, cancellation)));
        Under(() =>
        {
            for (var i = 0; i < followers.Length; i++)
            {
                followers[i]._loopStart = starts?[i];
            }

            _clock.Loop = loop is { } r ? new ReplayLoop(r.From - _offset, r.To - _offset) : null;
            return true;
        });
        if (loop is { } outside && (Now < outside.From || Now >= outside.To))
        {
            await SeekAsync(outside.From, cancellation);
        }
    }

    /// <summary>Jumps over stretches in which nothing happens for longer than this; <c>null</c> plays everything.</summary>
    public void Skip(Duration? after) => Under(() =>
    {
        _clock.SkipAfter = after is { } a && a <= Duration.Zero
            ? throw new ArgumentOutOfRangeException(nameof(after), "dead time is longer than 0. Maybe 10 minutes") : after;
        return true;
    });

    /// <summary>Goes in step with another from now on: one pace for both, and the distance in time that they have now stays.</summary>
    public void KeepStepWith(ReplaySession other)
    {
        LeaveStep();
        lock (other._clock.Gate)
        {
            other._clock.Tick();
            _offset = _cursor.Time - other._clock.Now;
            (_clock, _loopStart) = (other._clock, null);
            _clock.Loop = null; // its beginning is not known to the new one
            _clock.Followers.Add(this);
        }
    }

    /// <summary>Goes at its own pace again.</summary>
    public void LeaveStep() => Under(() =>
    {
        if (_clock.Followers.Count > 1)
        {
            _clock.Followers.Remove(this);
            var own = new ReplayClock(_time) { Speed = _clock.Speed, SkipAfter = _clock.SkipAfter };
            own.Set(_cursor.Time);
            own.Followers.Add(this);
            (_clock, _offset, _loopStart) = (own, Duration.Zero, null);
        }

        return true;
    });

    internal void Advance(SimTime onClock) => _cursor.AdvanceTo(onClock + _offset < Recording.End ? onClock + _offset : Recording.End);

    internal void Rewind() => _cursor = _loopStart!.Fork();

    /// <summary>A cursor of its own at the moment shown.</summary>
    internal ReplayCursor ForkCursor() => Under(() => _cursor.Fork());

    private T Under<T>(Func<T> look)
    {
        Interlocked.Exchange(ref _looked, _time.GetTimestamp());
        while (true)
        {
            var clock = Volatile.Read(ref _clock);
            lock (clock.Gate)
            {
                if (clock == _clock) // otherwise it went into step with another meanwhile
                {
                    clock.Tick();
                    return look();
                }
            }
        }
    }

    /// <summary>The picture of the moment, drawn anew when it has moved; while it plays, not more often than anybody can see.</summary>
    private TwinView Draw()
    {
        var now = _time.GetTimestamp();
        if (_view is null || (_view.Version != Moved() && (!_clock.Playing || _time.GetElapsedTime(_drawn, now) >= Look / 2)))
        {
            var state = _cursor.Fold.State.Fork();
            state.AdvanceTo(_cursor.Time);
            (_drawn, _view) = (now, new TwinView(state, Moved(), 1, _cursor.Time, _cursor.Fold.InForce, _time.GetUtcNow()));
        }

        return _view;
    }

    /// <summary>The version, risen if what is shown has moved since it was last asked for.</summary>
    private long Moved()
    {
        var shown = (_cursor, _cursor.Changes, _cursor.Time);
        _version += _shown == shown ? 0 : 1;
        _shown = shown;
        return _version;
    }
}
