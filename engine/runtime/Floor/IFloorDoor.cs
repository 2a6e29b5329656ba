using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace DigitalTwin.Runtime.Floor;

/// <summary>What the floor is sent.</summary>
/// <param name="Id">The same however often it is sent: the floor does it once.</param>
/// <param name="Plant">Id of the plant.</param>
public sealed record FloorMessage(string Id, string Plant, FloorVerb Verb, string Job, string Equipment, string By, DateTimeOffset GivenAt);

/// <summary>What the floor answers.</summary>
/// <param name="Accepted">Whether it does it, or has done it already.</param>
/// <param name="Reason">Why not; for people.</param>
public sealed record FloorAnswer(bool Accepted, string Reason = "")
{
    /// <summary>Of the message; only needed where answers come by another way than the question (MQTT).</summary>
    public string Id { get; init; } = "";
}

/// <summary>The way to the floor. A failure that another try may mend throws <see cref="FloorUnreachableException"/>.</summary>
public interface IFloorDoor : IAsyncDisposable
{
    /// <summary>Sends a command and waits for the answer, until cancelled.</summary>
    Task<FloorAnswer> SendAsync(FloorMessage message, CancellationToken cancellation);
}

/// <summary>The floor did not answer: try again.</summary>
public sealed class FloorUnreachableException : Exception
{
    public FloorUnreachableException()
    {
    }

    public FloorUnreachableException(string message)
        : base(message)
    {
    }

    public FloorUnreachableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>HTTP webhook: POST of the message as JSON, header <c>Idempotency-Key</c> its id. 2xx answers <c>{"accepted":true}</c> (an empty body
/// accepts); 4xx refuses with its text; anything else is tried again.</summary>
public sealed class WebhookDoor(HttpClient http, Uri url, string? token = null) : IFloorDoor
{
    public async Task<FloorAnswer> SendAsync(FloorMessage message, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(message, FloorJson.Default.FloorMessage) };
            request.Headers.Add("Idempotency-Key", message.Id);
            if (token is { Length: > 0 })
            {
                request.Headers.Authorization = new("Bearer", token);
            }

            using var response = await http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return (int)response.StatusCode switch
            {
                >= 200 and < 300 => text.Length == 0 ? new FloorAnswer(true) : JsonSerializer.Deserialize(text, FloorJson.Default.FloorAnswer) ?? new FloorAnswer(true),
                >= 400 and < 500 when response.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests) =>
                    new FloorAnswer(false, $"{url} answered {(int)response.StatusCode}: {(text.Length > 300 ? text[..300] : text)}"),
                _ => throw new FloorUnreachableException($"{url} answered {(int)response.StatusCode}"),
            };
        }
        catch (JsonException e)
        {
            throw new FloorUnreachableException($"{url} answered something that is no answer: {e.Message}", e);
        }
        catch (HttpRequestException e)
        {
            throw new FloorUnreachableException($"{url} cannot be reached: {e.Message}", e);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
