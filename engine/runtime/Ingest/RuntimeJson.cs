using System.Text.Json;
using System.Text.Json.Serialization;
using DigitalTwin.Runtime.Emulation;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>Source-generated JSON of everything that crosses a door or lies in a journal: camelCase, enums as names, nulls left out.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(Observation))]
[JsonSerializable(typeof(Observation[]))]
[JsonSerializable(typeof(List<Observation>))]
[JsonSerializable(typeof(IReadOnlyList<Observation>))]
[JsonSerializable(typeof(IngestReceipt))]
[JsonSerializable(typeof(StreamReceipt))]
[JsonSerializable(typeof(MarkedObservation))]
[JsonSerializable(typeof(MarkedObservation[]))]
[JsonSerializable(typeof(OrderDocument[]))]
[JsonSerializable(typeof(ScheduleDocument))]
[JsonSerializable(typeof(PlantHead))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(StartOverRequest))]
public sealed partial class RuntimeJson : JsonSerializerContext;
