using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace DigitalTwin.Runtime.Doors;

/// <summary>Values of JSON by dotted paths: <c>sensor.temperature</c>, <c>readings.0.value</c>; the empty path is the whole.</summary>
internal static class JsonPath
{
    public static string? Find(JsonElement element, string path)
    {
        foreach (var step in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(step, out var inner))
            {
                element = inner;
            }
            else if (element.ValueKind == JsonValueKind.Array && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < element.GetArrayLength())
            {
                element = element[i];
            }
            else
            {
                return null;
            }
        }

        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Null or JsonValueKind.Undefined => null,
                JsonValueKind.String => element.GetString(),
                _ => element.GetRawText(),
            };
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a text is not valid Unicode", e);
        }
    }
}

/// <summary>Ids that doors make from what they see.</summary>
internal static class DoorIds
{
    /// <summary>Digest of a message or a file: 64 bits of its SHA-256.</summary>
    public static string Of(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));
}
