namespace DigitalTwin.Simulation.Statistics;

/// <summary>How far two samples are apart: the largest distance between their empirical distribution functions (Smirnov, 1939).</summary>
public static class KolmogorovSmirnov
{
    // Asymptotic 95 % point of √(n m / (n + m)) · D.
    private const double Critical95 = 1.3581;

    /// <summary>The two-sample distance D, in [0, 1].</summary>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    public static double Distance(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.IsEmpty || second.IsEmpty)
        {
            throw new ArgumentException("A distance needs two samples that are not empty.");
        }

        var (a, b) = (first.ToArray(), second.ToArray());
        Array.Sort(a);
        Array.Sort(b);
        var (i, j, distance) = (0, 0, 0.0);
        while (i < a.Length && j < b.Length)
        {
            var value = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] <= value)
            {
                i++;
            }

            while (j < b.Length && b[j] <= value)
            {
                j++;
            }

            distance = Math.Max(distance, Math.Abs(i / (double)a.Length - j / (double)b.Length));
        }

        return distance;
    }

    /// <summary>Distance that two independent samples of one distribution exceed once in twenty (asymptotic, fair from about 20 values on).</summary>
    public static double Critical(int first, int second) => Critical95 * Math.Sqrt((first + second) / ((double)first * second));
}
