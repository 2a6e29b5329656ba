using System.Diagnostics;
using DigitalTwin.Plant.Events;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;
using DigitalTwin.Simulation;

namespace DigitalTwin.Scheduler.Search;

/// <summary>The best schedule so far, its bound, and the stream of news about both. Thread-safe.</summary>
/// <remarks>Nobody sees a schedule that did not pass the checker; a worse or equal one is not news.</remarks>
internal sealed class Incumbent : IDisposable
{
    private const double Least = 1e-9; // relative improvement that counts
    private const int PulseMs = 500;
    private readonly object _gate = new();
    private readonly SchedulingProblem _problem;
    private readonly PlantState? _from;
    private readonly Action<PlanningProgress>? _report;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Timer _pulse;
    private string _phase = "construction";
    private bool _closed;

    public Incumbent(SchedulingProblem problem, PlantState? from, Action<PlanningProgress>? report)
    {
        _problem = problem;
        _from = from;
        _report = report;
        _pulse = new Timer(_ => Pulse(), null, PulseMs, PulseMs);
    }

    public Duration Elapsed => Duration.FromMilliseconds(_watch.Elapsed.TotalMilliseconds);

    /// <summary>What a schedule must fulfil beside the rules; <c>null</c> takes all.</summary>
    public Func<Schedule, bool>? Accepts { get; init; }

    /// <summary>Best schedule; <c>null</c> before the first.</summary>
    public Schedule? Schedule { get; private set; }

    public ObjectiveReport? Objective { get; private set; }

    /// <summary>What the first schedule offered was worth.</summary>
    public ObjectiveReport? First { get; private set; }

    /// <summary>What the search compares: the objective plus the penalty of under-loaded batches.</summary>
    public double Value { get; private set; } = double.PositiveInfinity;

    /// <summary>Best bound; negative infinity while unknown.</summary>
    public double Bound { get; private set; } = double.NegativeInfinity;

    /// <summary>Messages of the checker about plans it refused, for the error when nothing passes.</summary>
    public IReadOnlyList<Violation> LastRefusal { get; private set; } = [];

    /// <summary>The best plan as decisions.</summary>
    public List<PlanBatch> Plan()
    {
        lock (_gate)
        {
            return Schedule is { } schedule ? PlanConversion.FromSchedule(_problem, schedule) : [];
        }
    }

    /// <summary>Takes a laid-out plan if it is better and passes the checker.</summary>
    public bool Offer(IReadOnlyList<PlanBatch> plan, string phase) =>
        new PlanObjective(_problem).Of(plan) < Value * (1 - Least) && Offer(PlanConversion.ToSchedule(_problem, plan, phase), phase);

    /// <summary>Takes a schedule if it is better and passes the checker.</summary>
    public bool Offer(Schedule schedule, string phase)
    {
        if (Accepts?.Invoke(schedule) == false)
        {
            return false;
        }

        var violations = ScheduleChecker.Check(_problem.Plant, schedule, _from, _problem.Current);
        if (violations.Any(v => v.Severity == ViolationSeverity.Error))
        {
            LastRefusal = violations;
            return false;
        }

        var objective = ObjectiveEvaluator.Evaluate(_problem.Plant, schedule, _problem.Weights, _from, _problem.Current);
        var value = objective.Total + PlanObjective.UnderloadPenalty(_problem) * violations.Count(v => v.Rule == ScheduleRule.Load);
        lock (_gate)
        {
            if (!(value < Value - Least * Math.Abs(Value)) && Schedule is not null)
            {
                return false;
            }

            (Schedule, Objective, Value) = (schedule, objective, value);
            First ??= objective;
            _phase = phase;
            Bound = Math.Min(Bound, objective.Total);
            Tell(schedule);
            return true;
        }
    }

    /// <summary>A proven limit of the objective.</summary>
    public void RaiseBound(double bound)
    {
        lock (_gate)
        {
            Bound = Math.Max(Bound, Objective is null ? bound : Math.Min(bound, Objective.Total));
        }
    }

    /// <summary>What is being tried now.</summary>
    public void Enter(string phase)
    {
        lock (_gate)
        {
            _phase = phase;
        }
    }

    /// <summary>Stops the stream; later offers still count but are not told.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Tell(null);
            _closed = true;
        }

        _pulse.Dispose();
    }

    private void Pulse()
    {
        if (Monitor.TryEnter(_gate, PulseMs))
        {
            try
            {
                Tell(null);
            }
            finally
            {
                Monitor.Exit(_gate);
            }
        }
    }

    private void Tell(Schedule? news)
    {
        if (!_closed)
        {
            _report?.Invoke(new PlanningProgress
            {
                Elapsed = Elapsed, Incumbent = Objective?.Total, Bound = double.IsNegativeInfinity(Bound) ? null : Bound, Phase = _phase, Schedule = news,
            });
        }
    }
}
