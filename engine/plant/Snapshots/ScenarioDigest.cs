using System.Buffers.Binary;
using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Snapshots;

/// <summary>A number for everything a scenario says: scenarios with equal digests have the same future.</summary>
/// <remarks>Walks over the fields of the records, so that what is added to the model counts by itself. Only names and descriptions for
/// people do not.</remarks>
internal sealed class ScenarioDigest : IDisposable
{
    private const int FlushAt = 1 << 16;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<byte> _bytes = new(FlushAt + 256);
    private readonly Dictionary<Type, FieldInfo[]> _fields = [];

    private ScenarioDigest()
    {
    }

    /// <summary>32 bytes.</summary>
    public static byte[] Of(Scenario scenario)
    {
        using var digest = new ScenarioDigest();
        digest.Add(scenario);
        digest.Flush();
        return digest._hash.GetHashAndReset();
    }

    public void Dispose() => _hash.Dispose();

    private void Add(object? value)
    {
        switch (value)
        {
            case null: _bytes.Add(0); return;
            case string text: AddText(text); return;
            case double number: AddNumber(BitConverter.DoubleToInt64Bits(number)); return;
            case bool or char or Enum or byte or short or int or long: AddNumber(((IConvertible)value).ToInt64(null)); return;
            case ulong number: AddNumber((long)number); return;
            case DateTime moment: AddNumber(moment.Ticks); return;
            case DateTimeOffset moment: AddNumber(moment.UtcTicks); return;
            case DateOnly day: AddNumber(day.DayNumber); return;
            case TimeOnly time: AddNumber(time.Ticks); return;
            case TimeZoneInfo zone: AddText(zone.Id); return;
            case IDictionary map: AddMap(map); return;
            case IEnumerable items: AddList(items); return;
            default: AddFields(value); return;
        }
    }

    private void AddFields(object record)
    {
        _bytes.Add(2);
        foreach (var field in FieldsOf(record.GetType()))
        {
            Add(field.GetValue(record));
        }
    }

    private FieldInfo[] FieldsOf(Type type)
    {
        if (!_fields.TryGetValue(type, out var fields))
        {
            var all = new List<FieldInfo>();
            for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
            {
                all.AddRange(level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
            }

            if (all.Exists(f => typeof(Delegate).IsAssignableFrom(f.FieldType)))
            {
                throw new NotSupportedException($"{type.Name} holds code, of which there is no digest.");
            }

            fields = [.. all.Where(f => f.FieldType != typeof(Label) && !f.Name.StartsWith($"<{nameof(Scenario.Description)}>", StringComparison.Ordinal)).OrderBy(f => f.Name, StringComparer.Ordinal)];
            _fields.Add(type, fields);
            AddText(type.Name);
        }

        return fields;
    }

    private void AddList(IEnumerable items)
    {
        _bytes.Add(3);
        if (!IsDefaultArray(items))
        {
            foreach (var item in items)
            {
                Add(item);
                if (_bytes.Count > FlushAt)
                {
                    Flush();
                }
            }
        }

        _bytes.Add(4);
    }

    /// <summary>An immutable array that was never given counts as empty.</summary>
    private static bool IsDefaultArray(IEnumerable items) => items is ITuple == false
        && items.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(System.Collections.Immutable.ImmutableArray<>)
        && type.GetProperty("IsDefault")!.GetValue(items) is true;

    /// <summary>A map has no order of its own: the digests of its entries are sorted.</summary>
    private void AddMap(IDictionary map)
    {
        var entries = new List<string>();
        foreach (DictionaryEntry entry in map)
        {
            using var one = new ScenarioDigest();
            one.Add(entry.Key);
            one.Add(entry.Value);
            one.Flush();
            entries.Add(Convert.ToHexString(one._hash.GetHashAndReset()));
        }

        entries.Sort(StringComparer.Ordinal);
        AddList(entries);
    }

    private void AddText(string text)
    {
        _bytes.Add(1);
        AddNumber(text.Length);
        _bytes.AddRange(Encoding.UTF8.GetBytes(text));
    }

    private void AddNumber(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        _bytes.AddRange(bytes);
    }

    private void Flush()
    {
        _hash.AppendData(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes));
        _bytes.Clear();
    }
}
