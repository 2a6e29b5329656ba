namespace DigitalTwin.Runtime.Doors.Sparkplug;

/// <summary>A value that an edge node or one of its devices told.</summary>
/// <param name="Path"><c>group/edge/metric</c> or <c>group/edge/device/metric</c>.</param>
/// <param name="Timestamp">When, in ms since 1970; <c>null</c> when the sender did not say.</param>
/// <param name="Changed">False where a birth repeats what was known.</param>
public sealed record SparkplugReading(string Path, string Name, string? Value, SparkplugType Type, ulong? Timestamp, bool IsHistorical, bool Changed);

/// <summary>What a message told.</summary>
public sealed record SparkplugNews
{
    public IReadOnlyList<SparkplugReading> Readings { get; init; } = [];

    /// <summary><c>group/edge</c> of a node that must be born again before its data mean anything; <c>null</c> when all is well.</summary>
    public string? Rebirth { get; init; }

    /// <summary>Why.</summary>
    public string Why { get; init; } = "";

    /// <summary><c>group/edge</c> or <c>group/edge/device</c> whose source is silent from now.</summary>
    public string? Dead { get; init; }

    /// <summary>The same for one that speaks again.</summary>
    public string? Born { get; init; }
}

/// <summary>The host application's side of Sparkplug B: who is born, what aliases mean, whether a message is missing. No connection, no clock.</summary>
/// <remarks>
/// A node begins with NBIRTH (sequence 0 by convention, whatever it says is taken) and counts its messages 0 to 255 and round; a message missing, an alias
/// that no birth named, or data before a birth ask for a rebirth, and until it comes the data are dropped: they would mean anything. A death of an earlier
/// birth (another bdSeq) is ignored. Bounded: nodes and names beyond the limits are refused.
/// </remarks>
public sealed class SparkplugHost
{
    /// <summary>Metric of the command that asks for a rebirth.</summary>
    public const string RebirthMetric = "Node Control/Rebirth";

    private const string BirthNumber = "bdSeq";
    private const int NodesKept = 10_000;
    private const int MetricsKept = 200_000;

    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private int _metrics;

    /// <summary>Edge nodes that are alive.</summary>
    public int Alive => _nodes.Values.Count(n => n.IsBorn);

    /// <summary>Takes a message in.</summary>
    /// <param name="topic"><c>spBv1.0/group/type/edge[/device]</c>.</param>
    /// <exception cref="SparkplugException">It is no Sparkplug message, or there are too many nodes or metrics.</exception>
    public SparkplugNews Take(string topic, ReadOnlySpan<byte> bytes)
    {
        var levels = topic.Split('/');
        if (levels is not ["spBv1.0", var group, var type, var edge, ..] || levels.Length > 5)
        {
            throw new SparkplugException($"the topic '{topic}' is not spBv1.0/group/type/edge[/device]");
        }

        var device = levels.Length == 5 ? levels[4] : null;
        var id = $"{group}/{edge}";
        var ofDevice = type is "DBIRTH" or "DDATA" or "DDEATH";
        if (!ofDevice && type is not ("NBIRTH" or "NDATA" or "NDEATH"))
        {
            return new SparkplugNews(); // commands and other hosts' affairs
        }

        if (ofDevice == device is null)
        {
            throw new SparkplugException($"the topic '{topic}' {(device is null ? "names no device" : "names a device")}");
        }

        var payload = SparkplugPayload.Read(bytes);
        return type switch
        {
            "NBIRTH" => NodeBirth(id, payload),
            "NDEATH" => NodeDeath(id, payload),
            _ => OfLivingNode(id, type, device, payload),
        };
    }

    private SparkplugNews NodeBirth(string id, SparkplugPayload payload)
    {
        if (!_nodes.TryGetValue(id, out var node))
        {
            if (_nodes.Count >= NodesKept)
            {
                throw new SparkplugException($"edge node {id} is one more than {NodesKept}");
            }

            _nodes[id] = node = new Node();
        }

        node.IsBorn = true;
        node.Next = ((payload.Sequence ?? 0) + 1) % 256;
        node.BirthNumber = BirthNumberOf(payload);
        node.Aliases.Clear();
        node.Devices.Clear();
        return new SparkplugNews { Readings = Learn(node, id, "", payload), Born = id };
    }

