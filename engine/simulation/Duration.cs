using System.Globalization;
using System.Runtime.InteropServices;

namespace DigitalTwin.Simulation;

/// <summary>A length of time in whole milliseconds; may be negative (a lateness).</summary>
/// <remarks>Arithmetic beyond ±292 million years throws <see cref="OverflowException"/> instead of wrapping.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Duration(long Milliseconds) : IComparable<Duration>
{
    public const long MillisecondsPerSecond = 1000;
    public const long MillisecondsPerMinute = 60_000;
    public const long MillisecondsPerHour = 3_600_000;
    public const long MillisecondsPerDay = 86_400_000;

    public static readonly Duration Zero;

    public static Duration FromSeconds(double seconds) => FromMilliseconds(seconds * MillisecondsPerSecond);
    public static Duration FromMinutes(double minutes) => FromMilliseconds(minutes * MillisecondsPerMinute);
    public static Duration FromHours(double hours) => FromMilliseconds(hours * MillisecondsPerHour);
    public static Duration FromDays(double days) => FromMilliseconds(days * MillisecondsPerDay);

    /// <summary>Rounds half away from zero to the whole millisecond.</summary>
    /// <exception cref="OverflowException">The value is not finite or beyond the range of a <c>long</c>.</exception>
    public static Duration FromMilliseconds(double milliseconds) =>
        new(checked((long)Math.Round(milliseconds, MidpointRounding.AwayFromZero)));

    public double Seconds => Milliseconds / (double)MillisecondsPerSecond;
    public double Minutes => Milliseconds / (double)MillisecondsPerMinute;
    public double Hours => Milliseconds / (double)MillisecondsPerHour;
    public double Days => Milliseconds / (double)MillisecondsPerDay;

    public int CompareTo(Duration other) => Milliseconds.CompareTo(other.Milliseconds);

    public static Duration operator +(Duration a, Duration b) => new(checked(a.Milliseconds + b.Milliseconds));
    public static Duration operator -(Duration a, Duration b) => new(checked(a.Milliseconds - b.Milliseconds));
    public static Duration operator -(Duration a) => new(checked(-a.Milliseconds));
    public static Duration operator *(Duration a, double factor) => FromMilliseconds(a.Milliseconds * factor);
    public static Duration operator /(Duration a, double divisor) => FromMilliseconds(a.Milliseconds / divisor);
    public static double operator /(Duration a, Duration b) => a.Milliseconds / (double)b.Milliseconds;
    public static bool operator <(Duration a, Duration b) => a.Milliseconds < b.Milliseconds;
    public static bool operator >(Duration a, Duration b) => a.Milliseconds > b.Milliseconds;
    public static bool operator <=(Duration a, Duration b) => a.Milliseconds <= b.Milliseconds;
    public static bool operator >=(Duration a, Duration b) => a.Milliseconds >= b.Milliseconds;

    public static Duration Max(Duration a, Duration b) => a > b ? a : b;
    public static Duration Min(Duration a, Duration b) => a < b ? a : b;

    /// <summary>Two largest units, e.g. <c>2d 4h</c>, <c>35min</c>, <c>1.5s</c>; cut, not rounded, so that 59.99min never reads 60min; culture-free.</summary>
    public override string ToString()
    {
        var abs = Milliseconds < 0 ? 0UL - (ulong)Milliseconds : (ulong)Milliseconds;
        var sign = Milliseconds < 0 ? "-" : "";
        FormattableString text = abs switch
        {
            0 => $"0",
            < MillisecondsPerMinute => $"{sign}{abs / 1000.0:0.###}s",
            < MillisecondsPerHour => $"{sign}{abs / 600 / 100.0:0.##}min",
            < MillisecondsPerDay => $"{sign}{abs / MillisecondsPerHour}h {abs % MillisecondsPerHour / MillisecondsPerMinute}min",
            _ => $"{sign}{abs / MillisecondsPerDay}d {abs % MillisecondsPerDay / MillisecondsPerHour}h",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
