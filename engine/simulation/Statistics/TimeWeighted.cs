namespace DigitalTwin.Simulation.Statistics;

/// <summary>A quantity that holds its value until it is changed (a queue length, a load in kW): its mean and extremes over time.</summary>
public sealed class TimeWeighted
{
    private SimTime _start;
    private double _integral; // value × milliseconds from _start to LastChange

    /// <param name="start">When watching begins.</param>
    /// <param name="value">The value then.</param>
    public TimeWeighted(SimTime start = default, double value = 0)
    {
        _start = LastChange = start;
        Value = Min = Max = value;
    }

    /// <summary>The value now.</summary>
    public double Value { get; private set; }

    /// <summary>Smallest value that was held since the start, for however short.</summary>
    public double Min { get; private set; }

    public double Max { get; private set; }

    public SimTime LastChange { get; private set; }

    /// <summary>From <paramref name="time"/> on the quantity is <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Time runs backwards, or the value is not finite.</exception>
    public void Set(SimTime time, double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "A value over time must be finite.");

        _integral = Integral(time);
        LastChange = time;
        Value = value;
        Min = Math.Min(Min, value);
        Max = Math.Max(Max, value);
    }

    /// <summary>Changes the value by a difference: one more in the queue.</summary>
    public void Change(SimTime time, double difference) => Set(time, Value + difference);

    /// <summary>Value × hours from the start until <paramref name="until"/>: kWh of kW.</summary>
    public double IntegralHours(SimTime until) => Integral(until) / Duration.MillisecondsPerHour;

    /// <summary>Mean over the time from the start until <paramref name="until"/>; the value itself if no time passed.</summary>
    public double Mean(SimTime until)
    {
        var length = (until - _start).Milliseconds;
        return length == 0 ? Value : Integral(until) / length;
    }

    /// <summary>Forgets what was before <paramref name="time"/>, e.g. the warm-up; the value stays.</summary>
    public void Restart(SimTime time)
    {
        RequireNotBefore(time);
        _start = LastChange = time;
        _integral = 0;
        Min = Max = Value;
    }

    private double Integral(SimTime until)
    {
        RequireNotBefore(until);
        return _integral + Value * (until - LastChange).Milliseconds;
    }

    private void RequireNotBefore(SimTime time)
    {
        if (time < LastChange)
            throw new ArgumentOutOfRangeException(nameof(time), time, $"Time cannot run backwards: the value last changed at {LastChange}.");
    }
}
