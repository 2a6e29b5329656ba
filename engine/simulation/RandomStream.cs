using System.Runtime.CompilerServices;

namespace DigitalTwin.Simulation;

/// <summary>The draws of one stream of a <see cref="RandomSource"/>: for a thing that draws often, half the mixing is done once.</summary>
public readonly record struct RandomStream
{
    private readonly ulong _root;

    internal RandomStream(ulong root) => _root = root;

    /// <summary>64 random bits: what <see cref="RandomSource.Bits"/> gives for this stream.</summary>
    /// <param name="index">Which draw: 0, 1, 2, …</param>
    /// <param name="lane">Which of the several uniforms one draw may need.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Bits(long index, int lane = 0) => RandomSource.Draw(_root, index, lane);

    /// <summary>A uniform number in the open interval (0, 1): never 0, never 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Uniform(long index, int lane = 0) => ((Bits(index, lane) >> 12) + 0.5) * (1.0 / (1UL << 52));
}
