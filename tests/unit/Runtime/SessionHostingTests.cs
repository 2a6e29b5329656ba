using System.Diagnostics;
using System.Diagnostics.Metrics;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Runtime.Drift;
using DigitalTwin.Runtime.Forecasts;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DigitalTwin.Tests.Unit.Runtime;

/// <summary>Many sessions in one process under the generic host.</summary>
public sealed class SessionHostingTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_plants_in_one_host_take_in_side_by_side_stop_cleanly_and_remember_everything()
    {
        var journals = Enumerable.Range(0, 20).Select(_ => new KeptJournal()).ToArray();
        var pictures = new string[20];
        using (var host = Host())
        {
            await host.StartAsync(Stop);
            var sessions = host.Services.GetRequiredService<SessionRegistry>();
            await Parallel.ForAsync(0, 20, Stop, async (i, stop) =>
            {
                var session = await sessions.OpenAsync(Plant(i), new TwinSessionOptions { OpenJournal = _ => journals[i], SnapshotAge = TimeSpan.Zero });
                await session.IngestAsync(RuntimePlants.Report(session.Original, 8, seed: (ulong)i + 1), cancellation: stop);
                pictures[i] = RuntimePlants.Picture(session.View().State);
            });
            await Assert.ThrowsAsync<InvalidOperationException>(() => sessions.OpenAsync(Plant(3)));
            var stopped = host.StopAsync(Stop);
            await stopped.WaitAsync(TimeSpan.FromSeconds(30), Stop);
            await sessions.DisposeAsync();
            Assert.Empty(sessions.All);
        }

        for (var i = 0; i < 20; i++)
        {
            await using var again = RuntimePlants.Open(Plant(i), journals[i]);
            Assert.Equal(pictures[i], RuntimePlants.Picture(again.View().State));
        }

        Assert.True(pictures.Distinct().Count() > 15, "the plants lived one life");
    }

    [Fact]
    public async Task Two_hosts_in_one_process_know_nothing_of_each_other()
    {
        using var a = Host();
        using var b = Host();
        var (one, other) = (a.Services.GetRequiredService<SessionRegistry>(), b.Services.GetRequiredService<SessionRegistry>());
        await using var first = await one.OpenAsync(Plant(1));
        await using var second = await other.OpenAsync(Plant(1));

        await first.IngestAsync(RuntimePlants.Report(first.Original, 8), cancellation: Stop);

        Assert.NotEqual(0, first.Statistics.Accepted);
        Assert.Equal(0, second.Statistics.Accepted);
        Assert.Equal(0, second.View().State.Version);
    }

    [Fact]
    public async Task A_plant_that_cannot_remember_is_not_ready_and_says_why_and_a_silent_one_is_ready()
    {
        var journal = new KeptJournal();
        await using var session = RuntimePlants.Open(RuntimePlants.Lively(3), journal);
        var silent = SessionHealth.Of(session);
        Assert.True(silent.Ready);
        Assert.Contains("has not reported yet", Assert.Single(silent.Reasons), StringComparison.Ordinal);

        journal.Failing = true;
        await Assert.ThrowsAsync<JournalUnavailableException>(() => session.IngestAsync(RuntimePlants.Report(session.Original, 2), cancellation: Stop));
        var faulted = SessionHealth.Of(session);
        Assert.False(faulted.Ready);
        Assert.Contains("cannot be written", faulted.Reasons[0], StringComparison.Ordinal);

        journal.Failing = false;
        await session.IngestAsync(RuntimePlants.Report(session.Original, 2), cancellation: Stop);
        Assert.True(SessionHealth.Of(session).Ready);
    }

    [Fact]
    public async Task Metrics_name_each_plant_and_count_what_it_took_and_steps_are_traced()
    {
        await using var sessions = new SessionRegistry();
        using var telemetry = new TwinTelemetry(sessions);
        var session = await sessions.OpenAsync(Plant(77));
        var spans = new List<Activity>();
        using var tracing = new ActivityListener
        {
            ShouldListenTo = s => s.Name == TwinTelemetry.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a =>
            {
                lock (spans)
                {
                    spans.Add(a);
                }
            },
        };
        ActivitySource.AddActivityListener(tracing);
        var seen = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter.Name == TwinTelemetry.Name) { l.EnableMeasurementEvents(i); } } };
        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Note(i, v, tags));
        listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Note(i, v, tags));
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Note(i, v, tags));
        listener.Start();

        var receipt = await session.IngestAsync(RuntimePlants.Report(session.Original, 4), cancellation: Stop);
        listener.RecordObservableInstruments();

        Assert.Equal(receipt.Accepted, seen["twin.observations.accepted"]);
        Assert.Equal(1, seen["twin.alive"]);
        Assert.Equal(session.Statistics.QueueLimit, seen["twin.queue.limit"]);
        lock (spans)
        {
            Assert.Contains(spans, s => s.OperationName == "twin.step" && Equals(s.GetTagItem("plant"), session.Id));
        }

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length > 0 && Equals(tags[0].Value, session.Id))
            {
                seen[instrument.Name] = value;
            }
        }
    }

    private static CompiledScenario Plant(int number)
    {
        var plant = RuntimePlants.Lively(10);
        return CompiledScenario.Compile(plant.Scenario with { Id = $"plant-{number}" });
    }

    private static IHost Host()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging(l => l.ClearProviders());
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<SessionRegistry>().AddSingleton(new ForecastOptions { Futures = 2 }).AddSingleton(new DriftServiceOptions());
        builder.Services.AddHostedService<ForecastService>().AddHostedService<DriftService>();
        return builder.Build();
    }
}
