using System.Globalization;
using System.Text;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Sessions;

namespace DigitalTwin.Runtime.Doors.Sparkplug;

/// <summary>Edge nodes that speak Sparkplug B, through a mapping of their metrics.</summary>
/// <remarks>
/// A row's topic is <c>group/edge/device/metric</c>; its values are <c>$value</c>, <c>$name</c>, <c>$type</c>, <c>$historical</c>. An observation's id is
/// made of path, time and value. A metric that is null makes an observation only where a row asks for it (<c>$value = null</c>). When a node or a device dies, the equipment
/// that rows name for it is STALE until it is born again.
/// </remarks>
internal sealed class SparkplugDoor : BrokerDoor
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly SparkplugSettings _settings;
    private readonly SparkplugHost _host = new();
    private readonly Dictionary<string, DateTimeOffset> _asked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rebirths = new(StringComparer.Ordinal);
    private readonly List<(string Who, bool IsDead)> _lives = [];
    private long _rebirthsAsked;
    private string _why = "";

    public SparkplugDoor(SparkplugSettings settings, TwinSession session, TimeProvider time)
        : base(settings.Name, "sparkplug", settings.Broker, session, time)
    {
        _settings = settings;
        var group = settings.Group;
        Topics = [.. ((string[])["NBIRTH", "NDATA", "NDEATH"]).Select(t => $"spBv1.0/{group}/{t}/+"), .. ((string[])["DBIRTH", "DDATA", "DDEATH"]).Select(t => $"spBv1.0/{group}/{t}/+/+")];
    }

    protected override IReadOnlyList<string> Topics { get; }

    protected override (string Topic, byte[] Payload)? Will => (StateTopic, State(online: false));

    protected override string Detail => string.Create(CultureInfo.InvariantCulture,
        $"{_host.Alive} edge nodes alive, {Interlocked.Read(ref _rebirthsAsked)} rebirths asked for{(_why.Length > 0 ? $", the last because {_why}" : "")}");

    private string StateTopic => $"spBv1.0/STATE/{_settings.HostId}";

    protected override Task OpenedAsync(BrokerLink link, CancellationToken stop) => link.PublishAsync(StateTopic, State(online: true), retain: true, stop);

    protected override void Read(BrokerMessage message, List<Observation> observations, List<MarkedObservation> unreadable)
    {
        try
        {
            var news = _host.Take(message.Topic, message.Payload);
            if (news.Rebirth is { } node)
            {
                _rebirths.Add(node);
                _why = news.Why;
            }

            if (news.Dead is { } dead)
            {
                _lives.Add((dead, true));
            }

            if (news.Born is { } born)
            {
                _lives.Add((born, false));
            }

            foreach (var reading in news.Readings)
            {
                if (reading.Changed)
                {
                    Read(reading, message, observations, unreadable);
                }
            }
        }
        catch (SparkplugException e)
        {
            unreadable.Add(Mark(message, e.Message));
        }
    }

    protected override async Task DeliveredAsync(BrokerLink link, CancellationToken stop)
    {
        foreach (var (who, isDead) in _lives)
        {
            var silent = _settings.Mapping!.EquipmentOf(filter => Concerns(filter, who)).Select(Session.Names.Equipment).Where(e => e >= 0).ToList();
            await (isDead ? Session.LoseSourcesAsync(silent, stop) : Session.HearSourcesAsync(silent, stop));
        }

        _lives.Clear();
        foreach (var node in _rebirths.ToList())
        {
            if (_asked.TryGetValue(node, out var at) && Time.GetUtcNow() - at < s_patience)
            {
                continue; // it has been asked a moment ago
            }

            _asked[node] = Time.GetUtcNow();
            Interlocked.Increment(ref _rebirthsAsked);
            var slash = node.IndexOf('/', StringComparison.Ordinal);
            await link.PublishAsync($"spBv1.0/{node[..slash]}/NCMD/{node[(slash + 1)..]}", SparkplugWriter.Rebirth(Time.GetUtcNow()), retain: false, stop);
        }

        _rebirths.Clear();
    }

    /// <summary>Whether a filter is about a node or a device: its first levels fit.</summary>
    private static bool Concerns(string filter, string who)
    {
        var levels = filter.Split('/');
        var named = who.Split('/');
        return levels.Contains("#") || levels.Length > named.Length
            ? named.Zip(levels).TakeWhile(p => p.Second != "#").All(p => p.Second == "+" || p.First == p.Second)
            : false;
    }

    private void Read(SparkplugReading reading, BrokerMessage message, List<Observation> observations, List<MarkedObservation> unreadable)
    {
        var at = reading.Timestamp is { } ms and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds((long)ms) : Time.GetUtcNow();
        var digest = KnownIds.DigestOf($"{reading.Path}\n{reading.Value}");
        var problems = new List<string>();
        var made = _settings.Mapping!.Apply(
            reading.Path,
            path => path switch
            {
                "value" => reading.Value,
                "name" => reading.Name,
                "type" => reading.Type.ToString(),
                "historical" => reading.IsHistorical ? "true" : "false",
                _ => null,
            },
            string.Create(CultureInfo.InvariantCulture, $"{Name}:{digest:x}:{at.ToUnixTimeMilliseconds()}"),
            PlantMoment.At(at),
            problems);
        if (reading.Value is null)
        {
            made.RemoveAll(o => o.Value is null && o.Kind.Length == 0);
        }

        observations.AddRange(made);
        unreadable.AddRange(problems.Select(p => Mark(message, p)));
        if (made.Count == 0 && problems.Count == 0)
        {
            Change(h => h with { Ignored = h.Ignored + 1 });
        }
    }

    private byte[] State(bool online) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $$"""{"online":{{(online ? "true" : "false")}},"timestamp":{{Time.GetUtcNow().ToUnixTimeMilliseconds()}}}"""));
}
