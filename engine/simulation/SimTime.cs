using System.Globalization;
using System.Runtime.InteropServices;

namespace DigitalTwin.Simulation;

/// <summary>A moment: whole milliseconds since the scenario's epoch.</summary>
/// <remarks>Wall-clock dates exist only at the doors (files, API, UI); inside, a moment is this number.
/// Range ±292 million years. Whatever is added to <see cref="Never"/>, it stays never; beyond the range arithmetic throws
/// <see cref="OverflowException"/> instead of wrapping into the past.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SimTime(long Milliseconds) : IComparable<SimTime>
{
    /// <summary>The scenario's epoch.</summary>
    public static readonly SimTime Zero;

    /// <summary>A moment that never comes; later than every other.</summary>
    public static readonly SimTime Never = new(long.MaxValue);

    public static SimTime FromHours(double hours) => Zero + Duration.FromHours(hours);

    public double Hours => Milliseconds / (double)Duration.MillisecondsPerHour;

    public int CompareTo(SimTime other) => Milliseconds.CompareTo(other.Milliseconds);

    public static SimTime operator +(SimTime t, Duration d) => t == Never ? t : new(checked(t.Milliseconds + d.Milliseconds));
    public static SimTime operator -(SimTime t, Duration d) => t == Never ? t : new(checked(t.Milliseconds - d.Milliseconds));
    public static Duration operator -(SimTime a, SimTime b) => new(checked(a.Milliseconds - b.Milliseconds));
    public static bool operator <(SimTime a, SimTime b) => a.Milliseconds < b.Milliseconds;
    public static bool operator >(SimTime a, SimTime b) => a.Milliseconds > b.Milliseconds;
    public static bool operator <=(SimTime a, SimTime b) => a.Milliseconds <= b.Milliseconds;
    public static bool operator >=(SimTime a, SimTime b) => a.Milliseconds >= b.Milliseconds;

    public static SimTime Max(SimTime a, SimTime b) => a > b ? a : b;
    public static SimTime Min(SimTime a, SimTime b) => a < b ? a : b;

    public override string ToString() => this == Never
        ? "never"
        : string.Create(CultureInfo.InvariantCulture, $"t+{new Duration(Milliseconds)}");
}
