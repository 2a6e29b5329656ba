using DigitalTwin.Runtime.Doors;
using DigitalTwin.Runtime.Ingest;

namespace DigitalTwin.Tests.Unit.Runtime.Doors;

public sealed class DoorsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("twin-doors-");
    private readonly PlantNames _names = new(RuntimePlants.Lively());

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_kind_of_door_and_the_limits_of_silence_are_read()
    {
        Write("map.csv", "topic,when,kind,equipment\n+/edge/press/state,$value = 3,EquipmentDown,M1\n");
        var file = Write("doors.yaml", """
            doors:
              - name: floor
                mqtt:
                  host: broker
                  user: twin
                  password_variable: TWIN_PASSWORD
                  topics: [a/#, b/+]
              - name: gateway
                sparkplug:
                  host: broker
                  tls: true
                  group: plant1
                  mapping: map.csv
              - name: drop
                folder:
                  path: incoming
                  settle: 500 ms
              - name: mes
                sql:
                  database: postgresql
                  connection_variable: TWIN_MES
                  view: public.observations
                  mark: id
                  every: 1 min
            silence:
              default: 10 min
              equipment:
                M1: 30 s
            """);

        var doors = DoorsFile.Read(file, _names, out var findings);

        Assert.Empty(findings);
        Assert.Equal(["floor", "gateway", "drop", "mes"], doors.Doors.Select(d => d.Name));
        Assert.Equal(["a/#", "b/+"], ((MqttSettings)doors.Doors[0]).Topics);
        Assert.Equal(8883, ((SparkplugSettings)doors.Doors[1]).Broker.Port);
        Assert.Single(doors.Doors[1].Mapping!.Rows);
        Assert.Equal(Path.Combine(_folder.FullName, "incoming"), ((FolderSettings)doors.Doors[2]).Path);
        Assert.Equal(TimeSpan.FromMinutes(1), ((SqlSettings)doors.Doors[3]).Every);
        Assert.Equal(TimeSpan.FromMinutes(10), doors.Silence.Default);
        Assert.Equal(TimeSpan.FromSeconds(30), doors.Silence.Equipment["M1"]);
    }

    [Fact]
    public void Every_mistake_is_told_at_its_place_with_the_way_out()
    {
        Write("map.csv", "topic,when,kind,equipmemt\nx,value=3,Exploded,M1\n");
        var file = Write("doors.yaml", """
            doors:
              - name: a b
                mqtt:
                  host: broker
                  prot: 1883
              - name: two
                mqtt: { host: x }
                folder: { path: y }
              - name: gateway
                sparkplug: { host: x, mapping: map.csv, port: 99999 }
              - name: mes
                sql: { database: oracle, view: v }
            silence:
              equipment: { Q9: soon }
            """);

        DoorsFile.Read(file, _names, out var findings);
        var all = string.Join('\n', findings);

        foreach (var expected in (string[])
            ["doors.yaml:2:11: name 'a b'", "doors.yaml:5:7: unknown key 'prot' — Maybe you meant 'port'?", "the door is mqtt and folder", "port '99999' is not a whole number", "unknown column 'equipmemt' — Maybe you meant 'equipment'?",
            "database 'oracle' is not known", "'mark' is missing", "neither connection nor connection_variable", "equipment 'Q9' is not in the scenario", "Q9 'soon' cannot be used"])
        {
            Assert.Contains(expected, all, StringComparison.Ordinal);
        }
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
