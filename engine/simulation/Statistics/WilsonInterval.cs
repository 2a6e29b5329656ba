namespace DigitalTwin.Simulation.Statistics;

/// <summary>Where a probability lies that was seen as "so many of so many": Wilson's score interval.</summary>
/// <remarks>E. B. Wilson (1927). Unlike p ± z√(p(1−p)/n) it never leaves [0, 1] and still says something when nothing or everything
/// happened: 30 of 30 means "at least 89 %", not "certainly".</remarks>
/// <param name="Share">Seen: successes / trials; NaN without trials.</param>
/// <param name="Low">In [0, 1].</param>
/// <param name="High">In [0, 1].</param>
/// <param name="Level">Confidence, between 0 and 1.</param>
public readonly record struct WilsonInterval(double Share, double Low, double High, double Level)
{
    /// <summary>The interval of <paramref name="successes"/> among <paramref name="trials"/>.</summary>
    /// <param name="trials">≥ 0; without trials everything is possible.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 ≤ successes ≤ trials, or the level is not between 0 and 1.</exception>
    public static WilsonInterval Of(int successes, int trials, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1. Maybe 0.95 was meant.");
        if (trials == 0)
            return new WilsonInterval(double.NaN, 0, 1, level);

        var z = NormalDistribution.Inverse(0.5 + level / 2);
        var (n, p) = ((double)trials, successes / (double)trials);
        var centre = (p + z * z / (2 * n)) / (1 + z * z / n);
        var half = z / (1 + z * z / n) * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return new WilsonInterval(p, successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half, level);
    }
}
