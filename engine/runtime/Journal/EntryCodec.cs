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
    private const int KindAt = 32;
    private const int IdAt = 40;

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
            to[KindAt] = (byte)e.Kind;
            to[33] = (byte)e.Source;
            BinaryPrimitives.WriteUInt128LittleEndian(to[IdAt..], id);
        }

        return new JournalEntry(JournalEntryKind.Events, body);
    }

    /// <summary>Plant events in an entry; 0 for other kinds.</summary>
    public static int Count(in JournalEntry entry) => entry.Kind == JournalEntryKind.Events ? CountOf(entry.Body.Span) : 0;

    /// <summary>Latest plant time that an entry tells of, ms; −1 for kinds without one.</summary>
    public static long LatestMs(in JournalEntry entry)
    {
        var body = entry.Body.Span;
        if (entry.Kind != JournalEntryKind.Events)
        {
            return entry.Kind == JournalEntryKind.ScheduleChanged ? BinaryPrimitives.ReadInt64LittleEndian(body) : -1;
        }

        var latest = -1L;
        for (var at = 4; at < body.Length; at += EventSize)
        {
            latest = Math.Max(latest, BinaryPrimitives.ReadInt64LittleEndian(body[at..]));
        }

        return latest;
    }

    /// <exception cref="JournalException">The body is shorter than its count says.</exception>
    public static IEnumerable<(PlantEvent Event, UInt128 Id)> ReadEvents(ReadOnlyMemory<byte> body)
    {
        var count = CountOf(body.Span);
        for (var i = 0; i < count; i++)
        {
            yield return EventAt(body.Span, i);
        }
    }

    /// <summary>One event of a body whose count was asked for.</summary>
    public static (PlantEvent Event, UInt128 Id) EventAt(ReadOnlySpan<byte> body, int index) => ReadEvent(body.Slice(4 + index * EventSize, EventSize));

    /// <summary>The events without their ids, byte by byte of all events: what compresses best.</summary>
    internal static ReadOnlyMemory<byte> ByColumns(ReadOnlyMemory<byte> body)
    {
        var from = body.Span;
        var count = CountOf(from);
        var columns = new byte[body.Length];
        from[..4].CopyTo(columns);
        for (var i = 0; i < count; i++)
        {
            for (var b = 0; b < IdAt; b++)
            {
                columns[4 + b * count + i] = from[4 + i * EventSize + b];
            }
        }

        return columns;
    }

    /// <summary>Undoes <see cref="ByColumns"/>, in place.</summary>
    internal static void ByRows(Span<byte> body)
    {
        var count = CountOf(body);
        var columns = body[4..].ToArray();
        for (var i = 0; i < count; i++)
        {
            for (var b = 0; b < EventSize; b++)
            {
                body[4 + i * EventSize + b] = columns[b * count + i];
            }
        }
    }

    /// <summary>The events with other numbers for their kinds.</summary>
    /// <exception cref="JournalException">A kind has no number here.</exception>
    internal static ReadOnlyMemory<byte> WithKinds(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> map)
    {
        var mapped = body.ToArray();
        var count = CountOf(mapped);
        for (var i = 0; i < count; i++)
        {
            ref var kind = ref mapped[4 + i * EventSize + KindAt];
            kind = map[kind] != byte.MaxValue ? map[kind] : throw new JournalException($"an event is of a kind that this program does not know (number {kind}). Maybe it was written by a newer twin: use that.");
        }

        return mapped;
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

    public static ScheduleChange ReadSchedule(ReadOnlySpan<byte> body, PlantNames names)
    {
        var document = JsonSerializer.Deserialize(body[9..], RuntimeJson.Default.ScheduleDocument)!;
        var problems = new List<string>();
        var schedule = document.Read(names, problems);
        return problems.Count == 0
            ? new ScheduleChange(new SimTime(BinaryPrimitives.ReadInt64LittleEndian(body)), document.Version, document.User, body[8] == 1 ? schedule : null)
            : throw new JournalException($"a schedule in the journal does not fit the scenario: {problems[0]}");
    }

    public static JournalEntry Orders(ImmutableArray<Order> orders, PlantNames names) => new(
        JournalEntryKind.OrdersAdded,
        JsonSerializer.SerializeToUtf8Bytes(orders.Select(o => OrderDocument.Of(o, names.Plant)).ToArray(), RuntimeJson.Default.OrderDocumentArray));

    public static ImmutableArray<Order> ReadOrders(ReadOnlySpan<byte> body, PlantNames names) =>
    [
        .. JsonSerializer.Deserialize(body, RuntimeJson.Default.OrderDocumentArray)!.Select(d =>
            d.Read(names, SimTime.Zero, out var problem)
            ?? throw new JournalException($"order '{d.Id}' in the journal does not fit the scenario: {problem}")),
    ];

    public static JournalEntry Refused(MarkedObservation marked) =>
        new(JournalEntryKind.Refused, JsonSerializer.SerializeToUtf8Bytes(marked, RuntimeJson.Default.MarkedObservation));

    public static MarkedObservation ReadRefused(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, RuntimeJson.Default.MarkedObservation)!;

    private static int CountOf(ReadOnlySpan<byte> body)
    {
        var count = body.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(body);
        return count >= 0 && body.Length == 4 + (long)count * EventSize
            ? count
            : throw new JournalException($"an events entry of {body.Length} bytes cannot hold {count} events");
    }

    private static (PlantEvent Event, UInt128 Id) ReadEvent(ReadOnlySpan<byte> from) => (
        new PlantEvent(
            new SimTime(BinaryPrimitives.ReadInt64LittleEndian(from)),
            (PlantEventKind)from[KindAt],
            BinaryPrimitives.ReadInt32LittleEndian(from[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[28..]),
            BinaryPrimitives.ReadDoubleLittleEndian(from[8..]),
            (EventSource)from[33]),
        BinaryPrimitives.ReadUInt128LittleEndian(from[IdAt..]));
}
