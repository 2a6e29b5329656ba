using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>An estimate of the remaining life of a component from its measured trend.</summary>
/// <remarks>
/// A straight line by least squares through the logarithms of the readings since the signal left its baseline, carried on to the failure limit.
/// With x̄, ȳ and Sxx of the n readings, slope b and error σ, the life T is at most t with probability
/// Φ((ȳ + b (t − x̄) − ln limit) / (σ √(1/n + (t − x̄)²/Sxx))), taken given that the component still works and that the signal does rise
/// (Gebraeel, Lawley, Li and Ryan, Residual-life distributions from component degradation signals, IIE Transactions 37, 2005, without a prior;
/// Lu and Meeker, Technometrics 35, 1993). σ is the signal's stated noise, or where none is stated the spread of the readings about the line.
/// </remarks>
public sealed class RemainingLife
{
    /// <summary>With fewer readings above the baseline there is no trend.</summary>
    public const int FewestReadings = 3;

    private readonly double _now; // all ages are counted from the mean age of the readings
    private readonly double _mean; // mean age of the readings
    private readonly double _gap; // ln limit − ȳ
    private readonly double _error;
    private readonly double _sxx;
    private readonly double _alive; // probability that the line had reached the limit by now
    private readonly double _ever; // and that it ever does

    private RemainingLife(int readings, double mean, double now, double growth, double gap, double toBaseline, double error, double sxx)
    {
        Readings = readings;
        Growth = growth;
        (_mean, _now, _gap, _error, _sxx) = (mean, now - mean, gap, error, sxx);
        RisesAtAge = mean + toBaseline / growth;
        _alive = NormalDistribution.Cumulative(Score(_now));
        _ever = NormalDistribution.Cumulative(growth * Math.Sqrt(sxx) / error);
    }

    /// <summary>Readings in the trend.</summary>
    public int Readings { get; }

    /// <summary>Growth of the logarithm of the level per unit of the mode's clock, > 0.</summary>
    public double Growth { get; }

    /// <summary>Age at which the line leaves the baseline: the estimate of P.</summary>
    public double RisesAtAge { get; }

    /// <summary>Median of the remaining life, in the mode's clock.</summary>
    public double P50 => QuantileAbove(0.5);

    /// <summary>Remaining life that is reached with a probability of 90 %.</summary>
    public double P10 => QuantileAbove(0.1);

    /// <summary>Remaining life that is reached with a probability of 10 %.</summary>
    public double P90 => QuantileAbove(0.9);

    /// <summary>Remaining life that a share <paramref name="p"/> of such components does not exceed, ≥ 0, in the mode's clock.</summary>
    public double QuantileAbove(double p)
    {
        var target = _alive + p * (_ever - _alive);
        if (!(target < _ever) || !(_alive < target))
        {
            return 0; // it ought to have failed long ago
        }

        var z = NormalDistribution.Inverse(target);
        var (low, high) = (_now, _now + _gap / Growth + Math.Sqrt(_sxx));
        for (var doubling = 0; Score(high) < z && doubling < 60; doubling++)
        {
            high += high - low;
        }

        for (var step = 0; step < 80; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = Score(middle) < z ? (middle, high) : (low, middle);
        }

        return Math.Max(0, high - _now);
    }

    /// <summary>The trend of a mode of a plant as it stands; <c>null</c> where none can be told.</summary>
    /// <param name="mode">A mode of the book with a signal.</param>
    public static RemainingLife? Of(PlantState state, int mode)
    {
        Span<ConditionReading> readings = stackalloc ConditionReading[PlantState.KeptReadings];
        var count = state.ReadingsOf(mode, readings);
        return Fit(readings[..count], state.Plant.Upkeep.Mode(mode).Signal!, state.AgeOf(mode, state.Now.Milliseconds));
    }

    /// <summary>Fits the readings of one life.</summary>
    /// <param name="readings">Oldest first.</param>
    /// <param name="age">Age now.</param>
    /// <returns><c>null</c> when fewer than <see cref="FewestReadings"/> lie above the baseline and its noise in a row to the end, or they do not rise.</returns>
    public static RemainingLife? Fit(ReadOnlySpan<ConditionReading> readings, ConditionSignal signal, double age)
    {
        var above = signal.Baseline * Math.Exp(Math.Max(2 * signal.Noise, 0.02));
        var first = readings.Length;
        while (first > 0 && readings[first - 1].Level > above)
        {
            first--;
        }

        readings = readings[first..];
        if (readings.Length < FewestReadings)
        {
            return null;
        }

        var (n, mean, level) = (readings.Length, 0.0, 0.0);
        foreach (var reading in readings)
        {
            mean += reading.Age / n;
            level += Math.Log(reading.Level) / n;
        }

        var (sxx, sxy, syy) = (0.0, 0.0, 0.0);
        foreach (var reading in readings)
        {
            var (dx, dy) = (reading.Age - mean, Math.Log(reading.Level) - level);
            sxx += dx * dx;
            sxy += dx * dy;
            syy += dy * dy;
        }

        if (!(sxx > 0) || !(sxy > 0))
        {
            return null;
        }

        var growth = sxy / sxx;
        var spread = Math.Sqrt(Math.Max(0, syy - growth * sxy) / (n - 2));
        var error = Math.Max(1e-6, signal.Noise > 0 ? signal.Noise : spread);
        return new RemainingLife(n, mean, Math.Max(age, readings[^1].Age), growth, Math.Log(signal.Limit) - level, Math.Log(signal.Baseline) - level, error, sxx);
    }

    private double Score(double u) => (Growth * u - _gap) / (_error * Math.Sqrt(1.0 / Readings + u * u / _sxx));
}
