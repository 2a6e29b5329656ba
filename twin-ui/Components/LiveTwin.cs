using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Hosting;
using DigitalTwin.Ui.Views;

namespace DigitalTwin.Ui.Components;

/// <summary>How fresh what the screen shows is.</summary>
public enum Freshness
{
    Live,

    /// <summary>The demo's emulator stands still.</summary>
    Paused,

    /// <summary>Nothing has come from the plant for a while: the last known state.</summary>
    Stale,
}

/// <summary>The twin as one browser tab sees it: its newest view, renewed at most twice a second whatever the plant does.</summary>
public sealed class LiveTwin : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly SessionRegistry _sessions;
    private readonly DemoPlants _demo;
    private readonly CancellationTokenSource _stop = new();
    private bool _started;

    /// <summary>Looks at the first plant of the server.</summary>
    /// <exception cref="InvalidOperationException">The server has no plant.</exception>
    public LiveTwin(SessionRegistry sessions, DemoPlants demo)
    {
        (_sessions, _demo) = (sessions, demo);
        Session = sessions.All is [var first, ..] ? first
            : throw new InvalidOperationException("No plant is open. Maybe start with a scenario: twin serve scenarios/dyehouse");
        View = Session.View();
    }

    public TwinSession Session { get; private set; }

    /// <summary>All plants of the server.</summary>
    public IReadOnlyList<TwinSession> Plants => _sessions.All;

    /// <summary>Looks at another plant; only before anything is shown. An unknown one leaves the first.</summary>
    public void Choose(string? plantId)
    {
        if (!_started && plantId is not null && _sessions.Find(plantId) is { } session)
        {
            Session = session;
            View = session.View();
        }
    }

    /// <summary>The plant with all orders up to <see cref="View"/>.</summary>
    public CompiledScenario Plant => View.State.Plant;

    public TwinView View { get; private set; }

    /// <summary>Whether the plant speaks, stands still or is silent.</summary>
    public Freshness Freshness =>
        !Session.IsAlive ? Freshness.Stale
        : _demo.Find(Session.Id) is { Paused: true } ? Freshness.Paused
        : Freshness.Live;

    /// <summary>When an order will be complete by simulated futures; <c>null</c> while unknown, or where too few of them end.</summary>
    public ForecastBand? ForecastOf(int order) =>
        Session.Forecast is { } forecast && forecast.Run == View.Run && forecast.Of(order) is { P10: { } p10, P50: { } p50, P90: { } p90 }
            ? new ForecastBand(p10, p50, p90)
            : null;

    private event Action? Handlers;

    /// <summary>The view is a newer one, or a second has passed.</summary>
    public event Action Changed
    {
        add
        {
            Handlers += value;
            Start();
        }

        remove => Handlers -= value;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Start()
    {
        if (!_started)
        {
            _started = true;
            _ = PullAsync(_stop.Token);
        }
    }

    private async Task PullAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
                patience.CancelAfter(TimeSpan.FromSeconds(1));
                try
                {
                    await Session.WaitForChangeAsync(View.Version, patience.Token);
                }
                catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                {
                    // Nothing new for a second: the clock and the freshness may still have changed.
                }

                View = Session.View();
                Handlers?.Invoke();
                await Task.Delay(Pause, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The tab was closed.
        }
    }
}
