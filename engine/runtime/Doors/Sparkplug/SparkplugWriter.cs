using System.Buffers.Binary;
using System.Text;

namespace DigitalTwin.Runtime.Doors.Sparkplug;

/// <summary>Writes Sparkplug B payloads: commands to edge nodes.</summary>
public static class SparkplugWriter
{
    /// <summary>Bytes of a payload; <see cref="SparkplugPayload.Read"/> reads the same back.</summary>
    public static byte[] Write(SparkplugPayload payload)
    {
        var bytes = new List<byte>();
        if (payload.Timestamp is { } timestamp)
        {
            Number(bytes, 1, timestamp);
        }

        foreach (var metric in payload.Metrics)
        {
            Part(bytes, 2, Metric(metric));
        }

        if (payload.Sequence is { } sequence)
        {
            Number(bytes, 3, (ulong)sequence);
        }

        return [.. bytes];
    }

    /// <summary>The command that asks an edge node to be born again.</summary>
    public static byte[] Rebirth(DateTimeOffset now) => Write(new SparkplugPayload
    {
        Timestamp = (ulong)now.ToUnixTimeMilliseconds(),
        Metrics = [new SparkplugMetric { Name = SparkplugHost.RebirthMetric, Timestamp = (ulong)now.ToUnixTimeMilliseconds(), Type = SparkplugType.Boolean, Raw = true }],
    });

    private static byte[] Metric(SparkplugMetric metric)
    {
        var bytes = new List<byte>();
        if (metric.Name.Length > 0)
        {
            Part(bytes, 1, Encoding.UTF8.GetBytes(metric.Name));
        }

        if (metric.Alias is { } alias)
        {
            Number(bytes, 2, alias);
        }

        if (metric.Timestamp is { } timestamp)
        {
            Number(bytes, 3, timestamp);
        }

        if (metric.Type != SparkplugType.Unknown)
        {
            Number(bytes, 4, (ulong)metric.Type);
        }

        if (metric.IsHistorical)
        {
            Number(bytes, 5, 1);
        }

        if (metric.IsNull)
        {
            Number(bytes, 7, 1);
        }

        Value(bytes, metric);
        return [.. bytes];
    }

    private static void Value(List<byte> bytes, SparkplugMetric metric)
    {
        switch (metric.Raw)
        {
            case ulong whole:
                Number(bytes, metric.Type is SparkplugType.Int64 or SparkplugType.UInt64 or SparkplugType.DateTime ? 11 : 10, whole);
                break;
            case float number:
                Tag(bytes, 12, 5);
                Span<byte> four = stackalloc byte[4];
                BinaryPrimitives.WriteSingleLittleEndian(four, number);
                bytes.AddRange(four);
                break;
            case double number:
                Tag(bytes, 13, 1);
                Span<byte> eight = stackalloc byte[8];
                BinaryPrimitives.WriteDoubleLittleEndian(eight, number);
                bytes.AddRange(eight);
                break;
            case bool truth:
                Number(bytes, 14, truth ? 1UL : 0);
                break;
            case string text:
                Part(bytes, 15, Encoding.UTF8.GetBytes(text));
                break;
        }
    }

    private static void Number(List<byte> bytes, int field, ulong value)
    {
        Tag(bytes, field, 0);
        Varint(bytes, value);
    }

    private static void Part(List<byte> bytes, int field, byte[] content)
    {
        Tag(bytes, field, 2);
        Varint(bytes, (ulong)content.Length);
        bytes.AddRange(content);
    }

    private static void Tag(List<byte> bytes, int field, int wire) => Varint(bytes, (ulong)(field << 3 | wire));

    private static void Varint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }
}
