using DigitalTwin.Plant.Model;
using DigitalTwin.Plant.Planning;
using DigitalTwin.Scheduler.Problems;

namespace DigitalTwin.Scheduler.Construction;

/// <summary>First schedules: one per dispatch rule.</summary>
internal static class Constructor
{
    /// <summary>Rules in the order they are tried; the first is what a plant does without a planner.</summary>
    public static readonly DispatchSettings[] Rules =
    [
        new(DispatchRule.Edd),
        new(DispatchRule.Atc, LookAhead: 2, SetupLookAhead: 0.5),
        new(DispatchRule.Atc, LookAhead: 1),
        new(DispatchRule.Atc, LookAhead: 5, SetupLookAhead: 0.2),
        new(DispatchRule.LeastChangeover),
        new(DispatchRule.Spt),
        new(DispatchRule.Fifo),
    ];

    /// <summary>A laid-out plan by one rule; <c>null</c> when the rule runs into a dead end.</summary>
    public static List<PlanBatch>? Build(SchedulingProblem problem, DispatchSettings settings)
    {
        var plan = Dispatcher.Run(problem, settings);
        if (!LongestWaits.Matter(problem))
        {
            return plan;
        }

        return plan is not null && LongestWaits.Repair(problem, new Timetable(problem), plan) ? plan : LongestWaits.LotByLot(problem, settings);
    }

    /// <summary>The schedule of one dispatch rule, as a plant would run it without a planner.</summary>
    /// <exception cref="PlanningException">The rule runs into a dead end of forbidden changeovers.</exception>
    public static Schedule Dispatch(SchedulingProblem problem, DispatchRule rule) =>
        Build(problem, new DispatchSettings(rule)) is { } plan
            ? PlanConversion.ToSchedule(problem, plan, rule.ToString().ToUpperInvariant())
            : throw new PlanningException($"Dispatching by {rule} ends where every changeover is forbidden. Maybe give the changeover rule a cleaning?");
}
