using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DigitalTwin.Tests.System.Programs;
using Microsoft.AspNetCore.SignalR.Client;

namespace DigitalTwin.Tests.System;

/// <summary>The real server through its doors: HTTP, the hub, and what survives a pulled plug.</summary>
public sealed class ServerTests(ServerTests.SharedServer shared) : IClassFixture<ServerTests.SharedServer>
{
    private const int HeaderSize = 48;
    private const int RecordSize = 24;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private TwinServer Server => shared.Server;

    [Fact]
    public async Task The_plant_is_alive_and_its_version_and_clock_go_on()
    {
        var plant = await Server.PlantAsync();
        var before = await AliveAsync(Server, plant);

        await UntilAsync(async () => Version(await Server.GetAsync($"/api/v1/plants/{plant}")) > Version(before), "a newer version");

        var after = await Server.GetAsync($"/api/v1/plants/{plant}");
        Assert.True(after.GetProperty("nowMs").GetInt64() > before.GetProperty("nowMs").GetInt64());
        Assert.Equal(0, after.GetProperty("statistics").GetProperty("refused").GetInt64());
    }

    [Fact]
    public async Task A_viewer_pulls_a_full_frame_and_then_only_what_changed()
    {
        var plant = await Server.PlantAsync();
        var document = await AliveAsync(Server, plant);
        await using var hub = await Server.ConnectAsync();

        Assert.Equal([plant], await hub.InvokeAsync<string[]>("Plants", Stop));
        var full = await hub.InvokeAsync<byte[]>("Pull", plant, 0L, Stop);
        var version = (long)BinaryPrimitives.ReadDoubleLittleEndian(full.AsSpan(8));
        await foreach (var news in hub.StreamAsync<long>("Changes", plant, Stop))
        {
            if (news > version)
            {
                break;
            }
        }

        // The picture may be a tenth of a second older than the news of it.
        var delta = await hub.InvokeAsync<byte[]>("Pull", plant, version, Stop);
        while (BinaryPrimitives.ReadDoubleLittleEndian(delta.AsSpan(8)) <= version)
        {
            await Task.Delay(50, Stop);
            delta = await hub.InvokeAsync<byte[]>("Pull", plant, version, Stop);
        }

        var equipment = document.GetProperty("equipment").GetInt32();
        Assert.Equal((byte)'T', full[0]);
        Assert.Equal(1, full[2] & 1);
        Assert.Equal(HeaderSize + equipment * RecordSize, full.Length);
        Assert.Equal(version, (long)BinaryPrimitives.ReadDoubleLittleEndian(delta.AsSpan(16)));
        Assert.True(BinaryPrimitives.ReadDoubleLittleEndian(delta.AsSpan(8)) > version);
        Assert.Equal(0, delta[2] & 1);
        var records = (int)BinaryPrimitives.ReadUInt32LittleEndian(delta.AsSpan(4));
        Assert.Equal(HeaderSize + records * RecordSize, delta.Length);
        Assert.InRange(records, 0, equipment);
    }

