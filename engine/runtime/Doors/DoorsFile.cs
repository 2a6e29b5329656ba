using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Format;
using DigitalTwin.Runtime.Ingest;

namespace DigitalTwin.Runtime.Doors;

/// <summary>Reads a <c>doors.yaml</c>: the doors of one plant and how long its sources may be silent. Every mistake is told with its place.</summary>
public static class DoorsFile
{
    /// <summary>Name of the file in a plant's folder of data.</summary>
    public const string Name = "doors.yaml";

    private const string ShortestEvery = "Write a duration of at least 100 ms, such as 10 s.";

    /// <summary>Reads the file.</summary>
    /// <param name="findings">Everything that is wrong; the doors that are sound are in the result all the same.</param>
    public static PlantDoors Read(string path, PlantNames names, out IReadOnlyList<Diagnostic> findings)
    {
        var bag = new DiagnosticBag();
        var doors = new List<DoorSettings>();
        var silence = new SilenceLimits();
        if (ReadText(path, bag) is { } text && YamlText.Read(text, path, bag) is { } map)
        {
            var root = new DoorMap(map, path, bag);
            foreach (var item in root.Maps("doors"))
            {
                if (ReadDoor(item, path, names, bag) is { } door)
                {
                    if (doors.Exists(d => d.Name == door.Name))
                    {
                        item.Error("name", $"a second door is named '{door.Name}'", "Give each a name of its own.");
                    }

                    doors.Add(door);
                }
            }

            silence = ReadSilence(root.Map("silence"), names);
            root.Finish();
        }

        findings = [.. bag.All.OrderBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.Line).ThenBy(d => d.Column)];
        return new PlantDoors { Doors = doors, Silence = silence };
    }

    private static string? ReadText(string path, DiagnosticBag bag)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bag.Error(path, 0, 0, $"the file cannot be read: {e.Message}", "Check the path.");
            return null;
        }
    }

    private static DoorSettings? ReadDoor(DoorMap item, string path, PlantNames names, DiagnosticBag bag)
    {
        var name = item.Text("name", required: true);
        if (name is not null && !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            item.Error("name", $"name '{name}' has other characters than letters, digits, - and _", "It becomes part of ids and of file names.");
        }

        string[] kinds = ["mqtt", "sparkplug", "folder", "sql"];
        var given = kinds.Where(item.Has).ToList();
        if (given.Count != 1)
        {
            item.Error("", given.Count == 0 ? "the door says not what it is" : $"the door is {string.Join(" and ", given)}", $"Write exactly one of {string.Join(", ", kinds)}.");
            item.Finish();
            return null;
        }

        var map = item.Map(given[0])!;
        item.Finish();
        var mapping = map.Text("mapping") is { } file ? MappingFile.Read(Beside(path, file), names, bag) : null;
        DoorSettings door = given[0] switch
        {
            "mqtt" => new MqttSettings { Name = name ?? "", Mapping = mapping, Broker = ReadBroker(map), Topics = map.Texts("topics") },
            "sparkplug" => new SparkplugSettings
            {
                Name = name ?? "", Mapping = mapping, Broker = ReadBroker(map), Group = map.Text("group") ?? "+", HostId = map.Text("host_id") ?? $"twin-{names.Plant.Scenario.Id}",
            },
            "folder" => new FolderSettings
            {
                Name = name ?? "", Mapping = mapping, Path = Beside(path, map.Text("path", required: true) ?? "."),
                Every = map.Time("every", TimeSpan.FromSeconds(5), ShortestEvery), Settle = map.Time("settle", TimeSpan.FromSeconds(2), ShortestEvery),
            },
            _ => ReadSql(map, name ?? "", mapping, path),
        };
        if (door is SparkplugSettings && !map.Has("mapping"))
        {
            map.Error("", "a sparkplug door needs a mapping", "Its metrics are names and numbers; a mapping file says what they mean.");
        }

        map.Finish();
        return map.IsSound && item.IsSound && (mapping is not null || !map.Has("mapping")) ? door : null;
    }

    private static BrokerSettings ReadBroker(DoorMap map) => new()
    {
        Host = map.Text("host", required: true) ?? "",
        Port = map.Whole("port", map.Flag("tls") ? 8883 : 1883, 1, 65535),
        Tls = map.Flag("tls"),
        User = map.Text("user"),
        PasswordVariable = map.Text("password_variable"),
        ClientId = map.Text("client_id"),
        InFlight = map.Whole("in_flight", 1000, 1, 65535),
    };

    private static SqlSettings ReadSql(DoorMap map, string name, Mapping? mapping, string path)
    {
        var database = map.Text("database", required: true);
        if (database is not (null or "sqlite" or "postgresql"))
        {
            map.Error("database", $"database '{database}' is not known", "Write sqlite or postgresql.");
        }

        var connection = map.Text("connection");
        if (!map.Has("connection") && !map.Has("connection_variable"))
        {
            map.Error("", "the door has neither connection nor connection_variable", "Name an environment variable that holds the connection string; for SQLite a file will do.");
        }

        var kind = database == "postgresql" ? SqlKind.Postgresql : SqlKind.Sqlite;
        return new SqlSettings
        {
            Name = name, Mapping = mapping, Database = kind, ConnectionVariable = map.Text("connection_variable"),
            Connection = connection is not null && kind == SqlKind.Sqlite && !connection.Contains('=', StringComparison.Ordinal)
                ? $"Data Source={Beside(path, connection)};Mode=ReadOnly"
                : connection,
            View = map.Text("view", required: true) ?? "",
            Mark = map.Text("mark", required: true) ?? "",
            Every = map.Time("every", TimeSpan.FromSeconds(10), ShortestEvery),
            Batch = map.Whole("batch", 1000, 1, 100_000),
            Reread = map.Whole("reread", 1000, 0, 1_000_000),
        };
    }

    private static SilenceLimits ReadSilence(DoorMap? map, PlantNames names)
    {
        if (map is null)
        {
            return new SilenceLimits();
        }

        const string wayOut = "Write a duration, such as 90 s.";
        TimeSpan? general = map.Has("default") ? map.Time("default", TimeSpan.Zero, wayOut) : null;
        var limits = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        if (map.Map("equipment") is { } equipment)
        {
            foreach (var id in equipment.Keys)
            {
                limits[id] = equipment.Time(id, TimeSpan.Zero, wayOut);
                if (names.Equipment(id) < 0)
                {
                    equipment.Error(id, $"equipment '{id}' is not in the scenario", Suggestion.For(id, names.Plant.Plant.Equipment.Select(e => e.Id)) ?? "");
                }
            }

            equipment.Finish();
        }

        map.Finish();
        return new SilenceLimits { Default = general, Equipment = limits };
    }

    private static string Beside(string file, string relative) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, relative);
}
