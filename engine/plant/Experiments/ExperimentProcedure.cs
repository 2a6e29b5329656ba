using System.Collections.Immutable;
using DigitalTwin.Plant.Kpis;
using DigitalTwin.Simulation;
using DigitalTwin.Simulation.Statistics;

namespace DigitalTwin.Plant.Experiments;

/// <summary>Decides which replications an experiment needs and when it knows enough.</summary>
/// <remarks>Every decision follows from results by replication, never from the order or the time in which they came, so an experiment has one
/// outcome whatever runs it.</remarks>
public sealed partial class ExperimentProcedure
{
    private const int FirstStage = 10;
    private const int BatchOfReplications = 10;
    private const int RoundsAtOnce = 4;
    private const int PilotReplications = 5;
    private const int PilotSamples = 1500;

    private readonly ExperimentDesign _design;
    private readonly ReplicationRunner _run;
    private readonly RunPlan[] _plans;
    private readonly ImmutableArray<string>[] _changes;
    private readonly List<RunResult>[] _results;
    private bool _stopped;

    /// <param name="alternatives">Plan and changes in words of each alternative, the baseline first.</param>
    /// <param name="run">Runs replications; it decides about threads.</param>
    public ExperimentProcedure(IReadOnlyList<(RunPlan Plan, ImmutableArray<string> Changes)> alternatives, ExperimentDesign design, ReplicationRunner run)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(alternatives.Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(design.Replications, 1);
        (_design, _run) = (design, run);
        _plans = [.. alternatives.Select(a => a.Plan)];
        _changes = [.. alternatives.Select(a => a.Changes)];
        _results = [.. alternatives.Select(_ => new List<RunResult>())];
    }

    /// <summary>Runs the experiment.</summary>
    /// <param name="source">Where the base came from, as the user named it.</param>
    /// <returns>The report; <c>null</c> when it was stopped before every alternative had a replication.</returns>
    /// <exception cref="ExperimentException">There is no steady state to measure, or the figure to select by cannot be compared.</exception>
    public ExperimentReport? Run(string source)
    {
        var warmUp = _design.WarmUpSeries is { } series ? FindWarmUp(series) : null;
        PrecisionReport? precision = null;
        SelectionReport? selection = null;
        if (!_stopped)
        {
            selection = _design.SelectKpi is not { } best ? null : _design.SelectBy == SelectionProcedure.OptimalBudget ? SelectWithin(best) : Select(best);
            precision = _design.SelectKpi is null && _design.PrecisionKpi is { } kpi ? RunUntilPrecise(kpi) : null;
            if (_design.SelectKpi is null && _design.PrecisionKpi is null)
            {
                Extend(All(), _design.Replications);
            }
        }

        return _results.Any(r => r.Count == 0) ? null : ExperimentReport.Of(source, [.. _plans.Select((p, i) => (p, _changes[i], (IReadOnlyList<RunResult>)_results[i]))], _design.Level) with
        {
            WarmUp = warmUp, Precision = precision, Selection = selection, Interrupted = _stopped,
        };
    }

    private int[] All() => [.. Enumerable.Range(0, _plans.Length)];

    /// <summary>Runs replications until each of some alternatives has so many; those of one number stay together, so that a stop leaves pairs behind.</summary>
    private void Extend(IReadOnlyCollection<int> alternatives, int upTo) =>
        Extend([.. All().Select(a => alternatives.Contains(a) ? upTo : 0)]);

    /// <summary>Runs replications until each alternative has its number of them (or more).</summary>
    private void Extend(int[] upTo)
    {
        var first = _results.Min(r => r.Count);
        var requests = Enumerable.Range(first, Math.Max(0, upTo.Max() - first))
            .SelectMany(r => All().Where(a => r >= _results[a].Count && r < upTo[a]).Select(a => new ReplicationRequest(a, _plans[a], r)))
            .ToList();
        var results = _run(requests);
        for (var i = 0; i < requests.Count; i++)
        {
            if (results[i] is { } run)
            {
                _results[requests[i].Alternative].Add(run);
            }
            else
            {
                _stopped = true;
            }
        }
    }

    private WarmUpReport? FindWarmUp(PlantSeries series)
    {
        var plan = _plans[0];
        var window = (plan.StopWhenComplete ? SimTime.Zero + plan.Plant.Scenario.Horizon : plan.Until) - (plan.From?.Now ?? SimTime.Zero);
        var every = new Duration(Math.Max(Duration.MillisecondsPerMinute, window.Milliseconds / PilotSamples));
        var pilot = plan with { WarmUp = Duration.Zero, StopWhenComplete = false, Until = (plan.From?.Now ?? SimTime.Zero) + window, SampleEvery = every };
        var runs = _run([.. Enumerable.Range(0, PilotReplications).Select(r => new ReplicationRequest(0, pilot, r))]).OfType<RunResult>().ToList();
        if (runs.Count < PilotReplications)
        {
            _stopped = true;
            return null;
        }

        if (runs.TrueForAll(r => r.AllComplete))
        {
            throw new ExperimentException(
                $"no warm-up can be found: the order book runs out within the window of {window}, and an empty plant is no steady state. "
                + "Maybe no warm-up at all, or --whole-window --until a time when there is still work?");
        }

        var s = PlantSeries.All.IndexOf(series);
        var average = Enumerable.Range(0, runs.Min(r => r.Samples!.Count)).Select(t => runs.Average(r => r.Samples!.Values[s][t])).ToImmutableArray();
        if (average.Length < 50)
        {
            throw new ExperimentException($"the window of {window} is too short to find a warm-up in. Maybe --until 14d?");
        }

        var found = Mser5.Of(average.AsSpan());
        if (!found.IsSettled)
        {
            throw new ExperimentException(
                $"no warm-up can be found: '{series.Key}' still settles after half of the window ({every * found.Truncated} of {window}). "
                + "Run longer (--until); a plant that is never in balance has no steady state, and then wants no warm-up.");
        }

        var warmUp = every * found.Truncated;
        for (var i = 0; i < _plans.Length; i++)
        {
            _plans[i] = _plans[i] with { WarmUp = warmUp };
        }

        return new WarmUpReport(series, PilotReplications, found, warmUp, every, average);
    }

