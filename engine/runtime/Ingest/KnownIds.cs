using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace DigitalTwin.Runtime.Ingest;

/// <summary>The ids of the latest observations, so that a repeat is recognised.</summary>
/// <remarks>
/// Holds 128-bit digests, not texts: 10⁷ ids collide with a probability below 10⁻²⁴. The window is bounded; a repeat older than the
/// window meets the lifecycle instead, which refuses and marks it. Not thread-safe: belongs to the session's writer.
/// </remarks>
public sealed class KnownIds(int capacity)
{
    private readonly HashSet<UInt128> _known = [];
    private readonly Queue<UInt128> _order = new();

    /// <summary>Ids remembered now.</summary>
    public int Count => _known.Count;

    /// <summary>Digest of an id: the first 128 bits of its SHA-256.</summary>
    public static UInt128 DigestOf(string id)
    {
        Span<byte> text = stackalloc byte[1024];
        if (!Encoding.UTF8.TryGetBytes(id, text, out var length))
        {
            text = Encoding.UTF8.GetBytes(id);
            length = text.Length;
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(text[..length], hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    /// <summary>Remembers an id.</summary>
    /// <returns>False when it was known already.</returns>
    public bool Add(UInt128 digest)
    {
        if (capacity == 0 || !_known.Add(digest))
        {
            return false;
        }

        _order.Enqueue(digest);
        if (_order.Count > capacity)
        {
            _known.Remove(_order.Dequeue());
        }

        return true;
    }

    /// <summary>Takes ids out again that were added last: what they belong to was not kept.</summary>
    public void Forget(IEnumerable<UInt128> digests)
    {
        foreach (var digest in digests)
        {
            _known.Remove(digest);
        }
    }

    /// <summary>Whether an id is remembered.</summary>
    public bool Contains(UInt128 digest) => _known.Contains(digest);
}
