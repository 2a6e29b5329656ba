using System.Net;
using System.Text;
using DigitalTwin.Plant.Lifecycles;
using DigitalTwin.Ui.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace DigitalTwin.Tests.Unit.Ui.Security;

/// <summary>Every door as every caller, and nothing of others behind any of them.</summary>
public sealed class MatrixTests(SecuredTwin twin) : IClassFixture<SecuredTwin>
{
    /// <summary>Who may what: the one table. Doors that are not in it are tried by what they declare.</summary>
    private static readonly Dictionary<string, (Permit Needs, bool Firms)> Table = new(StringComparer.Ordinal)
    {
        ["GET /api/v1/plants"] = (Permit.See, true),
        ["GET /api/v1/plants/{plant}"] = (Permit.See, true),
        ["GET /api/v1/plants/{plant}/frame"] = (Permit.See, true),
        ["GET /api/v1/plants/{plant}/equipment"] = (Permit.See, true),
        ["GET /api/v1/plants/{plant}/equipment/{id}"] = (Permit.See, true),
        ["GET /api/v1/plants/{plant}/orders"] = (Permit.See, true),
        ["GET /api/v1/plants/{plant}/orders/{id}"] = (Permit.See, true),
        ["GET /api/v1/plants/{plant}/schedule"] = (Permit.See, true),
        ["GET /api/v1/plants/{plant}/history"] = (Permit.See, true),
        ["GET /api/v1/plants/{plant}/forecast"] = (Permit.See, true),
        ["GET /api/v1/plants/{plant}/kpis"] = (Permit.See, true),
        ["GET /screen/{plant}/gantt"] = (Permit.See, true),
        ["GET /api/v1/me"] = (Permit.See, true),
        ["POST /api/v1/plants/{plant}/orders"] = (Permit.Plan, true),
        ["GET /api/v1/plants/{plant}/events"] = (Permit.See, false),
        ["GET /api/v1/plants/{plant}/orders/book"] = (Permit.See, false),
        ["GET /api/v1/plants/{plant}/observations/refused"] = (Permit.See, false),
        ["GET /api/v1/plants/{plant}/optimise"] = (Permit.See, false),
        ["GET /api/v1/plants/{plant}/optimise/{id}"] = (Permit.See, false),
        ["GET /api/v1/plants/{plant}/optimise/{id}/schedule"] = (Permit.See, false),
        ["GET /api/v1/plants/{plant}/optimise/{id}/preview"] = (Permit.See, false),
        ["GET /api/v1/plants/{plant}/schedule/why/{order}"] = (Permit.See, false),
        ["GET /api/v1/plants/{plant}/trace/{**lot}"] = (Permit.See, false),
        ["POST /api/v1/plants/{plant}/optimise"] = (Permit.Plan, false),
        ["POST /api/v1/plants/{plant}/orders/import"] = (Permit.Plan, false),
        ["POST /api/v1/plants/{plant}/schedule/repair"] = (Permit.Plan, false),
        ["POST /api/v1/plants/{plant}/schedule/promise"] = (Permit.Plan, false),
        ["PUT /api/v1/plants/{plant}/schedule"] = (Permit.Dispatch, false),
        ["DELETE /api/v1/plants/{plant}/schedule"] = (Permit.Dispatch, false),
        ["PUT /api/v1/plants/{plant}/jobs/lock"] = (Permit.Dispatch, false),
        ["POST /api/v1/plants/{plant}/optimise/{id}/apply"] = (Permit.Dispatch, false),
        ["POST /api/v1/plants/{plant}/observations"] = (Permit.Observe, false),
        ["POST /api/v1/plants/{plant}/start-over"] = (Permit.Administer, false),
        ["PUT /api/v1/plants/{plant}/emulator"] = (Permit.Administer, false),
        ["GET /api/v1/audit"] = (Permit.Administer, false),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_endpoint_lets_in_exactly_who_may_pass()
    {
        var wrong = new List<string>();
        var tried = 0;
        foreach (var (method, route, needs) in Doors())
        {
            var expected = Table.TryGetValue($"{method} {route}", out var row) ? row : (needs.Permit, needs.FirmsToo);
            foreach (var (caller, permits) in SecuredTwin.Callers)
            {
                var may = permits.Contains(expected.Item1) && (expected.Item2 || !SecuredTwin.IsOfFirm(caller));
                using var request = new HttpRequestMessage(new HttpMethod(method), AddressOf(route));
                if (method is "POST" or "PUT")
                {
                    request.Content = Json("?"); // who may pass is refused for this, and changes nothing
                }

                using var answer = await twin.Client(caller).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
                var got = answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) && answer.Headers.Location?.OriginalString.Contains("/login", StringComparison.Ordinal) != true;
                tried++;
                if (got != may || (int)answer.StatusCode >= 500)
                {
                    wrong.Add($"{caller}: {method} {route} answered {(int)answer.StatusCode}, and {caller} {(may ? "may" : "may not")} pass");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(tried > 18 * 40, $"only {tried} were tried");
        Assert.Empty(Table.Keys.Except(Doors().Select(d => $"{d.Method} {d.Route}"), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_hub_method_lets_in_exactly_who_may_see_and_nothing_of_others_is_in_a_frame()
    {
        foreach (var (caller, permits) in SecuredTwin.Callers)
        {
            await using var hub = new HubConnectionBuilder().WithUrl(new Uri(twin.Address, "/hubs/twin"), o =>
            {
                o.Transports = HttpTransportType.LongPolling;
                o.Cookies = Cookies(caller);
                if (twin.Keys.TryGetValue(caller, out var key))
                {
                    o.AccessTokenProvider = () => Task.FromResult<string?>(key);
                }
            }).Build();
            if (permits.Length == 0)
            {
                await Assert.ThrowsAnyAsync<Exception>(() => hub.StartAsync(Stop));
                continue;
            }

            await hub.StartAsync(Stop);
            if (permits.Contains(Permit.Observe))
            {
                await hub.InvokeAsync<object>("Ingest", twin.Session.Id, Array.Empty<object>(), Stop);
            }
            else
            {
                await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<object>("Ingest", twin.Session.Id, Array.Empty<object>(), Stop));
            }

            if (!permits.Contains(Permit.See))
            {
                await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<string[]>("Plants", Stop));
                await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<byte[]>("Pull", twin.Session.Id, 0L, Stop));
                continue;
            }

            Assert.Equal([twin.Session.Id], await hub.InvokeAsync<string[]>("Plants", Stop));
            var jobs = JobsOf(await hub.InvokeAsync<byte[]>("Pull", twin.Session.Id, 0L, Stop));
            Assert.NotEmpty(jobs);
            if (SecuredTwin.IsOfFirm(caller))
            {
                Assert.All(jobs, job => Assert.Equal(SecuredTwin.Firm, FirmOf(twin.Session.Plant.Jobs.OrderOf(job))));
            }

            await foreach (var version in hub.StreamAsync<long>("Changes", twin.Session.Id, Stop))
            {
                Assert.True(version > 0);
                break;
            }

            await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync<byte[]>("Pull", "nowhere", 0L, Stop));
        }
    }

    [Fact]
    public async Task Nothing_of_other_firms_is_in_any_answer_to_a_firm()
    {
        var scenario = twin.Session.Plant.Scenario;
        var foreign = scenario.Orders.Select((o, i) => (o.Id, Firm: FirmOf(i))).Where(o => o.Firm != SecuredTwin.Firm).Select(o => o.Id)
            .Concat(scenario.Plant.Tenants.Where(t => t.Id != SecuredTwin.Firm).SelectMany(t => (string?[])[t.Id, t.Name.En, t.Name.Zh]).OfType<string>())
            .ToHashSet(StringComparer.Ordinal);
        var own = scenario.Orders.Where((_, i) => FirmOf(i) == SecuredTwin.Firm).Select(o => o.Id).ToHashSet(StringComparer.Ordinal);
        var seesOwn = new List<string>();
        foreach (var (method, route, needs) in Doors().Where(d => d.Method == "GET" && d.Needs.FirmsToo))
        {
            foreach (var caller in (string[])["firm viewer", "firm planner", "firm key see"])
            {
                foreach (var format in (string[])["", "?format=csv", "?format=xlsx", "?limit=1000", "?search=F&limit=1000", "?from=0&limit=50000"])
                {
                    using var answer = await twin.Client(caller).GetAsync(new Uri(AddressOf(route) + format, UriKind.Relative), Stop);
                    var body = Text(await answer.Content.ReadAsByteArrayAsync(Stop), format);
                    var words = Words(body);
                    Assert.True(!words.Overlaps(foreign), $"{caller} reads of '{words.FirstOrDefault(foreign.Contains)}' at {route}{format}");
                    if (words.Overlaps(own))
                    {
                        seesOwn.Add(route);
                    }
                }
            }
        }

        Assert.Superset(new HashSet<string> { "/api/v1/plants/{plant}/orders", "/api/v1/plants/{plant}/schedule", "/api/v1/plants/{plant}/history" }, seesOwn.ToHashSet());
    }

    [Fact]
    public async Task An_order_of_another_firm_does_not_exist_and_none_can_be_placed_in_its_name()
    {
        var other = twin.Session.Plant.Scenario.Orders.Where((_, i) => FirmOf(i) != SecuredTwin.Firm).First();
        var root = $"/api/v1/plants/{twin.Session.Id}/orders";
        using var asked = await twin.Client("firm planner").GetAsync(new Uri($"{root}/{other.Id}", UriKind.Relative), Stop);
        using var missing = await twin.Client("firm planner").GetAsync(new Uri($"{root}/NONE", UriKind.Relative), Stop);
        var product = twin.Session.Plant.Plant.Products[other.Product].Id;
        using var placed = await twin.Client("firm planner").PostAsync(new Uri(root, UriKind.Relative), Json($$"""[{"id":"X-1","product":"{{product}}","quantity":1,"tenant":"F002"}]"""), Stop);
        using var mine = await twin.Client("firm planner").PostAsync(new Uri(root, UriKind.Relative), Json($$"""[{"id":"X-2","product":"{{product}}","quantity":1,"unit":"{{other.Unit}}","priority":1}]"""), Stop);

        Assert.Equal(HttpStatusCode.NotFound, asked.StatusCode);
        Assert.Equal(
            (await missing.Content.ReadAsStringAsync(Stop)).Replace("NONE", other.Id, StringComparison.Ordinal).Split("traceId")[0],
            (await asked.Content.ReadAsStringAsync(Stop)).Split("traceId")[0]);
        Assert.Equal(HttpStatusCode.Forbidden, placed.StatusCode);
        Assert.True(mine.IsSuccessStatusCode, await mine.Content.ReadAsStringAsync(Stop));
        Assert.Equal(SecuredTwin.Firm, FirmOf(twin.Session.Names.Order("X-2")));
    }

    /// <summary>All doors of programs: method, route and what they declare.</summary>
    private List<(string Method, string Route, NeedsAttribute Needs)> Doors() =>
    [
        .. ((IEndpointRouteBuilder)twin.App).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null && e.Metadata.GetMetadata<NeedsAttribute>() is not null)
            .Select(e => (Route: "/" + e.RoutePattern.RawText!.Trim('/'), Endpoint: e))
            .Where(e => e.Route.StartsWith("/api", StringComparison.Ordinal) || e.Route.StartsWith("/screen", StringComparison.Ordinal))
            .SelectMany(e => (e.Endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(m => (m, e.Route, e.Endpoint.Metadata.GetMetadata<NeedsAttribute>()!))),
    ];

    private string AddressOf(string route)
    {
        var own = twin.Session.Plant.Scenario.Orders.Where((_, i) => FirmOf(i) == SecuredTwin.Firm).First().Id;
        return route.Replace("{plant}", twin.Session.Id, StringComparison.Ordinal).Replace("{order}", own, StringComparison.Ordinal)
            .Replace("orders/{id}", "orders/" + own, StringComparison.Ordinal)
            .Replace("equipment/{id}", "equipment/" + twin.Session.Plant.Plant.Equipment[0].Id, StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{**lot}", "none", StringComparison.Ordinal)
            .Replace("{id}", "99", StringComparison.Ordinal).Replace("{id:int}", "99", StringComparison.Ordinal).Replace('{', '_').Replace('}', '_');
    }

    private CookieContainer Cookies(string caller)
    {
        var cookies = new CookieContainer();
        foreach (Cookie cookie in twin.CookiesOf(caller).GetCookies(twin.Address))
        {
            cookies.Add(cookie);
        }

        return cookies;
    }

    private string? FirmOf(int order) =>
        twin.Session.Plant.Scenario.Orders[order].Tenant is { } t ? twin.Session.Plant.Plant.Tenants[t].Id : null;

    private static List<int> JobsOf(byte[] frame) =>
        [.. Enumerable.Range(0, (frame.Length - 48) / 24).Select(i => BitConverter.ToInt32(frame, 48 + i * 24 + 12)).Where(job => job >= 0)];

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static HashSet<string> Words(string text) => [.. text.Split([' ', '"', ',', '/', '\n', '\r', '\t', ':', '<', '>', ';', '[', ']', '{', '}', '\\', '\''], StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>A workbook is a zip of texts; everything else is read as it is.</summary>
    private static string Text(byte[] body, string format)
    {
        if (format != "?format=xlsx" || body is not [(byte)'P', (byte)'K', ..])
        {
            return Encoding.UTF8.GetString(body);
        }

        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(body));
        return string.Join('\n', zip.Entries.Select(e =>
        {
            using var reader = new StreamReader(e.Open());
            return reader.ReadToEnd();
        }));
    }
}
