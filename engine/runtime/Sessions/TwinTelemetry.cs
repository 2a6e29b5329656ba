using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>What the sessions of a process tell those who operate it: metrics and traces under stable names, for any collector.</summary>
/// <remarks>
/// Meter and activity source are both called <see cref="Name"/>. Every measurement bears the tag <c>plant</c>. One object per host; it holds no
/// state but its sessions.
/// </remarks>
public sealed class TwinTelemetry : IDisposable
{
    /// <summary>Name of meter and activity source.</summary>
    public const string Name = "DigitalTwin.Runtime";

    /// <summary>Traces: one span per step of a writer that took something in.</summary>
    internal static readonly ActivitySource Source = new(Name); // no state of a session: only a name that collectors listen to

    private readonly Meter _meter = new(Name);

    public TwinTelemetry(SessionRegistry sessions)
    {
        Counter("twin.observations.accepted", "{observation}", s => s.Accepted, "Observations taken since the session was opened.");
        Counter("twin.observations.duplicates", "{observation}", s => s.Duplicates, "Observations that were known already.");
        Counter("twin.observations.refused", "{observation}", s => s.Refused, "Observations kept and marked because they cannot be.");
        Counter("twin.steps", "{step}", s => s.Steps, "Steps of the writer.");
        Gauge("twin.queue.waiting", "{command}", s => s.Waiting, "Commands and deliveries waiting for the writer.");
        Gauge("twin.queue.limit", "{command}", s => s.QueueLimit, "How many may wait before senders are held back.");
        Gauge("twin.journal.rows", "{row}", s => s.JournalRows, "Rows in the journal.");
        _meter.CreateObservableGauge("twin.journal.commit", () => sessions.All.Select(s => new Measurement<double>(s.Statistics.LastCommit.TotalSeconds, Tag(s))), "s", "What the latest commit took.");
        _meter.CreateObservableGauge("twin.alive", () => sessions.All.Select(s => new Measurement<int>(s.IsAlive ? 1 : 0, Tag(s))), "1", "1 while the plant reports and the journal can be written.");
        _meter.CreateObservableGauge("twin.alarms", () => sessions.All.Select(s => new Measurement<int>(s.Alarms.Count, Tag(s))), "{alarm}", "Drift alarms that stand.");

        void Counter(string name, string unit, Func<SessionStatistics, long> value, string says) =>
            _meter.CreateObservableCounter(name, () => sessions.All.Select(s => new Measurement<long>(value(s.Statistics), Tag(s))), unit, says);

        void Gauge(string name, string unit, Func<SessionStatistics, long> value, string says) =>
            _meter.CreateObservableGauge(name, () => sessions.All.Select(s => new Measurement<long>(value(s.Statistics), Tag(s))), unit, says);
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(TwinSession session) => new("plant", session.Id);
}

/// <summary>Whether a plant's twin can do its work, and why not.</summary>
/// <param name="Ready">False when nothing can be taken in.</param>
/// <param name="Reasons">What is wrong or worth knowing, for people; empty when all is well.</param>
public sealed record SessionHealth(string Plant, bool Ready, IReadOnlyList<string> Reasons)
{
    /// <summary>Judges a session as it stands.</summary>
    public static SessionHealth Of(TwinSession session)
    {
        var (reasons, statistics) = (new List<string>(), session.Statistics);
        if (session.Fault is { } fault)
        {
            reasons.Add(fault);
        }

        if (statistics.Waiting >= statistics.QueueLimit)
        {
            reasons.Add($"its queue is full: {statistics.Waiting} deliveries wait, senders are held back");
        }

        if (session.IsStale)
        {
            reasons.Add(session.LastObservedAt is { } last ? $"its plant has been silent since {last:yyyy-MM-dd HH:mm:ss}Z: what is shown is the last known state" : "its plant has not reported yet");
        }

        if (session.Damage is { } damage)
        {
            reasons.Add(damage.What);
        }

        return new SessionHealth(session.Id, session.Fault is null && statistics.Waiting < statistics.QueueLimit, reasons);
    }
}
