namespace DigitalTwin.Simulation.Statistics;

/// <summary>Confidence from one long run: successive observations depend on each other, means of long batches hardly do.</summary>
/// <remarks>
/// Keeps between <c>batches</c> and 2·<c>batches</c> batch means in constant memory: whenever the buffer is full,
/// neighbours merge and batches become twice as long (Law, Simulation Modeling and Analysis, §9.5.3).
/// Watch <see cref="Lag1Correlation"/>: clearly above zero means that the run is still too short.
/// </remarks>
public sealed class BatchMeans
{
    private readonly double[] _means;
    private int _complete;
    private long _inBatch;
    private double _sum;

    /// <param name="batches">Fewest batches to judge by, ≥ 4; 20 is usual.</param>
    public BatchMeans(int batches = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 4);
        _means = new double[2 * batches];
    }

    /// <summary>Observations so far, also those of the batch that is not complete yet.</summary>
    public long Count => _complete * BatchSize + _inBatch;

    /// <summary>Observations per batch: 1, 2, 4, …</summary>
    public long BatchSize { get; private set; } = 1;

    /// <summary>Means of the complete batches, oldest first.</summary>
    public ReadOnlySpan<double> Means => _means.AsSpan(0, _complete);

    /// <summary>Mean of the observations in complete batches.</summary>
    public double Mean => BatchTally().Mean;

    /// <exception cref="ArgumentOutOfRangeException">Not a finite number.</exception>
    public void Add(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "An observation must be finite.");

        _sum += value;
        if (++_inBatch < BatchSize)
            return;

        _means[_complete++] = _sum / BatchSize;
        _sum = 0;
        _inBatch = 0;
        if (_complete == _means.Length)
            MergeNeighbours();
    }

    /// <summary>Student's interval over the batch means.</summary>
    public ConfidenceInterval ConfidenceInterval(double level = 0.95) => BatchTally().ConfidenceInterval(level);

    /// <summary>Correlation of successive batch means, −1…1; NaN with fewer than three batches or without any spread.</summary>
    public double Lag1Correlation()
    {
        if (_complete < 3)
            return double.NaN;

        var mean = Mean;
        double together = 0, alone = 0;
        for (var i = 0; i < _complete; i++)
        {
            alone += (_means[i] - mean) * (_means[i] - mean);
            if (i > 0)
                together += (_means[i] - mean) * (_means[i - 1] - mean);
        }

        return together / alone;
    }

    private Tally BatchTally()
    {
        var tally = new Tally();
        foreach (var mean in Means)
            tally.Add(mean);
        return tally;
    }

    private void MergeNeighbours()
    {
        _complete /= 2;
        BatchSize *= 2;
        for (var i = 0; i < _complete; i++)
            _means[i] = (_means[2 * i] + _means[2 * i + 1]) / 2;
    }
}
