using System.Collections.Concurrent;
using DigitalTwin.Runtime.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DigitalTwin.Runtime.Floor;

/// <summary>Carries commands to the floors of all plants.</summary>
/// <param name="folder">Of a plant's data; <c>null</c> keeps nothing over a restart.</param>
public sealed class FloorService(SessionRegistry sessions, Func<string, string?> folder, TimeProvider time, ILogger<FloorService> log) : BackgroundService
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(250);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentDictionary<string, Lazy<FloorDesk>> _desks = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The desk of a plant.</summary>
    public FloorDesk Of(string plantId) => _desks.GetOrAdd(plantId, id => new Lazy<FloorDesk>(() => new FloorDesk(id, folder(id), Open, time))).Value;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var desk in _desks.Values.Where(d => d.IsValueCreated))
        {
            await desk.Value.DisposeAsync();
        }

        _desks.Clear();
        _http.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Task.WhenAll(sessions.All.Select(s => SendAsync(s.Id, stoppingToken))); // a silent floor delays no other
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopping is not a failure
        }
    }

    private async Task SendAsync(string plantId, CancellationToken stopping)
    {
        try
        {
            await Of(plantId).SendDueAsync(stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogWarning(e, "Commands to the floor of {Plant} wait: {What}", plantId, e.Message);
        }
    }

    private IFloorDoor? Open(string plantId, FloorSettings settings) => settings.Way switch
    {
        FloorWay.Http => new WebhookDoor(_http, new Uri(settings.Url), settings.Token),
        FloorWay.Mqtt => new MqttFloorDoor(plantId, settings),
        _ => null,
    };
}
