using DigitalTwin.Tests.System.Programs;

namespace DigitalTwin.Tests.System.Live;

/// <summary>Acknowledged means on disk, whatever happens to the process.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task A_kill_in_the_middle_of_ingest_loses_nothing_that_was_acknowledged()
    {
        using var data = new TemporaryFolder();
        var plant = Observed.Plant("dyehouse");
        var id = plant.Scenario.Id;
        var deliveries = Observed.Run(plant, 30).Chunk(50).ToList();
        var acknowledged = 0;
        for (var round = 0; round < 3; round++)
        {
            await using var server = await TwinServer.StartAsync(data.Path, "--no-demo");
            var before = await server.GetAsync($"/api/v1/plants/{id}");
            Assert.Equal(0, before.GetProperty("statistics").GetProperty("refused").GetInt64());
            Assert.True(before.GetProperty("damage").ValueKind == global::System.Text.Json.JsonValueKind.Null);

            // Everything so far again: all of it must be known. Then on, and the plug is pulled while deliveries are under way.
            foreach (var known in deliveries.Take(acknowledged))
            {
                var receipt = await Observed.PostAsync(server.Http, id, known);
                Assert.Equal((0, known.Length), (receipt.GetProperty("accepted").GetInt32(), receipt.GetProperty("duplicates").GetInt32()));
            }

            var kill = Task.Run(() => server.Program.UntilAsync(() => acknowledged >= (round + 1) * deliveries.Count / 4, "deliveries"), TestContext.Current.CancellationToken)
                .ContinueWith(_ => server.Program.Kill(), TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
            try
            {
                for (var i = acknowledged; i < deliveries.Count; i++)
                {
                    await Observed.PostAsync(server.Http, id, deliveries[i]);
                    Interlocked.Exchange(ref acknowledged, i + 1);
                }
            }
            catch (HttpRequestException)
            {
                // the plug
            }

            await kill;
        }

        Assert.InRange(acknowledged, 1, deliveries.Count);
    }

    [Fact]
    public async Task An_emulated_plant_in_another_process_feeds_the_twin_and_goes_on_after_the_twin_was_killed()
    {
        using var data = new TemporaryFolder();
        var scenario = Repository.Scenario("dyehouse");
        long before;
        Uri address;
        TwinProgram emulator;
        await using (var server = await TwinServer.StartAsync(data.Path, "--no-demo"))
        {
            address = server.Address;
            emulator = TwinProgram.Start(null, "emulate", "--scenario", scenario, "--to", address.ToString(), "--speed", "600");
            var plant = await server.PlantAsync();
            await server.Program.UntilAsync(() => NowMs(server, plant) > 1_800_000, "half a plant hour");
            before = NowMs(server, plant);
            server.Program.Kill();
        }

        await using (emulator)
        {
            await using var again = await TwinServer.StartAtAsync(address, data.Path, "--no-demo");
            var plant = await again.PlantAsync();
            await again.Program.UntilAsync(() => NowMs(again, plant) > before + 1_800_000, "another half plant hour");
            var state = await again.GetAsync($"/api/v1/plants/{plant}");
            Assert.Equal(0, state.GetProperty("statistics").GetProperty("refused").GetInt64());
        }
    }

    [Theory]
    [InlineData("http://0.0.0.0:5080", "twin user add NAME --role admin")]
    [InlineData("http://192.168.1.10:5080", "twin user add NAME --role admin")]
    [InlineData("nonsense", "is not an address")]
    public async Task An_address_that_others_can_reach_is_refused_with_the_way_out(string url, string what)
    {
        using var data = new TemporaryFolder();
        var ended = await TwinProgram.RunAsync("serve", "--url", url, "--data", data.Path);
        Assert.True(ended.ExitCode != 0, ended.ToString());
        Assert.Contains(what, ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_of_another_scenario_is_refused_in_one_message()
    {
        using var data = new TemporaryFolder();
        await using (await TwinServer.StartAsync(data.Path, "--no-demo"))
        {
        }

        var changed = data["changed"];
        Directory.CreateDirectory(changed);
        foreach (var file in Directory.GetFiles(Repository.Scenario("dyehouse")))
        {
            File.Copy(file, Path.Combine(changed, Path.GetFileName(file)));
        }

        var orders = Path.Combine(changed, "orders.csv");
        var lines = await File.ReadAllLinesAsync(orders, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(orders, lines[..^1], TestContext.Current.CancellationToken);

        var ended = await TwinProgram.RunAsync("serve", "--port", "0", "--scenario", changed, "--data", data.Path, "--no-demo");
        Assert.True(ended.ExitCode != 0, ended.ToString());
        Assert.Contains("belongs to another scenario", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("Maybe put the old scenario back", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
    }

    private static long NowMs(TwinServer server, string plant) =>
        server.GetAsync($"/api/v1/plants/{plant}").GetAwaiter().GetResult().GetProperty("nowMs").GetInt64();
}
