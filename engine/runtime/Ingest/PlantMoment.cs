using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>A moment as it comes through a door: whole milliseconds since the plant's epoch, or a wall-clock time with its offset.</summary>
/// <remarks>In JSON a number is plant milliseconds, a string is ISO 8601 with an offset. Text that is neither is carried along, so that
/// the refusal can quote it.</remarks>
[JsonConverter(typeof(PlantMomentConverter))]
public readonly record struct PlantMoment
{
    private PlantMoment(long? milliseconds, DateTimeOffset? wall, string? text)
    {
        Milliseconds = milliseconds;
        Wall = wall;
        Text = text;
    }

    /// <summary>Milliseconds since the epoch, when it came as a number.</summary>
    public long? Milliseconds { get; }

    /// <summary>Wall-clock moment, when it came as ISO text.</summary>
    public DateTimeOffset? Wall { get; }

    /// <summary>What came, when it is not a moment.</summary>
    public string? Text { get; }

    /// <summary>Whether there is nothing at all.</summary>
    public bool IsMissing => Milliseconds is null && Wall is null && Text is null;

    public static PlantMoment At(SimTime time) => new(time.Milliseconds, null, null);

    public static PlantMoment At(DateTimeOffset wall) => new(null, wall, null);

    /// <summary>Reads ISO 8601 text; without an offset it is ambiguous and stays unreadable.</summary>
    public static PlantMoment Parse(string text)
    {
        var hasOffset = text.Length > 11 && (text[^1] is 'Z' or 'z' || text.AsSpan(11).IndexOfAny('+', '-') >= 0);
        return hasOffset && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var wall)
            ? new(null, wall, null)
            : new(null, null, text);
    }

    /// <summary>Puts it on the plant's time axis.</summary>
    /// <returns>False when it is missing or unreadable; <paramref name="problem"/> then says why and what to do.</returns>
    public bool TryResolve(PlantClock clock, out SimTime time, out string problem)
    {
        problem = "";
        time = SimTime.Zero;
        if (Milliseconds is { } ms)
        {
            time = new SimTime(ms);
            return true;
        }

        if (Wall is { } wall)
        {
            time = clock.FromWallClock(wall);
            return true;
        }

        problem = Text is null
            ? "it has no time. Maybe add \"time\": \"2026-01-31T08:30:00+08:00\" or plant milliseconds as a number"
            : $"'{Text}' is not a time with an offset. Maybe write 2026-01-31T08:30:00+08:00, or plant milliseconds as a number";
        return false;
    }
}

/// <summary>JSON form of <see cref="PlantMoment"/>.</summary>
public sealed class PlantMomentConverter : JsonConverter<PlantMoment>
{
    public override PlantMoment Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var ms)
                    ? PlantMoment.At(new SimTime(ms))
                    : PlantMoment.Parse(reader.GetDouble().ToString(CultureInfo.InvariantCulture));
            case JsonTokenType.String:
                return PlantMoment.Parse(reader.GetString() ?? "");
            case JsonTokenType.Null:
                return default;
            default:
                throw new JsonException("a time must be a number (plant milliseconds) or ISO 8601 text with an offset");
        }
    }

    public override void Write(Utf8JsonWriter writer, PlantMoment value, JsonSerializerOptions options)
    {
        if (value.Milliseconds is { } ms)
        {
            writer.WriteNumberValue(ms);
        }
        else if (value.Wall is { } wall)
        {
            writer.WriteStringValue(wall.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFzzz", CultureInfo.InvariantCulture));
        }
        else if (value.Text is { } text)
        {
            writer.WriteStringValue(text);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
