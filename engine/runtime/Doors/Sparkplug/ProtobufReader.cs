using System.Buffers.Binary;
using System.Text;

namespace DigitalTwin.Runtime.Doors.Sparkplug;

/// <summary>Bytes that are no Sparkplug B payload; the message says where and why.</summary>
public sealed class SparkplugException : Exception
{
    public SparkplugException()
    {
    }

    public SparkplugException(string message)
        : base(message)
    {
    }

    public SparkplugException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>Reads the wire format of protocol buffers: as much of it as Sparkplug B needs. Allocates nothing but texts.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end.</returns>
    public bool Next(out int field, out int wire)
    {
        (field, wire) = (0, 0);
        if (_at >= _bytes.Length)
        {
            return false;
        }

        var tag = Varint();
        (field, wire) = ((int)(tag >> 3), (int)(tag & 7));
        return tag is >= 8 and <= uint.MaxValue ? true : throw Broken("a field has no number");
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at >= _bytes.Length)
            {
                throw Broken("a number breaks off");
            }

            var b = _bytes[_at++];
            if (shift == 63 && b > 1)
            {
                break;
            }

            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Broken("a number has more than 64 bits");
    }

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Bytes() => Varint() is var length && length <= (ulong)(_bytes.Length - _at) ? Take((int)length) : throw Broken("a part is longer than the rest");

    public string Text()
    {
        try
        {
            return s_utf8.GetString(Bytes());
        }
        catch (DecoderFallbackException e)
        {
            throw new SparkplugException($"no Sparkplug payload: a text before byte {_at} is not UTF-8", e);
        }
    }

    /// <summary>Passes over a field that means nothing here.</summary>
    public void Skip(int wire)
    {
        switch (wire)
        {
            case 0: Varint(); break;
            case 1: Take(8); break;
            case 2: Bytes(); break;
            case 5: Take(4); break;
            default: throw Broken($"wire type {wire} is not used");
        }
    }

    /// <summary>Refuses a field of another wire type than it must have.</summary>
    public readonly void Require(int wire, int expected)
    {
        if (wire != expected)
        {
            throw Broken($"wire type {wire} where {expected} must be");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
        {
            throw Broken("it breaks off");
        }

        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private readonly SparkplugException Broken(string what) => new($"no Sparkplug payload: {what} (byte {_at} of {_bytes.Length})");
}
