using DigitalTwin.Plant.Explanation;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Sessions;

/// <content>What the session can say about why things are as they are. Read from what it has watched since it was opened or started over.</content>
public sealed partial class TwinSession
{
    private volatile BottleneckAt? _bottleneck;

    /// <summary>From when on explanations know what happened; before it they know what the state remembers. <c>null</c> before the first event.</summary>
    public SimTime? ExplainedSince
    {
        get
        {
            lock (_gate)
            {
                return _fold.Watch?.Since;
            }
        }
    }

    /// <summary>Where the plant is tight; at most so old.</summary>
    /// <returns><c>null</c> before the first event.</returns>
    public BottleneckReport? Bottleneck(TimeSpan maxAge)
    {
        var now = _options.Time.GetUtcNow();
        if (_bottleneck is { } known && known.Run == Run && (known.Version == Version || now - known.MadeAt <= maxAge))
        {
            return known.Report;
        }

        BottleneckTracker copy;
        SimTime to;
        var version = Version;
        lock (_gate)
        {
            if (_fold.Watch is not { } watch)
            {
                return null;
            }

            (copy, to) = (watch.Bottleneck.Copy(), _fold.State.Now);
        }

        var report = BottleneckReport.Of(copy, to);
        _bottleneck = new BottleneckAt(report, version, Run, now);
        return report;
    }

    /// <summary>Where the time of an order went so far.</summary>
    /// <returns><c>null</c> while it is not released, when it is cancelled, or before the first event.</returns>
    public OrderFlow? FlowOf(int order)
    {
        lock (_gate)
        {
            return _fold.Watch is { } watch && order >= 0 && order < _fold.State.Orders.Length
                && _fold.State.Orders[order] is { ReleasedAt: >= 0, Status: not OrderStatus.Cancelled }
                ? OrderFlow.Of(watch.Flow, _fold.State, new OrderId(order))
                : null;
        }
    }

    /// <summary>Who drew power in the highest quarter-hour of each site and month, of those that are over.</summary>
    public IReadOnlyList<DemandShare> DemandPeaks()
    {
        lock (_gate)
        {
            return _fold.Watch?.Demand.SoFar ?? [];
        }
    }

    private sealed record BottleneckAt(BottleneckReport Report, long Version, int Run, DateTimeOffset MadeAt);
}
