using System.Collections.Immutable;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Plant.Model;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Experiments;

/// <summary>Everything that is known after an experiment: what tables, documents and pages are made from.</summary>
/// <remarks>Alternative 0 is the baseline. All alternatives saw the same luck replication by replication. With ranking and selection
/// they have different numbers of replications; <see cref="Comparison"/> then holds those that all have, <see cref="AlternativeReport.Runs"/> all.</remarks>
public sealed record ExperimentReport
{
    /// <summary>The baseline's scenario.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>Where the base came from, as the user named it.</summary>
    public required string Source { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Key figures side by side over the common replications, with paired differences against the baseline.</summary>
    public required Comparison Comparison { get; init; }

    /// <summary>One per variant of <see cref="Comparison"/>, in its order.</summary>
    public required ImmutableArray<AlternativeReport> Alternatives { get; init; }

    /// <summary>How the warm-up was found; <c>null</c> when it was given.</summary>
    public WarmUpReport? WarmUp { get; init; }

    /// <summary>Whether the half-width asked for was reached; <c>null</c> when none was asked for.</summary>
    public PrecisionReport? Precision { get; init; }

    /// <summary>Which alternative is best and what finding it cost; <c>null</c> when that was not asked for.</summary>
    public SelectionReport? Selection { get; init; }

    /// <summary>Somebody stopped it: the figures cover what was finished until then.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Puts together what the replications gave.</summary>
    /// <param name="alternatives">Plan, changes in words and finished replications of each, the baseline first.</param>
    public static ExperimentReport Of(
        string source, IReadOnlyList<(RunPlan Plan, ImmutableArray<string> Changes, IReadOnlyList<RunResult> Runs)> alternatives, double level = 0.95)
    {
        var comparison = Comparison.Of([.. alternatives.Select(a => (a.Plan.Name, a.Runs))], level);
        var first = alternatives[0];
        return new ExperimentReport
        {
            Scenario = first.Plan.Plant.Scenario,
            Source = source,
            Seed = first.Plan.Seed,
            Comparison = comparison,
            Alternatives = [.. alternatives.Select((a, i) => AlternativeReport.Of(a.Plan, a.Changes, a.Runs, comparison, i, first.Plan.Plant.Scenario))],
        };
    }
}

/// <summary>One alternative of an experiment.</summary>
public sealed record AlternativeReport
{
    public required string Name { get; init; }

    /// <summary>What differs from the base, a sentence each; empty for the base.</summary>
    public required ImmutableArray<string> Changes { get; init; }

    /// <summary>The scenario that ran.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>All its finished replications.</summary>
    public required ImmutableArray<RunResult> Runs { get; init; }

    /// <summary>Every order of its book.</summary>
    public required ImmutableArray<OrderBand> Orders { get; init; }

    /// <summary>Ids of the baseline's orders that it does not have.</summary>
    public required ImmutableArray<string> OrdersGone { get; init; }

    /// <summary>One per series of <see cref="PlantSeries.All"/>; empty when nothing was sampled.</summary>
    public required ImmutableArray<SeriesBand> Series { get; init; }

