using System.Buffers;
using System.Net.Http.Json;
using System.Text.Json;
using DigitalTwin.Tests.System.Live;
using DigitalTwin.Tests.System.Programs;
using MQTTnet;
using MQTTnet.Protocol;

namespace DigitalTwin.Tests.System.Doors;

/// <summary>The real program tells a floor at a real broker what to do.</summary>
public sealed class MqttFloorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_command_is_answered_by_the_floor_though_the_broker_goes_away_in_between()
    {
        await using var broker = await Broker.StartAsync();
        using var data = new TemporaryFolder();
        var plant = Observed.Plant("dyehouse");
        var root = $"/api/v1/plants/{plant.Scenario.Id}/floor";
        await using var server = await TwinServer.StartAsync(data.Path, "--no-demo");
        using var set = await server.Http.PutAsJsonAsync(root, new { way = "Mqtt", url = $"mqtt://127.0.0.1:{broker.Port}", timeoutSeconds = 2 }, Stop);
        Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync(Stop));

        var heard = new List<string>();
        using (await FloorAsync(broker, plant.Scenario.Id, heard))
        {
            await GiveAsync("c1", 0);
            await server.Program.UntilAsync(() => State("c1") == "Acknowledged", "an answer");
        }

        await broker.StopAsync();
        await GiveAsync("c2", 1);
        await server.Program.UntilAsync(() => Tries("c2") >= 1, "a try that fails");
        await broker.StartAgainAsync();
        using (await FloorAsync(broker, plant.Scenario.Id, heard))
        {
            await server.Program.UntilAsync(() => State("c2") == "Acknowledged", "an answer from the broker that is back");
        }

        Assert.Equal(["c1", "c2"], heard.Distinct());

        string State(string command) => Command(command).GetProperty("state").GetString()!;
        int Tries(string command) => Command(command).GetProperty("attempts").GetInt32();
        JsonElement Command(string command) => server.GetAsync($"{root}/commands/{command}").GetAwaiter().GetResult();
        async Task GiveAsync(string command, int job)
        {
            using var given = await server.Http.PostAsJsonAsync($"{root}/commands", new { id = command, verb = "Start", job = plant.JobName(job) }, Stop);
            Assert.True(given.IsSuccessStatusCode, await given.Content.ReadAsStringAsync(Stop));
        }
    }

    /// <summary>A floor that does all that it is told.</summary>
    private static async Task<IMqttClient> FloorAsync(Broker broker, string plant, List<string> heard)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += async message =>
        {
            var id = JsonDocument.Parse(message.ApplicationMessage.Payload.ToArray()).RootElement.GetProperty("id").GetString()!;
            heard.Add(id);
            await client.PublishAsync(
                new MqttApplicationMessageBuilder().WithTopic($"twin/{plant}/answers").WithPayload($$"""{"id":"{{id}}","accepted":true}""").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), Stop);
        };
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).Build(), Stop);
        await client.SubscribeAsync($"twin/{plant}/commands", MqttQualityOfServiceLevel.AtLeastOnce, Stop);
        return client;
    }
}
