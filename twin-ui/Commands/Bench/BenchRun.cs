using DigitalTwin.Scheduler.Bench;

namespace DigitalTwin.Ui.Commands.Bench;

/// <summary>Solves the instances of a set one after the other, every solver on its own, with the same limits.</summary>
/// <param name="Repeat">The middle one of so many runs counts, by value.</param>
internal sealed record BenchRun(IBenchSet Set, BenchLimits Limits, int Repeat, bool CpSat)
{
    public BenchReport Execute(IReadOnlyList<BenchInstance> instances, Action<BenchRow> done, CancellationToken stop)
    {
        var rows = new List<BenchRow>();
        foreach (var instance in instances)
        {
            if (stop.IsCancellationRequested)
            {
                break;
            }

            var problem = instance.Open();
            var ours = Middle(limits => problem.Solve(limits, stop), stop);
            var peer = CpSat && !stop.IsCancellationRequested ? Middle(limits => problem.SolveWithCpSat(limits, stop), stop) : null;
            if (ours is not null)
            {
                rows.Add(new BenchRow(instance, ours, peer));
                done(rows[^1]);
            }
        }

        return new BenchReport(this, rows);
    }

    private BenchOutcome? Middle(Func<BenchLimits, BenchOutcome?> solve, CancellationToken stop)
    {
        var outcomes = new List<BenchOutcome>();
        for (var r = 0; r < Repeat && !stop.IsCancellationRequested; r++)
        {
            if (solve(Limits with { Seed = Limits.Seed + r }) is { } outcome)
            {
                outcomes.Add(outcome);
            }
        }

        return outcomes.OrderBy(o => o.Value ?? double.PositiveInfinity).ThenBy(o => o.Seconds).ElementAtOrDefault(outcomes.Count / 2);
    }
}

/// <summary>An instance and what was reached on it.</summary>
/// <param name="Peer">Plain CP-SAT; <c>null</c> when it did not run.</param>
internal sealed record BenchRow(BenchInstance Instance, BenchOutcome Ours, BenchOutcome? Peer)
{
    public double? Gap => GapOf(Ours.Value);

    public double? PeerGap => GapOf(Peer?.Value);

    /// <summary>Above the best known value, as a share of it; where that is zero, the difference itself.</summary>
    public double? GapOf(double? value) => value is { } v && Instance.BestKnown is { } best ? best == 0 ? v : (v - best) / best : null;
}

/// <summary>All rows, and what they say together.</summary>
internal sealed record BenchReport(BenchRun Run, IReadOnlyList<BenchRow> Rows)
{
    public IEnumerable<BenchSummary> Summaries => Rows.GroupBy(r => r.Instance.Family).Select(g => new BenchSummary(g.Key, [.. g]));

    /// <summary>Names of the solvers with published values, most values first.</summary>
    public IReadOnlyList<string> Published => [.. Rows.SelectMany(r => r.Instance.Published.Keys).GroupBy(k => k).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key)];

    public object ForScripts() => new
    {
        Verb = "bench", Set = Run.Set.Name, Run.Limits.Seconds, Run.Limits.Workers, Run.Limits.Seed, Run.Repeat,
        Families = Summaries.Select(s => new { s.Family, s.Count, s.MeanGap, s.PeerMeanGap, s.Proved, s.Worse, s.Better }),
        Instances = Rows.Select(r => new
        {
            r.Instance.Name, r.Instance.Family, r.Instance.Size, r.Instance.BestKnown, r.Instance.LowerBound, r.Ours.Value, r.Gap, r.Ours.Bound, r.Ours.Proved,
            r.Ours.SecondsToFirst, r.Ours.SecondsToBest, r.Ours.Seconds, CpSat = r.Peer?.Value, CpSatGap = r.PeerGap, CpSatProved = r.Peer?.Proved, r.Instance.Published,
        }),
    };
}

/// <summary>A family in figures.</summary>
internal sealed record BenchSummary(string Family, IReadOnlyList<BenchRow> Rows)
{
    public int Count => Rows.Count;

    public double? MeanGap => Mean(Rows.Select(r => r.Gap));

    public double? PeerMeanGap => Mean(Rows.Select(r => r.PeerGap));

    public int Proved => Rows.Count(r => r.Ours.Proved);

    /// <summary>Instances on which the peer was better, or worse or without a solution.</summary>
    public int Worse => Rows.Count(r => r.Peer?.Value is { } peer && (r.Ours.Value ?? double.PositiveInfinity) > peer);

    public int Better => Rows.Count(r => r.Peer is not null && r.Ours.Value is { } ours && ours < (r.Peer.Value ?? double.PositiveInfinity));

    /// <summary>Mean published gap over the instances that the solver found a solution for.</summary>
    public double? Published(string solver) =>
        Mean(Rows.Select(r => r.Instance.Published.TryGetValue(solver, out var value) ? r.GapOf(value) : null));

    private static double? Mean(IEnumerable<double?> gaps) => gaps.Average();
}
