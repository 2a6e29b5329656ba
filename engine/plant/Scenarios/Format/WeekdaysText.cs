using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>Sets of weekdays: <c>daily</c>, <c>workdays</c>, <c>weekend</c>, <c>Mon-Fri</c>, <c>Mon; Wed</c>.</summary>
internal static class WeekdaysText
{
    private static readonly (string Short, string Chinese)[] s_days =
        [("Mon", "一"), ("Tue", "二"), ("Wed", "三"), ("Thu", "四"), ("Fri", "五"), ("Sat", "六"), ("Sun", "日")];

    public static string Format(Weekdays days) => days switch
    {
        Weekdays.Daily => "daily",
        Weekdays.Workdays => "workdays",
        Weekdays.Weekend => "weekend",
        _ => string.Join("; ", Enumerable.Range(0, 7).Where(i => days.HasFlag((Weekdays)(1 << i))).Select(i => s_days[i].Short)),
    };

    public static bool TryParse(string text, in ParseContext context, out Weekdays value, out Trouble trouble)
    {
        value = Weekdays.None;
        foreach (var part in NumberText.Narrow(text).Split([';', ',', ' ', '、'], StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split(['-', '至', '到']);
            var (from, to) = (IndexOf(ends[0]), IndexOf(ends[^1]));
            Weekdays? named = part.ToLowerInvariant() switch
            {
                "daily" or "每天" => Weekdays.Daily,
                "workdays" or "weekdays" or "工作日" => Weekdays.Workdays,
                "weekend" or "周末" => Weekdays.Weekend,
                _ => null,
            };
            if (named is null && (ends.Length > 2 || from < 0 || to < 0))
            {
                trouble = new Trouble("is not a set of weekdays", "Write Mon-Fri, Mon; Wed, daily, workdays or weekend.");
                return false;
            }

            value |= named ?? Enumerable.Range(0, 7).Where(i => from <= to ? i >= from && i <= to : i >= from || i <= to)
                .Aggregate(Weekdays.None, (all, i) => all | (Weekdays)(1 << i));
        }

        trouble = value == Weekdays.None ? new Trouble("names no weekday") : default;
        return value != Weekdays.None;
    }

    private static int IndexOf(string day)
    {
        var s = day.Trim().TrimEnd('.');
        var chinese = s.Replace("星期", "", StringComparison.Ordinal).Replace("周", "", StringComparison.Ordinal).Replace('天', '日');
        return Array.FindIndex(s_days, d => (s.Length >= 3 && d.Short.Equals(s[..3], StringComparison.OrdinalIgnoreCase)) || d.Chinese == chinese);
    }
}
