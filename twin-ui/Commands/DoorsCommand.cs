using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Runtime.Doors;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Ui.Hosting;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin doors</c>: what comes in by MQTT, Sparkplug B, dropped files and SQL: is it set up right, and how does it fare?</summary>
internal static class DoorsCommand
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static Verb Create()
    {
        var verb = new Verb("doors", "Check a plant's doors.yaml, or ask a running twin how its doors fare.")
        {
            Examples =
            [
                ("twin doors check twin-data/dyehouse/doors.yaml --scenario scenarios/dyehouse", "every mistake at once, with its place and the way out"),
                ("twin doors list", $"the doors of the twin on {TwinServerOptions.DefaultUrl}"),
            ],
        };
        verb.Add(Check());
        verb.Add(List());
        return verb;
    }

    private static Verb Check()
    {
        var file = new Argument<string>("file") { Description = "A doors.yaml; the folder that it lies in will do.", HelpName = "file" };
        var scenario = new Option<string>("--scenario")
        {
            Description = "The scenario of the plant.", HelpName = "scenario", Required = true, CompletionSources = { _ => CommonOptions.PathsHere() },
        };
        var verb = new Verb("check", "Check a doors.yaml and its mapping files against a scenario.")
        {
            Examples = [("twin doors check twin-data/dyehouse/doors.yaml --scenario scenarios/dyehouse", "before the twin is started with it")],
        };
        verb.Add(file);
        verb.Add(scenario);
        verb.Does((parse, shell, _) =>
        {
            var path = parse.GetValue(file)!;
            path = Directory.Exists(path) ? Path.Combine(path, DoorsFile.Name) : path;
            if (!File.Exists(path))
            {
                throw new CommandException($"there is no file {path}. The twin reads <data>/<plant>/{DoorsFile.Name}.");
            }

            var doors = DoorsFile.Read(path, new PlantNames(ScenarioInput.Open(shell, parse.GetValue(scenario)!)), out var findings);
            foreach (var finding in findings)
            {
                shell.Line(finding.ToString());
            }

            var errors = findings.Count(f => f.Severity == Severity.Error);
            shell.Line(errors > 0
                ? $"{path}: {ScenarioInput.Count(errors, "error")}"
                : $"{path}: ok — {ScenarioInput.Count(doors.Doors.Count, "door")}: {string.Join(", ", doors.Doors.Select(d => $"{d.Name} ({KindOf(d)})"))}{(doors.Silence.Any ? "; sources are watched for silence" : "")}");
            return errors > 0 ? ExitCode.Findings : ExitCode.Ok;
        });
        return verb;
    }

    private static Verb List()
    {
        var from = new Option<string>("--from") { Description = "The twin to ask.", HelpName = "url", DefaultValueFactory = _ => TwinServerOptions.DefaultUrl };
        var plant = new Option<string?>("--plant") { Description = "Id of the plant; all when not given.", HelpName = "id" };
        var json = CommonOptions.Json();
        var verb = new Verb("list", "Say how the doors of a running twin fare.")
        {
            Examples = [("twin doors list --from http://localhost:5081", "status, counts and trouble of each door")],
        };
        verb.Add(from);
        verb.Add(plant);
        verb.Add(json);
        Verb.DoesAsync(verb, async (parse, shell, stop) =>
        {
            if (!Uri.TryCreate(parse.GetValue(from), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                throw new CommandException($"--from '{parse.GetValue(from)}' is not an address. Maybe {TwinServerOptions.DefaultUrl}?");
            }

            using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
            var found = await AskAsync(http, parse.GetValue(plant), stop);
            if (parse.GetValue(json))
            {
                shell.WriteJson(new { Verb = "doors list", Plants = found.Select(f => new { f.Plant, Doors = f.Doors.Select(ForScripts) }) });
            }
            else
            {
                Show(shell, found);
            }

            return found.Exists(f => f.Doors.Any(d => d.Status != DoorStatus.Open)) ? ExitCode.Findings : ExitCode.Ok;
        });
        return verb;
    }

    private static async Task<List<(string Plant, DoorHealth[] Doors)>> AskAsync(HttpClient http, string? plant, CancellationToken stop)
    {
        try
        {
            var plants = plant is not null ? [plant]
                : (await http.GetFromJsonAsync<JsonElement[]>("api/v1/plants", stop))!.Select(p => p.GetProperty("id").GetString()!).ToArray();
            var found = new List<(string, DoorHealth[])>();
            foreach (var id in plants)
            {
                found.Add((id, (await http.GetFromJsonAsync<DoorHealth[]>($"api/v1/plants/{Uri.EscapeDataString(id)}/doors", s_json, stop))!));
            }

            return found;
        }
        catch (HttpRequestException e)
        {
            throw new CommandException($"{http.BaseAddress} does not answer as a twin: {e.Message} Maybe start one with twin serve, or say where with --from.", e) { ExitCode = ExitCode.Infeasible };
        }
    }

    private static void Show(Shell shell, List<(string Plant, DoorHealth[] Doors)> found)
    {
        foreach (var (plant, doors) in found)
        {
            if (doors.Length == 0)
            {
                shell.Line($"{plant}: no doors.yaml; observations come over HTTP and SignalR only.");
                continue;
            }

            var table = Shell.Table(plant);
            table.AddColumns("door", "to", "status", "received", "taken", "repeats", "refused", "last", "remarks");
            foreach (var d in doors)
            {
                table.AddRow([.. ((string[])
                [
                    $"{d.Name} ({d.Kind})", d.Source, d.Status.ToString().ToLowerInvariant(), Count(d.Received), Count(d.Accepted), Count(d.Duplicates), Count(d.Refused),
                    d.LastReceivedAt?.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "never",
                    string.Join("; ", ((string?[])[d.Trouble, d.Detail, d.Ignored > 0 ? $"{d.Ignored} meant nothing to the mapping" : null, d.Lost > 0 ? $"{d.Lost} lost at quality 0" : null]).Where(t => t is { Length: > 0 })),
                ]).Select(Markup.Escape)]);
            }

            shell.Show(table);
        }
    }

    private static object ForScripts(DoorHealth d) => new
    {
        d.Name, d.Kind, d.Source, Status = d.Status.ToString(), d.Since, d.Trouble, d.LastReceivedAt, d.Received, d.Accepted, d.Duplicates, d.Refused, d.Ignored, d.Lost, d.Reconnects, d.Detail,
    };

    private static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string KindOf(DoorSettings door) => door switch { MqttSettings => "mqtt", FolderSettings => "folder", SqlSettings => "sql", _ => "sparkplug" };
}
