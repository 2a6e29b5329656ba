using System.Globalization;

namespace DigitalTwin.Benchmarks;

/// <summary>One line of the table of goals.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Goal">What is asked for, in words.</param>
/// <param name="Measured">What came out, with its peer or limit of the same run.</param>
/// <param name="Ratio">Ratio to that peer or limit.</param>
/// <param name="IsReached"><c>null</c> where another place decides.</param>
internal sealed record GoalRow(string What, string Goal, string Measured, string Ratio, bool? IsReached)
{
    public const string Head = "| what | measured | ratio | goal | reached |\n|---|---|---|---|---|";

    public override string ToString() => $"| {What} | {Measured} | {Ratio} | {Goal} | {(IsReached is { } yes ? yes ? "yes" : "**no**" : "–")} |";

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
