using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Doors;

namespace DigitalTwin.Runtime.Sessions;

/// <content>Which sources are silent. An equipment whose source says nothing for longer than its limit is STALE; whatever names it clears that.</content>
public sealed partial class TwinSession
{
    private long[] _heard = []; // UTC ticks by equipment; written by the writer alone
    private long[] _limits = []; // ticks; 0 for none
    private volatile bool _watching;

    /// <summary>From now on equipment becomes STALE when nothing names it for longer than its limit, counted from now.</summary>
    public void WatchSilence(SilenceLimits limits)
    {
        var names = Names;
        lock (_gate)
        {
            _limits = new long[names.Plant.Plant.Equipment.Length];
            _heard = new long[_limits.Length];
            Array.Fill(_limits, limits.Default?.Ticks ?? 0);
            Array.Fill(_heard, _options.Time.GetUtcNow().UtcTicks);
            foreach (var (id, limit) in limits.Equipment)
            {
                if (names.Equipment(id) is >= 0 and var e)
                {
                    _limits[e] = limit.Ticks;
                }
            }

            _watching = true;
        }
    }

    /// <summary>Marks equipment whose source has been silent for too long.</summary>
    public Task LookForSilenceAsync(CancellationToken cancellation = default)
    {
        if (!_watching)
        {
            return Task.CompletedTask;
        }

        List<int>? silent = null;
        lock (_gate)
        {
            var now = _options.Time.GetUtcNow().UtcTicks;
            for (var e = 0; e < _limits.Length; e++)
            {
                if (_limits[e] > 0 && now - _heard[e] > _limits[e] && !_fold.State.Equipment[e].Stale)
                {
                    (silent ??= []).Add(e);
                }
            }
        }

        return silent is null ? Task.CompletedTask : LoseSourcesAsync(silent, cancellation);
    }

    /// <summary>The source of equipment is known to be gone: STALE at once.</summary>
    public Task LoseSourcesAsync(IReadOnlyList<int> equipment, CancellationToken cancellation = default) =>
        equipment.Count == 0 ? Task.CompletedTask : EnqueueAsync(step => Mark(step, equipment, PlantEventKind.SourceLost), equipment.Count, cancellation);

    /// <summary>The source of equipment speaks again, though it has not said anything about it.</summary>
    public Task HearSourcesAsync(IReadOnlyList<int> equipment, CancellationToken cancellation = default) =>
        equipment.Count == 0 ? Task.CompletedTask : EnqueueAsync(step => Mark(step, equipment, PlantEventKind.SourceRecovered), equipment.Count, cancellation);

    private int Mark(SessionStep step, IReadOnlyList<int> equipment, PlantEventKind kind)
    {
        var marked = 0;
        foreach (var e in equipment)
        {
            if (kind == PlantEventKind.SourceRecovered && _watching)
            {
                _heard[e] = _options.Time.GetUtcNow().UtcTicks;
            }

            if (step.Fold.State.Equipment[e].Stale != (kind == PlantEventKind.SourceLost))
            {
                step.Take(new PlantEvent(Latest(step.Fold.State), kind, e, Source: EventSource.Inferred));
                marked++;
            }
        }

        return marked;
    }

    /// <summary>What a delivery named has spoken.</summary>
    private void Hear(Delivery delivery, SessionStep step, DateTimeOffset received)
    {
        foreach (var e in delivery.Named)
        {
            if (_watching)
            {
                _heard[e] = received.UtcTicks;
            }

            if (step.Fold.State.Equipment[e].Stale)
            {
                step.Take(new PlantEvent(Latest(step.Fold.State), PlantEventKind.SourceRecovered, e, Source: EventSource.Inferred));
            }
        }
    }
}
