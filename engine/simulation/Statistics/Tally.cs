namespace DigitalTwin.Simulation.Statistics;

/// <summary>Count, mean, spread and extremes of observations that arrive one by one, in constant memory.</summary>
/// <remarks>Welford's recurrence (1962), which does not lose digits when the mean is large against the spread;
/// merging by Chan, Golub and LeVeque (1979).</remarks>
public sealed class Tally
{
    private double _squares; // Σ(x − mean)²

    public long Count { get; private set; }

    /// <summary>NaN without observations, as are <see cref="Min"/> and <see cref="Max"/>.</summary>
    public double Mean { get; private set; } = double.NaN;

    public double Min { get; private set; } = double.NaN;

    public double Max { get; private set; } = double.NaN;

    public double Sum => Count == 0 ? 0 : Mean * Count;

    /// <summary>Divided by n − 1; NaN with fewer than two observations.</summary>
    public double Variance => Count < 2 ? double.NaN : _squares / (Count - 1);

    public double StandardDeviation => Math.Sqrt(Variance);

    /// <exception cref="ArgumentOutOfRangeException">Not a finite number: it would silently spoil everything after it.</exception>
    public void Add(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "An observation must be finite.");

        if (++Count == 1)
        {
            Mean = Min = Max = value;
            return;
        }

        var distance = value - Mean;
        Mean += distance / Count;
        _squares += distance * (value - Mean);
        Min = Math.Min(Min, value);
        Max = Math.Max(Max, value);
    }

    /// <summary>Adds all observations of another tally at once.</summary>
    public void Merge(Tally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count == 0)
            return;

        if (Count == 0)
        {
            (Count, Mean, Min, Max, _squares) = (other.Count, other.Mean, other.Min, other.Max, other._squares);
            return;
        }

        var total = Count + other.Count;
        var distance = other.Mean - Mean;
        _squares += other._squares + distance * distance * Count * other.Count / total;
        Mean += distance * other.Count / total;
        Min = Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        Count = total;
    }

    /// <summary>Student's interval for the mean; true only of independent observations (replications, not successive waiting times: see <see cref="BatchMeans"/>).</summary>
    public ConfidenceInterval ConfidenceInterval(double level = 0.95) =>
        Statistics.ConfidenceInterval.OfMean(Mean, StandardDeviation, Count, level);
}
