using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Simulation;

namespace DigitalTwin.Runtime.Journal;

/// <summary>A schedule put in force (or revoked: <paramref name="Schedule"/> is <c>null</c>).</summary>
/// <param name="Version">The version it got; of a revocation, the version that was in force.</param>
public sealed record ScheduleChange(SimTime Time, int Version, string User, Schedule? Schedule);

/// <summary>Bodies of journal entries. Events are binary, the rare rest is JSON by names.</summary>
/// <remarks>
/// Events body: int32 count, then per event 56 bytes little-endian: time 8, value 8, equipment 4, job 4, order 4, argument 4, kind 1,
/// source 1, 6 unused, id digest 16 (zero for a command, which has no id).
/// </remarks>
public static class EntryCodec
{
    private const int EventSize = 56;

    public static JournalEntry Events(IReadOnlyList<(PlantEvent Event, UInt128 Id)> events)
    {
        var body = new byte[4 + events.Count * EventSize];
        BinaryPrimitives.WriteInt32LittleEndian(body, events.Count);
        for (var i = 0; i < events.Count; i++)
        {
            var to = body.AsSpan(4 + i * EventSize, EventSize);
            var (e, id) = events[i];
            BinaryPrimitives.WriteInt64LittleEndian(to, e.Time.Milliseconds);
            BinaryPrimitives.WriteDoubleLittleEndian(to[8..], e.Value);
            BinaryPrimitives.WriteInt32LittleEndian(to[16..], e.Equipment);
            BinaryPrimitives.WriteInt32LittleEndian(to[20..], e.Job);
            BinaryPrimitives.WriteInt32LittleEndian(to[24..], e.Order);
            BinaryPrimitives.WriteInt32LittleEndian(to[28..], e.Arg);
            to[32] = (byte)e.Kind;
            to[33] = (byte)e.Source;
            BinaryPrimitives.WriteUInt128LittleEndian(to[40..], id);
        }

        return new JournalEntry(JournalEntryKind.Events, body);
    }

    /// <exception cref="JournalException">The body is shorter than its count says.</exception>
    public static IEnumerable<(PlantEvent Event, UInt128 Id)> ReadEvents(byte[] body)
    {
        var count = body.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(body);
        if (count < 0 || body.Length != 4 + (long)count * EventSize)
        {
            throw new JournalException($"an events entry of {body.Length} bytes cannot hold {count} events");
        }

        for (var i = 0; i < count; i++)
        {
            yield return ReadEvent(body.AsSpan(4 + i * EventSize, EventSize));
        }
    }

    public static JournalEntry Schedule(ScheduleChange change, PlantNames names)
    {
        var document = ScheduleDocument.Of(change.Schedule, change.Version, change.User, names.Plant) with
        {
            MadeAt = PlantMoment.At(change.Schedule?.MadeAt ?? change.Time),
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(document, RuntimeJson.Default.ScheduleDocument);
        var body = new byte[9 + json.Length];
        BinaryPrimitives.WriteInt64LittleEndian(body, change.Time.Milliseconds);
        body[8] = change.Schedule is null ? (byte)0 : (byte)1;
        json.CopyTo(body, 9);
        return new JournalEntry(JournalEntryKind.ScheduleChanged, body);
    }

    public static ScheduleChange ReadSchedule(byte[] body, PlantNames names)
    {
        var document = JsonSerializer.Deserialize(body.AsSpan(9), RuntimeJson.Default.ScheduleDocument)!;
        var problems = new List<string>();
        var schedule = document.Read(names, problems);
        return problems.Count == 0
            ? new ScheduleChange(new SimTime(BinaryPrimitives.ReadInt64LittleEndian(body)), document.Version, document.User, body[8] == 1 ? schedule : null)
            : throw new JournalException($"a schedule in the journal does not fit the scenario: {problems[0]}");
    }

    public static JournalEntry Orders(ImmutableArray<Order> orders, PlantNames names) => new(
        JournalEntryKind.OrdersAdded,
        JsonSerializer.SerializeToUtf8Bytes(orders.Select(o => OrderDocument.Of(o, names.Plant)).ToArray(), RuntimeJson.Default.OrderDocumentArray));

    public static ImmutableArray<Order> ReadOrders(byte[] body, PlantNames names) =>
    [
        .. JsonSerializer.Deserialize(body, RuntimeJson.Default.OrderDocumentArray)!.Select(d =>
            d.Read(names, SimTime.Zero, out var problem)
            ?? throw new JournalException($"order '{d.Id}' in the journal does not fit the scenario: {problem}")),
    ];

    public static JournalEntry Refused(MarkedObservation marked) =>
        new(JournalEntryKind.Refused, JsonSerializer.SerializeToUtf8Bytes(marked, RuntimeJson.Default.MarkedObservation));

    public static MarkedObservation ReadRefused(byte[] body) =>
        JsonSerializer.Deserialize(body, RuntimeJson.Default.MarkedObservation)!;

    private static (PlantEvent Event, UInt128 Id) ReadEvent(ReadOnlySpan<byte> from) => (
        new PlantEvent(
            new SimTime(BinaryPrimitives.ReadInt64LittleEndian(from)),
            (PlantEventKind)from[32],
            BinaryPrimitives.ReadInt32LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[28..]),
            BinaryPrimitives.ReadDoubleLittleEndian(from[8..]),
            (EventSource)from[33]),
        BinaryPrimitives.ReadUInt128LittleEndian(from[40..]));
}
