using System.Collections.Concurrent;
using DigitalTwin.Runtime.Emulation;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Ui.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace DigitalTwin.Ui.Hosting;

/// <summary>The emulated plants of a demo: each reports to this server through its own HTTP door, like a real plant would.</summary>
public sealed class DemoPlants(
    SessionRegistry sessions, TwinServerOptions options, IServer server, IHostApplicationLifetime lifetime, ApiKeys keys, ILogger<DemoPlants> log) : BackgroundService
{
    private readonly ConcurrentDictionary<string, Emulator> _emulators = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The emulator that feeds a plant, or <c>null</c> when a real plant does.</summary>
    public Emulator? Find(string plantId) => _emulators.GetValueOrDefault(plantId);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Demo || !await StartedAsync(stoppingToken))
        {
            return;
        }

        using var http = new HttpClient { BaseAddress = OwnAddress(), Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", keys.OwnKey);
        await Task.WhenAll(sessions.All.Select(session => EmulateAsync(session, http, stoppingToken)));
    }

    private async Task EmulateAsync(TwinSession session, HttpClient http, CancellationToken stopping)
    {
        var emulator = new Emulator(session.Original, new HttpDoor(http, session.Id), new EmulatorOptions { Speed = options.Speed });
        _emulators[session.Id] = emulator;
        try
        {
            await emulator.RunAsync(stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "The emulated plant {Plant} stopped", session.Id);
        }
    }

    private async Task<bool> StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource();
        using var onStart = lifetime.ApplicationStarted.Register(started.SetResult);
        using var onStop = stopping.Register(() => started.TrySetCanceled(stopping));
        await started.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return started.Task.IsCompletedSuccessfully;
    }

    private Uri OwnAddress()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var own = (addresses.FirstOrDefault() ?? options.Url).Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://[::]", "://[::1]", StringComparison.Ordinal);
        return new Uri(own);
    }
}