    private PrecisionReport RunUntilPrecise(KpiDescriptor<PlantKpis> kpi)
    {
        var count = Math.Min(_design.MostReplications, Math.Max(_design.Replications, FirstStage));
        while (true)
        {
            Extend(All(), count);
            var reached = _results.All(runs => IsPrecise(kpi, runs));
            if (reached || _stopped || count >= _design.MostReplications)
            {
                return new PrecisionReport(kpi, _design.HalfWidth, _design.IsRelative, _results.Min(r => r.Count), reached);
            }

            count = Math.Min(_design.MostReplications, count + BatchOfReplications);
        }
    }

    private bool IsPrecise(KpiDescriptor<PlantKpis> kpi, List<RunResult> runs) =>
        KpiSummary.Of(kpi, runs, _design.Level) is { Interval: { } interval }
        && interval.HalfWidth <= _design.HalfWidth * (_design.IsRelative ? Math.Abs(interval.Mean) : 1);

    private SelectionReport Select(KpiDescriptor<PlantKpis> kpi)
    {
        RequireDirection(kpi);
        var first = Math.Min(_design.MostReplications, Math.Max(_design.Replications, FirstStage));
        Extend(All(), first);
        var indifference = IndifferenceFor(kpi);
        if (_stopped)
        {
            return Unfinished(kpi, indifference);
        }

        var race = new KimNelson(_plans.Length, indifference, _design.Level, first);
        for (var round = 0; !race.IsDone; round++)
        {
            if (round == _results[race.Surviving[0]].Count)
            {
                if (round >= _design.MostReplications)
                {
                    break;
                }

                Extend([.. race.Surviving], Math.Min(_design.MostReplications, round + RoundsAtOnce));
                if (_stopped)
                {
                    break;
                }
            }

            race.Observe([.. _plans.Select((_, a) => round < _results[a].Count ? Signed(kpi, _results[a][round]) : double.NaN)]);
        }

        return new SelectionReport(kpi, indifference, _design.Level, race.Best, race.IsDone,
            [.. _plans.Select((_, a) => Effort(kpi, a, race.DroppedAt(a) ?? (_plans.Length == 1 ? _results[a].Count : race.Rounds), race.DroppedBy(a)))]);
    }

    private static void RequireDirection(KpiDescriptor<PlantKpis> kpi)
    {
        if (kpi.Better == KpiDirection.Neutral)
        {
            throw new ExperimentException($"nothing can be selected by {kpi.Key}: neither way is better. Maybe by tardiness-weighted?");
        }
    }

    private double IndifferenceFor(KpiDescriptor<PlantKpis> kpi)
    {
        if (!_design.IndifferenceIsRelative)
        {
            return _design.Indifference;
        }

        var means = _results.Select(runs => Math.Abs(KpiSummary.Of(kpi, runs, _design.Level).Mean ?? 0)).ToList();
        var scale = means[0] > 0 ? means[0] : means.Max();
        return _design.Indifference * (scale > 0 ? scale : 1);
    }

    private SelectionReport Unfinished(KpiDescriptor<PlantKpis> kpi, double indifference)
    {
        var effort = _plans.Select((_, a) => Effort(kpi, a, _results[a].Count, null)).ToImmutableArray();
        var best = All().Where(a => _results[a].Count > 0).OrderBy(a => kpi.Better == KpiDirection.Up ? -effort[a].Mean : effort[a].Mean).FirstOrDefault();
        return new SelectionReport(kpi, indifference, _design.Level, best, false, effort);
    }

    private SelectionEffort Effort(KpiDescriptor<PlantKpis> kpi, int alternative, int rounds, int? droppedBy) =>
        new(rounds, droppedBy, KpiSummary.Of(kpi, [.. _results[alternative].Take(rounds)], _design.Level).Mean ?? double.NaN);

    private static double Signed(KpiDescriptor<PlantKpis> kpi, RunResult run) =>
        kpi.Value(run.Kpis) is { } value && double.IsFinite(value)
            ? kpi.Better == KpiDirection.Up ? value : -value
            : throw new ExperimentException($"nothing can be selected by {kpi.Key}: it has no value in replication {run.Replication}.");
}
