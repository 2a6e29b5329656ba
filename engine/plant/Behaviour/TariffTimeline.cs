using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Behaviour;

/// <summary>A <see cref="Tariff"/> unrolled to price steps in simulation time, with running integrals.</summary>
public sealed class TariffTimeline
{
    private readonly long[] _starts;
    private readonly double[] _prices;
    private readonly double[] _integrals; // price × ms before step i

    private TariffTimeline(long[] starts, double[] prices)
    {
        _starts = starts;
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
        var first = DateOnly.FromDateTime(clock.Epoch).AddDays(-1);
        var last = DateOnly.FromDateTime(clock.ToWallClock(until).DateTime).AddDays(1);
        var borders = tariff.Windows.SelectMany(w => (TimeOnly[])[w.Start, w.End]).Append(TimeOnly.MinValue).Distinct().Order().ToArray();
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            foreach (var border in borders)
            {
                var price = PriceAt(tariff, day, border);
                if (prices.Count == 0 || prices[^1] != price)
                {
                    starts.Add(clock.FromLocal(day.ToDateTime(border)).Milliseconds);
                    prices.Add(price);
                }
            }
        }

        return new TariffTimeline([.. starts], [.. prices]);
    }

    /// <summary>Price at a moment, currency/kWh.</summary>
    public double PriceAt(SimTime time) => _prices[Index(time.Milliseconds)];

    /// <summary>The n-th step: from when, at which price.</summary>
    public (SimTime Start, double Price) Step(int index) => (new(_starts[index]), _prices[index]);

    /// <summary>Cost of one kW drawn from <paramref name="from"/> to <paramref name="to"/>, currency.</summary>
    public double CostPerKw(SimTime from, SimTime to) =>
        (IntegralUntil(to.Milliseconds) - IntegralUntil(from.Milliseconds)) / Duration.MillisecondsPerHour;

    private static double PriceAt(Tariff tariff, DateOnly day, TimeOnly time)
    {
        var price = tariff.BasePrice;
        foreach (var window in tariff.Windows)
        {
            var today = window.Days.HasFlag(Weekday(day));
            var yesterday = window.Days.HasFlag(Weekday(day.AddDays(-1)));
            var inside = window.Start < window.End
                ? today && time >= window.Start && time < window.End
                : (today && time >= window.Start) || (yesterday && time < window.End);
            if (inside)
            {
                price = window.Price;
            }
        }

        return price;
    }

    private static Weekdays Weekday(DateOnly day) => (Weekdays)(1 << (((int)day.DayOfWeek + 6) % 7));

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
