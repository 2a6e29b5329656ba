using System.Collections.Immutable;

namespace DigitalTwin.Plant.Model;

/// <summary>Weekly working windows with exceptions, in the plant's local time.</summary>
public sealed record WorkCalendar
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>Windows that recur every week. They may overlap; their union counts.</summary>
    public required ImmutableArray<WeeklyWindow> Windows { get; init; }

    /// <summary>Days that differ: a holiday (no windows) or overtime.</summary>
    public ImmutableArray<CalendarException> Exceptions { get; init; } = [];
}

/// <summary>A window of a working week; <paramref name="End"/> ≤ <paramref name="Start"/> runs past midnight.</summary>
/// <param name="Days">Days on which the window begins.</param>
public sealed record WeeklyWindow(Weekdays Days, TimeOnly Start, TimeOnly End);

/// <summary>On <paramref name="Date"/> the weekly windows that would begin are replaced by <paramref name="Windows"/>; none means closed.</summary>
public sealed record CalendarException(DateOnly Date, ImmutableArray<(TimeOnly Start, TimeOnly End)> Windows);

/// <summary>A set of weekdays.</summary>
[Flags]
public enum Weekdays
{
    None = 0,
    Monday = 1,
    Tuesday = 2,
    Wednesday = 4,
    Thursday = 8,
    Friday = 16,
    Saturday = 32,
    Sunday = 64,
    Workdays = Monday | Tuesday | Wednesday | Thursday | Friday,
    Weekend = Saturday | Sunday,
    Daily = Workdays | Weekend,
}

/// <summary>Time-of-use electricity prices plus a demand price on the month's highest quarter-hour.</summary>
public sealed record Tariff
{
    public required string Id { get; init; }

    public required Label Name { get; init; }

    /// <summary>Price outside all windows, currency/kWh.</summary>
    public required double BasePrice { get; init; }

    /// <summary>Later entries win where windows overlap.</summary>
    public ImmutableArray<TariffWindow> Windows { get; init; } = [];

    /// <summary>Currency per kW of the highest 15-minute mean and month; 0 when demand is free.</summary>
    public double DemandPricePerKwMonth { get; init; }

    /// <summary>Demand declared to the supplier, kW: charged whatever the peak, and a peak above <see cref="FreeExcess"/> times it is
    /// charged <see cref="ExcessFactor"/> times for the excess. <c>null</c> charges the peak itself.</summary>
    public double? DeclaredKw { get; init; }

    /// <summary>Price of a kW above the declared demand, as a multiple of the demand price, ≥ 0.</summary>
    public double ExcessFactor { get; init; } = 2;

    /// <summary>Multiple of the declared demand up to which nothing extra is charged.</summary>
    public const double FreeExcess = 1.05;

    /// <summary>Demand charge of one month, currency.</summary>
    /// <param name="peakKw">Highest 15-minute mean of the month.</param>
    public double DemandCharge(double peakKw) => DemandPricePerKwMonth * (DeclaredKw is { } declared
        ? declared + ExcessFactor * Math.Max(0, peakKw - declared * FreeExcess)
        : peakKw);
}

/// <summary>A priced part of the week: critical peak, peak, valley, deep valley, ….</summary>
/// <param name="Price">Currency per kWh; may be negative.</param>
public sealed record TariffWindow(string Name, Weekdays Days, TimeOnly Start, TimeOnly End, double Price)
{
    /// <summary>First day on which it begins; <c>null</c> from ever.</summary>
    public DateOnly? FirstDay { get; init; }

    /// <summary>Last day on which it begins; <c>null</c> for ever.</summary>
    public DateOnly? LastDay { get; init; }

    /// <summary>Whether it begins on a day.</summary>
    public bool BeginsOn(DateOnly day) =>
        Days.HasFlag((Weekdays)(1 << (((int)day.DayOfWeek + 6) % 7))) && !(day < FirstDay) && !(day > LastDay);
}
