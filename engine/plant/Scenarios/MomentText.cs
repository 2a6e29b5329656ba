using System.Globalization;
using System.Text.RegularExpressions;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>Moments as people write them, in the plant's local time: <c>2026-03-02 08:00</c>.</summary>
/// <remarks>
/// Also read: <c>2026-03-02T08:00:30.250</c>, an offset at the end (<c>+08:00</c>, <c>Z</c>), a date alone (midnight), <c>2026/3/2 8:00</c>,
/// <c>2026.3.2</c>, <c>20260302</c>, <c>2026年3月2日 14:30</c>, <c>2026年3月2日下午2时30分</c>. Refused because two readings exist: <c>2/3/2026</c>.
/// Written without an offset, unless the local time happens twice (the hour that clocks repeat in autumn).
/// </remarks>
public static partial class MomentText
{
    public static string Format(SimTime time, PlantClock clock)
    {
        var moment = clock.ToWallClock(time);
        var text = FormatLocal(moment.DateTime);
        return clock.FromLocal(moment.DateTime) == time ? text : text + moment.ToString(" zzz", CultureInfo.InvariantCulture);
    }

    /// <summary>Local date and time to the minute, or as finely as it needs.</summary>
    public static string FormatLocal(DateTime local) => local.ToString(
        local.TimeOfDay.Ticks % TimeSpan.TicksPerSecond != 0 ? "yyyy-MM-dd HH:mm:ss.FFFFFFF"
        : local.Second != 0 ? "yyyy-MM-dd HH:mm:ss"
        : "yyyy-MM-dd HH:mm",
        CultureInfo.InvariantCulture);

    public static bool TryParse(string text, PlantClock clock, out SimTime value, out Trouble trouble)
    {
        value = default;
        if (!TryParseLocal(text, out var local, out var offset, out trouble))
        {
            return false;
        }

        value = offset is { } o ? clock.FromWallClock(new DateTimeOffset(local, o)) : clock.FromLocal(local);
        return true;
    }

    /// <summary>Reads a date and time without a clock; the offset is <c>null</c> when the text gives none.</summary>
    public static bool TryParseLocal(string text, out DateTime local, out TimeSpan? offset, out Trouble trouble)
    {
        local = default;
        offset = null;
        trouble = default;
        var s = NumberText.Narrow(text);
        var m = Pattern().Match(s);
        if (!m.Success)
        {
            trouble = YearLast().IsMatch(s)
                ? new Trouble("has two readings (day or month first)", "Write the year first: 2026-03-02.")
                : new Trouble("is not a date and time", "Write it like 2026-03-02 08:00.");
            return false;
        }

        var (hour, minute, second) = (Number(m, "h"), Number(m, "mi"), Number(m, "s"));
        var half = m.Groups["half"].Value;
        if (half is "下午" or "晚上" or "PM" or "pm" && hour < 12)
        {
            hour += 12;
        }
        else if (half is "上午" or "凌晨" or "AM" or "am" && hour == 12)
        {
            hour = 0;
        }

        if (!DateTime.TryParseExact($"{Number(m, "y"):0000}-{Number(m, "mo"):00}-{Number(m, "d"):00}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out local))
        {
            trouble = new Trouble("is a day that no calendar has", "Check month and day.");
            return false;
        }

        // 24:00 is the end of the day, as shift plans write it.
        if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && minute + second > 0))
        {
            trouble = new Trouble("is a time of day that no clock shows", "Hours run from 0 to 24, minutes and seconds to 59.");
            return false;
        }

        var fraction = m.Groups["f"].Success ? long.Parse(m.Groups["f"].Value.PadRight(7, '0'), CultureInfo.InvariantCulture) : 0;
        try
        {
            local = local.AddHours(hour).AddMinutes(minute).AddSeconds(second).AddTicks(fraction);
        }
        catch (ArgumentOutOfRangeException)
        {
            trouble = new Trouble("is beyond the year 9999");
            return false;
        }

        offset = !m.Groups["o"].Success ? null
            : m.Groups["o"].Value is "Z" or "z" ? TimeSpan.Zero
            : TimeSpan.FromMinutes((Number(m, "oh") * 60 + Number(m, "om")) * (m.Groups["os"].Value == "-" ? -1 : 1));
        if (offset is { } o && (Math.Abs(o.TotalHours) > 14 || Number(m, "om") > 59 || local.Ticks - o.Ticks < 0 || local.Ticks - o.Ticks > DateTime.MaxValue.Ticks))
        {
            trouble = new Trouble("has an offset that no time zone has", "Offsets run from -12:00 to +14:00.");
            return false;
        }

        return true;
    }

    private static int Number(Match m, string group) =>
        m.Groups[group].Success ? int.Parse(m.Groups[group].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?:(?<y>\d{4})(?:(?<sep>[-/.])(?<mo>\d{1,2})\k<sep>(?<d>\d{1,2})|\s*年\s*(?<mo>\d{1,2})\s*月\s*(?<d>\d{1,2})\s*[日号]?)|(?<y>(?:19|20|21)\d\d)(?<mo>\d\d)(?<d>\d\d))"
        + @"(?:(?:\s+|T|(?<=[日号])|(?=上午|下午|凌晨|晚上))\s*(?<half>上午|下午|凌晨|晚上)?\s*(?<h>\d{1,2})(?::(?<mi>\d{2})(?::(?<s>\d{2})(?:\.(?<f>\d{1,7}))?)?|\s*[时点]\s*(?:(?<mi>\d{1,2})\s*分)?(?:\s*(?<s>\d{1,2})\s*秒)?)\s*(?<half>AM|PM|am|pm)?)?"
        + @"\s*(?<o>[Zz]|(?<os>[+-])(?<oh>\d{2}):?(?<om>\d{2}))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex YearLast();
}
