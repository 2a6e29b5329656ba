using System.Reflection;
using System.Runtime.CompilerServices;
using DigitalTwin.Plant.Behaviour;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Tests.Unit.Plant.Snapshots;

/// <summary>Notes which fields of which class the <c>Exchange</c> methods name.</summary>
internal sealed class StateList : StateExchange
{
    private readonly Stack<Type> _class = new();

    public HashSet<(Type Class, string Field)> Named { get; } = [];

    public HashSet<Type> Classes { get; } = [];

    public void Walk<T>(T root)
        where T : class, IExchanged<T> => Part(root, null, "root");

    public override void Array<T>(ref T[] own, T[]? other, string name = "") => Note(name);

    public override void Grown<T>(ref T[] own, T[]? other, T filler, string name = "") => Note(name);

    public override void Used<T>(ref T[] own, ref int count, T[]? other, int? otherCount, string name = "", string countName = "")
    {
        Note(name);
        Note(countName);
    }

    public override void List<T>(List<T> own, List<T>? other, string name = "") => Note(name);

    public override void Value<T>(ref T own, T? other, string name = "") => Note(name);

    public override void Calendar<T>(EventCalendar<T> own, EventCalendar<T>? other, string name = "") => Note(name);

    public override void Part<T>(T? own, T? other, string name = "")
        where T : class
    {
        if (_class.Count > 0)
        {
            Note(name);
        }

        _class.Push(typeof(T));
        Classes.Add(typeof(T));
        base.Part(own, other, name);
        _class.Pop();
    }

    /// <summary>Fields that can change and that neither a line names nor an attribute excuses.</summary>
    public IEnumerable<string> Forgotten() =>
        from type in Classes
        from field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        where !Named.Contains((type, NameOf(field)))
            && field.GetCustomAttribute<NotStateAttribute>() is null
            && !(field.IsInitOnly && IsImmutable(field.FieldType))
        select $"{type.Name}.{NameOf(field)} changes, but {type.Name}.Exchange has no line for it: add one, or [NotState(\"why\")]";

    private void Note(string name) => Named.Add((_class.Peek(), name));

    /// <summary>Of a property the name of the property.</summary>
    private static string NameOf(FieldInfo field) =>
        field.IsDefined(typeof(CompilerGeneratedAttribute)) && field.Name[0] == '<' ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private static bool IsImmutable(Type type) =>
        type.IsValueType || type == typeof(string) || type == typeof(CompiledScenario) || type == typeof(IPlantEventSink) || type.IsSubclassOf(typeof(Delegate));
}

/// <summary>Everything that a running plant remembers, as values that can be compared.</summary>
internal sealed class StatePicture : StateExchange
{
    public List<(string Name, System.Array Values)> Blocks { get; } = [];

    public static List<(string Name, System.Array Values)> Of<T>(T root)
        where T : class, IExchanged<T>
    {
        var picture = new StatePicture();
        root.Exchange(picture, null);
        return picture.Blocks;
    }

    public override void Array<T>(ref T[] own, T[]? other, string name = "") => Blocks.Add((name, Names(own)));

    public override void Grown<T>(ref T[] own, T[]? other, T filler, string name = "")
    {
        var used = own.Length;
        while (used > 0 && own[used - 1].Equals(filler))
        {
            used--;
        }

        Blocks.Add((name, own[..used]));
    }

    public override void Used<T>(ref T[] own, ref int count, T[]? other, int? otherCount, string name = "", string countName = "") =>
        Blocks.Add((name, own[..count]));

    public override void List<T>(List<T> own, List<T>? other, string name = "") => Blocks.Add((name, own.ToArray()));

    public override void Value<T>(ref T own, T? other, string name = "") => Blocks.Add((name, Names([own])));

    /// <summary>Of a handle only the stamp: in which slot the calendar keeps account of an event decides nothing.</summary>
    private static System.Array Names<T>(T[] values) => values is EventHandle[] handles ? handles.Select(h => h.Stamp).ToArray() : values.ToArray();

    public override void Calendar<T>(EventCalendar<T> own, EventCalendar<T>? other, string name = "")
    {
        var entries = new CalendarEntry<T>[own.Count];
        own.CopyTo(entries);
        Blocks.Add((name, entries.Select(e => (e.Time, e.Priority, e.Handle.Stamp, e.Payload)).ToArray()));
        Blocks.Add((name, new[] { own.LastStamp }));
    }
}
