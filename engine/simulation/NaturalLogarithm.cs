using System.Runtime.CompilerServices;

namespace DigitalTwin.Simulation;

/// <summary>ln x for sampling: the same bits on every machine, where a platform's library need not agree with another's in the last one, and two to three times as fast.</summary>
/// <remarks>x = 2ᵏ·m with m in [0.6875, 1.375); m·(1/c) − 1 = r for the middle c of the 128th that m lies in, so |r| ≤ 2⁻⁷, and
/// ln x = k·ln 2 + ln c + ln(1+r), the last by its Taylor series. Around 1 the middle is 1 itself, so that ln x is exact to the last
/// digits also there, and never of the wrong sign.</remarks>
internal static class NaturalLogarithm
{
    private const int IndexBits = 7;
    private const long Offset = 0x3FE6000000000000; // 0.6875
    private const double Ln2High = 0.693147180369123816490; // 20 low bits zero: k times it is exact
    private const double Ln2Low = 1.90821492927058770002e-10;

    // (1/c, ln c) by turns
    private static readonly double[] Middles = MakeMiddles();

    /// <summary>ln x.</summary>
    /// <param name="x">A normal number > 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var above = bits - Offset;
        var exponent = above >> 52;
        var index = 2 * (int)((above >> (52 - IndexBits)) & ((1 << IndexBits) - 1));
        var mantissa = BitConverter.Int64BitsToDouble(bits - (exponent << 52));
        var middles = Middles;
        var r = Math.FusedMultiplyAdd(mantissa, middles[index], -1);
        var square = r * r;
        var low = Math.FusedMultiplyAdd(r, 1.0 / 3, -0.5);
        var middle = Math.FusedMultiplyAdd(r, 1.0 / 5, -0.25);
        var high = Math.FusedMultiplyAdd(r, 1.0 / 7, -1.0 / 6);
        var series = Math.FusedMultiplyAdd(square, Math.FusedMultiplyAdd(square, high, middle), low);
        var rest = Math.FusedMultiplyAdd(square, series, Math.FusedMultiplyAdd(exponent, Ln2Low, r));
        return Math.FusedMultiplyAdd(exponent, Ln2High, middles[index + 1]) + rest;
    }

    private static double[] MakeMiddles()
    {
        const long step = 1L << (52 - IndexBits);
        var middles = new double[2 << IndexBits];
        for (var i = 0; i < 1 << IndexBits; i++)
        {
            var from = Offset + i * step;
            var first = BitConverter.Int64BitsToDouble(from);
            var end = BitConverter.Int64BitsToDouble(from + step);
            var middle = first <= 1 && end >= 1 ? 1 : first + (end - first) / 2;
            (middles[2 * i], middles[2 * i + 1]) = (1 / middle, -Series(1 / middle));
        }

        return middles;
    }

    /// <summary>ln x = 2 artanh((x−1)/(x+1)), summed from the smallest term; the basic operations are the same everywhere.</summary>
    private static double Series(double x)
    {
        var s = (x - 1) / (x + 1);
        var sum = 0.0;
        for (var k = 41; k >= 1; k -= 2)
            sum = sum * s * s + 1.0 / k;

        return 2 * s * sum;
    }
}
