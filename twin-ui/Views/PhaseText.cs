using System.Globalization;
using System.Text.RegularExpressions;
using DigitalTwin.Ui.Resources;

namespace DigitalTwin.Ui.Views;

/// <summary>What a planner says it is doing, in the viewer's language; a phase unknown here is shown as the planner says it.</summary>
public static partial class PhaseText
{
    public static string Of(string? phase, Texts texts)
    {
        phase ??= "";
        return Cluster().Match(phase) is { Success: true } c ? texts["phase.cluster", Number(c, "a"), Number(c, "b")]
            : Window().Match(phase) is { Success: true } w ? texts["phase.window", Number(w, "a")]
            : Dispatch().Match(phase) is { Success: true } d ? texts["phase.dispatch", d.Groups["rule"].Value]
            : phase;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^cluster (?<a>\d{1,9}) of (?<b>\d{1,9})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Cluster();

    [GeneratedRegex(@"^window (?<a>\d{1,9})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Window();

    [GeneratedRegex(@"^dispatch (?<rule>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Dispatch();
}
