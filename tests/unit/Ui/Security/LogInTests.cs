using System.Net;
using System.Text;
using System.Text.Json;
using DigitalTwin.Ui.Commands;
using DigitalTwin.Ui.Hosting;
using DigitalTwin.Ui.Security;
using Microsoft.Data.Sqlite;

namespace DigitalTwin.Tests.Unit.Ui.Security;

/// <summary>Logging in, keys, the audit and what commands answer, over HTTP.</summary>
public sealed class LogInTests(SecuredTwin twin) : IClassFixture<SecuredTwin>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Root => $"/api/v1/plants/{twin.Session.Id}";

    [Fact]
    public async Task A_page_sends_to_the_log_in_and_the_log_in_back_to_the_page_but_never_to_another_server()
    {
        using var client = await twin.ClientAsync("nobody");
        using var page = await client.GetAsync(new Uri("/orders", UriKind.Relative), Stop);
        using var wrong = await SecuredTwin.LogInAsync(client, "planner", "wrong password here");
        using var back = await SecuredTwin.LogInAsync(client, "planner", "correct horse battery", "/orders");
        using var away = await SecuredTwin.LogInAsync(client, "planner", "correct horse battery", "//evil.example/");
        using var orders = await client.GetAsync(new Uri("/orders", UriKind.Relative), Stop);

        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Contains("/login", page.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(("/orders", "/"), (back.Headers.Location!.OriginalString, away.Headers.Location!.OriginalString));
        Assert.Equal(HttpStatusCode.OK, orders.StatusCode);
    }

    [Fact]
    public async Task A_form_without_the_token_of_the_page_is_refused()
    {
        using var client = await twin.ClientAsync("nobody");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "planner", ["password"] = "correct horse battery" });
        using var answer = await client.PostAsync(new Uri("/login", UriKind.Relative), form, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Every_answer_says_what_pages_may_load_and_run()
    {
        using var page = await twin.Client("viewer").GetAsync(new Uri("/", UriKind.Relative), Stop);
        var body = await page.Content.ReadAsStringAsync(Stop);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Contains("script-src 'self' 'nonce-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.All(
            body.Split("<script").Skip(1).Select(s => s[..s.IndexOf('>', StringComparison.Ordinal)]),
            tag => Assert.True(tag.Contains("src=", StringComparison.Ordinal) || tag.Contains("nonce=", StringComparison.Ordinal), tag));
    }

    [Fact]
    public async Task A_command_is_in_the_audit_with_who_before_and_after_and_the_audit_cannot_be_edited()
    {
        var version = twin.Session.View().Schedule.Version;
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{Root}/schedule");
        request.Headers.TryAddWithoutValidation("If-Match", "\"99\"");
        using var refused = await twin.Client("dispatcher").SendAsync(request, Stop);
        var page = await GetAsync("admin", "/api/v1/audit?who=dispatcher&find=DELETE");
        var entry = page.GetProperty("entries")[0];

        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        Assert.Equal("refused (412)", entry.GetProperty("outcome").GetString());
        Assert.Contains($"schedule {version} by test", entry.GetProperty("before").GetString(), StringComparison.Ordinal);
        Assert.Contains($"schedule {version} by test", entry.GetProperty("after").GetString(), StringComparison.Ordinal);
        using var connection = new SecurityDatabase(twin.Data).Open();
        Assert.Contains("cannot be edited", Assert.Throws<SqliteException>(() => SecurityDatabase.Run(connection, "UPDATE audit SET who='x'")).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be deleted", Assert.Throws<SqliteException>(() => SecurityDatabase.Run(connection, "DELETE FROM audit")).Message, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await GetAsync("admin", "/api/v1/audit/verify")).GetProperty("firstBroken").ValueKind);
    }

    [Fact]
    public async Task The_same_command_with_the_same_key_is_done_once()
    {
        var order = twin.Session.Plant.Scenario.Orders[0];
        var body = $$"""[{"id":"ONCE-1","product":"{{twin.Session.Plant.Plant.Products[order.Product].Id}}","quantity":1,"unit":"{{order.Unit}}","priority":1}]""";
        var (first, second, other) = (await PostAsync(body), await PostAsync(body), await PostAsync(body.Replace("ONCE-1", "ONCE-2", StringComparison.Ordinal)));

        Assert.True(first.Status == HttpStatusCode.OK, first.Body);
        Assert.Equal((first.Status, first.Body, false, true), (second.Status, second.Body, first.Again, second.Again));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Equal(-1, twin.Session.Names.Order("ONCE-2"));

        async Task<(HttpStatusCode Status, string Body, bool Again)> PostAsync(string text)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Root}/orders") { Content = new StringContent(text, Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", "k-1");
            using var answer = await twin.Client("planner").SendAsync(request, Stop);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop), answer.Headers.Contains("Idempotent-Replayed"));
        }
    }

    [Fact]
    public async Task Unreadable_input_is_answered_with_the_place_and_the_way_out()
    {
        using var answer = await twin.Client("planner").PostAsync(
            new Uri($"{Root}/optimise", UriKind.Relative), new StringContent("""{"workers":"many"}""", Encoding.UTF8, "application/json"), Stop);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("$.workers", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_the_state_already_is_told_so_and_lists_come_as_tables_too()
    {
        using var first = await twin.Client("viewer").GetAsync(new Uri($"{Root}/equipment?limit=3", UriKind.Relative), Stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Root}/equipment?limit=3");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await twin.Client("viewer").SendAsync(request, Stop);
        var csv = await twin.Client("viewer").GetStringAsync(new Uri($"{Root}/orders?format=csv&limit=2", UriKind.Relative), Stop);
        using var none = await twin.Client("viewer").GetAsync(new Uri($"{Root}/orders?format=pdf", UriKind.Relative), Stop);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(3, JsonDocument.Parse(await first.Content.ReadAsStringAsync(Stop)).RootElement.GetArrayLength());
        Assert.Equal("40", first.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal(3, csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith("id,product,quantity", csv.TrimStart((char)0xFEFF), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
    }

    [Fact]
    public async Task The_description_names_every_operation_with_its_permit()
    {
        var document = await GetAsync("firm viewer", "/api/v1/openapi.json");
        var orders = document.GetProperty("paths").GetProperty("/api/v1/plants/{plant}/orders");

        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Contains("Needs 'plan'", orders.GetProperty("post").GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.True(document.GetProperty("paths").EnumerateObject().Count() > 25);
    }

    [Fact]
    public async Task Somebody_disabled_is_out_and_a_server_for_others_needs_an_administrator()
    {
        using var folder = new Commands.Twin();
        var data = folder.At("data");
        var open = new TwinServerOptions { Url = "http://0.0.0.0:5999", DataFolder = data };
        Assert.False(Admission.IsAllowed(open, out var problem));
        Assert.Contains("twin user add", problem, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await TwinCommandLine.RunAsync(["user", "add", "anna", "--role", "admin", "--generate", "--data", data], TextWriter.Null, null, Stop));
        Assert.True(Admission.IsAllowed(open, out _));
        Assert.Equal(ExitCode.Ok, await TwinCommandLine.RunAsync(["user", "disable", "ANNA", "--data", data], TextWriter.Null, null, Stop));
        Assert.False(Admission.IsAllowed(open, out _));
        using var told = new StringWriter();
        Assert.Equal(ExitCode.Ok, await TwinCommandLine.RunAsync(["audit", "--verify", "--data", data], told, null, Stop));
        Assert.Contains("2 entries are sound", told.ToString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> GetAsync(string caller, string path) =>
        JsonDocument.Parse(await twin.Client(caller).GetStringAsync(new Uri(path, UriKind.Relative), Stop)).RootElement;
}
