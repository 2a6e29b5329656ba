using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DigitalTwin.Runtime.Journal;

/// <summary>Bytes that know whether they are what was written, and that they are in their place.</summary>
/// <remarks>The first 16 bytes are the beginning of SHA-256 over the numbers of the place and the rest. Bytes of another place fail like
/// damaged ones.</remarks>
internal static class CheckedBytes
{
    /// <summary>Bytes to leave free at the beginning.</summary>
    public const int HeadSize = 16;

    /// <summary>Writes the checksum into the first bytes of <paramref name="bytes"/>.</summary>
    public static void Seal(Span<byte> bytes, ReadOnlySpan<long> place) => Digest(bytes[HeadSize..], place, bytes[..HeadSize]);

    /// <summary>A copy of <paramref name="content"/> with its checksum before it.</summary>
    public static byte[] Sealed(ReadOnlySpan<byte> content, ReadOnlySpan<long> place)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(HeadSize + content.Length);
        content.CopyTo(bytes.AsSpan(HeadSize));
        Seal(bytes, place);
        return bytes;
    }

    /// <summary>Whether the bytes are sound and in their place.</summary>
    public static bool Fits(ReadOnlySpan<byte> bytes, ReadOnlySpan<long> place)
    {
        if (bytes.Length < HeadSize)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[HeadSize];
        Digest(bytes[HeadSize..], place, digest);
        return digest.SequenceEqual(bytes[..HeadSize]);
    }

    private static void Digest(ReadOnlySpan<byte> content, ReadOnlySpan<long> place, Span<byte> digest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var part in place)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, part);
            hash.AppendData(number);
        }

        hash.AppendData(content);
        Span<byte> full = stackalloc byte[32];
        hash.GetHashAndReset(full);
        full[..HeadSize].CopyTo(digest);
    }
}
