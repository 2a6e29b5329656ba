using DigitalTwin.Plant.Snapshots;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Events;

/// <summary>Electric load of a site as energy per quarter-hour of simulation time: what a demand charge is read from.</summary>
public sealed class LoadProfile : IExchanged<LoadProfile>
{
    /// <summary>Length of a quarter-hour, ms.</summary>
    public const long QuarterMs = 15 * Duration.MillisecondsPerMinute;

    private double[] _kwh = new double[64];
    private double _kw;
    private long _since;
    private int _count;

    /// <summary>Load now, kW.</summary>
    public double Kw => _kw;

    /// <summary>Energy of each quarter-hour since the epoch, kWh; the last may be incomplete.</summary>
    public ReadOnlySpan<double> Kwh => _kwh.AsSpan(0, _count);

    /// <summary>Highest quarter-hour mean, kW.</summary>
    public double PeakKw
    {
        get
        {
            var peak = 0.0;
            foreach (var kwh in Kwh)
            {
                peak = Math.Max(peak, kwh);
            }

            return peak * 4;
        }
    }

    void IExchanged<LoadProfile>.Exchange(StateExchange exchange, LoadProfile? other)
    {
        exchange.Grown(ref _kwh, other?._kwh, 0);
        exchange.Value(ref _kw, other?._kw);
        exchange.Value(ref _since, other?._since);
        exchange.Value(ref _count, other?._count);
    }

    /// <summary>Changes the load at a moment.</summary>
    public void Change(double deltaKw, long now)
    {
        AdvanceTo(now);
        _kw += deltaKw;
    }

    /// <summary>Books the present load up to a moment.</summary>
    public void AdvanceTo(long now)
    {
        while (_since < now)
        {
            var quarter = (int)(_since / QuarterMs);
            var until = Math.Min(now, (quarter + 1L) * QuarterMs);
            Bucket(quarter) += _kw * (until - _since) / Duration.MillisecondsPerHour;
            _since = until;
        }
    }

    /// <summary>Books energy that is known only as an amount.</summary>
    public void AddLump(double kwh, long now) => Bucket((int)(now / QuarterMs)) += kwh;

    /// <summary>Forgets the past, keeps the present load.</summary>
    public void Reset() => Array.Clear(_kwh);

    private ref double Bucket(int quarter)
    {
        if (quarter >= _kwh.Length)
        {
            Array.Resize(ref _kwh, Math.Max(quarter + 1, _kwh.Length * 2));
        }

        _count = Math.Max(_count, quarter + 1);
        return ref _kwh[quarter];
    }
}
