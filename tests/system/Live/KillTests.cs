using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;
using DigitalTwin.Runtime.Sessions;
using DigitalTwin.Tests.Unit.Databases;
using DigitalTwin.Tests.System.Programs;

namespace DigitalTwin.Tests.System.Live;

/// <summary>The real program under load, killed at random moments again and again. <c>TWIN_KILLS</c> says how often (6 when not set).</summary>
public sealed class KillTests
{
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("TWIN_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 6;

    [Fact]
    public async Task Killed_again_and_again_under_load_on_sqlite_nothing_acknowledged_is_lost_and_the_state_is_the_fold()
    {
        using var data = new TemporaryFolder();
        await KillAsync(round => (new JournalPlace(data[$"round-{round}"]), ["--data", data[$"round-{round}"]]));
    }

    [Fact]
    public async Task Killed_again_and_again_under_load_on_postgresql_nothing_acknowledged_is_lost_and_the_state_is_the_fold()
    {
        using var server = PostgresServer.Create();
        using var data = new TemporaryFolder();
        var made = new HashSet<int>();
        await KillAsync(round =>
        {
            if (made.Add(round))
            {
                server.Execute($"CREATE DATABASE round{round}");
            }

            var database = server.ConnectionString.Replace("Database=postgres", $"Database=round{round}", StringComparison.Ordinal);
            return (new JournalPlace("", database), ["--data", data.Path, "--database", database]);
        });
    }

    private static async Task KillAsync(Func<int, (JournalPlace Place, string[] Arguments)> placeOf)
    {
        var plant = Observed.Plant("dyehouse");
        var report = Observed.Run(plant, 24 * 12);
        var random = new Random(1);
        var (round, acknowledged, began, total) = (0, 0, 0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            if (acknowledged > report.Count * 3 / 4)
            {
                (round, acknowledged) = (round + 1, 0); // on a new journal
            }

            var (place, arguments) = placeOf(round);
            began = acknowledged;
            await using (var server = await TwinServer.StartAsync(arguments[1], ["--no-demo", .. arguments[2..]]))
            {
                var state = await server.GetAsync($"/api/v1/plants/{plant.Scenario.Id}");
                Assert.True(state.GetProperty("damage").ValueKind == global::System.Text.Json.JsonValueKind.Null, state.ToString());
                Assert.Equal(0, state.GetProperty("statistics").GetProperty("refused").GetInt64());
                if (acknowledged > 0)
                {
                    var known = report[Math.Max(0, acknowledged - 500)..acknowledged];
                    var receipt = await Observed.PostAsync(server.Http, plant.Scenario.Id, known);
                    Assert.Equal((0, known.Count), (receipt.GetProperty("accepted").GetInt32(), receipt.GetProperty("duplicates").GetInt32()));
                }

                // The clock of the plug starts with the first acknowledgement, now and then before it.
                var underWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var patience = random.Next(0, 500);
                var plug = PullAsync();
                try
                {
                    while (acknowledged < report.Count)
                    {
                        var size = Math.Min(random.Next(1, 60), report.Count - acknowledged);
                        await Observed.PostAsync(server.Http, plant.Scenario.Id, report.GetRange(acknowledged, size));
                        acknowledged += size;
                        total += size;
                        underWay.TrySetResult();
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
                {
                    // the plug
                }

                await plug;

                async Task PullAsync()
                {
                    await Task.WhenAny(underWay.Task, Task.Delay(kill % 10 == 9 ? 50 : 30_000, TestContext.Current.CancellationToken));
                    await Task.Delay(patience, TestContext.Current.CancellationToken);
                    server.Program.Kill();
                }
            }

            CheckJournal(plant, report, place, acknowledged, kill, acknowledged - began);
        }

        Assert.True(total > 50 * Kills, $"{total} observations were acknowledged before {Kills} kills: too few to say anything");
    }

    /// <summary>What is on disk is a beginning of what was sent, whole observations, at least what was acknowledged; the state is its fold.</summary>
    private static void CheckJournal(CompiledScenario plant, List<Observation> report, JournalPlace place, int acknowledged, int kill, int inThisRun)
    {
        var session = new TwinSession(plant, new TwinSessionOptions { OpenJournal = f => place.Open(plant.Scenario.Id, f), SnapshotAge = TimeSpan.Zero, SnapshotEvery = 2000 });
        var state = session.Snapshot();
        TestContext.Current.TestOutputHelper?.WriteLine($"kill {kill + 1}: {inThisRun} acknowledged before it, {acknowledged} in all, {state.Version} on disk, {session.Statistics.SavedFolds} saved folds");
        Assert.Null(session.Damage);
        Assert.InRange(state.Version, acknowledged, acknowledged + 60);
        var fold = new PlantState(plant);
        var translator = new ObservationTranslator(new PlantNames(plant));
        foreach (var observation in report.Take((int)state.Version))
        {
            Assert.True(translator.TryRead(observation, out var e, out _));
            fold.Apply(e.Kind == PlantEventKind.BatchStarted && e.Value == ObservationTranslator.UnknownTime
                ? e with { Value = plant.MeanProcessingTime(e.Job, e.Equipment, fold.Jobs[e.Job].Load).Milliseconds } : e);
        }

        fold.AdvanceTo(state.Now);
        Assert.Equal(Bytes(fold), Bytes(state));
        session.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static string Bytes(PlantState state)
    {
        var output = new global::System.Buffers.ArrayBufferWriter<byte>();
        SavedState.Write(state, output);
        return Convert.ToHexString(global::System.Security.Cryptography.SHA256.HashData(output.WrittenSpan));
    }
}
