using System.Buffers;
using System.Globalization;
using DigitalTwin.Simulation;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>Durations as people write them: <c>20 min</c>, <c>1.5 h</c>, <c>1 h 30 min</c>, <c>2 d</c>, <c>500 ms</c>, <c>0</c>.</summary>
/// <remarks>Units: ms, s, min, h, d, w and their English and Chinese words. A bare number other than 0 is refused unless the
/// column's heading names the unit (<c>hold_min</c>), and so is <c>1:30</c>, which could be hours or minutes.</remarks>
public static class DurationText
{
    private static readonly (string Name, long Milliseconds, string[] Words)[] s_units =
    [
        ("d", Duration.MillisecondsPerDay, ["d", "day", "days", "天", "日"]),
        ("h", Duration.MillisecondsPerHour, ["h", "hr", "hrs", "hour", "hours", "小时", "时"]),
        ("min", Duration.MillisecondsPerMinute, ["min", "mins", "minute", "minutes", "分钟", "分"]),
        ("s", Duration.MillisecondsPerSecond, ["s", "sec", "secs", "second", "seconds", "秒"]),
        ("ms", 1, ["ms", "millisecond", "milliseconds", "毫秒"]),
    ];

    private static readonly Dictionary<string, long> s_words = s_units
        .SelectMany(u => u.Words.Select(w => (w, u.Milliseconds)))
        .Concat([("w", 7 * Duration.MillisecondsPerDay), ("week", 7 * Duration.MillisecondsPerDay), ("weeks", 7 * Duration.MillisecondsPerDay), ("周", 7 * Duration.MillisecondsPerDay)])
        .ToDictionary(x => x.Item1, x => x.Item2, StringComparer.OrdinalIgnoreCase);

    private static readonly SearchValues<char> s_numberLetters = SearchValues.Create("0123456789.,");
    private static readonly SearchValues<char> s_wordEnds = SearchValues.Create("0123456789., ");

    /// <summary>Units that a column heading may end in, as <c>_min</c>.</summary>
    public static IReadOnlyList<string> HeadingUnits { get; } = [.. s_units.Select(u => u.Name)];

    /// <summary>Shortest exact text in one unit; <see cref="TryParse(string, out Duration)"/> reads it back unchanged.</summary>
    public static string Format(Duration duration)
    {
        if (duration == Duration.Zero)
        {
            return "0";
        }

        var best = "";
        foreach (var (name, factor, _) in s_units)
        {
            var value = (decimal)duration.Milliseconds / factor;
            if (value == Math.Round(value, 3) && value.ToString("0.###", CultureInfo.InvariantCulture) is var text
                && (best.Length == 0 || text.Length < best.IndexOf(' ', StringComparison.Ordinal)))
            {
                best = $"{text} {name}";
            }
        }

        return best;
    }

    public static bool TryParse(string text, out Duration value) => TryParse(text, null, out value, out _);

    /// <exception cref="FormatException">Not a duration.</exception>
    public static Duration Parse(string text) =>
        TryParse(text, null, out var value, out var trouble) ? value : throw new FormatException($"Duration '{text}' {trouble}");

    /// <param name="text">The duration.</param>
    /// <param name="unit">Unit of a bare number, or <c>null</c> when it must name its own.</param>
    public static bool TryParse(string text, string? unit, out Duration value, out Trouble trouble)
    {
        value = default;
        if (!TryMilliseconds(text, unit, out var milliseconds, out trouble))
        {
            return false;
        }

        if (Math.Abs(milliseconds) > 1e17)
        {
            trouble = new Trouble("is longer than three million years");
            return false;
        }

        value = new Duration((long)Math.Round((decimal)milliseconds, MidpointRounding.AwayFromZero));
        return true;
    }

    /// <summary>As <see cref="TryParse(string, string?, out Duration, out Trouble)"/>, without rounding to the whole millisecond.</summary>
    internal static bool TryMilliseconds(string text, string? unit, out double milliseconds, out Trouble trouble)
    {
        milliseconds = 0;
        trouble = default;
        var s = NumberText.Narrow(text);
        if (s.Contains(':', StringComparison.Ordinal))
        {
            trouble = new Trouble("could be hours or minutes", "Write the units: 1 h 30 min.");
            return false;
        }

        var negative = s.StartsWith('-');
        var rest = s.AsSpan(negative ? 1 : 0).Trim();
        var parts = 0;
        while (rest.Length > 0)
        {
            var numberEnd = rest.IndexOfAnyExcept(s_numberLetters);
            var number = (numberEnd < 0 ? rest : rest[..numberEnd]).ToString();
            rest = numberEnd < 0 ? [] : rest[numberEnd..].TrimStart();
            var wordEnd = rest.IndexOfAny(s_wordEnds);
            var word = (wordEnd < 0 ? rest : rest[..wordEnd]).ToString();
            rest = rest[word.Length..].TrimStart();
            if (!NumberText.TryParse(number, DecimalMark.PointFirst, out var amount, out trouble))
            {
                trouble = number.Length == 0 ? new Trouble("is not a duration", "Write a number and a unit, such as 20 min or 1.5 h.") : trouble;
                return false;
            }

            if (word.Length == 0 && (unit is null || parts > 0))
            {
                if (amount != 0 || parts > 0)
                {
                    trouble = new Trouble("has no unit", $"Write {number} min, {number} h or {number} s.");
                    return false;
                }
            }
            else if (!s_words.TryGetValue(word.Length == 0 ? unit! : word, out var factor))
            {
                trouble = new Trouble($"has an unknown unit '{word}'", "Use ms, s, min, h, d or w.");
                return false;
            }
            else
            {
                milliseconds += amount * factor;
            }

            parts++;
        }

        if (parts == 0)
        {
            trouble = new Trouble("is not a duration", "Write a number and a unit, such as 20 min or 1.5 h.");
            return false;
        }

        milliseconds = negative ? -milliseconds : milliseconds;
        return true;
    }

    /// <summary>Shortest text for a time that need not be whole milliseconds (a distribution's parameter), read back bit by bit.</summary>
    internal static string FormatMilliseconds(double milliseconds)
    {
        if (milliseconds == 0)
        {
            return "0";
        }

        var best = "";
        foreach (var (name, factor, _) in s_units)
        {
            var text = NumberText.Format(milliseconds / factor);
            if ((double.Parse(text, CultureInfo.InvariantCulture) * factor).Equals(milliseconds)
                && (best.Length == 0 || text.Length < best.IndexOf(' ', StringComparison.Ordinal)))
            {
                best = $"{text} {name}";
            }
        }

        return best;
    }
}
