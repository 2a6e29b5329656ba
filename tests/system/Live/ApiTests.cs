using System.Net;
using System.Text;
using System.Text.Json;
using DigitalTwin.Tests.System.Programs;

namespace DigitalTwin.Tests.System.Live;

/// <summary>The REST door, with good and with bad input.</summary>
public sealed class ApiTests
{
    [Fact]
    public async Task Every_resource_answers_and_every_mistake_gets_a_problem_with_a_way_out()
    {
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path, "--no-demo");
        var id = await server.PlantAsync();
        var root = $"/api/v1/plants/{id}";
        var plant = Observed.Plant("dyehouse");
        await Observed.PostAsync(server.Http, id, Observed.Run(plant, 3));

        Assert.Equal(plant.Plant.Equipment.Length, (await server.GetAsync($"{root}/equipment")).GetArrayLength());
        var running = await server.GetAsync($"{root}/orders?status=inProduction&limit=5");
        Assert.True(running.GetProperty("total").GetInt32() > 0);
        Assert.All(running.GetProperty("orders").EnumerateArray(), o => Assert.Equal("InProduction", o.GetProperty("status").GetString()));
        Assert.NotEmpty((await server.GetAsync($"{root}/history?limit=5")).GetProperty("bars").EnumerateArray());
        Assert.NotEmpty((await server.GetAsync($"{root}/kpis")).GetProperty("plant").EnumerateArray());
        Assert.Equal(0, (await server.GetAsync($"{root}/schedule")).GetProperty("version").GetInt32());
        await server.Program.UntilAsync(() => server.GetAsync($"{root}/forecast").GetAwaiter().GetResult().GetProperty("futures").GetInt32() > 0, "a forecast");
        var forecast = await server.GetAsync($"{root}/forecast");
        Assert.Equal(plant.Scenario.Orders.Length, forecast.GetProperty("orders").GetArrayLength());

        await ExpectAsync(server, HttpMethod.Get, "/api/v1/plants/nowhere", null, HttpStatusCode.NotFound, $"Maybe one of {id}");
        await ExpectAsync(server, HttpMethod.Get, $"{root}/orders?status=lost", null, HttpStatusCode.BadRequest, "Maybe one of Accepted");
        await ExpectAsync(server, HttpMethod.Get, $"{root}/equipment/none", null, HttpStatusCode.NotFound, "is not in plant");
        await ExpectAsync(server, HttpMethod.Get, $"{root}/history?from=yesterday", null, HttpStatusCode.BadRequest, "Maybe write");
        await ExpectAsync(server, HttpMethod.Delete, $"{root}/schedule", null, HttpStatusCode.PreconditionRequired, "If-Match");
        await ExpectAsync(server, HttpMethod.Get, $"{root}/schedule/why/B0001", null, HttpStatusCode.NotFound, "no schedule is in force");
        await ExpectAsync(server, HttpMethod.Post, $"{root}/schedule/repair", "{}", HttpStatusCode.NotFound, "Maybe apply one first");
        await ExpectAsync(server, HttpMethod.Post, $"{root}/start-over", """{"reason":"x"}""", HttpStatusCode.Conflict, "may not be started over");
        await ExpectAsync(server, HttpMethod.Post, $"{root}/optimise", """{"workers":0}""", HttpStatusCode.BadRequest, "workers 0");
        await ExpectAsync(server, HttpMethod.Post, $"{root}/orders", """[{"id":"N1","product":"none","quantity":0}]""", HttpStatusCode.UnprocessableEntity, "quantity 0 must be");
        await ExpectAsync(server, HttpMethod.Post, $"{root}/observations", "{not json", HttpStatusCode.BadRequest, "invalid");
        await ExpectAsync(server, HttpMethod.Get, $"{root}/emulator", null, HttpStatusCode.NotFound, "twin emulate");
        await ExpectAsync(server, HttpMethod.Put, $"{root}/jobs/lock", """{"job":"none"}""", HttpStatusCode.NotFound, "order/lot/operation");
    }

    [Fact]
    public async Task Orders_are_tried_then_added_and_found_again()
    {
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path, "--no-demo");
        var root = $"/api/v1/plants/{await server.PlantAsync()}";
        var product = (await server.GetAsync($"{root}/orders/book"))[0].GetProperty("product").GetString();
        var order = $$"""[{"id":"RUSH-1","product":"{{product}}","quantity":20,"unit":"kg","due":"2026-03-03T18:00:00+08:00","priority":3}]""";

        Assert.Equal(1, (await PostAsync(server, $"{root}/orders?dryRun=true", order)).GetProperty("added").GetInt32());
        Assert.Equal(0, (await server.GetAsync($"{root}/orders?search=RUSH-1")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await PostAsync(server, $"{root}/orders", order)).GetProperty("added").GetInt32());
        Assert.Equal(3, (await server.GetAsync($"{root}/orders/RUSH-1")).GetProperty("priority").GetDouble());
        await ExpectAsync(server, HttpMethod.Post, $"{root}/orders", order, HttpStatusCode.UnprocessableEntity, "in the book already");
    }

    [Fact]
    public async Task A_bad_line_among_good_ones_is_marked_and_the_good_ones_count()
    {
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path, "--no-demo");
        var root = $"/api/v1/plants/{await server.PlantAsync()}";
        var machine = (await server.GetAsync($"{root}/equipment"))[0].GetProperty("id").GetString();
        var lines = $$"""
            {"id":"a","time":1000,"kind":"SourceLost","equipment":"{{machine}}"}
            this is no observation
            {"id":"b","time":"2026-03-02T08:00:02+08:00","kind":"SourceRecovered","equipment":"{{machine}}"}
            {"id":"c","time":3000,"kind":"RepairEnded","equipment":"{{machine}}"}
            """;

        var receipt = await PostAsync(server, $"{root}/observations", lines, "application/x-ndjson");

        Assert.Equal(2, receipt.GetProperty("accepted").GetInt32());
        Assert.Equal(["#2", "c"], receipt.GetProperty("refused").EnumerateArray().Select(r => r.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        var marked = await server.GetAsync($"{root}/observations/refused");
        Assert.Equal(2, marked.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_page_from_elsewhere_cannot_use_a_browser_on_this_machine_against_the_twin()
    {
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path, "--no-demo");
        foreach (var path in (string[])["/api/v1/plants", "/hubs/twin/negotiate?negotiateVersion=1"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
            request.Headers.Add("Origin", "http://elsewhere.example");
            using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        using var rebound = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/plants", UriKind.Relative));
        rebound.Headers.Host = "elsewhere.example";
        using var refused = await server.Http.SendAsync(rebound, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private static async Task<JsonElement> PostAsync(TwinServer server, string path, string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await server.Http.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task ExpectAsync(TwinServer server, HttpMethod method, string path, string? json, HttpStatusCode status, string words)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == status, $"{method} {path}: {(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(words, JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
