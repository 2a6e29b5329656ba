using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Tests.System.Live;
using DigitalTwin.Tests.System.Programs;
using Microsoft.AspNetCore.SignalR.Client;

namespace DigitalTwin.Tests.System.Doors;

public sealed class StreamTests
{
    [Fact]
    public async Task A_stream_of_lines_is_answered_part_by_part_with_the_line_of_every_error()
    {
        using var data = new TemporaryFolder();
        var plant = Observed.Plant("dyehouse");
        var id = plant.Scenario.Id;
        var observations = Observed.Run(plant, 6);
        await using var server = await TwinServer.StartAsync(data.Path, "--no-demo");
        var body = new MemoryStream();
        foreach (var line in (string[])["nonsense", "{\"id\":\"x\",\"time\":1,\"kind\":\"Exploded\"}", "", new string('x', 100_000), .. observations.Select(o => JsonSerializer.Serialize(o, RuntimeJson.Default.Observation))])
        {
            body.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }

        body.Position = 0;
        using var content = new StreamContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
        using var answer = await server.Http.PostAsync(new Uri($"/api/v1/plants/{id}/observations/stream", UriKind.Relative), content, TestContext.Current.CancellationToken);

        answer.EnsureSuccessStatusCode();
        var receipts = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonSerializer.Deserialize(l, RuntimeJson.Default.StreamReceipt)!).ToList();
        Assert.Equal(observations.Count, receipts.Sum(r => r.Accepted));
        Assert.Equal(observations.Count + 4, receipts[^1].LastLine);
        Assert.Equal([1L, 2, 4], receipts.SelectMany(r => r.Refused).Select(r => r.Line));
        Assert.All(receipts, r => Assert.Null(r.Trouble));
    }

    [Fact]
    public async Task A_machine_reports_over_the_hub_and_hears_when_it_is_on_disk()
    {
        using var data = new TemporaryFolder();
        var plant = Observed.Plant("dyehouse");
        var id = plant.Scenario.Id;
        var observations = Observed.Run(plant, 6);
        await using var server = await TwinServer.StartAsync(data.Path, "--no-demo");
        await using var hub = await server.ConnectAsync();

        var first = await hub.InvokeAsync<JsonElement>("Ingest", id, observations.Take(500).ToArray(), TestContext.Current.CancellationToken);
        var receipts = new List<JsonElement>();
        await foreach (var receipt in hub.StreamAsync<JsonElement>("IngestStream", id, DeliveriesAsync(observations.Skip(250)), TestContext.Current.CancellationToken))
        {
            receipts.Add(receipt);
        }

        Assert.Equal(500, first.GetProperty("accepted").GetInt32());
        Assert.Equal(observations.Count - 500, receipts.Sum(r => r.GetProperty("accepted").GetInt32()));
        Assert.Equal(250, receipts.Sum(r => r.GetProperty("duplicates").GetInt32()));
    }

    private static async IAsyncEnumerable<Observation[]> DeliveriesAsync(IEnumerable<Observation> observations)
    {
        foreach (var chunk in observations.Chunk(200))
        {
            await Task.Yield();
            yield return chunk;
        }
    }
}
