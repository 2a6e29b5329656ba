using System.Globalization;
using System.Text;
using DigitalTwin.Plant.Model;

namespace DigitalTwin.Plant.Scenarios.Importers;

/// <summary>Ids and names for what the log calls <c>Machine 4 - Turning &amp; Milling</c> or <c>Lapping - Machine 1</c>.</summary>
internal static class MachiningNames
{
    // Longest first, so that "Round Grinding" is not taken apart.
    private static readonly (string En, string Zh)[] s_words =
    [
        ("Turn & Mill. & Screw Assem", "车铣及螺丝装配"), ("Turning & Milling", "车铣"), ("Final Inspection", "终检"), ("Round Grinding", "外圆磨"),
        ("Flat Grinding", "平面磨"), ("Quality Check", "质检"), ("Laser Marking", "激光打标"), ("Manual Milling", "手工铣"), ("Change Version", "换型"),
        ("Stress Relief", "去应力"), ("Weighting", "称重"), ("Nitration", "氮化"), ("Grinding", "磨削"), ("Lapping", "研磨"), ("Packing", "包装"),
        ("Turning", "车削"), ("Milling", "铣削"), ("Rework", "返工"), ("Machine", "机床"), ("Manual", "手工"), ("SETUP", "调整"), ("Setup", "调整"),
        ("Round", "外圆"), ("Q.C.", "检验"), ("Oven", "烘箱"), ("Fix", "修整"),
    ];

    /// <summary><c>Machine 4 - Turning &amp; Milling</c> → <c>M04</c>; a place without a number → its name in lower case.</summary>
    public static string MachineId(string machine)
    {
        var at = machine.IndexOf("Machine ", StringComparison.Ordinal);
        var digits = at < 0 ? "" : string.Concat(machine.Skip(at + 8).TakeWhile(char.IsAsciiDigit));
        return digits.Length > 0 ? "M" + digits.PadLeft(2, '0') : Slug(machine);
    }

    /// <summary><c>Machine 4 - Turning &amp; Milling</c> → <c>Turning &amp; Milling</c>; <c>Quality Check 1</c> → <c>Quality Check</c>.</summary>
    public static string MachineGroup(string machine)
    {
        var text = WithoutMachine(machine);
        var group = text.TrimEnd([.. "0123456789 "]);
        return group.Length > 0 ? group : machine;
    }

    /// <summary><c>Lapping - Machine 1</c> → <c>Lapping</c>: what is done, wherever.</summary>
    public static string Step(string activity) => WithoutMachine(activity) is { Length: > 0 } step ? step : activity;

    public static string Slug(string text)
    {
        var slug = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLower(c, CultureInfo.InvariantCulture));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().TrimEnd('-');
    }

    /// <summary>The log's own name, and a Chinese one as far as its words are known.</summary>
    public static Label Name(string text)
    {
        var en = string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var zh = s_words.Aggregate(en, (t, word) => t.Replace(word.En, word.Zh, StringComparison.Ordinal));
        return new Label(en, zh == en ? null : zh);
    }

    private static string WithoutMachine(string text)
    {
        var at = text.IndexOf("Machine ", StringComparison.Ordinal);
        if (at < 0)
        {
            return text.Trim();
        }

        var end = at + 8;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == 'M'))
        {
            end++;
        }

        return (text[..at] + text[end..]).Trim(' ', '-');
    }
}
