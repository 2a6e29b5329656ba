using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Drift;

/// <summary>Predicted against observed for one plant: shown every event before it is folded. Not thread-safe.</summary>
public sealed class DriftWatch
{
    private const int AlarmsKept = 500;
    private const double ExpectedOutside = 0.2;
    private static readonly double s_outsideDeviation = Math.Sqrt(ExpectedOutside * (1 - ExpectedOutside));

    private readonly WorkMeter _meter = new();
    private readonly Dictionary<int, (SimTime P10, SimTime P90)> _bands = []; // first forecast of each open order
    private Schedule? _schedule;
    private Dictionary<int, PlannedBatch> _planned = [];

    public DriftWatch(string plantId, DriftOptions options, DriftMemory? memory = null)
    {
        (PlantId, Options) = (plantId, options);
        foreach (var (key, detector) in memory?.Detectors ?? [])
        {
            if (Split(key) is { } known)
            {
                Detectors[known] = detector;
            }
        }

        Alarms.AddRange(memory?.Alarms ?? []);
    }

    public string PlantId { get; }

    public DriftOptions Options { get; set; }

    /// <summary>By what is watched and of whom (machine id; the plant's).</summary>
    public Dictionary<(DriftKind Kind, string Subject), DriftDetector> Detectors { get; } = [];

    /// <summary>Raised, acknowledged and cleared, the oldest first; the latest 500.</summary>
    public List<DriftAlarm> Alarms { get; } = [];

    /// <summary>Rises whenever an alarm changes.</summary>
    public int Changes { get; private set; }

    /// <summary>Everything worth keeping over a restart.</summary>
    public DriftMemory Memory() => new()
    {
        Detectors = Detectors.ToDictionary(d => $"{d.Key.Kind}/{d.Key.Subject}", d => d.Value with { }, StringComparer.Ordinal), Alarms = [.. Alarms],
    };

    /// <summary>Takes one event up.</summary>
    /// <param name="state">The plant just before it.</param>
    /// <param name="schedule">In force then; <c>null</c> for none.</param>
    public void On(in PlantEvent e, PlantState state, Schedule? schedule)
    {
        if (_meter.On(e, state) is { } sample)
        {
            Judge(
                sample.Kind == WorkKind.Setup ? DriftKind.Setup : DriftKind.Processing, state.Plant.Plant.Equipment[sample.Equipment].Id, e.Time,
                sample.Ratio, 1, Math.Max(sample.Spread, Options.LeastSpread));
        }

        switch (e.Kind)
        {
            case PlantEventKind.BatchStarted when PlannedOf(schedule, e.Job) is { } planned: JudgeTime(DriftKind.Start, e, state, planned.Start, planned); break;
            case PlantEventKind.BatchEnded when PlannedOf(schedule, e.Job) is { } planned: JudgeTime(DriftKind.Finish, e, state, planned.End, planned); break;
            case PlantEventKind.OrderCompleted: JudgeOrder(e, state); break;
            case PlantEventKind.OrderCancelled: _bands.Remove(e.Order); break;
        }
    }

    /// <summary>Remembers the first forecast of every order: the one that people went by.</summary>
    public void Foresee(PlantForecast forecast)
    {
        for (var o = 0; o < forecast.Orders.Length; o++)
        {
            if (forecast.Orders[o] is { P10: { } low, P90: { } high } && high > forecast.MadeAt)
            {
                _bands.TryAdd(o, (low, high));
            }
        }
    }

    /// <summary>The plant began again: what was watched says nothing about it. Alarms that stand are cleared.</summary>
    public void Forget()
    {
        Detectors.Clear();
        _bands.Clear();
        for (var i = 0; i < Alarms.Count; i++)
        {
            Alarms[i] = Alarms[i].Status == AlarmStatus.Cleared ? Alarms[i] : Alarms[i] with { Status = AlarmStatus.Cleared };
        }

        Changes++;
    }

    /// <summary>A person has seen an alarm; <c>null</c> when it is not one that is raised.</summary>
    public DriftAlarm? Acknowledge(int id, string user, DateTimeOffset at) =>
        Change(id, a => a.Status == AlarmStatus.Raised ? a with { Status = AlarmStatus.Acknowledged, AcknowledgedBy = user, AcknowledgedAt = at } : null);

