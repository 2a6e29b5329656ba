using System.Globalization;
using System.Text.Json;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Runtime.Doors;

/// <summary>Plain JSON over MQTT.</summary>
/// <remarks>
/// Without a mapping a message is an observation, an array of them, or one per line; where it does not name its equipment or kind, the levels of
/// the topic after <c>observations</c> do: <c>twin/dyehouse/observations/V07/EquipmentDown</c>. With a mapping the rows say what it means; a row
/// that names no id makes one of the topic, the message and its time, so that the broker's repetition is recognised.
/// </remarks>
internal sealed class MqttDoor : BrokerDoor
{
    private readonly MqttSettings _settings;

    public MqttDoor(MqttSettings settings, TwinSession session, TimeProvider time)
        : base(settings.Name, "mqtt", settings.Broker, session, time)
    {
        _settings = settings;
        Topics = settings.Topics.Count > 0 ? settings.Topics : [$"twin/{session.Id}/observations/#"];
    }

    protected override IReadOnlyList<string> Topics { get; }

    protected override void Read(BrokerMessage message, List<Observation> observations, List<MarkedObservation> unreadable)
    {
        try
        {
            if (_settings.Mapping is { } mapping)
            {
                ReadMapped(mapping, message, observations, unreadable);
                return;
            }

            var first = observations.Count;
            observations.AddRange(ReadPlain(message.Payload, unreadable));
            CompleteByTopic(message.Topic, observations, first);
        }
        catch (JsonException e)
        {
            unreadable.Add(Mark(message, $"the message is no JSON: {e.Message}"));
        }
    }

    private IEnumerable<Observation> ReadPlain(byte[] payload, List<MarkedObservation> unreadable)
    {
        try
        {
            return ObservationReader.ReadJson(payload, Time.GetUtcNow(), unreadable);
        }
        catch (JsonException) when (payload.AsSpan().Trim(" \r\n\t"u8).Contains((byte)'\n'))
        {
            return ObservationReader.ReadLines(payload, Time.GetUtcNow(), unreadable);
        }
    }

    /// <summary>The levels of the topic after <c>observations</c> name equipment and kind where the message does not.</summary>
    private static void CompleteByTopic(string topic, List<Observation> observations, int first)
    {
        var levels = topic.Split('/');
        var at = Array.IndexOf(levels, "observations");
        if (at < 0 || at + 1 >= levels.Length)
        {
            return;
        }

        for (var i = first; i < observations.Count; i++)
        {
            var o = observations[i];
            observations[i] = o with
            {
                Equipment = o.Equipment ?? (ObservationTranslator.IsClock(o) ? null : levels[at + 1]),
                Kind = o.Kind.Length > 0 || at + 2 >= levels.Length ? o.Kind : levels[at + 2],
            };
        }
    }

    private void ReadMapped(Mapping mapping, BrokerMessage message, List<Observation> observations, List<MarkedObservation> unreadable)
    {
        using var document = JsonDocument.Parse(message.Payload);
        var root = document.RootElement;
        var received = Time.GetUtcNow();
        var hasTime = mapping.Rows.All(r => r.Fields.ContainsKey("time"));
        var id = string.Create(CultureInfo.InvariantCulture,
            $"{Name}:{KnownIds.DigestOf(message.Topic):x}:{DoorIds.Of(message.Payload)}{(hasTime ? "" : $":{received.ToUnixTimeMilliseconds()}")}");
        var problems = new List<string>();
        var made = mapping.Apply(message.Topic, path => JsonPath.Find(root, path), id, PlantMoment.At(received), problems);
        unreadable.AddRange(problems.Select(p => Mark(message, p)));
        observations.AddRange(made);
        if (made.Count == 0 && problems.Count == 0)
        {
            Change(h => h with { Ignored = h.Ignored + 1 });
        }
    }
}
