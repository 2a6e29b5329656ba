using System.Text.Json.Nodes;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>What a value may depend on besides its text.</summary>
/// <param name="Clock">Ties local dates to simulation time.</param>
/// <param name="HeadingUnit">Unit that the column's heading names, or <c>null</c>.</param>
internal readonly record struct ParseContext(PlantClock Clock, string? HeadingUnit = null);

internal delegate bool ValueParser<T>(string text, in ParseContext context, out T value, out Trouble trouble);

/// <summary>How one kind of value is read, written and described.</summary>
/// <param name="Words">Type and range for people: <c>number ≥ 0</c>.</param>
/// <param name="Parse">Reads a trimmed, non-empty text.</param>
/// <param name="Format">Writes it so that <paramref name="Parse"/> gives the same value back.</param>
/// <param name="Schema">JSON Schema of one value.</param>
/// <param name="Bare">Whether the YAML scalar is a number or truth value, to be written without quotes.</param>
internal sealed record FieldType<T>(string Words, ValueParser<T> Parse, Func<T, PlantClock, string> Format, Func<JsonObject> Schema, bool Bare = false);
