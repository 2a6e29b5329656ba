using System.Reflection;
using System.Runtime.CompilerServices;

namespace DigitalTwin.Plant.Snapshots;

/// <summary>Names a block of a snapshot: the field it is of, and how its elements lie in memory.</summary>
/// <remarks>A build in which the field has another name, or its struct other fields, has another tag: its snapshots are refused, not misread.</remarks>
internal static class BlockTag
{
    private const ulong Offset = 14695981039346656037UL;
    private const ulong Prime = 1099511628211UL;

    public static ulong Of<T>(string field)
        where T : unmanaged => Mix(Layout<T>.Number, field);

    private static ulong Mix(ulong number, string text)
    {
        foreach (var c in text)
        {
            number = (number ^ c) * Prime;
        }

        return (number ^ 0xFF) * Prime;
    }

    private static ulong OfType(ulong number, Type type)
    {
        number = Mix(number, type.Name);
        if (type.IsPrimitive || type.IsEnum)
        {
            return number;
        }

        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            number = OfType(Mix(number, field.Name), field.FieldType);
        }

        return number;
    }

    private static class Layout<T>
        where T : unmanaged
    {
        public static readonly ulong Number = (OfType(BitConverter.IsLittleEndian ? Offset : ~Offset, typeof(T)) ^ (ulong)Unsafe.SizeOf<T>()) * Prime;
    }
}
