using System.Globalization;
using System.Text;

namespace DigitalTwin.Plant.Scenarios;

/// <summary>How to read a number such as <c>1,234</c> or <c>1.234</c>, whose mark could be a decimal or a thousands mark.</summary>
public enum DecimalMark
{
    /// <summary>The point is always decimal; a comma is accepted where only one reading is possible. Scenario files.</summary>
    PointFirst,

    /// <summary>Point decimal, comma thousands.</summary>
    Point,

    /// <summary>Comma decimal, point thousands.</summary>
    Comma,

    /// <summary>Nothing is known: what has two readings is refused.</summary>
    Unknown,
}

/// <summary>Numbers as people and spreadsheets write them.</summary>
public static class NumberText
{
    private const string GroupMarks = " '’_\u00A0\u202F\u2009";

    /// <summary>Shortest text that reads back as the same number; culture-free, without exponent below 10¹⁵.</summary>
    public static string Format(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal) && Math.Abs(value) is > 1e-9 and < 1e15
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && exact.ToString(CultureInfo.InvariantCulture) is var plain
            && double.Parse(plain, CultureInfo.InvariantCulture).Equals(value)
            ? plain : text;
    }

    /// <summary>Full-width digits, letters and punctuation (as a Chinese keyboard gives them) to their ASCII forms; trimmed.</summary>
    public static string Narrow(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\u0020', '\u007E'))
        {
            return text.Trim();
        }

        var narrow = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            narrow.Append(c switch
            {
                >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
                '\u3000' or '\u00A0' => ' ',
                '\u2212' or '\u2013' => '-',
                _ => c,
            });
        }

        return narrow.ToString().Trim();
    }

    public static bool TryParse(string text, out double value) => TryParse(text, DecimalMark.PointFirst, out value, out _);

    /// <summary>Reads an optional sign, digits with decimal and thousands marks, and an optional exponent. Never NaN or infinite.</summary>
    public static bool TryParse(string text, DecimalMark mark, out double value, out Trouble trouble)
    {
        value = 0;
        trouble = new Trouble("is not a number", "Write digits with a decimal point, such as 12.5.");
        var s = Narrow(text);
        var sign = s.StartsWith('-') ? "-" : "";
        s = s.StartsWith('-') || s.StartsWith('+') ? s[1..].TrimStart() : s;
        if (s.Length == 0)
        {
            return false;
        }

        var e = s.IndexOfAny(['e', 'E']);
        var exponent = e > 0 ? s[e..] : "";
        var body = e > 0 ? s[..e] : s;
        if (!TrySplit(body, exponent.Length > 0, mark, out var whole, out var fraction, ref trouble))
        {
            return false;
        }

        var clean = $"{sign}{(whole.Length == 0 ? "0" : whole)}.{(fraction.Length == 0 ? "0" : fraction)}{exponent}";
        if (!double.TryParse(clean, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        if (!double.IsFinite(value))
        {
            trouble = new Trouble("is too large for a number");
            return false;
        }

        trouble = default;

        return true;
    }

    /// <summary>The decimal mark that the numbers of a column give away: <c>12,5</c> or <c>1.234,5</c> says comma, <c>12.5</c> says point.</summary>
    public static DecimalMark Detect(IEnumerable<string> numbers, DecimalMark otherwise)
    {
        var (comma, point) = (false, false);
        foreach (var number in numbers)
        {
            var s = Narrow(number).TrimStart('+', '-');
            var i = s.LastIndexOfAny([',', '.']);
            if (i < 0 || s.Any(c => !char.IsAsciiDigit(c) && c is not (',' or '.' or ' ')))
            {
                continue;
            }

            var last = s[i];
            var other = s.Contains(last == ',' ? '.' : ',', StringComparison.Ordinal);
            var decimals = other || (s.Count(c => c == last) == 1 && !IsAmbiguous(s, i));
            var grouping = !other && s.Count(c => c == last) > 1;
            comma |= (decimals && last == ',') || (grouping && last == '.');
            point |= (decimals && last == '.') || (grouping && last == ',');
        }

        return (comma, point) switch
        {
            (true, false) => DecimalMark.Comma,
            (false, true) => DecimalMark.Point,
            (true, true) => DecimalMark.Unknown,
            _ => otherwise,
        };
    }

    private static bool IsAmbiguous(string body, int markAt) =>
        body.Length - markAt - 1 == 3 && markAt is >= 1 and <= 3 && body[0] != '0' && body.All(c => char.IsAsciiDigit(c) || c is '.' or ',');

    private static bool TrySplit(string body, bool hasExponent, DecimalMark mark, out string whole, out string fraction, ref Trouble trouble)
    {
        (whole, fraction) = ("", "");
        var (dots, commas) = (body.Count(c => c == '.'), body.Count(c => c == ','));
        var decimalAt = -1;
        if (dots > 0 && commas > 0)
        {
            decimalAt = body.LastIndexOfAny(['.', ',']);
        }
        else if (dots + commas == 1)
        {
            var at = body.IndexOfAny(['.', ',']);
            if (hasExponent || !IsAmbiguous(body, at))
            {
                decimalAt = at;
            }
            else
            {
                bool? isDecimal = mark switch
                {
                    DecimalMark.Point => body[at] == '.',
                    DecimalMark.Comma => body[at] == ',',
                    DecimalMark.PointFirst when body[at] == '.' => true,
                    _ => null,
                };
                if (isDecimal is null)
                {
                    trouble = new Trouble("has two readings", $"Write {body.Remove(at, 1)} or {body[..at]}.{body[(at + 1)..].TrimEnd('0').PadRight(1, '0')}.");
                    return false;
                }

                decimalAt = isDecimal.Value ? at : -1;
            }
        }

        fraction = decimalAt >= 0 ? body[(decimalAt + 1)..] : "";
        return fraction.All(char.IsAsciiDigit) && TryUngroup(decimalAt >= 0 ? body[..decimalAt] : body, out whole)
            && whole.Length + fraction.Length > 0;
    }

    private static bool TryUngroup(string grouped, out string digits)
    {
        digits = grouped;
        var i = grouped.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (i < 0)
        {
            return true;
        }

        var mark = grouped[i];
        var groups = grouped.Split(mark);
        digits = string.Concat(groups);
        return (mark is ',' or '.' || GroupMarks.Contains(mark, StringComparison.Ordinal))
            && groups[0].Length is >= 1 and <= 3
            && groups.Skip(1).All(g => g.Length == 3)
            && digits.All(char.IsAsciiDigit);
    }
}
