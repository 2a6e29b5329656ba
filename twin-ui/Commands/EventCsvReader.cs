using System.Globalization;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Commands;

/// <summary>Reads what <see cref="EventCsv"/> wrote.</summary>
internal static class EventCsvReader
{
    private const int Columns = 9;

    /// <exception cref="CommandException">A line cannot be read, or names something that the scenario does not have.</exception>
    public static List<PlantEvent> Read(string path, CompiledScenario plant)
    {
        var equipment = plant.Plant.Equipment.Select((e, i) => (e.Id, i)).ToDictionary(e => e.Id, e => e.i, StringComparer.Ordinal);
        var orders = plant.Scenario.Orders.Select((o, i) => (o.Id, i)).ToDictionary(o => o.Id, o => o.i, StringComparer.Ordinal);
        var jobs = Enumerable.Range(0, plant.Jobs.JobCount).ToDictionary(plant.JobName, j => j, StringComparer.Ordinal);
        var events = new List<PlantEvent>();
        var number = 1;
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            number++;
            var fields = Split(line);
            if (fields.Count != Columns || !long.TryParse(fields[1], CultureInfo.InvariantCulture, out var ms) || !Enum.TryParse(fields[2], out PlantEventKind kind)
                || !double.TryParse(fields[7], CultureInfo.InvariantCulture, out var value) || !Enum.TryParse(fields[8], out EventSource source))
            {
                throw new CommandException($"{path}:{number}: this is no line of an event file. Maybe it was edited by a spreadsheet?");
            }

            events.Add(new PlantEvent(
                new SimTime(ms), kind, Find(equipment, fields[3], "equipment"), Find(jobs, fields[4], "job"), Find(orders, fields[5], "order"),
                fields[6].Length > 0 ? int.Parse(fields[6], CultureInfo.InvariantCulture) : -1, value, source));
        }

        return events;

        int Find(Dictionary<string, int> known, string name, string what) =>
            name.Length == 0 ? -1
            : known.TryGetValue(name, out var index) ? index
            : known.TryGetValue(name.TrimStart('\''), out index) ? index
            : throw new CommandException($"{path}:{number}: {what} '{name}' is not in the scenario. Maybe the history belongs to another one?");
    }

    private static List<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
