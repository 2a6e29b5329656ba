using System.Collections.Immutable;
using DigitalTwin.Plant.Experiments;

namespace DigitalTwin.Runtime.WhatIf;

/// <summary>Several answers side by side, each against the first.</summary>
/// <param name="Paired">Whether all start from the same version under the same luck: only then are differences taken future by future, with an
/// interval; otherwise only the means are compared and nothing is claimed.</param>
public sealed record WhatIfComparison(ImmutableArray<string> Ids, ImmutableArray<string> Names, bool Paired, ImmutableArray<ComparedFigure> Figures, ImmutableArray<ComparedOrder> Orders)
{
    /// <summary>Compares answers, the baseline first; at least one.</summary>
    public static WhatIfComparison Of(IReadOnlyList<(string Id, string Name, WhatIfOutcome Outcome)> answers)
    {
        var first = answers[0].Outcome;
        var paired = answers.All(a => a.Outcome.IsPairedWith(first) && a.Outcome.Futures == first.Futures);
        var orders = answers.SelectMany(a => a.Outcome.Orders.Select(o => o.Id)).Distinct(StringComparer.Ordinal);
        var byId = answers.Select(a => a.Outcome.Orders.ToDictionary(o => o.Id, StringComparer.Ordinal)).ToArray();
        return new WhatIfComparison(
            [.. answers.Select(a => a.Id)], [.. answers.Select(a => a.Name)], paired,
            [.. first.Figures.Select(f => ComparedFigure.Of(f, [.. answers.Select(a => a.Outcome.Figure(f.Key))], paired))],
            [.. orders.Select(id => new ComparedOrder(id, [.. byId.Select(b => b.GetValueOrDefault(id))]))]);
    }
}

/// <summary>One figure of every answer.</summary>
/// <param name="Key">Of the figure.</param>
/// <param name="Answers">By answer; <c>null</c> where it does not have the figure.</param>
public sealed record ComparedFigure(string Key, string Name, string NameZh, string Unit, ImmutableArray<ComparedValue?> Answers)
{
    internal static ComparedFigure Of(WhatIfFigure first, IReadOnlyList<WhatIfFigure?> all, bool paired) => new(
        first.Key, first.Name, first.NameZh, first.Unit, [.. all.Select((f, i) => f is null ? null : Value(first, f, i > 0, paired))]);

    private static ComparedValue Value(WhatIfFigure first, WhatIfFigure f, bool against, bool paired)
    {
        if (!against)
        {
            return new ComparedValue(f.P10, f.P50, f.P90, f.Mean, null, null, null);
        }

        if (!paired)
        {
            return new ComparedValue(f.P10, f.P50, f.P90, f.Mean, f.Mean - first.Mean, null, null);
        }

        var difference = PairedDifference.Of(first.Values, f.Values, first.Better);
        return new ComparedValue(f.P10, f.P50, f.P90, f.Mean, difference.Mean, difference.Interval?.HalfWidth, difference.Verdict);
    }
}

/// <summary>A figure of one answer, and its difference from the first.</summary>
/// <param name="Difference">Of the means; <c>null</c> for the first.</param>
/// <param name="HalfWidth">Of the 95 % interval of the difference; <c>null</c> where the futures are not paired.</param>
public sealed record ComparedValue(double? P10, double? P50, double? P90, double? Mean, double? Difference, double? HalfWidth, Verdict? Verdict);

/// <summary>One order in every answer; <c>null</c> where it is not in the book.</summary>
public sealed record ComparedOrder(string Id, ImmutableArray<WhatIfOrder?> Answers);
