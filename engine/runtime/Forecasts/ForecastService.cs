using DigitalTwin.Runtime.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DigitalTwin.Runtime.Forecasts;

/// <summary>Keeps a fresh forecast on every session. It reads forks, so it never holds up a session's writer.</summary>
public sealed class ForecastService(SessionRegistry sessions, ForecastOptions options, TimeProvider time, ILogger<ForecastService> log) : BackgroundService
{
    private readonly Dictionary<string, DateTimeOffset> _due = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TimeSpan> _perFuture = new(StringComparer.OrdinalIgnoreCase);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var session in sessions.All)
                {
                    await RefreshAsync(session, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping is not a failure
        }
    }

    /// <summary>As many futures as fit the budget by what the last ones took; few at first, for an early answer.</summary>
    private int FuturesFor(string plantId)
    {
        var fewest = Math.Min(options.FewestFutures, options.Futures);
        return _perFuture.TryGetValue(plantId, out var each) ? (int)Math.Clamp(options.Budget / each, fewest, options.Futures) : fewest;
    }

    private async Task RefreshAsync(TwinSession session, CancellationToken stopping)
    {
        if (time.GetUtcNow() < _due.GetValueOrDefault(session.Id) || session.Forecast.Version == session.Version)
        {
            return;
        }

        try
        {
            var view = session.View();
            var few = options with { Futures = FuturesFor(session.Id) };
            var forecast = await Task.Run(() => Futures.Forecast(view, few, time, stopping), stopping);
            if (view.Run == session.Run)
            {
                session.Forecast = forecast;
            }

            _perFuture[session.Id] = forecast.Took / forecast.Futures;
            var rest = TimeSpan.FromTicks((long)(forecast.Took.Ticks * (1 / options.LoadShare - 1)));
            _due[session.Id] = time.GetUtcNow() + (rest > options.Interval ? rest : options.Interval);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "The forecast of {Plant} failed; the last one stays", session.Id);
            _due[session.Id] = time.GetUtcNow() + TimeSpan.FromSeconds(30);
        }
    }
}
