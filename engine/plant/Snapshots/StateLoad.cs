using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Snapshots;

/// <summary>Reads what <see cref="StateSave"/> wrote.</summary>
/// <remarks>The checksum was found sound before: what does not fit here was written by a build that remembers other things.</remarks>
internal sealed class StateLoad(ReadOnlyMemory<byte> bytes) : StateExchange
{
    private const int HeadSize = sizeof(ulong) + sizeof(int);

    private int _at;

    public bool IsAtEnd => _at == bytes.Length;

    public override void Array<T>(ref T[] own, T[]? other, string name = "") => own = Read<T>(name);

    public override void Grown<T>(ref T[] own, T[]? other, T filler, string name = "") => own = Read<T>(name);

    public override void Used<T>(ref T[] own, ref int count, T[]? other, int? otherCount, string name = "", string countName = "")
    {
        own = Read<T>(name);
        count = own.Length;
    }

    public override void List<T>(List<T> own, List<T>? other, string name = "")
    {
        own.Clear();
        own.AddRange(Read<T>(name));
    }

    public override void Value<T>(ref T own, T? other, string name = "") =>
        own = Read<T>(name) is [var value] ? value : throw new OtherBuildException(name);

    public override void Calendar<T>(EventCalendar<T> own, EventCalendar<T>? other, string name = "")
    {
        var entries = Read<CalendarEntry<T>>(name);
        own.Restore(entries, Read<long>(name) is [var last] ? last : throw new OtherBuildException(name));
    }

    private T[] Read<T>(string name)
        where T : unmanaged
    {
        var rest = bytes.Span[_at..];
        if (rest.Length < HeadSize || BinaryPrimitives.ReadUInt64LittleEndian(rest) != BlockTag.Of<T>(name))
        {
            throw new OtherBuildException(name);
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(rest[sizeof(ulong)..]);
        if (length < 0 || (long)length * Unsafe.SizeOf<T>() > rest.Length - HeadSize)
        {
            throw new OtherBuildException(name);
        }

        // Blocks lie at any address: copied out, since elements must be aligned.
        var values = GC.AllocateUninitializedArray<T>(length);
        rest.Slice(HeadSize, length * Unsafe.SizeOf<T>()).CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        _at += HeadSize + length * Unsafe.SizeOf<T>();
        return values;
    }
}

/// <summary>Another build remembers other things than this one.</summary>
internal sealed class OtherBuildException(string field) : Exception($"'{field}' is not where this program expects it");
