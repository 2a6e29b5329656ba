using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios.Format;

/// <summary>The kinds of values that scenario files are made of.</summary>
internal static partial class Types
{
    /// <summary>Nothing in a plant lasts longer than ten years; a longer time is a slip of the unit.</summary>
    private const double LongestDays = 3653;

    /// <summary>A free text; surrounding blanks do not count.</summary>
    public static readonly FieldType<string> Text = new("text", AnyText, (v, _) => v, () => new JsonObject { ["type"] = "string" });

    /// <summary>A name that other rows refer to.</summary>
    public static readonly FieldType<string> Id = new("id", ParseId, (v, _) => CheckedId(v), () => new JsonObject { ["type"] = "string", ["pattern"] = "^[^;\\u0000-\\u001f]+$" });

    public static readonly FieldType<string> Color = new("colour #rrggbb", ParseColor, (v, _) => v, () => new JsonObject { ["type"] = "string", ["pattern"] = "^#[0-9a-fA-F]{6}$" });

    public static readonly FieldType<bool> YesNo = new("yes or no", ParseYesNo, (v, _) => v ? "yes" : "no", () => new JsonObject { ["enum"] = new JsonArray(true, false, "yes", "no") });

    public static readonly FieldType<ulong> Seed = new("whole number ≥ 0", ParseSeed, (v, _) => v.ToString(CultureInfo.InvariantCulture), () => new JsonObject { ["type"] = "integer", ["minimum"] = 0 }, Bare: true);

    public static readonly FieldType<SimTime> Moment = new("date and time", ParseMoment, MomentText.Format, () => new JsonObject { ["type"] = "string" });

    public static readonly FieldType<DateTime> LocalTime = new("local date and time", ParseLocal, (v, _) => MomentText.FormatLocal(v), () => new JsonObject { ["type"] = "string" });

