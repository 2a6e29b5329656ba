using System.Globalization;

namespace DigitalTwin.Runtime.Doors.Sparkplug;

/// <summary>Datatypes of Sparkplug B metrics; the numbers are the specification's.</summary>
public enum SparkplugType
{
    Unknown = 0,
    Int8 = 1,
    Int16 = 2,
    Int32 = 3,
    Int64 = 4,
    UInt8 = 5,
    UInt16 = 6,
    UInt32 = 7,
    UInt64 = 8,
    Float = 9,
    Double = 10,
    Boolean = 11,
    String = 12,
    DateTime = 13,
    Text = 14,
    Uuid = 15,
}

/// <summary>One metric of a payload.</summary>
public sealed record SparkplugMetric
{
    /// <summary>Name; empty where only the alias is sent.</summary>
    public string Name { get; init; } = "";

    /// <summary>Number that a birth gave the name; <c>null</c> when none is sent.</summary>
    public ulong? Alias { get; init; }

    /// <summary>Milliseconds since 1970, UTC; <c>null</c> when none is sent.</summary>
    public ulong? Timestamp { get; init; }

    /// <summary>Only births must state it.</summary>
    public SparkplugType Type { get; init; }

    /// <summary>It tells of the past: kept by the sender while it was offline.</summary>
    public bool IsHistorical { get; init; }

    public bool IsNull { get; init; }

    /// <summary>The value as it was sent: <c>ulong</c> for whole numbers of any sign, <c>float</c>, <c>double</c>, <c>bool</c> or <c>string</c>;
    /// <c>null</c> for none and for kinds that mean nothing here (data sets, templates, bytes, arrays).</summary>
    public object? Raw { get; init; }

    /// <summary>The value as text, read by its datatype: whole numbers with their sign, numbers with a point, <c>true</c> and <c>false</c>.</summary>
    /// <param name="type">Datatype that a birth stated, for a metric that states none.</param>
    public string? Text(SparkplugType type) => IsNull ? null : Raw switch
    {
        ulong bits => Whole(bits, Type != SparkplugType.Unknown ? Type : type),
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        string text => text,
        _ => null,
    };

    private static string Whole(ulong bits, SparkplugType type) => (type switch
    {
        SparkplugType.Int8 => (sbyte)bits,
        SparkplugType.Int16 => (short)bits,
        SparkplugType.Int32 => (int)bits,
        SparkplugType.Int64 => (long)bits,
        SparkplugType.UInt8 => (byte)bits,
        SparkplugType.UInt16 => (ushort)bits,
        SparkplugType.UInt32 => (uint)bits,
        _ => (decimal)bits,
    }).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A Sparkplug B payload: what births, data and deaths carry.</summary>
public sealed record SparkplugPayload
{
    /// <summary>Milliseconds since 1970, UTC.</summary>
    public ulong? Timestamp { get; init; }

    /// <summary>Number of the message of its edge node, 0 to 255; deaths have none.</summary>
    public int? Sequence { get; init; }

    public IReadOnlyList<SparkplugMetric> Metrics { get; init; } = [];

    /// <summary>Reads a payload.</summary>
    /// <exception cref="SparkplugException">The bytes are none.</exception>
    public static SparkplugPayload Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        ulong? timestamp = null;
        int? sequence = null;
        var metrics = new List<SparkplugMetric>();
        while (reader.Next(out var field, out var wire))
        {
            switch (field)
            {
                case 1:
                    reader.Require(wire, 0);
                    timestamp = reader.Varint();
                    break;
                case 2:
                    reader.Require(wire, 2);
                    metrics.Add(ReadMetric(reader.Bytes()));
                    break;
                case 3:
                    reader.Require(wire, 0);
                    sequence = reader.Varint() is var n && n <= 255 ? (int)n : throw new SparkplugException($"no Sparkplug payload: sequence {n} is above 255");
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        return new SparkplugPayload { Timestamp = timestamp, Sequence = sequence, Metrics = metrics };
    }

    private static SparkplugMetric ReadMetric(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        var name = "";
        ulong? alias = null, timestamp = null;
        var (type, historical, isNull) = (SparkplugType.Unknown, false, false);
        object? raw = null;
        while (reader.Next(out var field, out var wire))
        {
            if (field is >= 1 and <= 15)
            {
                reader.Require(wire, field switch { 1 or 8 or 9 or 15 => 2, 12 => 5, 13 => 1, _ => 0 });
            }

            switch (field)
            {
                case 1: name = reader.Text(); break;
                case 2: alias = reader.Varint(); break;
                case 3: timestamp = reader.Varint(); break;
                case 4: type = reader.Varint() is var t && t <= (ulong)SparkplugType.Uuid ? (SparkplugType)t : SparkplugType.Unknown; break;
                case 5: historical = reader.Varint() != 0; break;
                case 7: isNull = reader.Varint() != 0; break;
                case 10 or 11: raw = reader.Varint(); break;
                case 12: raw = BitConverter.UInt32BitsToSingle(reader.Fixed32()); break;
                case 13: raw = BitConverter.UInt64BitsToDouble(reader.Fixed64()); break;
                case 14: raw = reader.Varint() != 0; break;
                case 15: raw = reader.Text(); break;
                default: reader.Skip(wire); break;
            }
        }

        return new SparkplugMetric { Name = name, Alias = alias, Timestamp = timestamp, Type = type, IsHistorical = historical, IsNull = isNull, Raw = raw };
    }
}
