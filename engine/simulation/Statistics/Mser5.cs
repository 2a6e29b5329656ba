namespace DigitalTwin.Simulation.Statistics;

/// <summary>How much of the beginning of a series is warm-up: the marginal standard error rule over means of five.</summary>
/// <remarks>
/// Observations are averaged in batches of five, Z₁…Z_b, and those d first batches are thrown away for which
/// Σ_{j>d}(Z_j − Z̄_d)² / (b − d)² is least: the cut after which the mean of the rest is known best (White, Cobb and Spratt, 2000;
/// rule of Franklin and White, 2008). A cut in the second half means that the series was still settling: there is no
/// steady state to speak of, and the run must be longer.
/// </remarks>
/// <param name="Truncated">Observations to throw away, a multiple of five.</param>
/// <param name="Observations">Observations judged: the largest multiple of five.</param>
/// <param name="Statistic">Squared marginal standard error at the cut.</param>
public readonly record struct Mser5(int Truncated, int Observations, double Statistic)
{
    private const int Batch = 5;
    private const int FewestBatches = 10;

    /// <summary>False where the cut lies in the second half, or there are fewer than fifty observations: run longer.</summary>
    public bool IsSettled => Observations >= Batch * FewestBatches && Truncated <= Observations / 2;

    /// <summary>Judges a series in the order of time.</summary>
    /// <exception cref="ArgumentException">Fewer than ten observations.</exception>
    public static Mser5 Of(ReadOnlySpan<double> series)
    {
        var batches = series.Length / Batch;
        if (batches < 2)
            throw new ArgumentException("A warm-up cannot be found in fewer than ten observations.", nameof(series));

        var means = new double[batches];
        for (var j = 0; j < batches; j++)
        {
            for (var i = 0; i < Batch; i++)
                means[j] += series[j * Batch + i] / Batch;
        }

        // From the end backwards (Welford), the spread after every cut comes in one pass. The last five batches cannot be a cut:
        // the spread of a handful of means is small by chance.
        var (count, mean, squares) = (0, 0.0, 0.0);
        var (best, least) = (0, double.PositiveInfinity);
        for (var d = batches - 1; d >= 0; d--)
        {
            var distance = means[d] - mean;
            mean += distance / ++count;
            squares += distance * (means[d] - mean);
            var statistic = Math.Max(0, squares) / ((double)count * count);
            if (d <= Math.Max(0, batches - Batch) && statistic <= least)
                (best, least) = (d, statistic);
        }

        return new Mser5(best * Batch, batches * Batch, least);
    }
}
