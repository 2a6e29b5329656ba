using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Hosting;

/// <summary>Opens the sessions when the server starts and closes them when it stops.</summary>
public sealed class TwinHost(SessionRegistry sessions, TwinServerOptions options, IReadOnlyList<CompiledScenario> scenarios, ILogger<TwinHost> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var scenario in scenarios)
        {
            var path = Path.Combine(options.DataFolder, scenario.Scenario.Id, "journal.db");
            var session = await sessions.OpenAsync(scenario, new TwinSessionOptions
            {
                OpenJournal = fingerprint => SqliteJournal.Open(path, fingerprint),
                MayStartOver = options.Demo,
            });
            log.LogInformation("Plant {Plant} is open: {Rows} journal rows in {Path}", session.Id, session.Statistics.JournalRows, path);
            if (session.Damage is { } damage)
            {
                log.LogWarning("{What}", damage.What);
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await sessions.DisposeAsync();
}
