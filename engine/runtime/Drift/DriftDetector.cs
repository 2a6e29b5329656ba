namespace DigitalTwin.Runtime.Drift;

/// <summary>How much deviation is an alarm.</summary>
public sealed record DriftOptions
{
    /// <summary>Weight of the latest observation in the moving mean, in (0, 1].</summary>
    public double Weight { get; init; } = 0.1;

    /// <summary>Slack of the sums, in standard deviations of one observation, ≥ 0: half of the shift that they find fastest (Page, 1954).</summary>
    public double Slack { get; init; } = 0.5;

    /// <summary>A sum above this raises an alarm, > 0, in standard deviations. Higher: fewer false alarms, later true ones.</summary>
    public double Threshold { get; init; } = 10;

    /// <summary>A sum that has fallen below this clears the alarm again, ≥ 0.</summary>
    public double ClearBelow { get; init; } = 2;

    /// <summary>Observations scatter by at least this share of their mean, > 0: a model without luck is still not exact to the second.</summary>
    public double LeastSpread { get; init; } = 0.05;

    /// <summary>One observation counts as at most so many standard deviations, > 0: a single outlier is no drift.</summary>
    public double Outlier { get; init; } = 3;

    /// <summary>Mean hours by which a machine may start or finish later or earlier than scheduled, > 0.</summary>
    public double LateHours { get; init; } = 2;

    /// <summary>An order that ends so many hours outside its forecast band raises an alarm, > 0.</summary>
    public double OrderHours { get; init; } = 8;

    /// <summary>What is wrong with it, or <c>null</c>.</summary>
    public string? Problem() =>
        !(Weight is > 0 and <= 1) ? $"weight {Weight:R} must be > 0 and at most 1"
        : !(Slack >= 0 && double.IsFinite(Slack)) ? $"slack {Slack:R} must be ≥ 0"
        : !(Threshold > 0 && double.IsFinite(Threshold)) ? $"threshold {Threshold:R} must be > 0"
        : !(ClearBelow >= 0 && ClearBelow < Threshold) ? $"clearBelow {ClearBelow:R} must be ≥ 0 and below the threshold {Threshold:R}"
        : !(LeastSpread > 0 && double.IsFinite(LeastSpread)) ? $"leastSpread {LeastSpread:R} must be > 0"
        : !(Outlier > Slack && double.IsFinite(Outlier)) ? $"outlier {Outlier:R} must be above the slack {Slack:R}"
        : !(LateHours > 0) || !(OrderHours > 0) ? "lateHours and orderHours must be > 0"
        : null;
}

/// <summary>Watches one series of standardised deviations: moving mean and two-sided cumulative sums (CUSUM; Page, 1954).</summary>
public sealed record DriftDetector
{
    /// <summary>Observations so far.</summary>
    public long Count { get; set; }

    /// <summary>Exponentially weighted mean of what is watched: a ratio to the model, hours, or a share.</summary>
    public double Level { get; set; }

    /// <summary>Sum of deviations upwards beyond the slack, ≥ 0.</summary>
    public double Up { get; set; }

    /// <summary>Sum of deviations downwards beyond the slack, ≥ 0.</summary>
    public double Down { get; set; }

    /// <summary>Observations since the sum that is higher now left zero: how long the drift has lasted, at a guess.</summary>
    public int Since { get; set; }

    /// <summary>The higher of the two sums.</summary>
    public double Sum => Math.Max(Up, Down);

    /// <summary>Takes an observation up.</summary>
    /// <param name="value">What is watched.</param>
    /// <param name="expected">Its mean when nothing drifts.</param>
    /// <param name="deviation">Its standard deviation then, > 0.</param>
    public void Add(double value, double expected, double deviation, DriftOptions options)
    {
        var z = Math.Clamp((value - expected) / deviation, -options.Outlier, options.Outlier);
        var weight = Math.Max(options.Weight, 1.0 / (Count + 1)); // a plain mean at first
        Level += weight * (value - Level);
        Count++;
        var cap = 2 * options.Threshold; // so that it comes back when the drift is over
        Up = Math.Min(cap, Math.Max(0, Up + z - options.Slack));
        Down = Math.Min(cap, Math.Max(0, Down - z - options.Slack));
        Since = Sum > 0 ? Since + 1 : 0;
    }

    /// <summary>Forgets everything: the machine was mended, or the model was.</summary>
    public void Reset() => (Count, Level, Up, Down, Since) = (0, 0, 0, 0, 0);
}
