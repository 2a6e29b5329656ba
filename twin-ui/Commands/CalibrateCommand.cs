using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using DigitalTwin.Ui.Hosting;
using Spectre.Console;

namespace DigitalTwin.Ui.Commands;

/// <summary><c>twin calibrate</c>: what a running twin's journal says about the numbers of its model.</summary>
internal static class CalibrateCommand
{
    public static Verb Create()
    {
        var plant = new Argument<string>("plant") { Description = "Id of the plant at the twin.", HelpName = "id" };
        var at = new Option<string>("--at") { Description = "The twin that is asked.", HelpName = "url", DefaultValueFactory = _ => TwinServerOptions.DefaultUrl };
        var key = new Option<string?>("--key") { Description = "Key to show, where the twin asks for one.", HelpName = "twin_…" };
        var accept = new Option<string?>("--accept") { Description = "Accept a proposal made before, by its number: the model changes now and after a restart.", HelpName = "number" };
        var all = new Option<bool>("--all") { Description = "Also what fits, and what too little is known of." };
        var json = CommonOptions.Json();
        var verb = new Verb("calibrate", "Compare the numbers of a running twin's model with what its plant did, and propose better ones.")
        {
            Examples =
            [
                ("twin calibrate dyehouse", "what should change, and how much better it would fit"),
                ("twin calibrate dyehouse --accept 3", "make proposal 3 the model's"),
            ],
        };
        verb.Add(plant);
        foreach (var option in (Option[])[at, key, accept, all, json])
        {
            verb.Add(option);
        }

        Verb.DoesAsync(verb, async (parse, shell, stop) =>
        {
            using var http = LiveTwinClient.Open(parse.GetValue(at)!, parse.GetValue(key));
            var root = $"api/v1/plants/{Uri.EscapeDataString(parse.GetValue(plant)!)}/calibrations";
            using var answer = parse.GetValue(accept) is { } id
                ? await LiveTwinClient.SendAsync(http, HttpMethod.Post, $"{root}/{Uri.EscapeDataString(id)}/accept", null, stop)
                : await LiveTwinClient.SendAsync(http, HttpMethod.Post, root, JsonContent.Create(new { }), stop);
            if (parse.GetValue(json))
            {
                shell.WriteJson(answer.RootElement);
            }
            else
            {
                Print(shell, answer.RootElement, parse.GetValue(all));
            }

            return ExitCode.Ok;
        });
        return verb;
    }

    private static void Print(Shell shell, JsonElement proposal, bool all)
    {
        var table = new Table().AddColumns("Number", "Now", "Proposed", "Seen", "KS now", "KS then");
        foreach (var item in proposal.GetProperty("items").EnumerateArray())
        {
            var verdict = item.GetProperty("verdict").GetString();
            if (all || verdict == "Proposed")
            {
                table.AddRow(
                    Text(item, "path"), Text(item, "before"), verdict switch { "Proposed" => Text(item, "after"), "Fits" => "fits", _ => "too few" }, Text(item, "observations"),
                    Distance(item, "distanceBefore"), Distance(item, "distanceAfter"));
            }
        }

        shell.Show(table);
        var by = proposal.GetProperty("acceptedBy").GetString();
        shell.Line(by is not null ? $"calibration {proposal.GetProperty("id")} accepted by {by}"
            : $"calibration {proposal.GetProperty("id")} from {proposal.GetProperty("events")} events: {proposal.GetProperty("proposed")} numbers to change, {proposal.GetProperty("tooFew")} seen too seldom");
    }

    private static string Text(JsonElement item, string name) => Markup.Escape(item.GetProperty(name).ToString());

    private static string Distance(JsonElement item, string name) =>
        item.TryGetProperty(name, out var d) && d.ValueKind == JsonValueKind.Number ? d.GetDouble().ToString("0.000", System.Globalization.CultureInfo.InvariantCulture) : "";
}

/// <summary>Asks a running twin over its REST door.</summary>
internal static class LiveTwinClient
{
    /// <exception cref="CommandException">The address is none.</exception>
    public static HttpClient Open(string url, string? key)
    {
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new CommandException($"'{url}' is not an address. Maybe {TwinServerOptions.DefaultUrl}?");
        }

        var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        if (key is { Length: > 0 })
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }

        return http;
    }

    /// <exception cref="CommandException">It cannot be reached, or refuses: with its own words.</exception>
    public static async Task<JsonDocument> SendAsync(HttpClient http, HttpMethod method, string path, HttpContent? content, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var response = await http.SendAsync(request, stop);
            var text = await response.Content.ReadAsStringAsync(stop);
            if (response.IsSuccessStatusCode)
            {
                return JsonDocument.Parse(text.Length > 0 ? text : "{}");
            }

            throw new CommandException(Detail(text) ?? $"{http.BaseAddress}{path} answered {(int)response.StatusCode}") { ExitCode = ExitCode.Findings };
        }
        catch (HttpRequestException e)
        {
            throw new CommandException($"{http.BaseAddress} cannot be reached: {e.Message}. Maybe start it: twin serve", e);
        }
    }

    private static string? Detail(string text)
    {
        try
        {
            using var problem = JsonDocument.Parse(text);
            return problem.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