    private SparkplugNews NodeDeath(string id, SparkplugPayload payload)
    {
        if (!_nodes.TryGetValue(id, out var node) || !node.IsBorn || (BirthNumberOf(payload) is { } number && node.BirthNumber is { } mine && number != mine))
        {
            return new SparkplugNews();
        }

        node.IsBorn = false;
        return new SparkplugNews { Dead = id };
    }

    private SparkplugNews OfLivingNode(string id, string type, string? device, SparkplugPayload payload)
    {
        if (!_nodes.TryGetValue(id, out var node) || !node.IsBorn)
        {
            return new SparkplugNews { Rebirth = id, Why = $"{type} of {id} came before its birth" };
        }

        if (payload.Sequence is { } sequence)
        {
            if (sequence != node.Next)
            {
                var expected = node.Next;
                node.IsBorn = false;
                return new SparkplugNews { Rebirth = id, Why = $"message {sequence} of {id} came where {expected} was expected" };
            }

            node.Next = (sequence + 1) % 256;
        }

        switch (type)
        {
            case "DBIRTH":
                node.Devices.Add(device!);
                return new SparkplugNews { Readings = Learn(node, id, device!, payload), Born = $"{id}/{device}" };
            case "DDEATH":
                return node.Devices.Remove(device!) ? new SparkplugNews { Dead = $"{id}/{device}" } : new SparkplugNews();
            case "DDATA" when !node.Devices.Contains(device!):
                node.IsBorn = false;
                return new SparkplugNews { Rebirth = id, Why = $"data of device {device} of {id} came before its birth" };
        }

        var readings = new List<SparkplugReading>(payload.Metrics.Count);
        foreach (var metric in payload.Metrics)
        {
            var name = metric.Name;
            if (name.Length == 0 && (metric.Alias is not { } alias || !node.Aliases.TryGetValue(alias, out name)))
            {
                node.IsBorn = false;
                return new SparkplugNews { Rebirth = id, Why = $"{id} sent the alias {metric.Alias?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "(none)"}, which no birth named" };
            }

            readings.Add(Reading(node, id, device ?? "", name!, metric, payload, isBirth: false));
        }

        return new SparkplugNews { Readings = readings };
    }

    /// <summary>Takes a birth's names, aliases and datatypes.</summary>
    private List<SparkplugReading> Learn(Node node, string id, string device, SparkplugPayload payload)
    {
        var readings = new List<SparkplugReading>(payload.Metrics.Count);
        foreach (var metric in payload.Metrics)
        {
            if (metric.Name.Length == 0 || metric.Name is BirthNumber or RebirthMetric)
            {
                continue;
            }

            if (metric.Alias is { } alias)
            {
                node.Aliases[alias] = metric.Name;
            }

            readings.Add(Reading(node, id, device, metric.Name, metric, payload, isBirth: true));
        }

        return readings;
    }

    private SparkplugReading Reading(Node node, string id, string device, string name, SparkplugMetric metric, SparkplugPayload payload, bool isBirth)
    {
        var key = device.Length > 0 ? $"{device}/{name}" : name;
        var known = node.Known.GetValueOrDefault(key);
        var type = metric.Type != SparkplugType.Unknown ? metric.Type : known.Type;
        var value = metric.Text(type);
        var changed = !isBirth || known.Value != value;
        if (!metric.IsHistorical)
        {
            if (!node.Known.ContainsKey(key) && ++_metrics > MetricsKept)
            {
                throw new SparkplugException($"metric {id}/{key} is one more than {MetricsKept}");
            }

            node.Known[key] = (type, value);
        }

        return new SparkplugReading($"{id}/{key}", name, value, type, metric.Timestamp ?? payload.Timestamp, metric.IsHistorical, changed);
    }

    private static string? BirthNumberOf(SparkplugPayload payload) => payload.Metrics.FirstOrDefault(m => m.Name == BirthNumber)?.Text(SparkplugType.UInt64);

    private sealed class Node
    {
        public bool IsBorn { get; set; }

        public int Next { get; set; }

        public string? BirthNumber { get; set; }

        public Dictionary<ulong, string> Aliases { get; } = [];

        public HashSet<string> Devices { get; } = new(StringComparer.Ordinal);

        /// <summary>Datatype and last value by <c>device/metric</c>; outlives a death, so that a birth shows what changed meanwhile.</summary>
        public Dictionary<string, (SparkplugType Type, string? Value)> Known { get; } = new(StringComparer.Ordinal);
    }
}
