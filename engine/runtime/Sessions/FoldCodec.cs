using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Runtime.Ingest;
using DigitalTwin.Runtime.Journal;

namespace DigitalTwin.Runtime.Sessions;

/// <summary>A fold as bytes, without the ids it knows (they are in the journal) and the bars that closed (they are kept beside it).</summary>
/// <remarks>Version 4, digest of the scenario 32, then in sections of length 4 and content: orders added, schedule in force, refused observations,
/// running bars, state; orders and state compressed.</remarks>
internal sealed class FoldCodec
{
    private const int Version = 1;
    private const int PlantsKept = 4;
    private readonly CompiledScenario _plant;
    private readonly Lazy<byte[]> _digest;
    private readonly Lock _gate = new();
    private readonly List<(UInt128 Orders, PlantNames Names)> _grown = [];

    public FoldCodec(CompiledScenario plant)
    {
        _plant = plant;
        _digest = new Lazy<byte[]>(() => SavedState.DigestOf(plant.Scenario));
    }

    public byte[] Write(SessionFold fold)
    {
        using var memory = new MemoryStream();
        using var to = new BinaryWriter(memory);
        to.Write(Version);
        to.Write(_digest.Value);
        Section(to, Packed(EntryCodec.Orders(fold.State.Plant.Scenario.Orders[_plant.Scenario.Orders.Length..], fold.Names).Body.Span));
        Section(to, fold.Schedule is null ? [] : EntryCodec.Schedule(new ScheduleChange(fold.State.Now, fold.ScheduleVersion, fold.ScheduleUser, fold.Schedule), fold.Names).Body.Span);
        Section(to, JsonSerializer.SerializeToUtf8Bytes(fold.Marked.ToArray(), RuntimeJson.Default.MarkedObservationArray));
        to.Write(fold.LastScheduleVersion);
        to.Write(fold.MarkedCount);
        to.Write(fold.MissingRows);
        fold.History.WriteOpen(to);
        var state = new ArrayBufferWriter<byte>(1 << 16);
        SavedState.Write(fold.State, state);
        to.Write(state.WrittenCount);
        Section(to, Packed(state.WrittenSpan));
        to.Flush();
        return memory.ToArray();
    }

    /// <summary>A fold without closed bars.</summary>
    /// <param name="row">The last row that it is the fold of.</param>
    /// <param name="anyScenario">Takes a fold of an otherwise changed scenario too: nothing is left to make it anew from.</param>
    /// <returns><c>null</c> when it is of another build or of a scenario that was changed since: make it anew.</returns>
    public SessionFold? Read(ReadOnlyMemory<byte> bytes, long row, int knownIds, bool anyScenario)
    {
        try
        {
            using var from = new BinaryReader(new MemoryStream(bytes.ToArray()));
            if (from.ReadInt32() != Version || (!from.ReadBytes(_digest.Value.Length).AsSpan().SequenceEqual(_digest.Value) && !anyScenario))
            {
                return null;
            }

            var names = Names(Section(from));
            var schedule = Section(from);
            var marked = JsonSerializer.Deserialize(Section(from), RuntimeJson.Default.MarkedObservationArray)!;
            var (lastVersion, markedCount, missing) = (from.ReadInt32(), from.ReadInt64(), from.ReadInt64());
            var book = new HistoryBook(_plant.Plant.Equipment.Length);
            book.ReadOpen(from);
            var state = new byte[from.ReadInt32()];
            Unpack(Section(from), state);
            var fold = new SessionFold(SavedState.Read(state, names.Plant), book, names, new KnownIds(knownIds)) { Row = row, MissingRows = missing };
            fold.Resume(schedule.Length > 0 ? EntryCodec.ReadSchedule(schedule, names) : null, lastVersion, marked, markedCount);
            return fold;
        }
        catch (Exception e) when (e is SnapshotException or EndOfStreamException or JsonException or JournalException or InvalidDataException)
        {
            return null;
        }
    }

    private PlantNames Names(byte[] packedOrders)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(packedOrders, hash);
        var key = System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
        lock (_gate)
        {
            if (_grown.Find(g => g.Orders == key).Names is { } known)
            {
                return known;
            }

            var orders = EntryCodec.ReadOrders(Unpacked(packedOrders), new PlantNames(_plant));
            var names = new PlantNames(orders.IsEmpty ? _plant : _plant.WithOrders(orders));
            _grown.Add((key, names));
            if (_grown.Count > PlantsKept)
            {
                _grown.RemoveAt(0);
            }

            return names;
        }
    }

    private static void Section(BinaryWriter to, ReadOnlySpan<byte> content)
    {
        to.Write(content.Length);
        to.Write(content);
    }

    private static byte[] Section(BinaryReader from)
    {
        var length = from.ReadInt32();
        var content = from.ReadBytes(length);
        return content.Length == length ? content : throw new EndOfStreamException();
    }

    private static byte[] Packed(ReadOnlySpan<byte> content)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        return BrotliEncoder.TryCompress(content, packed, out var length, quality: 1, window: 22) ? packed[..length] : throw new InvalidDataException("A fold could not be compressed.");
    }

    private static byte[] Unpacked(byte[] packed)
    {
        using var plain = new MemoryStream();
        using (var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress))
        {
            brotli.CopyTo(plain);
        }

        return plain.ToArray();
    }

    private static void Unpack(byte[] packed, byte[] plain)
    {
        if (!BrotliDecoder.TryDecompress(packed, plain, out var length) || length != plain.Length)
        {
            throw new InvalidDataException("A fold does not open.");
        }
    }
}
