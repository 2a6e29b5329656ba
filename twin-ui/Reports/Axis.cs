using System.Globalization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Reports;

/// <summary>A linear scale with round ticks.</summary>
internal sealed class Axis
{
    private readonly double _x0;
    private readonly double _x1;

    /// <param name="low">Smallest value to show.</param>
    /// <param name="high">Largest value to show.</param>
    /// <param name="x0">Coordinate of the low end.</param>
    /// <param name="x1">Coordinate of the high end.</param>
    /// <param name="ticks">About how many ticks.</param>
    public Axis(double low, double high, double x0, double x1, int ticks = 5)
    {
        (_x0, _x1) = (x0, x1);
        if (!(high > low))
        {
            var room = Math.Max(Math.Abs(low) * 0.05, 0.5);
            (low, high) = (low - room, high + room);
        }

        var raw = (high - low) / Math.Max(1, ticks);
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power * (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 };
        Low = Math.Floor(low / step + 1e-9) * step;
        High = Math.Ceiling(high / step - 1e-9) * step;
        for (var i = 0; Low + i * step <= High + step * 1e-6; i++)
        {
            Ticks.Add(Low + i * step);
        }

        var decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(step) - 1e-9)) + (step / power is 2.5 ? 1 : 0);
        Format = decimals == 0 ? "#,0" : "#,0." + new string('0', Math.Min(6, decimals));
    }

    public double Low { get; }

    public double High { get; }

    public List<double> Ticks { get; } = [];

    private string Format { get; }

    /// <summary>Coordinate of a value.</summary>
    public double At(double value) => _x0 + (value - Low) / (High - Low) * (_x1 - _x0);

    /// <summary>A tick's label.</summary>
    public string Label(double tick) => (Math.Abs(tick) < 1e-12 ? 0 : tick).ToString(Format, CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>Vertical grid lines with labels below.</summary>
    public void DrawBelow(Svg svg, double top, double bottom)
    {
        foreach (var tick in Ticks)
        {
            svg.Line(At(tick), top, At(tick), bottom, "grid").Text(At(tick), bottom + 14, Label(tick), "ax", "middle");
        }
    }

    /// <summary>Horizontal grid lines with labels at the left.</summary>
    public void DrawLeft(Svg svg, double left, double right)
    {
        foreach (var tick in Ticks)
        {
            svg.Line(left, At(tick), right, At(tick), "grid").Text(left - 6, At(tick) + 4, Label(tick), "ax", "end");
        }
    }
}

/// <summary>A scale of plant time with ticks at round hours or days of the wall clock.</summary>
internal sealed class TimeAxis(PlantClock clock, long from, long to, double x0, double x1)
{
    private static readonly double[] s_hours = [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 720, 1440];

    public double At(long ms) => x0 + (ms - from) / (double)Math.Max(1, to - from) * (x1 - x0);

    /// <summary>Vertical grid lines with labels below.</summary>
    public void DrawBelow(Svg svg, double top, double bottom)
    {
        var hours = (to - from) / (double)Duration.MillisecondsPerHour;
        var step = s_hours.FirstOrDefault(h => hours / h <= (x1 - x0) / 75, 2160);
        var first = clock.ToWallClock(new SimTime(from)).DateTime.Date;
        for (var i = 0; i < 2000; i++)
        {
            var wall = first.AddHours(i * step);
            var at = clock.FromLocal(wall).Milliseconds;
            if (at > to)
            {
                break;
            }

            if (at >= from)
            {
                svg.Line(At(at), top, At(at), bottom, "grid").Text(At(at), bottom + 14, wall.ToString(step < 24 && wall.TimeOfDay > TimeSpan.Zero ? "HH:mm" : "MM-dd", CultureInfo.InvariantCulture), "ax", "middle");
            }
        }
    }
}
