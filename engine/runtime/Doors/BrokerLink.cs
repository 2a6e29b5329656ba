using System.Buffers;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace DigitalTwin.Runtime.Doors;

/// <summary>A message of a broker.</summary>
/// <param name="Acknowledge">Tells the broker that it need not keep the message any longer.</param>
internal sealed record BrokerMessage(string Topic, byte[] Payload, Func<CancellationToken, Task> Acknowledge);

/// <summary>One connection to an MQTT broker, from connecting to its loss. Messages wait here unacknowledged until the twin has them on disk.</summary>
/// <remarks>
/// The broker keeps a session under the client's id for a week, so that nothing of quality 1 is missed while the twin is away, and sends no more than
/// <see cref="BrokerSettings.InFlight"/> messages ahead of their acknowledgement. What a broken connection had under way comes again.
/// </remarks>
internal sealed class BrokerLink : IAsyncDisposable
{
    private const uint SessionKeptSeconds = 7 * 24 * 3600;
    private readonly IMqttClient _client;
    private readonly Channel<BrokerMessage> _messages;
    private long _lost;

    private BrokerLink(IMqttClient client, int inFlight)
    {
        _client = client;
        _messages = Channel.CreateBounded<BrokerMessage>(new BoundedChannelOptions(Math.Max(inFlight, 1000)) { SingleReader = true });
        client.ApplicationMessageReceivedAsync += OnMessageAsync;
        client.DisconnectedAsync += e =>
        {
            _messages.Writer.TryComplete(new IOException($"the connection to the broker was lost: {e.Exception?.Message ?? e.ReasonString ?? e.Reason.ToString()}"));
            return Task.CompletedTask;
        };
    }

    /// <summary>Messages as they come; reading fails when the connection is lost.</summary>
    public ChannelReader<BrokerMessage> Messages => _messages.Reader;

    /// <summary>Messages of quality 0 that found the queue full.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Connects.</summary>
    /// <param name="will">What the broker publishes, retained, when this connection is lost.</param>
    public static async Task<BrokerLink> ConnectAsync(BrokerSettings settings, string clientId, (string Topic, byte[] Payload)? will, CancellationToken stop)
    {
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer(settings.Host, settings.Port)
            .WithClientId(settings.ClientId ?? clientId)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithCleanStart(false)
            .WithSessionExpiryInterval(SessionKeptSeconds)
            .WithReceiveMaximum((ushort)settings.InFlight)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(15))
            .WithTimeout(TimeSpan.FromSeconds(10));
        if (settings.Tls)
        {
            options.WithTlsOptions(tls => tls.UseTls());
        }

        if (settings.User is { } user)
        {
            var password = settings.PasswordVariable is { } variable
                ? Environment.GetEnvironmentVariable(variable) ?? throw new DoorSettingsException($"the environment variable {variable} with the broker's password is not set. Set it and start again.")
                : settings.Password ?? "";
            options.WithCredentials(user, password);
        }

        if (will is { } last)
        {
            options.WithWillTopic(last.Topic).WithWillPayload(last.Payload).WithWillRetain().WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        }

        var link = new BrokerLink(new MqttClientFactory().CreateMqttClient(), settings.InFlight);
        try
        {
            var answer = await link._client.ConnectAsync(options.Build(), stop);
            return answer.ResultCode == MqttClientConnectResultCode.Success ? link
                : throw new IOException($"the broker {settings.Host}:{settings.Port} refused the connection: {answer.ResultCode} {answer.ReasonString}");
        }
        catch (Exception e)
        {
            await link.DisposeAsync();
            if (e is MqttCommunicationException or System.Net.Sockets.SocketException)
            {
                throw new IOException($"the broker {settings.Host}:{settings.Port} cannot be reached: {(e.InnerException ?? e).Message}", e);
            }

            throw;
        }
    }

    /// <summary>Asks for messages, with quality 1.</summary>
    public async Task SubscribeAsync(IEnumerable<string> filters, CancellationToken stop)
    {
        var options = new MqttClientSubscribeOptionsBuilder();
        foreach (var filter in filters)
        {
            options.WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce);
        }

        var answer = await _client.SubscribeAsync(options.Build(), stop);
        if (answer.Items.FirstOrDefault(i => (int)i.ResultCode >= 0x80) is { } refused)
        {
            throw new IOException($"the broker refuses '{refused.TopicFilter.Topic}': {refused.ResultCode}");
        }
    }

    public Task PublishAsync(string topic, byte[] payload, bool retain, CancellationToken stop) => _client.PublishAsync(
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag(retain)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build(), stop);

    public async ValueTask DisposeAsync()
    {
        _messages.Writer.TryComplete();
        try
        {
            if (_client.IsConnected)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                await _client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().WithSessionExpiryInterval(SessionKeptSeconds).Build(), patience.Token);
            }
        }
        catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or InvalidOperationException or IOException)
        {
            // It is gone either way.
        }

        _client.Dispose();
    }

    private async Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs args)
    {
        args.AutoAcknowledge = false;
        var kept = args.ApplicationMessage.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce;
        var message = new BrokerMessage(
            args.ApplicationMessage.Topic, args.ApplicationMessage.Payload.ToArray(), kept ? args.AcknowledgeAsync : _ => Task.CompletedTask);
        if (_messages.Writer.TryWrite(message))
        {
            return;
        }

        if (!kept)
        {
            Interlocked.Increment(ref _lost);
            return;
        }

        try
        {
            await _messages.Writer.WriteAsync(message);
        }
        catch (ChannelClosedException)
        {
            // The connection is over: not acknowledged, so it comes again.
        }
    }
}
