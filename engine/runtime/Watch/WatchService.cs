using System.Collections.Concurrent;
using System.Diagnostics;
using DigitalTwin.Runtime.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DigitalTwin.Runtime.Watch;

/// <summary>Keeps a fresh look at condition and supply of every plant. It reads forks, so it never holds up a session's writer.</summary>
public sealed class WatchService(SessionRegistry sessions, WatchOptions options, TimeProvider time, ILogger<WatchService> log) : BackgroundService
{
    private readonly ConcurrentDictionary<string, PlantWatchReport> _reports = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, DateTimeOffset> _due = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The latest look at a plant; <c>null</c> before the first. It may be some seconds behind.</summary>
    public PlantWatchReport? Of(string plantId) => _reports.GetValueOrDefault(plantId);

    /// <summary>Looks now, if the plant has moved on since the last look.</summary>
    public PlantWatchReport Look(TwinSession session, CancellationToken stop = default)
    {
        var view = session.View();
        var before = Of(session.Id);
        if (before is not null && before.Version == view.Version)
        {
            return before;
        }

        var report = PlantWatchReport.Of(view, options, before, stop);
        foreach (var warning in report.Warnings.Where(w => w.Since == report.At))
        {
            log.LogWarning("Plant {Plant}: {Kind} {Subject}: {Text}", session.Id, warning.Kind, warning.Subject, warning.Text);
        }

        return _reports[session.Id] = report;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var session in sessions.All.Where(s => Watched(s) && _due.GetValueOrDefault(s.Id) <= time.GetUtcNow()))
                {
                    var began = Stopwatch.GetTimestamp();
                    await Task.Run(() => Try(session, stoppingToken), stoppingToken);
                    var took = Stopwatch.GetElapsedTime(began);
                    _due[session.Id] = time.GetUtcNow() + (took / options.LoadShare > options.Interval ? took / options.LoadShare : options.Interval);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping is not a failure
        }
    }

    private static bool Watched(TwinSession session) => session.Plant.Upkeep.SignalCount > 0 || session.Plant.Materials.InUse;

    private void Try(TwinSession session, CancellationToken stop)
    {
        try
        {
            Look(session, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "Condition and supply of plant {Plant} could not be looked at", session.Id);
        }
    }
}
