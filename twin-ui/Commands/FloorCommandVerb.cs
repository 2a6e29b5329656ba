using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using DigitalTwin.Runtime.Floor;
using DigitalTwin.Ui.Hosting;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin floor</c>: gives the floor of a running twin a verb for a job, and waits for its answer.</summary>
internal static class FloorCommandVerb
{
    public static Verb Create()
    {
        var plant = new Argument<string>("plant") { Description = "Id of the plant at the twin.", HelpName = "id" };
        var what = new Argument<string>("verb") { Description = string.Join(", ", Enum.GetNames<FloorVerb>()) + "." };
        what.AcceptOnlyFromAmong([.. Enum.GetNames<FloorVerb>(), .. Enum.GetNames<FloorVerb>().Select(v => v.ToLowerInvariant())]);
        var job = new Argument<string>("job") { Description = "The job: order/lot/operation.", HelpName = "job" };
        var equipment = new Option<string?>("--equipment") { Description = "The machine, where it matters.", HelpName = "id" };
        var id = new Option<string?>("--id") { Description = "Id of the command; the same id is done once, however often it is given.", HelpName = "text" };
        var wait = new Option<double>("--wait") { Description = "Seconds to wait for the floor's answer.", HelpName = "seconds", DefaultValueFactory = _ => 30 };
        var at = new Option<string>("--at") { Description = "The twin that is asked.", HelpName = "url", DefaultValueFactory = _ => TwinServerOptions.DefaultUrl };
        var key = new Option<string?>("--key") { Description = "Key to show, where the twin asks for one.", HelpName = "twin_…" };
        var verb = new Verb("floor", "Tell the floor of a running twin to start, pause, resume, stop or abort a job.")
        {
            Examples = [("twin floor dyehouse start B0345/1/dye", "let the job start; says what the floor answered")],
        };
        foreach (var argument in (Argument[])[plant, what, job])
        {
            verb.Add(argument);
        }

        foreach (var option in (Option[])[equipment, id, wait, at, key])
        {
            verb.Add(option);
        }

        Verb.DoesAsync(verb, async (parse, shell, stop) =>
        {
            using var http = LiveTwinClient.Open(parse.GetValue(at)!, parse.GetValue(key));
            var root = $"api/v1/plants/{Uri.EscapeDataString(parse.GetValue(plant)!)}/floor/commands";
            var body = JsonContent.Create(new { verb = parse.GetValue(what), job = parse.GetValue(job), equipment = parse.GetValue(equipment), id = parse.GetValue(id) });
            var answer = await LiveTwinClient.SendAsync(http, HttpMethod.Post, root, body, stop);
            var until = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(parse.GetValue(wait));
            while (StateOf(answer) is FloorCommandState.Queued or FloorCommandState.Sent && TimeProvider.System.GetUtcNow() < until)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
                var path = $"{root}/{Uri.EscapeDataString(answer.RootElement.GetProperty("id").GetString()!)}";
                answer.Dispose();
                answer = await LiveTwinClient.SendAsync(http, HttpMethod.Get, path, null, stop);
            }

            using (answer)
            {
                var says = answer.RootElement.GetProperty("says").GetString();
                shell.Line($"{StateOf(answer)}{(says is { Length: > 0 } ? $": {says}" : "")}");
                return StateOf(answer) == FloorCommandState.Acknowledged ? ExitCode.Ok : ExitCode.Findings;
            }
        });
        return verb;
    }

    private static FloorCommandState StateOf(JsonDocument answer) => Enum.Parse<FloorCommandState>(answer.RootElement.GetProperty("state").GetString()!);
}
