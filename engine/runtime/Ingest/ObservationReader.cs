using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>Reads deliveries of observations as a JSON array, a single object, or NDJSON; one bad item never spoils the others.</summary>
public static class ObservationReader
{
    private const int ContentKept = 2000;

    /// <summary>Reads a JSON array, or one object.</summary>
    /// <param name="unreadable">Items that are no observations, with the reason.</param>
    /// <exception cref="JsonException">The whole is no JSON.</exception>
    public static IReadOnlyList<Observation> ReadJson(ReadOnlyMemory<byte> utf8, DateTimeOffset received, List<MarkedObservation> unreadable)
    {
        try
        {
            if (JsonSerializer.Deserialize(utf8.Span, RuntimeJson.Default.ObservationArray) is { } all && !all.Contains(null))
            {
                return all;
            }
        }
        catch (JsonException)
        {
            // One item is malformed, or it is a single object: read item by item below.
        }

        using var document = JsonDocument.Parse(utf8);
        var root = document.RootElement;
        var items = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToArray() : [root];
        var read = new List<Observation>(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            try
            {
                read.Add(items[i].Deserialize(RuntimeJson.Default.Observation) ?? throw new JsonException("null is no observation"));
            }
            catch (JsonException e)
            {
                unreadable.Add(Mark(received, i + 1, e, Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(items[i]))));
            }
        }

        return read;
    }

    /// <summary>Reads one JSON object per line; empty lines are skipped.</summary>
    public static IReadOnlyList<Observation> ReadLines(ReadOnlyMemory<byte> utf8, DateTimeOffset received, List<MarkedObservation> unreadable)
    {
        var read = new List<Observation>();
        var number = 0;
        foreach (var range in utf8.Span.Split((byte)'\n'))
        {
            number++;
            var line = utf8.Span[range].Trim("\r \t"u8);
            if (line.IsEmpty)
            {
                continue;
            }

            try
            {
                read.Add(JsonSerializer.Deserialize(line, RuntimeJson.Default.Observation) ?? throw new JsonException("null is no observation"));
            }
            catch (JsonException e)
            {
                unreadable.Add(Mark(received, number, e, Encoding.UTF8.GetString(line)));
            }
        }

        return read;
    }

    private static MarkedObservation Mark(DateTimeOffset received, int position, JsonException e, string content) => new(
        received,
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"#{position}"),
        $"it cannot be read: {e.Message}",
        content.Length > ContentKept ? content[..ContentKept] : content);
}
