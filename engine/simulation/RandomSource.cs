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
public readonly record struct RandomSource
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const ulong LaneStep = 0xD1B54A32D192ED03;

    private readonly ulong _root;

    /// <param name="seed">Any number; the experiment's.</param>
    /// <param name="replication">Which repetition of the experiment, ≥ 0.</param>
    public RandomSource(ulong seed, int replication)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(replication);
        Seed = seed;
        Replication = replication;
        _root = Mix(Mix(seed) ^ ((ulong)replication * Golden)); // 0 for (0, 0), so that default is a source like any other
    }

    public ulong Seed { get; }

    /// <summary>Which repetition of the experiment, ≥ 0.</summary>
    public int Replication { get; }

    /// <summary>64 random bits.</summary>
    /// <param name="stream">Key of the thing that draws.</param>
    /// <param name="index">Which draw of that thing: 0, 1, 2, …</param>
    /// <param name="lane">Which of the several uniforms one draw may need.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Bits(ulong stream, long index, int lane = 0) =>
        Stream(stream).Bits(index, lane);

    /// <summary>The draws of one thing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RandomStream Stream(ulong stream) => new(Mix((_root ^ stream) + Golden));

    /// <summary>A uniform number in the open interval (0, 1): never 0, never 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Uniform(ulong stream, long index, int lane = 0) =>
        Stream(stream).Uniform(index, lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Draw(ulong root, long index, int lane) =>
        Mix(root + (ulong)index * Golden + (ulong)(uint)lane * LaneStep);

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
