using System.Globalization;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Ui.Resources;

/// <summary>Writes moments in the plant's time zone, and numbers and lengths of time in the viewer's language.</summary>
public sealed class Formats(Texts texts, PlantClock clock)
{
    private bool IsChinese => texts.Language == "zh-CN";

    /// <summary>Shown where there is nothing to show.</summary>
    public const string Nothing = "–";

    /// <summary>Day and minute: <c>Mon 23 Nov 21:14</c>, <c>11月23日 周一 21:14</c>.</summary>
    public string Moment(SimTime? time) => Write(time, IsChinese ? "M月d日 ddd HH:mm" : "ddd d MMM HH:mm");

    /// <summary>Day and second, for the plant's clock.</summary>
    public string Clock(SimTime? time) => Write(time, IsChinese ? "M月d日 ddd HH:mm:ss" : "ddd d MMM HH:mm:ss");

    /// <summary>Day and minute without weekday, for dense tables.</summary>
    public string Short(SimTime? time) => Write(time, IsChinese ? "M月d日 HH:mm" : "d MMM HH:mm");

    /// <summary>Day only.</summary>
    public string Day(SimTime? time) => Write(time, IsChinese ? "M月d日" : "d MMM");

    /// <summary>Minute only.</summary>
    public string TimeOfDay(SimTime? time) => Write(time, "HH:mm");

    /// <summary>A moment from ms since the epoch; negative is none.</summary>
    public string Short(long milliseconds) => Short(milliseconds < 0 ? null : new SimTime(milliseconds));

    /// <summary>Two largest units: <c>2 d 4 h</c>, <c>35 min</c>, <c>2天4小时</c>; a minus sign where negative.</summary>
    public string Length(Duration length)
    {
        var minutes = (long)Math.Round(Math.Abs(length.Minutes));
        var (days, hours, rest) = (minutes / 1440, minutes % 1440 / 60, minutes % 60);
        var text = days > 0 ? Join(days, "unit.day", hours, "unit.hour")
            : hours > 0 ? Join(hours, "unit.hour", rest, "unit.minute")
            : Unit(rest, "unit.minute");
        return length.Milliseconds < 0 && minutes > 0 ? "−" + text : text;
    }

    /// <summary>A whole number with the language's separators.</summary>
    public string Count(long value) => value.ToString("N0", texts.Culture);

    /// <summary>A number with at most so many decimals.</summary>
    public string Number(double value, int decimals = 1) =>
        double.IsFinite(value) ? value.ToString("#,0." + new string('#', decimals), texts.Culture) : Nothing;

    /// <summary>A share of 1 as percent.</summary>
    public string Percent(double share, int decimals = 0) =>
        double.IsFinite(share) ? share.ToString("P" + decimals.ToString(CultureInfo.InvariantCulture), texts.Culture).Replace(" ", "", StringComparison.Ordinal) : Nothing;

    /// <summary>Name in the viewer's language.</summary>
    public string Name(Label label) => label.In(texts.Language);

    private string Write(SimTime? time, string pattern) =>
        time is { } t && t != SimTime.Never ? clock.ToWallClock(t).ToString(pattern, texts.Culture) : Nothing;

    private string Join(long a, string unitA, long b, string unitB) =>
        b == 0 ? Unit(a, unitA) : Unit(a, unitA) + (IsChinese ? "" : " ") + Unit(b, unitB);

    private string Unit(long value, string unit) => texts[unit, value];
}
