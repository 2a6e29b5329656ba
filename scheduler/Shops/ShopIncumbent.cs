using System.Diagnostics;

namespace DigitalTwin.Scheduler.Shops;

/// <summary>A moment of a search: a better schedule, or a better bound.</summary>
/// <param name="Makespan">Of the best schedule; <c>null</c> before the first.</param>
/// <param name="Bound">No schedule is shorter.</param>
/// <param name="Schedule">The schedule, when it is news.</param>
public sealed record ShopProgress(TimeSpan Elapsed, int? Makespan, int Bound, string Phase, ShopSchedule? Schedule);

/// <summary>The best schedule so far and its bound. Thread-safe; nobody sees what did not pass the checker.</summary>
internal sealed class ShopIncumbent(ShopProblem problem, Action<ShopProgress>? report)
{
    private readonly Lock _gate = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private volatile int _makespan = int.MaxValue;
    private volatile int _bound;

    public TimeSpan Elapsed => _watch.Elapsed;

    public ShopSchedule? Schedule { get; private set; }

    /// <summary>Of the best schedule; the greatest number before the first.</summary>
    public int Makespan => _makespan;

    public int Bound => _bound;

    public bool Proved => Bound >= Makespan;

    /// <summary>Takes a schedule if it is better.</summary>
    /// <exception cref="InvalidOperationException">A solver offers what cannot be executed.</exception>
    public void Offer(ShopSchedule schedule, string phase)
    {
        if (schedule.Makespan >= Makespan)
        {
            return;
        }

        if (ShopChecker.FirstViolation(problem, schedule) is { } violation)
        {
            throw new InvalidOperationException($"{phase} offers a schedule that cannot be executed: {violation}");
        }

        lock (_gate)
        {
            if (schedule.Makespan < Makespan)
            {
                Schedule = schedule;
                _makespan = schedule.Makespan;
                report?.Invoke(new ShopProgress(Elapsed, Makespan, Bound, phase, schedule));
            }
        }
    }

    public void RaiseBound(int bound, string phase)
    {
        lock (_gate)
        {
            if (bound > Bound)
            {
                _bound = Math.Min(bound, Makespan);
                report?.Invoke(new ShopProgress(Elapsed, Schedule?.Makespan, Bound, phase, null));
            }
        }
    }
}
