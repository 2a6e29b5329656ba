using System.Collections.Concurrent;
using System.Text.Json;
using DigitalTwin.Runtime.Doors;

namespace DigitalTwin.Runtime.Floor;

/// <summary>MQTT: a command is published to <c>prefix/plant/commands</c> (at least once), the floor answers <c>{"id":…,"accepted":true}</c> on
/// <c>prefix/plant/answers</c>. It connects when it is needed, and anew when the broker is back.</summary>
public sealed class MqttFloorDoor(string plantId, FloorSettings settings) : IFloorDoor
{
    private const int SecurePort = 8883;

    private readonly ConcurrentDictionary<string, TaskCompletionSource<FloorAnswer>> _asked = new(StringComparer.Ordinal);
    private readonly string _commands = $"{settings.Topic}/{plantId}/commands";
    private readonly string _answers = $"{settings.Topic}/{plantId}/answers";
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private BrokerLink? _link;
    private Task _listening = Task.CompletedTask;

    public async Task<FloorAnswer> SendAsync(FloorMessage message, CancellationToken cancellation)
    {
        var asked = _asked[message.Id] = new TaskCompletionSource<FloorAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var link = await ConnectedAsync(cancellation);
            await link.PublishAsync(_commands, JsonSerializer.SerializeToUtf8Bytes(message, FloorJson.Default.FloorMessage), retain: false, cancellation);
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
        await _stop.CancelAsync();
        if (_link is { } link)
        {
            await link.DisposeAsync();
        }

        await _listening;
        _stop.Dispose();
        _connecting.Dispose();
    }

    private async Task<BrokerLink> ConnectedAsync(CancellationToken cancellation)
    {
        await _connecting.WaitAsync(cancellation);
        try
        {
            if (_link is not null && !_listening.IsCompleted)
            {
                return _link;
            }

            if (_link is { } lost)
            {
                _link = null;
                await lost.DisposeAsync();
            }

            var link = await BrokerLink.ConnectAsync(Broker(), $"twin-floor-{plantId}", null, cancellation);
            _link = link;
            await link.SubscribeAsync([_answers], cancellation);
            _listening = ListenAsync(link);
            return link;
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Takes answers until the connection is lost; the next command connects anew.</summary>
    private async Task ListenAsync(BrokerLink link)
    {
        try
        {
            await foreach (var message in link.Messages.ReadAllAsync(_stop.Token))
            {
                Take(message.Payload);
                await message.Acknowledge(_stop.Token);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Lost, or closing: whoever waits for an answer is told by the time-out, and tries again.
        }
    }

    private void Take(byte[] payload)
    {
        try
        {
            if (JsonSerializer.Deserialize(payload, FloorJson.Default.FloorAnswer) is { } answer && _asked.TryGetValue(answer.Id ?? "", out var asked))
            {
                asked.TrySetResult(answer); // one that nobody waits for came late: the command is tried again and answered again
            }
        }
        catch (JsonException)
        {
            // not an answer: the time-out says so
        }
    }

    private BrokerSettings Broker()
    {
        var url = new Uri(settings.Url);
        var secure = url.Scheme == "mqtts";
        var usual = new BrokerSettings { Host = url.Host, Tls = secure, User = settings.User is { Length: > 0 } user ? user : null, Password = settings.Token };
        return url.Port > 0 ? usual with { Port = url.Port } : secure ? usual with { Port = SecurePort } : usual;
    }
}
