using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using DigitalTwin.Plant.Scenarios;
using DigitalTwin.Plant.Scenarios.Generators;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Runtime.Ingest;

namespace DigitalTwin.Benchmarks;

/// <summary>The real program over HTTP: one client, JSON arrays of 2 000 observations, the next when the last is acknowledged.</summary>
internal static class HttpBench
{
    private const int InDelivery = 2000;

    public static GoalRow Run(int events)
    {
        var folder = Directory.CreateTempSubdirectory("twin-bench-").FullName;
        try
        {
            var scenario = MachineShopGenerator.Create(500, 50, 100_000);
            ScenarioWriter.Write(scenario, Path.Combine(folder, "shop"));
            var warm = Math.Min(events / 2, 20_000);
            var deliveries = MemoryBench.Observations(CompiledScenario.Compile(scenario), events + warm).Chunk(InDelivery)
                .Select(d => JsonSerializer.SerializeToUtf8Bytes(d, RuntimeJson.Default.ObservationArray)).ToList();
            using var program = Start(folder, out var address);
            try
            {
                using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
                var rate = MeasureAsync(http, scenario.Id, deliveries, warm / InDelivery, events).GetAwaiter().GetResult();
                return new GoalRow("ingest over HTTP, SQLite: one client, JSON, the real program", "≥ 20 000 events/s", GoalRow.Text($"{rate:N0} events/s"), GoalRow.Text($"{rate / 20_000:F2}"), rate >= 20_000);
            }
            finally
            {
                program.Kill();
                program.WaitForExit();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> MeasureAsync(HttpClient http, string plant, List<byte[]> deliveries, int warm, int events)
    {
        await AnswersAsync(http);
        var path = new Uri($"/api/v1/plants/{plant}/observations", UriKind.Relative);
        foreach (var delivery in deliveries[..warm])
        {
            await PostAsync(delivery);
        }

        var watch = Stopwatch.StartNew();
        foreach (var delivery in deliveries[warm..])
        {
            await PostAsync(delivery);
        }

        return events / watch.Elapsed.TotalSeconds;

        async Task PostAsync(byte[] delivery)
        {
            using var body = new ByteArrayContent(delivery) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var answer = await http.PostAsync(path, body);
            var text = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode || !text.Contains("\"refused\":[]", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{(int)answer.StatusCode}: {text[..Math.Min(text.Length, 500)]}");
            }
        }
    }

    private static async Task AnswersAsync(HttpClient http)
    {
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/api/v1/plants", UriKind.Relative));
                return;
            }
            catch (HttpRequestException) when (patience.Elapsed < TimeSpan.FromSeconds(60))
            {
                // not yet
            }
        }
    }

    private static Process Start(string folder, out Uri address)
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        }

        var twin = AppContext.BaseDirectory.Replace(Path.Combine("tests", "benchmarks"), "twin-ui", StringComparison.Ordinal) + "twin.dll";
        var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", twin, "serve", "--no-demo", "--scenario", Path.Combine(folder, "shop"), "--data", Path.Combine(folder, "data"), "--url", address.ToString()])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }
}
