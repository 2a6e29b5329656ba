using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>A <see cref="Tariff"/> unrolled to price steps in simulation time, with running integrals.</summary>
public sealed class TariffTimeline
{
    private readonly long[] _starts;
    private readonly double[] _prices;
    private readonly int[] _windows; // index in the tariff, −1 outside all
    private readonly double[] _integrals; // price × ms before step i

    private TariffTimeline(long[] starts, double[] prices, int[] windows)
    {
        _starts = starts;
        _windows = windows;
        _prices = prices;
        _integrals = new double[starts.Length];
        for (var i = 1; i < starts.Length; i++)
        {
            _integrals[i] = _integrals[i - 1] + prices[i - 1] * (starts[i] - starts[i - 1]);
        }
    }

    /// <summary>Number of price steps.</summary>
    public int Count => _starts.Length;

    /// <summary>Unrolls a tariff from a day before the epoch to <paramref name="until"/>; the last price then stays.</summary>
    public static TariffTimeline Unroll(Tariff tariff, PlantClock clock, SimTime until)
    {
        var starts = new List<long>();
        var prices = new List<double>();
        var windows = new List<int>();
        var first = DateOnly.FromDateTime(clock.Epoch).AddDays(-1);
        var last = DateOnly.FromDateTime(clock.ToWallClock(until).DateTime).AddDays(1);
        var borders = tariff.Windows.SelectMany(w => (TimeOnly[])[w.Start, w.End]).Append(TimeOnly.MinValue).Distinct().Order().ToArray();
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            foreach (var border in borders)
            {
                var window = WindowAt(tariff, day, border);
                if (windows.Count == 0 || windows[^1] != window)
                {
                    starts.Add(clock.FromLocal(day.ToDateTime(border)).Milliseconds);
                    windows.Add(window);
                    prices.Add(window < 0 ? tariff.BasePrice : tariff.Windows[window].Price);
                }
            }
        }

        return new TariffTimeline([.. starts], [.. prices], [.. windows]);
    }

    /// <summary>Price at a moment, currency/kWh.</summary>
    public double PriceAt(SimTime time) => _prices[Index(time.Milliseconds)];

    /// <summary>Window that prices a moment, as its index in the tariff; −1 outside all.</summary>
    public int WindowAt(SimTime time) => _windows[Index(time.Milliseconds)];

    /// <summary>When the price next changes; <see cref="SimTime.Never"/> when it stays.</summary>
    public SimTime NextChange(SimTime time)
    {
        var i = Array.BinarySearch(_starts, time.Milliseconds);
        i = i >= 0 ? i + 1 : ~i;
        return i < _starts.Length ? new SimTime(_starts[i]) : SimTime.Never;
    }

    /// <summary>The n-th step: from when, at which price.</summary>
    public (SimTime Start, double Price) Step(int index) => (new(_starts[index]), _prices[index]);

    /// <summary>Cost of one kW drawn from <paramref name="from"/> to <paramref name="to"/>, currency.</summary>
    public double CostPerKw(SimTime from, SimTime to) =>
        (IntegralUntil(to.Milliseconds) - IntegralUntil(from.Milliseconds)) / Duration.MillisecondsPerHour;

    /// <summary>Cost of energy drawn evenly from <paramref name="from"/> to <paramref name="to"/>; at once where they are one moment. Currency.</summary>
    public double CostOf(double kwh, SimTime from, SimTime to) =>
        to <= from ? kwh * PriceAt(from) : kwh * CostPerKw(from, to) * Duration.MillisecondsPerHour / (to - from).Milliseconds;

    /// <summary>The last window that covers a local moment; −1 when none does.</summary>
    private static int WindowAt(Tariff tariff, DateOnly day, TimeOnly time)
    {
        for (var i = tariff.Windows.Length - 1; i >= 0; i--)
        {
            var window = tariff.Windows[i];
            var inside = window.Start < window.End
                ? time >= window.Start && time < window.End && window.BeginsOn(day)
                : (time >= window.Start && window.BeginsOn(day)) || (time < window.End && window.BeginsOn(day.AddDays(-1)));
            if (inside)
            {
                return i;
            }
        }

        return -1;
    }

    private double IntegralUntil(long t)
    {
        var i = Index(t);
        return _integrals[i] + _prices[i] * (t - _starts[i]);
    }

    private int Index(long t)
    {
        var i = Array.BinarySearch(_starts, t);
        return Math.Max(0, i >= 0 ? i : ~i - 1);
    }
}
