using System.Buffers.Binary;
using System.IO.Compression;

namespace DigitalTwin.Runtime.Journal;

/// <summary>Bodies of segments.</summary>
/// <remarks>
/// Plain: 16 bytes of checksum, then per row kind 1, version of its layout 1, unused 2, length 4, and the row. Compact: the checksum, the plain
/// length 4, and Brotli of the same rows in which the ids of events are zero and an events row lies by columns of bytes.
/// </remarks>
internal static class SegmentCodec
{
    private const int RowHead = 8;
    private const byte RowVersion = 1;

    /// <summary>Packs rows.</summary>
    public static byte[] Pack(IReadOnlyList<JournalEntry> entries)
    {
        var body = GC.AllocateUninitializedArray<byte>(CheckedBytes.HeadSize + entries.Sum(e => RowHead + e.Body.Length));
        var at = CheckedBytes.HeadSize;
        foreach (var entry in entries)
        {
            var to = body.AsSpan(at, RowHead + entry.Body.Length);
            (to[0], to[1], to[2], to[3]) = ((byte)entry.Kind, RowVersion, 0, 0);
            BinaryPrimitives.WriteInt32LittleEndian(to[4..], entry.Body.Length);
            entry.Body.Span.CopyTo(to[RowHead..]);
            at += to.Length;
        }

        return body;
    }

    /// <summary>Puts the bodies of neighbours together; the checksum is still to be set.</summary>
    public static byte[] Join(IReadOnlyList<Segment> neighbours)
    {
        var body = GC.AllocateUninitializedArray<byte>(CheckedBytes.HeadSize + neighbours.Sum(s => s.Size - CheckedBytes.HeadSize));
        var at = CheckedBytes.HeadSize;
        foreach (var segment in neighbours)
        {
            segment.Body.AsSpan(CheckedBytes.HeadSize).CopyTo(body.AsSpan(at));
            at += segment.Size - CheckedBytes.HeadSize;
        }

        return body;
    }

    /// <summary>What a checksum is over, besides the body.</summary>
    public static long[] Place(Segment segment) => [segment.First, segment.Rows, segment.Events, segment.ClockMs, segment.Kinds, (long)segment.Format];

    /// <summary>The segment with its body set and sealed.</summary>
    public static Segment Seal(Segment segment, byte[] body)
    {
        CheckedBytes.Seal(body, Place(segment));
        return segment with { Size = body.Length, Body = body };
    }

    /// <summary>Rows of a sound body.</summary>
    /// <exception cref="JournalException">A row is of a layout that this program does not know, or reaches beyond the end.</exception>
    public static IEnumerable<JournalEntry> Rows(Segment segment, byte[] body)
    {
        var plain = segment.Format == SegmentFormat.Compact ? Inflate(body) : body.AsMemory(CheckedBytes.HeadSize);
        var at = 0;
        for (var row = 0; row < segment.Rows; row++)
        {
            var head = plain.Span[at..];
            var length = head.Length < RowHead ? -1 : BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
            if (length < 0 || length > head.Length - RowHead || head[1] != RowVersion)
            {
                throw new JournalException($"row {segment.First + row} is of a layout that this program does not know. Maybe it was written by a newer twin: use that.");
            }

            yield return new JournalEntry((JournalEntryKind)head[0], plain.Slice(at + RowHead, length), segment.First + row);
            at += RowHead + length;
        }
    }

    /// <summary>The same rows, smaller and without ids.</summary>
    public static Segment Compact(Segment segment, byte[] body)
    {
        var rows = Rows(segment, body).Select(row => row.Kind == JournalEntryKind.Events ? row with { Body = EntryCodec.ByColumns(row.Body) } : row).ToList();
        var plain = Pack(rows);
        var limit = BrotliEncoder.GetMaxCompressedLength(plain.Length);
        var packed = new byte[CheckedBytes.HeadSize + sizeof(int) + limit];
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(CheckedBytes.HeadSize), plain.Length - CheckedBytes.HeadSize);
        if (!BrotliEncoder.TryCompress(plain.AsSpan(CheckedBytes.HeadSize), packed.AsSpan(CheckedBytes.HeadSize + sizeof(int)), out var written, quality: 5, window: 22))
        {
            throw new InvalidOperationException("A segment could not be compressed.");
        }

        return Seal(segment with { Format = SegmentFormat.Compact }, packed[..(CheckedBytes.HeadSize + sizeof(int) + written)]);
    }

    private static ReadOnlyMemory<byte> Inflate(byte[] body)
    {
        var from = body.AsSpan(CheckedBytes.HeadSize);
        var plain = GC.AllocateUninitializedArray<byte>(BinaryPrimitives.ReadInt32LittleEndian(from));
        if (!BrotliDecoder.TryDecompress(from[sizeof(int)..], plain, out var written) || written != plain.Length)
        {
            throw new JournalException("a compressed segment does not open.");
        }

        for (var at = 0; at + RowHead <= plain.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(plain.AsSpan(at + 4));
            if ((JournalEntryKind)plain[at] == JournalEntryKind.Events)
            {
                EntryCodec.ByRows(plain.AsSpan(at + RowHead, length));
            }

            at += RowHead + length;
        }

        return plain;
    }
}
