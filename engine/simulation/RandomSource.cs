using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DigitalTwin.Simulation;

/// <summary>Addressed randomness: a draw is a pure function of (seed, replication, stream, index, lane).</summary>
/// <remarks>
/// Nothing is consumed, so two scenarios run with the same seed see the same breakdowns and the same processing luck
/// (common random numbers), and a fork copies only counters. A stream is named by a stable key of the thing that is
/// lucky (an equipment, an order's operation), never by its position in a list.
/// The mixer is the 64-bit finaliser of SplitMix64 (Steele, Lea and Flood, 2014), applied to each coordinate in turn.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly struct RandomSource(ulong seed, int replication)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _root = Mix(Mix(seed + Golden) ^ ((ulong)(uint)replication * Golden));

    public ulong Seed { get; } = seed;

    /// <summary>Which repetition of the experiment, ≥ 0.</summary>
    public int Replication { get; } = replication;

    /// <summary>64 random bits.</summary>
    /// <param name="stream">Key of the thing that draws.</param>
    /// <param name="index">Which draw of that thing: 0, 1, 2, …</param>
    /// <param name="lane">Which of the several uniforms one draw may need.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Bits(ulong stream, long index, int lane = 0) =>
        Mix(Mix(_root ^ stream) + (ulong)index * Golden + (ulong)(uint)lane * 0xD1B54A32D192ED03);

    /// <summary>A uniform number in the open interval (0, 1): never 0, never 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Uniform(ulong stream, long index, int lane = 0) =>
        ((Bits(stream, index, lane) >> 12) + 0.5) * (1.0 / (1UL << 52));

    /// <summary>A stable 64-bit key of a name (FNV-1a over UTF-16, then mixed), optionally within a purpose such as <c>"breakdown"</c>.</summary>
    public static ulong Key(ReadOnlySpan<char> name, ulong purpose = 0)
    {
        var hash = 14695981039346656037UL ^ purpose;
        foreach (var c in name)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        return Mix(hash);
    }

    /// <summary>A key within a key: the n-th operation of an order, say.</summary>
    public static ulong Key(ulong parent, int child) => Mix(parent + ((ulong)(uint)child + 1) * Golden);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
