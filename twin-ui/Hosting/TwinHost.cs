using DigitalTwin.Plant.Events;
using DigitalTwin.Runtime.Calibration;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Ui.Hosting;

/// <summary>Opens the sessions when the server starts and closes them when it stops.</summary>
public sealed class TwinHost(SessionRegistry sessions, TwinServerOptions options, IReadOnlyList<ServedScenario> scenarios, CalibrationService calibrations, ILogger<TwinHost> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var served in scenarios)
        {
            var place = new JournalPlace(options.DataFolder, options.Database);
            var plant = served.Plant.Scenario.Id;
            var session = await sessions.OpenAsync(Calibrated(served.Plant), new TwinSessionOptions
            {
                OpenJournal = fingerprint => place.Open(plant, fingerprint, options.Retention),
                MayStartOver = options.Demo && served.History.Count == 0,
            });
            log.LogInformation("Plant {Plant} is open: {Rows} journal rows in {Path}", session.Id, session.Statistics.JournalRows, place.Describe(plant));
            if (session.Damage is { } damage)
            {
                log.LogWarning("{What}", damage.What);
            }

            await TakeHistoryAsync(session, served.History, cancellationToken);
        }
    }

    /// <summary>The plant with the numbers that people accepted before.</summary>
    private Plant.Behaviour.CompiledScenario Calibrated(Plant.Behaviour.CompiledScenario plant)
    {
        var problems = new List<string>();
        var calibrated = calibrations.Opened(plant, problems);
        problems.ForEach(p => log.LogWarning("A calibration of {Plant} is left out: {Why}", plant.Scenario.Id, p));
        return calibrated;
    }

    /// <summary>A session that remembers nothing yet begins with what a log tells of its past.</summary>
    private async Task TakeHistoryAsync(TwinSession session, IReadOnlyList<PlantEvent> history, CancellationToken cancellation)
    {
        if (history.Count == 0 || session.Statistics.JournalRows > 0)
        {
            return;
        }

        var translator = new ObservationTranslator(session.Names);
        var receipt = await session.IngestAsync(
            [.. history.Select((e, i) => translator.Write(e, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"history-{i}")))],
            cancellation: cancellation);
        log.LogInformation("Plant {Plant} began with {Accepted} events of its history", session.Id, receipt.Accepted);
        if (receipt.Refused.Count > 0)
        {
            log.LogWarning("{Count} events of the history of {Plant} were refused, the first: {Reason}", receipt.Refused.Count, session.Id, receipt.Refused[0].Reason);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await sessions.DisposeAsync();
}
