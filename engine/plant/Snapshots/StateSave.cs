using System.Buffers;
using System.Runtime.InteropServices;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Snapshots;

/// <summary>Writes to bytes: per field its <see cref="BlockTag"/>, how many elements it has, and these as they lie in memory.</summary>
internal sealed class StateSave(IBufferWriter<byte> output) : StateExchange
{
    public override void Array<T>(ref T[] own, T[]? other, string name = "") => Write<T>(own, name);

    public override void Grown<T>(ref T[] own, T[]? other, T filler, string name = "") => Write<T>(own, name);

    public override void Used<T>(ref T[] own, ref int count, T[]? other, int? otherCount, string name = "", string countName = "") =>
        Write<T>(own.AsSpan(0, count), name);

    public override void List<T>(List<T> own, List<T>? other, string name = "") => Write<T>(CollectionsMarshal.AsSpan(own), name);

    public override void Value<T>(ref T own, T? other, string name = "") => Write(new ReadOnlySpan<T>(ref own), name);

    public override void Calendar<T>(EventCalendar<T> own, EventCalendar<T>? other, string name = "")
    {
        var entries = new CalendarEntry<T>[own.Count];
        own.CopyTo(entries);
        Write<CalendarEntry<T>>(entries, name);
        Write([own.LastStamp], name);
    }

    private void Write<T>(ReadOnlySpan<T> values, string name)
        where T : unmanaged
    {
        output.Write(BitConverter.GetBytes(BlockTag.Of<T>(name)));
        output.Write(BitConverter.GetBytes(values.Length));
        output.Write(MemoryMarshal.AsBytes(values));
    }
}
