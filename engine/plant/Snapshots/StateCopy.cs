using System.Runtime.InteropServices;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Snapshots;

/// <summary>Copies block by block, into the memory that is there already where it is large enough.</summary>
internal sealed class StateCopy : StateExchange
{
    public static readonly StateCopy Instance = new();

    public override void Array<T>(ref T[] own, T[]? other, string name = "")
    {
        if (own.Length != other!.Length)
        {
            own = GC.AllocateUninitializedArray<T>(other.Length);
        }

        other.CopyTo(own, 0);
    }

    public override void Grown<T>(ref T[] own, T[]? other, T filler, string name = "")
    {
        if (own.Length < other!.Length)
        {
            own = GC.AllocateUninitializedArray<T>(other.Length);
        }

        other.CopyTo(own, 0);
        own.AsSpan(other.Length).Fill(filler);
    }

    public override void Used<T>(ref T[] own, ref int count, T[]? other, int? otherCount, string name = "", string countName = "")
    {
        count = otherCount!.Value;
        if (own.Length < count)
        {
            own = GC.AllocateUninitializedArray<T>(other!.Length);
        }

        other.AsSpan(0, count).CopyTo(own);
    }

    public override void List<T>(List<T> own, List<T>? other, string name = "")
    {
        CollectionsMarshal.SetCount(own, other!.Count);
        CollectionsMarshal.AsSpan(other).CopyTo(CollectionsMarshal.AsSpan(own));
    }

    public override void Value<T>(ref T own, T? other, string name = "") => own = other.GetValueOrDefault();

    public override void Calendar<T>(EventCalendar<T> own, EventCalendar<T>? other, string name = "") => own.CopyFrom(other!);
}
