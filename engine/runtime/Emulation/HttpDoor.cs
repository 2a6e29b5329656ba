using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using DigitalTwin.Runtime.Ingest;

namespace DigitalTwin.Runtime.Emulation;

/// <summary>The door over HTTP: what a real plant's gateway would use.</summary>
/// <param name="http">Its base address is the server's root, e.g. <c>http://localhost:5080/</c>.</param>
public sealed class HttpDoor(HttpClient http, string plantId) : IObservationDoor
{
    private readonly string _root = $"api/v1/plants/{Uri.EscapeDataString(plantId)}";

    public Task<PlantHead> HeadAsync(CancellationToken cancellation) => GetAsync("", RuntimeJson.Default.PlantHead, cancellation);

    public async Task<IngestReceipt> DeliverAsync(IReadOnlyList<Observation> observations, int run, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(observations, RuntimeJson.Default.IReadOnlyListObservation);
        var path = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/observations?run={run}");
        return await SendAsync(HttpMethod.Post, path, content, RuntimeJson.Default.IngestReceipt, cancellation);
    }

    public Task<ScheduleDocument> ScheduleAsync(CancellationToken cancellation) =>
        GetAsync("/schedule?times=plant", RuntimeJson.Default.ScheduleDocument, cancellation);

    public async Task<IReadOnlyList<OrderDocument>> OrdersAsync(int from, CancellationToken cancellation) =>
        await GetAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/orders/book?from={from}"), RuntimeJson.Default.OrderDocumentArray, cancellation);

    public Task<EventPage> EventsAsync(long from, CancellationToken cancellation) =>
        GetAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/events?from={from}"), RuntimeJson.Default.EventPage, cancellation);

    public async Task StartOverAsync(string reason, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(new StartOverRequest(reason), RuntimeJson.Default.StartOverRequest);
        await SendAsync(HttpMethod.Post, "/start-over", content, RuntimeJson.Default.PlantHead, cancellation);
    }

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, path, null, type, cancellation);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, _root + path) { Content = content };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.IsSuccessStatusCode)
            {
                return await response.Content.ReadFromJsonAsync(type, cancellation)
                    ?? throw new DoorClosedException($"{http.BaseAddress}{_root}{path} answered with nothing");
            }

            var text = await response.Content.ReadAsStringAsync(cancellation);
            var what = $"{http.BaseAddress}{_root}{path} answered {(int)response.StatusCode}: {(text.Length > 500 ? text[..500] : text)}";
            throw response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest
                ? new InvalidOperationException(what)
                : new DoorClosedException(what);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new DoorClosedException($"{http.BaseAddress} cannot be reached: {e.Message}", e);
        }
    }
}

/// <summary>Asks a demo to begin again.</summary>
/// <param name="Reason">For people.</param>
public sealed record StartOverRequest(string Reason);
