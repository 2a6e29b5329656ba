using DigitalTwin.Scheduler.Construction;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Search;

/// <summary>Lays plans out exactly: left-shifted, and with the longest waits kept.</summary>
internal sealed class Layout
{
    private readonly SchedulingProblem _problem;
    private readonly Timetable _timetable;
    private readonly PlanObjective _objective;
    private readonly bool _longestWaits;

    public Layout(SchedulingProblem problem)
    {
        _problem = problem;
        _timetable = new Timetable(problem);
        _objective = new PlanObjective(problem);
        _longestWaits = LongestWaits.Matter(problem);
    }

    public double Value(IReadOnlyList<PlanBatch> plan) => _objective.Of(plan);

    /// <summary>The same decisions with exact times, in the given order; <c>null</c> when they are not possible.</summary>
    public List<PlanBatch>? LayOut(IEnumerable<PlanBatch>? decisions)
    {
        if (decisions is null)
        {
            return null;
        }

        var plan = decisions.Select(b => b.Copy()).ToList();
        plan.ForEach(b => b.NotBefore = 0);
        return _timetable.Rebuild(plan) && (!_longestWaits || LongestWaits.Repair(_problem, _timetable, plan)) ? plan : null;
    }
}