    internal static AlternativeReport Of(
        RunPlan plan, ImmutableArray<string> changes, IReadOnlyList<RunResult> runs, Comparison comparison, int index, Scenario baseline)
    {
        var scenario = plan.Plant.Scenario;
        var common = comparison.Variants[index].Runs;
        var here = scenario.Orders.Select(o => o.Id).ToHashSet(StringComparer.Ordinal);
        return new AlternativeReport
        {
            Name = plan.Name,
            Changes = changes,
            Scenario = scenario,
            Runs = [.. runs],
            Orders = OrderBand.Of(scenario, common, index == 0 ? null : (baseline, comparison.Variants[0].Runs), comparison.Level),
            OrdersGone = [.. baseline.Orders.Select(o => o.Id).Where(id => !here.Contains(id))],
            Series = SeriesBand.Of(runs),
        };
    }
}

/// <summary>A series over time as the replications show it: the mean and the middle 80 %.</summary>
/// <param name="From">Time of the first value.</param>
/// <param name="Every">Step between values.</param>
/// <param name="Mean">By step; a run that ended earlier stands still at its last value.</param>
public sealed record SeriesBand(
    PlantSeries Series, SimTime From, Duration Every, ImmutableArray<double> Mean, ImmutableArray<double> P10, ImmutableArray<double> P90)
{
    internal static ImmutableArray<SeriesBand> Of(IReadOnlyList<RunResult> runs)
    {
        var samples = runs.Select(r => r.Samples).OfType<RunSamples>().Where(s => s.Count > 0).ToArray();
        return samples.Length == 0 ? [] : [.. PlantSeries.All.Select((series, s) => Of(series, s, samples))];
    }

    private static SeriesBand Of(PlantSeries series, int s, RunSamples[] samples)
    {
        var steps = samples.Max(r => r.Count);
        var (mean, low, high) = (new double[steps], new double[steps], new double[steps]);
        var values = new double[samples.Length];
        for (var t = 0; t < steps; t++)
        {
            for (var r = 0; r < samples.Length; r++)
            {
                values[r] = samples[r].Values[s][Math.Min(t, samples[r].Count - 1)];
            }

            Array.Sort(values);
            (mean[t], low[t], high[t]) = (values.Average(), Quantiles.Of(values, 0.1), Quantiles.Of(values, 0.9));
        }

        return new SeriesBand(series, samples[0].From, samples[0].Every, [.. mean], [.. low], [.. high]);
    }
}

/// <summary>How a warm-up was found.</summary>
/// <param name="Series">In which series.</param>
/// <param name="Pilot">Replications of the baseline whose mean was judged.</param>
/// <param name="Result">What the rule says.</param>
/// <param name="WarmUp">Length of what is thrown away; zero where the rule refuses.</param>
/// <param name="Average">The judged series, from the start in steps of <paramref name="Every"/>.</param>
public sealed record WarmUpReport(PlantSeries Series, int Pilot, Mser5 Result, Duration WarmUp, Duration Every, ImmutableArray<double> Average);

/// <summary>Whether the replications were enough for the precision asked for.</summary>
/// <param name="Kpi">The figure.</param>
/// <param name="Target">Half-width asked for: in the figure's unit, or a share of its mean.</param>
/// <param name="IsRelative">Whether <paramref name="Target"/> is a share of the mean.</param>
/// <param name="Replications">Of each alternative.</param>
/// <param name="Reached">By every alternative.</param>
public sealed record PrecisionReport(KpiDescriptor<PlantKpis> Kpi, double Target, bool IsRelative, int Replications, bool Reached);

/// <summary>Which alternative is best, and what finding it cost.</summary>
/// <param name="Kpi">By which figure.</param>
/// <param name="Indifference">Differences smaller than this do not matter; in the figure's unit.</param>
/// <param name="Confidence">Promised probability of a correct selection; with a budget the one at which it ends before the budget does.</param>
/// <param name="Best">Index of the best; of the best so far where <paramref name="Decided"/> is false.</param>
/// <param name="Decided">False when the limit of replications or a stop came first.</param>
/// <param name="Effort">Per alternative.</param>
public sealed record SelectionReport(
    KpiDescriptor<PlantKpis> Kpi, double Indifference, double Confidence, int Best, bool Decided, ImmutableArray<SelectionEffort> Effort)
{
    /// <summary>How it was found.</summary>
    public SelectionProcedure Procedure { get; init; }

    /// <summary>Runs that might be spent; <c>null</c> without a budget.</summary>
    public int? Budget { get; init; }

    /// <summary>Estimated probability that the best is the best or within the indifference of it; <c>null</c> where it was promised before.</summary>
    public double? Probability { get; init; }
}

/// <summary>What ranking and selection spent on one alternative.</summary>
/// <param name="Replications">Replications that were judged.</param>
/// <param name="DroppedBy">Index of the alternative that it was dropped against; <c>null</c> for the best and those still in the race.</param>
/// <param name="Mean">Of the figure over its judged replications.</param>
public sealed record SelectionEffort(int Replications, int? DroppedBy, double Mean)
{
    /// <summary>Probability that it is better than the best by more than the indifference; <c>null</c> where nobody estimated it.</summary>
    public double? BeatsBest { get; init; }
}
