using System.Collections.Concurrent;
using DigitalTwin.Runtime.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DigitalTwin.Runtime.Forecasts;

/// <summary>Keeps a fresh forecast on every session. It reads forks, so it never holds up a session's writer.</summary>
public sealed class ForecastService(SessionRegistry sessions, ForecastOptions options, TimeProvider time, ILogger<ForecastService> log) : BackgroundService
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _due = new(StringComparer.OrdinalIgnoreCase);

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

    private async Task RefreshAsync(TwinSession session, CancellationToken stopping)
    {
        if (time.GetUtcNow() < _due.GetValueOrDefault(session.Id) || session.Forecast.Version == session.Version)
        {
            return;
        }

        try
        {
            var view = session.View();
            var forecast = await Task.Run(() => Futures.Forecast(view, options, time, stopping), stopping);
            session.Forecast = forecast;
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
