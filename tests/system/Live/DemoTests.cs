using System.Buffers.Binary;
using DigitalTwin.Tests.System.Programs;
using DigitalTwin.Ui.Live;
using Microsoft.AspNetCore.SignalR.Client;

namespace DigitalTwin.Tests.System.Live;

/// <summary>The demo as a newcomer starts it: the real program, its HTTP door, its hub.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_is_alive_and_an_outside_client_sees_machines_change_through_the_hub()
    {
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path, "--speed", "600");
        var plant = await server.PlantAsync();
        await using var hub = await server.ConnectAsync();
        var test = TestContext.Current.CancellationToken;

        var first = await hub.InvokeAsync<byte[]>("Pull", plant, 0L, test);
        var (version, records) = Read(first, full: true);
        Assert.Equal(112, records, tolerance: 2);

        var versions = new List<long>();
        var changed = 0;
        await foreach (var next in hub.StreamAsync<long>("Changes", plant, test))
        {
            versions.Add(next);
            var delta = await hub.InvokeAsync<byte[]>("Pull", plant, version, test);
            (version, var moved) = Read(delta, full: false);
            changed += moved;
            if (versions.Count > 20 && changed > 50)
            {
                break;
            }
        }

        Assert.Equal(versions.Order(), versions);
        var alive = await server.GetAsync($"/api/v1/plants/{plant}");
        Assert.True(alive.GetProperty("alive").GetBoolean());
        Assert.Equal(0, alive.GetProperty("statistics").GetProperty("refused").GetInt64());
        Assert.True(alive.GetProperty("statistics").GetProperty("accepted").GetInt64() > 0);
    }

    [Fact]
    public async Task A_plan_is_searched_for_applied_and_followed_by_the_emulated_plant()
    {
        using var data = new TemporaryFolder();
        await using var server = await TwinServer.StartAsync(data.Path, "--speed", "120");
        var plant = await server.PlantAsync();
        var root = $"/api/v1/plants/{plant}";
        var test = TestContext.Current.CancellationToken;

        using var start = await SendAsync(server, HttpMethod.Post, $"{root}/optimise", """{"timeLimitSeconds":4,"workers":1}""");
        Assert.Equal(201, (int)start.StatusCode);
        using var second = await SendAsync(server, HttpMethod.Post, $"{root}/optimise", "{}");
        Assert.Equal(409, (int)second.StatusCode);
        var points = await server.Http.GetStringAsync(new Uri($"{root}/optimise/1/points", UriKind.Relative), test); // ends with the search
        Assert.Contains("\"incumbent\":", points, StringComparison.Ordinal);

        using var unversioned = await SendAsync(server, HttpMethod.Post, $"{root}/optimise/1/apply", "{}");
        Assert.Equal(428, (int)unversioned.StatusCode);
        using var applied = await SendAsync(server, HttpMethod.Post, $"{root}/optimise/1/apply", "{}", "\"0\"");
        Assert.Equal((200, "\"1\""), ((int)applied.StatusCode, applied.Headers.ETag?.Tag));
        using var late = await SendAsync(server, HttpMethod.Delete, $"{root}/schedule", null, "\"0\"");
        Assert.Equal(412, (int)late.StatusCode);

        var schedule = await server.GetAsync($"{root}/schedule");
        var planned = schedule.GetProperty("batches").EnumerateArray()
            .SelectMany(b => b.GetProperty("jobs").EnumerateArray().Select(j => (Job: j.GetString()!, On: b.GetProperty("equipment").GetString()!)))
            .ToDictionary(x => x.Job, x => x.On, StringComparer.Ordinal);
        using var faster = await SendAsync(server, HttpMethod.Put, $"{root}/emulator", """{"speed":1200}""");
        Assert.Equal(200, (int)faster.StatusCode);
        var since = (await server.GetAsync(root)).GetProperty("nowMs").GetInt64() + 3 * 3_600_000; // by then all work that was given to machines before has begun
        await server.Program.UntilAsync(() => NowMs(server, root) > since + 2 * 3_600_000, "two plant hours");
        var bars = (await server.GetAsync($"{root}/history?from={since}&limit=50000")).GetProperty("bars").EnumerateArray()
            .Where(b => b.GetProperty("kind").GetString() == "Batch" && b.GetProperty("setupStart").GetDateTimeOffset() > Wall(since))
            .SelectMany(b => b.GetProperty("jobs").EnumerateArray().Select(j => (Job: j.GetString()!, On: b.GetProperty("equipment").GetString()!)))
            .Where(b => planned.ContainsKey(b.Job))
            .ToList();
        Assert.NotEmpty(bars);
        var elsewhere = bars.Where(b => planned[b.Job] != b.On).ToList();
        Assert.True(elsewhere.Count <= bars.Count / 10, $"{elsewhere.Count} of {bars.Count} jobs do not follow the plan: {string.Join(", ", elsewhere.Take(5))}; emulator {await server.GetAsync($"{root}/emulator")}");
    }

    private static DateTimeOffset Wall(long ms) => new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.FromHours(8)).AddMilliseconds(ms);

    private static long NowMs(TwinServer server, string root) => server.GetAsync(root).GetAwaiter().GetResult().GetProperty("nowMs").GetInt64();

    private static async Task<HttpResponseMessage> SendAsync(TwinServer server, HttpMethod method, string path, string? json, string? version = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = json is null ? null : new StringContent(json, new global::System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        if (version is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", version);
        }

        return await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static (long Version, int Records) Read(byte[] frame, bool full)
    {
        Assert.Equal(full, (frame[2] & 1) != 0);
        return ((long)BinaryPrimitives.ReadDoubleLittleEndian(frame.AsSpan(8)), (frame.Length - FrameBoard.HeaderSize) / FrameBoard.RecordSize);
    }
}
