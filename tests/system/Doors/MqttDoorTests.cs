using System.Text;
using System.Text.Json;
using DigitalTwin.Runtime.Doors.Sparkplug;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Tests.System.Live;
using DigitalTwin.Tests.System.Programs;
using MQTTnet;
using MQTTnet.Protocol;

namespace DigitalTwin.Tests.System.Doors;

/// <summary>The real program at a real broker.</summary>
public sealed class MqttDoorTests
{
    [Fact]
    public async Task Everything_published_arrives_once_though_broker_and_twin_go_away_in_between()
    {
        await using var broker = await Broker.StartAsync();
        using var data = new TemporaryFolder();
        var plant = Observed.Plant("dyehouse");
        var id = plant.Scenario.Id;
        WriteDoors(data, id, $"doors:\n  - name: floor\n    mqtt:\n      host: 127.0.0.1\n      port: {broker.Port}\n");
        var observations = Observed.Run(plant, 12);
        var part = observations.Count / 4;
        await using (var server = await TwinServer.StartAsync(data.Path, "--no-demo"))
        {
            await PublishAsync(broker, id, observations.Take(part));
            await UntilAcceptedAsync(server, id, part);
            await broker.StopAsync();
            await server.Program.UntilAsync(() => Door(server, id).GetProperty("status").GetString() == "Waiting", "the door to wait");
            await broker.StartAgainAsync();
            await server.Program.UntilAsync(() => Door(server, id).GetProperty("status").GetString() == "Open", "the door to open again");
            await PublishAsync(broker, id, observations.Skip(part).Take(part));
            await UntilAcceptedAsync(server, id, 2 * part);
            server.Program.Kill();
        }

        await PublishAsync(broker, id, observations.Skip(2 * part)); // nobody is there: the broker keeps it
        await using var again = await TwinServer.StartAsync(data.Path, "--no-demo");
        await UntilAcceptedAsync(again, id, observations.Count - 2 * part);
        var state = await again.GetAsync($"/api/v1/plants/{id}");
        Assert.Equal(0, state.GetProperty("statistics").GetProperty("refused").GetInt64());
        Assert.Equal(0, Door(again, id).GetProperty("lost").GetInt64());

        var told = await TwinProgram.RunAsync("doors", "list", "--from", again.Address.ToString());
        Assert.Equal(0, told.ExitCode);
        Assert.Contains("floor (mqtt)", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sparkplug_births_gaps_and_deaths_are_understood()
    {
        await using var broker = await Broker.StartAsync();
        using var data = new TemporaryFolder();
        var id = Observed.Plant("dyehouse").Scenario.Id;
        var machine = Observed.Plant("dyehouse").Plant.Equipment[0].Id;
        WriteDoors(data, id, $"doors:\n  - name: gateway\n    sparkplug:\n      host: 127.0.0.1\n      port: {broker.Port}\n      group: plant1\n      mapping: metrics.csv\n");
        await File.WriteAllTextAsync(Path.Combine(data.Path, id, "metrics.csv"),
            $"topic,when,kind,equipment\nplant1/edge/vat1/state,$value = 3,EquipmentDown,{machine}\nplant1/edge/vat1/state,$value = 1,RepairEnded,{machine}\n", TestContext.Current.CancellationToken);
        await using var server = await TwinServer.StartAsync(data.Path, "--no-demo");
        using var edge = await ConnectAsync(broker);
        var asked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var online = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        edge.ApplicationMessageReceivedAsync += e =>
        {
            (e.ApplicationMessage.Topic.Contains("STATE", StringComparison.Ordinal) ? online : asked).TrySetResult(
                e.ApplicationMessage.Topic.Contains("STATE", StringComparison.Ordinal) ? e.ApplicationMessage.ConvertPayloadToString()
                : SparkplugPayload.Read(global::System.Buffers.BuffersExtensions.ToArray(e.ApplicationMessage.Payload)).Metrics[0].Name);
            return Task.CompletedTask;
        };
        await edge.SubscribeAsync("spBv1.0/plant1/NCMD/edge", MqttQualityOfServiceLevel.AtLeastOnce, TestContext.Current.CancellationToken);
        await edge.SubscribeAsync($"spBv1.0/STATE/twin-{id}", MqttQualityOfServiceLevel.AtLeastOnce, TestContext.Current.CancellationToken);
        Assert.Contains("\"online\":true", await online.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await SendAsync(edge, "DDATA/edge/vat1", 7, State(3));
        Assert.Equal("Node Control/Rebirth", await asked.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        await SendAsync(edge, "NBIRTH/edge", 0, new SparkplugMetric { Name = "bdSeq", Type = SparkplugType.UInt64, Raw = 1UL });
        await SendAsync(edge, "DBIRTH/edge/vat1", 1, State(0) with { Name = "state" });
        await SendAsync(edge, "DDATA/edge/vat1", 2, State(3));
        await server.Program.UntilAsync(() => Machine(server, id, machine).GetProperty("status").GetString() == "Down", "the vat to be down");
        await SendAsync(edge, "DDEATH/edge/vat1", 3);
        await server.Program.UntilAsync(() => Machine(server, id, machine).GetProperty("stale").GetBoolean(), "the vat to be stale");
        await SendAsync(edge, "DBIRTH/edge/vat1", 4, State(1) with { Name = "state" });
        await server.Program.UntilAsync(() => !Machine(server, id, machine).GetProperty("stale").GetBoolean() && Machine(server, id, machine).GetProperty("status").GetString() != "Down", "the vat to be back");
    }

    [Fact]
    public async Task What_is_no_observation_is_kept_marked_and_counted_and_the_door_stays_open()
    {
        await using var broker = await Broker.StartAsync();
        using var data = new TemporaryFolder();
        var id = Observed.Plant("dyehouse").Scenario.Id;
        WriteDoors(data, id, $"doors:\n  - name: floor\n    mqtt:\n      host: 127.0.0.1\n      port: {broker.Port}\n");
        await using var server = await TwinServer.StartAsync(data.Path, "--no-demo");
        using var client = await ConnectAsync(broker);
        byte[][] hostile = [Encoding.UTF8.GetBytes("boom"), [0xFF, 0xFE, 0x00], Encoding.UTF8.GetBytes("{\"id\":1}"), Encoding.UTF8.GetBytes(new string('[', 5000)), new byte[2 * 1024 * 1024], []];
        foreach (var payload in hostile)
        {
            await client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic($"twin/{id}/observations").WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), TestContext.Current.CancellationToken);
        }

        await server.Program.UntilAsync(() => Door(server, id).GetProperty("refused").GetInt64() == hostile.Length, "all of them to be refused");
        Assert.Equal("Open", Door(server, id).GetProperty("status").GetString());
        var refused = await server.GetAsync($"/api/v1/plants/{id}/observations/refused");
        Assert.Equal(hostile.Length, refused.GetProperty("count").GetInt32());
    }

    private static SparkplugMetric State(int value) => new() { Name = "state", Type = SparkplugType.Int32, Raw = (ulong)value, Timestamp = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() };

    private static void WriteDoors(TemporaryFolder data, string plant, string text)
    {
        Directory.CreateDirectory(Path.Combine(data.Path, plant));
        File.WriteAllText(Path.Combine(data.Path, plant, "doors.yaml"), text);
    }

    private static JsonElement Door(TwinServer server, string plant) => server.GetAsync($"/api/v1/plants/{plant}/doors").GetAwaiter().GetResult()[0];

    private static JsonElement Machine(TwinServer server, string plant, string machine) => server.GetAsync($"/api/v1/plants/{plant}/equipment/{machine}").GetAwaiter().GetResult();

    private static Task UntilAcceptedAsync(TwinServer server, string plant, int count) =>
        server.Program.UntilAsync(() => Door(server, plant).GetProperty("accepted").GetInt64() >= count, $"{count} observations: {Door(server, plant)}");

    private static async Task<IMqttClient> ConnectAsync(Broker broker)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).Build(), TestContext.Current.CancellationToken);
        return client;
    }

    private static Task SendAsync(IMqttClient client, string what, int sequence, params SparkplugMetric[] metrics) => client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic($"spBv1.0/plant1/{what}")
            .WithPayload(SparkplugWriter.Write(new SparkplugPayload { Timestamp = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), Sequence = sequence, Metrics = metrics }))
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), TestContext.Current.CancellationToken);

    private static async Task PublishAsync(Broker broker, string plant, IEnumerable<Observation> observations)
    {
        using var client = await ConnectAsync(broker);
        foreach (var observation in observations)
        {
            await client.PublishAsync(
                new MqttApplicationMessageBuilder().WithTopic($"twin/{plant}/observations")
                    .WithPayload(JsonSerializer.SerializeToUtf8Bytes(observation, RuntimeJson.Default.Observation)).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(),
                TestContext.Current.CancellationToken);
        }

        await client.DisconnectAsync(cancellationToken: TestContext.Current.CancellationToken);
    }
}