    /// <summary>A person has dealt with an alarm: what it watches begins anew; <c>null</c> when it is cleared already.</summary>
    public DriftAlarm? Clear(int id, string user, SimTime at)
    {
        var cleared = Change(id, a => a.Status == AlarmStatus.Cleared ? null : a with { Status = AlarmStatus.Cleared, ClearedBy = user, ClearedAtMs = at.Milliseconds });
        if (cleared is not null && Detectors.TryGetValue((cleared.Kind, cleared.Subject), out var detector))
        {
            detector.Reset();
        }

        return cleared;
    }

    private DriftAlarm? Change(int id, Func<DriftAlarm, DriftAlarm?> change)
    {
        var i = Alarms.FindIndex(a => a.Id == id);
        if (i < 0 || change(Alarms[i]) is not { } changed)
        {
            return null;
        }

        Changes++;
        return Alarms[i] = changed;
    }

    private void JudgeTime(DriftKind kind, in PlantEvent e, PlantState state, SimTime planned, PlannedBatch batch)
    {
        if (batch.Equipment.Index == e.Equipment)
        {
            Judge(kind, state.Plant.Plant.Equipment[e.Equipment].Id, e.Time, (e.Time - planned).Hours, 0, Options.LateHours);
        }
    }

    private void JudgeOrder(in PlantEvent e, PlantState state)
    {
        if (!_bands.Remove(e.Order, out var band))
        {
            return;
        }

        var outside = e.Time < band.P10 || e.Time > band.P90;
        Judge(DriftKind.Forecast, PlantId, e.Time, outside ? 1 : 0, ExpectedOutside, s_outsideDeviation);
        var hours = e.Time > band.P90 ? (e.Time - band.P90).Hours : e.Time < band.P10 ? (e.Time - band.P10).Hours : 0;
        if (Math.Abs(hours) > Options.OrderHours)
        {
            Raise(DriftKind.Order, state.Plant.Scenario.Orders[e.Order].Id, e.Time, hours, 1);
        }
    }

    private void Judge(DriftKind kind, string subject, SimTime at, double value, double expected, double deviation)
    {
        if (!Detectors.TryGetValue((kind, subject), out var detector))
        {
            Detectors[(kind, subject)] = detector = new DriftDetector();
        }

        detector.Add(value, expected, deviation, Options);
        var standing = Alarms.FindLastIndex(a => a.Kind == kind && a.Subject == subject && a.Status != AlarmStatus.Cleared);
        if (standing < 0 && detector.Sum > Options.Threshold)
        {
            Raise(kind, subject, at, detector.Level, detector.Since);
        }
        else if (standing >= 0 && detector.Sum < Options.ClearBelow)
        {
            Alarms[standing] = Alarms[standing] with { Status = AlarmStatus.Cleared, ClearedAtMs = at.Milliseconds };
            Changes++;
        }
    }

    private void Raise(DriftKind kind, string subject, SimTime at, double estimate, int observations)
    {
        Alarms.Add(new DriftAlarm
        {
            Id = Alarms.Count == 0 ? 1 : Alarms[^1].Id + 1, Kind = kind, Subject = subject, RaisedAtMs = at.Milliseconds, Estimate = estimate, Observations = observations,
        });
        Changes++;
        if (Alarms.Count > AlarmsKept)
        {
            Alarms.RemoveAt(0);
        }
    }

    private PlannedBatch? PlannedOf(Schedule? schedule, int job)
    {
        if (!ReferenceEquals(schedule, _schedule))
        {
            _schedule = schedule;
            _planned = schedule?.Batches.SelectMany(b => b.Jobs.Select(j => (j.Index, b))).DistinctBy(x => x.Index).ToDictionary(x => x.Index, x => x.b) ?? [];
        }

        return _planned.GetValueOrDefault(job);
    }

    private static (DriftKind, string)? Split(string key) =>
        key.IndexOf('/', StringComparison.Ordinal) is > 0 and var cut && Enum.TryParse<DriftKind>(key[..cut], out var kind) ? (kind, key[(cut + 1)..]) : null;
}

/// <summary>What a drift watch remembers over a restart.</summary>
public sealed record DriftMemory
{
    /// <summary>By <c>kind/subject</c>.</summary>
    public Dictionary<string, DriftDetector> Detectors { get; init; } = [];

    public IReadOnlyList<DriftAlarm> Alarms { get; init; } = [];

    /// <summary>Thresholds that a person set; <c>null</c> for the usual ones.</summary>
    public DriftOptions? Options { get; init; }
}
