using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;

namespace DigitalTwin.Runtime.Floor;

/// <summary>MQTT: a command is published to <c>prefix/plant/commands</c> (at least once), the floor answers <c>{"id":…,"accepted":true}</c> on
/// <c>prefix/plant/answers</c>. It connects when it is needed, and anew when the broker is back.</summary>
public sealed class MqttFloorDoor(string plantId, FloorSettings settings) : IFloorDoor
{
    private const int PlainPort = 1883;
    private const int SecurePort = 8883;

    private readonly ConcurrentDictionary<string, TaskCompletionSource<FloorAnswer>> _asked = new(StringComparer.Ordinal);
    private readonly string _commands = $"{settings.Topic}/{plantId}/commands";
    private readonly string _answers = $"{settings.Topic}/{plantId}/answers";
    private IMqttClient? _client;

    public async Task<FloorAnswer> SendAsync(FloorMessage message, CancellationToken cancellation)
    {
        var asked = _asked[message.Id] = new TaskCompletionSource<FloorAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var client = await ConnectedAsync(cancellation);
            await client.PublishAsync(
                new MqttApplicationMessageBuilder().WithTopic(_commands).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                    .WithPayload(JsonSerializer.SerializeToUtf8Bytes(message, FloorJson.Default.FloorMessage)).Build(),
                cancellation);
            return await asked.Task.WaitAsync(cancellation);
        }
        catch (Exception e) when (e is not (OperationCanceledException or FloorUnreachableException))
        {
            throw new FloorUnreachableException($"{settings.Url} cannot be reached: {e.Message}", e);
        }
        finally
        {
            _asked.TryRemove(message.Id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is { } client)
        {
            try
            {
                await client.DisconnectAsync();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // it is gone already
            }

            client.Dispose();
        }
    }

    private async Task<IMqttClient> ConnectedAsync(CancellationToken cancellation)
    {
        if (_client is { IsConnected: true } connected)
        {
            return connected;
        }

        _client?.Dispose();
        _client = new MqttClientFactory().CreateMqttClient();
        _client.ApplicationMessageReceivedAsync += OnAnswerAsync;
        var broker = new Uri(settings.Url);
        var secure = broker.Scheme == "mqtts";
        var options = new MqttClientOptionsBuilder().WithTcpServer(broker.Host, broker.Port > 0 ? broker.Port : secure ? SecurePort : PlainPort)
            .WithClientId($"twin-floor-{plantId}-{Guid.NewGuid():N}").WithTlsOptions(o => o.UseTls(secure));
        options = settings.User is { Length: > 0 } user ? options.WithCredentials(user, settings.Token ?? "") : options;
        await _client.ConnectAsync(options.Build(), cancellation);
        await _client.SubscribeAsync(_answers, MqttQualityOfServiceLevel.AtLeastOnce, cancellation);
        return _client;
    }

    private Task OnAnswerAsync(MqttApplicationMessageReceivedEventArgs e)
    {
        try
        {
            var answer = JsonSerializer.Deserialize(e.ApplicationMessage.Payload.ToArray(), FloorJson.Default.FloorAnswer);
            if (answer is not null && _asked.TryGetValue(answer.Id, out var asked))
            {
                asked.TrySetResult(answer); // one that nobody waits for came late: the command is tried again and answered again
            }
        }
        catch (JsonException)
        {
            // not an answer: the time-out says so
        }

        return Task.CompletedTask;
    }
}
