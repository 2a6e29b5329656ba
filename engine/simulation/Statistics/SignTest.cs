namespace DigitalTwin.Simulation.Statistics;

/// <summary>Whether a change went one way more often than chance allows, whatever its size (McNemar's exact test).</summary>
public static class SignTest
{
    /// <summary>Two-sided p-value of so many pairs that went up and so many that went down; pairs without a change do not count.</summary>
    /// <returns>2·P(B ≤ the smaller), B binomial (up + down, ½), at most 1; 1 where nothing changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative count.</exception>
    public static double PValue(int up, int down)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(up);
        ArgumentOutOfRangeException.ThrowIfNegative(down);
        var (n, k) = (up + down, Math.Min(up, down));

        // P(B ≤ k) = I_½(n − k, k + 1) (DLMF 8.17.5)
        return n == 0 ? 1 : Math.Min(1, 2 * SpecialFunctions.BetaI(n - k, k + 1, 0.5));
    }
}