    public static readonly FieldType<DateOnly> Date = new("date", ParseDate, (v, _) => v.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), () => new JsonObject { ["type"] = "string" });

    public static readonly FieldType<TimeOnly> TimeOfDay = new("time of day", ParseTime, (v, _) => v.ToString(v.Ticks % TimeSpan.TicksPerSecond != 0 ? "HH:mm:ss.FFFFFFF" : v.Second != 0 ? "HH:mm:ss" : "HH:mm", CultureInfo.InvariantCulture), () => new JsonObject { ["type"] = "string" });

    public static readonly FieldType<Weekdays> Days = new("weekdays", WeekdaysText.TryParse, (v, _) => WeekdaysText.Format(v), () => new JsonObject { ["type"] = "string" });

    /// <summary>Factors around 1 and other plain numbers.</summary>
    public static readonly FieldType<Distribution> NumberDistribution = new("distribution of numbers", ParseNumberDistribution, (v, _) => DistributionText.FormatNumber(v), () => new JsonObject { ["type"] = "string" });

    /// <summary>Times, each parameter between zero and a century.</summary>
    public static readonly FieldType<Distribution> TimeDistribution = new("duration or distribution of durations", ParseTimeDistribution, (v, _) => DistributionText.FormatTime(v), () => new JsonObject { ["type"] = "string" });

    /// <summary>Several texts: in a table separated by <c>;</c>, in YAML a list. Read item by item through <see cref="SourceRecord.Items"/>.</summary>
    public static readonly FieldType<ImmutableArray<string>> List = new("list", ParseList, (v, _) => FormatList(v), () => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } });

    /// <summary>A number in [min, max], or in (min, max] where <paramref name="positive"/> excludes the minimum.</summary>
    public static FieldType<double> Number(double min = 0, double max = 1e9, bool positive = false, string unit = "") => new(
        $"number {(positive ? "> " : "≥ ")}{NumberText.Format(min)}{(unit.Length > 0 ? ", " + unit : "")}",
        (string text, in ParseContext _, out double value, out Trouble trouble) => ParseNumber(text, unit, out value, out trouble) && InRange(value, min, max, positive, NumberText.Format, out trouble),
        (v, _) => NumberText.Format(v),
        () => new JsonObject { ["type"] = "number", [positive ? "exclusiveMinimum" : "minimum"] = min, ["maximum"] = max },
        Bare: true);

    /// <summary>A probability or share in [0, 1); also written as a percentage.</summary>
    public static readonly FieldType<double> Share = new("share in [0, 1), or 5 %", ParseShare, (v, _) => NumberText.Format(v), () => new JsonObject { ["type"] = "number", ["minimum"] = 0, ["exclusiveMaximum"] = 1 }, Bare: true);

    public static FieldType<int> Whole(int min, int max = 1_000_000) => new(
        $"whole number ≥ {min.ToString(CultureInfo.InvariantCulture)}",
        (string text, in ParseContext _, out int value, out Trouble trouble) =>
        {
            value = 0;
            if (!NumberText.TryParse(text, DecimalMark.PointFirst, out var number, out trouble))
            {
                return false;
            }

            if (number != Math.Floor(number))
            {
                trouble = new Trouble("is not a whole number");
                return false;
            }

            if (!InRange(number, min, max, false, NumberText.Format, out trouble))
            {
                return false;
            }

            value = (int)number;
            return true;
        },
        (v, _) => v.ToString(CultureInfo.InvariantCulture),
        () => new JsonObject { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max },
        Bare: true);

    public static FieldType<Duration> Time(bool positive = false, double longestDays = LongestDays) => new(
        positive ? "duration > 0" : "duration ≥ 0",
        (string text, in ParseContext context, out Duration value, out Trouble trouble) =>
            DurationText.TryParse(text, context.HeadingUnit, out value, out trouble)
            && InRange(value.Milliseconds, 0, Duration.FromDays(longestDays).Milliseconds, positive, ms => DurationText.Format(new Duration((long)ms)), out trouble),
        (v, _) => DurationText.Format(v),
        () => new JsonObject { ["type"] = new JsonArray("string", "integer"), ["maximum"] = 0, ["pattern"] = "^(0|[0-9.]+ ?(ms|s|min|h|d|w)( [0-9.]+ ?(ms|s|min|h|d|w))*)$" });

    /// <summary>One of an enumeration's names, in snake case.</summary>
    public static FieldType<T> OneOf<T>() where T : struct, Enum
    {
        var names = Enum.GetValues<T>().ToDictionary(v => SnakeCase(v.ToString()), v => v, StringComparer.OrdinalIgnoreCase);
        return new FieldType<T>(
            string.Join(", ", names.Keys),
            (string text, in ParseContext _, out T value, out Trouble trouble) =>
            {
                trouble = default;
                if (names.TryGetValue(text.Replace('-', '_').Replace(' ', '_'), out value))
                {
                    return true;
                }

                trouble = new Trouble("is unknown", Suggestion.For(text, names.Keys) ?? $"Use one of {string.Join(", ", names.Keys)}.");
                return false;
            },
            (v, _) => SnakeCase(v.ToString()),
            () => new JsonObject { ["enum"] = new JsonArray([.. names.Keys.Select(n => (JsonNode)n)]) });
    }

    private static string SnakeCase(string pascal) => CapitalInside().Replace(pascal, "_$0").ToLowerInvariant();

    private static bool AnyText(string text, in ParseContext context, out string value, out Trouble trouble)
    {
        (value, trouble) = (text, default);
        return true;
    }

    private static bool ParseId(string text, in ParseContext context, out string value, out Trouble trouble)
    {
        value = text;
        trouble = text.Contains(';', StringComparison.Ordinal) ? new Trouble("contains ';', which separates the items of lists", "Maybe write '-' instead?")
            : text.Any(char.IsControl) ? new Trouble("contains a line break or control character", "Keep ids on one line.")
            : default;
        return trouble.What is null;
    }

    private static string CheckedId(string id) =>
        id.Length > 0 && id.Trim() == id && ParseId(id, default, out _, out _)
            ? id
            : throw new ArgumentException($"'{id}' cannot be written as an id: it is empty, has blanks at its ends, or contains ';' or a control character.", nameof(id));

    private static bool ParseColor(string text, in ParseContext context, out string value, out Trouble trouble)
    {
        value = text;
        trouble = HexColor().IsMatch(text) ? default : new Trouble("is not a colour", "Write it as #rrggbb, such as #1f77b4.");
        return trouble.What is null;
    }

    private static bool ParseYesNo(string text, in ParseContext context, out bool value, out Trouble trouble)
    {
        trouble = default;
        bool? answer = NumberText.Narrow(text).ToLowerInvariant() switch
        {
            "yes" or "y" or "true" or "1" or "x" or "是" or "√" or "✓" => true,
            "no" or "n" or "false" or "0" or "-" or "否" => false,
            _ => null,
        };
        value = answer ?? false;
        trouble = answer is null ? new Trouble("is neither yes nor no", "Write yes or no.") : default;
        return answer is not null;
    }

    private static bool ParseSeed(string text, in ParseContext context, out ulong value, out Trouble trouble)
    {
        var good = ulong.TryParse(NumberText.Narrow(text), NumberStyles.None, CultureInfo.InvariantCulture, out value);
        trouble = good ? default : new Trouble("is not a whole number ≥ 0");
        return good;
    }

    private static bool ParseMoment(string text, in ParseContext context, out SimTime value, out Trouble trouble)
    {
        if (!MomentText.TryParse(text, context.Clock, out value, out trouble))
        {
            return false;
        }

        // A year typed wrong must not become a plan for the next century.
        if (Math.Abs((value - SimTime.Zero).Days) > 366 * 50)
        {
            trouble = new Trouble($"is more than 50 years from the scenario's start ({MomentText.FormatLocal(context.Clock.Epoch)})", "Maybe the year is wrong?");
            return false;
        }

        return true;
    }

    private static bool ParseLocal(string text, in ParseContext context, out DateTime value, out Trouble trouble)
    {
        if (!MomentText.TryParseLocal(text, out value, out var offset, out trouble))
        {
            return false;
        }

        trouble = offset is not null ? new Trouble("must be a local time without an offset", "The offset follows from time_zone.")
            : value.Year is < 1950 or > 2200 ? new Trouble("is not of this age", "Years run from 1950 to 2200.")
            : default;
        return trouble.What is null;
    }

    private static bool ParseDate(string text, in ParseContext context, out DateOnly value, out Trouble trouble)
    {
        var good = MomentText.TryParseLocal(text, out var moment, out _, out trouble);
        value = DateOnly.FromDateTime(moment);
        if (good && moment.TimeOfDay != TimeSpan.Zero)
        {
            trouble = new Trouble("has a time of day where a date is meant", $"Maybe {value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}?");
            return false;
        }

        return good;
    }

    private static bool ParseTime(string text, in ParseContext context, out TimeOnly value, out Trouble trouble)
    {
        var s = NumberText.Narrow(text);
        trouble = default;
        if (s is "24:00" or "24:00:00")
        {
            value = TimeOnly.MinValue;
            return true;
        }

        if (TimeOnly.TryParseExact(s, ["H:mm", "H:mm:ss", "H:mm:ss.FFFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out value))
        {
            return true;
        }

        trouble = new Trouble("is not a time of day", "Write it like 08:00 or 22:30.");
        return false;
    }

    private static bool ParseNumberDistribution(string text, in ParseContext context, out Distribution value, out Trouble trouble)
    {
        if (!DistributionText.TryParseNumber(text, out value, out trouble))
        {
            return false;
        }

        trouble = value.IsConstant && value.A <= 0 || value.Kind == DistributionKind.Empirical && value.Values[0] < 0 || value.A < 0
            ? new Trouble("can become negative or nothing", "Write a factor around 1, such as lognormal(median 1, sigma 0.1).")
            : default;
        return trouble.What is null;
    }

    private static bool ParseTimeDistribution(string text, in ParseContext context, out Distribution value, out Trouble trouble)
    {
        if (!DistributionText.TryParseTime(text, context.HeadingUnit, out value, out trouble))
        {
            return false;
        }

        var smallest = value.Kind switch { DistributionKind.Empirical => value.Values[0], DistributionKind.TruncatedNormal => value.C, _ => value.A };
        var largest = value.Kind switch { DistributionKind.Empirical => value.Values[^1], DistributionKind.Lognormal => value.A, _ => Math.Max(value.A, Math.Max(value.B, value.C)) };
        trouble = smallest < 0 ? new Trouble("can become negative", value.Kind == DistributionKind.TruncatedNormal ? "Write min 0 or more." : "Times must be ≥ 0.")
            : largest > LongestDays * 10 * Duration.MillisecondsPerDay ? new Trouble("is longer than a century", "Maybe the unit is wrong?")
            : default;
        return trouble.What is null;
    }

    private static bool ParseNumber(string text, string unit, out double value, out Trouble trouble) =>
        NumberText.TryParse(unit.Length > 0 && text.EndsWith(unit, StringComparison.OrdinalIgnoreCase) ? text[..^unit.Length] : text, DecimalMark.PointFirst, out value, out trouble);

    private static bool ParseShare(string text, in ParseContext context, out double value, out Trouble trouble)
    {
        var s = NumberText.Narrow(text);
        var percent = s.EndsWith('%');
        if (!NumberText.TryParse(percent ? s[..^1] : s, DecimalMark.PointFirst, out value, out trouble))
        {
            return false;
        }

        value = percent ? value / 100 : value;
        trouble = value is >= 0 and < 1 ? default
            : new Trouble("must be at least 0 and below 1", value is >= 1 and < 100 && !percent ? $"Maybe {NumberText.Format(value)} %?" : "");
        return trouble.What is null;
    }

    private static bool ParseList(string text, in ParseContext context, out ImmutableArray<string> value, out Trouble trouble)
    {
        trouble = default;
        value = [.. text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return true;
    }

    private static string FormatList(ImmutableArray<string> items) => string.Join("; ", items.Select(CheckedId));

    private static bool InRange(double value, double min, double max, bool positive, Func<double, string> format, out Trouble trouble)
    {
        trouble = default;
        if (value < min || (positive && value == min))
        {
            trouble = new Trouble($"must be {(positive ? ">" : "≥")} {format(min)}", value < 0 && min >= 0 ? "Maybe the minus sign came from a pasted range?" : "");
        }
        else if (value > max)
        {
            trouble = new Trouble($"is absurd: more than {format(max)}", "Maybe the unit is wrong?");
        }

        return trouble.What is null;
    }

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CapitalInside();

    [GeneratedRegex("^#[0-9a-fA-F]{6}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex HexColor();
}
