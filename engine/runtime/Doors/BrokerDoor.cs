using System.Text;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Runtime.Doors;

/// <summary>What doors to MQTT brokers share: a connection at a time; messages are acknowledged when what they say is on disk.</summary>
internal abstract class BrokerDoor(string name, string kind, BrokerSettings broker, TwinSession session, TimeProvider time)
    : PlantDoor(name, kind, $"{(broker.Tls ? "mqtts" : "mqtt")}://{broker.Host}:{broker.Port}", session, time)
{
    private const int MessagesAtOnce = 1000;

    /// <summary>A larger message is kept as refused, cut.</summary>
    protected const int LargestMessage = 1024 * 1024;

    private const int ContentKept = 2000;

    protected abstract IReadOnlyList<string> Topics { get; }

    protected virtual (string Topic, byte[] Payload)? Will => null;

    protected override async Task WorkAsync(Action opened, CancellationToken stop)
    {
        await using var link = await BrokerLink.ConnectAsync(broker, $"twin-{Session.Id}-{Name}", Will, stop);
        await OpenedAsync(link, stop);
        await link.SubscribeAsync(Topics, stop);
        Become(DoorStatus.Open, null);
        opened();
        var batch = new List<BrokerMessage>();
        while (await link.Messages.WaitToReadAsync(stop))
        {
            batch.Clear();
            while (batch.Count < MessagesAtOnce && link.Messages.TryRead(out var message))
            {
                batch.Add(message);
            }

            CountReceived(batch.Count);
            var (observations, unreadable) = (new List<Observation>(batch.Count), new List<MarkedObservation>());
            foreach (var message in batch)
            {
                if (message.Payload.Length > LargestMessage)
                {
                    unreadable.Add(Mark(message, $"the message has {message.Payload.Length} bytes, more than {LargestMessage}. Maybe send it in parts"));
                }
                else
                {
                    Read(message, observations, unreadable);
                }
            }

            Change(h => h with { Lost = link.Lost });
            if (observations.Count > 0 || unreadable.Count > 0)
            {
                await DeliverAsync(observations, unreadable, stop);
            }

            await DeliveredAsync(link, stop);
            foreach (var message in batch)
            {
                await message.Acknowledge(stop);
            }
        }
    }

    /// <summary>What a message says.</summary>
    protected abstract void Read(BrokerMessage message, List<Observation> observations, List<MarkedObservation> unreadable);

    /// <summary>Called when the connection stands, before anything is asked for.</summary>
    protected virtual Task OpenedAsync(BrokerLink link, CancellationToken stop) => Task.CompletedTask;

    /// <summary>Called when all that a batch said is on disk, before its messages are acknowledged.</summary>
    protected virtual Task DeliveredAsync(BrokerLink link, CancellationToken stop) => Task.CompletedTask;

    protected MarkedObservation Mark(BrokerMessage message, string reason)
    {
        var content = Encoding.UTF8.GetString(message.Payload.AsSpan(0, Math.Min(message.Payload.Length, ContentKept)));
        return new MarkedObservation(Time.GetUtcNow(), message.Topic.Length > 200 ? message.Topic[..200] : message.Topic, $"{Name}: {reason}", content);
    }
}