    [Fact]
    public async Task Somebody_who_asks_for_an_unknown_plant_learns_which_there_are()
    {
        var plant = await Server.PlantAsync();

        using var answer = await Server.Http.GetAsync(new Uri("/api/v1/plants/atlantis", UriKind.Relative), Stop);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(plant, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await using var hub = await Server.ConnectAsync();
        var refused = await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(() => hub.InvokeAsync<byte[]>("Pull", "atlantis", 0L, Stop));
        Assert.Contains(plant, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "evil.example", HttpStatusCode.BadRequest)]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    public async Task Pages_and_names_from_elsewhere_are_not_answered(string header, string value, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/plants", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await Server.Http.SendAsync(request, Stop);

        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, "{\"batches\":[]}", HttpStatusCode.PreconditionRequired)]
    [InlineData("\"0\"", "{\"batches\":[{\"equipment\":\"no-such\",\"jobs\":[\"x/1/y\"],\"setupStart\":0,\"start\":0,\"end\":1}]}", HttpStatusCode.UnprocessableEntity)]
    [InlineData("\"0\"", "{", HttpStatusCode.BadRequest)]
    public async Task A_schedule_is_taken_only_with_the_version_seen_and_when_it_fits(string? ifMatch, string body, HttpStatusCode status)
    {
        var plant = await Server.PlantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"/api/v1/plants/{plant}/schedule", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var answer = await Server.Http.SendAsync(request, Stop);

        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Stop)}");
    }

    [Fact]
    public async Task Who_saw_another_version_may_not_revoke_the_schedule()
    {
        var plant = await Server.PlantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri($"/api/v1/plants/{plant}/schedule", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("If-Match", "\"4711\"");

        using var answer = await Server.Http.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.NotNull(answer.Headers.ETag);
    }

    [Fact]
    public async Task What_was_observed_survives_a_pulled_plug()
    {
        using var data = new TemporaryFolder();
        long rows;
        DateTimeOffset[] seen;
        await using (var first = await TwinServer.StartAsync(data.Path, "--speed", "600"))
        {
            var plant = await first.PlantAsync();
            await UntilAsync(async () => Statistic(await first.GetAsync($"/api/v1/plants/{plant}"), "journalRows") > 10, "ten deliveries in the journal");
            rows = Statistic(await first.GetAsync($"/api/v1/plants/{plant}"), "journalRows");
            seen = await SinceAsync(first, plant);
            first.Program.Kill();
        }

        await using var second = await TwinServer.StartAsync(data.Path, "--no-demo");

        var again = await second.GetAsync($"/api/v1/plants/{await second.PlantAsync()}");
        Assert.True(Statistic(again, "journalRows") >= rows, $"{rows} rows were confirmed, this is left: {again}");
        var left = await SinceAsync(second, await second.PlantAsync());
        Assert.All(seen.Zip(left), machine => Assert.True(machine.Second >= machine.First, $"A change at {machine.First} was shown, and is forgotten"));
        Assert.True(seen.Max() > seen.Min(), "Something should have happened before the plug was pulled.");
        Assert.Equal(JsonValueKind.Null, again.GetProperty("damage").ValueKind);
    }

    [Fact]
    public async Task A_second_server_on_the_same_port_ends_with_3_and_says_so()
    {
        using var data = new TemporaryFolder();

        var second = await TwinProgram.RunAsync("serve", "--url", Server.Address.ToString(), "--data", data.Path);

        Assert.True(second.ExitCode == 3, second.ToString());
        Assert.Contains($"{Server.Address.Port}", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_server_in_order()
    {
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path);

        server.Program.PressCtrlC();
        var end = await server.Program.EndAsync(TimeSpan.FromSeconds(20));

        Assert.True(end.ExitCode is 0 or 130, end.ToString());
        Assert.DoesNotContain("   at ", end.Errors, StringComparison.Ordinal);
    }

    /// <summary>When each machine last changed its state.</summary>
    private static async Task<DateTimeOffset[]> SinceAsync(TwinServer server, string plant) =>
        [.. (await server.GetAsync($"/api/v1/plants/{plant}/equipment")).EnumerateArray().Select(e => e.GetProperty("since").GetDateTimeOffset())];

    private static long Statistic(JsonElement plant, string name) => plant.GetProperty("statistics").GetProperty(name).GetInt64();

    private static long Version(JsonElement plant) => plant.GetProperty("version").GetInt64();

    private static async Task<JsonElement> AliveAsync(TwinServer server, string plant)
    {
        await UntilAsync(async () => (await server.GetAsync($"/api/v1/plants/{plant}")).GetProperty("alive").GetBoolean(), "a sign of life");
        await UntilAsync(async () => Statistic(await server.GetAsync($"/api/v1/plants/{plant}"), "accepted") > 0, "an observation");
        return await server.GetAsync($"/api/v1/plants/{plant}");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var i = 0; !await condition(); i++)
        {
            Assert.True(i < 600, $"Waited in vain for {what}.");
            await Task.Delay(100, Stop);
        }
    }

    /// <summary>One server for the tests that only look at it.</summary>
    public sealed class SharedServer : IAsyncLifetime
    {
        private readonly TemporaryFolder _data = new();
        private TwinServer? _server;

        internal TwinServer Server => _server!;

        public async ValueTask InitializeAsync() => _server = await TwinServer.StartAsync(_data.Path, "--speed", "600");

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }

            _data.Dispose();
        }
    }
}
