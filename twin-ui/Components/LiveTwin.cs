using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Hosting;
using DigitalTwin.Ui.Security;
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
    private readonly Auditor _audit;
    private readonly CancellationTokenSource _stop = new();
    private bool _started;

    /// <summary>Looks at nothing until <see cref="Choose"/> is told who looks.</summary>
    public LiveTwin(SessionRegistry sessions, DemoPlants demo, Auditor audit) => (_sessions, _demo, _audit) = (sessions, demo, audit);

    /// <summary>What who looks may see of the plant.</summary>
    public TenantView Seen { get; private set; } = null!;

    /// <summary>The session itself; what it tells of orders, jobs and schedules is read from <see cref="View"/> and <see cref="Seen"/> instead,
    /// which hide what is not the viewer's business.</summary>
    public TwinSession Session => Seen.Session;

    /// <summary>All plants of the server that the viewer has part in.</summary>
    public IReadOnlyList<TwinSession> Plants => [.. TenantView.All(_sessions, Seen.Caller).Select(v => v.Session)];

    /// <summary>Looks at a plant as a caller; only before anything is shown. An unknown plant, or none, takes the first.</summary>
    /// <returns>False when the caller has part in no plant here.</returns>
    public bool Choose(Caller caller, string? plantId)
    {
        if (!_started)
        {
            var all = TenantView.All(_sessions, caller).ToList();
            Seen = all.Find(v => v.Session.Id.Equals(plantId, StringComparison.OrdinalIgnoreCase)) ?? all.FirstOrDefault()!;
            View = Seen?.View()!;
        }

        return Seen is not null;
    }

    /// <summary>Whether the viewer may do something with the plant.</summary>
    public bool May(Permit permit) => Seen.Caller.May(permit, firmsToo: false);

    /// <summary>Runs a command in the viewer's name, if it may, and writes it into the audit.</summary>
    /// <param name="what">The command, for the audit.</param>
    /// <param name="act">Gets the viewer's name.</param>
    /// <param name="outcome">What became of it, for the audit.</param>
    /// <exception cref="InvalidOperationException">The viewer may not.</exception>
    public async Task<T> CommandAsync<T>(Permit permit, string what, Func<string, Task<T>> act, Func<T, string> outcome)
    {
        if (!May(permit))
        {
            throw new InvalidOperationException($"{Seen.Caller.Name} may not do this: it needs '{Roles.ScopeOf(permit)}'.");
        }

        var before = AuditDoor.Stand(_sessions, Session.Id);
        var told = "failed";
        try
        {
            var result = await act(Seen.Caller.Name);
            told = outcome(result);
            return result;
        }
        finally
        {
            _audit.Write(new AuditEntry(Seen.Caller.Name, Seen.Caller.Firm, Session.Id, what, before, AuditDoor.Stand(_sessions, Session.Id), told));
        }
    }

    /// <summary>The plant with all orders up to <see cref="View"/>.</summary>
    public CompiledScenario Plant => View.State.Plant;

    /// <summary>The newest view, as far as the viewer may see it.</summary>
    public TwinView View { get; private set; } = null!;

    /// <summary>Whether the plant speaks, stands still or is silent.</summary>
    public Freshness Freshness =>
        !Session.IsAlive ? Freshness.Stale
        : _demo.Find(Session.Id) is { Paused: true } ? Freshness.Paused
        : Freshness.Live;

    /// <summary>When an order will be complete by simulated futures; <c>null</c> while unknown, or where too few of them end.</summary>
    public ForecastBand? ForecastOf(int order) =>
        Session.Forecast.Run == View.Run && Seen.ForecastOf(order) is { P10: { } p10, P50: { } p50, P90: { } p90 }
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

                View = Seen.View();
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
